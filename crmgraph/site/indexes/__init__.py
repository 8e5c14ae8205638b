"""The indexes of the site: all actors, networks, instruments, meetings, States, topics and population groups.

`index_pages` gives each its addresses; `address_of_concept` is where a topic or a population group has its page.
"""

from crmgraph.site.indexes.kinds import address_of_concept
from crmgraph.site.indexes.page import index_pages

__all__ = ["address_of_concept", "index_pages"]
