"""Channels as apprise addresses them (Discord, Slack, Matrix, e-mail…): opened, and spoken to without shouting."""

from __future__ import annotations

from typing import Any

from tracker.errors import ConfigurationError


def open_channel(address: str, named: str) -> Any:
    """Return apprise's object for an address.

    Args:
        address: as apprise writes it; it holds secrets and is never shown.
        named: what the error calls it: ``1 of the setting 'notify'``.

    Raises:
        ConfigurationError: apprise is not installed, or it does not understand the address.
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
            f"Channel {named} ({address.partition(':')[0]}:…) is no address that apprise "
            "understands. https://appriseit.com lists them."
        )
    return service


def without_mentions(text: str) -> str:
    """Return a text that calls nobody: chats take @everyone for an order."""
    return text.replace("@", "@\u200b")
