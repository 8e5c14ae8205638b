"""The words of a plan that say what an acronym stands for."""

import re
from collections.abc import Iterator, Sequence

from crmgraph.describing.naming.namesakes import SMALL_WORDS
from crmgraph.reading.folding import key

__all__ = ["initials", "introduced", "spelled_out"]

_MARKS = r"\u0300-\u036f"  # an accent may stand apart, behind its letter
_HENCEFORTH = r"(?:en adelante|en lo sucesivo|hereinafter|henceforth)"
_ARTICLE = r"(?:(?:el|la|los|las|the) )?"
_BY_ITS = rf"(?:,? (?:por|for) (?:sus?|its) (?:siglas|acronym)(?: [\w{_MARKS}]+){{0,2}})"
_WORD = re.compile(rf"\w[\w{_MARKS}]*")
_STOP = re.compile(rf"[^\w\s’'{_MARKS}-]|\d")
_WITHIN = re.compile(r"[^\W\d_][^.:;(“«]*\Z")
_LINKS = frozenset(
    _WORD.findall("and contra de del e el en entre for la las los of on para por pro sin sobre the to u without y")
)
_INFINITIVE = re.compile(r"[^\W\d_]+[aei]r(?:se)?")
_FARTHEST, _LONGEST = 3, 400
"""How many words may stand between an acronym and its name in brackets; how many characters a name may have."""
_FEWEST_INITIALS, _MOST_INITIALS = 3, 8
_KINDS = frozenset(
    _WORD.findall(
        """
        agencia alianza asociacion autoridad banco caja camara centro colegio comision comite confederacion
        consejo convenio cooperativa coordinadora corporacion departamento direccion empresa escuela estrategia
        federacion fondo foro fundacion grupo iniciativa instituto junta ley mancomunidad marco mecanismo
        ministerio movimiento oficina organismo organizacion plan programa protocolo proyecto red registro
        secretaria servicio sindicato sistema sociedad subsecretaria unidad union universidad agency alliance
        association authority bank bureau centre center chamber college commission committee company
        confederation corporation council department federation force foundation framework fund group initiative
        institute mechanism ministry movement network office organisation organization programme program project
        register secretariat service society strategy system team trust union unit university
        """
    )
)
"""What things that have acronyms are: “la agencia alemana de cooperación” is a name, though it is written small."""


def spelled_out(letters: str, text: str) -> tuple[int, int] | None:
    """Where in a text words stand whose beginnings make the letters, right before or behind them in brackets or so.

    Such as "… (ABC)", "… — ABC —", "… en adelante ABC", "ABC (…)", and "ABC de Granada (…)".
    """
    for match in _behind(letters).finditer(text):
        words = list(_WORD.finditer(text, max(0, match.start() - _LONGEST), match.start()))
        for first in range(len(words) - 1, max(-1, len(words) - 3 * len(letters)), -1):
            if _makes([key(word[0]) for word in words[first:]], key(letters)):
                return words[first].start(), words[-1].end()
    for match in _before(letters, _FARTHEST).finditer(text):
        if _makes(_WORD.findall(key(match[1])), key(letters)):
            return match.span(1)
    return None


def introduced(letters: str, text: str) -> tuple[int, int] | None:
    """Where in a text a name stands that introduces letters which nobody knows, whatever letters it gives itself.

    A name of two words or more stands right before them, or behind them in brackets (Agencia Noruega de Cooperación,
    NORAD).
    """
    for match in _behind(letters).finditer(text):
        found = _name_before(text, match.start())
        if found is not None:
            return found
    for match in _before(letters, 0).finditer(text):
        found = _name_before(text, match.end(1))
        if found is not None and found[0] == match.start(1):
            return found
    return None


def _behind(letters: str) -> re.Pattern[str]:
    """What an acronym is given by behind its name."""
    quoted = rf"[“\"«']?{letters}(?:[’'`]?s)?[”\"»']?"
    return re.compile(
        rf"\s*(?:\((?:{_HENCEFORTH},? )?{_ARTICLE}{quoted}{_BY_ITS}?\)|[–—-] ?{letters} ?[–—-](?!\w)"
        rf"|,? {_HENCEFORTH},? {_ARTICLE}{quoted}(?!\w)|,? \(?{quoted}{_BY_ITS})"
    )


def _before(letters: str, farthest: int) -> re.Pattern[str]:
    """An acronym with its name in brackets behind it, at most so many words away."""
    return re.compile(rf"(?<!\w){letters}(?: [\w{_MARKS}]+){{0,{farthest}}}\s*\([“\"«']?([^()“”\"«»]+)[”\"»']?\)")


def _name_before(text: str, end: int) -> tuple[int, int] | None:
    """The name of two words or more that ends at a place: of words in capitals, or one that begins with its kind."""
    begin = max([max(0, end - _LONGEST), *(stop.end() for stop in _STOP.finditer(text, max(0, end - _LONGEST), end))])
    words = list(_WORD.finditer(text, begin, end))
    opens = bool(words) and not _WITHIN.search(text[max(0, begin - _LONGEST) : words[0].start()])
    first = _first_capital(words, opens)
    if first is None:
        first = next((each for each in range(len(words) - 1, -1, -1) if key(words[each][0]) in _KINDS), None)
        if first is None or not _is_linked([key(word[0]) for word in words[first:]]):
            return None
    return words[first].start(), words[-1].end()


def _first_capital(words: Sequence[re.Match[str]], opens: bool) -> int | None:
    """Where among words the row of capitals at their end begins, if it has two or more; `opens` if a sentence does.

    The first word of a sentence has its capital for that, unless another follows at once.
    """
    first, count = None, 0
    for place in range(len(words) - 1, -1, -1):
        word = words[place][0]
        if word[0].isupper():
            is_first = place == 0 and opens
            if is_first and (_INFINITIVE.fullmatch(word) or (count and first != 1)):
                break
            first, count = place, count + 1
        elif key(word) not in _LINKS or first is None:
            break
    return first if count > 1 else None


def _is_linked(said: Sequence[str]) -> bool:
    """Whether words that begin with a kind of thing go on with what it is of or for, and end with that."""
    links = [place for place, word in enumerate(said) if word in _LINKS]
    return bool(links) and said[-1] not in _LINKS


def initials(text: str) -> Iterator[tuple[str, int, int]]:
    """The initials of the names in capitals in a text, with where each name stands; so of each beginning of a name."""
    row: list[re.Match[str]] = []
    for word in _WORD.finditer(text):
        if row and _STOP.search(text, row[-1].end(), word.end()):
            row.clear()
        if word[0][0].isupper() and not word[0].isupper():
            row = [*row[-_MOST_INITIALS + 1 :], word]
            letters = "".join(key(each[0])[:1] for each in row)
            for first in range(len(row) - _FEWEST_INITIALS + 1):
                yield letters[first:], row[first].start(), word.end()
        elif key(word[0]) not in _LINKS:
            row.clear()


def _makes(words: list[str], letters: str) -> bool:
    """Whether two or more words give the letters, each one or more of its first; a small word may give none."""
    if not words or words[0] in SMALL_WORDS or sum(word not in SMALL_WORDS for word in words) < 2:
        return False
    reached = {0}
    for word in words:
        given = reached if word in SMALL_WORDS else set()
        reached = given | {
            place + count
            for place in reached
            for count in range(1, min(len(word), len(letters) - place) + 1)
            if letters.startswith(word[:count], place)
        }
    return len(letters) in reached
