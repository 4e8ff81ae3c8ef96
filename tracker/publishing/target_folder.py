"""Decides whether files may be published into a folder: never among the data, the sources or the program."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tracker.errors import UsageError


def check_target(folder: Path, *, kept_out: Iterable[Path], kept_whole: Iterable[Path]) -> None:
    """Refuse a folder that holds what must not be public or could be overwritten. Nothing is written.

    Args:
        folder: the folder to publish into; it need not exist.
        kept_out: folders that it must neither be nor hold: of the data, the database, the sources. It may lie inside
            one of them: ``/srv/tracker/site``.
        kept_whole: folders of the program and of source files; it must not lie inside them either.

    Raises:
        UsageError: it is, holds or is part of one of them.
    """
    target = folder.resolve()
    whole = [path.resolve() for path in kept_whole]
    for each in [*(path.resolve() for path in kept_out), *whole]:
        if each.is_relative_to(target) or (each in whole and target.is_relative_to(each)):
            how = "holds" if each != target and each.is_relative_to(target) else "is part of"
            raise UsageError(
                f"{folder} {how} the tracker's own files ({each}): a web server would serve them too, and files of one "
                "name would be overwritten. Publish into a folder of its own, such as 'site'. Nothing was written."
            )
