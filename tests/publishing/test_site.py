"""The static site: complete, byte-identical, in one step per file, and never worse than before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import lxml.html
import pytest

from tests.factories import NOW, a_listing, a_when
from tests.sources_that_speak import a_store, say
from tracker.curation.decisions import decide_hidden, decide_pair
from tracker.errors import SelectionError, StoreReadOnlyError, UsageError
from tracker.models.deadline import Deadline
from tracker.models.place import Place
from tracker.models.ruling import RulingKind
from tracker.models.vocabulary import EventType, Mode
from tracker.pipeline.build import build_events
from tracker.publishing.feed_request import FeedRequest
from tracker.publishing.feeds import FEEDS, FORMATS
from tracker.publishing.site import publish_site
from tracker.store import Store, queries

URL = "https://events.example.org"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    folder = tmp_path / "data"
    folder.mkdir()
    opened = a_store(folder)
    day = NOW.date() + timedelta(days=9)
    berlin = (Place(raw="Berlin", city="Berlin", country="DE"),)
    night = a_listing(source_id="1", title="Night", types=(EventType.TALK,), places=berlin, when=a_when(day))
    course = a_listing(source_id="2", title="Course", types=(EventType.COURSE,), mode=Mode.ONLINE,
                       url="https://berlin.example/course", when=a_when(day),
                       deadlines=(Deadline(at=day, timezone="AoE"),))  # fmt: skip
    say(opened, [night, course], -9)
    yield opened
    opened.close()


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_everything_that_can_be_asked_for_is_there(store: Store, tmp_path: Path) -> None:
    done = publish_site(store, tmp_path / "site", NOW, base_url=URL)
    found = files(tmp_path / "site")
    feeds = ("events", "online", "free", "talk", "course", "country-de")
    assert {f"{name}.{ending}" for name in feeds for ending in ("ics", "json", "csv", "atom")} <= found.keys()
    rest = {"deadlines.ics", "changes.atom", "digest.atom", "sources.json", "communities.json", "index.html", "digest.html", "robots.txt",
            "sitemap.xml", "events.schema.json", "digest/2026-w47.html"}  # fmt: skip
    assert rest <= found.keys()
    assert len([name for name in found if name.startswith("events/")]) == 6
    assert len([name for name in found if name.endswith(".png")]) == 2
    assert (done.events, done.changed, done.kept) == (2, len(found), [])
    assert found["events.ics"].count(b"BEGIN:VEVENT") == 3
    assert found["deadlines.ics"].count(b"BEGIN:VEVENT") == 1
    assert b"SOURCE;VALUE=URI:https://events.example.org/events.ics" in found["events.ics"]


def test_two_builds_are_the_same_bytes_and_touch_nothing(store: Store, tmp_path: Path) -> None:
    publish_site(store, tmp_path / "site", NOW, base_url=URL)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "site").rglob("*") if path.is_file()}
    again = publish_site(store, tmp_path / "site", NOW, base_url=URL)
    assert again.changed == 0
    assert before == {path: path.stat().st_mtime_ns for path in before}
    publish_site(store, tmp_path / "tomorrow", NOW + timedelta(days=1), base_url=URL)
    for name in ("events.ics", "course.ics", "deadlines.ics", "events.atom", "changes.atom"):
        assert (tmp_path / "site" / name).read_bytes() == (tmp_path / "tomorrow" / name).read_bytes()


def test_a_file_is_what_the_server_would_send(store: Store, tmp_path: Path) -> None:
    publish_site(store, tmp_path / "site", NOW, base_url=URL)
    with store.reading() as db:
        # Pages that are files have another address, which Atom feeds name.
        for name, each in ((name, each) for name, each in FEEDS.items() if not name.endswith(".atom")):
            asked = FeedRequest.from_query_string("", NOW, URL, calendar=True)
            assert (tmp_path / "site" / name).read_bytes() == each.build(db, asked).body, name


def test_every_link_between_pages_leads_somewhere(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    publish_site(store, folder, NOW, base_url=URL)
    for page in folder.rglob("*.html"):
        document = lxml.html.fromstring(page.read_bytes())
        for link in document.xpath("//@href"):
            if not re.match(r"https?://|webcal://", link):
                target = (page.parent / link).resolve()
                assert any(each.exists() for each in (target, target.with_name(f"{target.name}.html"))), (page, link)


def test_one_file_that_fails_keeps_its_last_good_bytes(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "site"
    publish_site(store, folder, NOW)
    good = (folder / "events.csv").read_bytes()

    def fail(*asked: object) -> None:
        raise OverflowError("too much")

    monkeypatch.setitem(FORMATS, "csv", fail)
    done = publish_site(store, folder, NOW, selections={"talks": "type=talk"})
    assert done.kept == ["events.csv: OverflowError: too much", "talks.csv: OverflowError: too much"]
    assert (folder / "events.csv").read_bytes() == good
    assert not (folder / "talks.csv").exists()
    assert (folder / "talks.ics").exists()


def test_a_hidden_event_loses_its_page(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    publish_site(store, folder, NOW)
    with store.writing() as db:
        decide_hidden(db, "berlin 1", NOW)
    build_events(store, NOW)
    publish_site(store, folder, NOW)
    with store.reading() as db:
        (stays,) = queries.ids_with_page(db)
    assert sorted(path.name for path in (folder / "events").iterdir()) == [f"{stays}.html", f"{stays}.ics"]


def test_a_hidden_event_has_no_page_under_an_older_id_either(store: Store, tmp_path: Path) -> None:
    with store.writing() as db:
        decide_pair(db, RulingKind.SAME, "berlin 1", "berlin 2", now=NOW)
    build_events(store, NOW)
    with store.writing() as db:
        decide_hidden(db, "berlin 1", NOW)
    build_events(store, NOW)
    publish_site(store, tmp_path / "site", NOW)
    assert not (tmp_path / "site" / "events").exists()


def test_a_country_whose_last_event_is_gone_still_hears_of_it(store: Store, tmp_path: Path) -> None:
    publish_site(store, tmp_path / "site", NOW)
    with store.writing() as db:
        decide_hidden(db, "berlin 1", NOW)
    build_events(store, NOW + timedelta(hours=1))
    publish_site(store, tmp_path / "site", NOW + timedelta(hours=1))
    assert b"STATUS:CANCELLED" in (tmp_path / "site" / "country-de.ics").read_bytes()


def test_a_file_knows_its_own_address_and_that_of_pages_that_are_files(store: Store, tmp_path: Path) -> None:
    publish_site(store, tmp_path / "site", NOW, base_url=URL)
    found = files(tmp_path / "site")
    assert b"SOURCE;VALUE=URI:https://events.example.org/country-de.ics\r\n" in found["country-de.ics"]
    assert b'href="https://events.example.org/course.atom" rel="self"' in found["course.atom"]
    for name in ("events.atom", "sitemap.xml"):
        pages = re.findall(rb"https://events\.example\.org/(events/[^<\"]+)", found[name])
        assert pages
        assert all(page.decode() in found for page in pages), name


def test_what_is_not_ours_is_left_alone(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "site" / "events"
    (folder / "pictures.d").mkdir(parents=True)
    (folder / "holiday.jpg").write_bytes(b"x")
    (folder / "k3v9q2m8xa99.html").write_bytes(b"an event of long ago")
    publish_site(store, tmp_path / "site", NOW)
    assert (folder / "holiday.jpg").exists()
    assert not (folder / "k3v9q2m8xa99.html").exists()


def test_a_selection_that_cannot_be_found_costs_the_others_nothing(store: Store, tmp_path: Path) -> None:
    done = publish_site(store, tmp_path / "site", NOW, selections={"aa": "near=Qwxyz", "zz": "type=talk"})
    assert done.kept == []
    assert [left_out.partition(" is no place")[0] for left_out in done.left_out] == ["aa: near=Qwxyz"]
    assert (tmp_path / "site" / "zz.ics").exists()
    assert "zz.ics" in (tmp_path / "site" / "index.html").read_text()


@pytest.mark.parametrize("name", ["changes", "index", "Talks", "a/b", ""])
def test_a_name_that_is_taken_or_none_is_refused(store: Store, tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="cannot be called"):
        publish_site(store, tmp_path / "site", NOW, selections={name: "type=talk"})


def test_own_selections_and_their_faults(store: Store, tmp_path: Path) -> None:
    publish_site(store, tmp_path / "site", NOW, selections={"near-us": "near=Berlin&alarms=7d"})
    assert (tmp_path / "site" / "near-us.ics").exists()
    assert not (tmp_path / "site" / "near-us.json").exists(), "reminders say nothing to programs"
    with pytest.raises(SelectionError, match="no filter called 'typ'"):
        publish_site(store, tmp_path / "site", NOW, selections={"x": "typ=talk"})
    with pytest.raises(StoreReadOnlyError, match="/dev/null"):
        publish_site(store, Path("/dev/null/site"), NOW)
