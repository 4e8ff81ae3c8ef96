"""Generates ``land.json``: the land of the world without Antarctica. Run by hand; the result is committed.

python tracker/publishing/data/build_land.py node_modules/world-atlas/land-110m.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

_SOUTHERNMOST = -60


def without_antarctica(topology: dict[str, Any]) -> dict[str, Any]:
    """Return a topology (TopoJSON) without the polygons south of 60° S, and without the arcs that only they used."""
    scale, translate = topology["transform"]["scale"][1], topology["transform"]["translate"][1]

    def is_inhabited(arc: list[list[int]]) -> bool:
        return bool(arc[0][1] * scale + translate > _SOUTHERNMOST)

    arcs: list[list[list[int]]] = []
    number: dict[int, int] = {}
    for old, arc in enumerate(topology["arcs"]):
        if is_inhabited(arc):
            number[old] = len(arcs)
            arcs.append(arc)

    def index(arc: int) -> int | None:
        found = number.get(~arc if arc < 0 else arc)
        return None if found is None else ~found if arc < 0 else found

    polygons = []
    for polygon in topology["objects"]["land"]["geometries"][0]["arcs"]:
        rings = [[index(arc) for arc in ring] for ring in polygon]
        if all(arc is not None for ring in rings for arc in ring):
            polygons.append(rings)
    land = {"type": "GeometryCollection", "geometries": [{"type": "MultiPolygon", "arcs": polygons}]}
    return {"type": "Topology", "transform": topology["transform"], "objects": {"land": land}, "arcs": arcs}


if __name__ == "__main__":
    made = without_antarctica(json.loads(Path(sys.argv[1]).read_text("utf-8")))
    Path(__file__).with_name("land.json").write_text(json.dumps(made, separators=(",", ":")), "utf-8")
