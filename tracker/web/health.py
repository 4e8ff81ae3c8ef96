"""``/healthz``: whether there is data, and how fresh it is."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tracker.clock import current_time
from tracker.config import Settings
from tracker.errors import StoreError
from tracker.models.selection import Selection
from tracker.store import finding, open_store, runs


class HealthRoute:
    """Answers 200 with counts, or 503 with what is wrong."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def answer(self, request: Request) -> Response:  # noqa: ARG002 - Starlette's signature
        """Return counts and the time of the last success."""
        try:
            store = open_store(self._settings.store_url)
            with store.reading() as db:
                count = finding.count_events(db, Selection(), current_time())
                successes = runs.last_successes(db)
            store.close()
        except StoreError as error:
            return JSONResponse({"status": "error", "error": str(error)}, status_code=503)
        last = max(successes.values(), default=None)
        return JSONResponse(
            {
                "status": "ok",
                "events": count,
                "sources": len(successes),
                "last_success": f"{last:%Y-%m-%dT%H:%M:%SZ}" if last else None,
            }
        )
