"""Questions with their answers, lists and columns of deadlines, windows that begin with a clock time, "at the latest"."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.reading.text_report import as_json, report_text

PUBLISHED = date(2026, 2, 9)
Due = tuple[str, str | None, str | None]


def dues(text: str) -> list[Due]:
    """Return kind, closing and opening of each deadline of a text."""
    read = as_json(report_text(text, PUBLISHED))
    return [(due["kind"], due["at"], due["opens"]) for due in read["deadlines"]]


def start(text: str) -> str | None:
    read = as_json(report_text(text, PUBLISHED))
    return None if read["kind"] == "deadline" else read["start"]


@pytest.mark.parametrize(
    ("question", "answer", "kind"),
    [
        ("Until when can I apply?", "16 April 2026.", "application"),
        ("When is the deadline?", "On Thursday 16 April 2026.", "application"),
        ("Bis wann kann ich mich bewerben?", "Am 16. April 2026.", "application"),
        ("Wanneer moet mijn aanvraag binnen zijn?", "Op donderdag 16 april 2026.", "application"),
        ("Jusqu'à quand puis-je candidater ?", "Le 16 avril 2026.", "application"),
        ("¿Hasta cuándo puedo inscribirme?", "El 16 de abril de 2026.", "registration"),
        ("Até quando posso me inscrever?", "16 de abril de 2026.", "registration"),
        ("Entro quando devo candidarmi?", "Il 16 aprile 2026.", "application"),
        ("When do I hear back?", "By 16 April 2026 at the latest.", "notification"),
        ("Wann kommt die Antwort?", "Spätestens am 16. April 2026.", "notification"),
        ("Wanneer hoor ik iets?", "Uiterlijk op 16 april 2026.", "notification"),
    ],
)
@pytest.mark.parametrize("between", ["\n", "\n\n", " "])
def test_a_question_says_what_the_date_of_its_answer_is_for(
    question: str, between: str, answer: str, kind: str
) -> None:
    assert dues(f"{question}{between}{answer}") == [(kind, "2026-04-16", None)]


def test_a_question_about_something_else_leaves_the_answer_its_own_words() -> None:
    assert dues("What else is there to do?\nRegister by 16 April 2026.") == [("registration", "2026-04-16", None)]
    assert start("When does the course begin?\nOn 1 June 2026.") == "2026-06-01"


@pytest.mark.parametrize(
    "text",
    [
        "As inscrições serão recebidas das 8h do dia 3 de março às 17h do dia 20 de março de 2026.",
        "Inscrições: das 8h do dia 3/3/2026 às 17h do dia 20/3/2026, pelo site.",
        "Las inscripciones estarán abiertas desde las 8:00 del 3 de marzo hasta las 17:00 del 20 de marzo de 2026.",
        "Le iscrizioni sono aperte dalle ore 8 del 3 marzo alle ore 17 del 20 marzo 2026.",
        "Registration is open from 8 am on 3 March 2026 until 5 pm on 20 March 2026.",
    ],
)
def test_a_window_whose_clock_times_stand_before_its_days(text: str) -> None:
    assert dues(text) == [("registration", "2026-03-20T17:00", "2026-03-03T08:00")]
    assert start(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "The first round closes on 29 May 2026; the second on 10 July; the third, if places remain, on 18 September.",
        "El primer plazo termina el 29 de mayo de 2026; el segundo, el 10 de julio; el tercero, el 18 de septiembre.",
        "Die erste Bewerbungsfrist endet am 29. Mai 2026, die zweite am 10. Juli, die dritte am 18. September.",
        "Application deadlines:\n- 29 May 2026\n- 10 July 2026\n- 18 September 2026\n\nThe fund is in Berlin.",
        "Applications due\n29 May 2026\n10 July 2026\n18 September 2026",
        "Application deadline    29 May 2026    10 July 2026    18 September 2026",
        "Application deadline | 29 May 2026 | 10 July 2026 | 18 September 2026",
    ],
)
def test_further_deadlines_of_a_list_or_a_row_are_deadlines(text: str) -> None:
    assert [at for _, at, _ in dues(text)] == ["2026-05-29", "2026-07-10", "2026-09-18"]


@pytest.mark.parametrize(
    "text",
    [
        "Registration deadline: 1 March 2026\n15 April 2026\nBerlin, Germany",
        "Deadline: 1 March 2026\n\n15 April 2026, Berlin\nAI Safety Day",
        "Deadline: 1 March 2026\n15 April 2026: AI Safety Day",
    ],
)
def test_the_event_in_the_line_below_a_deadline_is_none(text: str) -> None:
    assert [at for _, at, _ in dues(text)] == ["2026-03-01"]
    assert start(text) == "2026-04-15"


@pytest.mark.parametrize(
    "text",
    [
        "Postdoc at TU Graz. Applications until 17 April 2026. Starting: as soon as possible, at the latest 1 September 2026.",
        "Doktorandenstelle. Bewerbungen bis 17. April 2026. Dienstbeginn: ehestmöglich, spätestens 1. September 2026.",
        "PhD position. Apply by 17 April 2026. The successful candidate starts no later than 1 September 2026.",
    ],
)
def test_a_start_at_the_latest_is_no_deadline(text: str) -> None:
    assert ("application", "2026-04-17", None) in dues(text)
    assert all(at != "2026-09-01" for _, at, _ in dues(text))


def test_labels_may_end_in_dots() -> None:
    text = (
        "Registro de resumo ........ 10/08/2026\nArtigo completo ........ 17/08/2026\nNotificação ........ 28/09/2026"
    )
    assert [(kind, at) for kind, at, _ in dues(text)] == [
        ("abstract", "2026-08-10"),
        ("submission", "2026-08-17"),
        ("notification", "2026-09-28"),
    ]
