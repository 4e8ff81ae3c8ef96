"""Stores the source files of crawled sources as of their last crawl."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete, func, select, update

from tracker.models.source import Source
from tracker.store import schema
from tracker.store.bulk_writes import upsert


def save_sources(db: Connection, sources: Iterable[Source]) -> None:
    """Store the content of source files, so that events can name and credit their sources."""
    upsert(
        db,
        schema.source,
        [{"id": source.id, "document": source.canonical_json()} for source in sources],
    )


def rename_sources(db: Connection, sources: Iterable[Source]) -> dict[str, str]:
    """Give listings and runs of sources that were renamed to their new names; return these, by earlier name."""
    table = schema.source
    known = set(db.execute(select(table.c.id)).scalars())
    renamed = {each.renamed_from: each.id for each in sources if each.renamed_from in known}
    for old, new in renamed.items():
        _rename(db, old, new)
    return renamed


def load_new_names(db: Connection) -> dict[str, str]:
    """Return the names of the sources that were renamed, by earlier name."""
    table = schema.source
    rows = db.execute(select(table.c.document).where(table.c.document.contains('"renamed_from":', autoescape=True)))
    return {source.renamed_from: source.id for source in map(Source.model_validate_json, rows.scalars())}


def _rename(db: Connection, old: str, new: str) -> None:
    listing = schema.listing
    known = select(listing.c.source_id).where(listing.c.source == new)
    by_key = (
        schema.listing, schema.listing_document, schema.community, schema.profile, schema.membership,
    )  # fmt: skip
    for table in by_key:  # what the new name has already listed is newer
        db.execute(delete(table).where(table.c.source == old, table.c.source_id.in_(known)))
    pages = select(schema.page.c.url).where(schema.page.c.source == new)
    db.execute(delete(schema.page).where(schema.page.c.source == old, schema.page.c.url.in_(pages)))
    for table in (*by_key, schema.page, schema.run, schema.rejection, schema.doubtful_pair):
        db.execute(update(table).where(table.c.source == old).values(source=new))
    pair = schema.doubtful_pair
    db.execute(update(pair).where(pair.c.other_source == old).values(other_source=new))
    for table, column in (
        (schema.listing_document, "raw"), (schema.listing_document, "document"), (schema.community, "document"),
        (schema.run, "document"), (schema.rejection, "document"),
    ):  # fmt: skip
        # In JSON a quotation mark within a text is escaped, so this occurs only as a key with its value.
        text = func.replace(table.c[column], f'"source":"{old}"', f'"source":"{new}"')
        db.execute(update(table).where(table.c.source == new).values({column: text}))
    db.execute(delete(schema.source).where(schema.source.c.id == old))


def load_sources(db: Connection, ids: Sequence[str] | None = None) -> dict[str, Source]:
    """Return the sources by id; only those with one of ``ids``, if given."""
    table = schema.source
    wanted = select(table.c.document).order_by(table.c.id)
    rows = db.execute(wanted if ids is None else wanted.where(table.c.id.in_(ids))).scalars()
    return {source.id: source for source in map(Source.model_validate_json, rows)}
