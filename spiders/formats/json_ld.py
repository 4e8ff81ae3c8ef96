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
_WRAPPING = re.compile(
    r"^(?:\s*(?://|/\*|<!--)?\s*(?:<!\[CDATA\[|<!--)\s*(?:\*/|-->)?)|"
    r"(?:(?://|/\*|<!--)?\s*(?:\]\](?:>|&gt;)|-->)\s*(?:\*/|-->)?\s*)$"
)
_MOST_LENIENT = 200_000
"""Number of characters up to which a broken script is tried leniently: that parser is slow."""
_DEEPEST = 40
_MOST_OBJECTS = 50


@dataclass(slots=True)
class JsonLd:
    """The JSON-LD of a page."""

    trees: list[Any] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    """Text of each script that cannot be read."""


def read_json_ld(document: lxml.html.HtmlElement) -> JsonLd:
    """Return the trees of all JSON-LD scripts of a page."""
    found = JsonLd()
    for script in document.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = (script.text_content() or "").strip()
        trees = list(_parse(text))
        if text and not trees:
            found.broken.append(text)
        found.trees += [_compact(tree, {}, 0) for tree in trees]
    _link(found.trees)
    return found


def _parse(text: str) -> Iterator[Any]:
    """Yield the values of a script: usually one, or several without a list around them."""
    text = text.strip("\ufeff\u200b \t\r\n")
    if text[:1] not in "{[" or text[-1:] not in "}]":
        text = _WRAPPING.sub("", text).strip().rstrip(";").strip()
    if "&quot;" in text and '"' not in text:
        text = html.unescape(text)
    for attempt in (text, _CONTROLS.sub(" ", text)):
        if (values := _values(attempt)) is not None:
            yield from values
            return
    if len(text) <= _MOST_LENIENT:
        try:
            yield json5.loads(text, strict=False)
        except (ValueError, RecursionError):
            return


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
    aliases = {**aliases, **_aliases(value.get("@context"))}
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
    """Replace every object that is only a reference by the object that it refers to, which is then shared."""
    nodes = [node for tree in trees for node in _objects(tree)]
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    for node in nodes:
        for name, value in node.items():
            if isinstance(value, list):
                node[name] = [_referred(each, by_id) for each in value]
            else:
                node[name] = _referred(value, by_id)


def _referred(value: Any, by_id: Mapping[str, Any]) -> Any:
    if isinstance(value, dict) and value.keys() <= {"@id", "@type"} and isinstance(value.get("@id"), str):
        return by_id.get(value["@id"], value)
    return value


def _objects(tree: Any) -> Iterator[dict[str, Any]]:
    waiting = [tree]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
        waiting.extend(value.values() if isinstance(value, dict) else value if isinstance(value, list) else ())
