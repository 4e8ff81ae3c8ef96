"""Nobody wipes a public site: publishing stops before events vanish that nobody has cancelled."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from tests.databases import an_empty_store
from tests.factories import NOW, a_listing, a_source, a_when
from tests.sources_that_speak import a_store, say
from tracker.cli.main import app
from tracker.config import Settings
from tracker.curation.decisions import decide_hidden
from tracker.errors import PublicationRefusedError
from tracker.models.listing import Listing
from tracker.models.place import Place
from tracker.models.vocabulary import DatePrecision
from tracker.publishing.site import publish_site
from tracker.store import Store, sources
from tracker.web.app import feed_app

SITE = "site"


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[list[Store]]:
    """Two stores: the one of last time, and another."""
    opened = []
    for name in ("own", "other"):
        (tmp_path / name).mkdir()
        opened.append(a_store(tmp_path / name))
    yield opened
    for each in opened:
        each.close()


def talks(number: int, *, title: str = "Talk", days: int = 20) -> list[Listing]:
    place = (Place(raw="Berlin", city="Berlin", country="DE"),)
    return [
        a_listing(
            source_id=f"{title} {each}",
            title=f"{title} {each} on {'abcdefghij'[each]}",
            url=f"https://berlin.example/{title}/{each}",
            places=place,
            when=a_when(NOW.date() + timedelta(days=days + 7 * each)),
        )
        for each in range(number)
    ]


def test_a_folder_into_which_nothing_was_crawled_is_not_published(tmp_path: Path) -> None:
    store = an_empty_store(tmp_path)
    with store.writing() as db:
        sources.save_sources(db, [a_source()])
    with pytest.raises(PublicationRefusedError, match="right data folder"):
        publish_site(store, tmp_path / SITE, NOW)
    assert not (tmp_path / SITE).exists()
    publish_site(store, tmp_path / SITE, NOW, allow_empty=True)
    assert (tmp_path / SITE / "events.ics").is_file()
    settings = Settings.load(tmp_path)
    with TestClient(feed_app(settings)) as site:
        assert site.get("/events.ics").status_code == 503, "an empty feed would delete what subscribers have"
    store.close()


@pytest.mark.parametrize("listed", [[], talks(4, title="Night"), talks(1)], ids=["nothing", "other ids", "one of four"])
def test_another_database_does_not_replace_what_was_published(
    stores: list[Store], tmp_path: Path, listed: list[Listing]
) -> None:
    own, other = stores
    say(own, talks(4), 0)
    publish_site(own, tmp_path / SITE, NOW)
    before = {path: path.read_bytes() for path in (tmp_path / SITE).rglob("*") if path.is_file()}
    say(other, [*listed, *talks(1, title="Past", days=-90)], 0)
    with pytest.raises(PublicationRefusedError, match="4 events to come, of which 4 are not known"):
        publish_site(other, tmp_path / SITE, NOW)
    assert {path: path.read_bytes() for path in (tmp_path / SITE).rglob("*") if path.is_file()} == before
    publish_site(other, tmp_path / SITE, NOW, allow_empty=True)


def test_what_is_cancelled_hidden_over_or_elsewhere_may_leave_a_feed(stores: list[Store], tmp_path: Path) -> None:
    own, _ = stores
    built = say(own, talks(4), 0)
    publish_site(own, tmp_path / SITE, NOW)
    with own.writing() as db:
        for event_id in built.new[:2]:
            decide_hidden(db, event_id, NOW)
    say(
        own,
        [each.model_copy(update={"places": (Place(raw="Bonn", city="Bonn", country="DE"),)}) for each in talks(4)],
        1,
    )
    publish_site(own, tmp_path / SITE, NOW + timedelta(days=1))
    published = (tmp_path / SITE / "events.ics").read_bytes()
    assert (published.count(b"STATUS:CANCELLED"), published.count(b"STATUS:CONFIRMED")) == (2, 2)


def test_the_command_ends_with_3_and_says_what_to_do(tmp_path: Path) -> None:
    an_empty_store(tmp_path).close()
    asked = ["publish", str(tmp_path / SITE), "--data", str(tmp_path)]
    refused = CliRunner().invoke(app, asked)
    assert isinstance(refused.exception, PublicationRefusedError)
    assert refused.exception.exit_code == 3
    assert "--allow-empty" in str(refused.exception)
    assert CliRunner().invoke(app, [*asked, "--allow-empty"]).exit_code == 0


def test_what_the_store_still_knows_may_lose_its_date_and_its_country(stores: list[Store], tmp_path: Path) -> None:
    own, _ = stores
    (paris,) = (Place(raw="Paris", city="Paris", country="FR"),)
    say(own, [*talks(3), *(each.model_copy(update={"places": (paris,)}) for each in talks(1, title="Salon"))], 0)
    publish_site(own, tmp_path / SITE, NOW)
    assert b"STATUS:CONFIRMED" in (tmp_path / SITE / "country-fr.ics").read_bytes()
    postponed = a_when(NOW.date() + timedelta(days=100)).model_copy(update={"precision": DatePrecision.MONTH})
    say(own, [each.model_copy(update={"when": postponed}) for each in talks(1, title="Salon")], 1)
    publish_site(own, tmp_path / SITE, NOW + timedelta(days=1))
    assert b"BEGIN:VEVENT" not in (tmp_path / SITE / "country-fr.ics").read_bytes(), "it is not in France any more"


def test_a_clock_ahead_does_not_empty_the_site(stores: list[Store], tmp_path: Path) -> None:
    own, _ = stores
    say(own, talks(4), 0)
    publish_site(own, tmp_path / SITE, NOW)
    with pytest.raises(PublicationRefusedError, match="Is the clock right"):
        publish_site(own, tmp_path / SITE, NOW + timedelta(days=700))


def test_a_damaged_calendar_is_read_in_a_moment(stores: list[Store], tmp_path: Path) -> None:
    own, _ = stores
    say(own, talks(2), 0)
    (tmp_path / SITE).mkdir()
    (tmp_path / SITE / "events.ics").write_bytes(b"BEGIN:VEVENT\n" * 100_000)
    began = time.monotonic()
    publish_site(own, tmp_path / SITE, NOW)
    assert time.monotonic() - began < 5
