"""Shows Vega-Lite charts (vega.github.io/vega-lite/docs) in the theme's colours, with labels of enough contrast.

The charts are plain dicts: Altair would check each against a schema, which takes longer than the rest of a page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.theme import DARK, LIGHT
from dashboard.visitor import is_dark

LONGEST_LABEL = 46
Spec = dict[str, Any]


def show_chart(rows: pd.DataFrame, spec: Spec, *, key: str, alt: str, chosen: Sequence[str] = (),
               on_choice: Callable[[], None] | None = None) -> None:  # fmt: skip
    """Show a chart.

    Args:
        rows: the data of its marks.
        spec: the Vega-Lite specification without the data.
        key: the key of Streamlit's element.
        alt: the text alternative.
        chosen: names of the spec's selection parameters, which a click sets.
        on_choice: callback for a click.
    """
    grey = colour("grayTextColor")
    words = {"labelColor": grey, "titleColor": grey}  # Streamlit's own grey has too little contrast
    whole = {**spec, "config": {"axis": words, "legend": words}}
    if on_choice is None:
        st.vega_lite_chart(rows, whole, key=key, alt=alt, width="stretch")
    else:
        st.vega_lite_chart(
            rows, whole, key=key, alt=alt, width="stretch", on_select=on_choice, selection_mode=list(chosen)
        )


def colour(name: str) -> str:
    """Return a colour of the visitor's theme by name."""
    return str((DARK if is_dark() else LIGHT)[name])


def label(text: str) -> str:
    """Return a text as the label of a mark: on one line, at most ``LONGEST_LABEL`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_LABEL else f"{line[: LONGEST_LABEL - 1]}…"


def tooltip(**fields: str) -> list[Spec]:
    """Return the specification of a tooltip with these fields and titles."""
    return [{"field": field, "title": title} for field, title in fields.items()]
