from __future__ import annotations

import asyncio
import os
import time

import pytest

from tracker.crawling.subprocess_worker import SubprocessWorker, WorkerDiedError
from tracker.errors import UnreadablePageError


def act(word: str) -> tuple[str, int]:
    if word == "hang":
        time.sleep(60)
    if word == "crash":
        os._exit(1)
    if word == "refuse":
        raise UnreadablePageError("Not a calendar.", diagnosis="not_a_calendar", url="https://a.example/")
    if word == "slow":
        time.sleep(0.3)
    return word, os.getpid()


async def calls(*words: str) -> list[str]:
    apart = SubprocessWorker(act, seconds=1.0, memory=2**30)
    found = []
    try:
        for word in words:
            try:
                found.append((await apart.call(word))[0])
            except (WorkerDiedError, UnreadablePageError) as error:
                found.append(str(error))
    finally:
        apart.close()
    return found


@pytest.mark.long
@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("hang", "it took longer than 1 seconds"),
        ("crash", "it used too much memory, or crashed"),
        ("refuse", "Not a calendar."),
    ],
)
def test_a_call_that_fails_costs_no_other(word: str, says: str) -> None:
    assert asyncio.run(calls("one", word, "two", "three")) == ["one", says, "two", "three"]


def test_an_error_keeps_its_name_on_the_way() -> None:
    async def refused() -> UnreadablePageError:
        apart = SubprocessWorker(act, seconds=1.0, memory=2**30)
        with pytest.raises(UnreadablePageError) as caught:
            await apart.call("refuse")
        apart.close()
        return caught.value

    error = asyncio.run(refused())
    assert (error.diagnosis, error.url) == ("not_a_calendar", "https://a.example/")


@pytest.mark.long
def test_a_call_that_is_given_up_leaves_no_answer_behind() -> None:
    async def aborted() -> list[str]:
        apart = SubprocessWorker(act, seconds=5.0, memory=2**30)
        slow = asyncio.create_task(apart.call("slow"))
        await asyncio.sleep(0.1)
        slow.cancel()
        found = [(await apart.call(word))[0] for word in ("one", "two")]
        await asyncio.sleep(0.4)
        found.append((await apart.call("three"))[0])
        apart.close()
        return found

    assert asyncio.run(aborted()) == ["one", "two", "three"]


def test_calls_share_a_process_that_ends_with_us() -> None:
    async def shared() -> set[int]:
        apart = SubprocessWorker(act, seconds=5.0, memory=2**30)
        found = await asyncio.gather(*(apart.call(str(number)) for number in range(5)))
        apart.close()
        return {pid for _, pid in found}

    (pid,) = asyncio.run(shared())
    assert pid != os.getpid()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
