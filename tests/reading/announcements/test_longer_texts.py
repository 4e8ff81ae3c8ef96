"""In longer texts, all the evidence together decides what each date is for; what stands apart from its day is found."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tracker.reading.text_report import as_json, report_text

PUBLISHED = date(2026, 10, 1)


def read(text: str) -> dict[str, Any]:
    return as_json(report_text(text, PUBLISHED))


def dues(text: str) -> list[tuple[str, str]]:
    return [(due["kind"], due["at"]) for due in read(text)["deadlines"]]


SEMINAR = """Seminar "Quiet failures" takes place on Thursday 19 November at 17:00 in the library of the University of
Leeds. Proposals for the second round are due on 2 November. Those who wrote to us will be told by 9 November. The first
seminar of this year was on 3 September, and forty people came to it, most of them from our own department."""
LETTER = """Thursday, October 1, 2026

A note from the editors. We have moved the archive to a new address, thanked everybody who wrote in last month, and
answered the forty letters that were left. The next issue has no date yet, and we shall say so here."""
COURSE = """Il corso di cinque incontri comincia venerdì 6 novembre, h 18, in biblioteca a Ferrara.
Ci si iscrive entro il 23. Chi paga subito ha lo sconto; la tessera dell'anno scorso non vale più, e non si accettano assegni di sorta."""


def test_the_event_is_told_from_deadlines_answers_and_earlier_editions() -> None:
    assert read(SEMINAR)["start"] == "2026-11-19T17:00"
    assert dues(SEMINAR) == [("submission", "2026-11-02"), ("notification", "2026-11-09")]


def test_the_day_of_publication_is_no_event() -> None:
    assert (read(LETTER)["start"], read(LETTER)["deadlines"]) == (None, [])


def test_a_day_of_the_month_alone_is_the_next_such_day() -> None:
    assert read(COURSE)["start"] == "2026-11-06T18:00"
    assert dues(COURSE) == [("registration", "2026-10-23")]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Anmeldung bis zum 15. an die Leitung", "2026-10-15"),
        ("Inscription d'ici lundi 12, merci", "2026-10-12"),
        ("Iscrizioni entro il 16; poi basta", "2026-10-16"),
        ("Inscripción abierta hasta el 13.", "2026-10-13"),
        ("Inscrições até o dia 9.", "2026-10-09"),
        ("Register by the 8th.", "2026-10-08"),
        ("Inschrijven tot 10. Jänner 2027", "2027-01-10"),
        ("Candidature avant vendredi midi", "2026-10-02T12:00"),
    ],
)
def test_a_deadline_is_found_however_its_day_is_written(text: str, day: str) -> None:
    assert [at for _, at in dues(text)] == [day]


@pytest.mark.parametrize(
    "text", ["Register up until 5, then stop", "Ages 8 bis 15. Willkommen", "entro il 5% del totale"]
)
def test_other_numbers_are_no_days(text: str) -> None:
    assert dues(text) == []


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("giovedì 17 dicembre 2026, 20.30, trattoria", "2026-12-17T20:30", None),
        ("zondag 11 oktober 2026, 13u-18u", "2026-10-11T13:00", "2026-10-11T18:00"),
        ("20 marzo 2027, dalle 10 alle 18, a Padova", "2027-03-20T10:00", "2027-03-20T18:00"),
        ("sabato 14 novembre 2026, dalle 9.45. Ingresso libero", "2026-11-14T09:45", None),
        ("5.11.2026, 19 c. t.", "2026-11-05T19:00", None),
        ("23 October 2026 at 5 o'clock", "2026-10-23T17:00", None),
        ("3 November 2026, 1.30 million words", "2026-11-03", None),
        ("17 November 2026 at 6.30 in the hall", "2026-11-17", None),
        ("Workshop on 3 and 4 March 2027 in Leeds from 9.30 onwards", "2027-03-03T09:30", "2027-03-04"),
        ("Ab 6. Oktober 2026 jeden Dienstag um 19:30 Uhr im Bootshaus Jena", "2026-10-06T19:30", None),
    ],
)
def test_clock_times_are_read_as_people_write_them(text: str, start: str, end: str | None) -> None:
    assert (read(text)["start"], read(text)["end"]) == (start, end)


@pytest.mark.parametrize(
    ("text", "zone", "whose"),
    [
        (
            "Doppelvortrag am 12. November 2026 um 20 Uhr in Basel und in Freiburg, danach Gespräch",
            "Europe/Zurich",
            "place",
        ),
        ("Sommerfest am 5. Juni 2027 um 15 Uhr hinter dem Haus, wir sorgen für Kuchen", "Europe/Berlin", "assumed"),
        ("We meet on 5 June 2027 at 3 pm, and there will be cake", None, "unknown"),
        ("Deadline: 12 November 2026, 23 h 59, n'importe où sur Terre", "AoE", "stated"),
    ],
)
def test_the_zone_is_that_of_all_places_or_assumed(text: str, zone: str | None, whose: str) -> None:
    assert (read(text)["timezone"], read(text)["timezone_source"]) == (zone, whose)


def test_the_order_of_figures_is_that_of_the_language() -> None:
    assert dues("Les candidatures sont à envoyer avant le 11/12/2026 par courriel, avec une lettre pour nous") == [
        ("application", "2026-12-11")
    ]


def test_one_due_date_is_told_once() -> None:
    assert dues("Submissions are due on 17 November 2026. Applications are due 17 November 2026.") == [
        ("submission", "2026-11-17")
    ]
