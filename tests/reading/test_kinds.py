from __future__ import annotations

import pytest

from tracker.models.vocabulary import EventType, Level, Lifecycle, Topic
from tracker.reading.classification import is_full, level_in_text, read_status_words, read_types, topics_in_text


@pytest.mark.parametrize(
    ("words", "title", "types"),
    [
        (["Hackathon", "Workshop"], "", (EventType.HACKATHON, EventType.WORKSHOP)),
        (["nonsense"], "AI Safety Reading Group", (EventType.READING_GROUP,)),
        (["nonsense"], "Something", (EventType.OTHER,)),
        ([], "AI Safety Camp 12", ()),
        ([], "Technical Fellowship 2027", (EventType.FELLOWSHIP,)),
    ],
)
def test_types_come_from_the_sources_words_then_from_the_title(
    words: list[str], title: str, types: tuple[EventType, ...]
) -> None:
    assert read_types(words, title).value == types


@pytest.mark.parametrize(
    ("title", "description", "topics"),
    [
        ("AI Policy Fellowship", "", (Topic.GOVERNANCE,)),
        ("Interpretability hackathon", "", (Topic.TECHNICAL,)),
        (
            "AI Safety Bootcamp",
            "Interpretability, alignment, AI governance, policy and law",
            (Topic.TECHNICAL, Topic.GOVERNANCE),
        ),
        ("AI safety picnic", "Bring research questions about alignment", (Topic.GENERAL,)),
        ("Picnic", "", ()),
    ],
)
def test_topics_are_weighed(title: str, description: str, topics: tuple[Topic, ...]) -> None:
    assert topics_in_text(title, description).value == topics


@pytest.mark.parametrize(
    ("title", "description", "level"),
    [
        ("AI safety 101", "No technical background needed", Level.LOW),
        ("Fellowship", "For PhD students and postdocs", Level.HIGH),
        ("Course", "Some familiarity with PyTorch", Level.MID),
        ("Course", "For beginners and experts", Level.UNKNOWN),
        ("Course", "", Level.UNKNOWN),
    ],
)
def test_the_entry_bar_is_read_where_the_words_agree(title: str, description: str, level: Level) -> None:
    assert level_in_text(title, description).value is level


@pytest.mark.parametrize(
    ("said", "title", "status", "full"),
    [
        ("CANCELLED - Meetup", "Meetup", Lifecycle.CANCELLED, False),
        ("[CANCELLED] Talk (FULL)", "Talk", Lifecycle.CANCELLED, True),
        ("Postponed: Talk", "Talk", Lifecycle.POSTPONED, False),
        ("Talk (online now)", "Talk", Lifecycle.MOVED_ONLINE, False),
        ("ABGESAGT: Stammtisch", "Stammtisch", Lifecycle.CANCELLED, False),
        ("TBC: Meetup", "Meetup", Lifecycle.TENTATIVE, False),
        ("[FULL] Retreat", "Retreat", None, True),
        ("AI Safety Retreat - SOLD OUT", "AI Safety Retreat", None, True),
        ("Full-stack alignment", "Full-stack alignment", None, False),
        ("FULL STACK DAY", "FULL STACK DAY", None, False),
        ("Cancelled flights and AI", "Cancelled flights and AI", None, False),
        ("CANCELLED", "CANCELLED", Lifecycle.CANCELLED, False),
        ("Postponed", "Postponed", Lifecycle.POSTPONED, False),
        ("Meetup CANCELLED", "Meetup", Lifecycle.CANCELLED, False),
        ("ANNULÉ : Soirée", "Soirée", Lifecycle.CANCELLED, False),
    ],
)
def test_status_words_leave_the_title(said: str, title: str, status: Lifecycle | None, full: bool) -> None:
    assert read_status_words(said) == (title, status)
    assert is_full(said) is full
