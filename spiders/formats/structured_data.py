"""Extracts event nodes in schema.org form from JSON-LD, microdata and h-event, at any depth."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import lxml.html
from extruct.w3cmicrodata import MicrodataExtractor

Node = Mapping[str, Any]

_ALSO_EVENTS = frozenset({"Hackathon", "CourseInstance", "EventSeries", "Festival", "EducationalOccupationalProgram"})
_INSTANCES = ("subEvent", "subEvents", "hasCourseInstance")
_NESTED = ("@graph", "itemListElement", "item", "mainEntity", "mainEntityOfPage", "event", "events", "dataFeedElement",
           "hasPart", "about", "performerIn", "workPerformed", "superEvent", *_INSTANCES)  # fmt: skip
_INHERITED = ("description", "url", "location", "organizer", "provider", "offers", "isAccessibleForFree", "inLanguage",
              "eventAttendanceMode", "courseMode", "eventStatus")  # fmt: skip
"""What a date without a name of its own takes from the series or course that it belongs to."""
_DEEPEST = 12
_DEEPEST_PAGE = 120
_H_EVENT = re.compile(r"class\s{0,9}=\s{0,9}[\"']?[^\"'<>]{0,300}\b(?:h-event|vevent)\b")
_H_NAMES = {"start": "startDate", "end": "endDate", "name": "name", "url": "url", "summary": "description",
            "description": "description", "uid": "identifier", "category": "keywords"}  # fmt: skip
_H_ADDRESS = {"street-address": "streetAddress", "locality": "addressLocality", "region": "addressRegion",
              "country-name": "addressCountry"}  # fmt: skip


def microdata_events(document: lxml.html.HtmlElement, text: str, url: str) -> Iterator[Node]:
    """Yield the events marked up with microdata. A page without ``itemscope`` is not searched."""
    if "itemscope" in text.lower() and document.xpath("//*[@itemscope]"):
        extractor: Any = _Microdata
        found: list[Any] = extractor(nested=True).extract_items(document, base_url=url)
        yield from events_in([as_node(item) for item in found])


class _Microdata(MicrodataExtractor):
    """Also reads two forms that the standard does not have, but pages do."""

    def _extract_property_value(self, node: Any, *args: Any, **kwargs: Any) -> Any:
        is_name_of_link = node.tag == "a" and "name" in node.get("itemprop", "").split()
        if node.get("itemscope") is None and (is_name_of_link or (node.tag == "time" and not node.get("datetime"))):
            return node.get("content") or " ".join(node.text_content().split())
        value: Any = super()._extract_property_value(node, *args, **kwargs)  # type: ignore[no-untyped-call]
        return value


def h_events(document: lxml.html.HtmlElement, text: str, url: str) -> Iterator[Node]:
    """Yield the h-event microformats of a page. Parsing is slow, so pages without the class are skipped."""
    if not ("h-event" in text or "vevent" in text) or not _H_EVENT.search(text) or _is_deep(document):
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


def events_in(value: Any) -> Iterator[Node]:
    """Yield every schema.org event in ``value``, at any depth; an object that several refer to only once."""
    nodes = list(_nodes_in(value))
    parents: dict[int, Node] = {}
    for node in nodes:
        for name in (
            *_INSTANCES,
            *(("hasPart",) if _is_event(node) else ("event", "events") if _is_group(node) else ()),
        ):
            inner = node.get(name)
            for each in inner if isinstance(inner, list) else [inner]:
                parents.setdefault(id(each), node)
    for node in nodes:
        parent = parents.get(id(node))
        event = _with_inherited(node, parent or _first_node(node.get("superEvent")))
        if parent is not None and "@type" not in event and "hasCourseInstance" in parent:
            event = {**event, "@type": "CourseInstance"}
        if _is_event(event) and not _is_sum_of_dates(event):
            yield event


def _nodes_in(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every object that may be an event or hold one, each once, those of lists in their order."""
    waiting, seen = [(value, 0)], set()
    while waiting:
        each, depth = waiting.pop()
        if isinstance(each, list):
            waiting.extend((item, depth + 1) for item in reversed(each))
        elif isinstance(each, dict) and depth <= _DEEPEST and id(each) not in seen:
            seen.add(id(each))
            yield each
            waiting.extend((each[name], depth + 1) for name in reversed(_NESTED) if name in each)


def _with_inherited(node: dict[str, Any], parent: Node) -> Node:
    if not parent or node.get("name") or node.get("headline") or not parent.get("name"):
        return node
    missing = {name: parent[name] for name in _INHERITED if parent.get(name) and not node.get(name)}
    return {**node, **missing, "name": parent["name"]}


def _first_node(value: Any) -> Node:
    nodes = value if isinstance(value, list) else [value]
    return next((each for each in nodes if isinstance(each, Mapping)), {})


def last_part(name: str) -> str:
    """Return the last part of a name that may be a URL: ``Event`` of ``http://schema.org/Event``."""
    return re.split(r"[/#:]", name.rstrip("/"))[-1]


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


def _is_group(node: Node) -> bool:
    """Return whether a node is a MusicGroup, DanceGroup or the like, whose events often have no name but its own."""
    return last_part(str(node.get("@type"))).endswith("Group")


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
    properties = dict(value.get("properties", {}))
    for inner in properties.get("adr", []):
        if isinstance(inner, Mapping):
            properties |= inner.get("properties", {})
    address = {ours: _h_text(next(iter(properties.get(name, [])), "")) for name, ours in _H_ADDRESS.items()}
    return {"@type": "Place", "name": _h_text(value), "address": {key: text for key, text in address.items() if text}}


def _h_text(value: Any) -> str:
    return str(value.get("value", "")) if isinstance(value, Mapping) else str(value)
