"""Lists of deadlines with one year, windows with "and until", words between "until" and its date, side events."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.reading.text_report import as_json, report_text

PUBLISHED = date(2026, 2, 2)


def due_days(text: str) -> list[str]:
    return [due["at"][:10] for due in as_json(report_text(text, PUBLISHED))["deadlines"] if due["at"]]


def start(text: str) -> str | None:
    read = as_json(report_text(text, PUBLISHED))
    return None if read["kind"] == "deadline" else read["start"]


@pytest.mark.parametrize(
    "text",
    [
        "Travel fund\nClosing dates for applications in 2026: 25 March, 29 May and 18 October.",
        "Closing dates for the travel fund: 25 March, 29 May and 18 October 2026.",
        "Deadlines in 2026 are 25 March, 29 May and 18 October.",
        "Bewerbungsschluss ist jeweils am 25. März, 29. Mai und 18. Oktober 2026.",
        "Dates limites de candidature en 2026 : 25 mars, 29 mai et 18 octobre.",
        "Plazos de solicitud para 2026: 25 de marzo, 29 de mayo y 18 de octubre.",
        "Prazos de candidatura em 2026: 25 de março, 29 de maio e 18 de outubro.",
        "Scadenze per le domande nel 2026: 25 marzo, 29 maggio e 18 ottobre.",
        "Aanmelddeadlines in 2026: 25 maart, 29 mei en 18 oktober.",
    ],
)
def test_a_list_of_deadlines_has_the_year_before_it_or_at_its_end(text: str) -> None:
    assert due_days(text) == ["2026-03-25", "2026-05-29", "2026-10-18"]
    assert start(text) is None


def test_a_list_runs_on_into_the_next_year() -> None:
    assert due_days("Application deadlines: 15 November, 15 January 2027") == ["2026-11-15", "2027-01-15"]
    assert due_days("Application deadlines 2026: 15 November, 15 January") == ["2026-11-15", "2027-01-15"]


def test_a_weekday_of_another_year_stays_with_its_own() -> None:
    assert due_days("Deadlines: Wednesday 25 March, 29 May 2027.") == ["2026-03-25", "2027-05-29"]


@pytest.mark.parametrize(
    "text",
    [
        "Submissions can be made from 14 February 2026 and until 13 March 2026.",
        "Bewerbungen werden ab dem 14. Februar 2026 und bis zum 13. März 2026 entgegengenommen.",
        "Les candidatures sont ouvertes à partir du 14 février 2026 et jusqu'au 13 mars 2026.",
        "El plazo de presentación estará abierto desde el 14 de febrero de 2026 y hasta el 13 de marzo de 2026.",
        "As candidaturas estão abertas a partir de 14 de fevereiro de 2026 e até 13 de março de 2026.",
        "L'invito a presentare le domande è aperto a partire dal 14 febbraio 2026 e fino al 13 marzo 2026.",
        "Aanmelden kan vanaf 14 februari 2026 en tot 13 maart 2026.",
        "Closing dates: 14/02/26 - 13/03/26",
    ],
)
def test_a_window_may_have_and_before_until(text: str) -> None:
    assert due_days(text) == ["2026-03-13"]
    assert start(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "You have until the end of day on 11 February to apply.",
        "Applications will be accepted up to and including 11 February.",
        "Anmeldungen sind bis kommenden Mittwoch, 11. Februar, möglich.",
        "Anmelden kann man sich noch bis zum nächsten Mittwoch, dem 11. Februar.",
        "Anmeldungen nehmen wir bis einschließlich 11. Februar entgegen.",
        "Inschrijven kan tot aanstaande woensdag 11 februari.",
        "Les inscriptions sont ouvertes jusqu'à mercredi prochain, le 11 février.",
        "Las inscripciones siguen abiertas hasta el próximo miércoles, 11 de febrero.",
        "A mostra tem inscrições de trabalhos até a próxima quarta-feira, 11 de fevereiro.",
        "Inscrições até esta quarta-feira (11 de fevereiro).",
        "Ci si può iscrivere fino a mercoledì prossimo, 11 febbraio.",
    ],
)
def test_a_weekday_or_next_between_until_and_its_date_changes_nothing(text: str) -> None:
    assert due_days(text) == ["2026-02-11"]
    assert start(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "The course starts on 2 March 2026. If demand exceeds places, a public draw will be held on 20 February at 11:00.",
        "Der Kurs beginnt am 2. März 2026. Die Auslosung der Plätze findet am 20. Februar um 11 Uhr statt.",
        "Le tirage au sort aura lieu le 20 février à 11 h. Le cours commence le 2 mars 2026.",
        "El curso empieza el 2 de marzo de 2026. El sorteo público se celebrará el viernes 20 de febrero a las 11:00 h.",
        "El curso empieza el 2 de marzo de 2026. Está previsto un sorteo público que se celebrará el 20 de febrero.",
        "O sorteio será realizado no dia 20 de fevereiro às 11h. O curso começa em 2 de março de 2026.",
        "I colloqui si terranno il 20 febbraio 2026. Il corso inizia il 2 marzo 2026.",
        "De loting vindt plaats op 20 februari. De cursus begint op 2 maart 2026.",
    ],
)
def test_a_draw_or_an_interview_that_takes_place_is_not_the_event(text: str) -> None:
    assert start(text) == "2026-03-02"


def test_what_heads_a_list_is_said_by_its_first_date_alone() -> None:
    assert due_days("Travel fund. Deadlines: 25 March, 29 May 2026.") == ["2026-03-25", "2026-05-29"]


@pytest.mark.parametrize(
    ("text", "days", "start_day"),
    [
        ("The course will begin not on 1 March but on 15 April 2026, in Chiang Mai.", [], "2026-04-15"),
        ("Der Vortrag wandert vom 15. Mai auf den 3. Juli 2026, gleiche Uhrzeit.", [], "2026-07-03"),
        ("De vergadering is verplaatst van 9 april naar donderdag 23 april 2026.", [], "2026-04-23"),
        ("Il seminario è rinviato dal 20 maggio a mercoledì 17 giugno 2026.", [], "2026-06-17"),
        ("La clôture des inscriptions passe du 16 au 30 mai 2026.", ["2026-05-30"], None),
        ("Los trabajos podrán subirse hasta el 19 de marzo en lugar del 12.", ["2026-03-19"], None),
    ],
)
def test_a_date_that_replaces_another_counts_alone(text: str, days: list[str], start_day: str | None) -> None:
    assert (due_days(text), start(text)) == (days, start_day)


@pytest.mark.parametrize(
    ("text", "closing", "opening"),
    [
        ("Anmeldung vom 1. März bis 31. März 2026, 24 Uhr.", "2026-03-31T23:59", "2026-03-01"),
        ("Apply from 1 March 2026 9am to 31 March 2026 midnight.", "2026-03-31T23:59", "2026-03-01T09:00"),
        ("Inscripciones del 1 de marzo al 31 de marzo de 2026 a medianoche.", "2026-03-31T23:59", "2026-03-01"),
        ("Applications are accepted from 6 January until noon on 14 February 2027.", "2027-02-14T12:00", "2027-01-06"),
    ],
)
def test_a_window_ends_with_its_last_day(text: str, closing: str, opening: str) -> None:
    due = as_json(report_text(text, PUBLISHED))["deadlines"][0]
    assert (due["at"], due["opens"]) == (closing, opening)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Full refunds are possible. All tickets will be refunded by 15 May 2026.", []),
        ("Successful applicants pay by 19 December 2026.", []),
        ("Dúvidas serão respondidas até o dia 22 de março de 2026.", []),
        ("Museu da Emigração. Encerrado a 25 de dezembro e 1 de janeiro.", []),
        ("Poster abstracts: 3 May 2026; full papers: 1 June 2026", ["2026-05-03", "2026-06-01"]),
        (
            "Candidates are asked to send a CV by Monday 16 March 2026 at 9am. Informal chats by phone follow.",
            ["2026-03-16"],
        ),
        ("De inschrijftermijn eindigt op 30 november 2026.", ["2026-11-30"]),
        ("Aanvragen die na 31 oktober binnenkomen, nemen we niet meer aan. Uiterlijk 31 oktober 2026.", ["2026-10-31"]),
    ],
)
def test_what_is_paid_back_answered_or_closed_is_no_deadline(text: str, days: list[str]) -> None:
    assert due_days(text) == days


def test_a_cancelled_event_keeps_the_day_for_which_it_was_planned() -> None:
    read = as_json(
        report_text("We are sorry: PyRegio, planned for 24 April 2026 in Ghent, will not go ahead.", PUBLISHED)
    )
    assert (read["start"], read["status"]) == ("2026-04-24", "cancelled")


@pytest.mark.parametrize(
    "text",
    [
        "The sprint is cancelled in Perth but happens as planned in Brisbane on 8 May 2026.",
        "Eventos cancelados: consulte la lista. El taller es el 8 de mayo de 2026.",
        "No se realizará devolución. El taller es el 8 de mayo de 2026.",
        "Punkt 3 wird gestrichen. Der Workshop ist am 8. Mai 2026.",
        "Política de cancelamento. A oficina é no dia 8 de maio de 2026.",
        "The talk has been moved to the larger hall. It is on 8 May 2026.",
    ],
)
def test_what_is_cancelled_or_moved_elsewhere_leaves_the_event_as_it_is(text: str) -> None:
    assert as_json(report_text(text, PUBLISHED))["status"] is None
