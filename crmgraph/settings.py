"""The settings: flags first, then CRMGRAPH_… in the environment, then crmgraph.toml in the current folder."""

import re
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from crmgraph.errors import UsageError
from crmgraph.namespaces import BASE, Names

__all__ = ["FILE", "Settings", "read_settings"]

FILE = "crmgraph.toml"


class Settings(BaseSettings):
    """Every setting, with the value it has where nobody sets it."""

    model_config = SettingsConfigDict(env_prefix="CRMGRAPH_", toml_file=FILE, extra="forbid", frozen=True)

    base: str = Field(BASE, description="the base of the IRIs of things and graphs; it ends in a slash")
    build: Path = Field(Path("build"), description="the folder of the built dataset")
    host: str = Field("127.0.0.1", description="the address to serve at")
    port: int = Field(8000, ge=0, le=65535, description="the port to serve at; 0 takes a free one")
    timeout: float = Field(30.0, gt=0, le=86_400, description="the longest that a query may take, in seconds")
    workers: int = Field(2, ge=1, description="how many processes answer queries")
    memory: int = Field(2 * 2**30, ge=2**28, description="the memory that a query may use, in bytes")
    root_path: str = Field("", description="the path below which a proxy serves this, such as /crm")

    @field_validator("base")
    @classmethod
    def _ends_in_slash(cls, value: str) -> str:
        if not re.fullmatch(r"https?://(?!/)[^\x00-\x20<>\"{}|^`\\]+/", value):
            raise ValueError("must be an http or https address that ends in a slash")
        return value

    @property
    def names(self) -> Names:
        """The maker of IRIs below the base."""
        return Names(self.base)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags before environment before file; no other place is looked at."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def read_settings(**flags: Any) -> Settings:
    """The settings, `flags` that are None left to the environment and the file. Raises UsageError for a wrong one."""
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        problem = error.errors()[0]
        name = ".".join(map(str, problem["loc"]))
        if problem["type"] == "extra_forbidden":
            known = ", ".join(Settings.model_fields)
            raise UsageError(f"{FILE}: there is no setting {name}; there are {known}") from None
        said = problem["msg"].removeprefix("Value error, ")
        raise UsageError(
            f"setting {name}: {said} (a flag, CRMGRAPH_{name.upper()} in the environment, or {FILE})"
        ) from None
    except ValueError as error:
        raise UsageError(f"{FILE} cannot be read: {error}") from None
