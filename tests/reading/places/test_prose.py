"""Where an event takes place, among all the places that its announcement mentions."""

from __future__ import annotations

import pytest

from tracker.reading.places.prose import candidates, find_places, labels_in

PLACES = [
    ("The workshop takes place on 3 March 2027 in Lyon.", ["Lyon"]),
    ("Das Treffen findet am 14. Mai 2027 in Göttingen statt.", ["Göttingen"]),
    ("El taller se celebra en Zaragoza el 3 de junio de 2027.", ["Zaragoza"]),
    ("O encontro será realizado em Coimbra, a 4 de maio de 2027.", ["Coimbra"]),
    ("Il convegno si terrà a Torino il 5 maggio 2027.", ["Torino|Turin"]),
    ("De studiedag vindt plaats op 6 april 2027 in Utrecht.", ["Utrecht"]),
    ("Le colloque aura lieu à Orléans du 17 au 19 novembre 2026.", ["Orléans"]),
    ("Journée d'étude, 12 mars 2027\nLieu : Université de Genève, Genève", ["Genève|Geneva"]),
    ("Die Tagung ist am 5. Juni 2027, Königstraße 24, 50667 Köln.", ["Köln|Cologne"]),
    ("Our hackathon takes place in four cities: Barueri, Campinas, Guarulhos and Osasco, on 3 October 2027.",
     ["Barueri", "Campinas", "Guarulhos", "Osasco"]),
    ("Workstation in Leipzig-Plagwitz: join us there on 4 May 2027.", ["Leipzig"]),
]  # fmt: skip
NOT_PLACES = [
    ("Registration for the webinar on 3 March 2027, 15h GMT (Abidjan, Dakar), is open.", "cities of a time zone"),
    ("An online talk by Ada Byron (University of Leeds), 3 March 2027.", "a speaker's university"),
    ("Der Vortrag von Prof. Meier aus Regensburg findet am 3. März 2027 online statt.", "a speaker's town"),
    ("After editions in Rostock in 2024 and Gdańsk in 2025, we meet online on 3 March 2027.", "earlier editions"),
    ("Propostas na plataforma até as 18h, hora de Brasília, do dia 14 de agosto de 2027.", "a time zone"),
    ("Atelier le 16 juin 2027, 14 rue de Lisbonne.", "a street"),
    ("Apply by 3 March 2027.\nContact: Example Trust, 12 Plein Street, Cape Town, 8001", "an organiser's address"),
    ("Participants from Basel and Kampala joined our course last year. The next begins on 3 March 2027.", "people"),
    ("Send your CV by 5 pm on Friday 16 October.", "a verb that is a village's name"),
    ("Retiro de lectura sobre riesgos, del 3 al 5 de mayo de 2027.", "a retreat that is a town's name"),
    ("Summit on trustworthy agents, 3 March 2027, fully online.", "a summit that is a town's name"),
    ("Obras presentadas hasta el 3 de mayo de 2027. Tarde de poesía el 5 de junio.", "works, and an afternoon"),
    ("Oct 29, 2026 – Paper submission deadline", "a noun that is a village's name"),
]


@pytest.mark.parametrize(("text", "cities"), PLACES)
def test_the_places_of_the_event_are_found(text: str, cities: list[str]) -> None:
    found = [place.city for place in find_places(text).places]
    assert len(found) == len(cities)
    assert all(city in names.split("|") for city, names in zip(found, cities, strict=True))


@pytest.mark.parametrize(("text", "what"), NOT_PLACES, ids=[what for _, what in NOT_PLACES])
def test_a_place_that_is_only_mentioned_is_not_that_of_the_event(text: str, what: str) -> None:
    assert [place.city for place in find_places(text).places] == [], what


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Talk on 12 November 2026 at 6pm AEST in the town hall of Horsham, entry A$12.", ("Horsham", "AU")),
        ("Talk on 12 November 2026 at 6pm in the town hall of Horsham, entry £12.", ("Horsham", "GB")),
        (
            "The congress (Grenoble, 12–14 November 2026) and its programme are described below. Ada Lovelace (Leeds) opens it.",
            ("Grenoble", "FR"),
        ),
        ("Lieu : Villeurbanne, navette depuis la gare de Grenoble\nDate : 12 mars 2027", ("Villeurbanne", "FR")),
    ],
)
def test_money_zones_brackets_and_labels_tell_which_place_is_meant(text: str, place: tuple[str, str]) -> None:
    assert [(found.city, found.country) for found in find_places(text).places] == [place]


def test_the_evidence_for_a_place_can_be_asked_for() -> None:
    text = "Venue: Trinity Hall\nOn 3 March 2027 we meet in Lyon."
    [lyon] = [candidate for candidate in candidates(text, labels_in(text)) if candidate.mention.name == "Lyon"]
    assert {"takes place", "in a sentence with a date", "labelled elsewhere", "clear name"} <= lyon.evidence


@pytest.mark.parametrize(
    "text",
    [
        "Course on model evaluations, 3 March to 5 May 2027, fully online. The teaching team is based in Antwerp and Gent.",
        "Der Kurs ist vollständig online und beginnt am 3. März 2027; die Leitung sitzt in Augsburg.",
        "L'école, entièrement en ligne, a lieu du 3 au 7 mai 2027. Le secrétariat est à Rennes.",
        "El encuentro será exclusivamente en línea el 3 de mayo de 2027; lo organiza un grupo de Valencia.",
        "De lezing van 3 mei 2027 is alleen online te volgen; onze studio staat in Breda.",
    ],
)
def test_what_is_only_online_has_no_place(text: str) -> None:
    where = find_places(text)
    assert (where.places, where.says_online, where.uncertain) == ((), True, ())


@pytest.mark.parametrize(
    "text",
    [
        "The workshop takes place on 3 March 2027 in Lyon. Please register only online.",
        "Die Tagung findet am 3. Mai 2027 in Kassel statt. Anmeldungen nehmen wir nur online entgegen.",
        "Le colloque aura lieu le 3 mai 2027 à Nantes. Les inscriptions se font uniquement en ligne.",
    ],
)
def test_applying_only_online_says_nothing_of_the_event(text: str) -> None:
    assert len(find_places(text).places) == 1


@pytest.mark.parametrize(
    "text",
    [
        "On 3 May 2027 we meet at 4 pm on the lawn in the botanical garden. Bring a blanket.",
        "Am 3. Mai 2027 um 16 Uhr treffen wir uns im Schloss, danach gibt es Kaffee.",
        "El 3 de mayo de 2027 nos vemos a las once en la plaza. Traed una silla.",
    ],
)
def test_a_venue_without_a_town_says_that_people_meet_in_person(text: str) -> None:
    assert find_places(text).says_in_person
