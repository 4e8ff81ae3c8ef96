"""Real lists: which pairs count, and what is said when the folder is not as it should be."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from benchmarks.matching.__main__ import VARIABLE, line, main
from benchmarks.matching.lists import LISTINGS, TRUTH, read_lists
from benchmarks.matching.systems import RealLists, Row, draw_labels, ours

pytestmark = pytest.mark.long

# Two lists name the meeting in March, the second of them twice; a third has it with another day, and a dinner beside it.
ROWS = [
    {"id": "a1", "source": "a", "title": "Lantern Days 2026", "when": {"start": "2026-03-02", "precision": "day"}},
    {"id": "b1", "source": "b", "title": "Lantern Days", "when": {"start": "2026-03-02", "precision": "day"}},
    {"id": "b2", "source": "b", "title": "Lantern Days", "when": {"start": "2026-03-02", "precision": "day"}},
    {"id": "c1", "source": "c", "title": "Lantern Days", "when": {"start": "2026-03-09", "precision": "day"}},
    {"id": "c2", "source": "c", "title": "Harbour Dinner", "when": {"start": "2026-03-02", "precision": "day"}},
]
EVENT = {"a1": "days", "b1": "days", "b2": "days", "c1": "moved", "c2": "dinner"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    truth = {"event": EVENT, "event_with_date_conflicts": EVENT | {"c1": "days"}, "ambiguous": [["c2", "a1"]]}
    (tmp_path / LISTINGS).write_text("".join(json.dumps(row) + "\n" for row in ROWS), "utf-8")
    (tmp_path / TRUTH).write_text(json.dumps(truth), "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("clusters", "precision", "recall"),
    [
        ([0, 0, 0, 1, 2], 1, 1),  # the pair within b does not count
        ([0, 0, 0, 0, 2], 1, 1),  # with another day: neither wrong nor asked for
        ([0, 0, 1, 2, 0], 1 / 2, 1 / 2),  # a1–c2 is ambiguous, b1–c2 is wrong
        ([0, 1, 1, 2, 3], 1, 0),
        ([0, 0, 0, 0, 0], 5 / 7, 1),  # c2 with b1 and b2 is wrong
    ],
)
def test_pairs_of_two_sources_count_that_are_not_ambiguous(
    folder: Path, clusters: list[int], precision: float, recall: float
) -> None:
    found = read_lists(folder).measure(clusters).pairs
    assert (found.precision, found.recall) == (precision, recall)


def test_pairs_are_counted_as_if_one_by_one(folder: Path) -> None:
    lists = read_lists(folder)
    sources = [listing.source for listing in lists.listings]

    def pairs(groups: list[str]) -> set[tuple[int, int]]:
        return {
            (one, two)
            for one, two in itertools.combinations(range(5), 2)
            if groups[one] == groups[two] and sources[one] != sources[two]
        } - lists.ambiguous

    for clusters in itertools.product("xyz", repeat=5):
        got = pairs(list(clusters))
        found = lists.measure([ord(each) for each in clusters]).pairs
        assert found.precision == (len(got & pairs(lists.allowed)) / len(got) if got else 1)
        assert found.recall == len(got & pairs(lists.events)) / len(pairs(lists.events))


def test_real_lists_say_nothing_about_series(folder: Path) -> None:
    measures = read_lists(folder).measure([0, 0, 0, 1, 2])
    shown = line("ours", Row(measures, "one fixed threshold", 1.0, 1.0, 1.0), None)
    assert shown.split()[5] == "–"


def test_ambiguous_pairs_are_not_taught(folder: Path) -> None:
    pytest.importorskip("pandas")
    taught = {frozenset(pair) for *pair, _ in draw_labels(RealLists(folder))}
    assert frozenset((1, 0)) in taught
    assert frozenset((4, 0)) not in taught


def test_ours_answers_for_every_listing(folder: Path) -> None:
    lists = read_lists(folder)
    assert lists.measure(ours(lists.listings)).pairs.recall == 1


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        (LISTINGS, '{"id": "a1", "source": "a"}\n', r"lists\.jsonl, line 1: title: Field required; 1 such lines"),
        (TRUTH, json.dumps({"event": {"a1": "days"}}), r"has no event for b1 and 3 others; add them"),
    ],
)
def test_what_cannot_be_read_is_told(folder: Path, file: str, text: str, told: str) -> None:
    (folder / file).write_text(text, "utf-8")
    with pytest.raises(ValueError, match=told):
        read_lists(folder)


def test_without_a_folder_one_line_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr("sys.argv", ["matching", "--data", "lists"])
    main()
    assert capsys.readouterr().out.splitlines()[-1] == (
        "real lists: left out; name their folder with --lists or MATCHING_LISTS"
    )


def test_a_folder_without_the_files_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    monkeypatch.setattr("sys.argv", ["matching", "--data", "lists"])
    with pytest.raises(SystemExit):
        main()
    assert "holds no lists.jsonl; name the folder of both with --lists or MATCHING_LISTS" in capsys.readouterr().err
