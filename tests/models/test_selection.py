from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import SelectionError
from tracker.models.selection import NO_PAST_LIMIT, Attendance, Selection, Sort
from tracker.models.vocabulary import EventType, Scope, StatusFilter, Topic

days = st.dates(date(2020, 1, 1), date(2035, 1, 1)) | st.integers(-999, 999).map(lambda n: timedelta(days=n))


def build(**values: Any) -> Selection:
    start, end = values["from"], values["to"]
    if start is not None and end is not None and isinstance(start, date) == isinstance(end, date):
        values["from"], values["to"] = sorted([start, end])
    if not values["near"].strip():
        del values["within"]
    return Selection.model_validate(values)


selections = st.builds(
    build,
    type=st.lists(st.sampled_from(EventType), max_size=4),
    country=st.lists(st.sampled_from(["DE", "GB", "US"]), max_size=3),
    city=st.lists(st.sampled_from(["Zürich", "São Paulo", "St. John's & more", "a=b"]), max_size=3),
    mode=st.lists(st.sampled_from(Attendance), max_size=3),
    q=st.text(max_size=40),
    near=st.sampled_from(["", "Berlin", "Cambridge, GB", "52.52,13.405", "-0.0,179.99999", "São Paulo"]),
    within=st.integers(1, 20_000),
    topic=st.lists(st.sampled_from(Topic), max_size=2),
    language=st.lists(st.sampled_from(["en", "de"]), max_size=2),
    status=st.lists(st.sampled_from(StatusFilter), max_size=3),
    scope=st.lists(st.sampled_from(Scope), max_size=2),
    deadline_within=st.none() | st.integers(0, 999).map(lambda n: timedelta(days=n)),
    sort=st.sampled_from(Sort),
    past=st.none() | st.just(NO_PAST_LIMIT) | st.integers(0, 999).map(lambda n: timedelta(days=n)),
    **{"from": st.none() | days, "to": st.none() | days},
)


@given(selections)
def test_a_selection_survives_its_query_string(selection: Selection) -> None:
    assert Selection.from_query(selection.to_query()) == selection


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("", ""),
        ("type=hackathon&type=course", "type=course&type=hackathon"),
        ("type=course&type=course", "type=course"),
        ("country=de", "country=DE"),
        ("to=2026-12-31&from=2026-12-01", "from=2026-12-01&to=2026-12-31"),
        ("q=", ""),
        ("q=%20z%C3%BCrich%20", "q=z%C3%BCrich"),
        ("past=all", "past=all"),
        ("near=52.520000,%2013.40500&within=100km", "near=52.52%2C13.405"),
        ("near=Berlin&within=300", "near=Berlin&within=300km"),
        ("near=-0.0,0", "near=0%2C0"),
        ("from=today&to=+30d", "from=today&to=%2B30d"),
        ("from=%2B0d", "from=today"),
        ("from=-7d", "from=-7d"),
        ("language=DE&language=en", "language=de&language=en"),
        ("sort=start", ""),
        ("deadline_within=14d", "deadline_within=14d"),
    ],
)
def test_equal_selections_have_one_query_string(written: str, normal: str) -> None:
    assert Selection.from_query(written).to_query() == normal


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("typ=hackathon", "There is no filter called 'typ'. Filters: type, country"),
        ("type=hackaton", "type=hackaton is not known. Allowed: 'competition'"),
        ("mode=remote", "Allowed: 'in_person', 'online' or 'hybrid'"),
        ("from=tomorrow", "Write it as from=2026-12-31"),
        ("country=Germany", "country=DE"),
        ("past=soon", "such as '30d', or 'all'"),
        ("q=a&q=b", "takes one value"),
        ("type=", "type= is not known"),
        ("from=86400", "Write it as from=2026-12-31"),
        ("from=2027-01-01&to=2026-01-01", "from=2027-01-01 lies after to=2026-01-01"),
        ("country=UK", "country=GB"),
        ("city=", "city= is empty"),
        ("within=300km", "within needs near"),
        ("near=Berlin&within=far", "such as '300km'"),
        ("near=99,0", "latitude goes from -90 to 90"),
        ("from=+30d&to=today", "from=+30d lies after to=today"),
        ("deadline_within=soon", "such as '14d'"),
        ("status=opened", "Allowed: 'open'"),
        ("language=english", "two letters of ISO 639-1"),
        ("sort=random", "'start', 'deadline' or 'new'"),
        ("&".join(["city=x"] * 21), "at most 20"),
        ("q=" + "x" * 3_000, "too long"),
    ],
)
def test_a_filter_that_is_not_understood_is_named_with_what_is_allowed(written: str, says: str) -> None:
    with pytest.raises(SelectionError) as caught:
        Selection.from_query(written)
    assert says in str(caught.value)


def test_a_selection_is_usable_as_a_key() -> None:
    kinds: dict[Any, int] = {Selection.from_query("type=talk"): 1}
    assert kinds[Selection.from_query("type=talk")] == 1
