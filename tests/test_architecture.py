"""The house of the design: who may import whom, and what may stand nowhere. Reads the files, runs nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("spiders", "tracker", "dashboard")

# room → the rooms it may import from, besides itself
MAY_IMPORT = {
    "tracker.errors": set(),
    "tracker.clock": {"tracker.errors"},
    "tracker.models": {"tracker.errors"},
    "tracker.config": {"tracker.errors"},
    "tracker.reading": {"tracker.models"},
    "tracker.manners": {"tracker.clock"},
    "tracker.matching": {"tracker.models", "tracker.reading"},
    "tracker.health": {"tracker.models", "tracker.errors"},
    "tracker.store": {"tracker.models", "tracker.errors", "tracker.reading", "tracker.matching", "tracker.health"},
    "tracker.publishing": {"tracker.models", "tracker.errors", "tracker.store"},
    "tracker.web": {
        "tracker", "tracker.models", "tracker.errors", "tracker.store", "tracker.publishing", "tracker.config",
        "tracker.clock",
    },
    "tracker.sources": {"tracker.models", "tracker.errors", "tracker.reading", "tracker.health", "tracker.config"},
    "tracker.refreshing": {"tracker.models", "tracker.matching", "tracker.store", "tracker.publishing"},
    "tracker.crawling": {
        "tracker", "tracker.refreshing", "tracker.models", "tracker.errors", "tracker.store", "tracker.publishing", "tracker.health",
        "tracker.sources", "tracker.manners", "tracker.config", "tracker.clock",
    },
    "tracker.curating": {
        "tracker.refreshing", "tracker.models", "tracker.errors", "tracker.reading", "tracker.matching", "tracker.store", "tracker.publishing",
        "tracker.crawling", "tracker.config", "tracker.clock",
    },
    "tracker.scouting": {
        "tracker.models", "tracker.errors", "tracker.reading", "tracker.health", "tracker.sources", "tracker.crawling",
        "tracker.config", "tracker.clock",
    },
    "tracker.archives": {"tracker.models", "tracker.errors", "tracker.manners", "tracker.sources"},
    "tracker.operating": {
        "tracker", "tracker.errors", "tracker.store", "tracker.crawling", "tracker.sources", "tracker.config", "tracker.clock",
    },
    "tracker.demo": {
        "tracker.refreshing", "tracker.models", "tracker.errors", "tracker.store", "tracker.publishing", "tracker.crawling", "tracker.curating", "tracker.sources", "tracker.config",
        "tracker.clock",
    },
    "tracker.cli": {
        "tracker", "tracker.refreshing", "tracker.models", "tracker.errors", "tracker.reading", "tracker.store", "tracker.publishing", "tracker.crawling",
        "tracker.matching", "tracker.curating", "tracker.sources", "tracker.scouting", "tracker.demo", "tracker.web", "tracker.config", "tracker.clock",
        "tracker.health", "tracker.operating", "tracker.archives",
    },
    "tracker.__main__": {"tracker.cli"},
    "tracker": set(),
    "spiders.platforms": {"spiders.platform", "spiders.formats", "tracker.models", "tracker.reading", "tracker.errors"},
    "spiders.formats": {"spiders.platform", "tracker.models", "tracker.reading", "tracker.errors"},
    "spiders.sources": {"spiders.platform", "tracker.models"},
    "spiders.platform": {"tracker.models"},
    "spiders.failures": {"tracker.errors", "tracker.health", "tracker.models"},
    "spiders.settings": set(),
    "spiders.guarded_download": set(),
    "spiders.polite_download": {
        "spiders.guarded_download", "spiders.source_spider", "spiders.failures", "tracker.errors", "tracker.health",
        "tracker.manners",
    },
    "spiders.source_spider": {
        "spiders.platform", "spiders.failures", "tracker.models", "tracker.errors", "tracker.health", "tracker.manners",
        "tracker.clock",
    },
    "spiders.part_of_crawl": {"spiders.source_spider"},
    "spiders.pipelines": {"spiders.part_of_crawl", "tracker.models", "tracker.reading"},
    "spiders.middlewares": {"spiders.part_of_crawl", "spiders.failures", "tracker.health"},
    "spiders": set(),
    "dashboard": {
        "tracker.models", "tracker.errors", "tracker.store", "tracker.publishing", "tracker.reading", "tracker.web",
        "tracker.health", "tracker.curating", "tracker.scouting", "tracker.config", "tracker.clock",
    },
}  # fmt: skip

# library → the only rooms that may import it
ONLY_IN = {
    "sqlalchemy": {"tracker.curating", "tracker.refreshing", "tracker.store", "tracker.publishing", "tracker.web", "tracker.cli", "dashboard"},
    "alembic": {"tracker.store"},
    "icalendar": {"tracker.publishing", "spiders.formats", "spiders.platforms"},
    "recurring_ical_events": {"spiders.formats"},
    "streamlit": {"dashboard"},
    "twisted": set(),
    "scrapy": {
        "spiders.source_spider", "spiders.failures", "spiders.guarded_download", "spiders.polite_download", "spiders.part_of_crawl", "spiders.middlewares", "spiders.pipelines",
        "tracker.crawling",
    },
    "typer": {"tracker.cli"},
    "procrastinate": {"tracker.crawling"},
    "fastwarc": {"tracker.archives"},
    "ray": {"tracker.archives"},
    "starlette": {"tracker.web", "dashboard"},
}  # fmt: skip


def python_files() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    fitting = [room for room in MAY_IMPORT if module == room or module.startswith(f"{room}.")]
    return max(fitting, key=len)


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written in full"
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                is_module = (ROOT / f"{name.replace('.', '/')}.py").exists() or (ROOT / name.replace(".", "/")).is_dir()
                yield name if is_module else str(node.module)


@pytest.mark.parametrize("path", python_files(), ids=module_of)
def test_a_file_imports_only_what_its_room_may(path: Path) -> None:
    room = room_of(module_of(path))
    for name in imports_of(path):
        if name.split(".")[0] in PACKAGES:
            other = room_of(name)
            assert other == room or other in MAY_IMPORT[room], f"{room} may not import {name}"
        elif (top := name.split(".")[0]) in ONLY_IN:
            assert room in ONLY_IN[top], f"{top} belongs to {ONLY_IN[top]}, not to {room}"


def test_sql_is_written_only_in_the_store() -> None:
    makers = {"select", "insert", "update", "delete", "text", "create_engine"}
    for path in python_files():
        if "store" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
                assert not makers & {alias.name for alias in node.names}, path


@pytest.mark.parametrize("path", python_files(), ids=module_of)
def test_a_file_has_a_name_of_its_own_and_fits_on_a_few_screens(path: Path) -> None:
    assert path.stem not in {"utils", "util", "helpers", "common", "misc", "base", "manager", "handler", "core"}
    assert len(path.read_text("utf-8").splitlines()) <= 300


def test_scraped_text_is_never_shown_as_html() -> None:
    for path in python_files():
        assert "unsafe_allow_html" not in path.read_text("utf-8"), path


def test_the_lock_names_no_index() -> None:
    for name in ("requirements.lock", "requirements-ci.lock"):
        text = (ROOT / name).read_text("utf-8")
        assert "://" not in text
        assert all("--hash=sha256:" in block for block in text.replace("\\\n", " ").strip().splitlines())
