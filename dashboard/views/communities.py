"""The view Groups: communities to join, the nearest first if the visitor says where she is."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.components.plain import link, plain
from dashboard.loading import Found, load_sources, reading
from dashboard.navigation import View
from tracker.errors import SelectionError
from tracker.models.community import Community
from tracker.models.selection import Selection
from tracker.models.vocabulary import Mode
from tracker.publishing.phrases import place_words
from tracker.reading.places.fields import locate
from tracker.store.communities import load_communities

_LONGEST_NEAR = 100


def communities(found: Found) -> None:
    """Show a table of the groups."""
    with reading() as db:
        known = load_communities(db)
    st.title("Groups to join", anchor=False)
    if not known:
        st.markdown("No source has listed a group yet. The next crawl of AISafety.com's communities brings them.")
        return
    st.markdown(
        "People who meet, online or somewhere near you. They are no events; most announce theirs in their own channels."
    )
    near = st.text_input(
        "Near", found.selection.near or "", max_chars=_LONGEST_NEAR, key="groups_near", placeholder="A city: Berlin"
    )
    center = _center(near.strip())
    rows = sorted(known, key=lambda each: (_distance(each, center), each.name.casefold()))
    st.dataframe(
        pd.DataFrame([_row(each, center) for each in rows]), hide_index=True, height="content", key="groups",
        alt="Groups to join, with where they meet.",
        column_config={"Join": st.column_config.LinkColumn(display_text="Open", width="small")},
    )  # fmt: skip
    st.markdown(f"{len(known)} groups. {_credit(known)}")


def _center(near: str) -> tuple[float, float] | None:
    """Return the coordinates of a place; say so if it is not known."""
    if not near:
        return None
    try:
        located = locate(Selection(near=near))
    except (SelectionError, ValueError) as error:
        st.warning(plain(str(error)))
        return None
    return located.center


def _distance(community: Community, center: tuple[float, float] | None) -> float:
    """Return the distance in km to the nearest place of a community; infinite if one of them is not known."""
    if center is None:
        return float("inf")
    distances = (place.km_from(*center) for place in community.places)
    return min((each for each in distances if each is not None), default=float("inf"))


def _row(community: Community, center: tuple[float, float] | None) -> dict[str, object]:
    distance = _distance(community, center)
    where = " · ".join(place_words(place) for place in community.places)
    row: dict[str, object] = {
        "Group": community.name,
        "Join": community.link,  # early, for a phone shows the first columns only
        "Where": where or ("Online" if community.mode is Mode.ONLINE else ""),
        "About": community.description,
        "Kind": ", ".join(community.kinds),
    }
    if center is not None:
        row["Where"] = f"{row['Where']}, {distance:,.0f} km away" if distance < float("inf") else row["Where"]
    return row


def _credit(known: list[Community]) -> str:
    sources = load_sources()
    named = [sources[name] for name in dict.fromkeys(each.source for each in known) if name in sources]
    return "Listed by " + ", ".join(f"{link(each.attribution or each.name, each.homepage)}" for each in named) + "."


VIEW = View("Groups", "groups", 8, communities, filters=False, icon=":material/groups:")
