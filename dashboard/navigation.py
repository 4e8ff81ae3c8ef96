"""The views, and links between them that keep the filters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import streamlit as st

from dashboard.loading import Found
from dashboard.pieces.plain import plain
from tracker.models.event import Event
from tracker.models.selection import Selection


@dataclass(frozen=True, slots=True)
class View:
    """One page of the dashboard. A file of ``dashboard/views`` with a ``VIEW`` is all it takes."""

    title: str
    path: str
    """In the address; empty for the first page."""
    order: int
    """Its place in the navigation; 0: it is not in it, and links lead to it."""
    show: Callable[[Found], None]
    filters: bool = True
    """Whether filters stand above it."""
    icon: str = ""
    may_see: Callable[[], bool] = lambda: True


@cache
def views() -> tuple[View, ...]:
    """Return all views, in the order of the navigation."""
    import dashboard.views

    modules = [import_module(f"dashboard.views.{each.name}") for each in iter_modules(dashboard.views.__path__)]
    return tuple(sorted((module.VIEW for module in modules), key=lambda view: (view.order, view.path)))


def page_of(view: View) -> st.Page:
    """Return Streamlit's page of a view."""
    return st.Page(_nothing(view), title=f"{view.title} · AI safety events", url_path=view.path, default=not view.path)


def _nothing(view: View) -> Callable[[], None]:
    def show() -> None:
        """Views are shown with what was found for them."""

    show.__name__ = view.path or "browse"
    return show


def show_navigation(current: View, selection: Selection) -> None:
    """Show links to the other views, with the same filters."""
    with st.container(horizontal=True, gap="xsmall", key="views"):
        for view in views():
            if view.order and view.may_see():
                st.page_link(
                    page_of(view), label=f"**{view.title}**" if view is current else view.title,
                    icon=view.icon or None, query_params=selection.to_pairs(),
                )  # fmt: skip


def link_to_event(event: Event, selection: Selection, label: str = "Details") -> None:
    """Show a link to everything that is known of an event. It does not wrap, so long words stand elsewhere."""
    view = next(each for each in views() if each.path == "event")
    st.page_link(page_of(view), label=plain(label), query_params=[*selection.to_pairs(), ("id", event.id)])
