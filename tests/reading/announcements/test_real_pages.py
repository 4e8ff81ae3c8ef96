"""What pages of real organisers have and made up announcements lack: timestamps, short names, days said twice."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tracker.reading.text_report import as_json, report_text

PUBLISHED = date(2026, 3, 2)
WRAPPED = """MountainWest RubyConf 2026 will be held on 13-14 May 2026, in Salt
Lake City, Utah, USA.

The submission deadline for presentation proposals is midnight (MST) on
April 30th, 2026.
"""


def read(text: str) -> dict[str, Any]:
    return as_json(report_text(text, PUBLISHED))


def cities(text: str) -> list[tuple[str | None, str | None]]:
    return [(place["city"], place["country"]) for place in read(text)["places"]]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        (
            "Data dell'evento: 28 ottobre 2026\n\nIl Linux Day di Torino si terrà il 28 ottobre 2026 dalle 14:00 alle 18:00.",
            "2026-10-28T14:00",
            "2026-10-28T18:00",
        ),
        ("The graduate conference will be held on Saturday, 18 April 2026 in Leeds, 9:00-3:30.", "2026-04-18T09:00", "2026-04-18T15:30"),
        ("The conference will be held on Saturday, 18 April 2026 in Leeds, 10:00-14:00.", "2026-04-18T10:00", "2026-04-18T14:00"),
        ("The lock-in will be held on Saturday, 18 April 2026 in Leeds, 10:00-03:30.", "2026-04-18T10:00", "2026-04-19T03:30"),
    ],
)  # fmt: skip
def test_the_clock_of_the_event(text: str, start: str, end: str) -> None:
    said = read(text)
    assert (said["start"], said["end"]) == (start, end)


@pytest.mark.parametrize(
    "stamp",
    ["Sun Mar 1 09:53:47 UTC 2026", "2026-03-01T00:00:00.000Z", "2026-03-01 11:20:13", "2026-02-27T09:24:26+00:00"],
)
def test_a_time_with_seconds_is_that_of_a_machine(stamp: str) -> None:
    said = read(
        f"Bursaries for students\n{stamp}\n\nThe call for eighty bursaries is out. The last day to apply is 16 April 2026."
    )
    assert said["kind"] == "deadline"
    assert [due["at"] for due in said["deadlines"]] == ["2026-04-16"]


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("Termina nesta sexta-feira (6) o prazo de inscrição para a maratona.", "2026-03-06"),
        ("O prazo de inscrição termina na quarta-feira (1), às 18h.", "2026-04-01T18:00"),
    ],
)
def test_a_weekday_has_its_day_in_brackets(words: str, day: str) -> None:
    assert [due["at"] for due in read(words)["deadlines"]] == [day]


def test_cells_that_follow_each_other_without_a_blank() -> None:
    said = read(
        "Datas\n15 de Abril de 2026Envio de resumo\n15 de Maio de 2026Notificação da avaliação\n30 de Junho de 2026Submissão do artigo"
    )
    assert [(due["kind"], due["at"]) for due in said["deadlines"]] == [
        ("abstract", "2026-04-15"),
        ("notification", "2026-05-15"),
        ("submission", "2026-06-30"),
    ]


def test_a_listed_day_is_that_of_the_event_which_is_named_behind_it() -> None:
    said = read(
        "Important dates\n\n• 25 April 2026: Full papers\n\n• 8 June 2026: Acceptance notification\n\n"
        "• 5 July 2026: Early registration closes\n\n• 27-29 August 2026: Main Conference"
    )
    assert (said["start"], said["end"]) == ("2026-08-27", "2026-08-29")


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Konzert am 16. Mai 2026 um 18:00 im Restaurant Arco, Marokkanergasse 3, 1030 Wien. Eintritt frei!", [("Vienna", "AT")]),
        ("L'incontro si terrà a Roma il 16 maggio 2026, presso la sede della società.", [("Rome", "IT")]),
        ("The workshop will be held on 16 May 2026 in beautiful Florida, with an evening by the sea.", []),
        ("El taller tendrá lugar en la Universidad de los Andes (Bogotá, Colombia) del 1 al 3 de agosto de 2026.", [("Bogotá", "CO")]),
        ("The talk takes place on 16 May 2026 at 1.15pm in the Darwin Lecture Theatre on Gower Street.", []),
        ("You are invited to HALLE 14 on 16 May 2026 for the opening of the exhibition in Leipzig.", [("Leipzig", "DE")]),
        ("Thursday 16 April 2026, 7.30pm, Sydenham Community Association Hall, 25 Hutcheson Street, Christchurch", [("Christchurch", "NZ")]),
        (WRAPPED, [("Salt Lake City", "US")]),
    ],
)  # fmt: skip
def test_names_that_are_places_and_names_that_only_look_so(text: str, places: list[tuple[str, str]]) -> None:
    assert cities(text) == places


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("The reading takes place on 16 May 2026 in the Ken Edwards Building. Copies are sold in our online store.", "physical"),
        ("Venue: The Weston Theatre\nDate: 16 May 2026\nRegister online.", "physical"),
        ("The reading takes place online on 16 May 2026.", "online"),
    ],
)  # fmt: skip
def test_a_website_makes_no_online_event(text: str, mode: str) -> None:
    assert read(text)["mode"] == mode


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Registration is open now! The call for papers will open soon, so stay tuned for the conference in May.", None),
        ("De eerste ronde van onze CFP gaat binnenkort sluiten. De deadline is tot en met 31 maart.", None),
        ("We regret that the conference will not be occurring in June 2026 as had been planned.", "cancelled"),
        ("Hemos decidido suspender todas nuestras reuniones, incluida la de este sábado.", "cancelled"),
        ("Wir haben entschieden, den Stammtisch um eine Woche nach hinten zu verschieben.", "postponed"),
        ("Courses\n* 2 May 2026: Data management\n* 24 May 2026: Visualisation in R (Sold Out)", None),
    ],
)  # fmt: skip
def test_what_the_text_says_of_its_state(text: str, status: str | None) -> None:
    assert read(text)["status"] == status
