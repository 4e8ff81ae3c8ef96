"""What the views make of what was found."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.closing_days import closings_by_day
from dashboard.components.countdown import colour_of, countdown_badge, deadline_words
from dashboard.components.event_lists import rows_by_day
from dashboard.components.facts import deadline_rail, rail_words, span_words, when_lines
from dashboard.components.plain import plain
from dashboard.controls.date_filter import presets
from dashboard.loading import Found, find
from dashboard.shown_order import in_shown_order
from dashboard.views.browse import week_words
from dashboard.views.deadlines import buckets
from dashboard.views.map import places_of
from dashboard.views.month import bars_of_week
from dashboard.views.timeline import rows_of
from dashboard.views.year import counts_by_day
from tests.dashboard.opening import heading, opened, shown
from tests.factories import NOW, a_listing, a_raw, a_when, an_event, published
from tests.sources_that_speak import a_store, say
from tracker.models.deadline import Deadline
from tracker.models.event import Event
from tracker.models.moments import When
from tracker.models.place import Place
from tracker.models.selection import Selection
from tracker.models.vocabulary import DatePrecision, DeadlineKind, EventType, Mode, Stipend, ZoneSource
from tracker.pipeline.build import build_events
from tracker.pipeline.rendering import render
from tracker.publishing.countdown import left_words
from tracker.store import events, presence


def found_of(folder: Path, monkeypatch: pytest.MonkeyPatch, *shown: Event) -> Found:
    store = a_store(folder)
    with store.writing() as db:
        events.save_events(db, [render(each, None, NOW) for each in shown])
    store.close()
    monkeypatch.setenv("TRACKER_DATA_DIR", str(folder))
    return find(Selection())


@pytest.mark.parametrize("view", ["", "deadlines", "timeline", "month", "map", "table", "year"])
def test_every_view_counts_what_the_filters_leave(
    practice_data: Path, monkeypatch: pytest.MonkeyPatch, view: str
) -> None:
    assert heading(opened(practice_data, monkeypatch, view, type="hackathon")) == "3 upcoming events"


@pytest.mark.parametrize("view", ["", "deadlines", "timeline", "month", "map", "table", "year", "event", "sources"])
@pytest.mark.parametrize(
    "address",
    [
        {"page": "0", "month": "2026-13", "day": "99", "place": "<b>", "id": "../x"},
        {"page": "99999999999", "month": "0000-00", "day": "-1", "id": "'; DROP TABLE event"},
        {"page": "²", "month": "9999-12", "day": "2027-02-30", "place": "x" * 2_000, "id": "\u202e"},
    ],
)
def test_rubbish_in_the_address_is_passed_over(
    practice_data: Path, monkeypatch: pytest.MonkeyPatch, view: str, address: dict[str, str | list[str]]
) -> None:
    app = opened(practice_data, monkeypatch, view, **address)
    said = [each.value for each in (*app.title, *app.header, *app.markdown)]
    assert any(words in each for each in said for words in ("upcoming events", "sources", "There is no such event"))
    assert "DROP TABLE" not in " ".join(said)


def test_deadlines_fall_into_buckets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def event(name: str, *deadlines: Deadline) -> Event:
        return an_event(id=name, title=name, when=a_when(date(2027, 3, 1)), deadlines=deadlines)

    found = found_of(
        tmp_path,
        monkeypatch,
        event("today", Deadline(at=NOW + timedelta(minutes=5))),
        event("week", Deadline(at=NOW + timedelta(days=7))),
        event("month", Deadline(at=NOW + timedelta(days=7, seconds=1)), Deadline(at=NOW + timedelta(days=60))),
        event("later", Deadline(at=NOW + timedelta(days=31)), Deadline(at=NOW - timedelta(days=1))),
        event("rolling", Deadline(rolling=True)),
        event("not yet", Deadline(at=date(2027, 1, 1), opens=date(2026, 12, 1))),
        event("closed", Deadline(at=NOW - timedelta(days=1))),
        event("none"),
    )
    assert [(name, [row.id for row in rows]) for name, rows in buckets(found, NOW.date())] == [
        ("This week", ["today"]),
        ("Next week", ["week", "month"]),
        ("December 2026", ["later"]),
        ("Rolling", ["rolling"]),
        ("Not yet open", ["not yet"]),
    ]


def test_deadlines_stand_in_the_order_of_the_days_that_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What ends on a day anywhere on Earth ends after the next morning in Tokyo."""
    march = a_when(date(2027, 3, 1))
    found = found_of(
        tmp_path,
        monkeypatch,
        an_event(id="tokyo", when=march, deadlines=(
            Deadline(at=datetime(2026, 12, 7, 9, tzinfo=ZoneInfo("Asia/Tokyo")), timezone="Asia/Tokyo"),)),
        an_event(id="aoe", when=march, deadlines=(Deadline(at=date(2026, 12, 6), timezone="AoE"),)),
        an_event(id="over", when=march, deadlines=(
            Deadline(at=date(2026, 11, 22), timezone="AoE", timezone_source=ZoneSource.ASSUMED),)),
    )  # fmt: skip
    now = datetime(2026, 11, 23, 8, tzinfo=ZoneInfo("UTC"))
    monkeypatch.setenv("TRACKER_NOW", now.isoformat())
    found = find(Selection())
    assert [(name, [row.id for row in rows]) for name, rows in buckets(found, now.date()) if rows] == [
        ("This week", ["over"]), ("Next week", ["aoe"]), ("December 2026", ["tokyo"]),
    ]  # fmt: skip
    assert [row.id for row in in_shown_order(find(Selection.from_query("sort=deadline")), "UTC")] == [
        "over",
        "aoe",
        "tokyo",
    ]


ZURICH = Place(city="Zürich", country="CH")
SEOUL = Place(city="Seoul", country="KR")


@pytest.mark.parametrize(
    ("zone", "order"),
    [
        ("Europe/Berlin", ["zurich", "seoul", "online", "vague"]),
        ("Asia/Seoul", ["zurich", "seoul", "online", "vague"]),
        ("America/New_York", ["zurich", "online", "seoul", "vague"]),
    ],
)
def test_events_stand_in_the_order_of_the_days_that_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str, order: list[str]
) -> None:
    """Monday in Seoul begins before Sunday evening in Zürich; what is online has the visitor's day."""

    def at(hour: int, minute: int, zone: str) -> When:
        return a_when(datetime(2026, 12, 27, hour, minute, tzinfo=ZoneInfo("UTC")), timezone=zone)

    found = found_of(
        tmp_path,
        monkeypatch,
        an_event(id="seoul", places=(SEOUL,), when=at(16, 0, "Asia/Seoul")),
        an_event(id="zurich", places=(ZURICH,), when=at(17, 30, "Europe/Zurich")),
        an_event(id="online", mode=Mode.ONLINE, when=at(23, 30, "America/New_York")),
        an_event(id="vague", when=When()),
    )
    assert [row.id for row in in_shown_order(found, zone)] == order
    assert [row.id for row in found.rows] == ["zurich", "online", "seoul", "vague"], "days of places, as in feeds"


@pytest.mark.parametrize(
    ("deadlines", "rail"),
    [
        ((Deadline(at=date(2026, 12, 14), timezone="AoE"),), ":small[Mon]  \n**14 Dec**"),
        ((Deadline(at=datetime(2026, 12, 14, 17, tzinfo=ZoneInfo("Europe/Berlin")), timezone="Europe/Berlin"),),
         ":small[Mon]  \n**14 Dec**  \n:small[17:00]"),
        ((Deadline(at=datetime(2026, 12, 15, 0, tzinfo=ZoneInfo("Europe/Berlin")), timezone="Europe/Berlin"),),
         ":small[Mon]  \n**14 Dec**"),
        ((Deadline(at=date(2028, 3, 1)),), ":small[Wed]  \n**1 Mar**  \n:small[2028]"),
        ((Deadline(at=date(2026, 11, 1)), Deadline(at=date(2026, 12, 1))), ":small[Tue]  \n**1 Dec**"),
        ((Deadline(rolling=True),), ":small[Rolling]"),
        ((Deadline(at=date(2027, 1, 10), opens=date(2026, 12, 20)),), ":small[Not yet open]"),
        ((Deadline(at=date(2026, 11, 1)),), ":small[Closed]"),
        ((), ":small[No deadline known]"),
    ],
)  # fmt: skip
def test_the_day_of_the_deadline_stands_beside_an_event_that_is_sorted_by_it(
    deadlines: tuple[Deadline, ...], rail: str
) -> None:
    event = an_event(when=a_when(date(2028, 6, 1)), deadlines=deadlines)
    assert deadline_rail(event, NOW) == rail


def test_the_deadlines_name_the_events_own_date_among_the_facts(
    practice_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for view, address in (("deadlines", {}), ("", {"sort": "deadline"})):
        text = shown(opened(practice_data, monkeypatch, view, q="winter alignment intensive", **address))
        assert ":small[Mon]  \n**14 Dec**" in text
        assert "Mon 11 Jan 2027 – Sun 7 Feb 2027" in text.replace("\\", "")
        assert "**11 Jan**" not in text


@pytest.mark.parametrize(
    ("view", "offers"),
    [("", True), ("table", True), ("deadlines", False), ("month", False), ("map", False), ("year", False), ("timeline", False)],
)  # fmt: skip
def test_an_order_is_offered_only_where_it_changes_something(
    practice_data: Path, monkeypatch: pytest.MonkeyPatch, view: str, offers: bool
) -> None:
    assert ("Order" in [each.label for each in opened(practice_data, monkeypatch, view).selectbox]) is offers


def test_a_year_counts_every_day_of_what_lasts_and_no_day_that_is_not_certain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = date(2026, 11, 23)
    found = found_of(
        tmp_path,
        monkeypatch,
        an_event(id="long", when=a_when(date(2026, 11, 1), date(2026, 11, 25))),
        an_event(id="day", when=a_when(date(2026, 11, 25))),
        an_event(id="far", when=a_when(date(2027, 11, 20), date(2028, 3, 1))),
        an_event(
            id="vague", when=When(start=date(2026, 11, 24), precision=DatePrecision.MONTH, text="in November 2026")
        ),
    )
    assert "**3** events on" in shown(opened(tmp_path, monkeypatch, "year"))
    assert "Not shown: 1 without a certain day." in shown(opened(tmp_path, monkeypatch, "year"))
    counts = counts_by_day(found, first)
    assert [int(each) for each in counts[:4]] == [1, 1, 2, 0]
    assert [int(counts[-8 + each]) for each in (0, 7)] == [1, 1]
    assert counts[(date(2027, 11, 19) - first).days] == 0


def test_places_on_a_map_are_those_of_events_and_one_event_may_have_several(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    berlin = Place(city="Berlin", country="DE", latitude=52.52, longitude=13.405)
    suva = Place(city="Suva", country="FJ", latitude=-18.14, longitude=178.44)
    found = found_of(
        tmp_path,
        monkeypatch,
        an_event(id="one", places=(berlin, suva), mode=Mode.IN_PERSON),
        an_event(id="two", places=(berlin.model_copy(update={"longitude": 13.41}),), mode=Mode.IN_PERSON),
        an_event(id="online", mode=Mode.ONLINE),
    )
    spots = places_of(found)
    assert [len(rows) for rows, _ in spots] == [2, 1]
    assert spots[0][1] == pytest.approx((52.52, 13.4), abs=0.02)
    assert spots[1][1] == pytest.approx((-18.14, 178.44), abs=0.02)


@pytest.mark.parametrize(
    ("left", "words", "colour"),
    [
        (timedelta(minutes=59), "closes within the hour", "red"),
        (timedelta(hours=1), "closes in 1 hour", "red"),
        (timedelta(hours=23, minutes=59), "closes in 23 hours", "red"),
        (timedelta(days=1, hours=23), "1 day left", "red"),
        (timedelta(days=2), "2 days left", "orange"),
        (timedelta(days=7, hours=23), "7 days left", "orange"),
        (timedelta(days=8), "8 days left", "green"),
    ],
)
def test_what_is_left_is_said_in_words_and_in_a_colour(left: timedelta, words: str, colour: str) -> None:
    deadline = Deadline(at=NOW + left)
    assert (left_words(an_event(), deadline, NOW, "UTC"), colour_of(deadline, NOW, "UTC")) == (words, colour)


@pytest.mark.parametrize(
    ("deadline", "badge"),
    [
        (Deadline(at=date(2027, 1, 10), opens=date(2026, 12, 20)), ":gray-badge[Applications not yet open]"),
        (Deadline(at=date(2027, 1, 10), not_yet_open=True), ":gray-badge[Applications not yet open]"),
        (Deadline(at=date(2027, 1, 10), opens=date(2026, 11, 1)), ":green-badge[48 days left]"),
        (Deadline(rolling=True), ":gray-badge[Rolling applications]"),
        (Deadline(closed=True), ":gray-badge[Applications closed]"),
        (Deadline(text="soon"), ""),
    ],
)
def test_a_countdown_runs_only_where_one_can_apply(deadline: Deadline, badge: str) -> None:
    event = an_event(when=a_when(date(2027, 6, 1)), deadlines=(deadline,))
    assert countdown_badge(event, NOW, "UTC") == badge


@pytest.mark.parametrize(
    ("deadline", "zone", "theirs"),
    [
        (Deadline(at=date(2026, 12, 14), timezone="Europe/Berlin"), "Europe/Paris", ""),
        (Deadline(at=date(2026, 12, 14), timezone="AoE"), "Europe/Paris", "Tue 15 Dec 2026, 12:59"),
        (Deadline(at=date(2026, 12, 14), timezone="Europe/Berlin"), "Europe/London", "Mon 14 Dec 2026, 22:59"),
        (Deadline(at=datetime(2026, 12, 14, 17, tzinfo=ZoneInfo("UTC")), timezone="Europe/Berlin"), "Asia/Tokyo",
         "Tue 15 Dec 2026, 02:00"),
        (Deadline(rolling=True), "Europe/Paris", ""),
        (Deadline(at=date(2026, 12, 14), timezone="AoE", timezone_source=ZoneSource.ASSUMED), "Europe/Paris", ""),
    ],
)  # fmt: skip
def test_a_deadline_is_said_to_its_last_minute_on_the_visitors_clock(
    deadline: Deadline, zone: str, theirs: str
) -> None:
    said = deadline_words(deadline, zone)
    assert (f"your time: {theirs})" in said) if theirs else ("your time" not in said)


def test_a_timeline_draws_nothing_that_is_over_and_no_application_that_has_closed() -> None:
    event = an_event(when=a_when(date(2026, 9, 1), date(2027, 3, 1)), deadlines=(Deadline(at=date(2026, 3, 1)),))
    assert [row["what"] for row in rows_of(published(event), NOW)] == ["Programme"]
    over = an_event(when=a_when(date(2026, 6, 1), date(2026, 7, 1)))
    assert rows_of(published(over), NOW) == []
    opening = an_event(
        when=a_when(date(2027, 3, 1)), deadlines=(Deadline(at=date(2027, 1, 10), opens=date(2026, 12, 20)),)
    )
    assert [row["start"].date() for row in rows_of(published(opening), NOW)] == [date(2026, 12, 20), date(2027, 3, 1)]


@pytest.mark.parametrize(
    ("now", "spans"),
    [
        (datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("UTC")), {"This quarter": "2026-12-31"}),
        (datetime(2026, 11, 29, 23, tzinfo=ZoneInfo("UTC")), {"This quarter": "2026-12-31"}),
        (datetime(2027, 1, 1, 0, tzinfo=ZoneInfo("UTC")), {"This quarter": "2027-03-31"}),
        (datetime(2027, 9, 30, 9, tzinfo=ZoneInfo("UTC")), {"This quarter": "2027-09-30"}),
    ],
)
def test_spans_by_name_begin_today(now: datetime, spans: dict[str, str]) -> None:
    found = presets(now)
    assert {name: found[name][1] for name in spans} == spans
    assert found["Next 7 days"] == ("today", "+7d")
    assert found["Next 30 days"] == ("today", "+30d")


def test_sources_say_how_well_they_are_read(practice_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(practice_data, monkeypatch, "sources")
    assert heading(app) == "23 sources, 22 of them read without trouble"
    frame = app.dataframe[0].value
    assert set(frame["State"]) == {"read well", "could not be read"}
    assert frame["Upcoming events"].sum() > 79
    assert "went private" in shown(app)
    assert "CC" in shown(app)


def test_an_event_shows_who_says_what_and_where_they_disagree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = a_store(tmp_path)
    here, there = (
        a_listing(),
        a_listing(source="aisafety_events", source_id="x", title="Winter Social!", when=a_when(date(2026, 12, 4))),
    )
    with store.writing() as db:
        presence.save_listings(db, [(a_raw(), here)], NOW)
        presence.save_listings(db, [(a_raw(source="aisafety_events", source_id="x"), there)], NOW)
    build_events(store, NOW)
    store.close()
    monkeypatch.setenv("TRACKER_DATA_DIR", str(tmp_path))
    found = find(Selection())
    (disputed,) = found.events(found.rows)
    app = opened(tmp_path, monkeypatch, "event", id=disputed.event.id)
    assert [each.value for each in app.header] == ["Where sources disagree"]
    assert "says date: Fri 4 Dec 2026" in shown(app)
    assert "disagree on the date" in shown(opened(tmp_path, monkeypatch))


@pytest.mark.parametrize(
    ("mode", "places", "lines"),
    [
        (Mode.ONLINE, (), ["**Fri 4 Dec 2026, 03:00–05:00 your time**", "Thu 3 Dec 2026, 19:00–21:00 Berlin time"]),
        (Mode.HYBRID_CHOICE, ("Berlin",),
         ["**Thu 3 Dec 2026, 19:00–21:00 Berlin time**", "Fri 4 Dec 2026, 03:00–05:00 your time"]),
        (Mode.IN_PERSON, ("Berlin",), ["**Thu 3 Dec 2026, 19:00–21:00 Berlin time**"]),
    ],
)  # fmt: skip
def test_an_event_is_dated_on_the_clocks_that_matter(mode: Mode, places: tuple[str, ...], lines: list[str]) -> None:
    start, end = (datetime(2026, 12, 3, hour, tzinfo=ZoneInfo("UTC")) for hour in (18, 20))
    where = tuple(Place(city=name, country="DE") for name in places)
    event = an_event(mode=mode, places=where, when=a_when(start, end, timezone="Europe/Berlin"))
    assert [each.replace("\\", "") for each in when_lines(event, "Asia/Tokyo")] == lines


def test_an_event_names_the_other_dates_of_its_series_as_links(
    practice_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_DATA_DIR", str(practice_data))
    row = find(Selection.from_query("q=london+ai+safety+reading")).rows[0]
    app = opened(practice_data, monkeypatch, "event", id=row.id, type="talk")
    assert "[Wed 9 Dec 2026, 18\\:30–20\\:30 London time](<event?type=talk&id=" in shown(app)
    assert "London, United Kingdom" in shown(app)
    assert [each.label for each in app.expander] == ["Who says so"]


def test_the_page_of_an_event_says_the_venue_and_links_a_map(
    practice_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_DATA_DIR", str(practice_data))
    row = find(Selection.from_query("q=alignment+101")).rows[0]
    said = shown(opened(practice_data, monkeypatch, "event", id=row.id)).replace("\\", "")
    assert "Conference Centre, 1 Example Street, Paris, France · [Map](<https://www.openstreetmap.org/search?" in said


@pytest.mark.parametrize(
    ("deadline", "words"),
    [
        (Deadline(at=date(2026, 12, 10), kind=DeadlineKind.REGISTRATION), "Register on the organiser's page"),
        (Deadline(at=date(2026, 12, 10), kind=DeadlineKind.ABSTRACT), "Submit on the organiser's page"),
        (Deadline(at=date(2026, 12, 10)), "Apply on the organiser's page"),
        (Deadline(at=date(2026, 11, 10)), "The organiser's page"),
        (Deadline(rolling=True, kind=DeadlineKind.REGISTRATION), "Register on the organiser's page"),
        (Deadline(not_yet_open=True), "The organiser's page"),
    ],
)
def test_the_button_of_an_event_says_what_one_does_there_and_nothing_is_said_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deadline: Deadline, words: str
) -> None:
    event = an_event(when=a_when(date(2027, 6, 1)), deadlines=(deadline,), stipend=Stipend.STIPEND)
    found_of(tmp_path, monkeypatch, event)
    app = opened(tmp_path, monkeypatch, "event", id=event.id)
    assert words in [each.proto.label for each in app.get("link_button")]
    text = shown(app)
    assert text.count("Applications not yet open") == (1 if deadline.not_yet_open else 0)
    assert text.count("Rolling applications") == (1 if deadline.rolling else 0)
    assert ":gray[Pay:] Stipend" in text


@given(st.text(max_size=200))
def test_text_stays_on_one_line_and_every_sign_of_markdown_is_escaped(text: str) -> None:
    said = plain(text)
    assert "\n" not in said
    unescaped = said.replace("\\\\", "")
    for index, sign in enumerate(unescaped):
        if sign in "`*_{}[]()<>#+!|~$:&=@/^":
            assert unescaped[index - 1] == "\\"


@pytest.mark.parametrize("text", ["https://evil.example/", "HTTP://evil.example", "www.evil.example", "eve@evil.example",
                                  "mailto:eve@evil.example", "xmpp:eve@evil.example/x"])  # fmt: skip
def test_addresses_in_text_are_broken_up_so_that_nothing_makes_links_of_them(text: str) -> None:
    assert "\u2060" in plain(text)


def test_groups_are_listed_and_the_nearest_comes_first(practice_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(practice_data, monkeypatch, "groups")
    assert heading(app) == "Groups to join"
    assert "5 groups. Listed by" in shown(app)
    app.text_input(key="groups_near").set_value("Paris, France").run()
    table = app.dataframe[0].value
    assert list(table["Group"])[:2] == ["AI Safety London", "AI Safety Berlin"]
    assert re.fullmatch(r"London, United Kingdom, 34\d km away", table["Where"].iloc[0])
    app.text_input(key="groups_near").set_value("Nowhereville").run()
    assert "is no place we know" in app.warning[0].value


def test_cards_say_why_they_fit_best_first(practice_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(practice_data, monkeypatch, "", fit="level:low;near:Berlin;online:yes", type="course")
    scores = [int(found[1]) for each in app.markdown if (found := re.search(r"\*\*Fit (-?\d+)\*\*", each.value))]
    assert len(scores) > 3
    assert scores == sorted(scores, reverse=True)
    assert "Order" not in [each.label for each in app.selectbox]


@pytest.mark.parametrize("fit", ["months:1900-01..2200-12", "near:Berlin;within:20100km;hours:80", "online:no"])
def test_the_form_of_what_fits_shows_whatever_an_address_says(
    practice_data: Path, monkeypatch: pytest.MonkeyPatch, fit: str
) -> None:
    assert "**Fit " in shown(opened(practice_data, monkeypatch, "", fit=fit, type="hackathon"))


def test_the_form_of_what_fits_writes_the_address(practice_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(practice_data, monkeypatch, "", type="course")
    next(each for each in app.selectbox if each.label == "Level").select("low")
    next(each for each in app.text_input if each.label == "Where you are").set_value("Berlin")
    next(each for each in app.button if each.label == "Show what fits").click()
    app.run()
    assert app.query_params["fit"] == "level:low;near:Berlin"
    assert any("**Fit " in each.value for each in app.markdown)
    next(each for each in app.text_input if each.label == "Where you are").set_value("Nowhereville")
    next(each for each in app.button if each.label == "Show what fits").click()
    app.run()
    assert any("is no place we know" in each.value for each in app.warning)


def test_deadlines_show_what_is_expected_and_that_nobody_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = a_store(tmp_path)
    rounds = [
        a_listing(
            source_id=f"camp-{year}", title=f"Summer Camp {year}", url=f"https://berlin.example/{year}",
            when=a_when(date(year, 7, 10)), organizers=("Camp Society",),
        )
        for year in (2023, 2024, 2025, 2026)
    ]  # fmt: skip
    talk = a_listing(title="A Talk", url="https://berlin.example/talk", when=a_when(NOW.date() + timedelta(days=9)))
    say(store, [*rounds, talk], 0)
    store.close()
    text = shown(opened(tmp_path, monkeypatch, "deadlines"))
    assert "No source says so" in text
    assert "The round after [Summer Camp 2026]" in text
    assert "as in 4 of 4 years" in text


BERLIN = Place(city="Berlin", country="DE")


@pytest.mark.parametrize(
    ("event", "rail", "span"),
    [
        (an_event(when=a_when(date(2026, 12, 3))), ":small[Thu]  \n**3 Dec**", ""),
        (an_event(when=a_when(date(2026, 12, 3), date(2026, 12, 5))), ":small[Thu]  \n**3 Dec**", "until Sat 5 Dec 2026"),
        (an_event(when=a_when(date(2028, 3, 1))), ":small[Wed]  \n**1 Mar**  \n:small[2028]", ""),
        (an_event(when=When()), "–", "Date not announced"),
        (an_event(when=When(start=date(2027, 4, 1), precision=DatePrecision.MONTH, text="April 2027")),
         "**Apr**  \n:small[2027]", "April 2027"),
        (an_event(places=(BERLIN,), when=a_when(datetime(2026, 12, 3, 18, tzinfo=ZoneInfo("UTC")),
                                                datetime(2026, 12, 3, 21, tzinfo=ZoneInfo("UTC")), timezone="Europe/Berlin")),
         ":small[Thu]  \n**3 Dec**  \n:small[19:00]", "19:00–22:00 Berlin time"),
        (an_event(mode=Mode.ONLINE, when=a_when(datetime(2026, 12, 3, 18, tzinfo=ZoneInfo("UTC")), timezone="Europe/Berlin")),
         ":small[Fri]  \n**4 Dec**  \n:small[03:00]", "03:00 your time :gray[(19:00 Berlin time)]"),
        (an_event(mode=Mode.ONLINE, when=a_when(datetime(2026, 12, 3, 18, tzinfo=ZoneInfo("UTC")), timezone="Asia/Tokyo")),
         ":small[Fri]  \n**4 Dec**  \n:small[03:00]", "03:00"),
    ],
)  # fmt: skip
def test_the_day_beside_an_event_and_what_it_leaves_to_say(event: Event, rail: str, span: str) -> None:
    assert rail_words(event, NOW, "Asia/Tokyo") == rail
    assert span_words(event, "Asia/Tokyo").replace("\\", "") == span


@pytest.mark.parametrize(
    ("event", "heading"),
    [
        (an_event(when=a_when(date(2026, 11, 20), date(2026, 11, 25))), "On now"),
        (an_event(when=a_when(date(2026, 11, 23))), "This week"),
        (an_event(when=a_when(date(2026, 11, 29))), "This week"),
        (an_event(when=a_when(date(2026, 11, 30))), "Next week"),
        (an_event(when=a_when(date(2026, 12, 6))), "Next week"),
        (an_event(when=a_when(date(2026, 12, 7))), "December 2026"),
        (an_event(when=a_when(date(2027, 1, 7))), "January 2027"),
        (
            an_event(when=When(start=date(2026, 11, 23), precision=DatePrecision.MONTH, text="November")),
            "November 2026",
        ),
        (an_event(when=When()), "Date not announced"),
    ],
)
def test_events_stand_under_weeks_then_months(event: Event, heading: str) -> None:
    assert week_words(published(event), event.when.first_day, NOW.date()) == heading


def test_a_table_says_things_in_words(practice_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = opened(practice_data, monkeypatch, "table").dataframe[0].value
    assert "T00:00" not in table.to_csv()
    assert not table.isin(["None", "Unknown", "unknown"]).any(axis=None)
    row = table[table["Event"] == "Winter Alignment Intensive"].iloc[0]
    assert (row["Ends"], row["Time"]) == (date(2027, 2, 7), "")
    talk = table[table["Event"] == "London AI Safety Reading Group"].iloc[0]
    assert (talk["Ends"], talk["Time"]) == (talk["Starts"], "18:30–20:30 London time")
    assert (row["Starts"], row["Apply by"], row["Left"]) == (date(2027, 1, 11), date(2026, 12, 14), "21 days left")


def test_a_full_day_of_the_month_names_three_events_and_opens_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found_of(tmp_path, monkeypatch, *(an_event(id=f"e{number}", title=f"Talk {number}") for number in range(5)))
    app = opened(tmp_path, monkeypatch, "month", q="talk", month="2026-12")
    assert "[Talk 0](<event?q=talk&id=e0>)" in shown(app)
    assert app.button(key="more_2026-12-03").label == "+2 more"
    app.button(key="more_2026-12-03").click().run()
    assert [each.value for each in app.header] == ["December 2026", "Thu 3 Dec 2026 :gray[5]"]
    app.button(key="close_day").click().run()
    assert [each.value for each in app.header] == ["December 2026"]


def test_a_day_of_the_month_says_times_and_what_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = datetime(2026, 12, 9, 18, 30, tzinfo=ZoneInfo("UTC"))
    found_of(
        tmp_path,
        monkeypatch,
        an_event(id="course", title="Course", when=a_when(date(2026, 12, 7), date(2026, 12, 11))),
        an_event(id="berlin", title="Talk", places=(BERLIN,), when=a_when(at, timezone="Europe/Berlin")),
        an_event(id="online", title="Call", when=a_when(at, timezone="Asia/Tokyo")),
    )
    text = shown(opened(tmp_path, monkeypatch, "month", month="2026-12"))
    assert "- :gray[19:30] [Talk](" in text
    assert "- [Call](" in text, "in Tokyo it is on the day after: no time of another day"
    assert text.count("… [Course](") == 4


def test_what_lasts_is_a_bar_across_the_days_of_its_weeks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = found_of(
        tmp_path,
        monkeypatch,
        an_event(id="course", when=a_when(date(2026, 11, 30), date(2026, 12, 20))),
        an_event(id="camp", when=a_when(date(2026, 12, 4), date(2026, 12, 8))),
        an_event(id="talk", when=a_when(date(2026, 12, 4))),
        *(an_event(id=f"more{number}", when=a_when(date(2026, 12, 7), date(2026, 12, 9))) for number in range(3)),
    )
    week = [date(2026, 12, day) for day in range(7, 14)]
    bars = bars_of_week(week, rows_by_day(found, week[0], week[-1]))
    assert [(bar.row.id, bar.first.day, bar.last.day) for bar in bars] == [
        ("course", 7, 13), ("camp", 7, 8), ("more0", 7, 9),
    ], "three lanes"  # fmt: skip
    app = opened(tmp_path, monkeypatch, "month", month="2026-12")
    assert app.button(key="more_2026-12-07").label == "+2 more"
    assert "more_2026-12-10" not in [each.key for each in app.button]


def test_deadlines_stand_on_the_day_that_the_organiser_wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    late = datetime(2026, 12, 15, 11, 59, tzinfo=ZoneInfo("UTC"))
    found_of(
        tmp_path,
        monkeypatch,
        an_event(id="aoe", title="Camp", when=a_when(date(2027, 3, 1)),
                 deadlines=(Deadline(at=date(2026, 12, 14), timezone="AoE"),)),
        an_event(id="assumed", title="Course", when=a_when(date(2027, 3, 1)),
                 deadlines=(Deadline(at=date(2026, 12, 31), timezone="AoE", timezone_source=ZoneSource.ASSUMED),)),
        an_event(id="tokyo", title="Prize", when=a_when(date(2027, 3, 1)),
                 deadlines=(Deadline(at=late, timezone="Asia/Tokyo"),)),
        an_event(id="hidden", title="Talk", types=(EventType.TALK,), when=a_when(date(2027, 3, 1)),
                 deadlines=(Deadline(at=date(2026, 12, 14), timezone="AoE"),)),
    )  # fmt: skip
    found = find(Selection.from_query("q=c"))
    closings = closings_by_day(found, date(2026, 12, 1), date(2026, 12, 31))
    assert {day: [each.published.event.id for each in some] for day, some in closings.items()} == {
        date(2026, 12, 14): ["aoe"],
        date(2026, 12, 31): ["assumed"],
    }
    app = opened(tmp_path, monkeypatch, "month", month="2026-12", day="15")
    assert "- :material/hourglass_bottom: [Prize\\: apply by](<event?" in shown(app)
    assert [each.value for each in app.header][1:] == ["Tue 15 Dec 2026 :gray[0]", "Closes on this day :gray[1]"]
