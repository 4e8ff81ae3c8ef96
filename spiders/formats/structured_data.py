"""Extracts event nodes in schema.org form from JSON-LD, microdata and h-event, at any depth."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import lxml.html
from extruct.w3cmicrodata import MicrodataExtractor

Node = Mapping[str, Any]

_ALSO_EVENTS = frozenset({"Hackathon", "CourseInstance", "EventSeries"})
_NESTED = ("@graph", "itemListElement", "item", "mainEntity", "mainEntityOfPage", "event", "events", "subEvent",
           "subEvents", "hasCourseInstance", "hasPart", "about", "performerIn", "workPerformed")  # fmt: skip
_DEEPEST = 12
_DEEPEST_PAGE = 120
_CONTROLS = re.compile(r"[\x00-\x1f]")
_H_EVENT = re.compile(r"class=[\"'][^\"'<>]{0,300}\b(?:h-event|vevent)\b")
_H_NAMES = {"start": "startDate", "end": "endDate", "name": "name", "url": "url", "summary": "description",
            "description": "description", "uid": "identifier", "category": "keywords"}  # fmt: skip
_H_ADDRESS = {"street-address": "streetAddress", "locality": "addressLocality", "region": "addressRegion",
              "country-name": "addressCountry"}  # fmt: skip


def json_ld_events(document: lxml.html.HtmlElement) -> Iterator[Node]:
    """Yield the events of the page's JSON-LD scripts. A script that is not JSON is skipped."""
    yield from events_in(list(_json_ld(document)))


def microdata_events(document: lxml.html.HtmlElement, text: str, url: str) -> Iterator[Node]:
    """Yield the events marked up with microdata. A page without ``itemscope`` is not searched."""
    if "itemscope" in text.lower() and document.xpath("//*[@itemscope]"):
        extractor: Any = MicrodataExtractor
        found: list[Any] = extractor(nested=True).extract_items(document, base_url=url)
        yield from events_in([as_node(item) for item in found])


def h_events(document: lxml.html.HtmlElement, text: str, url: str) -> Iterator[Node]:
    """Yield the h-event microformats of a page. Parsing is slow, so pages without the class are skipped."""
    if not _H_EVENT.search(text) or _is_deep(document):
        return
    import mf2py

    parse: Any = mf2py.parse
    for item in _h_items(parse(doc=text, url=url).get("items", [])):
        properties = item.get("properties", {})
        node: dict[str, Any] = {"@type": "Event"}
        # If a property has several values, the first is taken.
        node |= {ours: next(iter(properties[name]), "") for name, ours in _H_NAMES.items() if properties.get(name)}
        node["location"] = [_h_place(each) for each in properties.get("location", [])]
        node["organizer"] = [_h_text(each) for each in properties.get("organizer", [])]
        yield node


def _is_deep(document: lxml.html.HtmlElement) -> bool:
    """Return whether elements are nested too deep: mf2py takes minutes on pages with unclosed elements."""
    level, depth = [document], 0
    while level and depth <= _DEEPEST_PAGE:
        level, depth = [child for element in level for child in element if isinstance(child.tag, str)], depth + 1
    return bool(level)


def events_in(value: Any, depth: int = 0) -> Iterator[Node]:
    """Yield every schema.org event in ``value``, at any depth."""
    if isinstance(value, list):
        for each in value:
            yield from events_in(each, depth + 1)
    elif isinstance(value, dict) and depth <= _DEEPEST:
        if _is_event(value) and not _is_sum_of_dates(value):
            yield value
        for name in _NESTED:
            if isinstance(value.get(name), (dict, list)):
                yield from events_in(value[name], depth + 1)


def last_part(name: str) -> str:
    """Return the last part of a name that may be a URL: ``Event`` of ``http://schema.org/Event``."""
    return re.split(r"[/#:]", name.rstrip("/"))[-1]


def _json_ld(document: lxml.html.HtmlElement) -> Iterator[Any]:
    for script in document.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = (script.text_content() or "").strip()
        text = re.sub(r"^(?:<!--|//<!\[CDATA\[|/\*<!\[CDATA\[\*/)|(?:-->|//\]\]>|/\*\]\]>\*/)$", "", text).strip()
        for attempt in (text, _CONTROLS.sub(" ", text), text.rstrip(";").strip()):
            try:
                yield json.loads(attempt, strict=False)
            except (ValueError, RecursionError):
                continue
            break


def as_node(item: Any) -> Any:
    """Convert a microdata item to the form of a JSON-LD node."""
    if isinstance(item, list):
        return [as_node(each) for each in item]
    if not isinstance(item, dict):
        return item
    types = item.get("type", "")
    properties = {name: as_node(value) for name, value in item.get("properties", {}).items()}
    return {"@type": [last_part(n) for n in types] if isinstance(types, list) else last_part(types)} | properties


def _is_event(node: Node) -> bool:
    value = node.get("@type")
    names = [last_part(str(name)) for name in (value if isinstance(value, list) else [value])]
    return any(name.endswith("Event") or name in _ALSO_EVENTS for name in names)


def _is_sum_of_dates(node: Node) -> bool:
    """Return whether a node is a series with dated sub-events: it is not itself an event of three months."""
    inner: list[Any] = next((node[name] for name in ("subEvent", "subEvents") if isinstance(node.get(name), list)), [])
    dated = [each for each in inner if isinstance(each, Mapping) and each.get("startDate")]
    types = node.get("@type")
    is_series = "EventSeries" in {last_part(str(each)) for each in (types if isinstance(types, list) else [types])}
    return is_series and bool(dated)


def _h_items(items: Iterable[Any]) -> Iterator[Node]:
    for item in items:
        if isinstance(item, dict):
            if "h-event" in item.get("type", []):
                yield item
            yield from _h_items(item.get("children", []))


def _h_place(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    properties = value.get("properties", {})
    address = {ours: _h_text(next(iter(properties.get(name, [])), "")) for name, ours in _H_ADDRESS.items()}
    return {"@type": "Place", "name": _h_text(value), "address": {key: text for key, text in address.items() if text}}


def _h_text(value: Any) -> str:
    return str(value.get("value", "")) if isinstance(value, Mapping) else str(value)
