"""All checks by name; each yields the violations of one promise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tests.life.checks_health import check_growth, false_alarm, sequence, stuck
from tests.life.checks_identity import duplicate, id_reused, lost
from tests.life.checks_state import false_cancel, gone_but_shown, resurrected
from tests.life.checks_time import wrong_time
from tests.life.seen import Seen, Violation

__all__ = ["CHECKS", "HARD", "KINDS", "Check", "Seen", "Violation", "check_growth"]

Check = Callable[[Seen, dict[str, Any]], Iterator[Violation]]
CHECKS: tuple[Check, ...] = (
    id_reused, false_cancel, resurrected, wrong_time, gone_but_shown, lost, duplicate, sequence, stuck, false_alarm,
)  # fmt: skip
HARD = frozenset({"id_reused", "false_cancel", "resurrected", "wrong_time", "gone_but_shown", "lost", "sequence"})
"""Kinds of violations that must never be."""
KINDS = (*(each.__name__ for each in CHECKS), "growth")
