"""Entries over the life of a source: what is shown under which id, and what subscribers get of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.crawling.calendars import HEADERS
from tests.crawling.faulty_web import FaultyWeb, Page
from tests.crawling.lab import Lab, OfflineLab
from tests.databases import an_empty_store
from tests.factories import NOW
from tests.spiders.platforms.test_ical import calendar
from tracker.curation.decisions import decide_hidden
from tracker.models.event import Event

Row = tuple[str, str, str]
"""Id, title and start (days from now, with hour: ``"+10 18"``) of one entry."""


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    """A store and a calendar at ``/calendar.ics``."""
    store, web = an_empty_store(tmp_path), FaultyWeb()
    web.close()
    opened = OfflineLab(tmp_path, web, store)
    opened.source("group", expect="{ at_least = 0, at_most = 500 }")
    with store.keep_open():
        yield opened
    store.close()


def at(when: str) -> datetime:
    days, hour = when.split()
    return (NOW + timedelta(days=int(days))).replace(hour=int(hour), minute=0)


def show(lab: Lab, *rows: Row) -> None:
    """Let the calendar show some entries."""
    entries = [f"UID:{uid}\nSUMMARY:{title}\nDTSTART:{at(when):%Y%m%dT%H%M%SZ}" for uid, title, when in rows]
    lab.web.pages["/calendar.ics"] = Page(calendar(*entries), headers=HEADERS)


def crawls(lab: Lab, number: int = 4) -> list[str]:
    """Crawl daily; return the verdicts."""
    verdicts = []
    for _ in range(number):
        verdicts.append(lab.crawl()["group"].verdict.value)
        lab.wait()
    return verdicts


def events(lab: Lab) -> dict[str, Event]:
    return {each.event.id: each.event for each in lab.events()}


def told(lab: Lab) -> list[tuple[str, str, str]]:
    """Return title, start and lifecycle of all events, in order."""
    return sorted((each.title, f"{each.when.start:%m-%d %H}", each.lifecycle.value) for each in events(lab).values())


WEEKLY = [(f"w{week}", "Reading group", f"+{7 * week} 18") for week in range(1, 8)]
OTHERS = [
    (f"o{number}", f"Workshop on {word}", f"+{30 + number} 9") for number, word in enumerate(("evals", "control"))
]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([("a-dec-3", "Winter Social", "+10 18")], [("a-dec-8", "Winter Social", "+15 19")]),
        ([("a", "Winter Social", "+10 18")], [("b", "Winter Social with Alice", "+10 18")]),
        ([("a", "Winter Social", "+10 18")], [("b", "Winter Social", "+10 18")]),
        ([*OTHERS, ("a", "Winter Social", "+10 18")], [*OTHERS, ("b", "Winter Social", "+12 18")]),
        (WEEKLY, [(f"x{uid}", title, f"{when[:-2]}19") for uid, title, when in WEEKLY]),
        (WEEKLY, [(f"x{uid}", title, f"+{7 * week + 1} 18") for week, (uid, title, _) in enumerate(WEEKLY, 1)]),
        (WEEKLY, [WEEKLY[0], ("moved", "Reading group", "+15 18"), *WEEKLY[2:]]),
        ([(f"{n}", f"Talk {word}", f"+{n} 18") for n, word in enumerate(["alpha", "beta", "gamma", "delta", "epsilon"], 3)],
         [(f"{n}", f"Talk {word}", f"+{n + 1} 18") for n, word in enumerate(["beta", "gamma", "delta", "epsilon"], 3)]),
    ],
    ids=["id with date", "id with title", "made anew", "one of three", "series at another hour", "series on another day",
         "one date of a series", "ids are positions"],
)  # fmt: skip
def test_what_moves_is_renamed_or_made_anew_keeps_its_id(lab: Lab, before: list[Row], after: list[Row]) -> None:
    show(lab, *before)
    lab.crawl()
    ids = set(events(lab))
    lab.wait()
    show(lab, *after)
    assert set(crawls(lab)) <= {"healthy", "unchanged"}
    assert set(events(lab)) == ids
    live = [(title, start) for title, start, state in told(lab) if state == "scheduled"]
    assert live == sorted((title, f"{at(when):%m-%d %H}") for _, title, when in after)


@pytest.mark.parametrize(
    ("before", "after", "withdrawn"),
    [
        ([*OTHERS, ("a", "Winter Social", "+10 18")], OTHERS, 1),
        ([("a", "Winter Social", "+10 18"), ("b", "Career night", "+12 18")], [], 2),
        ([*OTHERS, ("a", "Winter Social", "+10 18"), ("b", "Career night", "+12 18")], OTHERS, 2),
        ([*OTHERS, ("a", "Winter Social", "+10 18")], [*OTHERS, ("b", "Career night", "+12 18")], 1),
        (WEEKLY, [WEEKLY[0], *WEEKLY[2:], ("w8", "Reading group", "+56 18")], 1),
        ([*OTHERS, ("a", "Forum 2026", "+10 9")], [*OTHERS, ("b", "Forum 2027", "+375 9")], 1),
    ],
    ids=["one of three", "both", "two of four", "another event beside", "the next of a series",
         "the next edition"],
)  # fmt: skip
def test_what_is_truly_off_is_withdrawn_and_nothing_moves_in_its_place(
    lab: Lab, before: list[Row], after: list[Row], withdrawn: int
) -> None:
    show(lab, *before)
    lab.crawl()
    lab.wait()
    show(lab, *after)
    crawls(lab, 9)
    states = [state for _, _, state in told(lab)]
    assert states.count("withdrawn") == withdrawn
    live = [(title, start) for title, start, state in told(lab) if state == "scheduled"]
    assert live == sorted((title, f"{at(when):%m-%d %H}") for _, title, when in after)


def test_google_splits_a_series_and_its_evenings_keep_their_ids(lab: Lab) -> None:
    series = "UID:{uid}\nSUMMARY:Reading group\nDTSTART:{start:%Y%m%dT%H%M%SZ}\nRRULE:FREQ=WEEKLY;{end}"
    whole = series.format(uid="x@google.com", start=at("+3 18"), end="COUNT=10")
    lab.web.pages["/calendar.ics"] = Page(calendar(whole), headers=HEADERS)
    lab.crawl()
    ids = set(events(lab))
    assert len(ids) == 10
    lab.wait()
    first = series.format(uid="x@google.com", start=at("+3 18"), end=f"UNTIL={at('+17 18'):%Y%m%dT%H%M%SZ}")
    rest = series.format(uid=f"x_R{at('+24 18'):%Y%m%dT%H%M%S}@google.com", start=at("+24 19"), end="COUNT=7")
    lab.web.pages["/calendar.ics"] = Page(calendar(first, rest), headers=HEADERS)
    assert set(crawls(lab)) <= {"healthy", "unchanged"}
    assert set(events(lab)) == ids
    assert [state for _, _, state in told(lab)] == ["scheduled"] * 10
    assert [start[-2:] for _, start, _ in told(lab)].count("19") == 7


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("a", "Safety course, Cohort 3", "+3 18"), ("a", "Safety course, Cohort 4", "+120 18")),
        (("a", "Alignment Forum 2026", "+3 18"), ("a", "Alignment Forum 2027", "+368 18")),
        (("a", "Next meetup", "+3 18"), ("a", "Next meetup", "+31 18")),
    ],
)
def test_another_round_under_the_same_id_is_another_event(lab: Lab, before: Row, after: Row) -> None:
    show(lab, before)
    lab.crawl()
    (first,) = events(lab)
    lab.wait(days=6)
    show(lab, after)
    assert set(crawls(lab)) <= {"healthy", "unchanged"}
    kept, other = events(lab)[first], next(each for name, each in events(lab).items() if name != first)
    assert (kept.title, kept.lifecycle.value) == (before[1], "scheduled")
    assert other.title == after[1]
    assert kept.when.start == at(before[2])
    lab.wait(days=150)
    show(lab, (after[0], after[1], f"+{int(after[2].split()[0])} 20"))
    lab.crawl()
    assert len(events(lab)) == 2, "a change of the new round is its own"


def page(text: str) -> Page:
    body = f"<html><body><article><h2>Winter School</h2><p class='when'>{text}</p></article></body></html>"
    return Page(body.encode(), headers={"Content-Type": "text/html"})


@pytest.fixture
def on_page(lab: Lab) -> Callable[[str], list[str]]:
    """Let a page show one date in words, crawl it, and return the starts of all events."""
    fields = '{ title = "h2", starts = ".when" }'
    lab.source("page", platform='"html_listing"', page_urls=f'["{lab.web.url("/list")}"]', each='"article"',
               fields=fields, expect="{ at_least = 0 }")  # fmt: skip
    show(lab)

    def crawl(text: str) -> list[str]:
        lab.web.pages["/list"] = page(text)
        lab.crawl()
        return sorted(str(each.when.first_day) for each in events(lab).values())

    return crawl


@pytest.mark.parametrize(
    ("words", "day"),
    [("12–14 January", "2027-01-12"), ("tomorrow at 18:00 UTC", "2026-11-24"), ("this Friday", "2026-11-27")],
)
def test_words_without_a_year_count_from_the_day_they_were_first_seen(
    lab: Lab, on_page: Callable[[str], list[str]], words: str, day: str
) -> None:
    for _ in range(7):
        assert on_page(words) == [day]
        lab.wait(days=62)


def test_a_page_without_a_year_that_is_edited_after_the_event_does_not_roll_on(
    lab: Lab, on_page: Callable[[str], list[str]]
) -> None:
    on_page("12–14 January")
    lab.wait(days=100)
    assert on_page("12–14 January. Thank you all for coming!") == ["2027-01-12"]
    lab.wait(days=30)
    assert on_page("10–12 June. Apply by 1 May!") == ["2027-01-12", "2027-06-10"]
    lab.wait(days=200)
    assert on_page("12–14 January") == ["2027-01-12", "2027-06-10"], "last year's page again"


def schema_page(*events: dict[str, str]) -> Page:
    rows = [{"@context": "https://schema.org", "@type": "Event", **each} for each in events]
    body = f'<html><body><script type="application/ld+json">{json.dumps(rows)}</script></body></html>'
    return Page(body.encode(), headers={"Content-Type": "text/html"})


def test_an_old_copy_of_a_small_page_takes_nothing_away(lab: Lab) -> None:
    lab.source("page", platform='"schema_org"', page_urls=f'["{lab.web.url("/p")}"]', expect="{ at_least = 0 }")
    show(lab)
    new = {"name": "Forum", "startDate": "2026-12-20", "url": "https://a.example/forum-2"}
    old = {"name": "Forum", "startDate": "2025-12-20", "url": "https://a.example/forum-1"}
    lab.web.pages["/p"] = schema_page(new)
    lab.crawl()
    lab.wait()
    for _ in range(6):
        lab.web.pages["/p"] = schema_page(old)
        run = lab.crawl()["page"]
        assert (run.verdict.value, run.diagnosis) == ("suspect", "old_copy")
        lab.wait()
    assert [(each.when.first_day, each.lifecycle.value) for each in events(lab).values()] == [
        (date(2026, 12, 20), "scheduled")
    ]
    lab.web.pages["/p"] = schema_page(new)
    assert lab.crawl()["page"].verdict.value == "healthy"


def test_hourly_crawls_withdraw_nothing_within_a_day(lab: Lab) -> None:
    show(lab, *OTHERS, ("a", "Winter Social", "+10 18"))
    lab.crawl()
    show(lab, *OTHERS)
    for _ in range(20):
        lab.wait(hours=1)
        lab.crawl()
    assert {state for _, _, state in told(lab)} == {"scheduled"}
    lab.wait(hours=6)
    lab.crawl()
    assert sorted(state for _, _, state in told(lab)) == ["scheduled", "scheduled", "withdrawn"]


TALKS = [(f"t{n}", f"Talk {n} on {word}", f"+{40 - n} 18") for n, word in enumerate("abcdefghij")]


def test_many_that_vanish_at_once_are_believed_after_three_equal_crawls_and_three_days(lab: Lab) -> None:
    show(lab, *TALKS)
    lab.crawl()
    lab.wait()
    show(lab, *TALKS[1::2])
    assert crawls(lab, 7) == ["suspect"] * 3 + ["healthy"] * 4
    assert [state for _, _, state in told(lab)].count("withdrawn") == 5


def test_the_other_news_of_a_suspect_crawl_is_published(lab: Lab) -> None:
    show(lab, *TALKS)
    lab.crawl()
    lab.wait()
    show(lab, ("t0", "Talk 0 on a", "+41 18"), *TALKS[1:4], ("new", "Career night", "+20 18"))
    assert lab.crawl()["group"].diagnosis == "halved"
    titles = {each.title: each for each in events(lab).values()}
    assert titles["Talk 0 on a"].when.start == at("+41 18")
    assert "Career night" in titles
    assert {each.lifecycle.value for each in titles.values()} == {"scheduled"}


def test_a_renamed_source_keeps_its_ids_and_lets_go_what_vanished(lab: Lab) -> None:
    show(lab, *OTHERS, ("a", "Winter Social", "+10 18"))
    lab.crawl()
    ids = set(events(lab))
    with lab.store.writing() as db:
        decide_hidden(db, next(name for name, each in events(lab).items() if each.title.endswith("evals")), NOW)
    lab.wait()
    (lab.folder / "sources" / "communities" / "group.toml").unlink()
    lab.source("renamed", expect="{ at_least = 0 }", renamed_from='"group"')
    show(lab, *OTHERS)
    for _ in range(4):
        run = lab.crawl()["renamed"]
        lab.wait()
    assert run.new == 0
    assert {each.sources[0].source for each in events(lab).values()} == {"renamed"}
    assert set(events(lab)) < ids
    assert [title for title, _, state in told(lab) if state == "withdrawn"] == ["Winter Social"]
    assert len(told(lab)) == 2, "the ruling still hides one"


def test_a_page_that_fails_moves_nothing_of_another(lab: Lab) -> None:
    """What stood on the failed page has not moved to what is new on the others."""
    social = {"name": "Safety Social", "startDate": "2026-12-10", "url": "https://a.example/1"}
    later = {"name": "Safety Social", "startDate": "2027-01-20", "url": "https://a.example/2"}
    other = {"name": "Career night", "startDate": "2026-12-20", "url": "https://a.example/3"}
    pages = '["{}", "{}"]'.format(lab.web.url("/a"), lab.web.url("/b"))
    lab.source("page", platform='"schema_org"', page_urls=pages, expect="{ at_least = 0 }")
    show(lab)
    lab.web.pages |= {"/a": schema_page(other), "/b": schema_page(social)}
    lab.crawl()
    before = {each.title: name for name, each in events(lab).items()}
    lab.wait()
    lab.web.pages |= {"/a": schema_page(other, later), "/b": Page(status=503)}
    lab.crawl()
    lab.wait()
    lab.web.pages["/b"] = schema_page(social)
    lab.crawl()
    days = {str(each.when.start): name for name, each in events(lab).items() if each.title == "Safety Social"}
    assert days["2026-12-10"] == before["Safety Social"]
    assert len(days) == 2


@pytest.mark.parametrize("step", [1, 2, 7])
def test_a_page_that_shows_only_the_next_dates_gives_each_its_own_id(lab: Lab, step: int) -> None:
    """Ids hold the date; each is switched at noon, six hours before it begins."""
    days = [step * number for number in range(1, 12)]
    seen: dict[str, set[str]] = {}
    for day in range(12):
        coming = [each for each in days if each > day][: 3 if step < 7 else 1]
        show(lab, *((f"office-{each}", "Office hours", f"+{each} 18") for each in coming))
        lab.crawl()
        for name, each in events(lab).items():
            seen.setdefault(name, set()).add(f"{each.when.start:%m-%d}")
        lab.wait()
    assert {len(each) for each in seen.values()} == {1}


def test_addresses_with_a_date_are_no_series(lab: Lab) -> None:
    rows = [(f"https://a.example/events/2026-12-{n:02}-{word}", f"Talk on {word}", f"+{n} 18")
            for n, word in enumerate(["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"], 10)]  # fmt: skip
    show(lab, *rows)
    lab.crawl()
    lab.wait()
    show(lab)
    assert set(crawls(lab, 5)) == {"suspect"}
    assert {state for _, _, state in told(lab)} == {"scheduled"}


def test_a_page_of_others_is_never_believed_by_itself(lab: Lab) -> None:
    show(lab, *TALKS)
    lab.crawl()
    lab.wait()
    show(lab, *((f"c{n}", f"Casino night {n}", f"+{20 + n} 20") for n in range(10)))
    assert set(crawls(lab, 12)) == {"suspect"}
    assert {(title[:4], state) for title, _, state in told(lab)} == {("Talk", "scheduled")}


def test_two_sittings_stay_two_when_one_is_missing_once(lab: Lab) -> None:
    sittings = [("thu", "Office hours with Alice", "+10 18"), ("fri", "Office hours with Alice", "+11 18")]
    show(lab, *sittings)
    lab.crawl()
    ids = set(events(lab))
    lab.wait()
    show(lab, sittings[1])
    lab.crawl()
    lab.wait()
    assert {each.when.start for each in events(lab).values()} == {at("+10 18"), at("+11 18")}
    show(lab, *sittings)
    lab.crawl()
    assert set(events(lab)) == ids


def test_a_streak_is_not_broken_by_runs_that_failed(lab: Lab) -> None:
    show(lab, *TALKS)
    lab.crawl()
    lab.wait()
    verdicts = []
    for day in range(8):
        show(lab, *TALKS[1::2])
        if day % 3 == 1:
            lab.web.pages["/calendar.ics"] = Page(status=503)
        verdicts += crawls(lab, 1)
    assert verdicts == ["suspect", "failed", "suspect", "healthy", "failed", "healthy", "healthy", "failed"]


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Winter School – Recording", "12–14 January"),
        ("Winter School 2027", "12–14 January"),
        ("Winter School", "12 to 14 January"),
        ("Winter School", "January 12th–14th, 18:00 UTC"),
    ],
)
def test_a_page_that_is_retouched_after_the_event_announces_nothing(
    lab: Lab, on_page: Callable[[str], list[str]], title: str, words: str
) -> None:
    assert on_page("12–14 January") == ["2027-01-12"]
    lab.wait(days=120)
    lab.web.pages["/list"] = Page(
        page(words).body.replace(b"Winter School", title.encode()), headers={"Content-Type": "text/html"}
    )
    lab.crawl()
    assert {each.when.start.year for each in events(lab).values() if each.when.start} == {2027}


def test_another_weekday_in_the_same_sentence_is_another_day(on_page: Callable[[str], list[str]], lab: Lab) -> None:
    assert on_page("this Friday at 18:00 UTC") == ["2026-11-27"]
    lab.wait(days=7)
    assert on_page("this Thursday at 18:00 UTC")[-1] == "2026-12-03"
    lab.wait(days=7)
    assert on_page("this Friday at 18:00 UTC")[-1] == "2026-12-11"
    lab.wait(days=1)
    assert on_page("this Friday at 18:00 UTC. All welcome")[-1] == "2026-12-11"


def test_last_years_copy_is_not_believed_within_days_and_a_mended_slip_is_in_the_end(lab: Lab) -> None:
    show(lab, ("a", "Winter Social", "+40 18"), ("b", "Career night", "+45 18"))
    lab.crawl()
    lab.wait()
    show(lab, ("a", "Winter Social", "-324 18"), ("b", "Career night", "-319 18"))
    assert set(crawls(lab, 9)) == {"suspect"}
    assert {start for _, start, _ in told(lab)} == {f"{at(when):%m-%d %H}" for when in ("+40 18", "+45 18")}
    assert "healthy" in crawls(lab, 4)
    assert {each.when.start for each in events(lab).values()} == {at("-324 18"), at("-319 18")}
