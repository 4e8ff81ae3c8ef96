"""``tracker notify``: subscriptions are added, listed, run and removed, and what is wrong is named."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from tests.cli.test_commands import message_of, tracker
from tests.databases import address_of
from tests.factories import a_listing
from tests.notifying.conftest import Channel, channel
from tests.sources_that_speak import a_store, say
from tracker.store import Store, open_store

__all__ = ["channel"]
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


@pytest.fixture
def data(tmp_path: Path) -> str:
    store = a_store(tmp_path)
    say(store, a_listing(), 0)
    store.close()
    return str(tmp_path)


def test_a_subscription_lives_from_add_to_remove(data: str, channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    address = channel.address.replace("json://", "json://user:s3cret-word@")
    flags = ["--to", address, "--quiet", "22:00-07:00", "--zone", "Europe/Berlin", "--remind", "48h"]
    added = tracker("notify", "add", "mine", "--data", data, *flags)
    assert added.output == (
        "mine: 1 events match now and count as known. From cron, after each crawl: tracker notify run\n"
    )
    assert [each["title"] for each in channel.messages] == ["mine is set up"]
    file = Path(data) / "notify.toml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert b"s3cret-word" not in b"".join(path.read_bytes() for path in Path(data).glob("tracker.db*"))
    monkeypatch.setenv("TRACKER_NOW", "2026-11-24T12:00:00Z")
    store = a_store_again(data)
    say(store, a_listing(source_id="evt-2", title="Winter Camp", url="https://berlin.example/camp"), 1)
    store.close()
    shown = tracker("notify", "run", "--dry-run", "--data", data).output
    assert "New: Winter Camp" in shown
    assert shown.endswith("Nothing was sent.\n")
    assert tracker("notify", "run", "--data", data).output == (
        "mine, channel 1 (json:…): 1 message about 1 event sent.\n"
    )
    assert tracker("notify", "run", "mine", "--data", data).output == "mine, channel 1 (json:…): nothing new.\n"
    listed = tracker("notify", "list", "--data", data).output
    assert listed.splitlines() == [
        "mine: everything; new, moved, cancelled, deadline; 48h before deadlines; quiet 22:00-07:00 Europe/Berlin",
        "  1. json:… last sent 2026-11-24 12:00 UTC",
    ]
    assert tracker("notify", "remove", "mine", "--data", data).output == "mine is removed.\n"
    assert tracker("notify", "list", "--data", data).output.startswith("There is no subscription.")


def a_store_again(data: str) -> Store:
    return open_store(address_of(Path(data)))


def test_a_dead_channel_ends_with_1_and_is_named_without_its_secrets(
    data: str, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = channel.address + "path-s3cret"
    tracker("notify", "add", "mine", "--data", data, "--to", address)
    store = a_store_again(data)
    say(store, a_listing(source_id="evt-2", title="Winter Camp", url="https://berlin.example/camp"), 0)
    store.close()
    channel.status = 500
    result = tracker("notify", "run", "--data", data)
    assert result.exit_code == 1
    assert "mine, channel 1 (json:…) could not be reached: Failed to send JSON POST notification" in result.output
    listed = tracker("notify", "list", "--data", data).output
    assert "FAILING since 2026-11-23 12:00 UTC, 1×" in listed
    assert "s3cret" not in result.output + listed


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (["--to", "nonsense://token-abc"], r"Channel 1 of mine (nonsense:…) is no address that apprise understands."),
        (
            ["--to", "json://127.0.0.1:1/token-abc"],
            "Channel 1 (json:…) did not take a first message: A Connection error",
        ),
        (["--to", "json://x", "--selection", "type=party"], "The selection of mine is wrong: type=party is not known."),
        (["--to", "json://x", "--selection", "colour=red"], "There is no filter called 'colour'."),
        (["--to", "json://x", "--quiet", "22-7"], "wrong at quiet: quiet hours are written as 22:00-07:00."),
        (["--to", "json://x", "--zone", "Berlin"], "wrong at zone: 'Berlin' is not an IANA time zone"),
        (["--to", "json://x", "--remind", "soon"], "wrong at remind: a time is written as 48h or 7d."),
        (["--to", "json://x", "--about", "weather"], "wrong at about: Input should be 'new', 'moved'"),
        (["--to", "json://x", "--burst", "99"], "wrong at burst: Input should be less than or equal to 20."),
        (
            ["--to", "json://x", "--quiet", "22:00-07:00", "--remind", "6h"],
            "a reminder 6h before a deadline can fall into quiet hours as long as 22:00-07:00: remind earlier.",
        ),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_saved(data: str, flags: list[str], says: str) -> None:
    result = tracker("notify", "add", "mine", "--data", data, *flags)
    assert says in message_of(result)
    assert "token-abc" not in message_of(result)
    assert not (Path(data) / "notify.toml").exists()


def test_names_are_checked(data: str, channel: Channel) -> None:
    assert "'My List' is no name of a subscription" in message_of(
        tracker("notify", "add", "My List", "--to", channel.address, "--data", data)
    )
    assert "There is no subscription other. There is none." in message_of(
        tracker("notify", "run", "other", "--data", data)
    )
    tracker("notify", "add", "mine", "--to", channel.address, "--data", data)
    again = message_of(tracker("notify", "add", "mine", "--to", channel.address, "--data", data))
    assert "There is a subscription mine already." in again


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("mine = 3", "mine is no subscription. Each begins with its name: [mine]."),
        ("[mine]\nto = ['json://x']\ncolour = 1", "at colour: Extra inputs are not permitted."),
        ("[mine]\nselection = ''", "The subscription mine is wrong at to: Field required."),
        ("[mine", "cannot be read"),
    ],
)
def test_a_file_edited_by_hand_is_checked(data: str, text: str, says: str) -> None:
    (Path(data) / "notify.toml").write_text(text, "utf-8")
    assert says in message_of(tracker("notify", "run", "--data", data))


def test_a_selection_of_the_settings_is_named(data: str, channel: Channel) -> None:
    (Path(data) / "tracker.toml").write_text('[selections]\nberlin = "city=Berlin&alarms=7d"\n', "utf-8")
    tracker("notify", "add", "mine", "--to", channel.address, "--selection", "berlin", "--data", data)
    assert "mine: city=Berlin&alarms=7d; new, moved" in tracker("notify", "list", "--data", data).output


def test_without_apprise_the_way_to_get_it_is_named(data: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    result = tracker("notify", "add", "mine", "--to", "ntfy://127.0.0.1/topic", "--data", data)
    assert "pip install 'aisafety-tracker[notify]'" in message_of(result)


def test_one_wrong_subscription_does_not_keep_the_others_waiting(data: str, channel: Channel) -> None:
    tracker("notify", "add", "zebra", "--to", channel.address, "--data", data)
    file = Path(data) / "notify.toml"
    file.write_text(
        file.read_text("utf-8") + '\n[antelope]\nto = ["json://x"]\nselection = "near=Nowhereville"\n', "utf-8"
    )
    result = tracker("notify", "run", "--data", data)
    assert result.exit_code == 1
    assert "antelope: near=Nowhereville is no place we know." in result.output
    assert "zebra, channel 1 (json:…): nothing new." in result.output
