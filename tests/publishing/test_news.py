from __future__ import annotations

import pytest

from tests.factories import NOW, published
from tracker.models.event import Change
from tracker.publishing.news import fair_share, summarize_changes

DEC3, DEC10 = '{"precision":"day","start":"2026-12-03"}', '{"precision":"day","start":"2026-12-10"}'
SOON = '{"precision":"month","start":"2026-12-01","text":"December"}'
NOV16, NOV20 = ('[{"at":"2026-11-16","timezone":"AoE"}]', '[{"at":"2026-11-20","timezone":"AoE"}]')
WAITING = '[{"not_yet_open":true}]'


@pytest.mark.parametrize(
    ("field", "before", "after", "headline", "words"),
    [
        ("when", DEC3, DEC10, "Moved", "from Thu 3 Dec 2026 to Thu 10 Dec 2026"),
        ("when", SOON, DEC3, "Date announced", "from December to Thu 3 Dec 2026"),
        ("when", DEC3, "", "Date withdrawn", "from Thu 3 Dec 2026 to Date not announced"),
        ("deadlines", NOV16, NOV20, "Deadline extended",
         "from Apply by Mon 16 Nov 2026, anywhere on Earth to Apply by Fri 20 Nov 2026, anywhere on Earth"),
        ("deadlines", NOV20, NOV16, "Deadline earlier",
         "from Apply by Fri 20 Nov 2026, anywhere on Earth to Apply by Mon 16 Nov 2026, anywhere on Earth"),
        ("deadlines", "", NOV16, "Deadline announced", "Apply by Mon 16 Nov 2026, anywhere on Earth"),
        ("deadlines", WAITING, '[{"rolling":true}]', "Applications opened", "Rolling applications"),
        ("lifecycle", "", '"cancelled"', "Cancelled", ""),
        ("lifecycle", '"postponed"', "", "On again", ""),
        ("places", '[{"city":"Berlin","country":"DE"}]', '[{"city":"Paris","country":"FR"}]', "Other place",
         "from Berlin, Germany to Paris, France"),
        ("places", "", '[{"city":"Paris","country":"FR"}]', "Place announced", "Paris, France"),
        ("mode", '"in_person"', '"online"', "Other form", "from In person to Online"),
        ("title", '"Old"', '"New"', "Renamed", "from Old to New"),
        ("event", "not listed", "listed again", "Listed again", ""),
    ],
)  # fmt: skip
def test_a_change_in_the_words_of_a_reader(field: str, before: str, after: str, headline: str, words: str) -> None:
    change = Change(event_id="k3v9q2m8xa01", at=NOW, field=field, before=before, after=after, source="berlin")
    (news,) = summarize_changes([(7, change, published())])
    assert (news.headline, news.words, news.source, news.number) == (headline, words, "berlin", 7)


@pytest.mark.parametrize(
    ("field", "before", "after"),
    [
        ("description", '"a"', '"b"'),
        ("event", "", "Winter Social"),
        ("event", "listed", "part of x"),
        ("deadlines", NOV16, '[{"at":"2026-11-16","timezone":"AoE","text":"16 Nov"}]'),
        ("mode", "", '"online"'),
        ("deadlines", WAITING, ""),
    ],
)
def test_small_things_are_no_news(field: str, before: str, after: str) -> None:
    change = Change(event_id="k3v9q2m8xa01", at=NOW, field=field, before=before, after=after)
    found = [each.headline for each in summarize_changes([(1, change, published())])]
    assert found in ([], ["Applications opened"])


def test_a_source_with_many_changes_does_not_drown_the_others() -> None:
    def change(source: str) -> Change:
        return Change(event_id="k3v9q2m8xa01", at=NOW, field="when", before=DEC3, after=DEC10, source=source)

    sayers = ["loud"] * 50 + ["quiet"] + ["loud"] * 50
    news = list(summarize_changes((100 - at, change(source), published()) for at, source in enumerate(sayers)))
    chosen = fair_share(news, 10)
    assert [each.source for each in chosen].count("quiet") == 1
    assert [each.number for each in chosen] == [100, 99, 98, 97, 96, 95, 94, 93, 92, 50]
    assert fair_share(news[:10], 10) == news[:10]
