"""A translation memory: what a text of the plan says in English, by whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rdflib import RDF, RDFS, Literal, URIRef

from crmgraph.describing.scribe import Scribe
from crmgraph.describing.tables import Column, read_table
from crmgraph.describing.things import Things
from crmgraph.describing.vocabulary import CG
from crmgraph.reading.folding import tidy
from crmgraph.reading.plan import CrossReference, Leaf, Passage, Plan, Referral

__all__ = ["Translation", "Translations", "describe_title", "read_translations"]


@dataclass(frozen=True)
class Translation:
    """A text in English and the id of the annotator who put it so."""

    english: str
    translator: str


Translations = Mapping[str, Translation]
"""By the Spanish text, with blank space folded."""

_COLUMNS = (Column("es", required=True), Column("en", required=True), Column("translator", required=True))


def read_translations(file: Path, plan: Plan, things: Things) -> Translations:
    """The translations in a CSV table of columns es, en, translator; none where there is no such file.

    Raises TableError where a row lacks a text, names a translator that no table has, or has a text that is there twice
    or is not one of `plan`: its title, a heading, or all that a part says.
    """
    if not file.exists():
        return {}
    said = {tidy(leaf.exact) for leaf in plan.leaves}
    said |= {tidy(part.text) for part, _ in plan.walk() if not isinstance(part, Referral | CrossReference)}
    translations = {}
    for row in read_table(file, _COLUMNS, key=("es",)):
        if row["es"] not in said:
            raise row.problem("es", f'no part of the plan says "{row["es"]}"; write all its words, as they stand there')
        try:
            things.thing(f"annotator/{row['translator']}", ("annotator",))
        except ValueError as error:
            raise row.problem("translator", str(error)) from None
        translations[row["es"]] = Translation(row["en"], row["translator"])
    return translations


def describe_title(
    subject: URIRef, text: str, passage: Passage | Leaf | None, translations: Translations, scribe: Scribe
) -> None:
    """The label of `subject`: its text in Spanish, and in English where there is a translation of what `passage` says.

    The English label is a statement of its own, a cg:Translation, attributed to the translator.
    """
    label = tidy(text)
    scribe.label(subject, label)
    translation = translations.get(label)
    if translation is not None and passage is not None:
        english = Literal(translation.english, "en")
        said = scribe.state(subject, RDFS.label, english, passage, translation.translator)
        scribe.graph.add((said, RDF.type, CG.Translation))
