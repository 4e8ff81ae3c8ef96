"""A worker that others take for dead, and is not, leaves alone what they do by now."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager

import pytest
from procrastinate import App
from procrastinate.jobs import Job, Status
from sqlalchemy import text

from tests.databases import make_database
from tests.factories import a_source
from tracker.crawling.workers.leases import Heartbeat
from tracker.crawling.workers.queue import RetryPolicy, enqueue, make_app, opened
from tracker.errors import LeaseLostError, NoStoreError, StoreTooNewError
from tracker.store import Store, open_store

BERLIN = a_source(id="berlin", options={"feed_url": "https://berlin.example/events.ics"})


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty store on a server."""
    opened_store = open_store(make_database("jobs"), create=True)
    yield opened_store
    opened_store.close()


@asynccontextmanager
async def a_queue(store: Store) -> AsyncIterator[App]:
    app = make_app(store)
    async with opened(app, store):
        await enqueue(app, store, [BERLIN], only_due=False)
        yield app


async def take(app: App) -> Job:
    worker = await app.job_manager.register_worker()
    job = await app.job_manager.fetch_job(queues=None, worker_id=worker)
    assert job is not None
    return job


async def end(app: App, job: Job) -> None:
    await app.job_manager.finish_job(job, Status.SUCCEEDED, delete_job=True)


async def give_back(app: App, job: Job) -> None:
    await app.job_manager.retry_job(job)


Act = Callable[[App, Job], Awaitable[None]]


@pytest.mark.postgres
@pytest.mark.parametrize("act", [end, give_back])
def test_a_job_that_somebody_else_has_by_now_is_left_alone(store: Store, act: Act) -> None:
    async def overtaken() -> list[tuple[str | None, int]]:
        async with a_queue(store) as app:
            first = await take(app)
            await give_back(app, first)
            await take(app)
            await act(app, first)
            return [(each.status, each.attempts) for each in await app.job_manager.list_jobs_async()]

    assert asyncio.run(overtaken()) == [("doing", 1)]


@pytest.mark.postgres
@pytest.mark.parametrize(("act", "left"), [(end, []), (give_back, ["todo"])])
def test_who_has_a_job_decides_on_it(store: Store, act: Act, left: list[str | None]) -> None:
    async def decide() -> list[str | None]:
        async with a_queue(store) as app:
            await act(app, await take(app))
            return [each.status for each in await app.job_manager.list_jobs_async()]

    assert asyncio.run(decide()) == left


@pytest.mark.postgres
def test_a_job_is_not_given_back_to_wait_beside_a_newer_one(store: Store) -> None:
    async def give_back_late() -> list[tuple[str | None, int]]:
        async with a_queue(store) as app:
            old = await take(app)
            await enqueue(app, store, [BERLIN], only_due=False)
            await give_back(app, old)
            return [(each.status, each.attempts) for each in await app.job_manager.list_jobs_async()]

    assert asyncio.run(give_back_late()) == [("todo", 0)]


@pytest.mark.postgres
def test_a_worker_that_was_struck_off_is_on_the_list_again(store: Store) -> None:
    async def strike_off_while_it_lives() -> None:
        async with a_queue(store) as app:
            worker = (await take(app)).worker_id
            with Heartbeat(store, 0.05) as heart:
                heart.worker = worker
                await app.job_manager.prune_stalled_workers(-60)
                assert workers(store) == []
                await asyncio.sleep(0.5)
                assert workers(store) == [worker]

    def workers(store: Store) -> list[int]:
        with store.reading() as db:
            return list(db.execute(text("SELECT id FROM procrastinate_workers")).scalars())

    asyncio.run(strike_off_while_it_lives())


@pytest.mark.postgres
def test_a_worker_whose_loop_hangs_gives_no_sign_of_life(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    async def register() -> int | None:
        async with a_queue(store) as app:
            worker = (await take(app)).worker_id
            await app.job_manager.prune_stalled_workers(-60)
            return worker

    heart = Heartbeat(store, 0.02)
    heart.worker = asyncio.run(register())
    later = time.monotonic() + 1
    monkeypatch.setattr("tracker.crawling.workers.leases.time.monotonic", lambda: later)
    with heart:
        time.sleep(0.3)
    with store.reading() as db:
        assert db.execute(text("SELECT count(*) FROM procrastinate_workers")).scalar() == 0


@pytest.mark.parametrize(
    ("error", "attempts", "seconds"),
    [
        (asyncio.CancelledError(), 9, 0),
        (StoreTooNewError("newer"), 9, 0),
        (LeaseLostError("overtaken"), 9, 30),
        (NoStoreError("gone"), 0, 10),
        (NoStoreError("gone"), 4, 810),
        (NoStoreError("gone"), 5, None),
        (ValueError("a mistake of ours"), 0, None),
    ],
)
def test_when_a_job_is_done_again(error: BaseException, attempts: int, seconds: float | None) -> None:
    job = Job(id=1, queue="crawl", lock=None, queueing_lock=None, task_name="crawl", attempts=attempts)
    began = time.time()
    decision = RetryPolicy().get_retry_decision(exception=error, job=job)
    if seconds is None:
        assert decision is None
    else:
        assert decision is not None
        assert decision.retry_at is not None
        assert decision.retry_at.timestamp() - began == pytest.approx(seconds, abs=5)
