"""Full-text search: finds the events whose texts contain words, also as parts of other words.

SQLite and PostgreSQL find the same events, each with an index of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, Integer, Select, Text, and_, cast, column, func, select, table, true
from sqlalchemy.dialects.postgresql import ARRAY, array

from tracker.store import schema

_SHORTEST_INDEXED = 3
_LONGEST_INDEXED = 100
"""PostgreSQL indexes longer words in pieces, which overlap by this many characters."""
_RARE = 2_000
"""A word in more texts than this is found soon enough by reading one text after the other."""
_search = table("event_search", column("rowid", Integer), column("event_search"))
_words = table("event_words", column("id", Integer), column("words", ARRAY(Text)))
_word = table("event_word", column("word", Text))


def contains_words(db: Connection, words: list[str]) -> ColumnElement[bool]:
    """Return the SQL condition that an event's text contains all of some folded words."""
    return schema.event.c.id.in_(_events_of(_holding(db, words)))


def first_containing(db: Connection, words: list[str], events: Select[str], most: int) -> list[str]:
    """Return the first ``most`` ids of the sorted query ``events`` whose texts contain all of some folded words."""
    text = schema.event_text
    holds = and_(*_contains(words))
    rarest = min((_first_texts(db, word) for word in words if len(word) >= _SHORTEST_INDEXED), key=len, default=None)
    if rarest is not None and len(rarest) <= _RARE:
        saying = _events_of([text.c.id.in_(rarest), holds])
        return list(db.execute(events.where(schema.event.c.id.in_(saying)).limit(most)).scalars())
    # The subquery's own limit makes sure that events are sorted before their texts are read: reading stops after the
    # first ``most`` matches.
    every = events.limit(_ALL).subquery()
    says_so = select(holds).where(text.c.event_id == every.c.id).scalar_subquery()
    return list(db.execute(select(every.c.id).where(says_so).limit(most)).scalars())


_ALL = 2**62


def _events_of(holding: Iterator[ColumnElement[bool]] | list[ColumnElement[bool]]) -> Select[str]:
    return select(schema.event_text.c.event_id).where(*holding)


def _first_texts(db: Connection, word: str) -> list[int]:
    """Return the ids of the texts that contain a word; at most one more than ``_RARE``."""
    if db.dialect.name == "sqlite":
        return _few(db, select(_search.c.rowid).where(_matches([word])))
    exactly = _few(db, select(_words.c.id).where(_words.c.words.contains([word])))
    return exactly if len(exactly) > _RARE else _few(db, _texts_with_any(_words_with(db, word)))


def _few(db: Connection, texts: Select[int]) -> list[int]:
    return list(db.execute(texts.limit(_RARE + 1)).scalars())


def _holding(db: Connection, words: list[str]) -> Iterator[ColumnElement[bool]]:
    # Both indexes find words inside other words, as a scan of all texts does; short words need that scan.
    text = schema.event_text
    indexed = [word for word in words if len(word) >= _SHORTEST_INDEXED]
    yield from _contains([word for word in words if word not in indexed])
    if indexed and db.dialect.name == "sqlite":
        yield text.c.id.in_(select(_search.c.rowid).where(_matches(indexed)))
    elif indexed:
        yield text.c.id.in_(select(_words.c.id).where(*(_overlaps(db, word) for word in indexed)))
        yield from _contains([word for word in indexed if len(word) > _LONGEST_INDEXED])


def _contains(words: list[str]) -> Iterator[ColumnElement[bool]]:
    return (schema.event_text.c.folded.contains(word, autoescape=True) for word in words)


def _matches(words: list[str]) -> ColumnElement[bool]:
    """Return SQLite's condition that a text contains all words."""
    phrases = " AND ".join('"' + word.replace('"', '""') + '"' for word in words)
    return _search.c.event_search.bool_op("MATCH")(phrases)


def _overlaps(db: Connection, part: str) -> ColumnElement[bool]:
    """Return PostgreSQL's condition that a text has a word that contains this part."""
    found: ColumnElement[bool] = _words.c.words.overlap(_words_with(db, part))
    return found


def _words_with(db: Connection, part: str) -> list[str]:
    """Return the indexed words that contain a part; as values they let PostgreSQL estimate the matches."""
    return list(db.execute(select(_word.c.word).where(_word.c.word.contains(part, autoescape=True))).scalars())


def _texts_with_any(words: list[str]) -> Select[int]:
    """Return a query for texts with any of some words, word by word: PostgreSQL overestimates all words at once."""
    each = func.unnest(cast(words, ARRAY(Text))).table_valued("word").render_derived()
    holding = select(_words.c.id).where(_words.c.words.contains(array([each.c.word]))).limit(_RARE + 1).lateral()
    return select(holding.c.id).select_from(each).join(holding, true())
