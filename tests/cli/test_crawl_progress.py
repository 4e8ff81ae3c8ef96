"""Off a terminal, each source that is done is one line: its name, the verdict, how much it lists, what is wrong."""

from __future__ import annotations

import pytest

from tests.factories import NOW
from tracker.cli.crawl_progress import Progress
from tracker.models.run import Run
from tracker.models.vocabulary import Verdict


@pytest.mark.parametrize(
    ("kept", "message", "line"),
    [
        (1, "", "berlin: healthy, 1 listing\n"),
        (3, "1 of 4 entries is rejected", "berlin: healthy, 3 listings; 1 of 4 entries is rejected\n"),
    ],
)
def test_a_source_is_one_line(kept: int, message: str, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(source="berlin", started_at=NOW, finished_at=NOW, verdict=Verdict.HEALTHY, kept=kept, message=message)
    with Progress() as progress:
        progress.show(run)
    assert capsys.readouterr().out == line
