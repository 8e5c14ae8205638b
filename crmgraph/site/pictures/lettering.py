"""How long words are when they are written, and how they are broken into lines, without a font to measure them by."""

from markupsafe import Markup

__all__ = ["BOLD", "LETTER", "length", "lines", "turned"]

LETTER = 13
"""The size of letters in pictures, in pixels."""

BOLD = 1.13
"""How much longer bold letters are; a size is multiplied by it."""

# Parts of the size of a letter, as in DejaVu: wider faces are rarely met with.
_NARROW, _USUAL, _CAPITAL, _WIDE = 0.38, 0.63, 0.73, 0.98
_NARROW_LETTERS = frozenset("iljtfrI.,:;'’|!()[]/- ")
_WIDE_LETTERS = frozenset("mwMW—…%@")


def length(text: str, size: float = LETTER) -> float:
    """How many pixels the text takes in letters of this size, rather too many than too few."""
    return size * sum(map(_part, text))


def lines(text: str, room: float, most: int, size: float = LETTER) -> tuple[str, ...]:
    """The text in lines that are no longer than `room` pixels; what `most` lines do not hold ends in “…”."""
    broken: list[str] = []
    for word in text.split():
        longer = f"{broken[-1]} {word}" if broken else word
        if broken and length(longer, size) <= room:
            broken[-1] = longer
        else:
            broken.append(word)
    kept = broken[:most]
    if len(broken) > most:
        kept[-1] = _shortened(kept[-1], room, size)
    return tuple(_cut(line, room, size) for line in kept)


def turned(text: str, height: float, title: str = "") -> Markup:
    """The heading of a narrow column, which is read from below to above: two lines, `height` rem long at most."""
    broken = Markup("<br>").join(lines(text, height * 16, 2, 12.5))
    return Markup('<span title="{}">{}</span>').format(title or text, broken)


def _shortened(line: str, room: float, size: float) -> str:
    """The line without the last words that leave no room for “…”, and with that."""
    words = line.split()
    while len(words) > 1 and length(f"{' '.join(words)}…", size) > room:
        words.pop()
    return f"{' '.join(words).rstrip(',;:.')}…"


def _cut(line: str, room: float, size: float) -> str:
    """The line as it is where it fits, as one word that is too long does not; else its beginning and “…”."""
    if length(line, size) <= room:
        return line
    kept = line.rstrip("…")
    while kept and length(kept + "…", size) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def _part(letter: str) -> float:
    if letter in _NARROW_LETTERS:
        return _NARROW
    if letter in _WIDE_LETTERS:
        return _WIDE
    return _CAPITAL if letter.isupper() else _USUAL
