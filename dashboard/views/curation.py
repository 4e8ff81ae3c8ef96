"""The view Curation: the review queue of curators, and their rulings."""

from __future__ import annotations

import streamlit as st

from dashboard.components.curate_event import show_ruling
from dashboard.components.curate_sources import show_source_suggestions
from dashboard.components.plain import link, plain
from dashboard.controls.address import mark_changed
from dashboard.controls.decisions import decide, show_what_was_decided
from dashboard.curator import curator, is_curator
from dashboard.loading import Found, reading
from dashboard.navigation import View, link_to_event
from dashboard.settings import settings
from dashboard.visitor import main_button
from tracker.curation import decisions, visitor_suggestions
from tracker.curation.review_queue import ReviewPair, ReviewQueue, explain, load_review_queue
from tracker.curation.review_session import ReviewSession
from tracker.errors import SuggestionError
from tracker.models.listing import Listing
from tracker.models.ruling import RulingKind
from tracker.models.suggestion import Suggestion
from tracker.publishing.phrases import deadline_line, format_places, format_when

_MOST = 20


def curation(found: Found) -> None:
    """Show the review queue to curators, and to others how to log in."""
    if not is_curator():
        _show_login()
        return
    st.title("Curation", anchor=False)
    st.markdown(f":small[You decide as {plain(curator())}.]")
    show_what_was_decided()
    with reading() as db:
        waiting = load_review_queue(db, _MOST)
    tabs = st.tabs(
        [
            f"Suggestions {len(waiting.suggestions) + len(waiting.sources)}",
            f"One event or two {waiting.pairs}",
            f"About AI safety or not {len(waiting.off_topic)}",
            f"Rulings {len(waiting.rulings)}",
        ]
    )
    with tabs[0]:
        show_source_suggestions(waiting.sources)
        _show_suggestions(waiting)
    with tabs[1]:
        _show_pairs(waiting)
    with tabs[2]:
        _show_off_topic(waiting, found)
    with tabs[3]:
        for number, ruling in sorted(waiting.rulings.items(), reverse=True):
            show_ruling(number, ruling)
        if not waiting.rulings:
            st.markdown("No ruling stands.")


def _show_login() -> None:
    st.title("Curation", anchor=False)
    known = settings()
    if st.user.get("is_logged_in", False):
        st.info(f"You are logged in as {plain(str(st.user.get('email') or 'somebody'))}, who is not on the list.")
        st.button("Log out", on_click=st.logout)
    elif known.login:
        st.markdown("For those who look after the list. You need to be on the list of curators.")
        st.button("Log in", type=main_button(), on_click=st.login)
    else:
        st.info("Nobody can log in here. On the machine itself: tracker serve --curator NAME")


def _show_suggestions(waiting: ReviewQueue) -> None:
    for number, suggestion in list(waiting.suggestions.items())[:_MOST]:
        with st.container(border=True, gap="xsmall"):
            raw = suggestion.raw
            st.markdown(f"**{plain(raw.title)}**  \n{link(raw.url, raw.url) if raw.url else ''}")
            where = " & ".join(place.text or place.city for place in raw.places)
            st.markdown(
                f"{plain(raw.starts or raw.approximate or 'no date')} · {plain(where or raw.mode or 'no place')}"
            )
            if suggestion.note:
                st.markdown(f":small[“{plain(suggestion.note)}”]")
            _show_reading(suggestion)
            with st.container(horizontal=True):
                st.button("Publish it", key=f"accept_{number}", on_click=_accept, args=(number, raw.title))
                st.button("Take it away", key=f"refuse_{number}", on_click=_refuse, args=(number, raw.title))
    if not (waiting.suggestions or waiting.sources):
        st.markdown("No suggestion waits.")


def _show_reading(suggestion: Suggestion) -> None:
    try:
        listing = visitor_suggestions.read_suggestion(suggestion)
    except SuggestionError as error:
        st.warning(plain(str(error)))
    else:
        st.markdown(
            f":small[Read as: {plain(format_when(listing.when))}, {plain(format_places(listing) or 'no place')}]"
        )


def _show_pairs(waiting: ReviewQueue) -> None:
    for pair in waiting.doubtful:
        with st.container(border=True, gap="xsmall"):
            left, right = st.columns(2)
            for column, listing in ((left, pair.one), (right, pair.other)):
                with column:
                    _show_listing(listing, waiting)
            key = f"{pair.one.key} {pair.other.key}"
            title = f"What speaks for and against it ({pair.points:.0f} points)"
            with st.expander(title, key=f"why {key}", on_change=mark_changed) as why:
                if why.open:
                    with reading() as db:
                        st.code("\n".join(explain(db, pair).lines()), language=None)
            with st.container(horizontal=True):
                st.button("One event", key=f"same {key}", on_click=_rule, args=(RulingKind.SAME, pair))
                st.button("Two events", key=f"different {key}", on_click=_rule, args=(RulingKind.DIFFERENT, pair))
    if not waiting.doubtful:
        st.markdown("No pair is in doubt.")


def _show_listing(listing: Listing, waiting: ReviewQueue) -> None:
    said = [format_when(listing.when), format_places(listing), ", ".join(listing.organizers)]
    said += [deadline_line(each) for each in listing.deadlines[:1]]
    name = waiting.source_names.get(listing.source, listing.source)
    st.markdown(
        f"**{link(listing.title, listing.url) if listing.url else plain(listing.title)}**  \n"
        + "  \n".join(plain(each) for each in said if each)
        + f"  \n:small[{plain(name)}]"
    )


def _show_off_topic(waiting: ReviewQueue, found: Found) -> None:
    for published, why in waiting.off_topic[:_MOST]:
        event = published.event
        with st.container(border=True, gap="xsmall"):
            st.markdown(f"**{link(event.title, event.link)}**  \n{plain((event.summary or event.description)[:300])}")
            st.markdown(f":small[{plain(why)}]")
            with st.container(horizontal=True):
                args = (event.id, event.title)
                st.button("About AI safety", key=f"xrisk_{event.id}", on_click=_belongs, args=(*args, "xrisk"))
                st.button("Adjacent", key=f"adjacent_{event.id}", on_click=_belongs, args=(*args, "adjacent"))
                st.button("Hide it", key=f"hide_{event.id}", on_click=_hide, args=args)
                link_to_event(event, found.selection)
    if not waiting.off_topic:
        st.markdown("No event is in doubt.")


def _accept(number: int, title: str) -> None:
    decide(f"Published: {title}", lambda session, who: visitor_suggestions.accept(session, number, who))


def _refuse(number: int, title: str) -> None:
    decide(
        f"Taken away: {title}", lambda session, who: visitor_suggestions.refuse(session.db, number, session.now, who)
    )


def _rule(kind: RulingKind, pair: ReviewPair) -> None:
    def make(session: ReviewSession, who: str) -> None:
        one, other = str(pair.one.key), str(pair.other.key)
        session.done.append(decisions.decide_pair(session.db, kind, one, other, session.now, by=who))

    decide("One event" if kind is RulingKind.SAME else "Two events", make)


def _belongs(event_id: str, title: str, scope: str) -> None:
    def make(session: ReviewSession, who: str) -> None:
        session.done.append(decisions.decide_edit(session.db, event_id, "scope", scope, session.now, by=who))

    decide(f"Kept: {title}", make)


def _hide(event_id: str, title: str) -> None:
    def make(session: ReviewSession, who: str) -> None:
        session.done.append(decisions.decide_hidden(session.db, event_id, session.now, by=who))

    decide(f"Hidden: {title}", make)


VIEW = View("Curation", "curation", 9, curation, filters=False, icon=":material/fact_check:", may_see=is_curator)
