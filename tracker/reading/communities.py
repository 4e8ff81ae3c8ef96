"""Parses a raw listing of a group to join into a community, or into a rejection with its reason."""

from __future__ import annotations

from pydantic import ValidationError

from tracker.models.community import Community
from tracker.models.raw_listing import RawListing, Rejected, bounded_id
from tracker.models.text import clean_line, fold
from tracker.models.vocabulary import Mode
from tracker.reading.links import read_link, without_tracking
from tracker.reading.lookups import meaning_of
from tracker.reading.places import read_places
from tracker.reading.plain_text import read_text

_MODES = frozenset(mode.value for mode in Mode)


def read_community(raw: RawListing) -> Community | Rejected:
    """Return ``raw`` as a community, or as a rejection with its reason. Never raises, whatever a page says."""
    try:
        return _read(raw)
    except ValidationError as error:
        first = error.errors()[0]
        return _reject(raw, f"{first['loc'][0] if first['loc'] else 'it'}: {first['msg']}")
    except Exception as error:  # noqa: BLE001 - a bug in the parsers must not cost the neighbours
        return _reject(raw, f"{type(error).__name__}: {error}")


def _read(raw: RawListing) -> Community | Rejected:
    link = read_link(raw.url, raw.page_url) or read_link(raw.apply_url, raw.page_url)
    if link is None:
        return _reject(raw, "it has no link where to join")
    where = read_places(raw.places).value
    meant = meaning_of("modes", raw.mode) or ("online" if where.says_online and not where.places else "")
    return Community(
        source=raw.source,
        source_id=bounded_id(raw.source_id) or bounded_id(f"{link} {fold(raw.title)}"),
        name=clean_line(read_text(raw.title)),
        link=without_tracking(link),
        description=read_text(raw.description),
        places=where.places,
        mode=Mode(meant) if meant in _MODES else Mode.UNKNOWN,
        kinds=tuple(dict.fromkeys(filter(None, map(clean_line, raw.types)))),
    )


def _reject(raw: RawListing, detail: str) -> Rejected:
    return Rejected(
        reason="no community",
        detail=clean_line(f"{raw.title!r}: {detail}"),
        source=raw.source,
        page_url=raw.page_url,
        raw=raw,
    )
