"""Parses event posts of ForumMagnum (LessWrong, EA Forum, Alignment Forum) from its GraphQL API.

Pitfalls, from ForumMagnum's code: ``localStartTime`` is local time encoded as if it were UTC, and null without a
place; there is no zone, so the UTC offset is the difference to ``startTime``. ``startTime`` of a course is its
application deadline. The ``events`` view is filtered by karma and age; ``globalEvents`` and ``nearbyEvents`` are not,
and include ongoing events. The EA Forum supports only the older form of the query, and ignores terms passed as
variables: they are written inline. Both forms were validated with graphql-core against the schema of
ForumMagnum@1b45da5 (2026-08-21) on 2026-11-30: no errors.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field

from spiders.formats.documents import json_of
from tracker.errors import UnreadablePageError
from tracker.models.raw_listing import RawDeadline, RawListing, RawPlace
from tracker.models.text import WebLink
from tracker.sources.platform import Page, PageContent, PageRequest, PlatformOptions

Form = Literal["terms", "selector"]

_LIMIT = 500
# A radius of more than half the Earth's circumference covers every place.
_EVERYWHERE = "lat: 0, lng: 0, distance: 50000"
_FIELDS = """_id title pageUrl isEvent eventType startTime endTime localStartTime localEndTime onlineEvent globalEvent
 location googleLocation eventRegistrationLink joinEventLink website meetupLink facebookLink postedAt
 tags { _id name } contents { plaintextDescription }"""
_MIRRORS = {"forum-bots.effectivealtruism.org": "forum.effectivealtruism.org"}
_LINKS = ("website", "meetupLink", "facebookLink")


class Options(PlatformOptions):
    """Keys of a source file for ``platform = "forum_magnum"``."""

    api_url: WebLink
    """``https://www.lesswrong.com/graphql``"""
    query: Form = "terms"
    """The form of the query to try first: ``terms`` (all forums) or ``selector`` (newer ones)."""
    tag_ids: tuple[str, ...] = ()
    """Ids of the forum's AI safety tags. A post with one is on topic whatever its text; the others are filtered."""
    only_tagged: bool = False
    """True to omit posts without any of these tags. Few event posts are ever tagged."""
    views: tuple[Literal["globalEvents", "nearbyEvents", "upcomingEvents"], ...] = ("globalEvents", "nearbyEvents")
    """Lists of posts to request. ``nearbyEvents`` has no post without coordinates; ``upcomingEvents`` has them."""
    limit: int = Field(default=_LIMIT, ge=1, le=2_000)
    """Maximum number of posts to request per view."""


def first_pages(options: Options, today: date) -> list[PageRequest]:
    """Return one query for all views."""
    del today
    return [_request(options, options.query)]


def read(page: Page, options: Options) -> PageContent:
    """Parse the posts; if the forum rejects this form of the query, request the other form."""
    answer = json_of(page)
    if not isinstance(answer, dict):
        raise _unreadable(page, "Not the forum's answer: an object is missing.")
    data = answer.get("data")
    posts = _posts(data if isinstance(data, dict) else {})
    if not posts and answer.get("errors"):
        if page.posted == _request(options, options.query).posted:
            other: Form = "selector" if options.query == "terms" else "terms"
            return PageContent(follow=[_request(options, other)])
        raise _unreadable(page, f"The forum refuses the query: {_message(answer)}.")
    if not isinstance(data, dict):
        raise _unreadable(page, "Not the forum's answer: data is missing.")
    content = PageContent()
    if answer.get("errors"):
        content.problems.append(f"the forum answered in part: {_message(answer)}")
    lengths = [len(view.get("results") or []) for view in data.values() if isinstance(view, dict)]
    full = any(length >= options.limit for length in lengths)
    if full:
        content.problems.append(f"the forum has more than {options.limit} events; the others are not read")
    content.read_each(page, posts.values(), lambda post: _listing(post, page, options))
    return content


def suggest(page: Page) -> Iterator[Mapping[str, Any]]:
    """Suggest the GraphQL API of a forum known to run on ForumMagnum."""
    host = urlsplit(page.url).hostname or ""
    if host.removeprefix("www.") in {"lesswrong.com", "alignmentforum.org", "forum.effectivealtruism.org"}:
        yield {"api_url": f"https://{host}/graphql"}


def _request(options: Options, form: Form) -> PageRequest:
    terms = {"nearbyEvents": _EVERYWHERE}
    parts = [_part(view, terms.get(view, ""), options.limit, form) for view in options.views]
    return PageRequest(options.api_url, posted=json.dumps({"query": f"{{ {' '.join(parts)} }}"}))


def _part(view: str, terms: str, limit: int, form: Form) -> str:
    if form == "terms":
        inner = ", ".join(filter(None, [f'view: "{view}"', terms, f"limit: {limit}"]))
        asked = f"input: {{terms: {{{inner}}}}}"
    else:
        asked = f"selector: {{{view}: {{{terms}}}}}, limit: {limit}"
    return f"{view}: posts({asked}) {{ results {{ {_FIELDS} }} }}"


def _posts(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the posts of all views by id: the nearby events include the global ones."""
    found: dict[str, Any] = {}
    for view in data.values():
        rows = view.get("results") if isinstance(view, dict) else None
        for number, row in enumerate(rows if isinstance(rows, list) else []):
            key = str(row.get("_id")) if isinstance(row, dict) else f"row {len(found)} {number}"
            found.setdefault(key, row)
    return found


def _listing(post: Any, page: Page, options: Options) -> Iterator[RawListing]:
    if not isinstance(post, dict):
        raise TypeError("a post is an object")
    if post.get("isEvent") is False:
        raise ValueError("the forum gave a post that is no event")
    tags = {str(tag.get("_id")) for tag in post.get("tags") or [] if isinstance(tag, dict)}
    is_tagged = bool(tags & set(options.tag_ids))
    if options.only_tagged and not is_tagged:
        return
    starts, ends = _local(post, "startTime", "localStartTime"), _local(post, "endTime", "localEndTime")
    is_course = post.get("eventType") == "course"
    contents = post.get("contents")
    yield RawListing(
        source=page.source,
        source_id=_text(post, "_id"),
        page_url=page.url,
        fetched_at=page.fetched_at,
        published=_text(post, "postedAt"),
        title=_text(post, "title"),
        description=_text(contents, "plaintextDescription") if isinstance(contents, dict) else "",
        url=_page_url(post),
        apply_url=_text(post, "eventRegistrationLink") or _text(post, "joinEventLink"),
        types=(_text(post, "eventType"),) if _text(post, "eventType") else (),
        starts="" if is_course else starts,
        ends="" if is_course else ends,
        deadlines=(RawDeadline(text=starts),) if is_course and starts else (),
        places=tuple(_places(post)),
        mode="online" if post.get("onlineEvent") is True else "",
        is_on_topic=is_tagged,
        extra={name: text for name in _LINKS if (text := _text(post, name))},
    )


def _local(post: Mapping[str, Any], name: str, local_name: str) -> str:
    """Return a moment in local time, with the UTC offset computed from the local and the UTC field."""
    instant, wall = _text(post, name), _text(post, local_name)
    try:
        offset = datetime.fromisoformat(wall) - datetime.fromisoformat(instant)
        zone = datetime.fromisoformat(wall).replace(tzinfo=None)
    except (ValueError, TypeError):
        return instant
    minutes = round(offset.total_seconds() / 60)
    if abs(minutes) > 14 * 60:  # no zone has a larger offset: the two fields do not match
        return instant
    return f"{zone:%Y-%m-%dT%H:%M:%S}{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _places(post: Mapping[str, Any]) -> Iterator[RawPlace]:
    google = post.get("googleLocation")
    text = _text(post, "location")
    if isinstance(google, dict):
        geometry = google.get("geometry")
        point = geometry.get("location") if isinstance(geometry, dict) else None
        text = _text(google, "formatted_address") or text
        if text and isinstance(point, dict):
            yield RawPlace(text=text, latitude=_text(point, "lat"), longitude=_text(point, "lng"))
            return
    if text:
        yield RawPlace(text=text)


def _page_url(post: Mapping[str, Any]) -> str:
    """Return the post's URL on the public host; the mirror for bots returns URLs with its own host."""
    url = _text(post, "pageUrl")
    host = urlsplit(url).hostname or ""
    return url.replace(f"//{host}", f"//{_MIRRORS[host]}", 1) if host in _MIRRORS else url


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return str(value).strip() if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def _message(answer: Mapping[str, Any]) -> str:
    errors = answer.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else errors
    return str(first.get("message") if isinstance(first, dict) else first).strip().rstrip(".")


def _unreadable(page: Page, message: str) -> UnreadablePageError:
    return UnreadablePageError(message, diagnosis="layout_changed", url=page.url)
