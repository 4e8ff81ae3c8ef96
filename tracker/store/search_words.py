"""The words that a search can find, for suggestions when one is misspelt."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from tracker.store import schema
from tracker.store.filters import FOLDED_CITY, IS_LISTED

_LONGEST_TITLE = 255
_SHORTEST = 3


def words_of_titles(db: Connection) -> frozenset[str]:
    """Return the folded words of the titles and cities of listed events."""
    text, event, facets = schema.event_text, schema.event, schema.event_facet
    listed = select(func.substr(text.c.folded, 1, _LONGEST_TITLE)).join(event, event.c.id == text.c.event_id)
    titles = [each.partition("\n")[0] for each in db.execute(listed.where(IS_LISTED)).scalars()]
    cities = db.execute(select(facets.c.value).where(facets.c.facet == FOLDED_CITY).distinct()).scalars()
    words = (word.strip(".,:;!?()[]\"'“”&-–") for line in [*titles, *cities] for word in line.split())
    return frozenset(word for word in words if len(word) >= _SHORTEST)
