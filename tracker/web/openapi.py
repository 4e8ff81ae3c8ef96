"""Generates the OpenAPI 3.1 description of the HTTP interface from the models and the table of filters."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, get_args

from tracker import __version__
from tracker.models.calendar_options import Deadlines, ExpectedRounds
from tracker.models.filters import FILTERS
from tracker.models.selection import Selection
from tracker.publishing.feeds import FEEDS, FeedFormat
from tracker.publishing.json_events import json_schema
from tracker.publishing.pasting import FORMS

_TEXT = {"text/plain": {"schema": {"type": "string"}}}


def openapi(base_url: str = "") -> dict[str, Any]:
    """Return the OpenAPI document; ``base_url`` is the public URL of this installation, empty if it is not known."""
    schema = json_schema()
    document = {key: value for key, value in schema.items() if key != "$defs"}
    schemas = {name: _with_openapi_refs(each) for name, each in schema.get("$defs", {}).items()} | {
        "EventsDocument": _with_openapi_refs(document)
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "AI safety events",
            "version": __version__,
            "description": "AI-safety events and opportunities. The same filters work in every feed.",
        },
        "servers": [{"url": base_url or "/"}],
        "paths": {f"/{name}": _feed(name, each) for name, each in FEEDS.items()}
        | {
            "/digest": {"get": _digest()},
            "/events/{event_id}": {"get": _get("Page of an event", "text/html", of_event=True)},
            "/events/{event_id}.png": {
                "get": _get("Picture of an event for link previews", "image/png", of_event=True)
            },
            "/events/{event_id}.ics": {"get": _get("Calendar of one event", "text/calendar", of_event=True)},
            "/healthz": {"get": _get("Whether there are data, and how fresh they are", "application/json")},
        },
        "components": {"schemas": schemas},
    }


def _feed(name: str, feed: FeedFormat) -> dict[str, Any]:
    get = _get(feed.title, feed.media_type)
    if not feed.takes_selection:
        return {"get": get}
    get["parameters"] = [_parameter(each) for each in Selection.model_fields]
    if name == "events.ics":
        get["parameters"] += [
            _query("deadlines", {"type": "string", "enum": list(Deadlines)}, "Deadlines as entries of their own."),
            _query(
                "expected", {"type": "string", "enum": list(ExpectedRounds)}, "Rounds that earlier years let expect."
            ),
            _query("alarms", {"type": "string", "pattern": "^[0-9]{1,3}d(,[0-9]{1,3}d)?$"}, "Reminders: 7d,1d."),
        ]
    if name == "events.json":
        get["responses"]["200"]["content"][feed.media_type]["schema"] = {"$ref": "#/components/schemas/EventsDocument"}
    get["responses"]["400"] = {"description": "A filter that does not exist or cannot be read.", "content": _TEXT}
    return {"get": get}


def _digest() -> dict[str, Any]:
    get = _get("What is new, closes soon, comes up and changed, or a whole selection, to paste or to post", "text/html")
    get["parameters"] = [_parameter(each) for each in Selection.model_fields]
    get["parameters"] += [
        _query(
            "since", {"type": "string", "pattern": "^(all|[1-9][0-9]?d)$", "example": "7d"}, "How far back: 7d, all."
        ),
        _query("format", {"type": "string", "enum": list(FORMS)}, "Without it a page."),
    ]
    for form in FORMS.values():
        get["responses"]["200"]["content"][form.media_type] = {"schema": {"type": "string"}}
    get["responses"]["400"] = {"description": "A filter that does not exist or cannot be read.", "content": _TEXT}
    return get


def _parameter(field: str) -> dict[str, Any]:
    info = Selection.model_fields[field]
    known = FILTERS[info.alias or field]
    values: dict[str, Any] = dict(known.shape) or {"type": "string", "maxLength": 100}
    if words := _enum_of(info.annotation):
        values = {"type": "string", "enum": words}
    if known.is_repeatable:
        values = {"type": "array", "items": values, "maxItems": 20}
    return _query(known.name, values, known.description)


def _enum_of(annotation: Any) -> list[str]:
    """Return the values of the enum that is the type of a field or of its items; empty if it has none."""
    for each in (annotation, *get_args(annotation)):
        if isinstance(each, type) and issubclass(each, StrEnum):
            return [word.value for word in each]
    return []


def _query(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


def _get(summary: str, media_type: str, *, of_event: bool = False) -> dict[str, Any]:
    answers: dict[str, Any] = {
        "200": {"description": "Here it is.", "content": {media_type: {"schema": {}}}},
        "304": {"description": "You have it already (If-None-Match, If-Modified-Since)."},
        "503": {"description": "No data yet, or overload; see Retry-After.", "content": _TEXT},
    }
    get: dict[str, Any] = {"summary": summary, "responses": answers}
    if of_event:
        get["parameters"] = [{"name": "event_id", "in": "path", "required": True, "schema": {"type": "string"}}]
        answers["308"] = {"description": "It turned out to be another event.", "content": _TEXT}
        answers["404"] = {"description": "There never was such an event.", "content": _TEXT}
        answers["410"] = {"description": "It is not listed any more.", "content": _TEXT}
    return get


def _with_openapi_refs(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema whose references point to OpenAPI's ``#/components/schemas``."""
    moved: dict[str, Any] = {key: _moved_value(value) for key, value in schema.items()}
    return moved


def _moved_value(value: Any) -> Any:
    if isinstance(value, dict):
        return _with_openapi_refs(value)
    if isinstance(value, list):
        return [_moved_value(each) for each in value]
    return value.replace("#/$defs/", "#/components/schemas/") if isinstance(value, str) else value
