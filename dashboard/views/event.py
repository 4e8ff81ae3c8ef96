"""The view of one event: its facts and their sources, disagreements, changes and series."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from dashboard.charts import colour
from dashboard.components.countdown import countdown_badge, deadline_words
from dashboard.components.curate_event import show_curation
from dashboard.components.event_entry import show_add
from dashboard.components.facts import address_line, type_badges, when_lines
from dashboard.components.plain import link, plain
from dashboard.controls.address import extra_param
from dashboard.controls.decisions import show_what_was_decided
from dashboard.loading import Found, load_event
from dashboard.navigation import View, event_link
from dashboard.settings import settings
from dashboard.visitor import base_url, main_button, visitor_zone
from tracker.errors import UnknownEventError
from tracker.models.application_status import application_status, next_deadline
from tracker.models.event import Event, PublishedEvent
from tracker.models.vocabulary import ApplicationStatus
from tracker.publishing.feeds import CALENDAR_NAME
from tracker.publishing.pages import EventPage
from tracker.publishing.phrases import action_words, deadline_line, format_places, format_when, instant_words

_MOST = 24
"""Number of other events that are linked."""
_IN_HEAD = frozenset({"Type", "Organised by"})


def event(found: Found) -> None:
    """Show the event that the URL names."""
    show_what_was_decided()
    try:
        page = load_event(extra_param("id"), found.now)
    except UnknownEventError:
        st.header("There is no such event", anchor=False)
        st.info(
            "It may have been taken away by its organiser, or the address is not complete. Browse shows what is on."
        )
        return
    _show_head(page, found)
    with st.container(key="event_text", width=760):
        _show_text(page, found)


def _show_text(page: EventPage, found: Found) -> None:
    _show_about(page)
    _show_doubts(page)
    _show_whole_and_parts(page, found)
    _show_series(page, found)
    _show_history(page)
    _show_provenance(page)
    show_curation(page)


def _show_head(page: EventPage, found: Found) -> None:
    event, zone = page.event, visitor_zone()
    st.set_page_config(page_title=f"{event.title} · {CALENDAR_NAME}")
    st.title(plain(event.title), anchor=False)
    for state in page.states:
        st.warning(state)
    drawn = page.place_map(land=colour("borderColor"), place=colour("primaryColor"), edge=colour("backgroundColor"))
    with st.container(horizontal=True, gap="large", key="event_head"):
        with st.container(gap="small"):
            with st.container(key="event_facts"):
                st.markdown(_lines(event, found, zone))
            with st.container(horizontal=True, gap="small", key="actions"):
                words = _button_words(event, found)
                st.link_button(words, event.apply_url or event.link, type=main_button(), icon=":material/open_in_new:")
                if event.apply_url and event.apply_url != event.link:
                    st.link_button("The organiser's page", event.link, icon=":material/open_in_new:")
                show_add(event)
        if drawn:
            with st.container(key="event_map", width=280):
                st.image(drawn, alt=f"Map: {format_places(event)}", width="stretch")


def _lines(event: Event, found: Found, zone: str) -> str:
    """Return date, place, deadlines and host, as Markdown: each beside a picture."""
    when, *other_clocks = when_lines(event, zone)
    lines = [f":material/event: {when}", *other_clocks, f":material/place: {address_line(event)}"]
    badge = countdown_badge(event, found.now, zone)
    counted = next_deadline(event, found.now) or next(iter(event.deadlines), None)
    for each in event.deadlines:
        words = deadline_line(each)
        left = f" {badge}" if badge and each is counted and words not in badge else ""
        lines.append(f":material/hourglass_bottom: {deadline_words(each, zone)}{left}")
    if badge and not event.deadlines:
        lines.append(badge)
    if event.organizers:
        lines.append(f":material/group: {plain(', '.join(event.organizers))}")
    return "\n\n".join([*lines, type_badges(event)])


def _button_words(event: Event, found: Found) -> str:
    deadline, status = next_deadline(event, found.now), application_status(event, found.now)
    if deadline is None:
        deadline = next((each for each in event.deadlines if each.rolling), None)
    if event.apply_url and event.apply_url != event.link:
        return action_words(deadline)
    can_apply = status in {ApplicationStatus.OPEN, ApplicationStatus.CLOSING_SOON, ApplicationStatus.ROLLING}
    return f"{action_words(deadline)} on the organiser's page" if can_apply else "The organiser's page"


def _show_about(page: EventPage) -> None:
    said = [f":gray[{name}:] {plain(value)}" for name, value in page.facts if name not in _IN_HEAD]
    if said:
        st.markdown(" · ".join(said))
    text = page.event.description or page.event.summary
    if text:
        st.header("About", anchor=False)
        st.markdown("\n\n".join(plain(part) for part in text.split("\n") if part.strip()))


def _show_doubts(page: EventPage) -> None:
    if page.disagreements:
        st.header("Where sources disagree", anchor=False)
        said = [f"- {plain(source)} says {name.lower()}: {plain(value)}" for source, name, value in page.disagreements]
        st.markdown("\n".join(said))
    for doubt in page.event.doubts:
        st.markdown(f":small[Note: {plain(doubt)}]")


def _show_whole_and_parts(page: EventPage, found: Found) -> None:
    if page.whole:
        _show_links("Part of", [page.whole], page, found)
    if page.parts:
        _show_links("Parts of it", page.parts, page, found)


def _show_series(page: EventPage, found: Found) -> None:
    if page.siblings:
        _show_links("Of the same series", page.siblings, page, found, page.patterns)


def _show_links(
    heading: str, events: Sequence[PublishedEvent], page: EventPage, found: Found, notes: Sequence[str] = ()
) -> None:
    st.header(heading, anchor=False)
    said = [f":gray[{plain(note)}.]" for note in notes]
    coming = [each for each in events if each.event.ends_at > found.now]
    st.markdown("\n".join([*said, "", *(_link_line(each, page, found) for each in coming[:_MOST])]))
    if past := [each for each in events if each.event.ends_at <= found.now]:
        with st.expander(f"{len(past)} earlier"):
            st.markdown("\n".join(_link_line(each, page, found) for each in past[:_MOST]))


def _link_line(each: PublishedEvent, page: EventPage, found: Found) -> str:
    """Return a link to another event with its date, which is the name of one that is called alike."""
    when = format_when(each.event.when)
    if each.event.title == page.event.title:
        return f"- {event_link(each.event, found.selection, when)}"
    return f"- {event_link(each.event, found.selection)}, {plain(when)}"


def _show_history(page: EventPage) -> None:
    if not page.news:
        return
    names = page.source_names
    said = [
        f"- {instant_words(each.at)}: {plain(each.headline)}{': ' + plain(each.words) if each.words else ''}"
        + (f" :gray[({plain(names.get(each.source, each.source))})]" if each.source else "")
        for each in page.news
    ]
    with st.expander(f"What changed ({len(said)})"):
        st.markdown("\n".join(said))


def _show_provenance(page: EventPage) -> None:
    listed = ", ".join(
        link(each.attribution or each.name, each.url or each.homepage)
        + (f" ({plain(each.licence)})" * bool(each.licence))
        for each in page.event.sources
    )
    with st.expander("Who says so"):
        rows = ["| What | Value | Source | Since |", "|---|---|---|---|"]
        for name, value, source, address, day in page.says:
            who = link(source, address) if address else plain(source)
            said = link(value, value) if name == "Link" else plain(value)
            rows.append(f"| {name} | {said} | {who} | {day} |")
        st.markdown("\n".join(row.replace("\n", " ") for row in rows))
        st.markdown(f"{len(page.listings)} listing{'s' if len(page.listings) != 1 else ''} behind it:")
        for listing, reason in page.listings:
            name = page.source_names.get(listing.source, listing.source)
            st.markdown(
                f"**{plain(name)}**: {plain(listing.title)}, {plain(format_when(listing.when))}  \n"
                f":small[Here because {plain(reason)}. Read on {instant_words(listing.fetched_at)} from "
                f"{plain(listing.page_url)}]"
            )
    report = link("Report a problem", report_link(page.event))
    st.markdown(f":small[Listed by {listed}. Something is wrong here? {report}]")


def report_link(event: Event) -> str:
    """Return the URL for reporting a problem: a prefilled GitHub issue, else the setting ``contact``."""
    contact = settings().contact.rstrip("/")
    words = f"{event.title}\n{base_url()}/events/{event.id}\n\nWhat is wrong:\n"
    if "github.com/" in contact:
        return f"{contact}/issues/new?" + urlencode({"title": f"Wrong: {event.title}"[:120], "body": words[:1_500]})
    return contact


VIEW = View("Event", "event", 0, event, filters=False)
