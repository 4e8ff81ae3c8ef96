"""Ordinary texts whose wrong reading would harm: a deadline a year late, a false cancellation, an invented deadline."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.reading.text_report import as_json, report_text

PUBLISHED = date(2026, 2, 2)
Facts = tuple[str | None, list[str], str | None]


def facts(text: str) -> Facts:
    """Return (first day of the event, days of deadlines, status)."""
    read = as_json(report_text(text, PUBLISHED))
    start = None if read["kind"] == "deadline" else read["start"]
    dues = [due["at"][:10] for due in read["deadlines"] if due["at"] and due["kind"] != "notification"]
    return start and start[:10], dues, read["status"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("The fellowship takes place from 1 September 2026 to 30 June 2027. Apply by 1 May.", "2026-05-01"),
        ("Deadline: 1 May. Duration: 1 September 2026 – 30 June 2027.", "2026-05-01"),
        ("Zeitraum: 1. September 2026 bis 30. Juni 2027. Bewerbungsschluss: 1. Mai.", "2026-05-01"),
        ("Grant holders must submit a final report by 30 September 2027. Applications close on 14 June.", "2026-06-14"),
        ("Letter of intent: 14 June. Full proposal: 20 January 2027. Decision: May 2027.", "2026-06-14"),
        (
            "Der Abschlussbericht ist bis zum 31. Juli 2027 einzureichen. Anträge können bis 14. Juni gestellt werden.",
            "2026-06-14",
        ),
        (
            "El informe final debe entregarse antes del 31 de julio de 2027. Las solicitudes se admiten hasta el 14 de junio.",
            "2026-06-14",
        ),
        ("PhD position starting in September 2027. Apply by 30 June. Interviews are in July 2026.", "2026-06-30"),
        ("The fellowship runs until 31 August 2027. Apply by 1 May.", "2026-05-01"),
        ("Die Förderung endet am 31. Dezember 2027. Anträge sind bis zum 15. April einzureichen.", "2026-04-15"),
        ("La bourse court jusqu'au 31 août 2027. Candidatures avant le 15 avril.", "2026-04-15"),
        ("PhD position, 1 October 2026 to 30 September 2029. Apply by 1 May.", "2026-05-01"),
        (
            (
                "The residency takes place from 1 September 2026 to 31 August 2027 in Ghent. Applications are accepted until "
                "15 April. Interviews will be held on 12 May."
            ),
            "2026-04-15",
        ),
        (
            (
                "The grant programme supports projects that are completed before 31 December 2027. Proposals of up to five "
                "pages should be submitted by 15 April through our online form. Decisions will be made in May."
            ),
            "2026-04-15",
        ),
        (
            "Los proyectos deben finalizar antes del 31 de diciembre de 2026. Solicitudes hasta el 1 de marzo.",
            "2026-03-01",
        ),
        ("Die Stelle ist befristet bis 31. Dezember 2028. Bewerbungen bitte bis 15. April.", "2026-04-15"),
    ],
)
def test_no_deadline_lies_a_year_late(text: str, day: str) -> None:
    assert day in facts(text)[1]
    assert not any(other[:4] > day[:4] for other in facts(text)[1] if other[5:] == day[5:])


@pytest.mark.parametrize(
    ("text", "start", "dues"),
    [
        ("Our lease ends on 31 December 2026. The reading group meets on 15 April; sign up by 12 April.", "2026-04-15", ["2026-04-12"]),
        ("Proceedings appear in January 2027. Workshop: 10 July in Vienna.", "2026-07-10", []),
        ("The workshop has been brought forward from 30 April to 15 April. Register by 1 April.", "2026-04-15", ["2026-04-01"]),
        ("Anmeldeschluss ist nicht der 15. März, sondern der 1. März.", None, ["2026-03-01"]),
        ("There is no charge until 1 March but from 2 March the fee is 50 euros. The workshop is on 12 March.", "2026-03-12", []),
        ("Papers are due not on 15 March but on 1 March, and the workshop takes place on 12 May in Ghent.", "2026-05-12", ["2026-03-01"]),
        ("Please let us know by next Wednesday, the 11th. The dinner is on Saturday, 14 February.", "2026-02-14", ["2026-02-11"]),
        ("Iscrizioni dal 10 febbraio all'1 marzo. Scuola estiva a Bari.", None, ["2026-03-01"]),
        ("The recording is available until 30 June. Live session on 12 March at 5pm UTC.", "2026-03-12", []),
    ],
)  # fmt: skip
def test_dates_stay_in_their_year_and_role(text: str, start: str | None, dues: list[str]) -> None:
    assert facts(text)[:2] == (start, dues)


@pytest.mark.parametrize(
    "text",
    [
        "La visita no se realizará por obras. El congreso es el 12 de marzo en Murcia.",
        "A visita não vai acontecer. O congresso é a 12 de março em Braga.",
        "La cena sociale dell'8 luglio è annullata, al suo posto ci sarà un concerto. Convegno il 7 luglio.",
        "De excursie op 8 juli gaat niet door; in plaats daarvan is er een filmavond.",
        "La visite est annulée. La conférence du 12 mars à Nantes commence à 14h.",
        "Die Teilnahmegebühr entfällt für Studierende. Die Tagung ist am 12. März.",
        "Your registration is cancelled if you do not pay. The retreat is on 12 March.",
        "Places that are not confirmed by 1 March are cancelled. The retreat is on 12 March.",
        "The strike was called off. The conference is on 12 March.",
        "Der Workshop wird nicht abgesagt, sondern am 12. März online durchgeführt.",
        "The talk has been moved from Room 3 to Room 12. It takes place on 14 March at 17:00.",
        "The committee meeting has been moved to Monday mornings. The public lecture is on 12 March.",
        "De lezing verhuist van zaal 3 naar zaal 12. Ze is op 12 maart.",
        "Der Schwerpunkt verschiebt sich von Technik zu Politik. Vortrag am 12. März, 18 Uhr.",
        "Le début du cours est repoussé d'une heure. Cours le 12 mars.",
        "Cancelled: how online outrage works. Talk on 12 March at 6pm in Leeds.",
        "The seminar of 5 March is cancelled. The next one is on 12 March.",
        "La rencontre du 28 février est annulée ; la prochaine est prévue le 12 mars à 19h.",
        "The livestream has been cancelled for technical reasons. Join us on 21 March at 9 am in Leeds.",
        "My hotel reservation was cancelled, so I am looking for a room near the conference (21–23 March, Leeds).",
        "The vote in parliament has been postponed to 1 July. We discuss it on 3 June at 7pm in Berlin.",
        "The keynote has been postponed to 14 March. The conference is on 12 March in Leeds.",
        "Don't put off your registration: the conference is on 3 August in Berlin.",
        "Wird der Kurs abgesagt, erhalten Sie die Gebühr zurück. Beginn: 27. Februar 2027.",
        "Abgesagt: Ein Theaterstück über die Liebe. Premiere am 12. März.",
        "Workshop op 12 maart. Gaat de workshop door ziekte niet door, dan bieden we een nieuwe datum aan.",
        "In the unlikely event that the organisers have to cancel the congress on 12 March, all fees are returned.",
        "Yes, the meetup of 12 March is on. What you read about was the Go meetup, which has been called off.",
        "There is a rumour that the market on 12 March has been cancelled. It hasn't! See you there.",
        "Last week we told you the street party on 2 June was cancelled. It is back on, same place, same time.",
        "The clean-up on 5 March is cancelled. The boat gathering on 12 March goes ahead regardless.",
        "Melden sich weniger als sechs Personen an, behält sich die VHS vor, den Kurs am 18. April abzusagen.",
        "Our March meetup had to be cancelled, but join us on 9 April 2026 in Bristol!",
        "Talk on 14 April 2026: Why the city had to cancel its AI pilot. Speaker: Ana Ruiz.",
        "Debate on 9 May 2026: Should labs be forced to cancel a training run?",
        "The keynote by Prof. Lee is cancelled. The symposium is on 4 March 2026.",
        "We had to cancel the dinner, but the symposium on 4 March 2026 takes place as planned.",
        "Kurs am 12. März 2026. Bei weniger als acht Anmeldungen müssen wir den Kurs absagen.",
        "Workshop op 12 maart 2026. Uw inschrijving vervalt als u niet betaalt.",
        "Incontro il 12 marzo 2026. Il pranzo salta, ma ci vediamo alle 15.",
        "Taller el 12 de marzo de 2026. Nos reservamos el derecho de cancelar el taller.",
        "Spieleabend an jedem ersten Donnerstag im Monat, nächstes Mal am 5. März. Im Juni entfällt der Termin.",
        "La fiera apre il 23 aprile. L'unica cosa che salta è la lettura all'aperto di domenica 26.",
        "Opera in the park\n6 June 2026: Norma\n13 June 2026: Tosca – CANCELLED\n20 June 2026: Aida",
        "Samedi 6 juin 2026 : Norma\nSamedi 13 juin 2026 : ANNULÉ\nSamedi 20 juin 2026 : Aïda",
        "10.04.2026 | Einführung\n17.04.2026 | entfällt\n24.04.2026 | Referate",
        "Bay Marathon, 5 June 2026. Update 18 March 2026: The 10 km race is cancelled. The marathon is not affected.",
        "Village fair on 5 June 2026. Sadly we have to call off the bus on 5 June 2026.",
        "Stadtfest am 5. Juni 2026. Das Fest muss nicht ausfallen, die Stadt zahlt.",
        "6 June 2026: Norma. 13 June 2026: Tosca (cancelled). 20 June 2026: Aida.",
        "Lake Days, 2–4 July 2026\n2 July 2026: Opening\n3 July 2026: Boat trip – CANCELLED\n4 July 2026: Closing",
        "The Bay Run on 5 June 2026 is cancelled for children under 10; the other races start as planned.",
        "Bay Run, 5 June 2026 [CANCELLED: kids' race]",
        "Film night, 14 June 2026. The talk beforehand will not take place.",
        "La conferenza del 14 giugno 2026 non si terrà in aula 3 ma in aula 5.",
        "Il laboratorio di venerdì 6 marzo 2026 non si svolgerà a Torino ma su Google Meet.",
        "La fête du 12 juin 2026 aura lieu, mais le feu d'artifice n'aura pas lieu.",
        "Because the Leith camp was cancelled, we have ten more places in our summer week, 2–7 June 2026.",
        "The colloquium on 20 May 2026 is online only. The on-site programme is cancelled, all talks go ahead by video.",
        "Forum on 13 May 2026. Travel grants cannot be paid, as the funding has been cancelled.",
        "Le séminaire du 20 mai 2026 aura bien lieu, mais en visio : la séance en présence est annulée.",
    ],
)
def test_what_is_off_is_not_the_event(text: str) -> None:
    assert facts(text)[2] is None


@pytest.mark.parametrize(
    "text",
    [
        "Podrán participar los nacidos antes del 1 de enero de 2008. Taller el 12 de marzo.",
        "La boutique ferme ses portes le 28 février. Rencontre le 12 mars à 19h à Rennes.",
        "Le bus s'arrête le 12 mars devant la gare.",
        "O site sai do ar em 20 de fevereiro para manutenção. Oficina em 12 de março.",
        "We need to vacate the old office by 28 February. Housewarming on 12 March.",
        "We invited Bob, who is in town until 20 March, for a talk on 12 March.",
        "De subsidie loopt af op 31 december. Lezing op 12 maart.",
        "Término das aulas: 30 de junho. Palestra em 12 de março.",
        "The conference opens on 12 March and closes on 14 March.",
        "El congreso abre el 12 de marzo y cierra el 14 de marzo.",
        "Das Festival öffnet am 12. März und schließt am 14. März.",
    ],
)
def test_what_merely_ends_is_no_deadline(text: str) -> None:
    assert facts(text)[1] == []


def test_a_list_does_not_count_back_through_the_years() -> None:
    assert min(facts("Deadlines: 1 September, 1 June and 1 March 2027.")[1]) >= "2026-03-01"
    assert facts("Founded in 2019: 3 April is our seventh birthday party.")[0] != "2019-04-03"


@pytest.mark.parametrize(
    "text",
    [
        "We regret to announce that the summer school planned for 6–10 July in Utrecht will not take place.",
        "The seminar on 9 June will not take place due to illness.",
        "Das Symposium am 9. Juni wird nicht stattfinden.",
        "Mangels Anmeldungen wird der Kurs am 20. Mai abgesagt.",
        "Leider fällt der Vortrag am 12. Mai aus.",
        "Le séminaire du 9 juin a été annulé.",
        "El seminario del 9 de junio ha quedado cancelado.",
        "De zomerschool van 6 juli is dit jaar helaas geannuleerd.",
        "Si comunica che il seminario del 12 ottobre è annullato.",
        "The meetup on 4 June has been called off. The next one is on 2 July at 19:00.",
        "We are sorry to say that we have to cancel the AI safety seminar on 12 May 2026.",
        "Due to illness of the speaker we must call off the talk on 14 May 2026.",
        "The committee has decided not to hold the workshop in Agadez planned for 6–10 May 2026.",
        "Tools for Fieldwork, 10 June 2026. UPDATE, 3 May: this workshop has had to be cancelled.",
        "The department has taken the hard decision not to run the summer school of 6–17 July 2026.",
        "Owing to the strike announced for 11–13 May, the careers talk on 12 May 2026 is cancelled.",
        "After talking to our partners we concluded that the hackathon on 12 May 2026 must be cancelled.",
        "The summer institute announced for 5–16 July 2026 has been axed.",
        "Lamentamos comunicar que la jornada del 21 de octubre de 2026 no se celebrará.",
        "Gente, o meetup de React do dia 9 de setembro não vai rolar.",
        "Wir müssen das Seminar am 12. Mai 2026 leider absagen.",
        "Schweren Herzens sagen wir unser Sommerfest am Samstag, 4. Juli 2026, in der Waldschule ab.",
        "Das Treffen am 8. Mai 2026 muss leider ausfallen.",
        "Het seminar van 12 mei 2026 vervalt wegens ziekte.",
        "Nous sommes contraints d'annuler l'atelier du 12 mai 2026.",
        "Lamentablemente hemos tenido que cancelar el taller del 12 de mayo de 2026.",
        "Infelizmente, tivemos de cancelar a oficina de 12 de maio de 2026.",
        "Siamo costretti ad annullare il seminario del 12 maggio 2026.",
        "This year's Tenbury Ploughing Match on 11 September 2026 has been cancelled.",
        "We are sorry to announce the cancellation of the Amble Half Marathon on 11 April 2026.",
        "After the storm warning we made the difficult decision to cancel the symposium (Leith, 2–4 September 2026).",
        'Der Kurs "Tinte und Papier" (20.–21. Februar 2026) findet mangels Anmeldungen nicht statt.',
        "Die Sternennacht kann am 13. August 2026 leider nicht durchgeführt werden.",
        "Le concert ne pourra malheureusement pas avoir lieu le 18 décembre 2026.",
        "SUSPENDIDA la carrera de San Roque, prevista para el 15 de mayo de 2026.",
        "Infelizmente, o encontro de 19 de junho de 2026 não se vai realizar.",
    ],
)
def test_a_plain_cancellation_is_believed(text: str) -> None:
    start, _, status = facts(text)
    assert status == "cancelled" or start == "2026-07-02"  # or the next one counts
