"""A page's bytes → text, HTML or JSON, or an error that says what came instead."""

from __future__ import annotations

import json
import re
from typing import Any

import lxml.etree
import lxml.html

from spiders.platform import Page
from tracker.errors import UnreadablePageError

_HEAD = 200_000
_PROLOG = re.compile(r"^\s*<\?xml[^>]*\?>")
_DECLARED = re.compile(rb"charset=[\"']?([\w-]+)|<\?xml[^>]*encoding=[\"']([\w-]+)", re.IGNORECASE)
_SINGLE_BYTE = re.compile(r"(?:iso-?8859|windows-?125|latin|us-?ascii|ascii|cp125)", re.IGNORECASE)
_SIGN_IN = (b"accounts.google.com/", b"servicelogin", b'type="password"', b"type='password'")
_WAITING_ROOM = (
    b"cf-browser-verification",
    b"challenge-platform",
    b"just a moment...",
    b"_incapsula_",
    b"captcha-delivery",
)


def text_of(page: Page) -> str:
    """Return the page's text. Never fails: what no charset explains is replaced.

    Valid UTF-8 is taken for UTF-8 even where a page claims a single-byte charset, which is wrong more often.
    """
    body = page.body
    if body[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return body.decode("utf-16", "replace")
    stated = re.search(r"charset=[\"']?([\w-]+)", page.content_type, re.IGNORECASE)
    declared = _DECLARED.search(body[:4_096])
    names = [stated[1]] if stated else []
    if declared:
        names.append((declared[1] or declared[2]).decode("ascii"))
    single = [name for name in names if _SINGLE_BYTE.match(name)]
    for name in (*(name for name in names if name not in single), "utf-8-sig", *single):
        try:
            # Browsers take Latin-1 for Windows-1252, and so do those who declare it (WHATWG Encoding, 4.2).
            return body.decode("cp1252" if name.lower().replace("-", "") in {"iso88591", "latin1"} else name)
        except (LookupError, UnicodeDecodeError):
            continue
    return body.decode("utf-8", "replace")


def html_of(page: Page) -> lxml.html.HtmlElement:
    """Return the page's element tree.

    Raises:
        UnreadablePageError: empty, a sign-in page or waiting room, or not HTML.
    """
    _refuse_nothing(page)
    text = text_of(page)
    if text.lstrip()[:1] in {"{", "["} and _is_json(text):
        raise _unreadable(page, "Not a web page: JSON came back.", "not_a_web_page")
    if text.lstrip()[:15].upper() == "BEGIN:VCALENDAR":
        raise _unreadable(page, "Not a web page: a calendar came back.", "not_a_web_page")
    try:
        # A text that declares an encoding of its own confuses lxml once it is decoded.
        document: lxml.html.HtmlElement = lxml.html.document_fromstring(_PROLOG.sub("", text).replace("\0", ""))
    except (lxml.etree.LxmlError, ValueError) as error:
        raise _unreadable(page, f"Not a web page: {error}.", "not_a_web_page") from error
    return document


def json_of(page: Page) -> Any:
    """Return the page's JSON.

    Raises:
        UnreadablePageError: empty, a web page, cut off, or not JSON.
    """
    _refuse_nothing(page)
    text = text_of(page)
    try:
        return json.loads(text.lstrip("\ufeff"), strict=False)
    except (ValueError, RecursionError) as error:
        if looks_like_html(page):
            refuse_walls(page)
            raise _unreadable(page, "Not JSON: a web page came back. Has the address moved?", "not_json") from error
        is_cut = text.lstrip()[:1] in {"{", "["} and text.rstrip()[-1:] not in {"}", "]"}
        what = "it is cut off" if is_cut else str(error)
        raise _unreadable(page, f"Not JSON: {what}.", "not_json") from error


def looks_like_html(page: Page) -> bool:
    """Say whether a web page came back."""
    head = page.body[:2_048].lower()
    return any(mark in head for mark in (b"<html", b"<!doctype html", b"<head", b"<body"))


def refuse_walls(page: Page) -> None:
    """Refuse pages that stand before what was asked for. They come with status 200.

    Raises:
        UnreadablePageError: a sign-in page, or a check for robots. Neither is worked around.
    """
    head = page.body[:_HEAD].lower()
    if any(mark in head for mark in _WAITING_ROOM):
        message = "The site checks for a human first, and is not read. Ask its owner, or find a feed."
        raise _unreadable(page, message, "blocked")
    if any(mark in head for mark in _SIGN_IN):
        message = "A sign-in page came instead: is it still public?"
        raise _unreadable(page, message, "sign_in_page")


def _refuse_nothing(page: Page) -> None:
    if not page.body.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise _unreadable(page, "The answer is empty.", "empty_answer")


def _is_json(text: str) -> bool:
    try:
        json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return False
    return True


def _unreadable(page: Page, message: str, diagnosis: str) -> UnreadablePageError:
    return UnreadablePageError(message, diagnosis=diagnosis, url=page.url)
