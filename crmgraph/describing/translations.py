"""A translation memory: what a text of a plan in Spanish says in English, or the other way round, by whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rdflib import RDF, RDFS, Literal, URIRef

from crmgraph.describing.scribe import Scribe
from crmgraph.describing.tables import Column, read_table
from crmgraph.describing.things import Things
from crmgraph.describing.vocabulary import CG
from crmgraph.errors import Place, UsageError
from crmgraph.reading.folding import tidy
from crmgraph.reading.languages import other_language
from crmgraph.reading.model import CrossReference, Leaf, Passage, Plan, Referral

__all__ = ["Translation", "Translations", "describe_title", "read_translations"]


@dataclass(frozen=True)
class Translation:
    """A text in the other language and the id of the annotator who put it so."""

    text: str
    translator: str


Translations = Mapping[str, Translation]
"""By the text as the plan has it, with blank space folded."""

_COLUMNS = (Column("es", required=True), Column("en", required=True), Column("translator", required=True))


def read_translations(file: Path, plan: Plan, things: Things) -> Translations:
    """The translations in a CSV table of columns es, en, translator; none where there is no such file.

    The column of the plan's language has its own words. Raises TableError where a row lacks a text, names a
    translator that no table has, or has a text that is there twice or is not one of `plan`: its title, a heading, or
    all that a part says; and UsageError where the plan is in none of the two languages.
    """
    if not file.exists():
        return {}
    language = plan.language
    if language not in ("es", "en"):
        raise UsageError(
            f"the plan {plan.id} is in the language {language}, and tables translate es and en", Place(file)
        )
    said = {tidy(leaf.exact) for leaf in plan.leaves}
    said |= {tidy(part.text) for part, _ in plan.walk() if not isinstance(part, Referral | CrossReference)}
    translations = {}
    for row in read_table(file, _COLUMNS, key=(language,)):
        own = row[language]
        if own not in said:
            raise row.problem(language, f'no part of the plan says "{own}"; write all its words, as they stand there')
        try:
            things.thing(f"annotator/{row['translator']}", ("annotator",))
        except ValueError as error:
            raise row.problem("translator", str(error)) from None
        translations[own] = Translation(row[other_language(language)], row["translator"])
    return translations


def describe_title(
    subject: URIRef, text: str, passage: Passage | Leaf | None, translations: Translations, scribe: Scribe
) -> None:
    """The label of `subject`: its text, and in the other language where there is a translation of what `passage` says.

    The label that is a translation is a statement of its own, a cg:Translation, attributed to the translator.
    """
    label = tidy(text)
    scribe.graph.add((subject, RDFS.label, Literal(label, scribe.plan.language)))
    translation = translations.get(label)
    if translation is not None and passage is not None:
        other = Literal(translation.text, other_language(scribe.plan.language))
        said = scribe.state(subject, RDFS.label, other, passage, translation.translator)
        scribe.graph.add((said, RDF.type, CG.Translation))
