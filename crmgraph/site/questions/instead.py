"""What may be asked instead of a question whose answer is empty."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from crmgraph.library import ANY, LibraryQuestion
from crmgraph.site.questions.allowed import Allowed
from crmgraph.site.questions.forms import sentence, value_names

__all__ = ["Instead", "instead_of"]

_SOUGHT = ("iri", "string")


@dataclass(frozen=True)
class Instead:
    """The same question with a value left open, each in words with its path; and words to search for everywhere."""

    wider: tuple[tuple[str, str], ...]
    words: tuple[str, ...]


def instead_of(question: LibraryQuestion, values: Mapping[str, str], allowed: Allowed, language: str) -> Instead:
    """What may be asked instead of the question with a value for each of its parameters."""
    asked = {piece.parameter for piece in question.phrase.get(language, ())}
    given = [each for each in question.parameters if each.name in asked and values[each.name] != ANY]
    wider = ({**values, each.name: ANY} for each in given if each.open)
    names = value_names(question, values, allowed, language)
    return Instead(
        tuple(
            (sentence(question, each, allowed, language), f"/queries/{question.name}?{urlencode(each)}")
            for each in wider
        ),
        tuple(names[each.name].removesuffix(" …") for each in given if each.type in _SOUGHT and not each.choices),
    )
