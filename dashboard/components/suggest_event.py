"""Shows the form for a suggested event: what our reader found, all editable, and what it understands of it."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from dashboard.components.plain import plain
from dashboard.controls.address import mark_changed
from dashboard.suggestion_form import keep_suggestion
from dashboard.visitor import main_button
from tracker.clock import current_time
from tracker.errors import TrackerError
from tracker.models.listing import Listing
from tracker.models.raw_listing import RawDeadline, RawListing, RawPlace, Rejected
from tracker.models.suggestion import SUGGESTED
from tracker.models.vocabulary import Mode
from tracker.probing.preview import Preview
from tracker.publishing.phrases import deadline_line, format_places, format_when
from tracker.reading.listings import read_listing
from tracker.reading.places import country_name
from tracker.reading.plain_text import read_text
from tracker.reading.text_report import report_text


@dataclass(frozen=True, slots=True)
class Words:
    """What the form says about an event, in words; deadlines and places are separated by ``;``."""

    title: str = ""
    when: str = ""
    where: str = ""
    deadlines: str = ""


def show_event_form(page: Preview) -> bool:
    """Show the form for one of the events of a page; return True once it has been suggested."""
    chosen = RawListing(source=SUGGESTED.id, page_url=page.url, fetched_at=current_time(), url=page.url)
    if len(page.listings) > 1:
        number = st.selectbox(
            "Which of these?", range(len(page.listings)), on_change=mark_changed,
            format_func=lambda each: event_line(page.listings[each])[:120],
        )  # fmt: skip
        chosen = page.listings[number]
    elif page.listings:
        chosen = page.listings[0]
    key, known = f"{page.url} {chosen.source_id} {chosen.starts}", words_of(chosen)
    written = Words(
        _field("Title", known.title, key, most=255),
        _field("When", known.when, key, "12–14 March 2027, or: 12 March 2027, 18:00-20:00 Berlin time"),
        _field("Where", known.where, key, "Trajan House, Oxford, UK, or: online"),
        _field("Apply or register by", known.deadlines, key, "31 January 2027, AoE"),
    )
    raw = with_words(chosen, known, written)
    _show_understood(raw, written)
    note = st.text_area("Anything else we should know", max_chars=1_000, key=f"note {key}", on_change=mark_changed)
    if st.button("Suggest it", type=main_button(), on_click=mark_changed):
        has_link = chosen.url.startswith(("http://", "https://"))
        try:
            keep_suggestion(raw.model_copy(update={"url": chosen.url if has_link else page.url}), note)
        except TrackerError as error:
            st.error(plain(str(error)))
        else:
            return True
    return False


def _field(label: str, value: str, key: str, example: str = "", most: int = 300) -> str:
    return st.text_input(
        label,
        value[:most],
        max_chars=most,
        placeholder=example,
        live=True,
        key=f"{label} {key}",
        on_change=mark_changed,
    )


def words_of(raw: RawListing) -> Words:
    """Return what our reader finds on the page, in words that it reads as the same again."""
    read = _read(raw)
    if read is None:
        places = [", ".join(filter(None, (each.text, each.venue, each.city, each.country))) for each in raw.places]
        when = " – ".join(part for part in (raw.starts, raw.ends) if part) or raw.approximate
        return Words(read_text(raw.title), when, "; ".join(places) or raw.mode)
    is_dated = read.when.start is not None or read.when.text
    places = [_whole_place(raw, number) for number in range(len(read.places))]
    online = ["online"] if read.mode in {Mode.ONLINE, Mode.HYBRID_CHOICE} else []
    due = [deadline_line(each) for each in read.deadlines]
    return Words(read.title, format_when(read.when) if is_dated else "", "; ".join(places + online), "; ".join(due))


def with_words(raw: RawListing, known: Words, written: Words) -> RawListing:
    """Return a raw listing that states what the visitor has written; what was left alone stays as the page has it."""
    changed: dict[str, object] = {"title": written.title}
    if written.when != known.when:
        changed |= {"starts": written.when, "ends": "", "timezone": "", "approximate": "", "end_is_exclusive": False}
        # "12 March" means the next one.
        changed["published"] = f"{current_time():%Y-%m-%d}"
    if written.where != known.where:
        changed |= {"places": _places(written.where), "mode": ""}
    elif not written.where and written.when != known.when:
        changed["places"] = tuple(RawPlace(text=each.raw) for each in report_text(written.when).where.places)
    if written.deadlines != known.deadlines:
        changed["deadlines"] = tuple(RawDeadline(text=part) for part in _parts(written.deadlines))
        if not written.deadlines.strip():
            changed["description"] = ""  # which stated it
    return raw.model_copy(update=changed)


def event_line(raw: RawListing) -> str:
    """Return an event on one line: day, title, place."""
    read = _read(raw)
    if read is None:
        return " · ".join(filter(None, (raw.starts[:25], raw.title[:80])))
    return " · ".join(filter(None, (format_when(read.when), read.title, format_places(read))))


def _show_understood(raw: RawListing, written: Words) -> None:
    if not (written.title.strip() and written.when.strip()):
        st.markdown(":small[A title and a date are needed; the rest helps.]")
        return
    read = read_listing(raw, SUGGESTED)
    if isinstance(read, Rejected):
        st.warning(f"We cannot read this: {plain(read.detail)}.")
        return
    if read.when.start is None:
        when = f"no day; we would say “{plain(read.when.text or written.when)}”. Write it as in 12–14 March 2027."
    else:
        when = plain(format_when(read.when))
    lines = [f"**When:** {when}", f"**Where:** {_where_words(read)}"]
    if read.deadlines:
        lines.append(f"**Deadline:** {plain('; '.join(deadline_line(each) for each in read.deadlines))}")
    elif written.deadlines.strip():
        lines.append("**Deadline:** none that we understand. Write it as in 31 January 2027.")
    with st.container(border=True, gap="xxsmall", key="understood"):
        st.markdown("What we understood:  \n" + "  \n".join(lines))


def _where_words(read: Listing) -> str:
    known = [each for each in read.places if each.country]
    unknown = [each.raw for each in read.places if not each.country]
    said = [plain(f"{each.city or each.label}, {country_name(each.country)}") for each in known]
    if read.mode in {Mode.ONLINE, Mode.HYBRID_CHOICE, Mode.HYBRID_REQUIRED}:
        said.append("online")
    if unknown:
        said.append(f"{plain(', '.join(unknown))}, which we do not find on the map. Add city and country.")
    return " & ".join(said) or "not said"


def _whole_place(raw: RawListing, number: int) -> str:
    """Return a place as the page has it, or as our reader found it in the text."""
    read = _read(raw)
    if read is None:
        return ""
    place = read.places[number]
    parts = (place.venue, place.city, country_name(place.country) if place.country else "")
    return ", ".join(dict.fromkeys(filter(None, parts))) or place.raw


def _read(raw: RawListing) -> Listing | None:
    read = read_listing(raw, SUGGESTED)
    return None if isinstance(read, Rejected) else read


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _places(text: str) -> tuple[RawPlace, ...]:
    return tuple(RawPlace(text=part) for part in _parts(text))
