"""Announcements as people write them, in seven languages: what each date is for, and what no date is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tracker.reading.text_report import as_json, report_text

PUBLISHED = date(2026, 11, 30)


def read(text: str) -> dict[str, Any]:
    return as_json(report_text(text, PUBLISHED))


def days(text: str) -> list[str]:
    return [each["at"] for each in read(text)["deadlines"] if each["at"] and each["kind"] != "notification"]


WINDOWS = [
    ("Register between 1 December and 20 January 2027.", "2026-12-01", "2027-01-20"),
    ("Bewerbungen nehmen wir vom 1. Februar bis zum 15. März 2027 entgegen.", "2027-02-01", "2027-03-15"),
    ("Der Call läuft vom 3. Dezember 2026 bis einschließlich 9. Januar 2027.", "2026-12-03", "2027-01-09"),
    ("Les candidatures peuvent être soumises entre le 15 janvier et le 28 février 2027.", "2027-01-15", "2027-02-28"),
    ("Registro en plataforma: del 19 de enero al 27 de febrero de 2027", "2027-01-19", "2027-02-27"),
    ("Le domande si presentano online dal 12 gennaio al 9 febbraio 2027.", "2027-01-12", "2027-02-09"),
    ("Inschrijving: 3 t/m 28 maart 2027", "2027-03-03", "2027-03-28"),
]
DEADLINES = [
    ("Vorträge können bis 31. August 2027 vorgeschlagen werden.", ["2027-08-31"]),
    ("Les travaux sont à déposer le 2 février 2027.", ["2027-02-02"]),
    ("La domanda deve pervenire entro le ore 12:00 del 27 febbraio 2027.", ["2027-02-27T12:00"]),
    ("La solicitud se registra hasta las 12:00 (hora peninsular) del 15 de enero de 2027.", ["2027-01-15T12:00"]),
    ("O prazo foi prorrogado até às 23:59 do dia 23 de maio de 2027.", ["2027-05-23T23:59"]),
    ("El plazo de envío es desde el 30 de octubre de 2026 hasta el 15 de enero de 2027.", ["2027-01-15"]),
    ("Send us your idea by 12 June 2027, please.", ["2027-06-12"]),
    ("You should apply by 15 May 2027 (15 April for teams from abroad).", ["2027-05-15", "2027-04-15"]),
    ("Frist verlängert bis 22. Februar 2027 (ursprünglich 8. Februar 2027).", ["2027-02-22"]),
    ("Proposals have to reach us by 17 June 2027, 17.00 CEST.", ["2027-06-17T17:00"]),
    ("Submission of prototypes closes at 1800hrs (SGT) on 6 March 2027.", ["2027-03-06"]),
]
NO_DEADLINES = [
    "The exhibition is on view until 13 September 2027.",
    "L'exposition reste visible jusqu'au 30 août 2027.",
    "Closing ceremony on 12 September 2027.",
    "Cérémonie de clôture le 21 mars 2027.",
    "Applications for the academy (Tilburg, 3–14 August 2027) are now closed.",
    "Refunds are possible until 3 March 2027.",
    "You may cancel your booking free of charge until 10 January 2027.",
    "Reserved tickets must be collected by 18 March 2027.",
    "Delegates canceling their registration before 15 May 2027 will receive a full refund.",
    "Second call for papers: 5 January 2027",
    "Rooms at the hotel can be held for participants until 30 May 2027.",
    "The exhibition at the City Museum has been extended until 21 February 2027.",
    "Abstracts für die Tagung einzureichen, die am 26. März 2027 bei uns stattfindet, lohnt sich.",
]
STATUSES = [
    ("Die Tagung am 5. März 2027 muss wegen Erkrankung verschoben werden.", "postponed"),
    ("La journée du 22 janvier 2027 est reportée au 19 mars 2027.", "postponed"),
    ("La date limite d'envoi, fixée au 5 avril 2027, est reportée au 19 avril 2027.", None),
    ("ABGESAGT: Leider fällt der Stammtisch am 3. Dezember aus.", "cancelled"),
    ("Un dossier complet est à envoyer avant le 10 avril 2027.", None),
    ("L'assemblée du 29 janvier 2027 n'aura pas lieu en personne, mais sur Teams.", None),
    ("Tonight's talk is off – the speaker is ill.", "cancelled"),
    ("Our picnic on 5 June 2027 is off because of the storm.", "cancelled"),
    ("If it rains, the picnic on 5 June 2027 is off.", None),
    ("The workshop on 3 May 2027 is off to a good start: forty people came.", None),
    ("Members get 20% off until 3 March 2027; the talk is on 5 May.", None),
    ("Walk on 20 January 2027, 8:00, main station. In bad weather the walk is cancelled.", None),
    ("Führung am 15. Januar 2027, 19 Uhr. Bei Regen fällt die Führung aus.", None),
    ("Cine al aire libre, 12 de junio de 2027. En caso de lluvia se cancela la proyección.", None),
    ("Wird der Kurs abgesagt, erhalten Sie die Gebühr zurück. Beginn: 27. Februar 2027.", None),
    ("Curso em Évora, 6 de março de 2027. Se não houver inscritos, o curso fica cancelado.", None),
    ("Open day on 5 February 2027. The evening bus to the campus has been cancelled.", None),
    ("Jornada abierta, 18 de febrero de 2027. Se suspenden las clases ese día.", None),
    ("After last year's edition was cancelled, we invite you to the open day on 18 March 2027.", None),
    ("La charla del 28 de enero de 2027 no se cancela: cambia de sala.", None),
    ("The lecture on 20 January 2027 has been cancelled; it will be held online instead.", None),
    ("Leider muss der Vortrag am 19. Januar 2027 krankheitsbedingt entfallen.", "cancelled"),
    ("Helaas gaat de workshop van 16 januari 2027 in Utrecht niet door.", "cancelled"),
    ("We regret to announce the cancellation of SafeML, originally scheduled for 16-20 March 2027.", "cancelled"),
    ("We took the difficult decision to cancel EvalsConf for 2027. It was planned for 10 May 2027.", "cancelled"),
    ("Nos vemos en la necesidad de cancelar la reunión del sábado 9 de enero de 2027.", "cancelled"),
    ("Op 2 februari heeft het bestuur besloten het festival van 5 juni 2027 te annuleren.", "cancelled"),
    ("Wie viele andere Veranstaltungen wird auch unsere Tagung am 6. Mai 2027 in Kassel abgesagt.", "cancelled"),
    ("Tagung Sichere KI am 6. Mai 2027: abgesagt\nBereits bezahlte Gebühren werden erstattet.", "cancelled"),
    ("The board announces the immediate cancellation of the summit that was scheduled for 22 June 2027.", "cancelled"),
    ("Nous avons pris la décision d'annuler l'édition 2027 du BreizhCamp, prévue le 24 mars 2027.", "cancelled"),
    ("However, the summit was canceled in 2025. The summit of 2027 takes place on 30 May 2027.", None),
    ("Die Spaces sind geschlossen und alle Veranstaltungen abgesagt. Unser Stream: 11. April 2027.", None),
    ("Like many conferences this year, AlignConf has been cancelled. It was planned for 7 June 2027.", "cancelled"),
    ("Erneut sehen wir uns gezwungen, das Seminar am 7. Juni 2027 absagen zu müssen.", "cancelled"),
    ("Nous avons dû nous résoudre à annuler la convention du 27 novembre 2027.", "cancelled"),
    ("Is the Carnival cancelled?\nMany events have been affected. It is on 30 August 2027.", None),
    ("January meetup cancelled\nSee you at the February meetup on 9 February 2027 at 19:00 in Linz.", None),
    ("Rahmenprogramm abgesagt\nDie Tagung am 6. Mai 2027 in Kassel ist davon nicht betroffen.", None),
    ("Talk: The Apocalypse Is Cancelled\nTuesday 9 March 2027, 18:30, Town Hall, Leeds", None),
    ("Vor sieben Jahren waren wir gezwungen, das Sommerfest abzusagen. Nun ist es am 5. Juni 2027.", None),
    ("Nous n'avons pas dû nous résoudre à annuler le festival : rendez-vous le 5 juin 2027 à Nantes !", None),
    ("Taller el 6 de mayo de 2027. Puedes cambiar de sesión sin necesidad de cancelar la inscripción.", None),
    ("Wir haben uns entschlossen, das Buffet ausfallen zu lassen. Die Tagung ist am 6. Mai 2027.", None),
    ("We inform you of the cancellation of one evening session. The school runs from 5 to 9 July 2027.", None),
    ("This year many other meetups have been cancelled. Even NeurReps was cancelled. Ours: 14 January 2027.", None),
    ("Other events in town may have been cancelled, ours is on: AI safety social, 9 January 2027, 19:00.", None),
    ("Das Hamburger Team hat abgesagt; der Kurs findet am 3. März 2027 statt.", None),
]
CLOCKS = [
    ("We meet on 9 March 2027 in Leeds. Doors at 6pm, talks start at 7pm.", "2027-03-09T19:00"),
    ("Das Fest ist am 6. Juni 2027, einfach zwischen 11 und 17 Uhr vorbeikommen.", "2027-06-06T11:00"),
    ("La charla será el 8 de marzo de 2027, de 9 a 15 horas.", "2027-03-08T09:00"),
    ("Laboratorio domenica 7 marzo 2027 alle 15 nella sala del museo.", "2027-03-07T15:00"),
    ("The talk is on 9 March 2027. Tickets until 5pm the day before.", "2027-03-09"),
]


TITLES = [
    "Call for papers: Islands in Literature, Valletta, 3-5 June 2027. Deadline: 31 January 2027.",
    "Convocatoria de ponencias: III Congreso, Zaragoza, 3-5 de junio de 2027. Resúmenes hasta el 31 de enero de 2027.",
    "Call for Papers: Tagung, Dresden, 3.–5. Juni 2027. Vorschläge bitte bis 31. Januar 2027.",
    "Registration is open for the Baltic Forum, Riga, 3-5 June 2027. Register by 31 January 2027.",
    "Inscriptions ouvertes : Université de printemps, Sète, 3-5 juin 2027. Clôture le 31 janvier 2027.",
]
NOTIFIED = [
    "Applications close 10 February 2027; applicants will hear by 1 March 2027.",
    "Candidaturas até 10 de fevereiro de 2027. Os candidatos serão informados até 1 de março de 2027.",
    "Solicitudes hasta el 10 de febrero de 2027. Se informará a los candidatos antes del 1 de marzo de 2027.",
    "Bewerbungen bis 10. Februar 2027. Alle Bewerberinnen erhalten bis 1. März 2027 Bescheid.",
]


@pytest.mark.parametrize("text", TITLES)
def test_the_days_in_a_title_are_those_of_the_event(text: str) -> None:
    assert (read(text)["start"], read(text)["end"], days(text)) == ("2027-06-03", "2027-06-05", ["2027-01-31"])


@pytest.mark.parametrize("text", NOTIFIED)
def test_a_day_on_which_people_hear_is_no_deadline(text: str) -> None:
    assert days(text) == ["2027-02-10"]


@pytest.mark.parametrize(("text", "opens", "closes"), WINDOWS)
def test_a_window_of_applying_is_an_opening_and_a_deadline_and_no_event(text: str, opens: str, closes: str) -> None:
    said = read(text)
    assert (said["kind"], said["opens"], days(text)) == ("deadline", [opens], [closes])


@pytest.mark.parametrize(("text", "expected"), DEADLINES)
def test_a_deadline_is_found_however_it_is_said(text: str, expected: list[str]) -> None:
    assert [day[: len(wanted)] for day, wanted in zip(days(text), expected, strict=True)] == expected


@pytest.mark.parametrize("text", NO_DEADLINES)
def test_what_only_ends_is_no_deadline(text: str) -> None:
    assert days(text) == []


@pytest.mark.parametrize(("text", "status"), STATUSES)
def test_a_status_is_that_of_the_event(text: str, status: str | None) -> None:
    assert read(text)["status"] == status


@pytest.mark.parametrize(("text", "start"), CLOCKS)
def test_a_clock_time_that_stands_apart_is_that_of_the_event(text: str, start: str) -> None:
    assert read(text)["start"] == start


def test_the_local_time_of_a_city_or_country_is_a_zone() -> None:
    for said, zone in (
        ("23:59 (hora de la Ciudad de México)", "America/Mexico_City"),
        ("17h00, heure de Bruxelles", "Europe/Brussels"),
        ("17:00 Uhr Ortszeit Wien", "Europe/Vienna"),
        ("18h, horário de Brasília", "America/Sao_Paulo"),
        ("12:00 (ora italiana)", "Europe/Rome"),
    ):
        [due] = read(f"Deadline: 5 June 2027, {said}")["deadlines"]
        assert (due["timezone"], due["timezone_source"]) == (zone, "stated"), said


def test_phases_are_one_event_and_the_finer_dates_count() -> None:
    text = "Phase 1: 3–14 May 2027, phase 2: 20–24 May 2027."
    assert [(each["start"], each["end"]) for each in read(text)["phases"]] == [
        ("2027-05-03", "2027-05-14"),
        ("2027-05-20", "2027-05-24"),
    ]
    assert (read(text)["start"], read(text)["end"]) == ("2027-05-03", "2027-05-24")
    finer = read("Program timeline: April 27 – July 17, 2027. It is part-time, running from April through July 2027.")
    assert (finer["start"], finer["end"]) == ("2027-04-27", "2027-07-17")


def test_a_place_that_is_only_mentioned_is_a_doubt() -> None:
    said = read("The course begins on 3 March 2027. Its partners come from Lyon.")
    assert (said["places"], said["mode"]) == ([], "none")


def test_a_report_has_cost_stipend_and_level() -> None:
    said = read("Free of charge, no technical background needed; participants get a stipend of €500.")
    assert (said["cost"], said["stipend"], said["level"]) == ("free", "stipend", "low")
