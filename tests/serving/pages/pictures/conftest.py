"""The entries of the schedule of the real plan, for the tests of what is drawn of them."""

import pytest

from crmgraph.site.pictures.schedule import Entry, schedule
from crmgraph.site.site import Site


@pytest.fixture(scope="module")
def entries(site: Site) -> tuple[Entry, ...]:
    return schedule(site, site.names.id("plan", "crm"), "es")
