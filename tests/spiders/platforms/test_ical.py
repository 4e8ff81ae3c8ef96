from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.platforms import ical
from tests.factories import FETCHED
from tracker.errors import UnreadablePageError
from tracker.models.raw_listing import RawListing
from tracker.sources.platform import Page, PageContent

OPTIONS = ical.Options(feed_url="https://berlin.example/calendar.ics")


def calendar(*entries: str, head: str = "", end: str = "END:VCALENDAR\n") -> bytes:
    """Write a calendar; each entry is the inside of a VEVENT."""
    blocks = "".join(f"BEGIN:VEVENT\n{entry.strip()}\nEND:VEVENT\n" for entry in entries)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Test//EN\n{head}{blocks}{end}".replace("\n", "\r\n").encode()


def read(body: bytes) -> PageContent:
    return ical.read(Page("berlin", OPTIONS.address, body, FETCHED), OPTIONS)


def read_one(entry: str, head: str = "") -> RawListing:
    content = read(calendar(entry, head=head))
    assert content.rejected == []
    (listing,) = content.listings
    return listing


SIMPLE = "UID:1\nSUMMARY:Talk\nDTSTART:20261203T180000Z\nDTEND:20261203T200000Z"


@pytest.mark.parametrize(
    ("entry", "head", "starts", "timezone"),
    [
        ("DTSTART:20261203T180000Z", "", "2026-12-03T18:00:00+00:00", ""),
        ("DTSTART:20261203T180000Z", "X-WR-TIMEZONE:Europe/London\n", "2026-12-03T18:00:00+00:00", "Europe/London"),
        ("DTSTART;TZID=Europe/Berlin:20261203T190000", "", "2026-12-03T19:00:00+01:00", "Europe/Berlin"),
        ("DTSTART;TZID=GMT Standard Time:20260701T190000", "", "2026-07-01T19:00:00+01:00", "Europe/London"),
        ("DTSTART;TZID=Europe/Dublin:20260701T190000", "", "2026-07-01T19:00:00+01:00", "Europe/Dublin"),
        ("DTSTART:20261203T190000", "X-WR-TIMEZONE:Europe/London\n", "2026-12-03T19:00:00", "Europe/London"),
        ("DTSTART:20261203T190000", "", "2026-12-03T19:00:00", ""),
        ("DTSTART;VALUE=DATE:20261203", "", "2026-12-03", ""),
    ],
)
def test_a_moment_is_handed_on_as_written(entry: str, head: str, starts: str, timezone: str) -> None:
    listing = read_one(f"UID:1\nSUMMARY:Talk\n{entry}", head)
    assert (listing.starts, listing.timezone) == (starts, timezone)


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("URL:https://a.example/own\nDESCRIPTION:https://a.example/other", "https://a.example/own"),
        ("LOCATION:https://shop.example/e\nDESCRIPTION:see https://luma.example/us", "https://shop.example/e"),
        ("LOCATION:https://us02web.zoom.us/j/1", ""),
        ("", ""),
    ],
)
def test_the_page_of_an_event_is_found_where_systems_hide_it(entry: str, url: str) -> None:
    assert read_one(f"{SIMPLE}\n{entry}").url == url


def test_what_else_an_entry_says_is_handed_on() -> None:
    listing = read_one(
        f"{SIMPLE}\nLOCATION:betahaus\\, Berlin\nGEO:52.5;13.4\nCATEGORIES:Talk,AI\nSTATUS:CANCELLED\n"
        'ORGANIZER;CN="AI Safety Berlin":MAILTO:hello@berlin.example'
    )
    assert listing.places[0].text == "betahaus, Berlin"
    assert listing.places[0].latitude == "52.5"
    assert listing.types == ("Talk", "AI")
    assert listing.status == "CANCELLED"
    assert listing.organizers == ("AI Safety Berlin",)
    assert listing.end_is_exclusive


def test_a_mail_address_is_not_taken_for_a_name() -> None:
    assert read_one(f'{SIMPLE}\nORGANIZER;CN="a@b.example":MAILTO:a@b.example').organizers == ()


def test_a_duration_gives_the_end() -> None:
    listing = read_one("UID:1\nSUMMARY:Talk\nDTSTART:20261203T180000Z\nDURATION:PT90M")
    assert listing.ends == "2026-12-03T19:30:00+00:00"


def test_a_status_on_every_entry_says_nothing() -> None:
    tentative = [f"UID:{n}\nSUMMARY:Talk\nDTSTART:2026120{n}T180000Z\nSTATUS:TENTATIVE" for n in (1, 2)]
    assert [each.status for each in read(calendar(*tentative)).listings] == ["", ""]
    assert [each.status for each in read(calendar(tentative[0], SIMPLE)).listings] == ["TENTATIVE", ""]


def test_a_series_becomes_one_listing_per_date_with_lasting_ids() -> None:
    series = (
        "UID:s\nSUMMARY:Group\nDTSTART;TZID=Europe/London:20261202T183000\nRRULE:FREQ=WEEKLY;COUNT=4\n"
        "EXDATE;TZID=Europe/London:20261209T183000"
    )
    moved = (
        "UID:s\nSUMMARY:Group (moved)\nDTSTART;TZID=Europe/London:20261217T183000\n"
        "RECURRENCE-ID;TZID=Europe/London:20261216T183000"
    )
    found = {each.source_id: each.starts for each in read(calendar(series, moved)).listings}
    assert found == {
        "s/2026-12-02": "2026-12-02T18:30:00+00:00",
        "s/2026-12-16": "2026-12-17T18:30:00+00:00",
        "s/2026-12-23": "2026-12-23T18:30:00+00:00",
    }


def test_a_series_that_moves_to_another_hour_keeps_its_ids() -> None:
    ids = [
        [
            each.source_id
            for each in read(
                calendar(f"UID:s\nSUMMARY:G\nDTSTART:20261202T{hour}0000Z\nRRULE:FREQ=WEEKLY;COUNT=3")
            ).listings
        ]
        for hour in (18, 19)
    ]
    assert ids[0] == ids[1]


def test_a_series_that_meets_twice_a_day_is_told_apart_by_the_hour() -> None:
    twice = "UID:s\nSUMMARY:G\nDTSTART:20261202T100000Z\nRRULE:FREQ=WEEKLY;COUNT=1\nRDATE:20261202T180000Z"
    assert len({each.source_id for each in read(calendar(twice)).listings}) == 2


def test_a_broken_change_of_one_date_does_not_cost_the_series() -> None:
    series = "UID:s\nSUMMARY:G\nDTSTART:20261202T183000Z\nRRULE:FREQ=WEEKLY;COUNT=3"
    broken = "UID:s\nSUMMARY:G\nDTSTART:garbage\nRECURRENCE-ID:20261209T183000Z"
    listings = read(calendar(series, broken)).listings
    assert [each.starts for each in listings if each.starts != "garbage"] == [
        "2026-12-02T18:30:00+00:00", "2026-12-09T18:30:00+00:00", "2026-12-16T18:30:00+00:00",
    ]  # fmt: skip
    assert [each.source_id for each in listings if each.starts == "garbage"] == ["s/2026-12-09"], "rejected when read"


@pytest.mark.long
@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=5",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    ],
)
def test_a_rule_that_never_comes_true_ends_at_the_horizon(rule: str) -> None:
    started = time.process_time()
    series = [f"UID:never{n}\nSUMMARY:Never\nDTSTART:20200101T000000Z\nRRULE:{rule}" for n in range(5)]
    assert [each.title for each in read(calendar(*series, SIMPLE)).listings if each.title != "Never"] == ["Talk"]
    assert time.process_time() - started < 5


def test_a_calendar_of_beginnings_is_read_in_one_pass() -> None:
    started = time.process_time()
    content = read(b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 60_000)
    assert content.problems
    assert time.process_time() - started < 10


def test_a_series_is_listed_within_the_horizon_only() -> None:
    weekly = "UID:s\nSUMMARY:Group\nDTSTART:20200101T180000Z\nRRULE:FREQ=WEEKLY"
    starts = [datetime.fromisoformat(each.starts) for each in read(calendar(weekly)).listings]
    assert min(starts) >= FETCHED - timedelta(days=60)
    assert FETCHED + timedelta(days=390) < max(starts) <= FETCHED + timedelta(days=400)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;COUNT=1000000000",
        "FREQ=HOURLY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;BYHOUR=" + ",".join(map(str, range(24))) + ";BYMINUTE=" + ",".join(map(str, range(60))),
    ],
)
def test_a_recurrence_bomb_costs_its_neighbours_nothing(rule: str) -> None:
    content = read(calendar(f"UID:b\nSUMMARY:Bomb\nDTSTART:20260101T000000Z\nRRULE:{rule}", SIMPLE))
    assert [(each.title, each.starts[:10]) for each in content.listings] == [
        ("Bomb", "2026-01-01"), ("Talk", "2026-12-03")
    ], "the first date of a series is right whatever its rule says"  # fmt: skip
    assert [each.reason for each in content.rejected] == ["series not expanded"]


@pytest.mark.parametrize("rule", ["RRULE:FREQ=WEEKLY;FOO=4", "RRULE:WEEKLY", "RDATE:soon"])
@pytest.mark.parametrize(("uid", "name"), [("UID:reading\n", "reading"), ("", "Weekly AI")])
def test_a_rule_that_can_no_longer_be_read_leaves_the_series_its_ids(uid: str, name: str, rule: str) -> None:
    content = read(calendar(f"{uid}SUMMARY:Weekly AI\nDTSTART:20261203T180000Z\n{rule}"))
    assert [each.source_id for each in content.listings] == [f"{name}/2026-12-03"]
    assert [(each.raw and each.raw.source_id, each.is_series) for each in content.rejected] == [(name, True)]


@pytest.mark.parametrize(
    "lines", ["RRULE:FREQ=WEEKLY;UNTIL=20261201T000000Z", "RRULE:FREQ=DAILY;COUNT=1\nEXDATE:20261203T180000Z"]
)
def test_a_coming_series_without_any_date_is_named(lines: str) -> None:
    content = read(
        calendar(f"UID:1\nSUMMARY:Reading\nDTSTART:20261203T180000Z\n{lines}", SIMPLE.replace("UID:1", "UID:2"))
    )
    assert ([each.title for each in content.listings], content.rejected) == (["Talk"], [])
    assert content.notes == ["'Reading': it ends before it begins, or all its dates are excluded"]


@pytest.mark.parametrize(
    "zone",
    [
        "America/Mexico_City",
        '"(UTC-06:00) Guadalajara, Mexico City, Monterrey"',
        "(UTC-06:00) Guadalajara, Mexico City, Monterrey",
    ],
)
@pytest.mark.parametrize(
    ("lines", "days"),
    [
        ("RRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;TZID={zone}:20261210T190000,20261217T190000", [3, 24]),
        ("RDATE;TZID={zone}:20261210T190000,20261217T190000", [3, 10, 17]),
        ("RDATE;VALUE=PERIOD;TZID={zone}:20261210T190000/PT1H,20261217T190000/PT2H", [3, 10, 17]),
    ],
)
def test_a_zone_name_with_colon_and_commas_divides_no_list_of_dates(zone: str, lines: str, days: list[int]) -> None:
    content = read(calendar(f"UID:1\nSUMMARY:T\nDTSTART;TZID={zone}:20261203T190000\n{lines.format(zone=zone)}"))
    assert [each.starts for each in content.listings] == [f"2026-12-{day:02}T19:00:00-06:00" for day in days]
    assert ([each.doubts for each in content.listings], content.rejected) == ([()] * len(days), [])


def test_past_entries_that_do_not_repeat_are_kept_as_history() -> None:
    assert len(read(calendar("UID:old\nSUMMARY:Old\nDTSTART:20230517T170000Z")).listings) == 1


TWO_ZONES = "BEGIN:VTIMEZONE\nTZID:Australia/Sydney\nTZID:Australia/Sydney\nBEGIN:STANDARD\nTZOFFSETFROM:+1100\nTZOFFSETTO:+1000\nDTSTART:20260405T030000\nEND:STANDARD\nEND:VTIMEZONE\n"


def test_a_malformed_time_zone_does_not_cost_the_calendar() -> None:
    entry = "UID:1\nSUMMARY:Picnic\nDTSTART;TZID=Australia/Sydney:20261206T120000"
    assert read_one(entry, TWO_ZONES).starts == "2026-12-06T12:00:00+11:00"


@pytest.mark.parametrize(
    "bad",
    [
        "UID:2\nSUMMARY:No date",
        "UID:2\nSUMMARY:Nonsense\nDTSTART:tomorrow",
        "UID:2\nSUMMARY:Nonsense\nDTSTART:20261399T000000Z",
    ],
)
def test_one_bad_entry_costs_its_neighbours_nothing(bad: str) -> None:
    content = read(calendar(bad, SIMPLE))
    assert "Talk" in [each.title for each in content.listings]
    assert len(content.listings) + len(content.rejected) == 2


def test_a_calendar_that_is_cut_off_is_read_as_far_as_it_goes_and_not_trusted() -> None:
    whole = calendar(SIMPLE, SIMPLE.replace("UID:1", "UID:2"))
    content = read(whole[: whole.rindex(b"DTEND")])
    assert [each.source_id for each in content.listings] == ["1"]
    assert content.problems == ["the calendar is cut off: END:VCALENDAR is missing"]
    assert len(content.rejected) == 1


def test_an_empty_calendar_is_no_error() -> None:
    content = read(calendar())
    assert (content.listings, content.rejected, content.problems) == ([], [], [])


@pytest.mark.parametrize(
    ("body", "diagnosis"),
    [
        (b"", "empty_answer"),
        (b"  \n", "empty_answer"),
        (b"<!doctype html><html><body>Our calendar</body></html>", "not_a_calendar"),
        (b"<html><form action='https://accounts.google.com/ServiceLogin'>", "sign_in_page"),
        (b'{"error": "not found"}', "not_a_calendar"),
        (b"\x00\xff\xfe", "not_a_calendar"),
    ],
)
def test_what_is_not_a_calendar_is_named(body: bytes, diagnosis: str) -> None:
    with pytest.raises(UnreadablePageError) as caught:
        read(body)
    assert caught.value.diagnosis == diagnosis


def test_the_address_of_a_subscribe_button_will_do() -> None:
    options = ical.Options(feed_url="webcal://berlin.example/calendar.ics")
    assert options.address == "https://berlin.example/calendar.ics"


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert len(read(b"\xef\xbb\xbf" + calendar(SIMPLE)).listings) == 1


@given(st.binary(max_size=600), st.integers(0, 300))
def test_no_bytes_make_reading_fail_otherwise(noise: bytes, at: int) -> None:
    whole = calendar(SIMPLE, "UID:s\nSUMMARY:G\nDTSTART:20261202T183000Z\nRRULE:FREQ=DAILY;COUNT=3")
    content = read(whole[: at + 30] + noise + whole[at + 30 :])
    assert isinstance(content, PageContent)


def test_the_horizon_counts_from_the_day_of_the_answer() -> None:
    weekly = "UID:s\nSUMMARY:Group\nDTSTART:20200101T180000Z\nRRULE:FREQ=WEEKLY"
    page = Page("berlin", OPTIONS.address, calendar(weekly), datetime(2024, 1, 1, tzinfo=UTC))
    assert all(each.starts < "2025-03" for each in ical.read(page, OPTIONS).listings)


def test_changed_occurrences_come_in_the_order_of_time() -> None:
    days = (4, 11, 18, 25)
    moved = [
        f"UID:1\nSUMMARY:Talk\nRECURRENCE-ID:202612{day:02}T180000Z\nDTSTART:202612{day + 1:02}T180000Z" for day in days
    ]
    series = "UID:1\nSUMMARY:Talk\nDTSTART:20261204T180000Z\nRRULE:FREQ=WEEKLY;COUNT=4"
    content = read(calendar(series, *moved))
    assert [listing.starts[:10] for listing in content.listings] == [f"2026-12-{day + 1:02}" for day in days]


@pytest.mark.parametrize("form", ["{}", "/softwarestudio.org/Tzfile/{}", " {} "])
def test_every_zone_of_the_world_is_understood(form: str) -> None:
    zones = sorted(available_timezones() - {"localtime", "Factory"})
    entries = [
        f'UID:{number}\nSUMMARY:Talk\nDTSTART;TZID="{form.format(zone)}":20261203T190000'
        for number, zone in enumerate(zones)
        if "/" in zone or "/" not in form  # without a slash, the end of a path is no zone
    ]
    found = {each.source_id: datetime.fromisoformat(each.starts) for each in read(calendar(*entries)).listings}
    local = datetime(2026, 12, 3, 19)  # noqa: DTZ001 - its zone is what is tested
    wrong = [
        zone
        for number, zone in enumerate(zones)
        if (at := found.get(str(number))) is not None and at != local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    ]
    assert len(found) == len(entries)
    assert wrong == []


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;INTERVAL=0", "FREQ=SECONDLY", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYDAY=1SU;BYMONTH=22",
        "FREQ=YEARLY;BYDAY=0SU;BYMONTH=3", "FREQ=YEARLY;BYMONTHDAY=0", "FREQ=YEARLY;BYMONTH=3;BYHOUR=24", "FREQ=YEARLY;BYMONTH=-3",
        "FREQ=YEARLY;BYDAY=53SU;BYMONTH=3", "FREQ=YEARLY;BYDAY=99SU",
    ],
)  # fmt: skip
def test_a_time_zone_with_an_impossible_rule_costs_neither_time_nor_the_calendar(rule: str) -> None:
    """Found by fuzzing: dateutil looked for the next change for ever, or failed."""
    zone = OTHER_OFFSET.format(tzid="Eastern Standard Time", offset="-0400").replace(
        "END:STANDARD", f"RRULE:{rule}\nEND:STANDARD"
    )
    entry = "UID:1\nSUMMARY:Talk\nDTSTART;TZID=Eastern Standard Time:20261204T130000\nRRULE:FREQ=WEEKLY;COUNT=2"
    started = time.process_time()
    assert [each.starts for each in read(calendar(entry, head=zone)).listings] == [
        "2026-12-04T13:00:00-05:00", "2026-12-11T13:00:00-05:00",
    ]  # fmt: skip
    assert time.process_time() - started < 3


NUMBERS = st.sampled_from(["0", "1", "-1", "2", "5", "12", "22", "24", "31", "-31", "32", "53", "60", "99", "366"])
PARTS = st.one_of(
    st.builds(
        "{}={}".format,
        st.sampled_from(
            [
                "BYMONTH",
                "BYMONTHDAY",
                "BYYEARDAY",
                "BYWEEKNO",
                "BYSETPOS",
                "BYHOUR",
                "BYMINUTE",
                "BYSECOND",
                "INTERVAL",
                "COUNT",
            ]
        ),
        st.lists(NUMBERS, min_size=1, max_size=3).map(",".join),
    ),
    st.lists(st.builds(str.__add__, NUMBERS | st.just(""), st.sampled_from(["MO", "SU"])), min_size=1, max_size=3).map(
        lambda days: f"BYDAY={','.join(days)}"
    ),
    st.sampled_from(["UNTIL=19700101", "UNTIL=20270101T000000Z", "UNTIL=99991231", "WKST=SU", "WKST=XX"]),
)
RULES = st.builds(
    lambda frequency, parts: ";".join([f"FREQ={frequency}", *parts]),
    st.sampled_from(["HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    st.lists(PARTS, max_size=4),
)


@given(rule=RULES, change=RULES)
def test_no_rule_breaks_a_series_its_calendar_or_its_time_zone(rule: str, change: str) -> None:
    zone = OTHER_OFFSET.format(tzid="Lab Time", offset="-0400").replace("END:STANDARD", f"RRULE:{change}\nEND:STANDARD")
    entry = f"UID:1\nSUMMARY:Series\nDTSTART;TZID=Lab Time:20261204T130000\nRRULE:{rule}"
    content = read(calendar(entry, SIMPLE.replace("UID:1", "UID:2"), head=zone))
    assert "Talk" in {each.title for each in content.listings}
    assert not [each.detail for each in content.rejected if "broken" in each.detail]


OTHER_OFFSET = (
    "BEGIN:VTIMEZONE\nTZID:{tzid}\nBEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:{offset}\n"
    "TZOFFSETTO:{offset}\nEND:STANDARD\nEND:VTIMEZONE\n"
)


@given(order=st.permutations(range(6)))
def test_what_a_calendar_says_of_a_zone_does_not_outlive_it(order: list[int]) -> None:
    """icalendar keeps zones by TZID for the life of a process, and all sources are read by one."""
    calendars = [
        (tzid, offset, calendar(
            f"UID:1\nSUMMARY:Talk\nDTSTART;TZID={tzid}:20270611T180000",
            head=OTHER_OFFSET.format(tzid=tzid, offset=offset) if offset else "",
        ))
        for tzid in ("Customized Time Zone", "W. Europe Standard Time")
        for offset in ("-0500", "+0900", "")
    ]  # fmt: skip
    want = {
        ("Customized Time Zone", ""): "2027-06-11T18:00:00",
        ("W. Europe Standard Time", ""): "2027-06-11T18:00:00+02:00",
    }
    for tzid, offset, body in (calendars[number] for number in order):
        expected = want.get((tzid, offset), f"2027-06-11T18:00:00{offset[:3]}:{offset[3:]}")
        assert [each.starts for each in read(body).listings] == [expected]
