"""Several workers on one PostgreSQL: nothing is lost when one dies, and no site is asked by two at once."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import text

from benchmarks.sites import Server, Sites, overlaps, smallest_gap
from benchmarks.workers import DELAY, Team, a_team, crawl_with_kills, wait_until_done
from tests.databases import make_database
from tests.factories import NOW, a_source
from tracker.crawling.workers.leases import DatabaseRateLimiter
from tracker.crawling.workers.queue import enqueue, make_app, opened
from tracker.errors import ConfigurationError, LeaseLostError
from tracker.models.crawl_result import CrawlResult
from tracker.models.run import Run
from tracker.models.selection import Selection
from tracker.models.vocabulary import Verdict
from tracker.store import Store, hosts, locking, open_store, queries, runs
from tracker.store.locking import Lease

pytestmark = pytest.mark.postgres
FEW = Sites(5, 3, cards=5)


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty store on a server."""
    opened = open_store(make_database("workers"), create=True)
    yield opened
    opened.close()


@pytest.fixture
def web() -> Iterator[Server]:
    """Some sites."""
    with FEW.serving() as server:
        yield server


@pytest.fixture
def team(tmp_path: Path, web: Server, store: Store) -> Iterator[Team]:
    """Workers that crawl them, yet to be hired."""
    with a_team(tmp_path, FEW, web.port, store.url, "--gone-after", "3") as found:
        yield found


def tracker(team: Team, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    full = [sys.executable, "-m", "tracker", *command, "--data", str(team.data)]
    return subprocess.run(full, env=team.environment | settings, capture_output=True, text=True, check=False)


@pytest.mark.long
def test_two_workers_that_are_killed_lose_nothing_and_are_polite(tmp_path: Path) -> None:
    sites = Sites(60, 40)
    found = crawl_with_kills(tmp_path, sites, make_database("killed"), seed=8)
    assert found.killed == 2
    assert set(found.runs.values()) == {1}, "every source is recorded exactly once"
    assert found.healthy == len(found.runs) == 60
    assert found.listings == found.events == found.titles == 2_400
    assert found.losses(sites) == 0
    assert overlaps(found.asked) == 0
    assert smallest_gap(found.asked) >= DELAY * 0.95
    assert len({each.agent for each in found.asked}) == 4


def test_one_that_was_asleep_and_is_taken_for_dead_does_not_interfere(team: Team, web: Server, store: Store) -> None:
    def sites_of_worker(number: int) -> int:
        return len({each.host for each in web.asked() if f"worker{number}." in each.agent})

    team.environment["TRACKER_DOWNLOAD_DELAY"] = "1"
    tracker(team, "enqueue", "--all")
    team.hire()
    wait_until(lambda: sites_of_worker(1) == FEW.count)
    team.members[0].send_signal(signal.SIGSTOP)
    unfinished = FEW.count - len(recorded_runs(store))  # on a slow machine it may have finished some
    assert unfinished
    team.hire()
    wait_until(lambda: sites_of_worker(2) == unfinished)
    team.members[0].send_signal(signal.SIGCONT)
    wait_until_done(store, 60)
    assert {len(each) for each in recorded_runs(store)} == {1}
    assert overlaps(web.asked()) == 0
    team.dismiss()
    assert [each.returncode for each in team.members] == [0, 0]


def test_what_is_due_is_crawled_without_cron_and_published(team: Team, store: Store) -> None:
    team.hire()
    team.hire()
    wait_until(lambda: len(recorded_runs(store)) == FEW.count)
    wait_until_done(store, 60)
    with store.reading() as db:
        assert len(queries.find_events(db, Selection(past="all"), NOW)) == 15
        assert {len(each) for each in runs.last_runs(db).values()} == {1}
    assert tracker(team, "enqueue").stdout.startswith("0 sites with 0 sources are queued")


def wait_until(is_so: Callable[[], bool]) -> None:
    for _ in range(600):
        if is_so():
            return
        time.sleep(0.1)
    pytest.fail("it was not so in a minute")


def recorded_runs(store: Store) -> list[list[Run]]:
    with store.reading() as db:
        return list(runs.last_runs(db).values())


def test_one_that_is_asked_to_end_gives_back_what_it_has_in_hand(team: Team, web: Server, store: Store) -> None:
    team.environment["TRACKER_DOWNLOAD_DELAY"] = "0.4"
    assert "5 sites with 5 sources are queued; 0 were" in tracker(team, "enqueue", "--all").stdout
    team.hire()
    wait_until(lambda: bool(web.asked()))
    team.dismiss()
    assert team.members[0].returncode == 0
    team.hire()
    wait_until_done(store, 60)
    with store.reading() as db:
        assert {len(each) for each in runs.last_runs(db).values()} == {1}


@pytest.mark.parametrize("milliseconds", [0, 3, 6, 9])
def test_opening_the_queue_can_be_cancelled(store: Store, milliseconds: int) -> None:
    async def cancel(using: asyncio.Task[None]) -> None:
        await asyncio.sleep(milliseconds / 1000)
        using.cancel()

    assert_queue_is_left_when_cancelled(store, cancel)


def test_a_cancellation_is_not_lost_at_the_moment_when_the_queue_is_open(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = AsyncConnectionPool._add_to_pool  # the pool is full after the last one

    async def cancel(using: asyncio.Task[None]) -> None:
        async def add_and_cancel(pool: AsyncConnectionPool, connection: AsyncConnection) -> None:
            await add(pool, connection)
            if pool.get_stats()["pool_available"] == pool.min_size:
                monkeypatch.undo()
                asyncio.get_running_loop().call_soon(using.cancel)

        monkeypatch.setattr(AsyncConnectionPool, "_add_to_pool", add_and_cancel)

    assert_queue_is_left_when_cancelled(store, cancel)


def assert_queue_is_left_when_cancelled(
    store: Store, cancel: Callable[[asyncio.Task[None]], Coroutine[Any, Any, None]]
) -> None:
    async def use() -> None:
        async with opened(make_app(store), store):
            await asyncio.sleep(60)

    async def use_and_cancel() -> None:
        using = asyncio.create_task(use())
        await cancel(using)
        await asyncio.wait({using})

    running = threading.Thread(target=lambda: asyncio.run(use_and_cancel()), daemon=True)
    running.start()
    running.join(20)
    assert not running.is_alive(), "a cancellation was lost, or a task of the pool waits for ever"


def test_a_site_waits_once_in_the_queue(team: Team) -> None:
    assert "5 sites with 5 sources are queued; 0 were already" in tracker(team, "enqueue", "--due").stdout
    assert "0 sites with 0 sources are queued; 5 were already" in tracker(team, "enqueue", "--all").stdout
    assert tracker(team, "worker", "--once").returncode == 0


def test_the_sites_with_most_to_ask_come_first(store: Store) -> None:
    app = make_app(store)
    sizes = {"small": 1, "large": 3, "middle": 2}
    chosen = [
        a_source(id=f"{name}{number}", options={"feed_url": f"https://{name}.example/{number}.ics"})
        for name, size in sizes.items()
        for number in range(size)
    ]

    async def order() -> list[str | None]:
        async with opened(app, store):
            await enqueue(app, store, chosen, only_due=False)
            return [job.lock for job in await app.job_manager.list_jobs_async()]

    assert asyncio.run(order()) == ["large.example", "middle.example", "small.example"]


def test_many_begin_at_once_on_a_new_database(store: Store) -> None:
    async def begin() -> None:
        async with opened(make_app(store), store):
            pass

    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda _: asyncio.run(begin()), range(4)))
    assert store.has_table("procrastinate_jobs")


def test_a_crawl_and_a_worker_do_not_crawl_side_by_side(team: Team, store: Store) -> None:
    with store.exclusive_crawl():
        found = tracker(team, "worker", "--once")
        assert (found.returncode, "Another crawl is running" in found.stderr) == (75, True)
    with store.exclusive_crawl(beside_workers=True):
        assert tracker(team, "worker", "--once").returncode == 0
        found = tracker(team, "crawl")
        assert found.returncode == 75
        assert "Beside workers: tracker enqueue" in found.stderr


def a_lease(store: Store, domain: str = "a.example") -> Lease:
    """Let a new job for a host be run by nobody in particular, and return its lease."""
    job = "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, status, attempts) VALUES"
    with store.writing() as db:
        row = db.execute(text(f"{job} ('crawl', 'crawl', :lock, 'doing', 0) RETURNING id"), {"lock": domain})
        return Lease(domain, row.scalar_one(), 0)


def take_over(store: Store, lease: Lease) -> Lease:
    """Requeue the job of a lease and let another worker run it."""
    with store.writing() as db:
        db.execute(text("UPDATE procrastinate_jobs SET attempts = attempts + 1 WHERE id = :job"), {"job": lease.job})
    return replace(lease, attempt=lease.attempt + 1)


@pytest.fixture
def queue(store: Store) -> Store:
    """A store with the tables of the queue."""

    async def create() -> None:
        async with opened(make_app(store), store):
            pass

    asyncio.run(create())
    return store


def test_a_worker_without_its_lease_neither_requests_nor_records(queue: Store) -> None:
    old = a_lease(queue)
    limiter = DatabaseRateLimiter(queue, 0.5)
    limiter.acquire(old)
    assert limiter.reserve("a.example", 0.5) < 0.5
    new = take_over(queue, old)
    with pytest.raises(LeaseLostError, match=r"taken over a\.example"):
        limiter.reserve("a.example", 0.5)
    with pytest.raises(LeaseLostError, match="not recorded"), queue.writing() as db:
        locking.check_lease(db, old)
    limiter.acquire(new)
    assert limiter.reserve("a.example", 0.5) > 0.5, "requests of the first worker have time to finish"
    assert limiter.reserve("elsewhere.example", 0.5) == pytest.approx(0, abs=0.1), "a page on another site needs none"


def test_after_its_job_a_host_may_be_requested_for_other_sources(queue: Store) -> None:
    lease = a_lease(queue)
    limiter = DatabaseRateLimiter(queue, 0.5)
    limiter.acquire(lease)
    with queue.writing() as db:
        db.execute(text("DELETE FROM procrastinate_jobs"))
    with pytest.raises(LeaseLostError):
        limiter.reserve("a.example", 0.5)
    limiter.release(lease)
    assert limiter.reserve("a.example", 0.5) <= 0.5


def test_a_job_that_is_done_or_requeued_is_nobodys_lease(queue: Store) -> None:
    lease = a_lease(queue)
    for status in ("todo", "succeeded"):
        with queue.writing() as db:
            db.execute(
                text("UPDATE procrastinate_jobs SET status = CAST(:s AS procrastinate_job_status)"), {"s": status}
            )
        with pytest.raises(LeaseLostError), queue.writing() as db:
            locking.check_lease(db, lease)


def test_what_a_job_has_recorded_it_does_not_record_again(store: Store) -> None:
    run = Run(source="berlin", started_at=NOW, finished_at=NOW, verdict=Verdict.HEALTHY)
    with store.writing() as db:
        assert not runs.is_recorded(db, "berlin", 7)
        runs.record_run(db, run, CrawlResult(), job=7)
        assert runs.is_recorded(db, "berlin", 7)
        assert not runs.is_recorded(db, "berlin", 8)
        assert not runs.is_recorded(db, "another", 7)


def test_slots_of_a_host_are_given_out_one_by_one(store: Store) -> None:
    with store.writing() as db:
        waits = [hosts.reserve_slot(db, "a.example", 10) for _ in range(3)]
        assert [round(each) for each in waits] == [0, 10, 20]
        hosts.postpone_slots(db, "a.example", 100)
        assert round(hosts.reserve_slot(db, "a.example", 10)) == 100
        assert round(hosts.reserve_slot(db, "b.example", 10)) == 0


def test_looking_for_what_is_due_is_one_workers_turn(store: Store) -> None:
    with store.writing() as db:
        often = timedelta(minutes=5)
        moments = [NOW, NOW + timedelta(minutes=1), NOW + timedelta(minutes=5), NOW + timedelta(minutes=6)]
        assert [locking.claim(db, "look", at, often) for at in moments] == [True, False, True, False]


def test_an_older_worker_ends_and_its_jobs_stay(team: Team, store: Store) -> None:
    tracker(team, "enqueue")
    with store.writing() as db:
        newer = "UPDATE procrastinate_jobs SET args = jsonb_set(args, '{version}', '\"999.0\"')"
        db.execute(text(newer))
    found = tracker(team, "worker")
    assert found.returncode == 4
    assert "filled by version 999.0" in found.stderr
    assert "Update this worker" in found.stderr
    with store.reading() as db:
        assert db.execute(text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")).scalar() == 5
        assert runs.last_runs(db) == {}


def test_a_worker_notices_that_the_tables_have_changed(team: Team, store: Store) -> None:
    tracker(team, "enqueue")
    with store.writing() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert "Update the tracker" in tracker(team, "worker").stderr
    with store.writing() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    found = tracker(team, "worker")
    assert (found.returncode, "tracker db upgrade" in found.stderr) == (4, True)


def test_a_server_that_goes_away_ends_the_worker_and_another_goes_on(team: Team, store: Store) -> None:
    team.environment["TRACKER_DOWNLOAD_DELAY"] = "0.4"
    tracker(team, "enqueue")
    team.hire()
    time.sleep(2.5)
    with store.writing() as db:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        db.execute(text(f"{others} AND pid <> pg_backend_pid()"))
    team.hire()
    wait_until_done(store, 60)
    with store.reading() as db:
        recorded = runs.last_runs(db)
    assert len(recorded) == FEW.count
    assert {each.verdict.value for found in recorded.values() for each in found} == {"healthy"}, "it is not their fault"


def test_without_a_server_it_says_what_is_needed(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/tracker.db", create=True)
    with closing(store), pytest.raises(ConfigurationError, match="Several workers need PostgreSQL"):
        make_app(store)
