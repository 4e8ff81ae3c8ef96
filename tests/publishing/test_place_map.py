"""Small maps of places, and the pictures of link previews that show them."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from tests.factories import a_when, an_event
from tracker.models.place import Place
from tracker.models.vocabulary import Mode
from tracker.publishing.phrases import other_clock
from tracker.publishing.place_map import Point, coordinates_of, draw_map, land_rings, map_svg
from tracker.publishing.preview_image import HEIGHT, WIDTH, draw_preview

BERLIN = Place(city="Berlin", country="DE", latitude=52.52, longitude=13.405)
SUVA = (178.44, -18.14)
START, END = (datetime(2026, 12, 3, hour, tzinfo=ZoneInfo("UTC")) for hour in (18, 20))


def is_on_land(drawn: tuple[float, float], land: list[list[Point]]) -> bool:
    """Return whether a point lies in one of the polygons (the even-odd rule)."""
    x, y = drawn
    crossed = 0
    for ring in land:
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
            crossed += (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1
    return crossed % 2 == 1


@pytest.mark.parametrize(
    ("points", "on_land"),
    [
        ([(13.405, 52.52)], [True]),
        ([(-122.4, 37.9), (0.1, 52.2)], [True, True]),
        ([(-30.0, 40.0)], [False]),  # the Atlantic
        ([(177.5, 65.5)], [True]),  # Chukotka, which crosses the date line
        ([(-170.6, 66.0)], [True]),  # its part beyond
        ([(140.0, -25.0), (-60.0, -10.0), (20.0, 50.0)], [True, True, True]),
    ],
)
def test_places_lie_where_they_are_on_the_land(points: list[Point], on_land: list[bool]) -> None:
    drawn = draw_map(points, 640, 320)
    assert [is_on_land(each, [list(ring) for ring in drawn.land]) for each in drawn.places] == on_land


@pytest.mark.parametrize(
    "points", [[(13.4, 52.5)], [SUVA], [(-179.0, 85.0), (179.0, -85.0)], [(0.0, 0.0), (0.0, 90.0)]]
)
def test_a_map_shows_all_places_and_nothing_beyond_its_edges(points: list[Point]) -> None:
    drawn = draw_map(points, 640, 320)
    for x, y in [*drawn.places, *(point for ring in drawn.land for point in ring)]:
        assert -1 <= x <= 641
        assert -1 <= y <= 321


def test_no_outline_jumps_around_the_world() -> None:
    for ring in land_rings():
        assert max(abs(x2 - x1) for (x1, _), (x2, _) in pairwise(ring)) < 180


def test_a_map_is_small_enough_to_stand_in_a_page() -> None:
    svg = map_svg(draw_map([(13.4, 52.5)], 640, 320), land="#ddd", place="#066", edge="#fff")
    assert len(svg) < 8_000
    assert svg.count("<circle") == 1


def test_only_places_with_coordinates_are_on_a_map() -> None:
    assert coordinates_of([Place(city="Oxford"), BERLIN]) == [(13.405, 52.52)]


@pytest.mark.parametrize(
    ("title", "places"),
    [
        ("Winter Social", (BERLIN,)),
        ("Zürich: Ætt, Łódź, Ελλάδα — Москва", ()),
        ("w" * 300, (BERLIN,)),
        ("a " * 200, ()),
    ],
)
def test_a_preview_is_a_picture_of_the_size_that_chats_show(title: str, places: tuple[Place, ...]) -> None:
    png = draw_preview(an_event(title=title, places=places))
    with Image.open(BytesIO(png)) as image:
        assert (image.size, image.format) == ((WIDTH, HEIGHT), "PNG")
    assert len(png) < 60_000


def test_a_preview_is_drawn_again_only_if_it_says_something_else() -> None:
    event = an_event(title="Winter Social")
    png = draw_preview(event)
    assert draw_preview(event, png) is png
    assert draw_preview(event) == png
    assert draw_preview(an_event(title="Summer Social"), png) != png


@pytest.mark.parametrize(
    ("mode", "places", "zone", "words"),
    [
        (Mode.ONLINE, (), "Asia/Tokyo", "Fri 4 Dec 2026, 03:00–05:00"),
        (Mode.ONLINE, (), "Europe/Paris", ""),  # the same clock
        (Mode.IN_PERSON, (BERLIN,), "Asia/Tokyo", ""),
        (Mode.UNKNOWN, (BERLIN,), "Asia/Tokyo", ""),
        (Mode.HYBRID_CHOICE, (BERLIN,), "America/New_York", "Thu 3 Dec 2026, 13:00–15:00"),
        (Mode.UNKNOWN, (), "UTC", "Thu 3 Dec 2026, 18:00–20:00"),
    ],
)
def test_another_clock_is_shown_to_whom_can_take_part_from_elsewhere(
    mode: Mode, places: tuple[Place, ...], zone: str, words: str
) -> None:
    event = an_event(mode=mode, places=places, when=a_when(START, END, timezone="Europe/Berlin"))
    assert other_clock(event, zone) == words
