"""Defines a physical place."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from pydantic import Field

from tracker.models.moments import ZoneName
from tracker.models.record import Record
from tracker.models.text import PlainLine, fold
from tracker.models.vocabulary import PlacePrecision

EARTH_RADIUS = 6371.0088
"""km, the mean radius of IUGG."""


class Place(Record):
    """One physical place. An event may have several."""

    raw: PlainLine = ""
    """The source's own words: ``Trajan House, Oxford OX2 0DJ``."""
    venue: PlainLine = ""
    """``Trajan House``"""
    city: PlainLine = ""
    """``Oxford``"""
    region: PlainLine = ""
    """``California``"""
    country: str = Field(default="", pattern=r"^([A-Z]{2})?$")
    """ISO 3166-1 alpha-2: ``GB``. Empty: not known."""
    latitude: float | None = Field(default=None, ge=-90, le=90)
    """Degrees north."""
    longitude: float | None = Field(default=None, ge=-180, le=180)
    """Degrees east."""
    timezone: ZoneName | None = None
    """IANA zone of the place, where known."""
    precision: PlacePrecision = PlacePrecision.UNKNOWN
    """How exactly the place is known."""

    @property
    def is_around_city(self) -> bool:
        """True for the area around ``city``: "Bay Area" is found under San Francisco, but not shown as such."""
        return self.precision is PlacePrecision.REGION and bool(self.city)

    @property
    def label(self) -> str:
        """Display text: ``Oxford, GB``, or the source's words."""
        if self.is_around_city:
            return self.raw
        known = [part for part in (self.city or self.region, self.country) if part]
        return ", ".join(known) if self.city or self.region else self.raw or self.country

    def km_from(self, latitude: float, longitude: float) -> float | None:
        """Return the great-circle distance in km; None if the place has no coordinates."""
        if self.latitude is None or self.longitude is None:
            return None
        here, there = radians(self.latitude), radians(latitude)
        across = (
            sin((there - here) / 2) ** 2 + cos(here) * cos(there) * sin(radians(longitude - self.longitude) / 2) ** 2
        )
        return 2 * EARTH_RADIUS * asin(min(1.0, sqrt(across)))


def places_contradict(one: tuple[Place, ...], other: tuple[Place, ...]) -> bool:
    """Return whether two lists of places have known cities (or else countries), but no common one."""
    cities, others = ({fold(each.city) for each in places if each.city} for places in (one, other))
    if cities and others:
        return cities.isdisjoint(others)
    countries, others = ({each.country for each in places if each.country} for places in (one, other))
    return bool(countries and others) and countries.isdisjoint(others)
