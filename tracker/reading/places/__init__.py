"""Resolves places in fields and text to city, country, coordinates and time zone."""

from tracker.reading.places.countries import country_name, read_country
from tracker.reading.places.fields import read_places
from tracker.reading.places.lines import PlacesAndMode, read_line

__all__ = ["PlacesAndMode", "country_name", "read_country", "read_line", "read_places"]
