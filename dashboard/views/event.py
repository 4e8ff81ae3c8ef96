"""The view of one event: its facts and their sources, disagreements, changes and series."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from dashboard.components.countdown import countdown_badge, deadline_words
from dashboard.components.curate_event import show_curation
from dashboard.components.event_entry import show_add
from dashboard.components.facts import type_badges, when_words
from dashboard.components.plain import link, plain
from dashboard.controls.address import extra_param
from dashboard.controls.decisions import show_what_was_decided
from dashboard.loading import Found, load_event
from dashboard.navigation import View, link_to_event
from dashboard.settings import settings
from dashboard.visitor import base_url, main_button, visitor_zone
from tracker.errors import UnknownEventError
from tracker.models.event import Event, PublishedEvent
from tracker.publishing.pages import EventPage
from tracker.publishing.phrases import format_when, instant_words


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
    _show_about(page)
    _show_doubts(page)
    _show_whole_and_parts(page, found)
    _show_series(page, found)
    _show_history(page)
    _show_provenance(page)
    show_curation(page)


def _show_head(page: EventPage, found: Found) -> None:
    event, zone = page.event, visitor_zone()
    badges = " ".join(part for part in (type_badges(event), countdown_badge(event, found.now, zone)) if part)
    if badges:
        st.markdown(badges)
    st.title(plain(event.title), anchor=False)
    for state in page.states:
        st.warning(state)
    lines = [f"**{when_words(event, zone)}**", *(deadline_words(each, zone) for each in event.deadlines)]
    st.markdown("  \n".join(lines))
    with st.container(horizontal=True, gap="small"):
        if event.apply_url and event.apply_url != event.link:
            st.link_button("Apply or register", event.apply_url, type=main_button(), icon=":material/open_in_new:")
        st.link_button("The organiser's page", event.link, icon=":material/open_in_new:")
        show_add(event)
    st.markdown("  \n".join(f":gray[{name}:] {plain(value)}" for name, value in page.facts))


def _show_about(page: EventPage) -> None:
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
        _show_links("Part of", [page.whole], found)
    if page.parts:
        _show_links("Parts of it", page.parts[:24], found)


def _show_series(page: EventPage, found: Found) -> None:
    if page.siblings:
        _show_links("Of the same series", page.siblings[:24], found, page.patterns)


def _show_links(heading: str, events: Sequence[PublishedEvent], found: Found, notes: Sequence[str] = ()) -> None:
    st.header(heading, anchor=False)
    for note in notes:
        st.markdown(f"{plain(note)}.")
    for each in events:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(f"{plain(format_when(each.event.when))}: {plain(each.event.title)}", width="content")
            link_to_event(each.event, found.selection)


def _show_history(page: EventPage) -> None:
    if not page.news:
        return
    st.header("What changed", anchor=False)
    names = page.source_names
    said = [
        f"- {instant_words(each.at)}: {plain(each.headline)}{': ' + plain(each.words) if each.words else ''}"
        + (f" :gray[({plain(names.get(each.source, each.source))})]" if each.source else "")
        for each in page.news
    ]
    st.markdown("\n".join(said))


def _show_provenance(page: EventPage) -> None:
    st.header("Who says so", anchor=False)
    rows = ["| What | Value | Source | Since |", "|---|---|---|---|"]
    for name, value, source, address, day in page.says:
        who = link(source, address) if address else plain(source)
        said = link(value, value) if name == "Link" else plain(value)
        rows.append(f"| {name} | {said} | {who} | {day} |")
    st.markdown("\n".join(row.replace("\n", " ") for row in rows))
    listed = ", ".join(
        link(each.attribution or each.name, each.url or each.homepage)
        + (f" ({plain(each.licence)})" * bool(each.licence))
        for each in page.event.sources
    )
    with st.expander(f"{len(page.listings)} listing{'s' if len(page.listings) != 1 else ''} behind it"):
        st.markdown(f"Listed by {listed}.")
        for listing, reason in page.listings:
            name = page.source_names.get(listing.source, listing.source)
            st.markdown(
                f"**{plain(name)}**: {plain(listing.title)}, {plain(format_when(listing.when))}  \n"
                f":small[Here because {plain(reason)}. Read on {instant_words(listing.fetched_at)} from "
                f"{plain(listing.page_url)}]"
            )
    st.markdown(f":small[Something is wrong here? {link('Report a problem', report_link(page.event))}]")


def report_link(event: Event) -> str:
    """Return the URL for reporting a problem: a prefilled GitHub issue, else the setting ``contact``."""
    contact = settings().contact.rstrip("/")
    words = f"{event.title}\n{base_url()}/events/{event.id}\n\nWhat is wrong:\n"
    if "github.com/" in contact:
        return f"{contact}/issues/new?" + urlencode({"title": f"Wrong: {event.title}"[:120], "body": words[:1_500]})
    return contact


VIEW = View("Event", "event", 0, event, filters=False)
