"""Word lists and patterns, as data in YAML files, and their compilation to regular expressions.

An entry of a file is a regular expression for folded text (line breaks are removed), a list of alternatives, or lists
of alternatives by language. In an entry, `{name}` stands for the entry `name` as a group, and `{file:name}` for an
entry of another file.
"""

import re
from collections.abc import Callable
from functools import cache, cached_property
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent
_REFERENCE = re.compile(r"\{(?:([a-z_]+):)?([a-z_]+)\}")


def any_of(alternatives: Any) -> str:
    """Return a regular expression for any of the alternatives, the longest first."""
    return "|".join(sorted(set(alternatives), key=lambda each: (-len(each), each)))


class Patterns:
    """The entries of one lexicon file. Patterns are compiled on first use."""

    def __init__(self, name: str, **supplied: str | Callable[[], str]) -> None:
        """Prepare the file; it is read on first use.

        Args:
            name: The name of the file, without its suffix.
            supplied: Further entries: patterns, or functions that return them.
        """
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
        """Return an entry as it is in the file, with all scalars as text."""
        return self._entries[name]

    def each(self, name: str) -> list[re.Pattern[str]]:
        """Return the compiled patterns of an entry that is a list of patterns."""
        return [self.compile(_as_pattern(pattern)) for pattern in self._entries[name]]

    def pairs(self, name: str) -> list[tuple[re.Pattern[str], str]]:
        """Return an entry that is a list of pairs: the compiled pattern and the text of each."""
        return [(self.compile(pattern), text) for pattern, text in self._entries[name]]

    def compile(self, pattern: str) -> re.Pattern[str]:
        """Return a regular expression, with its references to entries expanded, compiled."""
        if pattern not in self._compiled:
            self._compiled[pattern] = re.compile(self.expand("".join(pattern.splitlines())))
        return self._compiled[pattern]

    def source(self, name: str) -> str:
        """Return the pattern of an entry, with its references to other entries expanded."""
        return self.expand(_as_pattern(self._entries[name]))

    def expand(self, pattern: str) -> str:
        """Return a pattern with its references to entries expanded."""
        return _REFERENCE.sub(self._expand_reference, pattern)

    def _expand_reference(self, reference: re.Match[str]) -> str:
        file, name = reference.groups()
        if file:
            return f"(?:{patterns(file).source(name)})"
        return f"(?:{self.source(name)})" if name in self._entries else reference[0]


def _as_pattern(entry: Any) -> str:
    """Return an entry as one pattern: its lines joined, or its alternatives combined."""
    if isinstance(entry, str):
        return entry.replace("\n", "")
    return any_of(map(_as_pattern, entry.values() if isinstance(entry, dict) else entry))


@cache
def patterns(name: str) -> Patterns:
    """Return the patterns of a lexicon file, which is loaded only once."""
    return Patterns(name)
