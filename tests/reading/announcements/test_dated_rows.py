"""Lists and tables in which the date comes first: "15 April | Application deadline"."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.reading.text_report import as_json, report_text

PUBLISHED = date(2026, 12, 1)
OTHERS = {"notification", "camera_ready"}

CELLS = """Winter School on AI Governance
Important dates
April 15, 2027 | Deadline for application to attend.
May 10, 2027 | Notification of acceptance.
July 5–9, 2027 | The school takes place in Lisbon, Portugal."""
TABLE = """AI Safety Hackathon Zürich

Date | Event
--- | ---
01.03.2027 | Registration opens
15.04.2027 | Registration closes
05.–09.07.2027 | Hackathon at ETH Zürich"""
ROWS_WITH_BARS = """AI safety summer school, call 2027
| 15 Apr | Sign-up deadline |
| 20 May | Decisions |
| 5–9 July | School in Lisbon |"""
LINES_BELOW = """Summer School on Interpretability

15 April 2027
Applications close

2 May 2027
Decisions sent

5 July 2027 – 9 July 2027
School in Barcelona"""
BELOW_A_HEADING = """Important Dates

April 15, 2027

Workshop proposals due

May 29, 2027

Notification of workshop acceptance

July 5-9, 2027

Workshops (Ghent, Belgium)"""
LABELS_ABOVE = """Summer School on Interpretability
Applications close
15 April 2027
Decisions sent
2 May 2027
School in Barcelona
5 July 2027 – 9 July 2027
Ask us anything about the workshops."""
WEEKDAYS_IN_BRACKETS = """15 April 2027 (Thursday): last day to register.
5 July 2027 (Monday): AI safety unconference, Prague, 10:00–18:00."""


SEMICOLONS = """datum;wat
2027-04-15;laatste dag om aan te melden
2027-05-20;uitslag
2027-07-05;Workshop 'Veilige AI', Utrecht"""
DOTS = """Hackathon d'été, Rennes

5-9 juil. 2027 ........ hackathon
2 mai 2027 ............ annonce des équipes
15 avril 2027 ......... fin des inscriptions"""
ARROWS_AND_WEEKDAYS = """Zomerschool, Leiden

do 15-04-2027 > aanmelding sluit
vr 30-04-2027 > loting
ma 05-07-2027 > eerste dag
vr 09-07-2027 > laatste dag, borrel om 15 uur"""
ONE_LINE = (
    "Dates for your diary: 1 March 2027 – online sign-up opens · 15 April 2027 – last day to sign up · "
    "21 May 2027 – numbers e-mailed · 5 July 2027 – race day at Loch Lubnaig."
)
NUMBERED = """Winter residency, how to join

1. 15 April 2027: send us a sample and a letter, applications close.
2. 4 May 2027: shortlist published.
3. 5 July 2027: arrival at Lavigny."""
WITH_THREE_COLUMNS = """Datum | Wat | Voor wie
15 april 2027 | Abstracts inleveren | sprekers
10 mei 2027 | Uitslag selectie | sprekers
5 juli 2027 | Symposium in Vlissingen | iedereen"""
BELOW_WITHOUT_CUES = """Summer School on Ice Cores, Longyearbyen

15 April 2027
Deadline for applications

31 May 2027
Successful candidates informed

5 July 2027
School starts (arrival the evening before)

23 July 2027
Departure"""
ABOVE = """Abstract einreichen bis
15.04.2027
Rückmeldung an alle Einreichenden
20.05.2027
Nachwuchstagung Umweltgeschichte, Freiburg
05.07.2027 – 07.07.2027"""


@pytest.mark.parametrize(
    "text",
    [
        SEMICOLONS,
        DOTS,
        ARROWS_AND_WEEKDAYS,
        ONE_LINE,
        NUMBERED,
        WITH_THREE_COLUMNS,
        BELOW_WITHOUT_CUES,
        ABOVE,
    ],
)
def test_a_list_may_have_any_layout(text: str) -> None:
    read = as_json(report_text(text, PUBLISHED))
    assert read["start"][:10] == "2027-07-05"
    assert [due["at"][:10] for due in read["deadlines"] if due["kind"] != "notification"] == ["2027-04-15"]


@pytest.mark.parametrize(
    "text",
    [
        (
            "Seed Fund for Open Hardware\n\n16 Jul 2027: expressions of interest\n13 Aug 2027: invitations to submit\n"
            "19 Nov 2027: awards announced"
        ),
        (
            "Premio Joven Ensayo\n1 de febrero de 2027: se abre el plazo\n16 de julio de 2027: cierre del plazo\n"
            "30 de septiembre de 2027: fallo del jurado"
        ),
        (
            "Community Micro-Grants\n8 February 2027\tCall opens\n16 July 2027\tClosing date for applications\n"
            "28 August 2027\tPanel meets\n15 September 2027\tApplicants hear from us"
        ),
    ],
)
def test_what_has_only_deadlines_has_no_day(text: str) -> None:
    read = as_json(report_text(text, PUBLISHED))
    assert read["kind"] == "deadline" or read["start"] is None
    assert [due["at"][:10] for due in read["deadlines"] if due["kind"] != "notification"] == ["2027-07-16"]


def test_a_programme_is_no_list_of_deadlines() -> None:
    text = "Reading course on biosecurity\nSept. 18: Primer on biology\nSept. 25: Pandemics past\nOct 2: How labs leak"
    read = as_json(report_text(text, PUBLISHED))
    assert (read["start"], read["deadlines"]) == ("2027-09-18", [])


@pytest.mark.parametrize(
    "text", [CELLS, TABLE, ROWS_WITH_BARS, LINES_BELOW, BELOW_A_HEADING, LABELS_ABOVE, WEEKDAYS_IN_BRACKETS]
)
def test_what_stands_beside_or_below_a_date_says_what_it_is_for(text: str) -> None:
    read = as_json(report_text(text, PUBLISHED))
    assert read["start"][:10] == "2027-07-05"
    assert [due["at"][:10] for due in read["deadlines"] if due["kind"] != "notification"] == ["2027-04-15"]


def test_a_line_with_a_date_of_its_own_says_nothing_of_the_date_above() -> None:
    text = "Conference online (via Zoom)\n9-10 October 2027\nDeadline for proposals: 26 September 2027\n"
    text += "Conference in Porto\n23-24 October 2027\nDeadline for proposals: 1 October 2027"
    read = as_json(report_text(text, PUBLISHED))
    assert [due["at"][:10] for due in read["deadlines"]] == ["2027-09-26", "2027-10-01"]


@pytest.mark.parametrize(
    ("text", "start", "days"),
    [
        (
            "9 February 2027: General meeting\n13 April 2027: Excursion (register by 30 March 2027)\n8 June 2027: Picnic",
            "2027-02-09",
            ["2027-03-30"],
        ),
        ("Dates\n4 February 2027\n4 March 2027\n1 April 2027\nRegistration is required.", "2027-02-04", []),
        (
            "Abstracts (1 March 2027), decisions (20 March 2027), registration (1 May 2027), workshop (20–22 June 2027)",
            "2027-06-20",
            ["2027-03-01", "2027-05-01"],
        ),
        (
            (
                "By 1 March 2027 you send a sketch; on 20 March 2027 you hear from us; before 1 May 2027 you register; and "
                "on 12 June 2027 we meet in Turku."
            ),
            "2027-06-12",
            ["2027-03-01", "2027-05-01"],
        ),
        (
            "Open-air cinema\n2 July 2027: Amélie\n3 July 2027: Casablanca, cancelled due to rain\n4 July 2027: Metropolis",
            "2027-07-02",
            [],
        ),
        (
            (
                "AgentConf, Ghent, 14-16 June 2027\nFirst call | 10 January 2027\nPaper template available | 20 January 2027"
                "\nDeadline for all papers | 15 March 2027 28 March 2027\nNotification | 20 April 2027 24 April 2027"
            ),
            "2027-06-14",
            ["2027-03-28"],
        ),
        (
            (
                "Residency in Porto, 4 to 29 October 2027\n* _March 3rd_ - open call\n* _April 30th_ - deadline for "
                "applications\n* _May 20th_ - announcement of the selected residents"
            ),
            "2027-10-04",
            ["2027-04-30"],
        ),
        (
            (
                "LatinR 2027, Bogotá, 20 al 22 de mayo de 2027\nInicio recepción de trabajos: 2 de marzo de 2027\n"
                "Fecha límite para la recepción de trabajos: 30 de marzo de 2027\nNotificación: 15 de abril de 2027"
            ),
            "2027-05-20",
            ["2027-03-30"],
        ),
        (
            (
                "Datas importantes\nSubmissão: até 5 de março de 2027 20 de março de 2027\nVersão final: 16 de maio de 2027\n"
                "Realização do evento: 23 a 28 de julho de 2027 6 a 11 de agosto de 2027"
            ),
            "2027-08-06",
            ["2027-03-20"],
        ),
        (
            (
                "On Thursday 10 June 2027 the Politicologenetmaal takes place in Antwerp. It starts on Thursday at noon and "
                "ends on Friday after lunch. Proposals should be sent before 10 December 2026."
            ),
            "2027-06-10",
            ["2026-12-10"],
        ),
        (
            (
                "Tagung in Dresden, 3.–5. Mai 2027\n· Einreichung von Beiträgen (höchstens 500 Wörter) :28. Februar 2027\n"
                "· Benachrichtigung: 31. März 2027\n· Endgültige Fassung der Beiträge: 5. April 2027"
            ),
            "2027-05-03",
            ["2027-02-28"],
        ),
        ("Workshop on Trust\nDeadline: 1 March 2027 10 June 2027 Oslo, Norway", "2027-06-10", ["2027-03-01"]),
        (
            "Evals, Oslo, 2 September 2027\n\tMain track\tIndustry track\nSubmission deadline\t1 March 2027\t15 April 2027\nNotification\t1 June 2027\t1 July 2027",
            "2027-09-02",
            ["2027-03-01", "2027-04-15"],
        ),
        ("Two weekends of training, Bath\n23-25 April 2027 14-16 May 2027\nPlease attend both.", "2027-04-23", []),
        (
            "XII Congreso, Oviedo, 20-22 de octubre de 2027\nEnvío de la comunicación completa: 15 de abril de 2027",
            "2027-10-20",
            ["2027-04-15"],
        ),
        (
            "Congresso de Ética\nData inicial: 12 de maio de 2027\nData final: 14 de maio de 2027\nLocal: Braga",
            "2027-05-12",
            [],
        ),
        (
            "Workshop, Oslo, 2 June 2027\n15 March 2027 | Submission of posters, template for download\n2 April 2027 | Talks",
            "2027-06-02",
            ["2027-03-15"],
        ),
    ],
)
def test_a_word_on_applying_makes_no_deadlines_of_the_other_dates(text: str, start: str, days: list[str]) -> None:
    read = as_json(report_text(text, PUBLISHED))
    assert read["start"][:10] == start
    assert [due["at"][:10] for due in read["deadlines"] if due["kind"] not in OTHERS] == days
