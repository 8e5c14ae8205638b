"""The indexes of the site: all actors, networks, instruments, meetings, States, topics and population groups.

`add_indexes` gives each its addresses; `address_of_concept` is where a topic or a population group has its page.
"""

from crmgraph.serving.pages.indexes.kinds import address_of_concept
from crmgraph.serving.pages.indexes.page import add_indexes

__all__ = ["add_indexes", "address_of_concept"]
