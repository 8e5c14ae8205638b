"""Messages in English and Spanish."""

from collections.abc import Sequence

__all__ = ["Bilingual", "first_of", "in_language", "joined", "quoted", "shortened"]


class Bilingual(str):
    """A message: an English string with its Spanish translation as `spanish`."""

    spanish: str

    def __new__(cls, english: str, spanish: str) -> "Bilingual":
        """Make a message of the two; the value of the string is the English one."""
        sentence = super().__new__(cls, english)
        sentence.spanish = spanish
        return sentence

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        """Return the arguments for pickle."""
        return str(self), self.spanish


def joined(*sentences: Bilingual) -> Bilingual:
    """Return the messages joined with a space, in each language."""
    return Bilingual(" ".join(sentences), " ".join(each.spanish for each in sentences))


def in_language(text: str | BaseException, language: str) -> str:
    """Return a text, or the message of an error, in `language` ("es" or "en"); in English without a translation."""
    if isinstance(text, BaseException):
        text = text.args[0] if text.args and isinstance(text.args[0], Bilingual) else str(text)
    return text.spanish if language == "es" and isinstance(text, Bilingual) else str(text)


def quoted(text: str, longest: int | None = None) -> str:
    """Return the text in quotation marks, shortened to `longest` code points if given."""
    return f"“{text if longest is None else shortened(text, longest)}”"


def shortened(text: str, most: int) -> str:
    """Return the text on one line, cut to at most `most` code points."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def first_of(said: Sequence[str], most: int, between: str = ", ") -> str:
    """Return the first `most` texts joined, and the number of the others."""
    more = f" and {len(said) - most} more" if len(said) > most else ""
    return between.join(said[:most]) + more
