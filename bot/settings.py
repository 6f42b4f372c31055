"""Settings, from the environment and a `.env` file beside the working folder."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.mendable import MendableError

_SITE = re.compile(r"https://[^\s?#()<>\[\]\\]{1,200}")
LEVELS = ("debug", "info", "warning", "error")


class SettingsError(MendableError):
    """A setting that cannot be used; its text says which, where it stands and what it has to be."""


class Settings(BaseSettings):
    """What an operator can set. Each name below is an environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True)

    discord_token: SecretStr | None = None
    discord_api_url: str | None = None
    # A path, sqlite:///path, or postgresql://user:password@host/name.
    authbot_database_url: str = "sqlite+aiosqlite:///authbot.sqlite3"
    authbot_knowledge: Path | None = None
    # Answers a minute: to one person in a server, in one channel, in one server. A server may set its own.
    authbot_per_person: int = Field(default=5, ge=1, le=10_000)
    authbot_per_channel: int = Field(default=20, ge=1, le=10_000)
    authbot_per_guild: int = Field(default=600, ge=1, le=100_000)
    # Discord accounts that review the shared queue besides the application's owner and team: 123, 456
    authbot_owners: Annotated[frozenset[int], NoDecode] = frozenset()
    # `authbot review serve`: the application's id and client secret, where it listens, and its https address elsewhere.
    discord_client_id: str | None = None
    discord_client_secret: SecretStr | None = None
    authbot_web_address: str = "127.0.0.1:8765"
    authbot_web_url: str | None = None
    authbot_site_url: str | None = None  # where `authbot kb site` is published: answers link to their entry's page
    authbot_http: str | None = None  # where /healthz, /readyz and /metrics answer: 127.0.0.1:9464
    authbot_log_level: str = "info"
    authbot_log_format: Literal["text", "json"] = "text"

    @field_validator("authbot_log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        if value.lower() not in LEVELS:
            raise ValueError(f"has to be one of {', '.join(LEVELS)}")
        return value.lower()

    @field_validator("authbot_owners", mode="before")
    @classmethod
    def _account_ids(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        ids = value.replace(",", " ").split()
        if not all(each.isascii() and each.isdigit() and len(each) <= 20 for each in ids):
            raise ValueError("has to be the ids of Discord accounts, with commas between them")
        return frozenset(map(int, ids))

    @field_validator("authbot_site_url")
    @classmethod
    def _published(cls, value: str | None) -> str | None:
        if value is not None and not _SITE.fullmatch(value):
            raise ValueError("has to be an https:// address without ? and #")
        return value.rstrip("/") if value is not None else None

    @field_validator("discord_api_url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("has to begin with http:// or https://")
        return value


def load_settings() -> Settings:
    """Return the settings. Raises SettingsError with one line: the variable, where it stands and what is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        fault = error.errors()[0]
        name = str(fault["loc"][0]).upper()
        reason = fault["msg"].removeprefix("Value error, ")
        raise SettingsError(f"{_where(name)}: {name}: {reason}") from None
    except UnicodeDecodeError:
        raise SettingsError(".env:1: the file is not UTF-8; save it as UTF-8") from None


def _where(name: str) -> str:
    """Return `.env:line` where the variable stands in that file, else `environment`."""
    if name in os.environ:
        return "environment"
    try:
        lines = Path(".env").read_text(encoding="utf-8").splitlines()
    except OSError:
        return "environment"
    for number, line in enumerate(lines, start=1):
        if line.removeprefix("export ").partition("=")[0].strip().upper() == name:
            return f".env:{number}"
    return "environment"
