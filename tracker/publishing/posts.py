"""Words events as short posts for social networks: what, when, where, until when, and the link; no hashtags."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tracker.publishing.digest import Digest, DigestItem

LONGEST = 300
"""Maximum number of characters of a post, its link included."""
_LONGEST_TITLE = 120
_TAG = re.compile(r"(?<!\w)[#@＃＠](?=[^\W\d])")
"""What would become a hashtag or call somebody; "Meetup #5" is neither."""


def to_posts(digest: Digest) -> str:
    """Return a post for each event of a digest, with an empty line between two."""
    posts: dict[str, None] = {}
    for section in digest.sections:
        posts |= dict.fromkeys(map(post_of, section.items))
    return "\n\n".join(posts) + "\n" if posts else "Nothing new.\n"


def post_of(item: DigestItem) -> str:
    """Return the post of an event: as many of its facts as fit, whole; a link is never cut."""
    title = _shortened(_untagged(item.title), _LONGEST_TITLE)
    link = item.link if len(title) + 1 + len(item.link) <= LONGEST else ""
    room = LONGEST - len(title) - (1 + len(link) if link else 0)
    lines = [title, *_fitting(map(_untagged, item.short or item.facts), room)]
    return "\n".join([*lines, link] if link else lines)


def _fitting(facts: Iterable[str], room: int) -> Iterable[str]:
    for fact in facts:
        if fact and len(fact) < room:
            room -= len(fact) + 1
            yield fact


def _untagged(text: str) -> str:
    return _TAG.sub("", " ".join(text.split()))


def _shortened(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    return (
        text[: longest - 1].rpartition(" ")[0].rstrip(" ,;:–-") + "…"
        if " " in text[:longest]
        else text[: longest - 1] + "…"
    )
