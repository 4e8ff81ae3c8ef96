"""The parsers of other people's calendar programs: bytes of a feed → UID → (title, start)."""

from __future__ import annotations

import ctypes
import ctypes.util
import functools
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import icalendar
import pytest

Seen = dict[str, tuple[str, str]]
"""UID → (title, start)."""
_ICALJS = Path(__file__).parent / "icaljs"


def written(moment: date | datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if isinstance(moment, datetime) else moment.isoformat()


def seen_by_icalendar(feed: bytes) -> Seen:
    entries: list[Any] = list(icalendar.Calendar.from_ical(feed).walk("VEVENT"))
    return {str(entry["UID"]): (str(entry["SUMMARY"]), written(entry["DTSTART"].dt)) for entry in entries}


def seen_by_ical(feed: bytes) -> Seen:
    """``ical`` is strict: one bad byte and Home Assistant shows nothing at all."""
    ical = pytest.importorskip("ical.calendar_stream", reason="needs the extra 'dev'")
    calendar = ical.IcsCalendarStream.calendar_from_ics(feed.decode())
    return {event.uid: (event.summary, written(event.dtstart)) for event in calendar.events}


def seen_by_libical(feed: bytes) -> dict[str, str]:
    """Evolution, GNOME and KDE read calendars with it. It checks what is missing and what may not be."""
    library = _libical()
    root = library.icalparser_parse_string(feed)
    assert root, "libical cannot read it"
    root = ctypes.c_void_p(root)
    assert library.icalcomponent_count_errors(root) == 0
    assert library.icalrestriction_check(root) == 1
    vevent, seen = 4, {}  # ICAL_VEVENT_COMPONENT
    entry = library.icalcomponent_get_first_component(root, vevent)
    while entry:
        handle = ctypes.c_void_p(entry)
        seen[library.icalcomponent_get_uid(handle).decode()] = library.icalcomponent_get_summary(handle).decode()
        entry = library.icalcomponent_get_next_component(root, vevent)
    library.icalcomponent_free(root)
    return seen


def _libical() -> ctypes.CDLL:
    name = ctypes.util.find_library("ical")
    if name is None:
        pytest.skip("needs Debian's package libical3")
    library = ctypes.CDLL(name)
    for function in (
        "icalparser_parse_string",
        "icalcomponent_get_first_component",
        "icalcomponent_get_next_component",
    ):
        getattr(library, function).restype = ctypes.c_void_p
    for function in ("icalcomponent_get_uid", "icalcomponent_get_summary"):
        getattr(library, function).restype = ctypes.c_char_p
    return library


def seen_by_icaljs(feed: bytes) -> Seen:
    """Thunderbird and Nextcloud read calendars with it."""
    if shutil.which("node") is None or not (_ICALJS / "node_modules").is_dir():
        pytest.skip("needs node, and 'npm ci' in tests/referees/icaljs")
    with tempfile.NamedTemporaryFile(suffix=".ics") as file:
        file.write(feed)
        file.flush()
        result = subprocess.run(
            ["node", str(_ICALJS / "events.mjs"), file.name], capture_output=True, text=True, check=False
        )
    assert result.returncode == 0, result.stderr
    return {uid: (title, start) for uid, (title, start) in json.loads(result.stdout).items()}


def _program(name: str) -> str:
    found = Path(sys.executable).with_name(name)
    if not found.exists():
        pytest.skip(f"needs {name}, which is in the extra 'dev'")
    return str(found)


def _run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    settings = {"HOME": str(folder), "LC_ALL": "C.UTF-8", "PYTHONUNBUFFERED": "1", "PATH": os.environ["PATH"]}
    return subprocess.run(command, env=settings, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


class Khal:
    """A collection that feeds are imported into, one after the other."""

    def __init__(self, folder: Path) -> None:
        self._khal, self._folder = _program("khal"), folder
        (folder / "events").mkdir(parents=True)
        day, clock = "%Y-%m-%d", "%H:%M"
        (folder / "config").write_text(
            f"[calendars]\n[[feed]]\npath = {folder}/events\n[default]\ndefault_calendar = feed\n"
            f"[sqlite]\npath = {folder}/khal.db\n[locale]\nlocal_timezone = UTC\ndefault_timezone = UTC\n"
            f"timeformat = {clock}\ndateformat = {day}\nlongdateformat = {day}\n"
            f"datetimeformat = {day} {clock}\nlongdatetimeformat = {day} {clock}\n"
        )

    def read(self, feed: bytes) -> set[str]:
        """Import a feed; return the UIDs that khal lists then. A warning is a failure."""
        file = self._folder / "feed.ics"
        file.write_bytes(feed)
        config = ["--config", str(self._folder / "config")]
        done = _run(self._folder, self._khal, *config, "import", "--batch", "-a", "feed", str(file))
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        # khal leaves files of other endings behind, which it does not read itself.
        files = list((self._folder / "events").glob("*.ics"))
        uids = {str(uid) for file in files for uid in re.findall(rb"(?m)^UID:(\S+)", file.read_bytes())}
        assert len(files) == len(uids)
        every = ["list", "-a", "feed", "--once", "--day-format", "", "--format", "{uid}", "2020-01-01", "7300d"]
        listed = _run(self._folder, self._khal, *config, *every).stdout.split()
        assert len(listed) == len(files)
        return set(listed)


@dataclass(frozen=True, slots=True)
class Synced:
    """What a synchronisation did."""

    uploads: int
    deletions: int
    files: int


class Vdirsyncer:
    """A subscriber that keeps a folder of files like a feed at one address."""

    def __init__(self, folder: Path) -> None:
        self._program, self._folder = _program("vdirsyncer"), folder
        (folder / "site").mkdir(parents=True)
        (folder / "events").mkdir()
        handler = functools.partial(_Quiet, directory=str(folder / "site"))
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        (folder / "config").write_text(
            f'[general]\nstatus_path = "{folder}/status/"\n'
            '[pair feed]\na = "remote"\nb = "local"\ncollections = null\nconflict_resolution = "a wins"\n'
            f'[storage remote]\ntype = "http"\nurl = "http://127.0.0.1:{self._server.server_port}/events.ics"\n'
            f'[storage local]\ntype = "filesystem"\npath = "{folder}/events/"\nfileext = ".ics"\n'
        )
        self._known = False

    def sync(self, feed: bytes) -> Synced:
        """Serve a feed and synchronise with it."""
        (self._folder / "site" / "events.ics").write_bytes(feed)
        command = [self._program, "--config", str(self._folder / "config"), "--verbosity", "INFO"]
        if not self._known:
            found = _run(self._folder, *command, "discover")
            assert found.returncode == 0, found.stdout + found.stderr
            self._known = True
        done = _run(self._folder, *command, "sync")
        said = done.stdout + done.stderr
        assert done.returncode == 0, said
        assert not re.search(r"(?im)^(warning|error|critical):", said), said
        uploads = said.count("Copying (uploading) item") + said.count("Copying (updating) item")
        return Synced(uploads, said.count("Deleting item"), len(list((self._folder / "events").iterdir())))

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        pass


TITLES: dict[str, Callable[[bytes], dict[str, str]]] = {
    "icalendar": lambda feed: {uid: title for uid, (title, _) in seen_by_icalendar(feed).items()},
    "ical": lambda feed: {uid: title for uid, (title, _) in seen_by_ical(feed).items()},
    "ical.js": lambda feed: {uid: title for uid, (title, _) in seen_by_icaljs(feed).items()},
    "libical": seen_by_libical,
}
"""Parser → UID → title."""
