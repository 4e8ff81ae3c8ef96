"""What the charts share: colours of both themes, and how text gets into them."""

from __future__ import annotations

from typing import Any

from dashboard.theme import DARK, LIGHT
from dashboard.visitor import is_dark

LONGEST_LABEL = 46


def readable(chart: Any) -> Any:
    """Return a chart whose words have enough contrast; Streamlit's own grey has not."""
    grey = colour("grayTextColor")
    return chart.configure_axis(labelColor=grey, titleColor=grey).configure_legend(labelColor=grey, titleColor=grey)


def colour(name: str) -> str:
    """Return a colour of the theme by its name."""
    return str((DARK if is_dark() else LIGHT)[name])


def label(text: str) -> str:
    """Return a text as the label of a mark: one line, not too long."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_LABEL else f"{line[: LONGEST_LABEL - 1]}…"
