"""Renders communities as JSON: name, link, position on a map, and who lists them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tracker.models.community import Community
from tracker.models.source import Source
from tracker.publishing.json_events import dump


def render_communities(communities: Iterable[Community], sources: Mapping[str, Source]) -> bytes:
    """Return the communities, sorted by name."""
    rows = [
        _document(each, sources) for each in sorted(communities, key=lambda each: (each.name.casefold(), each.link))
    ]
    return dump({"schema": 1, "count": len(rows), "communities": rows})


def _document(community: Community, sources: Mapping[str, Source]) -> dict[str, Any]:
    source = sources.get(community.source)
    return {
        "name": community.name,
        "link": community.link,
        "description": community.description,
        "mode": community.mode.value,
        "kinds": list(community.kinds),
        "places": [
            {
                "label": place.label,
                "city": place.city,
                "country": place.country,
                "latitude": place.latitude,
                "longitude": place.longitude,
            }
            for place in community.places
        ],
        "source": {
            "id": community.source,
            "name": source.name if source else community.source,
            "attribution": source.attribution if source else "",
            "licence": source.licence if source else "",
            "homepage": source.homepage if source else "",
        },
    }
