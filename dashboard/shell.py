"""Title, description and feed discovery in the HTML that Streamlit sends empty: for link previews and feed readers."""

from __future__ import annotations

from html import escape

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tracker.errors import SelectionError
from tracker.models.selection import Selection
from tracker.publishing.feeds import CALENDAR_DESCRIPTION, CALENDAR_NAME

_TITLE = b"<title>Streamlit</title>"
_LONGEST_SHELL = 1_000_000
_FEEDS = (
    ("events.ics", "text/calendar", "Calendar of these events"),
    ("events.atom", "application/atom+xml", "Newly listed events"),
    ("changes.atom", "application/atom+xml", "Changes of events"),
    ("events.json", "application/json", "These events as JSON"),
)


class Shell:
    """Fills in the head of the dashboard's page; every other answer passes as it is."""

    def __init__(self, app: ASGIApp, base_url: str = "") -> None:
        self._app = app
        self._base_url = base_url.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and fill in the page that comes back."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"} or "." in scope["path"].rpartition("/")[2]:
            await self._app(scope, receive, send)
            return
        # Streamlit would compress some pages before they get here.
        headers = [each for each in scope["headers"] if each[0] != b"accept-encoding"]
        started: Message | None = None
        body = b""

        async def fill(message: Message) -> None:
            nonlocal started, body
            if message["type"] == "http.response.start":
                if b"text/html" not in dict(message["headers"]).get(b"content-type", b""):
                    await send(message)
                else:
                    started = message
                return
            if started is None:
                await send(message)
                return
            body += message.get("body", b"")
            if message.get("more_body") and len(body) < _LONGEST_SHELL:
                return
            page = body.replace(_TITLE, self._head(scope), 1)
            body = b""
            answer = MutableHeaders(scope=started)
            for name in ("content-length", "etag", "last-modified"):
                del answer[name]
            await send(started)
            started = None
            await send({**message, "body": page})

        await self._app({**scope, "headers": headers}, receive, fill)

    def _head(self, scope: Scope) -> bytes:
        query = _query(scope["query_string"].decode("latin-1"))
        asked = f"?{query}" if query else ""
        tags = [
            f"<title>{escape(CALENDAR_NAME)}</title>",
            f'<meta name="description" content="{escape(CALENDAR_DESCRIPTION)}">',
            f'<meta property="og:title" content="{escape(CALENDAR_NAME)}">',
            f'<meta property="og:description" content="{escape(CALENDAR_DESCRIPTION)}">',
            '<meta property="og:type" content="website">',
        ]
        if self._base_url:
            address = escape(f"{self._base_url}/{asked}")
            tags += [f'<link rel="canonical" href="{address}">', f'<meta property="og:url" content="{address}">']
        root = f"{self._base_url}/" if self._base_url else ""
        tags += [
            f'<link rel="alternate" type="{kind}" title="{title}" href="{escape(root + name + asked)}">'
            for name, kind, title in _FEEDS
        ]
        return "".join(tags).encode()


def _query(query: str) -> str:
    """Return the filters in their normal form; what is no filter is nobody's business in a head."""
    try:
        return Selection.from_query(query).to_query()
    except SelectionError:
        return ""
