"""A citation: what the dataset says of itself, in the forms that people and their programs write it in."""

import json
from dataclasses import dataclass
from datetime import date

import yaml

from crmgraph.answering import Format
from crmgraph.serving.i18n import format_day, marked, translations
from crmgraph.serving.pages.answers.citing import key_of
from crmgraph.serving.pages.service.forms import BIBTEX, CFF, CSL, RIS

__all__ = ["Citation"]

_AS_TEXT = marked("%(publisher)s. %(title)s, version %(version)s, data %(digest)s. %(url)s (accessed %(accessed)s).")
_PART_AS_TEXT = marked(
    "%(publisher)s. “%(part)s”, in: %(title)s, version %(version)s, data %(digest)s. %(url)s (accessed %(accessed)s)."
)
_NOTE = marked("Data %(digest)s")
_MESSAGE = marked("If you use these data, please cite them as below.")


@dataclass(frozen=True)
class Citation:
    """The dataset, or a `part` of it (empty for all), as it is in a language on the day that somebody looks at it.

    `digest` is what tells the data from others, and `license` the address of the licence.
    """

    title: str
    part: str
    publisher: str
    version: str
    digest: str
    license: str
    url: str
    accessed: date
    language: str

    def write(self, form: Format) -> str:
        """The citation in one of the forms, with a line end."""
        writers = {BIBTEX: self._bibtex, RIS: self._ris, CSL: self._csl, CFF: self._cff}
        return writers.get(form, self.text)().rstrip("\n") + "\n"

    def text(self) -> str:
        """The citation in a sentence."""
        said = translations(self.language).gettext(_PART_AS_TEXT if self.part else _AS_TEXT)
        return str(said % {**vars(self), "accessed": format_day(self.accessed.isoformat(), self.language)})

    @property
    def _name(self) -> str:
        return self.part or self.title

    @property
    def _key(self) -> str:
        """What tells the citation from others: the data, and of a part its address too."""
        return f"crmgraph-{key_of(self.url, self.digest) if self.part else self.digest[:12]}"

    @property
    def _note(self) -> str:
        return str(translations(self.language).gettext(_NOTE) % {"digest": self.digest})

    def _bibtex(self) -> str:
        whole = {"booktitle": self.title} if self.part else {}
        fields = {
            "author": f"{{{_tex(self.publisher)}}}",
            "title": f"{{{_tex(self._name)}}}",
            **{name: f"{{{_tex(title)}}}" for name, title in whole.items()},
            "version": self.version,
            "note": _tex(self._note),
            "url": self.url,
            "urldate": self.accessed.isoformat(),
            "language": "spanish" if self.language == "es" else "english",
        }
        body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
        return f"@misc{{{self._key},\n{body}\n}}"

    def _ris(self) -> str:
        fields = [
            ("TY", "DATA"),
            ("AU", self.publisher),
            ("TI", self._name),
            *([("T2", self.title)] if self.part else []),
            ("ET", self.version),
            ("N1", self._note),
            ("UR", self.url),
            ("Y2", self.accessed.strftime("%Y/%m/%d")),
            ("LA", self.language),
            ("ER", ""),
        ]
        return "\r\n".join(f"{tag}  - {value}" for tag, value in fields)

    def _csl(self) -> str:
        item = {
            "id": self._key,
            "type": "dataset",
            "title": self._name,
            **({"container-title": self.title} if self.part else {}),
            "author": [{"literal": self.publisher}],
            "version": self.version,
            "note": self._note,
            "URL": self.url,
            "accessed": {"date-parts": [[self.accessed.year, self.accessed.month, self.accessed.day]]},
            "language": self.language,
        }
        return json.dumps([item], ensure_ascii=False, indent=2)

    def _cff(self) -> str:
        """The Citation File Format (1.2.0)."""
        document = {
            "cff-version": "1.2.0",
            "message": translations(self.language).gettext(_MESSAGE),
            "type": "dataset",
            "title": f"{self.part} – {self.title}" if self.part else self.title,
            "authors": [{"name": self.publisher}],
            "version": self.version,
            "identifiers": [{"type": "other", "value": self.digest, "description": "digest"}],
            **self._license(),
            "url": self.url,
        }
        return str(yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=120))

    def _license(self) -> dict[str, str]:
        """The licence by its name in SPDX where it is ours, else by its address."""
        is_ours = self.license.rstrip("/") == "https://creativecommons.org/licenses/by/4.0"
        return {"license": "CC-BY-4.0"} if is_ours else {"license-url": self.license}


def _tex(text: str) -> str:
    """The text as TeX reads it."""
    return "".join("\\" + sign if sign in "&%$#_{}" else sign for sign in text)
