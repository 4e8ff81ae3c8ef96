"""Finds the views, and shows links between them that keep the filters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import NoReturn
from urllib.parse import urlencode

import streamlit as st

from dashboard.components.plain import plain
from dashboard.loading import Found
from tracker.models.event import Event
from tracker.models.selection import Selection

_NARROW = 3
"""Number of views that a narrow screen names beside "More"."""


def _everybody() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class View:
    """One page of the dashboard. Each module of ``dashboard/views`` defines one as ``VIEW``."""

    title: str
    path: str
    """Its path in the URL; empty for the first page."""
    order: int
    """Its position in the navigation; 0 if it is not in the navigation and only links open it."""
    show: Callable[[Found], None]
    filters: bool = True
    """Whether the filters are shown above it."""
    is_sorted: bool = False
    """Whether the order that a visitor chooses changes it."""
    icon: str = ""
    may_see: Callable[[], bool] = _everybody


@cache
def views() -> tuple[View, ...]:
    """Return all views, in the order of the navigation."""
    import dashboard.views

    modules = [import_module(f"dashboard.views.{each.name}") for each in iter_modules(dashboard.views.__path__)]
    return tuple(sorted((module.VIEW for module in modules), key=lambda view: (view.order, view.path)))


def everybodys_views() -> list[View]:
    """Return the views of the navigation that need no permission."""
    return [view for view in views() if view.order and view.may_see is _everybody]


def views_by_path() -> dict[str, View]:
    """Return all views by their path."""
    return {view.path: view for view in views()}


def page_of(view: View) -> st.Page:
    """Return Streamlit's page of a view."""
    return st.Page(_nothing(view), title=f"{view.title} · AI safety events", url_path=view.path, default=not view.path)


def _nothing(view: View) -> Callable[[], None]:
    def show() -> None:
        """Do nothing: ``app.py`` shows the views, because they need the found events."""

    show.__name__ = view.path or "browse"
    return show


def show_navigation(current: View, selection: Selection) -> None:
    """Show links to the other views, with the same filters. A narrow screen has the first ones, and a menu of all."""
    shown = [view for view in views() if view.order and view.may_see()]
    with st.container(horizontal=True, gap="xsmall", key="views"):
        for view in shown:
            _show_link(view, current, selection)
    with st.container(horizontal=True, gap=None, wrap=False, key="views_narrow"):
        for view in shown[:_NARROW]:
            _show_link(view, current, selection, with_icon=False)
        is_named = current in shown[:_NARROW]
        with st.popover("More" if is_named else f"**More: {current.title}**", type="tertiary", key="views_more"):
            for view in shown[_NARROW:]:
                _show_link(view, current, selection)


def show_way_back(selection: Selection) -> None:
    """Show a link to the list, with the same filters."""
    # page.js goes back instead, to the view and the place in it, if the event was opened from there.
    st.container(key="back").page_link(
        page_of(views_by_path()[""]), label="All events" if not selection.to_pairs() else "The list you came from",
        icon=":material/arrow_back:", query_params=selection.to_pairs(),
    )  # fmt: skip


def _show_link(view: View, current: View, selection: Selection, *, with_icon: bool = True) -> None:
    st.page_link(
        page_of(view), label=f"**{view.title}**" if view is current else view.title,
        icon=(view.icon or None) if with_icon else None, query_params=selection.to_pairs(),
    )  # fmt: skip


def open_event(event: Event, selection: Selection) -> NoReturn:
    """Leave this view for the event's page."""
    st.switch_page(page_of(views_by_path()["event"]), query_params=[*selection.to_pairs(), ("id", event.id)])


def event_link(event: Event, selection: Selection, label: str = "") -> str:
    """Return a link to the event's page that keeps the filters, as Markdown: ``page.js`` follows it without loading."""
    return f"[{plain(label or event.title)}](<event?{urlencode([*selection.to_pairs(), ('id', event.id)])}>)"


def view_link(path: str, selection: Selection, label: str) -> str:
    """Return a link to a view that keeps the filters, as Markdown."""
    return f"[{plain(label)}](<{path or '.'}?{selection.to_query()}>)"


def near_me_link(path: str, selection: Selection) -> str:
    """Return a link to a view of what is near the visitor, as Markdown: ``page.js`` asks the browser for the place."""
    kept = [pair for pair in selection.to_pairs() if pair[0] != "near"]
    return f"[Near me](<{path or '.'}?{urlencode(kept)}#near-me>)"


def link_to_event(event: Event, selection: Selection, label: str = "Details") -> None:
    """Show a link to the event page. Its label should be short, because it does not wrap."""
    st.page_link(
        page_of(views_by_path()["event"]), label=plain(label), query_params=[*selection.to_pairs(), ("id", event.id)]
    )
