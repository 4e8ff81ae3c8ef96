"""What befalls whole outlets: redesigns, new platforms, everything called off, and faults for days or weeks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from tests.life import calendars, cast
from tests.life.happenings import Happenings
from tests.life.outlets import Fault, Outlet
from tests.life.world import World

_FAULTS = {
    "http_500": (1, 25),
    "timeout": (1, 18),
    "not_a_calendar": (2, 12),
    "empty": (1, 2),
    "last_year": (2, 5),
    "truncated": (1, 3),
    "half": (1, 2),
}
"""Kinds of faults, and how many days they last."""
_ON_CALENDARS = tuple(_FAULTS)
_ON_PAGES = ("http_500", "timeout", "not_a_calendar", "last_year", "half")
_ON_DATA = ("http_500", "timeout", "not_a_calendar", "truncated", "half")
_NEVER_FAULTY = frozenset({"by_hand", "retreats"})
_APART = timedelta(days=12)


class Upheavals:
    """Plans upheavals and faults for a year."""

    def __init__(self, world: World, happenings: Happenings) -> None:
        self.world, self.rng, self.happenings = world, world.rng, happenings
        self._small()
        self._upheaval(110, "tickets", self._new_addresses)
        self._upheaval(170, "studio", self._redesign)
        self._upheaval(200, "venue", self._new_platform)
        self._upheaval(240, "university", self._mass_cancellation)
        self._upheaval(140, "berlin", self._new_addresses)
        self._faults()

    def _upheaval(self, day: int, outlet_id: str, what: Callable[[Outlet], None]) -> None:
        outlet, at = self.world.outlets[outlet_id], day + self.rng.randint(-8, 8)
        outlet.upheavals.append(self.world.now + timedelta(days=at))
        self.world.plan(at, lambda: what(outlet))

    def _new_addresses(self, outlet: Outlet) -> None:
        """Give all events other ids and addresses, as a new shop system does."""
        for entry in outlet.shown(self.world.now):
            entry.key = self.world.key()
            entry.url = f"https://{outlet.host}/events/{self.world.now.year}/{entry.key}"
        self.happenings.count("all ids changed")

    def _redesign(self, outlet: Outlet) -> None:
        """Redesign a site, ids and all; the curator has changed the selectors in the source file in time."""
        outlet.design = 2
        head = outlet.toml.partition('each = "')[0]
        outlet.toml = head + cast.CARDS_REDESIGNED
        self._new_addresses(outlet)
        self.happenings.count("redesign with new selectors")

    def _new_platform(self, outlet: Outlet) -> None:
        """Let an outlet leave its web page for a calendar; the curator has changed the file."""
        options = f'feed_url = "http://{outlet.host}/calendar.ics"\n'
        outlet.toml = cast.source_file(outlet.host, "ical", options, outlet.zone)
        outlet.write = calendars.google
        self.happenings.count("new platform")

    def _mass_cancellation(self, outlet: Outlet) -> None:
        """Take two thirds of the coming events off the page: a strike."""
        coming = list(outlet.coming(self.world.now))
        for entry in coming[: len(coming) * 2 // 3]:
            self.happenings.befall(outlet, entry, "remove")
        outlet.excused.append(self.world.now)
        self.happenings.count("many called off at once")

    def _small(self) -> None:
        """Tell the year of a small source: both of two events called off, then two of four, in the old way: removed."""
        outlet = self.world.outlets["small"]

        def announce(*ahead: int) -> None:
            for days in ahead:
                self.happenings.announce(outlet, days)

        def call_off(most: int = 9) -> None:
            for entry in list(outlet.coming(self.world.now))[:most]:
                self.happenings.befall(outlet, entry, "remove")
            self.happenings.count("small source calls off")

        self.world.plan(1, lambda: announce(45, 52))
        self.world.plan(20, call_off)
        self.world.plan(60, lambda: announce(40, 47, 61, 75))
        self.world.plan(80, lambda: call_off(most=2))
        self.world.plan(150, lambda: announce(30, 37))
        self.world.plan(165, call_off)
        self.world.plan(220, lambda: announce(40, 52, 66, 80))
        self.world.plan(300, lambda: announce(30, 44))

    def _faults(self) -> None:
        for outlet in self.world.outlets.values():
            if outlet.id in _NEVER_FAULTY:
                continue
            kinds = list(_ON_CALENDARS if '"ical"' in outlet.toml else _ON_DATA)
            if outlet.write.__module__.endswith("webpages"):
                kinds = list(_ON_PAGES)
            if outlet.id in {
                "small",
                "london",
                "boston",
                "notices",
                "next_meetup",
                "safety_forum",
                "fellows",
                "jobs",
                "blog",
                "deadlines",
            }:
                kinds = ["http_500", "timeout", "not_a_calendar"]
            for _ in range(self.rng.choice((1, 1, 2))):
                self._fault(outlet, self.rng.choice(kinds))

    def _fault(self, outlet: Outlet, kind: str) -> None:
        begins = self.world.now + timedelta(days=self.rng.randint(25, 370))
        ends = begins + timedelta(days=self.rng.randint(*_FAULTS[kind]))
        if any(begins - _APART < each < ends + _APART for each in outlet.upheavals):
            return
        if any(begins - _APART < each.ends and each.begins < ends + _APART for each in outlet.faults):
            return
        outlet.faults.append(Fault(kind, begins, ends))
        self.happenings.count(f"fault: {kind}")
