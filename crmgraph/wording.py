"""Sentences for people, in English and in Spanish at once."""

from collections.abc import Sequence

__all__ = ["Advised", "Bilingual", "first_of", "in_language", "joined", "quoted", "shortened"]


class Bilingual(str):
    """A sentence in English, usable wherever a string is, that carries its Spanish twin as `spanish`."""

    spanish: str

    def __new__(cls, english: str, spanish: str) -> "Bilingual":
        """Join the two; the value of the string is the English one."""
        sentence = super().__new__(cls, english)
        sentence.spanish = spanish
        return sentence

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        """Both sentences, so that both come through where one process of ours tells another."""
        return str(self), self.spanish


class Advised(Bilingual):
    """What went wrong, and what to do about it; `fault` is the first alone, for those whom the second does not help."""

    fault: Bilingual
    _advice: Bilingual

    def __new__(cls, fault: Bilingual, advice: Bilingual) -> "Advised":
        """Join the two, in each language."""
        said = joined(fault, advice)
        sentence = super().__new__(cls, said, said.spanish)
        assert isinstance(sentence, Advised)
        sentence.fault, sentence._advice = fault, advice
        return sentence

    def __getnewargs__(self) -> tuple[Bilingual, Bilingual]:  # type: ignore[override]
        """Both, so that both come through where one process of ours tells another."""
        return self.fault, self._advice


def joined(*sentences: Bilingual) -> Bilingual:
    """The sentences one behind the other, in each language."""
    return Bilingual(" ".join(sentences), " ".join(each.spanish for each in sentences))


def in_language(text: str | BaseException, language: str) -> str:
    """The sentence, or an error's sentence, in `language` ("es" or "en"); in English where it has no Spanish twin."""
    if isinstance(text, BaseException):
        text = text.args[0] if text.args and isinstance(text.args[0], Bilingual) else str(text)
    return text.spanish if language == "es" and isinstance(text, Bilingual) else str(text)


def quoted(text: str, longest: int | None = None) -> str:
    """The text between quotation marks, shortened where there is a `longest` (code points)."""
    return f"“{text if longest is None else shortened(text, longest)}”"


def shortened(text: str, most: int) -> str:
    """The text on one line, cut where it has more code points than `most`."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def first_of(said: Sequence[str], most: int, between: str = ", ") -> str:
    """The first `most` of what is said, and how many more there are."""
    more = f" and {len(said) - most} more" if len(said) > most else ""
    return between.join(said[:most]) + more
