"""The filters: widgets whose values live in the address, in the grammar of the feeds."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from dashboard.loading import Choices
from tracker.models.selection import Attendance, Selection

SEVERAL = ("type", "mode", "country", "city")
SINGLE = ("q", "from", "to")
_DAYS = ("from", "to")
_FROM_TODAY = "from_today"


def choose_selection(choices: Choices) -> Selection:
    """Show the filters and return what they select, with whatever else the address asks for.

    Labels are the values of the address themselves: Streamlit writes the label into it, and the same address
    must work in a feed.

    Raises:
        SelectionError: the address asks for something unknown.
    """
    # Read before the widgets: they drop from the address what they do not offer.
    asked = Selection.from_pairs(_pairs_of_address())
    values: list[tuple[str, str]] = [pair for pair in asked.to_pairs() if pair[0] not in SEVERAL + SINGLE]
    # The widgets know days only; "+30d" of an address stays until a day is chosen instead.
    from_today: dict[str, str] = st.session_state.setdefault(_FROM_TODAY, {})
    from_today |= {name: value for name, value in asked.to_pairs() if name in _DAYS and not value[:4].isdigit()}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        q = st.text_input("Search", key="q", type="search", live=True, bind="query-params", width=240,
                          placeholder="Title, place, organiser …")  # fmt: skip
        start = st.date_input("From", value=None, key="from", format="YYYY-MM-DD", bind="query-params", width=150)
        end = st.date_input("To", value=None, key="to", format="YYYY-MM-DD", bind="query-params", width=150)
        countries = st.multiselect(
            "Country", _with(choices.countries, asked.country), key="country", bind="query-params", width=150,
            placeholder="Any",
        )  # fmt: skip
        cities = st.multiselect(
            "City",
            _with(choices.cities, asked.city),
            key="city",
            bind="query-params",
            width=180,
            placeholder="Any",
        )
        modes = st.pills(
            "Attend",
            [each.value for each in Attendance],
            key="mode",
            selection_mode="multi",
            bind="query-params",
            label_visibility="collapsed",
        )
    types = st.pills(
        "Type", _with(choices.types, (each.value for each in asked.type)), key="type", selection_mode="multi",
        bind="query-params", label_visibility="collapsed",
    )  # fmt: skip
    for name, chosen in zip(SEVERAL, (types, modes, countries, cities), strict=True):
        values += [(name, value) for value in chosen or ()]
    values += [("q", q)] if q else []
    for name, day in zip(_DAYS, (start, end), strict=True):
        if day:
            from_today.pop(name, None)
        if said := str(day) if day else from_today.get(name):
            values.append((name, said))
    return Selection.from_pairs(values)


def clear_filters() -> None:
    """Empty every filter, and the address with it. For use as a callback."""
    for name in SEVERAL:
        st.session_state[name] = []
    st.session_state["q"] = ""
    st.session_state["from"] = st.session_state["to"] = None
    st.session_state[_FROM_TODAY] = {}
    for name in [*Selection.names(), "page"]:
        if name not in SEVERAL + SINGLE and name in st.query_params:
            del st.query_params[name]


def _pairs_of_address() -> Iterable[tuple[str, str]]:
    """Return what of the address is ours: links that are passed on pick up other names (fbclid, utm_source)."""
    given = [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
    return [(name, value) for name, value in given if name in Selection.names() and value]


def _with(offered: Iterable[str], asked: Iterable[str]) -> list[str]:
    """Offer what there is, and what the address asks for even if there is none of it today."""
    return list(dict.fromkeys([*offered, *asked]))
