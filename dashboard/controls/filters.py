"""Shows the filters with counts, and the chosen ones as chips that remove them."""

from __future__ import annotations

import streamlit as st

from dashboard.components.fit import show_fit, show_fit_form
from dashboard.components.labels import LABELS, value_words, words_for
from dashboard.components.paste import show_paste
from dashboard.components.plain import plain
from dashboard.controls.address import PROBLEM, choose, clear, mark_changed
from dashboard.controls.date_filter import show_spans, show_when
from dashboard.controls.place_filter import show_places, show_where
from dashboard.controls.widgets import SHEET, choose_one, multiselect, pills, selectbox, sync_widget, widget_key
from dashboard.loading import Found
from dashboard.visitor import main_button
from tracker.models.selection import Attendance, Selection
from tracker.publishing.phrases import language_name
from tracker.store.choice_counts import NOT_STATED


def show_chips(selection: Selection, source_names: dict[str, str]) -> None:
    """Show a chip for every chosen value, and a button that clears all filters."""
    pairs = [pair for pair in selection.to_pairs() if pair[0] not in {"sort", "within"}]
    if not pairs:
        return
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key="chips"):
        for number, (name, value) in enumerate(pairs):
            words = source_names.get(value, value) if name == "source" else value_words(name, value)
            if name == "near":
                words = f"{words}, {selection.within} km"
            rest = [each for key, each in pairs if key == name and each != value]
            st.button(
                f"{LABELS[name]}: {plain(words)}", key=f"chip_{number}_{name}", icon=":material/close:",
                on_click=choose, args=(name, rest),
            )  # fmt: skip
        if len(pairs) > 1:  # one chip alone does the same
            st.button("Clear all filters", type="tertiary", key="clear", on_click=clear)


_CLOSING = {"": "Any time", "7d": "7 days", "14d": "14 days", "30d": "30 days", "90d": "90 days"}
_PAST = {"": "Only what is to come", "30d": "Ended in the last 30 days", "365d": "Ended in the last year",
         "all": "All that ended"}  # fmt: skip
_SORTS = {"": "Soonest first", "deadline": "Deadline first", "new": "Newly listed first"}
_STATUSES = ("open", "not_closed", "closing_soon", "rolling", "not_yet_open", "closed", "unknown")


def show_filters(found: Found, source_names: dict[str, str], *, is_sorted: bool) -> None:
    """Show the filters of a selection, with the number of events beside each value."""
    selection = found.selection
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="bar"):
        _show_search(selection)
        _show_sheet(found, source_names, is_sorted=is_sorted)
        show_paste(found)
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="quick", width="content"):
            show_when(found)
            show_where(found)
            show_fit(selection)
            if is_sorted:
                _show_order(selection)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="choices"):
        _show_kinds(found, hidden=True)
    if problem := st.session_state.get(PROBLEM):
        st.warning(plain(problem))
    show_chips(selection, source_names)
    _show_unstated(found)


def _show_order(selection: Selection, twin: str = "") -> None:
    if not selection.fit:  # which ranks by itself
        look = {} if twin else {"width": 170, "label_visibility": "collapsed"}
        selectbox(selection, "sort", "Order", _SORTS, twin, **look)


def _show_kinds(found: Found, twin: str = "", *, hidden: bool = False) -> None:
    pills(found.selection, "mode", "How to take part", found.counts("mode"), words_for("mode"),
          options=[each.value for each in Attendance], hidden=hidden, twin=twin)  # fmt: skip
    pills(found.selection, "type", "Type", found.counts("type"), words_for("type"), hidden=hidden, twin=twin)


def _show_sheet(found: Found, source_names: dict[str, str], *, is_sorted: bool) -> None:
    """Show the button that opens the other filters; a narrow screen has all of them there, in a sheet.

    They are made when it is opened, so that other clicks need not wait for them.
    """
    selection = found.selection
    # With the same label always, as one that changed would close it. page.js writes the number of chips beside it.
    with st.popover("Filters", icon=":material/tune:", key="more", on_change=mark_changed) as box:
        if not box.open:
            return
        with st.container(key="sheet"):
            with st.container(key="sheet_narrow"):
                show_spans(found, SHEET)
                show_places(found, SHEET)
                _show_kinds(found, SHEET)
                if is_sorted:
                    _show_order(selection, SHEET)
                with st.expander("Fits me"):
                    show_fit_form(selection, SHEET)
            _show_more(found, source_names)
            count = len(found)
            st.button(
                f"Show {count:,} event{'s' if count != 1 else ''}", key="sheet_close", type=main_button(),
                width="stretch", on_click=_close_sheet,
            )  # fmt: skip


def _close_sheet() -> None:
    mark_changed()
    st.session_state["more"] = False


def _show_search(selection: Selection) -> None:
    key = widget_key("q")
    # "AI ", while the visitor is typing, is the same query as "AI".
    if " ".join(str(st.session_state.get(key, "")).split()) != selection.q:
        sync_widget("q", selection.q)
    st.text_input(
        "Search", key=key, type="search", live=True, width=230, placeholder="Search title, place, organiser …",
        label_visibility="collapsed", on_change=choose_one, args=("q", key), max_chars=200,
    )  # fmt: skip


def _show_more(found: Found, source_names: dict[str, str]) -> None:
    selection = found.selection
    pills(selection, "status", LABELS["status"], found.counts("status"), words_for("status"), options=_STATUSES)
    selectbox(selection, "deadline_within", LABELS["deadline_within"], _CLOSING)
    for name, options in (
        ("cost", ("free", "paid", "unknown")),
        ("stipend", ("stipend", "expenses", "none", "unknown")),
        ("level", ("low", "mid", "high", "unknown")),
        ("topic", ("technical", "governance", "general")),
    ):
        pills(selection, name, LABELS[name], found.counts(name), words_for(name), options=options)
    multiselect(selection, "language", LABELS["language"], found.counts("language"), language_name)
    multiselect(
        selection, "source", LABELS["source"], found.counts("source"), lambda each: source_names.get(each, each)
    )
    counts = found.counts("scope")
    pills(
        selection, "scope", LABELS["scope"], counts, words_for("scope"), options=[x for x in counts if x != "unknown"]
    )
    selectbox(selection, "past", LABELS["past"], _PAST)


def _show_unstated(found: Found) -> None:
    """Show how many events each filter hides that do not say, and a button that shows them, too."""
    unstated = found.unstated()
    if not unstated:
        return
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key="unstated"):
        for name, count in unstated.items():
            say = "does not say" if count == 1 else "do not say"
            st.button(
                f"{count:,} {say}: {LABELS[name].lower()}", key=f"unstated_{name}", icon=":material/add:",
                help="Show these, too", on_click=choose, args=(name, [*getattr(found.selection, name), NOT_STATED]),
            )  # fmt: skip
