from __future__ import annotations

import json
from pathlib import Path

import pytest

from tracker.errors import SourceFileError
from tracker.models.source import Source
from tracker.sources.cases import Case, case_folder, load_case, mark_reviewed, save_case, trimmed
from tracker.sources.cases import SavedPage as Saved
from tracker.sources.checks import find_problems
from tracker.sources.files import load_source
from tracker.sources.replay import as_expected, replay

GOOD = {
    "name": '"x"',
    "homepage": '"https://x.example/"',
    "platform": '"embedded_json"',
    "page_urls": '["https://x.example/api"]',
    "expect": "{ at_least = 1, at_most = 9 }",
    "enabled": "false",
}
ROWS = [{"id": "1", "title": "Talk", "startDate": "2026-12-05", "status": "frozen"}, {"id": "2", "title": "Undated"}]


def source(tmp_path: Path, comment: str = "# Seen in a list.\n", **changes: str) -> Source:
    path = tmp_path / "communities" / "x.toml"
    path.parent.mkdir(exist_ok=True)
    keys = {key: value for key, value in (GOOD | changes).items() if value}
    path.write_text(comment + "\n".join(f"{key} = {value}" for key, value in keys.items()))
    return load_source(path)


def with_case(source: Source, rows: object = ROWS) -> Source:
    from tests.factories import NOW

    folder = case_folder(source)
    page = Saved("https://x.example/api", json.dumps(rows).encode(), "application/json")
    case = Case(folder, NOW, (page,), reviewed=False)
    save_case(case, as_expected(replay(source, case)))
    return source


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"expect": ""}, "Add: expect = {"),
        ({"verified": '"yesterday"'}, 'neither a day nor "never"'),
        ({"verified": '"1926-01-01"'}, 'neither a day nor "never"'),
        ({"attribution": '"X"'}, "Add: licence"),
        ({"every": '"1h"'}, 'Write every = "6h" or more'),
        ({"page_urls": '["http://x.example/api"]'}, "without encryption: http://x.example/api. Write https://"),
        ({"homepage": '"http://x.example/"'}, "homepage without encryption"),
        ({"enabled": "true"}, "Make one: tracker sources check x --fetch"),
        ({"comment": ""}, "Begin the file with a comment"),
    ],
)
def test_each_complaint_names_its_mend(tmp_path: Path, changes: dict[str, str], says: str) -> None:
    comment = changes.pop("comment", "# Seen in a list.\n")
    (complaint,) = find_problems(source(tmp_path, comment, **changes))
    assert says in complaint


def test_a_case_must_have_been_looked_at_and_must_read_as_it_did(tmp_path: Path) -> None:
    found = with_case(source(tmp_path))
    (complaint,) = find_problems(found)
    assert "nobody has reviewed" in complaint
    mark_reviewed(case_folder(found))
    assert find_problems(found) == []
    page = case_folder(found) / "page1.json"
    for old, new, says in (
        ("Talk", "Lecture", "title: expected 'Talk', found 'Lecture'"),
        ("Undated", "Without", "rejected: expected"),
        ('"id": "2"', '"startDate": "2026-12-07", "id": "2"', "rejected: expected"),
    ):
        whole = page.read_text()
        page.write_text(whole.replace(old, new))
        (complaint,) = find_problems(found)
        assert says in complaint
        page.write_text(whole)


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("case.toml", "now = 5", "write a moment, such as"),
        ("case.toml", "now = ", "cannot be read: TOMLDecodeError"),
        ("case.toml", 'now = 2026-11-23T12:00:00Z\n[[page]]\nurl = "x"\nfile = "gone"', "gone is missing"),
        ("expected.json", "[", "cannot be read"),
    ],
)
def test_a_damaged_case_is_named(tmp_path: Path, file: str, text: str, says: str) -> None:
    found = with_case(source(tmp_path))
    (case_folder(found) / file).write_text(text)
    assert any(says in complaint for complaint in find_problems(found))


def test_a_page_that_was_not_saved_is_a_failure_of_the_case(tmp_path: Path) -> None:
    further = {"rows": ROWS, "next": "https://x.example/api?page=2"}
    found = with_case(source(tmp_path, next_page='"next"'), further)
    result = replay(found, load_case(case_folder(found)))
    assert "https://x.example/api?page=2 is not in the case of 'x'" in str(result.failures[0])


def test_a_source_without_a_file_has_no_case() -> None:
    from tests.factories import a_source

    with pytest.raises(SourceFileError, match="has no file"):
        case_folder(a_source())


@pytest.mark.parametrize(
    ("html", "kept", "gone"),
    [
        ("<script>track()</script>", "", "track"),
        ('<script type="application/ld+json">{"a": 1}</script>', '{"a": 1}', "zzz"),
        ('<script id="__NEXT_DATA__" type="application/json">{}</script>', "__NEXT_DATA__", "zzz"),
        ("<script>window.__SERVER_DATA__ = {};</script>", "__SERVER_DATA__", "zzz"),
        ('<script>window.__NUXT__={};algoliaApiKey:"x"</script>', "algoliaApiKey", "zzz"),
        ("<style>p {}</style><p>Text</p>", "<p>Text</p>", "style"),
        ("<!-- note --><!--card:g0:rec1-->x<!--/card--><!--f:m0:pin-->y<!--/f-->", "<!--card:g0:rec1-->x<!--/card--><!--f:m0:pin-->y<!--/f-->", "note"),
        ("<p>Write to ann.b@gmail.com</p>", "somebody1@example.org", "ann.b"),
    ],
)  # fmt: skip
def test_a_saved_page_keeps_its_data_and_loses_the_rest(html: str, kept: str, gone: str) -> None:
    body = trimmed(Saved("https://x.example/", f"<html><body>{html}</body></html>".encode(), "text/html")).body.decode()
    assert kept in body
    assert gone not in body
