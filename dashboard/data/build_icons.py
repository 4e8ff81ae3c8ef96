"""Builds ``icons.woff2`` and the list of its icons: those of Streamlit's icon font that somebody names, at one weight.

Run after an upgrade of Streamlit, with fonttools and brotli: ``python dashboard/data/build_icons.py``.
"""

from __future__ import annotations

import re
from pathlib import Path

import streamlit as st
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

HERE = Path(__file__).parent
STATIC = Path(str(st.__file__)).with_name("static") / "static"
NAME = re.compile(r"material/(\w+)")


def main() -> None:
    """Write the file."""
    texts = [*STATIC.glob("js/*.js"), *STATIC.parents[1].rglob("*.py"), *HERE.parent.rglob("*.py")]
    names = {name for path in texts for name in NAME.findall(path.read_text("utf-8"))}
    font = TTFont(next(STATIC.glob("media/MaterialSymbols-Rounded.*.woff2")))
    if "fvar" in font:
        font = instantiateVariableFont(font, {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes})
    glyphs = set(font.getGlyphOrder())
    letters = {font.getBestCmap()[ord(each)] for each in "abcdefghijklmnopqrstuvwxyz0123456789_"}
    options = Options(layout_closure=False, layout_features=["*"], flavor="woff2", hinting=False)
    subsetter = Subsetter(options)
    subsetter.populate(glyphs=sorted((names & glyphs) | letters))
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(HERE / "icons.woff2")
    (HERE / "icons.txt").write_text("\n".join(sorted(names & glyphs)) + "\n", "utf-8")


if __name__ == "__main__":
    main()
