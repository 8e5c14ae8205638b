"""Finding the things of a graph by the names that a text gives them."""

from crmgraph.describing.naming.lexicon import Lexicon, Mention

__all__ = ["Lexicon", "Mention"]
