from __future__ import annotations

import inspect
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.factories import NOW, a_source
from tracker.config import Settings
from tracker.crawling.due import due_sources, group_by_host
from tracker.crawling.lock import crawl_lock
from tracker.crawling.throttling.domains import registrable_domain
from tracker.errors import ConfigurationError, LockHeldError, SourceFileError
from tracker.models.run import SourceState
from tracker.models.source import Source
from tracker.sources.files import choose, load_source, load_sources, note_verified, shipped_folders
from tracker.sources.platform import PlatformOptions, installed_packages, load_platform, platform_names

GOOD = {
    "name": '"AI Safety Berlin"',
    "homepage": '"https://berlin.example/"',
    "platform": '"ical"',
    "feed_url": '"https://berlin.example/calendar.ics"',
}


def write(
    folder: Path, keys: dict[str, str | None] | None = None, *, tier: str = "communities", stem: str = "berlin"
) -> Path:
    path = folder / tier / f"{stem}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{key} = {value}" for key, value in (GOOD | (keys or {})).items() if value is not None]
    path.write_text("\n".join(lines))
    return path


def test_a_source_file_is_read_with_id_and_tier_from_its_place(tmp_path: Path) -> None:
    source = load_source(write(tmp_path, {"every": '"7d"', "expect": "{ at_least = 1, at_most = 60 }"}))
    assert (source.id, source.tier.value, source.every) == ("berlin", "communities", timedelta(days=7))
    assert source.options == {"feed_url": "https://berlin.example/calendar.ics"}
    assert source.enabled


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        (
            {"platform": '"icall"'},
            "platform = 'icall' is not known. Platforms: aisafety_com, algolia, conference_deadlines",
        ),
        ({"platform": None}, "the key 'platform' is missing. Platforms:"),
        ({"feed_ulr": '"x"'}, "the key 'feed_ulr' is not known. Keys of the platform 'ical': feed_url"),
        ({"feed_url": None}, "one of feed_url, luma, meetup"),
        ({"feed_url": '"javascript:1"'}, "only http and https links"),
        ({"feed_url": "5"}, "feed_url = 5 is wrong"),
        ({"ahead_days": "0"}, "ahead_days = 0 is wrong"),
        ({"name": None}, "the key 'name' is missing"),
        ({"timezone": '"Berlin"'}, "not an IANA time zone such as 'Europe/Berlin'"),
        ({"every": '"often"'}, "write hours or days"),
        ({"every": "12"}, "write hours or days"),
        ({"every": '"99999999999d"'}, "write hours or days"),
        ({"expect": "{ at_least = 10, at_most = 5 }"}, "at_most = 5 is less than at_least = 10"),
        (
            {"platform": '"schema_org"', "feed_url": None, "page_urls": '"https://a.example/"'},
            'write a list, such as page_urls = ["https://a.example/"]',
        ),
        ({"scope": '"some"'}, "allowed: 'all' or 'filter'"),
        ({"expect": "{ atleast = 1 }"}, "'expect.atleast' is not known. Keys: at_least, at_most"),
        ({"defaults": '{ types = ["meeting"] }'}, "defaults.types.0"),
    ],
)
def test_a_mistake_names_file_key_and_what_is_allowed(tmp_path: Path, keys: dict[str, str | None], says: str) -> None:
    path = write(tmp_path, keys)
    with pytest.raises(SourceFileError) as caught:
        load_source(path)
    assert says in str(caught.value)
    assert str(path) in str(caught.value)


def test_what_is_no_toml_is_named(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_text("name = ")
    with pytest.raises(SourceFileError, match="TOML"):
        load_source(path)


def test_a_folder_that_is_no_tier_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceFileError, match="Move it into one of: organisers, communities, forums, directories"):
        load_source(write(tmp_path, tier="misc"))


def test_two_files_with_one_id_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "a")
    write(tmp_path / "b", tier="organisers")
    settings = Settings.load(tmp_path, source_folders=[tmp_path / "a", tmp_path / "b"], only_own_sources=True)
    with pytest.raises(SourceFileError, match="'berlin' is taken by"):
        load_sources(settings)


def test_a_file_in_no_tier_folder_is_not_overlooked(tmp_path: Path) -> None:
    (tmp_path / "loose.toml").write_text("")
    with pytest.raises(SourceFileError, match="Move it into one of: organisers"):
        load_sources(Settings.load(tmp_path, source_folders=[tmp_path]))


def test_ones_own_folder_joins_the_shipped_sources(tmp_path: Path) -> None:
    write(tmp_path / "mine", stem="my_group")
    ids = [source.id for source in load_sources(Settings.load(tmp_path, source_folders=[tmp_path / "mine"]))]
    assert "my_group" in ids
    assert "aisafety_com_events" in ids


def test_an_unknown_source_is_named_with_near_ones() -> None:
    with pytest.raises(SourceFileError, match="Did you mean berlin"):
        choose([a_source()], ["berln"])


def test_a_source_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceFileError, match="TRACKER_SOURCE_FOLDERS"):
        load_sources(Settings.load(tmp_path, source_folders=[tmp_path / "none"]))


def test_at_least_sixty_sources_are_enabled_and_each_file_names_its_evidence() -> None:
    enabled = [source for source in load_sources(Settings.load(Path("/nonexistent"))) if source.enabled]
    assert len(enabled) >= 60
    for source in enabled:
        assert source.path is not None
        comments = " ".join(line for line in source.path.read_text("utf-8").splitlines() if line.startswith("#"))
        assert len(comments) > 40, source.id


@pytest.mark.parametrize("name", platform_names())
def test_a_platform_documents_its_options(name: str) -> None:
    platform = load_platform(name)
    assert platform.__doc__
    assert issubclass(platform.Options, PlatformOptions)
    text = Path(inspect.getfile(platform.Options)).read_text()
    for key in platform.Options.model_fields:
        after = text.partition(f"    {key}: ")[2].splitlines()[1].strip()
        assert after.startswith('"""'), f"{name}.Options.{key} has no docstring"


def test_sources_of_one_site_are_one_group() -> None:
    def feed(name: str, url: str) -> Source:
        return a_source(id=name, options={"feed_url": url})

    groups = group_by_host(
        [
            feed("a", "https://api.lu.ma/ics/get?id=a"),
            feed("b", "https://lu.ma/b.ics"),
            feed("c", "https://group.example.co.uk/c.ics"),
            feed("d", "https://other.example.co.uk/d.ics"),
            feed("e", "https://a.github.io/e.ics"),
        ]
    )
    assert [[source.id for source in group] for group in groups] == [["a", "b"], ["c", "d"], ["e"]]


def test_a_host_without_a_domain_is_its_own_group() -> None:
    assert registrable_domain("http://127.0.0.1:8000/x") != registrable_domain("http://127.0.0.1:8001/x")


FEED = {"feed_url": "https://berlin.example/calendar.ics"}


def test_a_source_is_due_when_its_time_has_come() -> None:
    source = a_source(options=FEED)
    soon = SourceState(source="berlin", next_try=NOW + timedelta(hours=1))
    assert not due_sources([source], {"berlin": soon}, {}, NOW)
    assert due_sources([source], {"berlin": soon}, {}, NOW + timedelta(hours=1))


def test_what_was_crawled_in_the_future_is_due() -> None:
    state = SourceState(source="berlin", last_run=NOW + timedelta(days=300), next_try=NOW + timedelta(days=301))
    assert due_sources([a_source(options=FEED)], {"berlin": state}, {}, NOW), "the clock was wrong then"


def test_a_new_source_is_due_and_a_disabled_one_never() -> None:
    assert due_sources([a_source(options=FEED)], {}, {}, NOW)
    assert not due_sources([a_source(options=FEED, enabled=False)], {}, {}, NOW)


def test_a_site_that_asked_to_be_left_alone_is_not_due() -> None:
    source = a_source(options=FEED)
    assert not due_sources([source], {}, {"berlin.example": NOW + timedelta(hours=3)}, NOW)
    assert due_sources([source], {}, {"elsewhere.example": NOW + timedelta(hours=3)}, NOW)


def test_a_second_crawl_of_the_same_folder_is_turned_away(tmp_path: Path) -> None:
    with crawl_lock(tmp_path):
        with pytest.raises(LockHeldError, match="Another crawl is running") as caught, crawl_lock(tmp_path):
            pass
        assert caught.value.exit_code == 75
    with crawl_lock(tmp_path):
        pass


def test_settings_come_from_environment_file_and_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tracker.toml").write_text('contact = "https://file.example/"\npublic_url = "https://file.example/"\n')
    monkeypatch.setenv("TRACKER_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("TRACKER_CONTACT", "https://environment.example/")
    settings = Settings.load(public_url="https://given.example/")
    assert settings.data_dir == tmp_path
    assert settings.contact == "https://environment.example/"
    assert settings.public_url == "https://given.example/"
    assert settings.store_url == f"sqlite:///{tmp_path}/tracker.db"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("TRACKER_SOURCE_FOLDERS", "/srv/sources", "A list is written as JSON"),
        ("TRACKER_PUBLIC_URL", "events.example.org", "write a whole address"),
        ("TRACKER_DATADIR", "x", "There is no setting TRACKER_DATADIR"),
        ("TRACKER_DOWNLOAD_DELAY", "-1", "download_delay"),
    ],
)
def test_a_setting_that_is_not_understood_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=says):
        Settings.load()


def test_a_settings_file_that_is_wrong_is_named(tmp_path: Path) -> None:
    (tmp_path / "tracker.toml").write_text("contakt = 1")
    with pytest.raises(ConfigurationError, match="contakt"):
        Settings.load(tmp_path)
    (tmp_path / "tracker.toml").write_text("=")
    with pytest.raises(ConfigurationError, match=r"tracker\.toml cannot be read"):
        Settings.load(tmp_path)


def test_without_entry_points_the_next_step_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    installed_packages.cache_clear()
    monkeypatch.setattr("tracker.sources.platform.entry_points", lambda group: ())
    with pytest.raises(ConfigurationError, match="pip install -e"):
        shipped_folders()


@pytest.mark.parametrize("by", ["Ann\x7f", "Ann\udcff", 'Ann "the" B\\'])
def test_a_name_that_is_no_text_never_damages_a_source_file(tmp_path: Path, by: str) -> None:
    path = write(tmp_path)
    note_verified(path, NOW.date(), by)
    assert load_source(path).verified_by.startswith("Ann")


def test_a_note_keeps_line_endings_comments_and_quoted_keys(tmp_path: Path) -> None:
    path = write(tmp_path, {'"verified"': '"never"  # not yet', "seen_from": '"home"'})
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    note_verified(path, date(2026, 12, 1), "Ann")
    lines = path.read_bytes().decode().split("\r\n")
    assert '"verified" = "2026-12-01"  # not yet' in lines
    assert 'seen_from = "home"' in lines
    assert not any("\n" in line for line in lines)


def test_a_source_file_that_would_become_invalid_is_left_as_it_was(tmp_path: Path) -> None:
    path = write(tmp_path, {"[options]": None})
    path.write_text(path.read_text() + '\nexpect = { at_least = "many" }\n')
    before = path.read_bytes()
    with pytest.raises(SourceFileError, match="at_least"):
        note_verified(path, NOW.date(), "Ann")
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == ["berlin.toml"]
