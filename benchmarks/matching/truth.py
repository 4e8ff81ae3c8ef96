"""An event as it really is, before any source writes about it, and what the makers of families need to make some."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from benchmarks.matching.words import City, Organizer, cities, lists, local_groups, organizers, slug
from tracker.models.vocabulary import EventType, Mode

CODE_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
SEASONS = ("Winter", "Spring", "Summer", "Autumn")


@dataclass(slots=True)
class Truth:
    """One event as it really is."""

    title: str
    day: date
    """First local day; for undated ones the day around which it is spoken of."""
    organizer: Organizer
    page: str
    """The page that most sources link to."""
    types: tuple[EventType, ...]
    topic: str
    city: City | None = None
    """None: online only."""
    venue: str = ""
    mode: Mode = Mode.IN_PERSON
    cohost: Organizer | None = None
    speaker: str = ""
    clock: int | None = None
    """Local minutes after midnight at which it starts; None: it is stated in days."""
    minutes: int = 120
    """How long it lasts, if it has a clock time."""
    days: int = 1
    """How many days it lasts, if it has none."""
    dated: bool = True
    deadline: date | None = None
    rolling: bool = False
    series: str = ""
    family: str = "single"
    """Which maker made it."""
    keeps_subtitle: bool = False
    """True if the part after the colon is what tells it from its siblings."""
    keeps_place: bool = False
    """True if nothing but the place tells it from its siblings."""
    keeps_deadline: bool = False
    """True if hardly anything but the deadline tells it from its siblings."""
    shares_page: bool = False
    """True if ``page`` is also the page of its siblings."""
    alike: bool = False
    """True if its siblings bear the same title."""
    description: str = ""
    ticket_page: str = ""
    """A second page of the event; filled when the first source links to it."""

    @property
    def zone(self) -> str:
        """IANA zone in which the organiser thinks."""
        city = self.city or self.organizer.city
        return city.zone if city else "UTC"

    @property
    def is_programme(self) -> bool:
        """True for training and opportunities, which other sources list than meetings."""
        return self.family in {"course", "programmes", "bootcamp", "opportunity"}


class Maker:
    """Chance, running numbers and shortcuts that all makers of events share."""

    def __init__(self, rng: Random, first: date, days: int) -> None:
        self.rng = rng
        self.first = first
        self.days = days
        self.words: dict[str, list[str]] = lists()["titles"]
        self.topics: list[str] = lists()["topics"]
        self._series = 0
        self._titles: set[str] = set()

    def chance(self, share: float) -> bool:
        """Return True in ``share`` of the cases."""
        return self.rng.random() < share

    def a_day(self, length: int = 0) -> date:
        """Return the first day of something that lasts ``length`` days, so that its middle lies in the span."""
        return self.first + timedelta(days=int(self.rng.random() * self.days) - length // 2)

    def a_series(self, kind: str) -> str:
        """Return a new series id."""
        self._series += 1
        return f"{kind}-{self._series:06d}"

    def is_new(self, title: str) -> bool:
        """Say whether ``title`` was never asked about before."""
        known = title.lower() in self._titles
        self._titles.add(title.lower())
        return not known

    def a_city(self) -> City:
        """Return a city."""
        return self.rng.choice(cities())

    def an_organizer(self, city: City | None, local: float = 0.7) -> Organizer:
        """Return a body that may hold something in ``city``, in ``local`` of the cases one of its groups."""
        if city is not None and self.rng.random() < local:
            return self.rng.choice(local_groups(city))
        return self.rng.choice(organizers())

    def a_speaker(self) -> str:
        """Return the full name of an invented person."""
        table = lists()
        return f"{self.rng.choice(table['first_names'])} {self.rng.choice(table['last_names'])}"

    def a_topic(self) -> str:
        """Return a topic in lower case."""
        return self.rng.choice(self.topics)

    def a_title(self, kind: str, **known: Any) -> tuple[str, dict[str, str]]:
        """Return a title made after a template of ``kind``, and the words put into it."""
        rng = self.rng
        words: dict[str, str] = {
            "topic": rng.choice(self.topics),
            "topic2": rng.choice(self.topics),
            "subtitle": rng.choice(self.words["subtitle"]),
            "speaker": self.a_speaker(),
        } | known
        title = rng.choice(self.words[kind]).format(**words)
        if rng.random() < 0.5:
            title = title.replace(words["topic"], headline(words["topic"]))
        return title[0].upper() + title[1:], words

    def a_code(self, length: int = 8) -> str:
        """Return random letters and digits."""
        return "".join(self.rng.choices(CODE_LETTERS, k=length))

    def a_page(self, title: str, organizer: Organizer, where: str = "") -> str:
        """Return a new page for an event on ``luma``, ``meetup``, ``eventbrite`` or the organiser's ``own`` site."""
        rng = self.rng
        where = where or rng.choice(("luma", "luma", "meetup", "eventbrite", "own", "own"))
        if where == "luma":
            return f"https://{rng.choice(('lu.ma', 'luma.com'))}/{self.a_code()}"
        if where == "meetup":
            return f"https://www.meetup.com/{slug(organizer.name)}/events/{rng.randrange(10**8, 10**9)}/"
        if where == "eventbrite":
            ending = rng.choice(("com", "com", "de", "co.uk", "fr"))
            return f"https://www.eventbrite.{ending}/e/{slug(title)}-tickets-{rng.randrange(10**11, 10**12)}"
        folder = rng.choice(("events", "event", "calendar", "e"))
        return f"https://{organizer.site}/{folder}/{slug(title)}-{self.a_code(4)}"

    def a_clock(self) -> int:
        """Return a usual hour for a meeting, mostly in the evening."""
        rng = self.rng
        if rng.random() < 0.72:
            return rng.choice((17, 18, 18, 18, 19, 19, 20)) * 60 + rng.choice((0, 0, 0, 30, 30, 15))
        return rng.choice((9, 10, 11, 12, 13, 14, 15, 16)) * 60 + rng.choice((0, 0, 30))

    def a_meeting(self, title: str, day: date, city: City | None, organizer: Organizer, **more: Any) -> Truth:
        """Return an event with a clock time."""
        rng = self.rng
        values: dict[str, Any] = {
            "page": "",
            "types": (EventType.MEETUP,),
            "topic": rng.choice(self.topics),
            "venue": rng.choice(city.venues) if city else "",
            "mode": Mode.ONLINE if city is None else Mode.HYBRID_CHOICE if rng.random() < 0.12 else Mode.IN_PERSON,
            "clock": self.a_clock(),
            "minutes": rng.choice((60, 90, 120, 120, 150, 180)),
        }
        values |= more
        return Truth(title=title, day=day, city=city, organizer=organizer, **values)

    def again(self, truth: Truth, **changes: Any) -> Truth:
        """Return a sibling of ``truth``."""
        return replace(truth, **changes)


def headline(words: str) -> str:
    """Return ``words`` with capitals as in an English headline.

    >>> headline("debate as oversight")
    'Debate as Oversight'
    """
    small = {"and", "as", "by", "for", "from", "in", "of", "on", "the", "to"}
    parts = words.split(" ")
    return " ".join(
        part if (part in small and number) or part[:1].isupper() else part[:1].upper() + part[1:]
        for number, part in enumerate(parts)
    )


def roman(number: int) -> str:
    """Return ``number`` (1 to 39) in Roman numerals."""
    tens, ones = divmod(number, 10)
    return "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[ones]
