"""Ten thousand made-up events in a store, of the lengths that real ones have."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tracker.models.deadline import Deadline
from tracker.models.event import Attribution, Event
from tracker.models.moments import When
from tracker.models.place import Place
from tracker.models.vocabulary import DatePrecision, EventType, Mode
from tracker.pipeline.rendering import render
from tracker.store import Store, events, open_store
from tracker.store.events import RenderedEvent

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CITIES = [("Berlin", "DE", 52.52, 13.41), ("London", "GB", 51.51, -0.13), ("Boston", "US", 42.36, -71.06),
          ("Paris", "FR", 48.86, 2.35), ("Sydney", "AU", -33.87, 151.21)]  # fmt: skip
SUBJECTS = ["interpretability", "evaluations", "governance", "control", "oversight", "incidents", "agents"]
SENTENCE = "We read and discuss recent work on {} over two hours, with food, and newcomers are welcome. "


def an_event(number: int, chance: random.Random) -> Event:
    """Return one event: three of ten have a deadline, two of ten are online."""
    city, country, latitude, longitude = chance.choice(CITIES)
    subject, kind = chance.choice(SUBJECTS), chance.choice(list(EventType))
    online = chance.random() < 0.2
    start = NOW + timedelta(hours=chance.randint(24, 24 * 300))
    place = Place(raw=f"{city}, some venue", city=city, country=country, latitude=latitude, longitude=longitude)
    deadline = Deadline(at=(start - timedelta(days=20)).date(), timezone="AoE")
    link = f"https://events.example/{number}"
    return Event(
        id=f"e{number:011}",
        title=f"{subject.capitalize()} {kind.value.replace('_', ' ')} number {number}",
        url=link,
        description=SENTENCE.format(subject) * 4,
        types=(kind,),
        mode=Mode.ONLINE if online else Mode.IN_PERSON,
        places=() if online else (place,),
        organizers=(f"AI Safety {city}",),
        when=When(start=start, end=start + timedelta(hours=2), precision=DatePrecision.EXACT, timezone="UTC"),
        deadlines=(deadline,) if chance.random() < 0.3 else (),
        sources=(
            Attribution(source="s", source_id=str(number), name="A calendar", homepage="https://events.example/"),
        ),
    )


def a_store(folder: Path, count: int) -> tuple[Store, list[RenderedEvent]]:
    """Return a store with so many upcoming events, and the events."""
    chance = random.Random(1)
    rendered = [render(an_event(number, chance), None, NOW) for number in range(count)]
    store = open_store(f"sqlite:///{folder / 'tracker.db'}", create=True)
    with store.writing() as db:
        events.save_events(db, rendered)
    return store, rendered
