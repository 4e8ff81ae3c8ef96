"""Writes published files atomically, and does not touch unchanged files."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from tracker.errors import StoreReadOnlyError

_LEFT_BEHIND = 600
"""Age in seconds from which a temporary file is certainly left over from a killed run."""


def write_file(path: Path, content: bytes, mode: int = 0o644) -> bool:
    """Replace the content of ``path`` atomically; return whether it changed.

    Raises:
        StoreReadOnlyError: the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file() and path.read_bytes() == content:
            return False
        for left in path.parent.glob(f".{path.name}.*"):  # temporary file of a killed run
            if left.stat().st_mtime < time.time() - _LEFT_BEHIND:
                left.unlink(missing_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(mode)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise StoreReadOnlyError(f"{path} cannot be written: {error.strerror}.") from error
    return True
