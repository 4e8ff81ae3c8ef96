"""Words notices: one message for each event, or one for all if there are too many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tracker.models.subscription import News
from tracker.notifying.channels import Message
from tracker.notifying.notices import Notice
from tracker.publishing.digest import MOST, DigestItem, DigestSection, markdown_lines
from tracker.publishing.phrases import deadline_line, format_places, format_when

AGAIN = "(This may be a repetition: sending was interrupted.)"
"""Ends a message that may have arrived before."""
_LONGEST_TITLE = 200
_HEADINGS = {
    News.CANCELLED: "Called off, or on again",
    News.CLOSING: "Closing soon",
    News.MOVED: "Moved",
    News.DEADLINE: "Deadlines changed",
    News.NEW: "New",
}


def word_notices(
    name: str, notices: Sequence[Notice], burst: int, names: Mapping[str, str], interrupted: set[str]
) -> list[Message]:
    """Return the messages of a run: up to ``burst`` single ones, else one digest, of which the rest follows next time.

    Args:
        name: name of the subscription.
        notices: what there is to tell.
        burst: how many single messages there may be.
        names: names of sources by id.
        interrupted: keys of a message that may have arrived before.
    """
    if len(notices) > burst:
        return [_digest(name, notices, interrupted)]
    return [_single(each, names, interrupted) for each in notices]


def _single(notice: Notice, names: Mapping[str, str], interrupted: set[str]) -> Message:
    event = notice.published.event
    headline = ", ".join(dict.fromkeys(each.headline for each in notice.reasons))
    said = [f"{each.headline}: {each.words}" for each in notice.reasons if each.words]
    spoken = {each.words for each in notice.reasons}
    deadlines = [line for each in event.deadlines if (line := deadline_line(each)) not in spoken]
    sources = dict.fromkeys(names.get(each.source, each.source) for each in notice.reasons if each.source)
    credit = ", ".join(sources) or ", ".join(dict.fromkeys(each.name for each in event.sources))
    lines = [
        " · ".join(filter(None, (format_when(event.when), format_places(event)))),
        *said,
        *deadlines,
        event.link,
        f"According to {credit}",
        *([AGAIN] if interrupted & set(notice.keys) else []),
    ]
    return Message(f"{headline}: {event.title}"[:_LONGEST_TITLE], "\n".join(filter(None, lines)), notice.keys)


def _digest(name: str, notices: Sequence[Notice], interrupted: set[str]) -> Message:
    shown = notices[:MOST]
    sections = []
    for news, heading in _HEADINGS.items():
        items = tuple(_item(each) for each in shown if each.reasons[0].news is news)
        sections += [DigestSection(heading, items)] if items else []
    keys = tuple(key for each in shown for key in each.keys)
    lines = list(markdown_lines(sections))
    if len(notices) > MOST:
        lines += [f"{len(notices) - MOST} more follow.", ""]
    lines += [AGAIN] if interrupted & set(keys) else []
    title = f"{name}: news of {len(shown)} event{'s' if len(shown) > 1 else ''}"
    return Message(title, "\n".join(lines), keys, "markdown", len(shown))


def _item(notice: Notice) -> DigestItem:
    event = notice.published.event
    said = [f"{each.headline}: {each.words}" if each.words else each.headline for each in notice.reasons]
    spoken = {each.words for each in notice.reasons}
    deadlines = [line for each in event.deadlines if (line := deadline_line(each)) not in spoken]
    facts = (*said, format_when(event.when), format_places(event), *deadlines)
    credit = ", ".join(dict.fromkeys(each.attribution or each.name for each in event.sources))
    return DigestItem(notice.keys[0], event.title, event.link, tuple(filter(None, facts)), credit)
