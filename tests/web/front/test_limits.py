from __future__ import annotations

import pytest

from tracker.web.front.frames import frame_size
from tracker.web.front.limits import Limits, MessageRates, Rate, Slots, client_of


def test_a_burst_passes_at_once_and_what_follows_at_the_rate() -> None:
    rate = Rate(2, 3)
    assert [rate.book(10.0) for _ in range(5)] == [0, 0, 0, 0.5, 1.0]
    assert not rate.is_quiet(12.0)
    assert rate.is_quiet(13.0)
    assert [rate.book(100.0) for _ in range(4)] == [0, 0, 0, 0.5]


def rates(**limits: tuple[float, int]) -> MessageRates:
    plenty: dict[str, tuple[float, int]] = dict.fromkeys(
        ("messages_of_websocket", "messages_of_client", "messages"), (1000, 1000)
    )
    return MessageRates(Limits(**{**plenty, **limits}), clock=lambda: 50.0)  # type: ignore[arg-type]


def test_each_connection_has_its_rate() -> None:
    found = rates(messages_of_websocket=(1, 1))
    first, second = found.of_connection("a"), found.of_connection("a")
    assert [first(), first(), second()] == [0, 1, 0]


def test_connections_of_one_client_share_its_rate_and_others_do_not_wait_for_it() -> None:
    found = rates(messages_of_client=(1, 2))
    first, second, other = found.of_connection("a"), found.of_connection("a"), found.of_connection("b")
    assert [first(), second(), first(), second()] == [0, 0, 1, 2]
    assert other() == 0


def test_all_together_have_a_rate() -> None:
    found = rates(messages=(10, 2))
    assert [round(found.of_connection(str(each))(), 1) for each in range(4)] == [0, 0, 0.1, 0.2]


def test_clients_that_have_been_quiet_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.web.front.limits._MOST_RATES", 10)
    now = 0.0
    found = MessageRates(Limits(), clock=lambda: now)
    for each in range(50):
        now += 60
        found.of_connection(str(each))()
    assert len(found._clients) <= 10


def test_a_client_takes_only_its_part_of_the_slots() -> None:
    slots = Slots(total=3, each=2)
    assert [slots.take("a"), slots.take("a"), slots.take("a")] == [True, True, False]
    assert [slots.take("b"), slots.take("b")] == [True, False]
    slots.release("a")
    assert slots.take("b")


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("unknown", ""),
    ],
)
def test_a_household_is_one_client(address: str, client: str) -> None:
    assert client_of(address) == client


@pytest.mark.parametrize("files", [256, 1_024, 2_048, 8_192])
def test_limits_fit_into_the_files_that_a_process_may_open(files: int) -> None:
    found = Limits().for_files(files)
    assert found.connections + 2 * found.websockets + found.requests < files
    assert found.connections > 80
    assert files < 8_192 or found == Limits()


@pytest.mark.parametrize(
    ("head", "size"),
    [
        ("8185" + "00000000", 2 + 4 + 5),
        ("8105", 2 + 5),
        ("82fe" + "0100" + "00000000", 4 + 4 + 256),
        ("82ff" + "0000000000010000", 10 + 4 + 65_536),
        ("8980" + "00000000", 2 + 4),
        ("", None),
        ("82", None),
        ("82fe01", None),
        ("82ff00000000000100", None),
    ],
)
def test_the_head_of_a_frame_says_how_long_it_is(head: str, size: int | None) -> None:
    assert frame_size(bytes.fromhex(head)) == size
