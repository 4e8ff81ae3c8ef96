"""Events that want to be more than text: they stay text, load nothing and break no page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.dashboard.browser.conftest import Visit, serving
from tests.factories import a_raw, a_when, an_event
from tests.sources_that_speak import a_store
from tracker.models.deadline import Deadline
from tracker.models.place import Place
from tracker.models.suggestion import Suggestion
from tracker.models.vocabulary import EventType, Mode
from tracker.pipeline.rendering import render
from tracker.store import events, suggestions

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TEXTS = [
    "![x](https://evil.example/pixel.png)",
    "[click](javascript:alert(1)) [or](data:text/html,<script>alert(1)</script>)",
    "<img src=https://evil.example/p onerror=alert(1)><script>alert(2)</script>",
    "$\\LaTeX$ :red[red] :material/home: :violet-badge[x] # heading\n- list",
    "| a | b |\n|---|---|\n| https://evil.example/ | www.evil.example | eve@evil.example |",
    "W" * 255,
    "عنوان طويل \u202eمقلوب 🎉👩‍🚀🏳️‍🌈 Ünïcödé ﷽",
    "**bold** _it_ `code` ~~gone~~ &lt;b&gt; &amp; \\* {{7*7}} ${x}",
]
PAGES = (
    "/",
    "/deadlines",
    "/timeline",
    "/month?month=2026-12",
    "/map",
    "/table",
    "/year",
    "/event?id=h0",
    "/event?id=h5",
    "/curation",
)


@pytest.fixture(scope="module")
def hostile_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("hostile")
    store = a_store(folder)
    with store.writing() as db:
        events.save_events(
            db,
            [
                render(
                    an_event(
                        id=f"h{number}", title=text.replace("\n", " "), description=text * 3, organizers=(text,),
                        summary=text[:200], types=(EventType.FELLOWSHIP,), mode=Mode.IN_PERSON,
                        when=a_when(date(2026, 12, 1 + number), date(2026, 12, 20)),
                        places=(Place(raw=text, venue=text, city=text, country="DE", latitude=50 + number, longitude=9),),
                        deadlines=(Deadline(at=date(2026, 11, 24 + number % 6), label=text),), doubts=(text,),
                        length=text,
                    ),
                    None,
                    NOW,
                )
                for number, text in enumerate(TEXTS)
            ],
        )  # fmt: skip
        for text in TEXTS:
            raw = a_raw(source="suggested", title=text, starts=text, url=f"https://x.example/ {text} \\", places=())
            suggestions.add_suggestion(db, Suggestion(raw=raw, at=NOW, note=text))
    store.close()
    with serving(folder, folder / "log", "--curator", "Ada") as base:
        yield base


@pytest.mark.parametrize("width", [1280, 390])
def test_every_view_shows_them_as_text(browser: Any, hostile_server: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    visit = Visit(page, hostile_server)
    visit.unlock()
    for path in PAGES:
        visit.open(path)
        page.wait_for_timeout(500)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        links = page.evaluate("[...document.querySelectorAll('a')].map(a => a.href)")
        assert not [link for link in links if link.startswith(("javascript:", "data:", "mailto:"))], path
        assert not [link for link in links if link.split("?")[0].startswith(("http://evil", "https://evil"))], path
        assert page.locator("main img[src*=evil], main script, main iframe").count() == 0, path
        assert visit.violations() == [], path
    visit.open("/")
    shown = page.locator("[data-testid=stMain]").inner_text().replace("\u2060", "")
    for text in TEXTS[:5]:
        assert " ".join(text.split())[:40] in " ".join(shown.split()), text
    visit.is_clean()
    page.close()
