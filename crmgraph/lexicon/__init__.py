"""Word lists and patterns as data, a YAML file a recogniser or reader, and how they are compiled.

An entry of a file is a pattern (a regular expression for folded text, its lines joined), a list of alternatives, or
such lists by language; `{name}` in it stands for the entry of that name, as one group, and `{file:name}` for one of
another file.
"""

import re
from collections.abc import Callable
from functools import cache, cached_property
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent
_REFERENCE = re.compile(r"\{(?:([a-z_]+):)?([a-z_]+)\}")


def any_of(alternatives: Any) -> str:
    """Return a pattern for any of these words or patterns, the longest first."""
    return "|".join(sorted(set(alternatives), key=lambda each: (-len(each), each)))


class Patterns:
    """The entries of a file of this folder: patterns, compiled when first used, and what else is data there."""

    def __init__(self, name: str, **supplied: str | Callable[[], str]) -> None:
        """Take the name of the file, which is read when first used, and further patterns for it, or what makes them."""
        self._name, self._supplied = name, supplied
        self._compiled: dict[str, re.Pattern[str]] = {}

    @cached_property
    def _entries(self) -> dict[str, Any]:
        import yaml

        text = (_FOLDER / f"{self._name}.yaml").read_text(encoding="utf-8")
        entries: dict[str, Any] = yaml.load(text, yaml.CBaseLoader)  # noqa: S506 - makes text only
        return entries | {
            name: supplied() if callable(supplied) else supplied for name, supplied in self._supplied.items()
        }

    def __getitem__(self, name: str) -> re.Pattern[str]:
        """Return the compiled pattern of an entry."""
        return self.compile(_as_pattern(self._entries[name]))

    def raw(self, name: str) -> Any:
        """Return an entry as the file has it, all values as text."""
        return self._entries[name]

    def each(self, name: str) -> list[re.Pattern[str]]:
        """Return the compiled patterns of an entry that is a list of them."""
        return [self.compile(_as_pattern(pattern)) for pattern in self._entries[name]]

    def pairs(self, name: str) -> list[tuple[re.Pattern[str], str]]:
        """Return the compiled pattern and the text beside it of each row of an entry."""
        return [(self.compile(pattern), text) for pattern, text in self._entries[name]]

    def compile(self, pattern: str) -> re.Pattern[str]:
        """Return a compiled pattern with the entries that it refers to put in."""
        if pattern not in self._compiled:
            self._compiled[pattern] = re.compile(self.expand("".join(pattern.splitlines())))
        return self._compiled[pattern]

    def source(self, name: str) -> str:
        """Return the pattern of an entry with all that it refers to put in."""
        return self.expand(_as_pattern(self._entries[name]))

    def expand(self, pattern: str) -> str:
        """Return a pattern with the entries that it refers to put in."""
        return _REFERENCE.sub(self._group, pattern)

    def _group(self, reference: re.Match[str]) -> str:
        file, name = reference.groups()
        if file:
            return f"(?:{patterns(file).source(name)})"
        return f"(?:{self.source(name)})" if name in self._entries else reference[0]


def _as_pattern(entry: Any) -> str:
    """Return one pattern for an entry: lines are joined, lists are of alternatives."""
    if isinstance(entry, str):
        return entry.replace("\n", "")
    return any_of(map(_as_pattern, entry.values() if isinstance(entry, dict) else entry))


@cache
def patterns(name: str) -> Patterns:
    """Return the patterns of a file of this folder, read once."""
    return Patterns(name)
