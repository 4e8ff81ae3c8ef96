"""Reads JSON-LD scripts into trees with plain schema.org names, even if they are only nearly JSON.

Names are compacted as JSON-LD 1.1 (section 4.1) asks: prefixes and aliases of ``@context`` are resolved, and an object
that only has an ``@id`` is replaced by the object of that id, wherever on the page it is described.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import json5
import lxml.html

_SCHEMA = re.compile(r"https?://(?:www\.)?schema\.org/?", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x1f\ufeff]")
_BEFORE = re.compile(
    r"(?:(?://|/\*|<!--(?://-->)?)?\s{0,9}(?:<!\[CDATA\[|<!--)(?://>)?\s{0,9}(?:\*/|-->|<!--)?\s{0,9})+"
)
_AFTER = re.compile(r"(?:(?://|/\*|<!--)?\s{0,9}(?:(?:-->)?<?!?\]\](?:>|&gt;)|-->)\s{0,9}(?:\*/|-->)?\s{0,9})+$")
_LONGEST_MARK = 60
_MOST_LENIENT = 60_000
"""Number of characters of the broken scripts of one page that are tried leniently: that parser is slow."""
_LINKS = frozenset({"superEvent", "subEvent", "subEvents", "hasCourseInstance", "location", "organizer", "provider"})
"""Properties in which a bare string may be the ``@id`` of another object."""
_DEEPEST = 40
_MOST_OBJECTS = 5_000


@dataclass(slots=True)
class JsonLd:
    """The JSON-LD of a page."""

    trees: list[Any] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    """Text of each script that cannot be read."""


def read_json_ld(document: lxml.html.HtmlElement) -> JsonLd:
    """Return the trees of all JSON-LD scripts of a page."""
    found, lenient = JsonLd(), _MOST_LENIENT
    for script in document.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = (script.text_content() or "").strip()
        trees = _parse(text)
        if trees is None and len(text) <= lenient:
            lenient -= len(text)
            trees = _parse_leniently(text)
        if text and trees is None:
            found.broken.append(text)
        found.trees += [_compact(tree, {}, 0) for tree in trees or ()]
    _link(found.trees)
    return found


def _parse(text: str) -> list[Any] | None:
    """Return the values of a script: usually one, or several without a list around them; None if it is not JSON."""
    text = _unwrapped(text)
    if "&quot;" in text and '"' not in text:
        text = html.unescape(text)
    values = _values(text)
    return values if values is not None else _values(_CONTROLS.sub(" ", text))


def _parse_leniently(text: str) -> list[Any] | None:
    """Return the value of a script with trailing commas, comments, single quotes or bare keys (JSON5)."""
    try:
        return [json5.loads(_unwrapped(text), strict=False)]
    except (ValueError, RecursionError):
        return None


def _unwrapped(text: str) -> str:
    """Return a script without the comments and CDATA marks that hide it from old browsers."""
    text = text.strip("\ufeff\u200b \t\r\n")
    if before := _BEFORE.match(text):
        text = text[before.end() :].lstrip()
    if text[-1:] not in "}]" and (after := _AFTER.search(text[-_LONGEST_MARK:])):
        text = text[: after.start() - len(after.string)].rstrip()
    return text.rstrip(";").rstrip()


def _values(text: str) -> list[Any] | None:
    """Return the JSON values that stand in ``text`` one after the other; None if it is not JSON."""
    decoder = json.JSONDecoder(strict=False)
    found: list[Any] = []
    at = 0
    try:
        while at < len(text) and len(found) < _MOST_OBJECTS:
            value, at = decoder.raw_decode(text, at)
            found.append(value)
            at = len(text) - len(text[at:].lstrip(" \t\r\n,;"))
    except (ValueError, RecursionError):
        return None
    return found


def _compact(value: Any, aliases: Mapping[str, str], depth: int) -> Any:
    if depth > _DEEPEST:
        return None
    if isinstance(value, list):
        return [_compact(each, aliases, depth + 1) for each in value]
    if not isinstance(value, Mapping):
        return value
    if value.get("@context"):
        aliases = {**aliases, **_aliases(value["@context"])}
    node: dict[str, Any] = {}
    for key, inner in value.items():
        node.setdefault(_name(str(key), aliases), _compact(inner, aliases, depth + 1) if key != "@context" else None)
    for keyword in ("type", "id"):  # aliases of schema.org's own context
        if isinstance(node.get(keyword), (str, list)):
            node.setdefault(f"@{keyword}", node[keyword])
    return node


def _name(key: str, aliases: Mapping[str, str]) -> str:
    key = aliases.get(key, key)
    prefix, colon, rest = key.partition(":")
    if _SCHEMA.match(key):
        return _SCHEMA.sub("", key)
    return rest if colon and (prefix == "schema" or aliases.get(prefix) == "") else key


def _aliases(context: Any) -> dict[str, str]:
    """Return the names that a context gives to schema.org's; a prefix of schema.org is mapped to an empty name."""
    found: dict[str, str] = {}
    for each in context if isinstance(context, list) else [context]:
        if isinstance(each, Mapping):
            for term, meaning in each.items():
                said = meaning.get("@id") if isinstance(meaning, Mapping) else meaning
                if isinstance(said, str) and (said.startswith(("@", "schema:")) or _SCHEMA.match(said)):
                    found[str(term)] = _SCHEMA.sub("", said.removeprefix("schema:"))
    # "name": "s:name" with a prefix that stands beside it, and "title": "name" beside "@vocab"
    for each in context if isinstance(context, list) else [context]:
        if isinstance(each, Mapping):
            has_vocab = _SCHEMA.match(str(each.get("@vocab", ""))) is not None
            for term, meaning in each.items():
                said = meaning.get("@id") if isinstance(meaning, Mapping) else meaning
                prefix, colon, rest = said.partition(":") if isinstance(said, str) else ("", "", "")
                if colon and found.get(prefix) == "":
                    found[str(term)] = rest
                elif has_vocab and prefix and not colon and not prefix.startswith("@") and not term.startswith("@"):
                    found[str(term)] = prefix
    return found


def _link(trees: list[Any]) -> None:
    """Replace every reference by the object that it refers to, which is then shared."""
    nodes = [node for tree in trees for node in _objects(tree)]
    by_id: dict[str, dict[str, Any]] = {}
    for node in nodes:
        name = node.get("@id")
        if isinstance(name, str) and not _is_reference(node) and len(node) > len(by_id.get(name, ())):
            by_id[name] = node
    for node in nodes:
        for name, value in node.items():
            referred = [_referred(each, by_id, name) for each in (value if isinstance(value, list) else [value])]
            node[name] = referred if isinstance(value, list) else referred[0]


def _referred(value: Any, by_id: Mapping[str, Any], name: str) -> Any:
    if isinstance(value, str) and name in _LINKS:
        return by_id.get(value, value)
    return by_id.get(value["@id"], value) if isinstance(value, dict) and _is_reference(value) else value


def _is_reference(node: Mapping[str, Any]) -> bool:
    """Return whether an object only refers to another: ``{"@id": "#venue", "@type": "Place"}``."""
    return isinstance(node.get("@id"), str) and node.keys() <= {"@id", "@type", "id", "type"}


def _objects(tree: Any) -> Iterator[dict[str, Any]]:
    waiting = [tree]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
        waiting.extend(value.values() if isinstance(value, dict) else value if isinstance(value, list) else ())
