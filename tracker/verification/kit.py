"""The zip file of a verification: one access record and one web archive for each source, and a report to look at.

While sources are verified, its files lie in a folder beside it (``first-day.zip.part``), each written atomically, so
that a verification that was stopped or killed can be resumed.
"""

from __future__ import annotations

import json
import os
import shutil
import zipfile
import zlib
from pathlib import Path

from pydantic import Field, ValidationError

from tracker.errors import UsageError
from tracker.models.moments import Instant
from tracker.models.record import Record
from tracker.sources.access import RecordedResponse
from tracker.verification.records import AccessRecord, bodies_of, recorded

FORMAT = 1
MOST_BYTES = 20_000_000
"""Maximum size of all pages of a kit; what comes later is recorded without its pages."""
MANIFEST, REPORT, ANSWERS = "first-day.json", "report.html", "answers.toml"
_MOST_FILE = 50_000_000
"""Maximum size of one file of a kit, unpacked: a zip from elsewhere may be a bomb."""


class Manifest(Record):
    """What was verified, by which version, from where."""

    format: int = FORMAT
    version: str
    """Version of the tracker."""
    sources_hash: str
    """Hash of the source files."""
    begun_at: Instant
    ended_at: Instant | None = None
    user_agent: str = ""
    seen_from: str = ""
    """The network, as the operator says: ``home``, ``datacentre``."""
    through_proxy: bool = False
    clock_skew: int | None = None
    """Seconds by which the servers' clocks are ahead of this machine's: the median."""
    chosen: tuple[str, ...] = Field(default=())
    """Ids of the sources to verify."""


class Kit:
    """A verification in progress.

    Args:
        path: the zip file.
        folder: the folder beside it.
        manifest: what is verified.
    """

    def __init__(self, path: Path, folder: Path, manifest: Manifest) -> None:
        self.path, self.folder, self.manifest = path, folder, manifest
        self.records: dict[str, AccessRecord] = {}
        self._bytes = sum(file.stat().st_size for file in folder.glob("pages/*.gz"))

    @classmethod
    def begin(cls, path: Path, manifest: Manifest) -> Kit:
        """Begin a new kit.

        Raises:
            UsageError: there is a file of this name, or an unfinished verification.
        """
        folder = _folder(path)
        if path.exists() or (folder / MANIFEST).exists():
            there = path if path.exists() else folder
            raise UsageError(f"{there} exists already. Go on with it: --resume. Or choose another name.")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{folder} cannot be made: {error.strerror}.") from error
        kit = cls(path, folder, manifest)
        kit.write(MANIFEST, manifest.model_dump_json().encode())
        return kit

    @classmethod
    def resume(cls, path: Path) -> Kit:
        """Go on with a kit: with the folder of a verification that was stopped, else with the finished zip.

        Raises:
            UsageError: there is neither, or it is damaged, or of another version.
        """
        folder = _folder(path)
        if not folder.is_dir():
            finished = read_kit(path)
            unpacking = folder.with_suffix(".unpacking")
            shutil.rmtree(unpacking, ignore_errors=True)
            for name, content in finished.files.items():
                _write(unpacking / name, content)
            unpacking.rename(folder)
        if not (folder / MANIFEST).is_file():
            raise UsageError(f"Nothing was verified yet in {folder}. Begin: the same command without --resume.")
        kit = cls(path, folder, _manifest((folder / MANIFEST).read_bytes(), folder))
        for file in sorted(folder.glob("access/*.json")):
            record = _record(file.read_bytes(), file)
            kit.records[record.source] = record
        return kit

    def add(self, record: AccessRecord, archive: bytes) -> None:
        """Add the record of a source; beyond the size limit without its pages."""
        if self._bytes + len(archive) > MOST_BYTES:
            left_out = tuple(page.url for page in record.pages)
            bare = {"pages": (), "responses": (), "robots": (), "left_out": (*record.left_out, *left_out)}
            record, archive = record.model_copy(update=bare), b""
        self._bytes += len(archive)
        self.write(f"pages/{record.source}.warc.gz", archive)
        self.write(f"access/{record.source}.json", record.canonical_bytes())
        self.records[record.source] = record

    def known_robots(self) -> dict[str, RecordedResponse]:
        """Return the robots.txt files in the kit by URL."""
        found: dict[str, RecordedResponse] = {}
        for name, record in self.records.items():
            archive = self.folder / "pages" / f"{name}.warc.gz"
            content = archive.read_bytes() if archive.is_file() else b""
            bodies = bodies_of(content)
            for each in record.robots:
                if not each.record_id or each.record_id in bodies:
                    found[each.url] = recorded(each, bodies)
        return found

    def write(self, name: str, content: bytes) -> None:
        """Write a file of the kit."""
        _write(self.folder / name, content)

    def finish(self) -> None:
        """Pack the folder into the zip file, and remove it."""
        self.write(MANIFEST, self.manifest.model_dump_json().encode())
        packing = self.path.with_name(f".{self.path.name}.packing")
        try:
            with zipfile.ZipFile(packing, "w", zipfile.ZIP_DEFLATED) as file:
                for each in sorted(self.folder.rglob("*")):
                    if each.is_file():
                        file.write(each, each.relative_to(self.folder).as_posix())
            packing.replace(self.path)
        except OSError as error:
            packing.unlink(missing_ok=True)
            raise UsageError(
                f"{self.path} cannot be written: {error.strerror}. What was verified is in {self.folder}."
            ) from error
        shutil.rmtree(self.folder)


class FinishedKit:
    """A kit that was read.

    Args:
        files: content of each file, by its name.
        manifest: what was verified.
        records: the access records, by source.
        damaged: files of the kit that cannot be read, with the reason.
    """

    def __init__(
        self,
        files: dict[str, bytes],
        manifest: Manifest,
        records: dict[str, AccessRecord],
        damaged: dict[str, str],
    ) -> None:
        self.files, self.manifest, self.records, self.damaged = files, manifest, records, damaged

    def bodies(self, source_id: str) -> dict[str, bytes]:
        """Return the bodies in the archive of a source by the id of their record.

        Raises:
            UsageError: the archive is damaged.
        """
        return bodies_of(self.files.get(f"pages/{source_id}.warc.gz", b""))


def read_kit(path: Path) -> FinishedKit:
    """Read a kit.

    Raises:
        UsageError: there is no such file, or it is no kit, or damaged, or of another version.
    """
    try:
        with zipfile.ZipFile(path) as file:
            names = [each for each in file.infolist() if not each.is_dir()]
            if sum(each.file_size for each in names) > 10 * MOST_BYTES or any(
                each.file_size > _MOST_FILE for each in names
            ):
                raise UsageError(f"{path} unpacks to more than a kit ever holds, and is not read.")
            damaged: dict[str, str] = {}
            files = {each.filename: _unpacked(file, each, damaged) for each in names if _is_ours(each.filename)}
    except FileNotFoundError as error:
        raise UsageError(f"There is no file {path}. 'tracker sources verify --out {path.name}' makes one.") from error
    except (OSError, zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise UsageError(f"{path} cannot be read as a zip file: {error}. Was it copied whole?") from error
    if MANIFEST in damaged:
        raise UsageError(f"{path} is damaged: {MANIFEST}: {damaged[MANIFEST]}. Was it copied whole?")
    if MANIFEST not in files:
        raise UsageError(f"{path} is a zip file, but not one of 'tracker sources verify': {MANIFEST} is missing.")
    manifest = _manifest(files[MANIFEST], path)
    records: dict[str, AccessRecord] = {}
    for name in sorted(files):
        if name.startswith("access/") and name not in damaged:
            try:
                record = _record(files[name], f"{path}: {name}")
            except UsageError as error:
                damaged[name] = str(error)
            else:
                records[record.source] = record
    return FinishedKit(files, manifest, records, damaged)


def _unpacked(file: zipfile.ZipFile, member: zipfile.ZipInfo, damaged: dict[str, str]) -> bytes:
    """Return the content of a file of a kit; of one that is damaged nothing, and say so in ``damaged``."""
    try:
        return file.read(member)
    except (OSError, zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, RuntimeError, zlib.error) as error:
        damaged[member.filename] = str(error)
        return b""


_SUFFIXES = {"": ("",), "access": (".json",), "pages": (".warc.gz",)}
"""The folders of a kit, and how the names of their files end."""


def _is_ours(name: str) -> bool:
    """Return whether a file belongs to a kit; a foreign zip may name files outside of its folder, or of a system."""
    folder, _, rest = name.rpartition("/")
    is_named = rest not in {"", ".", ".."} and not rest.startswith(".") and "\\" not in name
    return folder in _SUFFIXES and is_named and rest.endswith(_SUFFIXES[folder])


def _manifest(content: bytes, where: Path) -> Manifest:
    try:
        stated = json.loads(content)
        number = stated.get("format", FORMAT)
        if number == FORMAT:
            return Manifest.model_validate(stated)
    except (ValueError, AttributeError, RecursionError) as error:  # a ValidationError is a ValueError
        raise UsageError(f"{where}: {MANIFEST} is damaged ({str(error).splitlines()[0]}). Verify again.") from error
    raise UsageError(
        f"{where} is a kit of format {number}; this version reads format {FORMAT}. "
        "Use the version that made it, or verify again."
    )


def _record(content: bytes, where: object) -> AccessRecord:
    try:
        return AccessRecord.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise UsageError(f"{where} cannot be read: {key}: {first['msg']}. Verify again with this version.") from error


def _folder(path: Path) -> Path:
    if not path.name:
        raise UsageError(f"{path} is a folder. Name a file: --out first-day.zip")
    return path.with_name(f"{path.name}.part")


def _write(path: Path, content: bytes) -> None:
    """Write a file atomically.

    Raises:
        UsageError: the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.new")
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from error
