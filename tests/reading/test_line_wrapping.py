"""Lines that a mail programme broke are joined before reading; lists, labels and tables keep their lines."""

from __future__ import annotations

import textwrap
from datetime import date

import pytest

from tracker.reading.line_wrapping import unwrapped
from tracker.reading.text_report import as_json, report_text

PROSE = (
    (
        "The Tidewater seminar on model oversight takes place from 3 to 5 June 2027 in Aarhus, Denmark. We accept short "
        "papers, demos and open problems; please send them to the organisers by 14 February 2027, 17:00 CET. Those who "
        "cannot travel may follow the sessions online, and we will publish the slides afterwards."
    ),
    (
        "Liebe Kolleginnen und Kollegen, im kommenden Herbst laden wir zur Tagung über verlässliche Agenten ein, die am "
        "30. September und 1. Oktober 2027 in Freiburg stattfindet. Vorschläge für Vorträge nehmen wir bis spätestens "
        "30. Juni 2027 entgegen; die Teilnahme kostet nichts, eine Anmeldung ist trotzdem nötig."
    ),
    (
        "Nous avons le plaisir de vous annoncer que la troisième école d'été sur la sûreté des modèles se tiendra du "
        "5 au 9 juillet 2027 à Nantes. Les candidatures peuvent être déposées jusqu'au 28 mars 2027 à minuit, et les "
        "réponses seront envoyées dans les trois semaines qui suivent."
    ),
    (
        "Abbiamo deciso di prorogare la scadenza per l'invio dei contributi al convegno, che si terrà a Trento il 18 e "
        "19 novembre 2027: le proposte, di due pagine al massimo, vanno inviate entro il 30 aprile 2027 e saranno "
        "valutate da un comitato di sette persone."
    ),
)


@pytest.mark.parametrize("width", [64, 72, 80])
@pytest.mark.parametrize("text", PROSE, ids=lambda text: text[:20])
def test_a_paragraph_reads_the_same_however_wide_its_lines_are(text: str, width: int) -> None:
    broken = textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False)
    assert unwrapped(broken) == text
    published = date(2026, 12, 1)
    assert as_json(report_text(broken, published)) == as_json(report_text(text, published))


@pytest.mark.parametrize(
    "text",
    [
        (
            "Programme of the spring series, open to all members of the department\n"
            "3 March: Scalable oversight in practice, with Ada Quist of Tromsø\n"
            "10 March: Reading model internals without tears, with Ben Oduya\n"
            "17 March: What governance can learn from aviation, with Chi Lam"
        ),
        (
            "Autumn meeting of the society for careful measurement of machines\n"
            "Venue: Old Customs House, Quay Street 4, first floor, Galway city\n"
            "When: 5 November 2027, from ten in the morning until five o'clock\n"
            "Fee: none for students, thirty euros for everybody else attending"
        ),
        (
            "- an opening talk on how evaluations of large models go wrong, 9:30\n"
            "- two hours of work in small groups, with somebody who has done it\n"
            "- a closing round in which every group shows what it found, 16:00"
        ),
        (
            "Round          Opens       Closes        Decisions      Money paid\n"
            "Winter         1 Dec       15 Jan        20 Feb         5 March\n"
            "Summer         1 June      15 July       20 Aug         5 September"
        ),
        "Workshop on tools for interpretability\nUtrecht, 12 May 2027\nFree of charge",
        (
            "¿Quién? Personas que investigan seguridad en cualquier universidad.\n"
            "¿Cuándo? Del 1 al 3 de junio de 2027, de nueve a seis de la tarde.\n"
            "¿Dónde? En el pabellón de cristal de la antigua fábrica de tabacos."
        ),
    ],
    ids=lambda text: text[:20],
)
def test_lists_labels_and_tables_keep_their_lines(text: str) -> None:
    assert unwrapped(text) == text


def test_long_lines_are_not_broken_ones() -> None:
    text = "\n".join("a paragraph that is one line of more than a hundred characters " * 3 for _ in range(4))
    assert unwrapped(text) == text


def test_every_character_stays_where_it_was() -> None:
    broken = textwrap.fill(PROSE[0], 72)
    assert len(unwrapped(broken)) == len(broken)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("from **the 19th to\nthe 21st of November 2027**", "2027-11-19", "2027-11-21"),
        ("Kurs vom 3. bis\nzum 5. Mai 2027", "2027-05-03", "2027-05-05"),
        ("Stage du 3\nau 5 mai 2027", "2027-05-03", "2027-05-05"),
        ("Meetup on the 12th\nof March 2027", "2027-03-12", None),
        ("Meetup on March 12th,\n2027", "2027-03-12", None),
        ("The save-the-date says June\n27th, 2027", "2027-06-27", None),
        ("3. Quotes by the end of April.\n4. The picnic is on 27 June 2027.", "2027-06-27", None),
    ],
)
def test_a_line_may_end_within_a_date(text: str, start: str, end: str | None) -> None:
    read = as_json(report_text(text, date(2026, 12, 1)))
    assert (read["start"], read["end"]) == (start, end)
