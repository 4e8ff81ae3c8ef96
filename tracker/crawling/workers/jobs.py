"""What becomes of a job: a worker that was taken for dead must not decide on what another does by now."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from tracker.errors import StoreError, StoreTooNewError, TurnLostError

_MOST_ATTEMPTS = 5
_LOST = 30
"""Seconds after which to look again whether whoever took over has done it."""


class OwnJobs(JobManager):
    """Jobs in the queue, of which each is ended or given back only by the one that has it."""

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        """End a job, unless it was given to somebody else meanwhile."""
        if await self._is_as_it_was(job):
            await super().finish_job(job, status, delete_job)

    async def retry_job(self, job: Job, retry_at: datetime | None = None, *args: Any, **options: Any) -> None:
        """Give a job back to the queue, unless it was given to somebody else meanwhile."""
        if not await self._is_as_it_was(job):
            return
        try:
            await super().retry_job(job, retry_at, *args, **options)
        except UniqueViolation:
            # A newer job for the site waits already, and brings along what is due.
            await super().finish_job(job, Status.ABORTED, delete_job=True)

    async def _is_as_it_was(self, job: Job) -> bool:
        now = await self.list_jobs_async(id=job.id)
        # Each time that it is given back counts as an attempt.
        return any(each.status == Status.DOING.value and each.attempts == job.attempts for each in now)


class Again(BaseRetryStrategy):
    """What a worker could not end is done again: at once if it was the worker that ended, later if it was the store."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Say when, or None if never."""
        if isinstance(exception, (asyncio.CancelledError, StoreTooNewError)):
            return RetryDecision(retry_in={"seconds": 0})
        if isinstance(exception, TurnLostError):
            return RetryDecision(retry_in={"seconds": _LOST})
        if isinstance(exception, StoreError) and job.attempts < _MOST_ATTEMPTS:
            return RetryDecision(retry_in={"seconds": 10 * 3**job.attempts})
        return None
