"""Decodes a page's bytes as text, HTML or JSON, or raises an error that says what was received instead."""

from __future__ import annotations

import json
import re
from typing import Any

import charset_normalizer
import lxml.etree
import lxml.html

from tracker.errors import UnreadablePageError
from tracker.health.bot_walls import is_bot_check
from tracker.health.diagnosis import ADVICE
from tracker.sources.platform import Page

_HEAD = 200_000
_NO_CHARSETS = frozenset(
    {"undefined", "utf_7", "punycode", "idna", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"}
)
"""Python codecs that no page uses; some take quadratic time."""
_START = 2_048
# No other Latin charset: a few French accents look like Polish ones, and one more entry would turn all of them.
_GUESSED = ("cp1252", "cp1251", "cp1253", "koi8_r", "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr")
_ENOUGH_TO_GUESS = 24
"""Number of bytes beyond ASCII from which a guess of the charset is better than Windows-1252."""
_PROLOG = re.compile(r"^\s*<\?xml[^>]*\?>")
_DECLARED = re.compile(rb"charset=[\"']?([\w-]+)|<\?xml[^>]*encoding=[\"']([\w-]+)")
_SINGLE_BYTE = re.compile(r"(?:iso-?8859|windows-?125|latin|us-?ascii|ascii|cp125)", re.IGNORECASE)
_SIGN_IN = (b"accounts.google.com/", b"servicelogin", b'type="password"', b"type='password'")
_SIGN_IN_TITLE = re.compile(rb"<title[^<>]{0,200}>[^<]{0,200}(?:sign.?in|log.?in|anmeld|connexion|iniciar sesi)")


def text_of(page: Page) -> str:
    """Return the page's text. Never fails: undecodable bytes are replaced.

    Valid UTF-8 is decoded as UTF-8 even if the page declares a single-byte charset, which is wrong more often. The
    charset of other bytes is guessed if the page declares none that fits.
    """
    body = page.body
    if body[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return body.decode("utf-16", "replace")
    stated = re.search(r"charset=[\"']?([\w-]+)", page.content_type, re.IGNORECASE)
    head = body[:4_096].lower()  # the substring test takes a tenth of the pattern's time
    declared = _DECLARED.search(head) if b"charset=" in head or b"<?xml" in head else None
    names = [stated[1]] if stated else []
    if declared:
        names.append((declared[1] or declared[2]).decode("ascii"))
    names = [name for name in names if name.lower().replace("-", "_") not in _NO_CHARSETS]
    single = [name for name in names if _SINGLE_BYTE.match(name)]
    for name in (*(name for name in names if name not in single), "utf-8-sig", *single):
        try:
            # Browsers decode Latin-1 as Windows-1252, and so do authors who declare it (WHATWG Encoding, 4.2).
            return body.decode("cp1252" if name.lower().replace("-", "") in {"iso88591", "latin1"} else name)
        except (LookupError, UnicodeError):
            continue
    return _decode_undeclared(body)


def _decode_undeclared(body: bytes) -> str:
    """Decode bytes that are not UTF-8 and do not say what they are; UTF-8 with a few broken letters stays UTF-8."""
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if sum(char > "\x7f" for char in text) - broken > broken:
        return text
    western = body.decode("cp1252", "replace")
    # The guess needs the lines with other letters only, and some of them: Latin letters are more likely.
    lines = b"\n".join(line for line in body[:_HEAD].splitlines() if not line.isascii())
    if sum(byte > 127 for byte in lines) < _ENOUGH_TO_GUESS and "\ufffd" not in western:
        return western
    guess = charset_normalizer.from_bytes(lines, cp_isolation=list(_GUESSED)).best()
    return body.decode(guess.encoding, "replace") if guess is not None else western


def html_of(page: Page) -> lxml.html.HtmlElement:
    """Return the page's element tree.

    Raises:
        UnreadablePageError: the page is empty, JSON, a calendar, or cannot be parsed as HTML.
    """
    reject_empty(page)
    text = text_of(page)
    if text.lstrip()[:1] in {"{", "["} and _is_json(text):
        raise _unreadable(page, "Not a web page: JSON came back.", "not_a_web_page")
    if text.lstrip()[:15].upper() == "BEGIN:VCALENDAR":
        raise _unreadable(page, "Not a web page: a calendar came back.", "not_a_web_page")
    try:
        # lxml refuses decoded text that still declares an encoding.
        document: lxml.html.HtmlElement = lxml.html.document_fromstring(_as_html(text))
    except (lxml.etree.LxmlError, ValueError) as error:
        raise _unreadable(page, f"Not a web page: {error}.", "not_a_web_page") from error
    return document


def _as_html(text: str) -> str:
    """Convert XML such as RSS for the HTML parser, in which ``<link>`` is an empty element."""
    if _PROLOG.match(text) and "<html" not in text[:_START].lower():
        text = re.sub(r"<link>([^<]*)</link>", r'<a class="link" href="\1">\1</a>', text)
    return _PROLOG.sub("", text).replace("\0", "")


def json_of(page: Page) -> Any:
    """Return the page's JSON.

    Raises:
        UnreadablePageError: the page is empty, a web page, truncated, or not JSON.
    """
    reject_empty(page)
    text = text_of(page)
    try:
        return json.loads(text.lstrip("\ufeff"), strict=False)
    except (ValueError, RecursionError) as error:
        if looks_like_html(page):
            reject_login_or_captcha(page)
            raise _unreadable(page, "Not JSON: a web page came back. Has the address moved?", "not_json") from error
        is_cut = text.lstrip()[:1] in {"{", "["} and text.rstrip()[-1:] not in {"}", "]"}
        what = "it is cut off" if is_cut else str(error)
        raise _unreadable(page, f"Not JSON: {what}.", "not_json") from error


def looks_like_html(page: Page) -> bool:
    """Return whether the response is a web page."""
    head = head_of(page, _START)
    return any(mark in head for mark in (b"<html", b"<!doctype html", b"<head", b"<body"))


def head_of(page: Page, length: int = _HEAD) -> bytes:
    """Return the first ``length`` bytes of a page in lower case; UTF-16 is converted to UTF-8."""
    head = page.body[:length]
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        head = head.decode("utf-16", "ignore").encode()
    return head.lower()


def reject_login_or_captcha(page: Page, *, is_page: bool = False) -> None:
    """Refuse sign-in pages and bot checks that are sent with status 200 instead of the requested page.

    Args:
        page: the response.
        is_page: True if a web page was requested: many contain a password field, so the title must match too.

    Raises:
        UnreadablePageError: it is a sign-in page or a bot check. Neither is circumvented.
    """
    head = head_of(page)
    if is_bot_check(head):
        raise _unreadable(page, ADVICE["bot_wall"], "bot_wall")
    if any(mark in head for mark in _SIGN_IN) and (not is_page or _SIGN_IN_TITLE.search(head)):
        message = "A sign-in page came instead: is it still public?"
        raise _unreadable(page, message, "sign_in_page")


def reject_empty(page: Page) -> None:
    """Refuse an empty response: it never means a list without entries.

    Raises:
        UnreadablePageError: the response is empty.
    """
    if not page.body[:_HEAD].strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise _unreadable(page, "The answer is empty.", "empty_answer")


def _is_json(text: str) -> bool:
    try:
        json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return False
    return True


def _unreadable(page: Page, message: str, diagnosis: str) -> UnreadablePageError:
    return UnreadablePageError(message, diagnosis=diagnosis, url=page.url)
