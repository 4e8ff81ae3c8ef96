"""The description of our HTTP interface for programs (OpenAPI 3.1), made from the models that answer."""

from __future__ import annotations

from typing import Any

from tracker import __version__
from tracker.models.calendar_options import Deadlines
from tracker.models.selection import Attendance, Selection, Sort
from tracker.models.vocabulary import (
    ApplicationStatus,
    CostKind,
    EventType,
    Level,
    Scope,
    Stipend,
    Topic,
)
from tracker.publishing.json_events import json_schema

_WORDS: dict[str, type[Any]] = {
    "type": EventType,
    "mode": Attendance,
    "topic": Topic,
    "level": Level,
    "cost": CostKind,
    "stipend": Stipend,
    "status": ApplicationStatus,
    "scope": Scope,
}
_SHAPES: dict[str, dict[str, Any]] = {
    "country": {"type": "string", "pattern": "^(?!UK$)[A-Z]{2}$", "example": "DE"},
    "language": {"type": "string", "pattern": "^[a-z]{2}$", "example": "en"},
    "within": {"type": "string", "pattern": "^([1-9]|[1-9][0-9]{1,3}|1[0-9]{4})km$", "example": "300km"},
    "from": {"type": "string", "pattern": "^(today|[+-][0-9]{1,4}d)$", "example": "today"},
    "to": {"type": "string", "pattern": "^[+][0-9]{1,4}d$", "example": "+30d"},
    "deadline_within": {"type": "string", "pattern": "^[0-9]{1,4}d$", "example": "14d"},
    "past": {"type": "string", "pattern": "^([0-9]{1,4}d|all)$", "example": "30d"},
    "sort": {"type": "string", "enum": list(Sort)},
}
_DESCRIPTIONS = {
    "near": "The middle of a circle: a city, or latitude,longitude in degrees.",
    "within": "Its radius; 100km if nothing is said.",
    "from": "First day: 2026-12-01, today or +30d.",
    "to": "Last day.",
    "q": "Words that must all occur.",
    "status": "Whether one can apply; open also finds what closes soon and what is rolling.",
    "deadline_within": "Something has to be done within so many days.",
    "past": "How long ended events stay.",
    "mode": "With online beside another, country, city and near leave online events in.",
}
_FEEDS = {
    "events.ics": ("Calendar", "text/calendar"),
    "events.json": ("Events as JSON", "application/json"),
    "events.csv": ("Events as CSV", "text/csv"),
    "events.atom": ("Newly listed events", "application/atom+xml"),
    "changes.atom": ("What changed about events", "application/atom+xml"),
    "digest.atom": ("Weekly digests", "application/atom+xml"),
}
_TEXT = {"text/plain": {"schema": {"type": "string"}}}


def openapi(base_url: str = "") -> dict[str, Any]:
    """Return the document; ``base_url`` is where this installation is reached, if that is known."""
    schema = json_schema()
    definitions = schema.pop("$defs", {})
    schemas = {name: _moved(each) for name, each in definitions.items()} | {"EventsDocument": _moved(schema)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "AI safety events",
            "version": __version__,
            "description": "AI-safety events and opportunities. The same filters work in every feed.",
        },
        "servers": [{"url": base_url or "/"}],
        "paths": {f"/{name}": _feed(name, *words) for name, words in _FEEDS.items()}
        | {
            "/sources.json": {"get": _get("Sources, their licences and their state", "application/json")},
            "/events/{event_id}": {"get": _get("Page of an event", "text/html", of_event=True)},
            "/events/{event_id}.ics": {"get": _get("Calendar of one event", "text/calendar", of_event=True)},
            "/healthz": {"get": _get("Whether there are data, and how fresh they are", "application/json")},
        },
        "components": {"schemas": schemas},
    }


def _feed(name: str, summary: str, media_type: str) -> dict[str, Any]:
    get = _get(summary, media_type)
    get["parameters"] = [_parameter(each) for each in Selection.model_fields]
    if name == "events.ics":
        get["parameters"] += [
            _query("deadlines", {"type": "string", "enum": list(Deadlines)}, "Deadlines as entries of their own."),
            _query("alarms", {"type": "string", "pattern": "^[0-9]{1,3}d(,[0-9]{1,3}d)?$"}, "Reminders: 7d,1d."),
        ]
    if name == "events.json":
        get["responses"]["200"]["content"][media_type]["schema"] = {"$ref": "#/components/schemas/EventsDocument"}
    get["responses"]["400"] = {"description": "A filter that does not exist or cannot be read.", "content": _TEXT}
    return {"get": get}


def _parameter(field: str) -> dict[str, Any]:
    info = Selection.model_fields[field]
    name = info.alias or field
    values: dict[str, Any] = _SHAPES.get(name, {"type": "string", "maxLength": 100})
    if name in _WORDS:
        values = {"type": "string", "enum": [each.value for each in _WORDS[name]]}
    if isinstance(info.default, tuple):
        values = {"type": "array", "items": values, "maxItems": 20}
    return _query(name, values, _DESCRIPTIONS.get(name, ""))


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


def _moved(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema whose references lead to where OpenAPI keeps schemas."""
    moved: dict[str, Any] = {key: _moved_value(value) for key, value in schema.items()}
    return moved


def _moved_value(value: Any) -> Any:
    if isinstance(value, dict):
        return _moved(value)
    if isinstance(value, list):
        return [_moved_value(each) for each in value]
    return value.replace("#/$defs/", "#/components/schemas/") if isinstance(value, str) else value
