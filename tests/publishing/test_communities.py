"""Groups to join: stored as of their source's last healthy run, and published as JSON."""

from __future__ import annotations

import json

from tests.factories import NOW, a_source
from tracker.models.community import Community
from tracker.models.place import Place
from tracker.publishing.feed_request import FeedRequest
from tracker.publishing.feeds import FEEDS
from tracker.store import Store, sources
from tracker.store.communities import load_communities, save_communities


def a_community(number: int, name: str = "AI Safety Graz", **changes: object) -> Community:
    return Community.model_validate(
        {
            "source": "directory",
            "source_id": f"rec{number}",
            "name": name,
            "link": "https://graz.example/join",
            **changes,
        }
    )


def test_the_groups_of_a_source_replace_those_of_its_run_before(store: Store) -> None:
    with store.writing() as db:
        save_communities(db, "directory", [a_community(1), a_community(2)])
        save_communities(db, "other", [a_community(1, source="other")])
        save_communities(db, "directory", [a_community(2)])
    with store.reading() as db:
        assert [(each.source, each.source_id) for each in load_communities(db)] == [
            ("directory", "rec2"),
            ("other", "rec1"),
        ]


def test_of_two_groups_with_one_id_the_later_counts(store: Store) -> None:
    with store.writing() as db:
        save_communities(db, "directory", [a_community(1, "Before"), a_community(1, "After")])
    with store.reading() as db:
        assert [each.name for each in load_communities(db)] == ["After"]


def test_the_json_has_link_position_and_credit(store: Store) -> None:
    graz = Place(raw="Graz, Austria", city="Graz", country="AT", latitude=47.07, longitude=15.44)
    with store.writing() as db:
        sources.save_sources(
            db, [a_source(id="directory", name="The Directory", attribution="Directory", licence="CC0")]
        )
        save_communities(db, "directory", [a_community(1, places=(graz,)), a_community(2, "a chat", mode="online")])
    with store.reading() as db:
        feed = FEEDS["communities.json"].build(db, FeedRequest.from_query_string("", NOW))
    document = json.loads(feed.body)
    assert (document["count"], [each["name"] for each in document["communities"]]) == (2, ["a chat", "AI Safety Graz"])
    assert document["communities"][1] == {
        "name": "AI Safety Graz", "link": "https://graz.example/join", "description": "", "mode": "unknown", "kinds": [],
        "places": [{"label": "Graz, AT", "city": "Graz", "country": "AT", "latitude": 47.07, "longitude": 15.44}],
        "source": {"id": "directory", "name": "The Directory", "attribution": "Directory", "licence": "CC0",
                   "homepage": "https://berlin.example/"},
    }  # fmt: skip
