"""What one source writes about one event."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from random import Random

from benchmarks.matching.links import anybodys_link, first_link, later_link
from benchmarks.matching.spots import place_and_mode
from benchmarks.matching.times import deadlines_of, when_of
from benchmarks.matching.titles import edited_title, lightly_edited_title
from benchmarks.matching.truth import Truth
from benchmarks.matching.words import Source, lists, slug
from tracker.models.listing import Listing
from tracker.models.vocabulary import EventType, Topic

_BLANK = Listing(title="", source="", source_id="", page_url="", fetched_at=datetime(2026, 1, 1, tzinfo=UTC))
_BELOW = {
    EventType.TALK: EventType.MEETUP,
    EventType.MEETUP: EventType.SOCIAL,
    EventType.SOCIAL: EventType.MEETUP,
    EventType.WORKSHOP: EventType.TALK,
    EventType.READING_GROUP: EventType.MEETUP,
    EventType.COURSE: EventType.FELLOWSHIP,
    EventType.FELLOWSHIP: EventType.COURSE,
    EventType.BOOTCAMP: EventType.IMMERSIVE_WORKSHOP,
    EventType.HACKATHON: EventType.COMPETITION,
    EventType.CONFERENCE: EventType.WORKSHOP,
    EventType.GRANT: EventType.OTHER,
}
_EDITS = (30, 65, 88, 100)
_GOVERNANCE = ("governance", "regulation", "treat", "Act", "policy", "liability", "democracy")


def listing_of(truth: Truth, source: Source, source_id: str, rng: Random, *, is_first: bool) -> Listing:
    """Return what ``source`` says about ``truth``. The first source of an event stays near the truth."""
    language = _language(truth, source, rng, is_first)
    if is_first:
        title = lightly_edited_title(truth, rng)
        url = first_link(truth, rng)
    else:
        title = edited_title(truth, rng, rng.choices((0, 1, 2, 3), cum_weights=_EDITS)[0], language)
        url = later_link(truth, source, rng)
    places, mode = place_and_mode(truth, rng, is_first=is_first)
    noon = datetime.combine(truth.deadline or truth.day, time(rng.randrange(24), rng.randrange(60)), UTC)
    values: dict[str, object] = {
        "title": title,
        "source": source.id,
        "source_id": source_id,
        "page_url": f"https://{source.host}",
        "fetched_at": noon - timedelta(days=rng.randrange(4, 60)),
        "url": url,
        "when": when_of(truth, source, rng, is_first=is_first),
        "deadlines": deadlines_of(truth, rng, is_first=is_first),
        "mode": mode,
        "places": places,
        "organizers": organizers_of(truth, rng, is_first=is_first),
        "types": _types(truth, rng, is_first),
        "description": _description(truth, source, rng, is_first),
        "unmapped_values": {},
    }
    if not is_first and rng.random() < 0.02:
        values |= {"url": anybodys_link(truth, rng), "url_is_stated": False}
    if truth.is_programme and rng.random() < 0.25:
        values["apply_url"] = f"https://{truth.organizer.site}/apply"
    if language:
        values["languages"] = (language,)
    if rng.random() < 0.25:
        in_policy = any(word in truth.topic for word in _GOVERNANCE)
        values["topics"] = (Topic.GOVERNANCE if in_policy else Topic.TECHNICAL,)
    return _BLANK.model_copy(update=values)


def _language(truth: Truth, source: Source, rng: Random, is_first: bool) -> str:
    """Return the language into which ``source`` translates the title; mostly none."""
    if is_first or truth.city is None or not truth.city.native or source.kind in {"forum", "newsletter"}:
        return ""
    return truth.city.native if rng.random() < 0.14 else ""


def organizers_of(truth: Truth, rng: Random, *, is_first: bool) -> tuple[str, ...]:
    """Return the organisers as one source names them: in full, short, nearly so, the other host, both, or none."""
    name = truth.organizer.name
    host = truth.cohost.name if truth.cohost else ""
    chance = rng.random()
    if is_first:
        if chance < 0.08:
            return ()
        return (name, host) if host and chance > 0.5 else (name,)
    if chance < 0.3:
        return ()
    if chance < 0.42:
        return (truth.organizer.short,)
    if chance < 0.5:
        return (rng.choice((f"{name} e.V.", f"The {name}", f"{name} team", name.lower(), f"{name} Events")),)
    if host and chance < 0.7:
        return (host,)
    return (name, host) if host and chance < 0.85 else (name,)


def _types(truth: Truth, rng: Random, is_first: bool) -> tuple[EventType, ...]:
    chance = rng.random()
    if chance < (0.15 if is_first else 0.3):
        return ()
    if not is_first and chance < 0.45:
        return (_BELOW.get(truth.types[0], EventType.OTHER),)
    return truth.types


def _description(truth: Truth, source: Source, rng: Random, is_first: bool) -> str:
    share = source.patterns["description"]
    if rng.random() > (share if is_first else share * 0.85):
        return ""
    text = truth.description
    if is_first:
        return text
    chance = rng.random()
    if chance < 0.3:
        return text[: text.find(". ") + 1] or text
    if chance < 0.55:
        return described(truth, rng)
    if chance < 0.75:
        return f"{text}\n\n{rng.choice(lists()['descriptions']['boilerplate'])}"
    return text


def described(truth: Truth, rng: Random) -> str:
    """Return two to five sentences about ``truth``."""
    table = lists()["descriptions"]
    words = {"topic": truth.topic, "org": truth.organizer.name, "title": truth.title}
    parts = [
        rng.choice(table["opening"]),
        *rng.sample(table["middle"], rng.randrange(1, 4)),
        rng.choice(table["closing"]),
    ]
    return " ".join(parts).format(**words)


_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def scrambled(number: int, salt: int, length: int) -> str:
    """Return letters that look random and are different for every ``number`` under 2⁶⁴; ``length`` is at least 11."""
    value = (number * 0x9E3779B97F4A7C15 + salt * 0xD1B54A32D192ED03) % 2**64
    letters = []
    for _ in range(11):
        value, rest = divmod(value, 62)
        letters.append(_LETTERS[rest])
    padding = (salt * 7919 + number * 104729) % 62**6
    while len(letters) < length:
        padding, rest = divmod(padding, 62)
        letters.append(_LETTERS[rest])
    return "".join(letters)


def source_id_of(source: Source, salt: int, number: int, title: str) -> str:
    """Return the id that ``source`` gives its ``number``-th listing, in the shape it uses."""
    if source.ids == "evt":
        return f"evt-{scrambled(number, salt, 14)}"
    if source.ids == "post":
        return scrambled(number, salt, 17)
    if source.ids == "rec":
        return f"rec{scrambled(number, salt, 14)}"
    if source.ids == "number":
        return str(10**9 + (number * 7_368_787 + salt * 131_071) % 10**9)
    return f"{slug(title)[:48].strip('-')}-{number:x}"
