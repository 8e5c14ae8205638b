"""A question as a form: a sentence with a field in the place of each value, and the fields that it leaves out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from crmgraph.library import LibraryQuestion, Parameter, Piece, Value, called, said

__all__ = ["Field", "Form", "Option", "Part", "form_of", "sentence", "value_names"]

_MOST_IN_A_MENU = 60
"""How many values a menu may offer; where there are more, they are suggested to who types."""

_LONGEST_IN_A_MENU = 60
"""Names that are longer than this on the average are suggested too: nobody finds one among them."""


_ENDINGS = ",;:.?!)"
"""What ends words and is not parted from them, even where they are in a field."""


@dataclass(frozen=True)
class Option:
    """A value that may be chosen: as an address has it, and what it is called."""

    text: str
    name: str


@dataclass(frozen=True)
class Field:
    """A parameter as a field: what it means, how it is filled in (`menu`, `search`, `number` or `words`), what with.

    `value` is what stands in it: in a menu the text of an option, else what is called so, or just what was given.
    """

    name: str
    meaning: str
    kind: str
    value: str
    options: tuple[Option, ...] = ()
    is_wrong: bool = False


@dataclass(frozen=True)
class Part:
    """Some words of the sentence and the field behind them, None at the end; `ending` stays with the field."""

    words: str
    field: Field | None
    ending: str = ""


@dataclass(frozen=True)
class Form:
    """The sentence, without parts where there is none, and the other fields, which `opens_more` shows at once."""

    sentence: tuple[Part, ...]
    more: tuple[Field, ...]
    opens_more: bool

    @property
    def searches(self) -> str:
        """Where the first field is that is filled in by typing a name: in the `sentence`, in `more`, or nowhere."""
        kinds = {"sentence": [part.field for part in self.sentence if part.field], "more": self.more}
        return next((place for place, fields in kinds.items() if any(each.kind == "search" for each in fields)), "")

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields, as they come."""
        return (*(part.field for part in self.sentence if part.field), *self.more)


def form_of(
    question: LibraryQuestion,
    values: Mapping[str, str],
    allowed: Mapping[str, tuple[Value, ...]],
    wrong: Mapping[str, str],
    language: str,
) -> Form:
    """The form of a question in this language, with `values` in its fields.

    `allowed` has the values of each parameter that does not take just anything, `wrong` what was given for parameters
    that may not have it.
    """
    fields = {
        parameter.name: _field(parameter, values[parameter.name], allowed.get(parameter.name, ()), wrong, language)
        for parameter in question.parameters
    }
    pieces = question.phrase.get(language, ())
    inside = {piece.parameter for piece in pieces}
    outside = [parameter for parameter in question.parameters if parameter.name not in inside]
    changed = any(values[each.name] != each.default for each in outside if each.name != "lang")
    return Form(
        tuple(_parts(pieces, fields)),
        tuple(fields[each.name] for each in outside),
        changed or any(each.name in wrong for each in outside),
    )


def _parts(pieces: Sequence[Piece], fields: Mapping[str, Field]) -> Iterator[Part]:
    """The words of the pieces and their fields, each with the ending that the next words begin with."""
    said = [piece.before for piece in pieces]
    words = [*said[:1], *(each.lstrip(_ENDINGS) for each in said[1:])]
    endings = [each[: len(each) - len(rest)] for each, rest in zip(said, words, strict=True)]
    following = [*endings[1:], ""][: len(pieces)]
    for piece, rest, ending in zip(pieces, words, following, strict=True):
        yield Part(rest, fields.get(piece.parameter), ending)


def sentence(
    question: LibraryQuestion,
    values: Mapping[str, str],
    allowed: Mapping[str, tuple[Value, ...]],
    language: str,
) -> str:
    """What is asked with these values, in words."""
    labels = {
        each.name: said(each, values[each.name], called(allowed.get(each.name, ()), language), language)
        for each in question.parameters
    }
    return question.asked(language, labels)


def value_names(
    question: LibraryQuestion,
    values: Mapping[str, str],
    allowed: Mapping[str, tuple[Value, ...]],
    language: str,
) -> dict[str, str]:
    """What these values are called in the form, by parameter; those without a name as they are."""
    return {
        each.name: called(allowed.get(each.name, ()), language).get(values[each.name], values[each.name])
        for each in question.parameters
    }


def _field(
    parameter: Parameter, value: str, allowed: tuple[Value, ...], wrong: Mapping[str, str], language: str
) -> Field:
    names = called(allowed, language)
    options = tuple(Option(text, name) for text, name in names.items())
    given = wrong.get(parameter.name)
    kind, shown = _kind(parameter, options), value
    if kind == "search":
        shown = names.get(value, value)
    if given is not None:
        # A menu has no place for what is in none of its options.
        kind, shown = "search" if kind == "menu" else kind, given
    if kind == "menu":
        # What is chosen stands in the sentence; what is typed has to be a name.
        options = tuple(Option(text, parameter.words.get(text, {}).get(language, name)) for text, name in names.items())
    meaning = parameter.description[language].rstrip(".")
    return Field(parameter.name, meaning, kind, shown, options, given is not None)


def _kind(parameter: Parameter, options: tuple[Option, ...]) -> str:
    if not options:
        return "number" if parameter.type == "integer" else "words"
    lengths = sum(len(option.name) for option in options) / len(options)
    return "menu" if len(options) <= _MOST_IN_A_MENU and lengths <= _LONGEST_IN_A_MENU else "search"
