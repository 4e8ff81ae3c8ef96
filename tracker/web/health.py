"""Serves ``/healthz``: whether there is data, and how fresh it is."""

from __future__ import annotations

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tracker.clock import current_time
from tracker.config import Settings
from tracker.errors import StoreError
from tracker.health.scheduling import source_states
from tracker.models.run import State
from tracker.models.selection import Selection
from tracker.publishing.calendar_clients import LATENESS
from tracker.publishing.sources_json import health_document
from tracker.store import open_store, queries, runs, sources


class HealthRoute:
    """Responds with 200 and counts, or with 503 and the problem: no data, or no fresh data."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def answer(self, request: Request) -> Response:  # noqa: ARG002 - Starlette's signature
        """Return counts, the number of sources by state, and the time of the last successful crawl."""
        now = current_time()
        try:
            store = open_store(self._settings.store_url)
            with store.reading() as db:
                count = queries.count_events(db, Selection(), now)
                known = sources.load_sources(db)
                states = source_states(known.values(), runs.load_histories(db, known))
            store.close()
        except StoreError as error:
            return JSONResponse({"status": "error", "error": str(error)}, status_code=503)
        last = max(filter(None, (state.last_success for state in states.values())), default=None)
        # A time in the future comes from a crawl while the clock was wrong.
        is_stale = last is None or abs(now - last) > timedelta(hours=self._settings.stale_after)
        return JSONResponse(
            {
                "status": "stale" if is_stale else "ok",
                "events": count,
                "sources": sum(state.state is not State.NEW for state in states.values()),
                **health_document(states),
                "calendar_programs_show_changes_after": LATENESS,
                **({"error": "No source has been crawled with success lately. Run: tracker crawl"} if is_stale else {}),
            },
            status_code=503 if is_stale else 200,
        )
