"""Architecture rules: who may import whom, and what may stand nowhere. Reads the files, runs nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("spiders", "tracker", "dashboard")
MAX_LINES = 300

# Room → the rooms it may import from, besides itself. The bottom layers come first.
MAY_IMPORT = {
    "tracker": set(),
    "tracker.errors": set(),
    "tracker.clock": {"tracker.errors"},
    "tracker.config": {"tracker.errors"},
    "tracker.models": {"tracker.errors"},
    "tracker.reading": {"tracker.models", "tracker.errors"},
    "tracker.matching": {"tracker.models", "tracker.reading"},
    "tracker.health": {"tracker.models", "tracker.errors"},
    "tracker.lifecycle": {"tracker.models", "tracker.matching"},
    "tracker.fitting": {"tracker.models"},
    "tracker.forecasting": {"tracker.models"},
    "tracker.store": {"tracker.models", "tracker.errors"},
    "tracker.sources": {"tracker.models", "tracker.errors", "tracker.reading", "tracker.health", "tracker.config"},
    "tracker.publishing": {
        "tracker.models", "tracker.errors", "tracker.reading", "tracker.fitting", "tracker.forecasting",
        "tracker.health", "tracker.store",
    },
    "tracker.notifying": {
        "tracker.models", "tracker.errors", "tracker.reading", "tracker.health", "tracker.store", "tracker.publishing",
    },
    "tracker.pipeline": {
        "tracker", "tracker.errors", "tracker.models", "tracker.reading", "tracker.matching", "tracker.store", "tracker.publishing",
    },
    "tracker.crawling.throttling": {"tracker.clock"},
    "spiders": {
        "tracker.models", "tracker.errors", "tracker.reading", "tracker.sources", "tracker.health", "tracker.clock",
        "tracker.crawling.throttling",
    },
    "tracker.crawling": {
        "spiders", "tracker", "tracker.models", "tracker.errors", "tracker.reading", "tracker.health", "tracker.store",
        "tracker.lifecycle", "tracker.pipeline", "tracker.sources", "tracker.crawling.throttling", "tracker.config", "tracker.clock",
    },
    "tracker.probing": {
        "tracker.models", "tracker.errors", "tracker.reading", "tracker.health", "tracker.sources", "tracker.crawling",
        "tracker.crawling.throttling", "tracker.config", "tracker.clock",
    },
    "tracker.verification": {
        "tracker", "tracker.models", "tracker.errors", "tracker.reading", "tracker.health", "tracker.sources",
        "tracker.probing", "tracker.crawling", "tracker.crawling.throttling", "tracker.warc", "tracker.config",
        "tracker.clock",
    },
    "tracker.warc": {"tracker.models", "tracker.errors", "tracker.sources", "tracker.crawling.throttling"},
    "tracker.curation": {
        "tracker.models", "tracker.errors", "tracker.reading", "tracker.matching", "tracker.store", "tracker.pipeline",
        "tracker.publishing", "tracker.crawling", "tracker.config", "tracker.clock",
    },
    "tracker.web": {
        "tracker", "tracker.models", "tracker.errors", "tracker.health", "tracker.store", "tracker.publishing",
        "tracker.config", "tracker.clock",
    },
    "tracker.assistants": {
        "tracker", "tracker.models", "tracker.errors", "tracker.reading", "tracker.health", "tracker.store",
        "tracker.publishing", "tracker.curation", "tracker.config", "tracker.clock",
    },
    "tracker.demo": {
        "tracker.models", "tracker.errors", "tracker.sources", "tracker.store", "tracker.pipeline",
        "tracker.publishing", "tracker.crawling", "tracker.curation", "tracker.config", "tracker.clock",
    },
    "tracker.cli": {
        "tracker", "tracker.models", "tracker.errors", "tracker.reading", "tracker.matching", "tracker.health",
        "tracker.store", "tracker.sources", "tracker.pipeline", "tracker.publishing", "tracker.notifying", "tracker.crawling",
        "tracker.probing", "tracker.verification", "tracker.warc", "tracker.curation", "tracker.web", "tracker.assistants", "tracker.demo", "tracker.config",
        "tracker.clock",
    },
    "tracker.__main__": {"tracker.cli"},
    "dashboard": {
        "tracker.models", "tracker.errors", "tracker.reading", "tracker.fitting", "tracker.forecasting", "tracker.health", "tracker.store", "tracker.publishing",
        "tracker.curation", "tracker.probing", "tracker.web", "tracker.config", "tracker.clock",
    },
}  # fmt: skip

# Library → the only rooms that may import it.
ONLY_IN = {
    "sqlalchemy": {"tracker.store", "tracker.pipeline", "tracker.publishing", "tracker.notifying", "tracker.curation", "tracker.web", "tracker.assistants", "tracker.cli", "dashboard"},
    "alembic": {"tracker.store"},
    "icalendar": {"tracker.publishing", "spiders"},
    "recurring_ical_events": {"spiders"},
    "streamlit": {"dashboard"},
    "twisted": set(),
    "scrapy": {"spiders", "tracker.crawling"},
    "mcp": {"tracker.assistants"},
    "mcp_types": {"tracker.assistants"},
    "apprise": {"tracker.notifying"},
    "typer": {"tracker.cli"},
    "procrastinate": {"tracker.crawling"},
    "fastwarc": {"tracker.warc"},
    "starlette": {"tracker.web", "dashboard"},
}  # fmt: skip

# File → modules that it names in strings for a library which imports them.
NAMED_FOR_A_LIBRARY = {
    "spiders/settings.py": "Scrapy's settings name components by import path",
    "tracker/cli/serve.py": "the dashboard starts from its module; tracker never imports it otherwise",
}
VAGUE_NAMES = {"utils", "util", "helpers", "common", "misc", "base", "manager", "handler", "core"}
SQL_MAKERS = {"select", "insert", "update", "delete", "text", "create_engine"}


@cache
def parsed() -> dict[Path, tuple[str, ast.Module]]:
    """Return text and syntax tree of every file of the product."""
    paths = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return {path: (text, ast.parse(text)) for path in paths if (text := path.read_text("utf-8")) is not None}


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    fitting = [room for room in MAY_IMPORT if module == room or module.startswith(f"{room}.")]
    return max(fitting, key=len)


@cache
def is_module(name: str) -> bool:
    path = ROOT / name.replace(".", "/")
    return path.with_suffix(".py").exists() or path.is_dir()


def imports_of(path: Path, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written in full"
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                yield name if is_module(name) else str(node.module)


def modules_in_strings(tree: ast.Module) -> Iterator[str]:
    """Yield the modules of ours that strings name, for ``import_module``, ``files`` and the like."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            found = re.fullmatch(r"((?:spiders|tracker|dashboard)(?:\.\w+)*)(?::\w+)?", node.value)
            if found and ("." in found[1] or found[1] != "tracker") and is_module(found[1]):
                yield found[1]


def test_a_file_imports_only_what_its_room_may() -> None:
    wrong = []
    for path, (_, tree) in parsed().items():
        room = room_of(module_of(path))
        for name in imports_of(path, tree):
            top = name.split(".")[0]
            if top in PACKAGES and (other := room_of(name)) != room and other not in MAY_IMPORT[room]:
                wrong.append(f"{path.relative_to(ROOT)}: {room} may not import {name}")
            if top in ONLY_IN and room not in ONLY_IN[top]:
                wrong.append(f"{path.relative_to(ROOT)}: {top} belongs to {sorted(ONLY_IN[top])}")
    assert wrong == []


def test_no_room_reaches_another_by_a_string() -> None:
    wrong = []
    for path, (_, tree) in parsed().items():
        if str(path.relative_to(ROOT)) in NAMED_FOR_A_LIBRARY:
            continue
        room = room_of(module_of(path))
        wrong += [
            f"{path.relative_to(ROOT)}: {room} may not name {name}"
            for name in modules_in_strings(tree)
            if (other := room_of(name)) != room and other not in MAY_IMPORT[room]
        ]
    assert wrong == []


def test_sql_is_written_only_in_the_store() -> None:
    wrong = [
        path
        for path, (_, tree) in parsed().items()
        if "store" not in path.parts
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("sqlalchemy")
        and SQL_MAKERS & {alias.name for alias in node.names}
    ]
    assert wrong == []


def test_a_file_has_a_telling_name_and_fits_on_a_few_screens() -> None:
    assert [path for path in parsed() if path.stem in VAGUE_NAMES] == []
    lengths = {path: len(text.splitlines()) for path, (text, _) in parsed().items()}
    too_long = {path: length for path, length in lengths.items() if length > MAX_LINES}
    assert [path for path in too_long if path.parent.name != "versions"] == [], "migrations are history, not read"


def test_scraped_text_is_never_shown_as_html() -> None:
    assert [path for path, (text, _) in parsed().items() if "unsafe_allow_html" in text] == []


def test_the_lock_files_name_no_index() -> None:
    for name in ("requirements.lock", "requirements-ci.lock", "requirements-scale.lock", "requirements-bench.lock"):
        text = (ROOT / name).read_text("utf-8")
        assert "://" not in text
        assert all("--hash=sha256:" in block for block in text.replace("\\\n", " ").strip().splitlines())
