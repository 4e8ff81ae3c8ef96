"""Opens notification channels through apprise (Discord, Slack, Matrix, e-mail…) and removes mentions from texts."""

from __future__ import annotations

from typing import Any

from tracker.errors import ConfigurationError


def open_channel(address: str, named: str) -> Any:
    """Return the apprise object of a channel.

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
            f"Channel {named} ({address.partition(':')[0]}:…) is no address that apprise "
            "understands. https://appriseit.com lists them."
        )
    return service


def without_mentions(text: str) -> str:
    """Return a text without mentions: in chats, ``@everyone`` would notify everybody."""
    return text.replace("@", "@\u200b")
