"""Reads and writes ``notify.toml`` in the data folder: the subscriptions, with addresses that contain secrets."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit

from tracker.errors import ConfigurationError
from tracker.models.subscription import Subscription, read_subscription
from tracker.publishing.atomic_files import write_file

FILE_NAME = "notify.toml"
_HEAD = """\
# What is pushed to whom: 'tracker notify add' writes it, and you may edit it. The addresses of channels are secrets.

"""


def load_subscriptions(data_dir: Path) -> dict[str, Subscription]:
    """Return the subscriptions by name; none if there is no file.

    Raises:
        ConfigurationError: the file cannot be read, or a subscription is wrong.
    """
    path = data_dir / FILE_NAME
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}.") from error
    wrong = [name for name, values in document.items() if not isinstance(values, dict)]
    if wrong:
        raise ConfigurationError(f"{path}: {wrong[0]} is no subscription. Each begins with its name: [{wrong[0]}].")
    return {name: read_subscription(name, values) for name, values in document.items()}


def save_subscriptions(data_dir: Path, subscriptions: Mapping[str, Subscription]) -> None:
    """Replace the file in one step; only its owner may read it.

    Raises:
        StoreReadOnlyError: the folder cannot be written.
    """
    path = data_dir / FILE_NAME
    tables: dict[str, Any] = {
        name: each.model_dump(mode="json", exclude_defaults=True) for name, each in sorted(subscriptions.items())
    }
    write_file(path, (_HEAD + tomlkit.dumps(tables)).encode(), 0o600)
