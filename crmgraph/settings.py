"""The settings, from three sources: flags, then environment variables CRMGRAPH_…, then crmgraph.toml."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    IPvAnyNetwork,
    SecretStr,
    ValidationError,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from crmgraph.errors import UsageError
from crmgraph.namespaces import BASE, Names

SETTINGS_FILE = "crmgraph.toml"
_PREFIX = "CRMGRAPH_"

_NOT_IN_IRI = r"""\x00-\x20<>"{}|^`\\"""
"""The characters that an IRI must not contain (RFC 3987), for use in a regular expression."""
_IRI_CHARACTER = f"[^{_NOT_IN_IRI}]"


def _matching(pattern: str, problem: str) -> AfterValidator:
    """Return a validator that rejects a text which does not match the whole pattern.

    `problem` is the error message, with `{}` in the place of the text.
    """

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(problem.format(value))
        return value

    return AfterValidator(check)


_GraphName = Annotated[
    str,
    _matching(
        rf"default|[A-Za-z][A-Za-z0-9+.\-]*:{_IRI_CHARACTER}*|{_IRI_CHARACTER}*\*",
        "{} is no IRI, nor the beginning of one with a star behind it, nor default",
    ),
]
_Base = Annotated[
    str, _matching(rf"https?://(?!/){_IRI_CHARACTER}+/", "must be an http or https address that ends in a slash")
]
_Path = Annotated[
    str,
    _matching(
        r"((/[^\x00-\x20<>\"{}|^`\\/?#]+)+)?",
        "must be a path that begins with a slash and ends without one, such as /crm",
    ),
]
_Contact = Annotated[
    str,
    _matching(
        rf"(https?://(?!/){_IRI_CHARACTER}+|[^{_NOT_IN_IRI}@:/?#&%]+@[^{_NOT_IN_IRI}@:/?#&%]+)?",
        "must be an e-mail address, such as ana@example.org, or an http or https address",
    ),
]


class WriterSettings(BaseModel, frozen=True, extra="forbid"):
    """The settings of a writer: a client that may write to the store."""

    name: str = Field(min_length=1, description="how the record of writes calls them")
    token: str = Field(pattern="^sha256:[0-9a-f]{64}$", description="the digest of their token: crmgraph token")
    graphs: tuple[_GraphName, ...] = Field(
        ("*",), description="the graphs that they may change: IRIs, a star at the end for any, or default"
    )


class Settings(BaseSettings):
    """All settings of crmgraph, with their defaults and the descriptions that `--help` shows."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, toml_file=SETTINGS_FILE, extra="forbid", frozen=True)

    base: _Base = Field(BASE, description="the base of the IRIs of things and graphs; it ends in a slash")
    build: Path = Field(Path("build"), description="the folder of the built dataset")
    plans: Path | None = Field(None, description="a folder of further plans (.txt), which the dataset is built with")
    host: str = Field("127.0.0.1", description="the address to serve at")
    port: int = Field(8000, ge=0, le=65535, description="the port to serve at; 0 takes a free one")
    timeout: float = Field(30.0, gt=0, le=86_400, description="the longest that a query may take, in seconds")
    workers: int = Field(2, ge=1, description="how many processes answer queries")
    memory: int = Field(2 * 2**30, ge=2**28, description="the memory that a query may use, in bytes")
    store: str | None = Field(
        None,
        description="the folder of a store that is written to, made from the built dataset where there is none; or the "
        "address of a SPARQL endpoint that has the dataset, which is only read",
    )
    check_writes: bool = Field(True, description="whether a write that would break a plan is refused")
    store_user: str = Field("", description="the user as whom that endpoint is asked")
    store_password: SecretStr = Field(SecretStr(""), description="the password of that user")
    store_token: SecretStr = Field(SecretStr(""), description="or the bearer token with which it is asked")
    writers: tuple[WriterSettings, ...] = Field((), description="who may write to the store")
    queue: int = Field(64, ge=1, le=10_000, description="how many queries may wait for a process")
    in_memory: int = Field(
        256 * 2**20, ge=0, description="the largest dataset that is held in memory, in bytes of N-Quads"
    )
    cache: int = Field(
        64 * 2**20, ge=0, description="how many bytes of answers and pages are kept to be given again; 0 keeps none"
    )
    connections: int = Field(512, ge=1, le=100_000, description="how many connections may be open at a time")
    proxies: Annotated[tuple[IPvAnyNetwork, ...], NoDecode] = Field(
        (), description="the addresses of proxies that are believed whom they serve, with commas between them"
    )
    allow: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="the addresses outside that queries may ask by SERVICE, with commas between them",
    )
    snapshots: Path | None = Field(
        None, description="a folder of snapshots of endpoints, which stand in for them where they do not answer"
    )
    drain: float = Field(
        0.0, ge=0, le=3_600, description="the seconds that it goes on answering when it is stopped, and is not ready"
    )
    log: Literal["none", "json"] = Field(
        "none", description="the access log; json writes a line to standard error for each request"
    )
    root_path: _Path = Field("", description="the path below which a proxy serves this, such as /crm")
    contact: _Contact = Field(
        "", description="how to reach whoever runs this, an e-mail or web address, which the pages show"
    )

    @field_validator("proxies", "allow", mode="before")
    @classmethod
    def _split_at_commas(cls, value: object) -> object:
        return tuple(filter(None, map(str.strip, value.split(",")))) if isinstance(value, str) else value

    @property
    def has_remote_store(self) -> bool:
        """Whether the store is a remote SPARQL endpoint."""
        return re.match("https?:", self.store or "", re.IGNORECASE) is not None

    @property
    def names(self) -> Names:
        """The IRIs of things and graphs below the setting `base`."""
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
        """Return the sources of settings in order of precedence: flags, environment, file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


SETTINGS_WITHOUT_FLAG = frozenset(
    name for name in Settings.model_fields if name.startswith("store_") or name == "writers"
)
"""Settings without a flag. Most are secret, and other users can read the flags of a process."""


def make_writer(name: str, token: str, graphs: Sequence[str]) -> WriterSettings:
    """Return the settings of a writer. Raises UsageError if a value is not valid."""
    try:
        return WriterSettings(name=name, token=token, graphs=tuple(graphs))
    except ValidationError as error:
        problem = error.errors()[0]
        raise UsageError(
            f"the {problem['loc'][0]} of a writer: {problem['msg'].removeprefix('Value error, ')}"
        ) from None


def read_settings(**flags: Any) -> Settings:
    """Return the settings from flags, environment and file.

    A flag that is None counts as not given. Raises UsageError if a setting is unknown or its value is not valid.
    """
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        problem = error.errors()[0]
        name = ".".join(map(str, problem["loc"]))
        if problem["type"] == "extra_forbidden":
            known = ", ".join((WriterSettings if problem["loc"][0] == "writers" else Settings).model_fields)
            raise UsageError(f"{SETTINGS_FILE}: there is no setting {name}; there are {known}") from None
        said, setting = problem["msg"].removeprefix("Value error, "), str(problem["loc"][0])
        flag = "" if setting in SETTINGS_WITHOUT_FLAG else "a flag, "
        raise UsageError(
            f"setting {name}: {said} ({flag}{_PREFIX}{setting.upper()} in the environment, or {SETTINGS_FILE})"
        ) from None
    except SettingsError as error:
        # `writers` is the only setting whose variable is read as JSON.
        raise UsageError(
            f"{_PREFIX}WRITERS in the environment is not JSON ({error.__cause__}); write it as "
            '[{"name": "ana", "token": "sha256:…"}]'
        ) from None
    except ValueError as error:
        raise UsageError(f"{SETTINGS_FILE} cannot be read: {error}") from None
