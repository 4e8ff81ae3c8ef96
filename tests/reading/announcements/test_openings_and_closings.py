"""Opening days, deadlines that no longer hold, and what closes without being a deadline: in texts of some length."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tracker.reading.text_report import as_json, report_text

PUBLISHED = date(2027, 1, 10)


def read(text: str) -> dict[str, Any]:
    return as_json(report_text(text, PUBLISHED))


def due_days(text: str) -> set[str]:
    return {due["at"][:10] for due in read(text)["deadlines"] if due["at"] and due["kind"] != "notification"}


@pytest.mark.parametrize(
    ("text", "opens", "due"),
    [
        (
            (
                "The application form will appear on this page on 5 March 2027. Until then please do not write to us;"
                " the workshop itself is on 2 June 2027 in Malmö."
            ),
            "2027-03-05",
            "",
        ),
        (
            (
                "You can send us proposals from 1 February 2027 until 15 March 2027, and we tell you by 10 April. The"
                " festival takes place on 3 and 4 July 2027 in Leith."
            ),
            "2027-02-01",
            "2027-03-15",
        ),
        (
            (
                "Booking for members starts on 8 February 2027, for everybody else on 15 February; the summit is on "
                "20 May 2027 at the Corn Exchange in Bristol."
            ),
            "2027-02-08",
            "",
        ),
        (
            (
                "Sign-up begins 1 March 2027 and is first come, first served. The hackathon runs 9-11 April 2027 in "
                "Tallinn, and food is provided on all three days."
            ),
            "2027-03-01",
            "",
        ),
        (
            (
                "Das Formular wird am 1. März 2027 freigeschaltet und am 30. April 2027 wieder geschlossen. Die "
                "Sommerschule findet vom 12. bis 23. Juli 2027 in Marburg statt."
            ),
            "2027-03-01",
            "2027-04-30",
        ),
        (
            (
                "Nominierungszeitraum: 1.2.2027 – 15.3.2027. Die Preisverleihung findet am 4. Juni 2027 im Rathaus "
                "von Graz statt, die Jury tagt im Mai und entscheidet ohne Begründung."
            ),
            "2027-02-01",
            "2027-03-15",
        ),
        (
            (
                "Anträge können ab dem 15. Februar 2027 gestellt werden; die Frist endet am 31. März 2027. Gefördert "
                "werden Vorhaben, die im Herbst 2027 beginnen und ein Jahr dauern."
            ),
            "2027-02-15",
            "2027-03-31",
        ),
        (
            (
                "Le formulaire sera mis en ligne le 8 février 2027 et restera ouvert jusqu'au 12 mars 2027. L'atelier"
                " aura lieu le 20 mai 2027 à Rennes, dans les locaux de l'université."
            ),
            "2027-02-08",
            "2027-03-12",
        ),
        (
            (
                "Le dépôt des dossiers débutera le 1er mars 2027 et s'achèvera le 30 avril 2027. Les lauréats seront "
                "connus en juin ; la bourse couvre le voyage et le logement."
            ),
            "2027-03-01",
            "2027-04-30",
        ),
        (
            (
                "El plazo de presentación comenzará el 1 de febrero de 2027 y concluirá el 15 de marzo de 2027. El "
                "congreso tendrá lugar en Gijón los días 3 y 4 de junio de 2027."
            ),
            "2027-02-01",
            "2027-03-15",
        ),
        (
            (
                "Matrícula desde el 10 de febrero de 2027 hasta agotar plazas. El curso se imparte del 5 al 9 de "
                "julio de 2027 en Santander y cuesta 176 euros, comidas incluidas."
            ),
            "2027-02-10",
            "",
        ),
        (
            (
                "As candidaturas serão recebidas de 1 de fevereiro de 2027 a 15 de março de 2027, apenas pela "
                "internet. O curso decorre em Braga de 5 a 9 de julho de 2027."
            ),
            "2027-02-01",
            "2027-03-15",
        ),
        (
            (
                "O edital abre em 10 de fevereiro de 2027 e fica aberto enquanto houver verba. Cada grupo de estudo "
                "pode receber até 4 mil reais para livros, salas e transporte."
            ),
            "2027-02-10",
            "",
        ),
        (
            (
                "Le iscrizioni partiranno il 1° febbraio 2027 e termineranno il 12 marzo 2027. La scuola estiva si "
                "svolge a Urbino dal 5 al 16 luglio 2027, in lingua inglese."
            ),
            "2027-02-01",
            "2027-03-12",
        ),
        (
            (
                "Le domande si potranno presentare dal 15 febbraio 2027 al 31 marzo 2027 sul portale della "
                "fondazione. La premiazione avrà luogo il 10 giugno 2027 a Lucca."
            ),
            "2027-02-15",
            "2027-03-31",
        ),
        (
            (
                "Het aanvraagformulier gaat op 1 februari 2027 open en op 12 maart 2027 weer dicht. De zomerschool "
                "vindt plaats van 5 tot en met 16 juli 2027 in Deventer."
            ),
            "2027-02-01",
            "2027-03-12",
        ),
        (
            (
                "Inschrijven kan vanaf 15 februari 2027, zolang er plaats is. De studiedag is op 20 mei 2027 in "
                "Leuven; koffie, lunch en materiaal zijn bij de prijs inbegrepen."
            ),
            "2027-02-15",
            "",
        ),
    ],
    ids=lambda text: text[:24],
)
def test_the_day_on_which_applications_open_is_read(text: str, opens: str, due: str) -> None:
    assert {day[:10] for day in read(text)["opens"]} == {opens}
    assert due_days(text) == ({due} if due else set())


@pytest.mark.parametrize(
    ("text", "due"),
    [
        (
            (
                "Registration, which was to end on 12 February 2027, stays open until 5 March 2027. The forum will be"
                " held from 7 to 9 June 2027 in Valletta, as planned."
            ),
            "2027-03-05",
        ),
        (
            (
                "We had asked for abstracts by 1 February 2027, but we will take them until 14 February 2027. The "
                "symposium is on 6 May 2027 in Galway, with a dinner."
            ),
            "2027-02-14",
        ),
        (
            (
                "Vorträge können nicht mehr eingereicht werden, die Frist lief am 4. Januar 2027 ab. Die Tagung "
                "findet am 22. April 2027 in Kassel statt; Anmeldung bis 1. April 2027."
            ),
            "2027-04-01",
        ),
        (
            (
                "Ursprünglich endete die Frist am 15. Januar 2027; sie wurde bis zum 12. Februar 2027 verlängert. Der"
                " Kongress beginnt am 3. Juni 2027 in Ulm und dauert drei Tage."
            ),
            "2027-02-12",
        ),
        (
            (
                "Nuevo cierre: viernes 19 de febrero de 2027. Cierre anterior: 5 de febrero de 2027. Resultados: "
                "abril de 2027. La residencia tiene lugar en Valparaíso en julio."
            ),
            "2027-02-19",
        ),
        (
            (
                "La date limite, d'abord fixée au 31 janvier 2027, est repoussée au 14 février 2027. La journée "
                "d'étude aura lieu le 12 mai 2027 à Dijon, dans l'amphithéâtre Aristote."
            ),
            "2027-02-14",
        ),
        (
            (
                "Il termine, che scadeva il 31 gennaio 2027, è stato prorogato al 14 febbraio 2027. Il convegno si "
                "terrà a Pavia il 12 maggio 2027 nell'aula magna del collegio."
            ),
            "2027-02-14",
        ),
        (
            (
                "O prazo, que terminava em 31 de janeiro de 2027, foi prorrogado até 14 de fevereiro de 2027. O "
                "encontro acontece em Évora no dia 12 de maio de 2027."
            ),
            "2027-02-14",
        ),
    ],
    ids=lambda text: text[:24],
)
def test_a_deadline_that_no_longer_holds_is_left_out(text: str, due: str) -> None:
    assert due_days(text) == {due}


@pytest.mark.parametrize(
    "text",
    [
        (
            "The reading room will be closed from 21 February to 5 March 2027 while the floor is renewed. Books "
            "that fall due in that time may be returned until 12 March."
        ),
        (
            "Wegen Umbaus bleibt die Bibliothek vom 8. bis 19. März 2027 geschlossen. Ausgeliehene Bücher "
            "verlängern sich in dieser Zeit von selbst; die Lesesäle der Stadt sind offen."
        ),
        (
            "Por obras, la sala permanecerá cerrada del 8 al 19 de febrero de 2027. El club de lectura sobre "
            "inteligencia artificial vuelve el 25 de febrero de 2027 a las 19:00."
        ),
        (
            "Our shop is closed until 8 February 2027. Orders placed before then are sent in the order in which "
            "they came in, and the next newsletter comes out in March."
        ),
    ],
    ids=lambda text: text[:24],
)
def test_a_room_that_is_closed_has_no_deadline(text: str) -> None:
    assert due_days(text) == set()


@pytest.mark.parametrize(
    ("text", "closes"),
    [
        ("Iscrizioni aperte dal 15 gennaio al 12 febbraio 2027, ore 12.", "2027-02-12T12:00"),
        ("Bewerbungszeitraum: 15. Januar bis 12. Februar 2027, 18:00 Uhr", "2027-02-12T18:00"),
        ("Applications are open from 15 January to 12 February 2027, 5pm CET.", "2027-02-12T17:00"),
        ("Inscripciones abiertas del 15 de enero al 12 de febrero de 2027 a las 14:00", "2027-02-12T14:00"),
        ("Candidatures du 15 janvier au 12 février 2027 à midi", "2027-02-12T12:00"),
        ("Inscrições de 15 de janeiro a 12 de fevereiro de 2027, às 18h", "2027-02-12T18:00"),
        ("Inschrijving van 15 januari tot en met 12 februari 2027, 17.00 uur", "2027-02-12T17:00"),
    ],
)
def test_a_window_closes_at_the_time_after_its_last_day(text: str, closes: str) -> None:
    due = read(text)["deadlines"][0]
    assert (due["at"], due["opens"]) == (closes, "2027-01-15")


def test_a_time_before_the_first_day_is_not_when_a_window_closes() -> None:
    due = read("Applications: 9am on 15 January to 12 February 2027")["deadlines"][0]
    assert (due["at"], due["opens"]) == ("2027-02-12", "2027-01-15T09:00")


def test_a_day_on_which_winners_were_told_is_no_deadline() -> None:
    text = (
        "LEIRIA, 8 January 2027 – The Foundation for Honest Machines named the winners of its essay prize on 8 January "
        "2027 in the presence of two hundred guests. The essays will be printed in a small book, which the city library "
        "lends from May on; whoever wants to read them earlier may write to the jury."
    )
    assert read(text)["deadlines"] == []
