"""Plans: whose they are, what we call them for short, when they were made, and how much of each could be read."""

from rdflib import DCTERMS, RDF

from crmgraph.describing.reference.hand import Hand
from crmgraph.describing.tables import Row
from crmgraph.describing.vocabulary import CG

__all__ = ["describe_plan_record"]


def describe_plan_record(hand: Hand, row: Row) -> None:
    """What is known of a plan beside its text, which is in graphs of its own.

    Raises TableError where nobody whose plan it could be is in a table, or its date in no calendar.
    """
    # Its class, its label and its own document are in the graph of its text: nothing is said in two graphs.
    subject = hand.iri(f"plan/{row['id']}")
    own = hand.iri(f"source/{row['id']}")
    for source in hand.sources(row):
        if source != own:
            hand.graph.add((subject, DCTERMS.source, source))
    hand.name(row, subject)
    hand.say(row, subject, DCTERMS.alternative, "name")
    hand.link(row, subject, CG.planOf, "of")
    hand.date(row, subject, DCTERMS.date, "date")
    if row["extent"] == "titles":
        hand.graph.add((subject, RDF.type, CG.AbridgedPlan))
