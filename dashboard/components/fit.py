"""What fits the visitor: the form, whose answers are kept in the address alone, and the reasons on a card."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from dashboard.components.plain import plain
from dashboard.controls.address import choose
from dashboard.controls.widgets import widget_key
from dashboard.visitor import main_button
from tracker.errors import SelectionError
from tracker.fitting.criteria import Verdict
from tracker.fitting.ranking import Fitness
from tracker.models.fit import Fit, Money, Online
from tracker.models.moments import EARLIEST_YEAR, LATEST_YEAR
from tracker.models.selection import Selection
from tracker.models.selection_values import LONGEST_DISTANCE, write_distance
from tracker.models.vocabulary import Level, Topic
from tracker.reading.places.fields import locate_place

_LEVELS = {"": "Any", Level.LOW: "I begin", Level.MID: "I know some", Level.HIGH: "I know much"}
_ONLINE = {"": "Does not matter", Online.YES: "Online suits me", Online.NO: "Not online", Online.ONLY: "Only online"}
_MONEY = {
    "": "Does not matter",
    Money.FREE: "It must cost nothing",
    Money.EXPENSES: "I need my expenses",
    Money.STIPEND: "I need a stipend",
}
_MARKS = {
    Verdict.FITS: ":green[✓]",
    Verdict.PARTLY: ":orange[~]",
    Verdict.AGAINST: ":red[✗]",
    Verdict.UNKNOWN: ":gray[?]",
}


def fit_words(fitness: Fitness) -> str:
    """Return how well an event fits, with its reasons, as Markdown."""
    said = " · ".join(f"{_MARKS[each.verdict]} {plain(each.words)}" for each in fitness.reasons)
    return f":small[**Fit {fitness.score}**, {fitness.known} of {fitness.asked} known: {said}]"


def show_fit(selection: Selection) -> None:
    """Show a button that opens the form of what fits."""
    with st.popover("Fits me", icon=":material/target:"):
        show_fit_form(selection)


def show_fit_form(selection: Selection, twin: str = "") -> None:
    """Show the form of what fits. Its answers go into the address and nowhere else."""
    st.markdown(":small[Best first, with reasons; nothing is left out. Kept in this page's address and nowhere else.]")
    fit = Fit.parse(selection.fit) if selection.fit else None
    with st.form(widget_key("fit_form", twin), border=False):
        given = _ask(fit)
        sent = st.form_submit_button("Show what fits", type=main_button())
    if sent:
        _apply(given)


def _ask(fit: Fit | None) -> dict[str, Any]:
    level, online, money = (getattr(fit, name, None) or "" for name in ("level", "online", "money"))
    return {
        "level": _one("Level", _LEVELS, level),
        "near": st.text_input("Where you are", fit.near if fit else "", placeholder="Berlin", max_chars=100),
        "within": st.number_input("How far you would travel (km)", 1, LONGEST_DISTANCE, fit.within if fit else 100),
        "online": _one("Online", _ONLINE, online),
        "first": _day("Time from", fit.first_day if fit else None),
        "last": _day("Time until", fit.last_day if fit else None),
        "hours": st.number_input("Hours a week", 1, 80, fit.hours if fit else None, placeholder="Any"),
        "money": _one("Money", _MONEY, money),
        "topics": st.multiselect(
            "Topics", list(Topic), list(fit.topics) if fit else [], format_func=lambda each: str(each).capitalize()
        ),
    }


def _day(label: str, value: date | None) -> date | None:
    first, last = date(EARLIEST_YEAR, 1, 1), date(LATEST_YEAR, 12, 31)
    return st.date_input(label, value, min_value=first, max_value=last, format="YYYY-MM-DD")


def _one(label: str, options: dict[Any, str], value: Any) -> Any:
    choices = list(options)
    return st.selectbox(label, choices, choices.index(value), format_func=options.__getitem__)


def _apply(given: dict[str, Any]) -> None:
    near = given["near"].strip().replace(";", " ")
    days = [day.isoformat() if day else "" for day in (given["first"], given["last"])]
    parts = {
        "level": given["level"],
        "near": near,
        "within": write_distance(given["within"]) if near else "",
        "online": given["online"],
        "months": "..".join(days) if any(days) else "",
        "hours": given["hours"] or "",
        "money": given["money"],
        "topics": ",".join(given["topics"]),
    }
    text = ";".join(f"{name}:{value}" for name, value in parts.items() if value)
    try:
        locate_place(near)
        Fit.parse(text) if text else None
    except (SelectionError, ValueError) as error:
        st.warning(plain(str(error)))
        return
    choose("fit", [text] if text else [])
    st.rerun()
