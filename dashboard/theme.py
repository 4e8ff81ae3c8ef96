"""The theme: one accent colour, the system font, and colours with WCAG's contrast in the light and the dark theme."""

from __future__ import annotations

from typing import Any

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"

LIGHT: dict[str, Any] = {
    "primaryColor": "#0f6b74",
    "backgroundColor": "#fbfcfc",
    "secondaryBackgroundColor": "#eef3f3",
    "textColor": "#17262a",
    "linkColor": "#0b5f68",
    "borderColor": "#d5dfe0",
    "blueColor": "#1c4f9c", "blueBackgroundColor": "#e3edfb", "blueTextColor": "#1a458a",
    "violetColor": "#5d3a9b", "violetBackgroundColor": "#eee7fa", "violetTextColor": "#51318a",
    "greenColor": "#1d6b3a", "greenBackgroundColor": "#e0f3e6", "greenTextColor": "#185a30",
    "orangeColor": "#9a4f00", "orangeBackgroundColor": "#fdeeda", "orangeTextColor": "#834300",
    "redColor": "#b3261e", "redBackgroundColor": "#fce6e4", "redTextColor": "#9b1c15",
    "grayColor": "#56666a", "grayBackgroundColor": "#e9eeee", "grayTextColor": "#4c5b5f",
}  # fmt: skip
DARK: dict[str, Any] = {
    "primaryColor": "#8fdbe3",
    "backgroundColor": "#11191b",
    "secondaryBackgroundColor": "#1a2528",
    "textColor": "#e4ecec",
    "linkColor": "#7fd0d9",
    "borderColor": "#2f3e42",
    "blueColor": "#8ab8f5", "blueBackgroundColor": "#1b2f4d", "blueTextColor": "#a9cbf8",
    "violetColor": "#bda5ee", "violetBackgroundColor": "#322651", "violetTextColor": "#cfbdf4",
    "greenColor": "#7fcf9b", "greenBackgroundColor": "#173825", "greenTextColor": "#9bdcb2",
    "orangeColor": "#f0b26b", "orangeBackgroundColor": "#432c10", "orangeTextColor": "#f5c58d",
    "redColor": "#f59a93", "redBackgroundColor": "#4c1d1a", "redTextColor": "#f8b3ad",
    "grayColor": "#a3b3b6", "grayBackgroundColor": "#26343a", "grayTextColor": "#b4c2c5",
}  # fmt: skip
_SHARED: dict[str, Any] = {
    "font": FONT,
    "headingFont": FONT,
    "baseFontSize": 15,
    "baseRadius": "0.5rem",
    "headingFontSizes": ["1.7rem", "1.2rem", "1.1rem", "1rem", "0.95rem", "0.9rem"],
    "headingFontWeights": [650, 600, 600, 600, 600, 600],
    "linkUnderline": True,
    "paddingTop": "1.5rem",
    "paddingBottom": "3rem",
    "showWidgetBorder": True,
}


def theme_options() -> dict[str, Any]:
    """Return Streamlit's theme options; both themes are set, so that the visitor's preference applies."""
    return (
        {f"theme.{name}": value for name, value in _SHARED.items()}
        | {f"theme.light.{name}": value for name, value in LIGHT.items()}
        | {f"theme.dark.{name}": value for name, value in DARK.items()}
    )
