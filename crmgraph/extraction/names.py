"""Words of names and texts in comparable form, variants and misspellings of names, and acronyms.

Word lists and patterns are in `lexicon/names.yaml` and `lexicon/acronyms.yaml`. The full form of an acronym is found by
the algorithm of A. S. Schwartz and M. A. Hearst: A simple algorithm for identifying abbreviation definitions in
biomedical text, PSB 2003.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from itertools import accumulate, groupby, pairwise, product
from operator import itemgetter
from typing import NamedTuple

from babel import Locale
from babel.localedata import exists
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from crmgraph.lexicon import patterns
from crmgraph.reading.languages import fold, key, tidy

_NAME_PATTERNS = patterns("names")
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
# Each character is replaced by one character, so that offsets stay valid. Invisible characters become a combining mark,
# which folding removes; superscript digits are footnote marks.
_ALIKE = str.maketrans(
    dict.fromkeys("’‘ʼ´`", "'")
    | dict.fromkeys("‐‑–—−", "-")
    | dict.fromkeys(_INVISIBLE, "\u0301")
    | dict.fromkeys("⁰¹²³⁴⁵⁶⁷⁸⁹", "^")
)
_HYPHENS, _ALPHANUMERIC, _PLURAL = re.compile(r"[\s-]+"), re.compile(r"[^\W_]+"), re.compile(r"['’]?[sS]$")
_MOST_INFLECTED = 6
_DOTTED, _READABLE, _LONGEST_ACRONYM = 3, 5, 8
"""Minimum lengths, in letters, of an acronym with dots and of one read as a word (Acnur), and the maximum length."""
_LONG_WORD, _WORD, _WORDS = 7, 4, 3
"""The minimum length of a long word and of a content word, and the minimum number of content words in a long name."""


class Word(NamedTuple):
    """A word or punctuation mark of a text.

    Attributes:
        form: The folded form, by which words are compared.
        start: The offset of the first code point.
        end: The offset after the last code point.
    """

    form: str
    start: int
    end: int


@cache
def word_list(name: str) -> frozenset[str]:
    """Return the words of an entry of `lexicon/names.yaml`, in all languages."""
    entry = _NAME_PATTERNS.raw(name)
    return frozenset(
        word for words in (entry.values() if isinstance(entry, dict) else [entry]) for word in words.split()
    )


def address_spans(text: str) -> list[tuple[int, int]]:
    """Return the spans of URLs and email addresses in a text, whose words are not part of the sentence."""
    return [match.span() for match in re.finditer(_NAME_PATTERNS.source("address"), text, re.IGNORECASE)]


def words(text: str) -> list[Word]:
    """Return the words and punctuation marks of a text. A hyphen between two words is a separator, like a space.

    A prefix with a hyphen (anti-inmigrantes) forms one word with what follows, except before a capital (pro-México).
    The ending of the other gender (refugiados/as) is part of its word. A URL or email address is one word.
    """
    folded = fold(text.translate(_ALIKE))
    found = []
    for match in _NAME_PATTERNS["token"].finditer(folded.text):
        start, end = folded.original(match.start(), match.end())
        end = start + len(text[start:end].rstrip(_INVISIBLE))
        form, prefix = match["word"] or match[0], match["prefix"] or ""
        if prefix:
            middle, _ = folded.original(match.start("word"), match.end())
            if text[start].islower() and text[middle].isupper():
                found.append(Word(prefix, start, middle - 1))
                start, prefix = middle, ""
        found.append(Word(_NAME_PATTERNS["doubled_r"].sub(r"\1r", prefix + form), start, end))
    return found


def name_spellings(name: str) -> list[tuple[str, ...]]:
    """Return the folded words of a name in each of its spellings, as written first.

    Prefixes may be joined or apart (Pro-Témpore, Pro Témpore).
    """
    ways = (name, *(pattern.sub(new, name) for pattern, new in _NAME_PATTERNS.pairs("prefixes")))
    return [tuple(word.form for word in words(way)) for way in dict.fromkeys(ways)]


def is_acronym(name: str) -> bool:
    """Return whether a name is an acronym, by its capitals and length (OIM, CEPAL/CELADE, EE. UU., ONG’s)."""
    runs = _ALPHANUMERIC.findall(singular_acronym(name))
    return (
        name[:1].isupper()
        and len("".join(runs)) > 1
        and all(
            len(run) <= _LONGEST_ACRONYM and 2 * sum(map(str.isupper, run)) > sum(map(str.isalpha, run)) for run in runs
        )
    )


def singular_acronym(name: str) -> str:
    """Return an acronym without the s of the plural: ONG for ONG’s."""
    return _PLURAL.sub("", name) if name[-1:].islower() else name


def acronym_forms(name: str) -> list[tuple[tuple[str, ...], tuple[int, ...]]]:
    """Return the variants of an acronym, itself first: plural (ONGs, ONG’s), with dots (O.I.M.) and without dots.

    Each comes with the number of capital letters that a word must have to match it: all of its letters, or one if the
    acronym is long enough to be read as a word (Acnur).
    """
    said = words(name)
    forms = tuple(word.form for word in said)
    is_readable = len(forms) == 1 and len(name) >= _READABLE
    capitals = (1,) if is_readable else tuple(sum(map(str.isupper, name[word.start : word.end])) for word in said)
    ways = [(forms, capitals)]
    if forms[-1].isalpha() and forms[-2:-1] != ("'",):
        ways.append(((*forms[:-1], forms[-1] + "s"), capitals))
        ways.append(((*forms, "'", "s"), (*capitals, 0, 0)))
    if len(forms) == 1 and len(name) >= _DOTTED and name.isalpha() and name.isupper():
        dotted, count = tuple(sign for letter in forms[0] for sign in (letter, ".")), (1, 0) * len(name)
        ways += [(dotted, count), (dotted[:-1], count[:-1])]
    if "." in forms:
        bare = [(form, count) for form, count in zip(forms, capitals, strict=True) if form != "."]
        without = tuple(form for form, _ in bare)
        ways += [(without, tuple(count for _, count in bare)), (("".join(without),), (sum(c for _, c in bare),))]
        ways.append((forms[:-1], capitals[:-1]))
    return ways


def accent_form(mention: str, names: Iterable[str]) -> str | None:
    """Return "unaccented" if a mention lacks accents of the name, "misspelling" if it has others; else None.

    If names of the thing differ in their accents, a mention without accents of only some of them gives None.

    Args:
        mention: The mention.
        names: The correct names of the thing. Hyphens are ignored.
    """
    mention, *others = (tidy(_HYPHENS.sub(" ", name)).casefold() for name in (mention, *names))
    marks, known = _accents(mention), [_accents(name) for name in others if key(name) == key(mention)]
    if not known or marks in known:
        return None
    if all(marks < each for each in known):
        return "unaccented"
    return None if any(marks < each for each in known) else "misspelling"


def _accents(text: str) -> set[tuple[int, str]]:
    """Return the accents of a text, each with the number of letters before it."""
    signs = unicodedata.normalize("NFD", text)
    letters = accumulate((not unicodedata.combining(sign) for sign in signs), initial=0)
    return {(before, sign) for before, sign in zip(letters, signs, strict=False) if unicodedata.combining(sign)}


def inflections(name: tuple[str, ...], is_people: bool) -> set[tuple[str, ...]]:
    """Return the other forms of a Spanish name: singular or plural, and feminine for people.

    Words after a preposition are unchanged. A feminine name has no masculine form, since “funcionarios” includes women,
    but “funcionarias” no men. If two forms are possible, both are returned: the wrong one (“autoridade”) does no harm,
    since it does not occur in texts. A stemmer is no alternative: Snowball conflates “trata”, “tratar” and “tratado”,
    and separates “aerolínea” from “aerolíneas”.

    Args:
        name: The folded words.
        is_people: Whether the name is of a group of people.
    """
    end = next((place for place, word in enumerate(name) if _NAME_PATTERNS["preposition"].fullmatch(word)), len(name))
    head, rest = name[:end], name[end:]
    if not head or not head[0].isalpha() or len(head) > _MOST_INFLECTED:
        return set()
    number = "singulars" if _NAME_PATTERNS["plural"].fullmatch(head[0]) else "plurals"
    forms = {head, *product(*(_other_forms(word, number) for word in head))}
    if is_people and _NAME_PATTERNS["person"].search(head[0]):
        forms |= {tuple(_other_forms(word, "feminines")[0] for word in form) for form in forms}
    return {(*form, *rest) for form in forms} - {name}


def _other_forms(word: str, kind: str) -> list[str]:
    """Return a word in another number or gender; the word itself if it has no other form.

    `kind` is "singulars", "plurals" or "feminines".
    """
    if _NAME_PATTERNS["invariable"].fullmatch(word) or (
        kind == "singulars" and not _NAME_PATTERNS["plural"].fullmatch(word)
    ):
        return [word]
    found = [pattern.sub(new, word, count=1) for pattern, new in _NAME_PATTERNS.pairs(kind) if pattern.search(word)]
    return found[:1] if kind == "plurals" else found or [word]


def is_long_name(name: Collection[str]) -> bool:
    """Return whether a name has at least three words of four letters.

    Such a name is recognisable despite a misspelling.
    """
    return sum(len(word) >= _WORD for word in name) >= _WORDS


class Corrections:
    """An index of words that finds the word meant by a misspelling.

    A misspelling has one edit: an extra, missing or wrong letter, or two letters transposed.
    """

    def __init__(
        self, words: Iterable[str], known: Collection[str], *misspelling_tests: Callable[[str, str], bool]
    ) -> None:
        """Index the words.

        Args:
            words: The words, folded.
            known: Correct words, which are never taken for misspellings.
            misspelling_tests: Functions that return whether the second word may be a misspelling of the first. One is
                enough.
        """
        self._known, self._misspelling_tests = frozenset(known), misspelling_tests
        self._by_first = {first: list(group) for first, group in groupby(sorted(words), key=itemgetter(0))}

    def word_meant(self, word: str) -> str | None:
        """Return the word meant by a folded misspelling; None if there is none, or more than one."""
        words = self._by_first.get(word[0], ()) if word not in self._known else ()
        near = (each for each, *_ in extract(word, words, scorer=OSA.distance, score_cutoff=1, limit=None))
        meant = [each for each in near if any(is_misspelling(each, word) for is_misspelling in self._misspelling_tests)]
        return meant[0] if len(meant) == 1 else None


def is_transposed_or_doubled(word: str, slip: str) -> bool:
    """Return whether `slip` is `word` with two letters transposed or one doubled."""
    is_doubled = len(slip) > len(word) and [*map(itemgetter(0), groupby(slip))] == [*map(itemgetter(0), groupby(word))]
    return is_doubled or sorted(word) == sorted(slip)


def lacks_letter(word: str, slip: str) -> bool:
    """Return whether `slip` is `word` without one letter.

    The last two letters must not change, since the result may be another form of the word. Only a missing u before the
    last letter is accepted.
    """
    return len(slip) < len(word) and (slip[-2:] == word[-2:] or (word[-2] == "u" and slip[-1] == word[-1]))


def is_long_word(word: str, slip: str) -> bool:
    """Return whether a word is so long that `slip`, one edit away, is a misspelling and not another word.

    Changes of the last two letters are excluded, since they make other words or forms (emigración, refugiadas).
    """
    return len(word) >= _LONG_WORD and slip.isalpha() and slip[-2:] == word[-2:]


def longer_place_names(languages: Collection[str]) -> Iterator[str]:
    """Yield names that contain the name of a State, group or topic but are others (Nuevo México, social media).

    They come from `lexicon/names.yaml` and from the territories in Unicode CLDR.
    """
    for language in languages:
        yield from _NAME_PATTERNS.raw("other_places").get(language, ())
        if exists(language):
            yield from (name for name in Locale.parse(language).territories.values() if " " in name or "-" in name)


_ACRONYM_PATTERNS = patterns("acronyms")
_CONTEXT, _LONGEST_NAME, _SHORTEST_WORD, _FEWEST_INITIALS = 300, 400, 8, 3
_STOP = re.compile(r"[^\w\s’'\u0300-\u036f-]|\d")
_VOWEL, _CONSONANTS = re.compile(r"[AEIOUYÁÉÍÓÚÜ]"), re.compile(r"[^AEIOUYÁÉÍÓÚÜ]{4}")


class Acronym(NamedTuple):
    """An acronym in a text.

    Attributes:
        start: The offset of the first code point.
        end: The offset after the last code point.
        letters: The letters, without dots and plural ending.
        is_doubtful: Whether the capitals may be something else: a word of a heading, as another in capitals is beside
            it; a series (ruta CA-4); part of a personal name (J. PÉREZ); or a name in capitals (FACEBOOK).
    """

    start: int
    end: int
    letters: str
    is_doubtful: bool


@cache
def _excluded_acronyms() -> frozenset[str]:
    """Return words in capitals that are not acronyms of bodies, such as PDF, MXN and function words."""
    return frozenset(" ".join(_ACRONYM_PATTERNS.raw("everyday").values()).upper().split()) | {
        word.upper() for word in word_list("small_words")
    }


def find_acronyms(text: str) -> Iterator[Acronym]:
    """Yield the acronyms in a text; none if the whole text is in capitals.

    Roman numerals, function words (DE), common abbreviations (PDF), currency codes (MXN) and titles of themes (el tema
    «AGUA») are left out.
    """
    if not any(map(str.islower, text)):
        return
    apart = address_spans(text)
    capitals = [
        (token, letters)
        for token in _ACRONYM_PATTERNS["token"].finditer(text)
        if (letters := re.sub(r"[.\s]", "", _without_plural_ending(token[0]))).isupper()
        and not _ACRONYM_PATTERNS["roman"].match(letters)
        and not any(start <= token.start() and token.end() <= end for start, end in apart)
    ]
    for place, (token, letters) in enumerate(capitals):
        before = text[max(0, token.start() - _CONTEXT) : token.start()]
        if {letters, key(letters).upper()} & _excluded_acronyms() or _ACRONYM_PATTERNS["title_of_theme"].search(before):
            continue
        row = [each for each, _ in capitals[max(0, place - 1) : place + 2]]
        is_doubtful = (
            any(
                _ACRONYM_PATTERNS["between"].fullmatch(text, left.end(), right.start()) for left, right in pairwise(row)
            )
            or _ACRONYM_PATTERNS["number_behind"].match(text, token.end()) is not None
            or _ACRONYM_PATTERNS["initial_before"].search(before) is not None
            # Long capitals that can be pronounced are rather a name (MERCOSUR) than initials.
            or (
                len(letters) >= _SHORTEST_WORD
                and 3 * len(_VOWEL.findall(letters)) >= len(letters)
                and not _CONSONANTS.search(letters)
            )
        )
        yield Acronym(token.start(), token.start() + len(_without_plural_ending(token[0])), letters, is_doubtful)


def _without_plural_ending(token: str) -> str:
    return token.rstrip("s").rstrip("’'`")


def find_expansion(letters: str, text: str, by_letters: bool) -> tuple[int, int] | None:
    """Return the span of the name that an acronym stands for, where a text introduces it; None if it does not.

    The name is right before the acronym or in brackets after it: "… (ABC)", "… — ABC —", "… en adelante ABC", "ABC (…)"
    and "ABC de Granada (…)".

    Args:
        letters: The acronym.
        text: The text.
        by_letters: Whether the name must contain the letters of the acronym in order (Schwartz and Hearst). If not, any
            name of two or more words counts that is in capitals or begins with a kind of body, such as "Agencia".
    """
    name = _ACRONYM_PATTERNS["name"]
    for begin, words, is_whole in _introduced_names(letters, text, by_letters):
        named = None if by_letters else name.search(words)
        found = _long_form(letters, words) if by_letters else named and (named.start(), len(words.rstrip()))
        if found and (found[0] == 0 or not is_whole):
            return begin + found[0], begin + found[1]
    return None


def _introduced_names(letters: str, text: str, may_be_apart: bool) -> Iterator[tuple[int, str, bool]]:
    """Yield the possible names of an acronym in a text.

    Each is a triple: the offset, the words, and whether the name must begin with the first of these words.

    Args:
        letters: The acronym.
        text: The text.
        may_be_apart: Whether other words may be between the acronym and its name in brackets.
    """
    for match in _introduction("introduction", letters).finditer(text):
        begin = max(0, match.start() - _LONGEST_NAME)
        begin = max([begin, *(stop.end() for stop in _STOP.finditer(text, begin, match.start()))])
        yield begin, text[begin : match.start()], False
    yield from (
        (match.start("name"), match["name"], True)
        for match in _introduction("name_in_brackets", letters).finditer(text)
        if may_be_apart or not match["between"]
    )


def find_name_by_initials(letters: str, text: str) -> tuple[int, int] | None:
    """Return the span of a name of at least three capitalised words with these initials; None if there is none."""
    between = _ACRONYM_PATTERNS.expand(r"(?:\s+{link})*\s+")
    words = (rf"{letter}(?=\w*[^\W\d_A-Z])" + _ACRONYM_PATTERNS.source("word") for letter in letters)
    found = re.search(rf"(?<!\w){between.join(words)}", text) if len(letters) >= _FEWEST_INITIALS else None
    return found.span() if found else None


@cache
def _introduction(name: str, letters: str) -> re.Pattern[str]:
    """Return the pattern `name` for the introduction of the acronym `letters`."""
    return re.compile(_ACRONYM_PATTERNS.source(name).replace("{letters}", letters))


def _long_form(letters: str, before: str) -> tuple[int, int] | None:
    """Return the span of the long form of an acronym in the words before it; None if there is none.

    It is the shortest sequence of words that contains the letters in order and begins with the first letter.
    """
    folded, short = fold(before.rstrip()), key(letters)
    text, at = folded.text, len(folded.text)
    for place in range(len(short) - 1, -1, -1):
        at = text.rfind(short[place], 0, at)
        while place == 0 and at > 0 and text[at - 1].isalnum():
            at = text.rfind(short[0], 0, at)
        if at < 0:
            return None
    count = len(text[at:].split())
    is_name = text[at:].split()[0] not in word_list("small_words")
    return folded.original(at, len(text)) if is_name and 2 <= count <= min(len(short) + 5, 2 * len(short)) else None


def find_words_without_accent(text: str) -> list[tuple[int, int]]:
    """Return the spans of Spanish words without their accent: of -ción, -misión, gestión, más and the future tense.

    The spans are in code points, end exclusive. Quotations in other languages (“La gestion des eaux”) are left out.
    """
    found = {match.span("word") for pattern in _ACRONYM_PATTERNS.each("bare") for match in pattern.finditer(text)}
    apart = address_spans(text) if found else []
    apart += [
        quote.span()
        for quote in _ACRONYM_PATTERNS["quotation"].finditer(text)
        if _ACRONYM_PATTERNS["foreign"].search(quote[0])
    ]
    return sorted(span for span in found if not any(start <= span[0] and span[1] <= end for start, end in apart))
