"""Sends messages to channels through apprise, and says why one could not be sent without showing its address."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from tracker.errors import ConfigurationError

_SECRET = re.compile(r"[^/:@?&=,\s]{6,}")
_MOST_REASON = 200
_NEUTRAL = frozenset({"localhost", "discord", "telegram", "matrix", "mailto", "mailtos"})


@dataclass(frozen=True, slots=True)
class Message:
    """One message, and the keys of the items that it settles once it is sent."""

    title: str
    body: str
    keys: tuple[str, ...]
    form: str = "text"
    """Format of the body: ``text`` or ``markdown``."""
    events: int = 1


def channel_key(address: str) -> str:
    """Return the key of a channel in the database: its URL contains secrets, so only a hash is stored."""
    return hashlib.sha256(address.encode()).hexdigest()[:16]


def service_name(address: str) -> str:
    """Return the part of a channel's address that may be shown: ``discord:…``."""
    return f"{address.partition(':')[0]}:…"


def open_channel(address: str, named: str) -> Any:
    """Return the apprise object of a channel. What is too long for its service is sent in parts.

    Args:
        address: apprise URL; it contains secrets and is never shown.
        named: name of the channel in the error message: ``1 of the setting 'notify'``.

    Raises:
        ConfigurationError: apprise is not installed, or the URL is invalid.
    """
    try:
        import apprise
    except ImportError as error:
        raise ConfigurationError(
            "Sending needs apprise. Install it: pip install 'aisafety-tracker[notify]'."
        ) from error
    service = apprise.Apprise()
    if not service.add(address):
        raise ConfigurationError(
            f"Channel {named} ({service_name(address)}) is no address that apprise "
            "understands. https://appriseit.com lists them."
        )
    if "overflow=" not in address:
        for each in service:
            each.overflow_mode = apprise.OverflowMode.SPLIT
    return service


def send(service: Any, address: str, message: Message) -> str:
    """Send a message; return why it could not be sent, empty if its service has accepted it."""
    result = service.notify(
        title=without_mentions(message.title), body=without_mentions(message.body), body_format=message.form
    )
    if result:
        return ""
    said = [entry.message for entry in result.logs()] if hasattr(result, "logs") else []
    return _without_secrets(said[-1] if said else "no reason is known", address)


def without_mentions(text: str) -> str:
    """Return a text without mentions: in chats, ``@everyone`` would notify everybody."""
    return text.replace("@", "@\u200b")


def _without_secrets(reason: str, address: str) -> str:
    """Return a reason without whatever part of the channel's address might be a secret; its host may stay."""
    _, _, rest = address.partition("://")
    host = re.split(r"[/?]", rest, maxsplit=1)[0].rpartition("@")[2].partition(":")[0]
    keeps = {host} if "." in host else set()
    for secret in sorted(set(_SECRET.findall(rest)) - keeps - _NEUTRAL, key=len, reverse=True):
        reason = reason.replace(secret, "…")
    return " ".join(reason.split())[:_MOST_REASON]
