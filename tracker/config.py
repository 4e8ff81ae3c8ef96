"""Settings from ``TRACKER_*`` variables or ``tracker.toml`` in the data folder; the command line overrides both."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any, Self

import platformdirs
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from tracker.errors import ConfigurationError

_PREFIX = "TRACKER_"
_NOT_SETTINGS = frozenset({"TRACKER_NOW", "TRACKER_CORPUS"})


class Settings(BaseSettings):
    """Settings of an operator."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, extra="forbid", frozen=True)

    data_dir: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("aisafety-tracker")))
    """Folder of the database and the published files."""
    database_url: str = ""
    """SQLAlchemy URL of the database, if it is not the file in the data folder."""
    public_url: str = ""
    """URL at which people reach the feeds: ``https://events.example.org``."""
    selections: dict[str, str] = {}
    """Feeds that ``tracker publish`` writes, by name: ``{ berlin = "near=Berlin&within=100km" }``."""
    notify: list[str] = []
    """Channels that ``tracker digest --notify`` sends to, as apprise URLs: ``discord://…``."""
    curators: list[str] = []
    """Email addresses of people who may make rulings on the dashboard after logging in."""
    login: dict[str, str] = {}
    """OpenID provider for their login: ``server_metadata_url``, ``client_id``, ``client_secret``,
    ``redirect_uri`` (our URL and ``/oauth2callback``) and ``cookie_secret`` (any long random text)."""
    local_curator: str = ""
    """Name of a curator without login, accepted only from this machine; ``tracker serve --curator NAME``."""
    local_curator_key: str = ""
    """Key that this curator's address must hold, as ``?key=…``; ``tracker serve --curator`` makes one if not set."""
    mirror_of: str = ""
    """URL of another tracker's ``events.json``, whose events ``tracker mirror`` and a hosted dashboard show."""
    suggestions: bool = True
    """Whether visitors may suggest events and sources."""
    contact: str = "https://github.com/aisafety-tracker/aisafety-tracker"
    """URL in the crawler's user agent, so that site owners can reach the operator."""
    source_folders: list[Path] = []
    """Additional folders with the operator's source files; each contains tier folders like the shipped one."""
    only_own_sources: bool = False
    """Ignore the shipped sources."""
    allowed_addresses: list[str] = []
    """Private addresses that may be crawled nevertheless: ``127.0.0.1:8000``, ``10.1.0.0/16``."""
    proxy: str = ""
    """HTTP proxy for crawling."""
    download_delay: float = Field(default=1.0, ge=0)
    """Seconds between a response of a site (a registrable domain) and the next request to it."""
    twisted_reactor: bool = False
    """Crawl in Twisted's reactor instead of a plain asyncio loop."""
    stale_after: float = Field(default=48, gt=0)
    """Hours without any successful crawl after which ``/healthz`` and the dashboard report a problem."""
    alert: list[str] = []
    """Channels (apprise URLs) that are notified at most once a day of sources that have begun to fail."""

    @field_validator("public_url", "contact", "proxy", "mirror_of")
    @classmethod
    def _whole_address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("write a whole address, such as https://events.example.org")
        return value

    @property
    def store_url(self) -> str:
        """SQLAlchemy URL of the database."""
        return self.database_url or f"sqlite:///{self.data_dir / 'tracker.db'}"

    @classmethod
    def load(cls, data_dir: Path | None = None, **overrides: Any) -> Self:
        """Read the settings; ``data_dir`` and ``overrides`` override the environment and the file.

        Raises:
            ConfigurationError: a setting is unknown, or its value or ``tracker.toml`` cannot be read.
        """
        known = {_PREFIX + name.upper() for name in cls.model_fields}
        unknown = {name for name in os.environ if name.startswith(_PREFIX)} - known - _NOT_SETTINGS
        if unknown:
            raise ConfigurationError(f"There is no setting {min(unknown)}. Settings: {', '.join(sorted(known))}.")
        if data_dir is not None:
            overrides["data_dir"] = data_dir.absolute()
        try:
            return cls(**overrides)
        except SettingsError as error:
            raise ConfigurationError(f'{error}. A list is written as JSON: ["/srv/sources"].') from error
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"])
            raise ConfigurationError(
                f"The setting {name!r} ({_PREFIX}{name.upper()} or tracker.toml) is wrong: {first['msg']}."
            ) from error

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the sources of settings: command line, then environment, then ``tracker.toml`` in the data folder."""
        del dotenv_settings, file_secret_settings
        given = init_settings()
        folder = (
            given.get("data_dir")
            or env_settings().get("data_dir")
            or cls.model_fields["data_dir"].get_default(call_default_factory=True)
        )
        file = InitSettingsSource(settings_cls, init_kwargs=_read_file(Path(str(folder)) / "tracker.toml"))
        return init_settings, env_settings, file


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}.") from error
