"""Makes and undoes rulings. A ruling that contradicts others, or names nothing, is refused and changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from tracker.curation.event_names import names_of
from tracker.curation.override_values import check_field, read_value
from tracker.errors import RulingError
from tracker.matching.rulings import ListingResolver, ResolvedRulings, resolve_rulings
from tracker.models.listing import Listing
from tracker.models.record import canonical_json
from tracker.models.ruling import Ruling, RulingKind
from tracker.store import listings, queries, rulings, sources


@dataclass(frozen=True, slots=True)
class ActiveRuling:
    """A ruling in force."""

    number: int
    ruling: Ruling
    replaces: tuple[int, ...] = ()
    """Earlier rulings on the same field, undone by this one."""


def decide_pair(
    db: Connection, kind: RulingKind, one: str, other: str, now: datetime, note: str = "", by: str = ""
) -> ActiveRuling:
    """Rule that two events or listings are the same, or that they are different.

    Raises:
        RulingError: a name is unknown, both names mean one listing, or the ruling contradicts others.
    """
    a, b = names_of(db, one), names_of(db, other)
    if a[0] == b[0]:
        raise RulingError(f"A and B are both {a[0]}. 'tracker show ID' names the listings behind an event.")
    return _keep(db, Ruling(kind=kind, a=a, b=b, at=now, note=note, by=by))


def decide_hidden(db: Connection, called: str, now: datetime, note: str = "", by: str = "") -> ActiveRuling:
    """Rule that an event is hidden.

    Raises:
        RulingError: the name is unknown.
    """
    return _keep(db, Ruling(kind=RulingKind.HIDE, a=names_of(db, called), at=now, note=note, by=by))


def decide_edit(
    db: Connection, called: str, field: str, text: str, now: datetime, note: str = "", by: str = ""
) -> ActiveRuling:
    """Rule the value of a field of an event, in place of the sources' value. It replaces an earlier edit.

    Raises:
        RulingError: the name is unknown, the value cannot be read, or the field is locked.
    """
    check_field(field)
    names = names_of(db, called)
    anchor = _anchor(db, names)
    raw, source = listings.load_raw(db, anchor.key), sources.load_sources(db)[anchor.source]
    value = read_value(field, text, raw, source, now)
    return _keep(db, Ruling(kind=RulingKind.EDIT, a=names, field=field, value=value, at=now, note=note, by=by))


def decide_locked(db: Connection, called: str, field: str, now: datetime, note: str = "", by: str = "") -> ActiveRuling:
    """Rule that a field of an event keeps its published value, whatever sources say.

    Raises:
        RulingError: the name or field is unknown, the field has no value, or it is locked already.
    """
    check_field(field)
    names = names_of(db, called)
    event_id = listings.load_memberships(db)[_anchor(db, names).key].event_id
    event = queries.find_event(db, event_id).event
    # Without nulls, which TOML does not have.
    value = event.model_dump(mode="json", include={field}, exclude_none=True).get(field)
    if value is None:
        raise RulingError(f"{field} is not known of this event. Set it instead: tracker rule edit ID {field}=VALUE")
    return _keep(db, Ruling(kind=RulingKind.LOCK, a=names, field=field, value=value, at=now, note=note, by=by))


def undo_ruling_number(db: Connection, number: int, now: datetime, by: str = "") -> Ruling:
    """Undo a ruling and return it.

    Raises:
        RulingError: there is no such ruling, or it was undone before.
    """
    standing = rulings.load_rulings(db)
    if number not in standing:
        undone = rulings.load_undone(db).get(number)
        if undone is not None:
            raise RulingError(f"Ruling {number} was taken back on {undone:%Y-%m-%d} already.")
        raise RulingError(f"There is no ruling {number}. 'tracker rule list' shows them.")
    rulings.undo_ruling(db, number, now, by)
    return standing[number]


def add_all(db: Connection, new: Sequence[Ruling], now: datetime, *, may_wait: bool) -> list[int]:
    """Add several rulings, all or none, and return their numbers; rulings that are in force already are skipped.

    As with single rulings, an edit replaces an earlier edit of the same field.

    Args:
        db: the store.
        new: the rulings.
        now: when they are added.
        may_wait: whether a ruling may name a listing that is not in the store yet.

    Raises:
        RulingError: one contradicts others or names nothing; the message says which, counted from 1.
    """
    standing, found = rulings.load_rulings(db), listings.load_listings(db)
    said = {_content(each) for each in standing.values()}
    first = max([0, *standing, *rulings.load_undone(db)]) + 1
    trial: dict[int, Ruling] = {}
    for number, ruling in enumerate(new, first):
        if _content(ruling) not in said:
            trial[number] = ruling
            said.add(_content(ruling))
    bound = resolve_rulings(standing | trial, found)
    replaced = {
        old
        for number in bound.refused.keys() & trial.keys()
        if trial[number].kind is RulingKind.EDIT
        for old in bound.refused[number]
        if old in standing and standing[old].kind is RulingKind.EDIT
    }
    if replaced:
        standing = {number: each for number, each in standing.items() if number not in replaced}
        bound = resolve_rulings(standing | trial, found)
    for number, ruling in trial.items():
        row = f"Ruling {number - first + 1} of these ({ruling})"
        if (against := bound.refused.get(number)) is not None:
            said_by = [f"ruling {n} that stands" if n < first else f"ruling {n - first + 1} of these" for n in against]
            raise RulingError(f"{row} contradicts {' and '.join(said_by) or 'itself'}. Nothing was changed.")
        if number in bound.waiting and not may_wait:
            raise RulingError(
                f"{row} is about {bound.waiting[number]!r}, and there is no such listing. Nothing was changed."
            )
    for number in replaced:
        rulings.undo_ruling(db, number, now)
    return [rulings.add_ruling(db, ruling) for ruling in trial.values()]


def _keep(db: Connection, ruling: Ruling) -> ActiveRuling:
    standing = rulings.load_rulings(db)
    for number, each in standing.items():
        if _content(each) == _content(ruling):
            raise RulingError(f"Ruling {number} says so already: {each}.")
    new = max([0, *standing]) + 1
    bound = resolve_rulings(standing | {new: ruling}, listings.load_listings(db))
    if bound.refused.get(new) == ():
        raise RulingError(f"{ruling.a[0]} and {ruling.b[0]} mean one and the same listing.")
    against = {*bound.refused.get(new, ()), *_on_same_field(db, bound, new, ruling)}
    replaced: tuple[int, ...] = ()
    if ruling.kind.sets_a_field and all(standing[number].kind is RulingKind.EDIT for number in against):
        replaced = tuple(sorted(against))
        for number in replaced:
            rulings.undo_ruling(db, number, ruling.at, ruling.by)
    elif against:
        said = "; ".join(f"ruling {number}: {standing[number]}" for number in sorted(against))
        which = "it" if len(against) == 1 else "one of them"
        raise RulingError(f"This contradicts {said}. Take {which} back first: tracker rule undo {min(against)}")
    return ActiveRuling(rulings.add_ruling(db, ruling), ruling, replaced)


def _on_same_field(db: Connection, bound: ResolvedRulings, new: int, ruling: Ruling) -> set[int]:
    """Return the rulings that set the same field of the same event, through any of its listings."""
    memberships = listings.load_memberships(db)
    anchor = next((key for key, set_here in bound.fields.items() if new in set_here), None)
    if anchor is None or anchor not in memberships:
        return set()
    return {
        number
        for key, set_here in bound.fields.items()
        if key in memberships and memberships[key].event_id == memberships[anchor].event_id
        for number, each in set_here.items()
        if number != new and each.field == ruling.field
    }


def _content(ruling: Ruling) -> str:
    document = ruling.model_dump(mode="json", exclude={"note", "at", "by"}, exclude_defaults=True)
    return canonical_json(document)


def _anchor(db: Connection, names: Sequence[str]) -> Listing:
    found = listings.load_listings(db)
    key = ListingResolver(found).find(names)[0]
    return next(each for each in found if each.key == key)
