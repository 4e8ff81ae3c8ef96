"""What somebody can and wants has one canonical text, and what cannot be read is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import SelectionError
from tracker.models.fit import Fit
from tracker.models.selection import Selection


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("level:low", "level:low"),
        (" topics: technical ,governance ; level:low ", "level:low;topics:governance,technical"),
        ("near:Cambridge, GB;within:100km", "near:Cambridge, GB"),
        ("near:52.5200,13.4050;within:30 km", "near:52.52,13.405;within:30km"),
        ("months:2027-02..2027-09", "months:2027-02-01..2027-09-30"),
        ("months:2027-02", "months:2027-02-01..2027-02-28"),
        ("months:2027-02-15..", "months:2027-02-15.."),
        ("online:only;hours:10;money:stipend", "online:only;hours:10;money:stipend"),
    ],
)
def test_equal_fits_have_one_address(written: str, canonical: str) -> None:
    selection = Selection.from_pairs([("fit", written)])
    assert selection.fit == canonical
    assert Selection.from_query(selection.to_query()) == selection
    assert Fit.parse(canonical).to_text() == canonical


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("level:expert", "fit=level:expert cannot be read: level: expert is not known. Write level:low, mid or high."),
        ("colour:red", "'colour:red' is no part of it. Parts, with ; between: level:low, mid or high; near:Berlin"),
        ("level", "'level' is no part of it"),
        ("months:2027-13", "months: '2027-13' is no time. Write months:2027-02..2027-09"),
        ("months:2027-05..2027-02", "the last of months lies before the first"),
        ("months:0001-01..", "months: '0001-01..' is no time."),
        ("hours:ten", "hours: write a number of hours a week, such as 10"),
        ("hours:200", "hours: Input should be less than or equal to 80"),
        ("within:20km", "within needs near"),
        ("near:Berlin;within:far", "within: write a distance such as '300km'"),
        ("topics:cooking", "topics: Input should be 'general', 'technical' or 'governance'"),
        ("level:low;level:mid", "level stands twice"),
        ("months:..", "it says nothing"),
    ],
)
def test_what_cannot_be_read_is_named(written: str, says: str) -> None:
    with pytest.raises(SelectionError) as caught:
        Selection.from_pairs([("fit", written)])
    assert says in str(caught.value)


def test_an_empty_fit_is_none() -> None:
    assert Selection.from_query("fit=") == Selection()


PARTS = st.sampled_from(["level", "near", "within", "online", "months", "hours", "money", "topics", "x", ""])
VALUES = st.one_of(
    st.text(max_size=30), st.sampled_from(["low", "Berlin", "30km", "2027-02..", "..2027-02", "yes", "7", "stipend"])
)


@given(st.lists(st.tuples(PARTS, VALUES), max_size=5))
def test_any_text_is_read_or_named_and_what_is_read_stays_the_same(parts: list[tuple[str, str]]) -> None:
    text = ";".join(f"{name}:{value}" for name, value in parts)
    try:
        fit = Fit.parse(text)
    except ValueError as error:
        assert str(error)
    else:
        assert Fit.parse(fit.to_text()) == fit
