"""Job ownership: a worker that lost its lease must neither finish nor requeue the job that another one runs."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from tracker.errors import LeaseLostError, StoreError, StoreTooNewError

_MAX_ATTEMPTS = 5
_LEASE_LOST_RETRY = 30
"""Seconds after which to check whether the worker that took over has finished."""


class OwnedJobManager(JobManager):
    """A job manager that changes a job only if it still belongs to this worker.

    Procrastinate identifies a job by its id alone; ``test_a_job_that_somebody_else_has_by_now_is_left_alone`` fails
    without the check.
    """

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        """Finish a job, unless another worker has it."""
        if await self._is_ours(job):
            await super().finish_job(job, status, delete_job)

    async def retry_job(self, job: Job, retry_at: datetime | None = None, *args: Any, **options: Any) -> None:
        """Requeue a job, unless another worker has it."""
        if not await self._is_ours(job):
            return
        try:
            await super().retry_job(job, retry_at, *args, **options)
        except UniqueViolation:
            # A newer job for the host is queued already and covers the same sources.
            await super().finish_job(job, Status.ABORTED, delete_job=True)

    async def _is_ours(self, job: Job) -> bool:
        found = await self.list_jobs_async(id=job.id)
        # Every requeueing raises the number of attempts.
        return any(each.status == Status.DOING.value and each.attempts == job.attempts for each in found)


class RetryPolicy(BaseRetryStrategy):
    """Retries at once if the worker was stopped, later if the store failed, never for faults of our own."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when to retry, None for never."""
        if isinstance(exception, (asyncio.CancelledError, StoreTooNewError)):
            return RetryDecision(retry_in={"seconds": 0})
        if isinstance(exception, LeaseLostError):
            return RetryDecision(retry_in={"seconds": _LEASE_LOST_RETRY})
        if isinstance(exception, StoreError) and job.attempts < _MAX_ATTEMPTS:
            return RetryDecision(retry_in={"seconds": 10 * 3**job.attempts})
        return None
