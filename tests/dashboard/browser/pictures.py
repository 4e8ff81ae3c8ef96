"""Pictures of every view, on a desk in light and in dark, and on a phone. Run: ``make screenshots``."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.dashboard.browser.conftest import CHROMIUM, FLAGS, Visit, serving
from tests.factories import NOW

VIEWS = {
    "browse": "/",
    "filtered": "/?type=hackathon&mode=in_person&near=Berlin&within=1000km&from=today&to=%2B30d",
    "nothing": "/?country=JP&type=hackathon",
    "deadlines": "/deadlines",
    "timeline": "/timeline",
    "month": "/month",
    "map": "/map",
    "table": "/table",
    "year": "/year",
    "sources": "/sources",
    "suggest": "/suggest",
    "curation": "/curation",
}
LOOKS: dict[str, dict[str, Any]] = {
    "desk-light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "desk-dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light", "device_scale_factor": 2},
}


def main(folder: Path) -> None:
    """Make the pictures."""
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as data:
        demo = [sys.executable, "-m", "tracker", "demo", "--no-serve", "--data", data]
        settings = {"TRACKER_NOW": NOW.isoformat(), "TRACKER_DOWNLOAD_DELAY": "0"}
        subprocess.run(demo, env=os.environ | settings, check=True, stdout=subprocess.DEVNULL)
        with serving(Path(data), Path(data) / "log", "--curator", "Ada") as base, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
            for look, options in LOOKS.items():
                visit = Visit(browser.new_page(**options), base)
                visit.unlock()
                for name, path in VIEWS.items():
                    take(visit, path, folder / f"{name}-{look}.png")
                visit.open("/?q=winter+alignment+intensive")
                visit.open_first()
                take(visit, "", folder / f"event-{look}.png")
                visit.open("/?type=fellowship")
                visit.page.get_by_role("button", name="Subscribe").click()
                take(visit, "", folder / f"subscribe-{look}.png")
            browser.close()


def take(visit: Visit, path: str, file: Path) -> None:
    """Take a picture of what one sees first."""
    if path:
        visit.open(path)
    visit.page.wait_for_timeout(900)
    visit.page.screenshot(path=file)
    print(file)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots"))
