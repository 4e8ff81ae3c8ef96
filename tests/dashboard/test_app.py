"""The dashboard's script, run by Streamlit's own test harness: no browser, no server."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from dashboard.components.plain import plain
from dashboard.loading import find
from tests.dashboard.opening import heading, opened, shown
from tests.factories import a_when, an_event, published
from tracker.models.selection import Selection
from tracker.store import events, open_store
from tracker.store.events import RenderedEvent

HOSTILE = [
    "![x](https://evil.example/pixel.png)",
    "[click](javascript:alert(1))",
    "<img src=https://evil.example/p onerror=alert(1)>",
    "$\\LaTeX$ :red[red] :material/home: # heading",
    "**bold** _it_ `code` ~~gone~~ https://evil.example/",
]


def test_the_header_says_how_many_and_how_fresh(practice_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(practice_data, monkeypatch)
    assert heading(app) == "79 upcoming events"
    assert "from 22 sources, updated just now" in shown(app)


@pytest.mark.parametrize(
    ("address", "count"),
    [
        ({"type": "hackathon"}, 3),
        ({"type": ["hackathon", "bootcamp"]}, 7),
        ({"country": "DE"}, 5),
        ({"city": "London", "mode": "in_person"}, 14),
        ({"q": "alignment course"}, 2),
        ({"from": "2027-02-01", "to": "2027-02-28"}, 13),
        ({"stipend": "stipend"}, 5),
    ],
)
def test_the_address_decides_what_is_shown(
    practice_data: Path, monkeypatch: pytest.MonkeyPatch, address: dict[str, str | list[str]], count: int
) -> None:
    app = opened(practice_data, monkeypatch, **address)
    said = "" if "from" in address else "upcoming "
    assert heading(app) == f"{count} {said}event{'s' if count != 1 else ''}"


def test_days_from_today_in_an_address_hold(practice_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(practice_data, monkeypatch, **{"from": "today", "to": "+14d"})
    few = heading(app)
    assert few not in {"0 events", heading(opened(practice_data, monkeypatch, **{"from": "today"}))}
    app.run()
    assert heading(app) == few


def test_what_others_add_to_a_shared_address_is_ignored(practice_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (
        heading(opened(practice_data, monkeypatch, type="hackathon", fbclid="x", utm_source="y")) == "3 upcoming events"
    )


def test_an_entry_says_what_when_where_and_by_when(practice_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(practice_data, monkeypatch, q="winter alignment intensive")
    text = shown(app).replace("\\", "")
    assert re.search(r"### \[Winter Alignment Intensive\]\(<event\?q=winter\+alignment\+intensive&id=\w+>\)", text)
    assert ":small[Mon]  \n**11 Jan**" in text
    assert "until Sun 7 Feb 2027" in text
    assert "Berkeley, United States & London, United Kingdom" in text
    assert "Apply by Mon 14 Dec 2026, time zone not stated" in text
    assert "With data of [AISafety.com](<https://aisafety.example/training>) (CC-BY-4.0)" in text


def test_a_widget_narrows_the_page_and_the_subscription(practice_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(practice_data, monkeypatch)
    app.pills(key="filter_type").set_value(["hackathon"]).run()
    assert heading(app) == "3 upcoming events"
    assert any("/events.ics?type=hackathon" in code.value for code in app.code)


def test_choices_without_events_are_not_offered(practice_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(practice_data, monkeypatch, type="hackathon", mode="hybrid")
    assert not [each for name in ("type", "mode") for each in app.pills(key=f"filter_{name}").options
                if each.endswith("[0]") and not each.startswith(("Hackathon", "Hybrid"))]  # fmt: skip


def test_what_a_filter_hides_because_it_does_not_say_is_one_click_away(
    practice_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(practice_data, monkeypatch, cost="free")
    count = int(heading(app).split()[0])
    (button,) = [each for each in app.button if str(each.key).startswith("unstated_")]
    hidden = int(button.label.split()[0])
    assert button.label == f"{hidden} do not say: cost"
    app.button(key="unstated_cost").click().run()
    assert heading(app) == f"{count + hidden} upcoming events"
    assert not [each for each in app.button if str(each.key).startswith("unstated_")]


def test_numbers_beside_online_are_those_of_the_events_on_screen(
    practice_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(practice_data, monkeypatch, near="Berlin", mode=["in_person", "online"])
    counts = {
        option.split(" :gray")[0]: int(option.split("[")[1][:-1]) for option in app.pills(key="filter_mode").options
    }
    assert counts["Online"] + counts["In person"] >= int(heading(app).split()[0]) > counts["Online"] > 0


def test_no_match_says_which_filter_to_drop(practice_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(practice_data, monkeypatch, country="JP", type="hackathon")
    assert heading(app) == "0 upcoming events"
    offers = [button.label for button in app.button if button.label.startswith("Without")]
    assert offers == ["Without country “Japan”: 3 events", "Without type “Hackathon”: 1 event"]
    app.button(key="without_country").click().run()
    assert heading(app) == "3 upcoming events"
    app.button(key="chip_0_type").click().run()
    assert heading(app) == "79 upcoming events"


def test_hostile_text_is_shown_letter_by_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'tracker.db'}", create=True)
    with store.writing() as db:
        for number, text in enumerate(HOSTILE):
            event = an_event(id=f"h{number}", title=text, organizers=(text,), when=a_when(date(2026, 12, 1)))
            events.save_events(db, [RenderedEvent(published(event), None, "hash")])
    store.close()
    text = shown(opened(tmp_path, monkeypatch))
    for hostile in HOSTILE:
        assert hostile not in text
        assert plain(hostile) in text
    for opener in (r"!\[", "<img", r":red\[", r"\]\(javascript", "`code"):
        assert not re.search(rf"(?<!\\){opener}", text), opener


def test_the_subscription_has_the_deadlines_and_reminders_one_chooses(
    practice_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(practice_data, monkeypatch, type="fellowship")
    app.selectbox(key="subscribe_deadlines").set_value("only").run()
    app.selectbox(key="subscribe_alarms").set_value("7d,1d").run()
    assert app.code[0].value.endswith("/events.ics?type=fellowship&deadlines=only&alarms=7d%2C1d")
    app.selectbox(key="subscribe_deadlines").set_value("none").run()
    assert app.code[0].value.endswith("/events.ics?type=fellowship&deadlines=none")


@pytest.mark.parametrize(("public", "tells"), [("https://events.example", False), ("", True)])
def test_commands_are_for_whoever_runs_this(
    practice_data: Path, monkeypatch: pytest.MonkeyPatch, public: str, tells: bool
) -> None:
    monkeypatch.setenv("TRACKER_PUBLIC_URL", public)
    app = opened(practice_data, monkeypatch, cost=["free", "unknown"], status="not_closed")
    assert any("tracker notify" in each.value for each in app.code) is tells
    links = [each.proto.url for each in app.get("link_button")]
    assert any("free+or+cost+not+stated%2C+not+closed" in each for each in links)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Hackathn", "hackathon"),
        ("alignmnt course", "alignment course"),
        ("Bootcmp Wien", "bootcamp wien"),
        ("redng gruop", "reading group"),
    ],
)
def test_a_misspelt_search_asks_what_was_meant(
    practice_data: Path, monkeypatch: pytest.MonkeyPatch, typed: str, meant: str
) -> None:
    app = opened(practice_data, monkeypatch, q=typed)
    assert heading(app) == "0 upcoming events"
    button = app.button(key="did_you_mean_0")
    assert button.label.startswith(f"Did you mean “{meant}”? ")
    button.click().run()
    assert heading(app).split()[0] == button.label.split("? ")[1].split()[0] != "0"


@pytest.mark.parametrize(
    ("typed", "offers"),
    [
        ("Hackathn Wien", ["“hackathon”? 3 events", "Without search “Hackathn Wien”: 79 events"]),
        ("safety Wien bootcamps", ["“safety wien bootcamp”? 1 event", "“safety bootcamp” near Vienna? 1 event"]),
        ("Timbuktu", ["Without search “Timbuktu”: 79 events"]),
        ("conference berlin", ["“conference”? 15 events"]),
    ],
)
def test_a_place_in_a_search_that_finds_nothing_is_offered_as_a_place(
    practice_data: Path, monkeypatch: pytest.MonkeyPatch, typed: str, offers: list[str]
) -> None:
    app = opened(practice_data, monkeypatch, q=typed)
    labels = [each.label for each in app.button]
    for each in offers:
        assert any(each in label for label in labels), each
    assert not any(label.startswith("Clear") for label in labels), "the chip does that"


@pytest.mark.parametrize(
    ("word", "kind"), [("hackathon", "hackathon"), ("Reading group", "reading_group"), ("bootcamp", "bootcamp")]
)
def test_the_name_of_a_type_finds_the_events_of_that_type(
    practice_data: Path, monkeypatch: pytest.MonkeyPatch, word: str, kind: str
) -> None:
    monkeypatch.setenv("TRACKER_DATA_DIR", str(practice_data))
    by_word, by_type = (
        {row.id for row in find(Selection.from_query(query)).rows} for query in (f"q={word}", f"type={kind}")
    )
    assert by_type <= by_word


def test_a_search_finds_a_city_by_another_spelling(practice_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = heading(opened(practice_data, monkeypatch, q="london"))
    assert heading(opened(practice_data, monkeypatch, q="Londres")) != "0 upcoming events" != there
    in_the_city = heading(opened(practice_data, monkeypatch, city="San Francisco"))
    assert heading(opened(practice_data, monkeypatch, q="SF")) == in_the_city


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ({"near": "Qwertzuiop"}, "near “Qwertzuiop”, which"),
        ({"near": "Qwertzuiop", "within": "50km"}, "near “Qwertzuiop”, which"),
        ({"city": "Qwertzville"}, "city “Qwertzville”, which"),
        ({"source": "nobody"}, "source “nobody”, which"),
        ({"source": "nobody", "near": "Qwertzuiop"}, "near “Qwertzuiop” and source “nobody”, which"),
        ({"type": ["bogus", "hackathon"]}, "type “bogus”, which"),
        ({"mode": "flying"}, "attend “flying”, which"),
        ({"from": "2026-13-01"}, "from “2026-13-01”, which"),
        ({"from": "2027-02-01", "to": "2027-01-01"}, "to “2027-01-01”, which"),
        ({"within": "50km"}, "within “50km”, which"),
        ({"sort": "random"}, "order “random”, which"),
        ({"country": "UK"}, "country “UK”, which"),
    ],
)
def test_what_a_link_asks_for_and_nobody_knows_is_left_out_and_said(
    practice_data: Path, monkeypatch: pytest.MonkeyPatch, address: dict[str, str | list[str]], said: str
) -> None:
    app = opened(practice_data, monkeypatch, "", **{"type": "hackathon"} | address)
    assert heading(app).endswith("events")
    (warning,) = [str(each.value).replace("\\", "") for each in app.warning]
    assert said in warning
    assert "It is left out here." in warning
    assert "reading_group" not in warning
    app.pills(key="filter_type").set_value([]).run()
    assert "type" not in app.query_params
    assert not any(
        str(value) in str(dict(app.query_params)) for value in ("Qwertz", "bogus", "flying", "2026-13", "random")
    )
