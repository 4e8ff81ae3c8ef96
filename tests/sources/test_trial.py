"""A trial crawl as a saved case: it replays to the same, and never hangs."""

from __future__ import annotations

from pathlib import Path

from tests.factories import NOW
from tracker.errors import SourceError
from tracker.models.crawl_result import CrawlResult
from tracker.probing.trial import Trial, temporary_source
from tracker.sources.access import Exchange, RecordedResponse
from tracker.sources.cases import SavedPage
from tracker.sources.replay import replay

URL = "https://berlin.example/calendar.ics"
ICS = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\nBEGIN:VEVENT\r\nUID:1@berlin.example\r\n"
    b"DTSTAMP:20261101T080000Z\r\nDTSTART:20270110T180000Z\r\nSUMMARY:Evening\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def a_trial(result: CrawlResult, *exchanges: Exchange) -> Trial:
    source = temporary_source("berlin", URL, "ical", {"feed_url": URL})
    return Trial(source, result, NOW, [SavedPage(URL, ICS, "text/calendar")], list(exchanges))


def test_a_page_that_first_redirects_to_itself_is_read_in_the_replay() -> None:
    cookie = Exchange("GET", RecordedResponse(URL, 302, {"location": URL, "set-cookie": "seen=1"}), URL)
    case = a_trial(CrawlResult(), cookie).as_case(Path())
    assert [each.url for each in case.access.responses] == []
    assert len(replay(a_trial(CrawlResult()).source, case).readings) == 1


def test_a_page_that_stopped_its_reader_is_not_read_again() -> None:
    failed = SourceError("the reader ran for 30 s", diagnosis="reader_failed", url=URL)
    for result in (CrawlResult(failures=[failed]), CrawlResult(details_missing=[failed])):
        case = a_trial(result).as_case(Path())
        assert (case.pages, [each.error for each in case.access.responses]) == ((), ["reader_failed"])


def test_a_token_in_a_redirect_is_in_no_case() -> None:
    moved = Exchange("GET", RecordedResponse(URL, 302, {"location": f"{URL}?access_token=abcdef1234567890"}), URL)
    case = a_trial(CrawlResult(), moved).as_case(Path())
    assert "abcdef1234567890" not in str(case)
