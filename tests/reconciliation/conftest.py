"""The real things behind the service."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx import Client

from crmgraph.building.manifest import Manifest
from crmgraph.linking.entities import ENTITIES, LABELS
from crmgraph.namespaces import Names
from crmgraph.reconciliation.matching import Things, read_things
from crmgraph.serving.website import create_website
from crmgraph.settings import read_settings
from crmgraph.site import Site
from crmgraph.site.base.site import JSON_RESULTS
from tests.support.clients import client_of


@pytest.fixture(scope="session")
def things(site: Site) -> Things:
    labels, entities = (site.answer(query, JSON_RESULTS) for query in (LABELS, ENTITIES))
    return read_things(labels, entities, Names())


@pytest.fixture(scope="session")
def client(site: Site, build_folder: Path, manifest: Manifest) -> Iterator[Client]:
    website = create_website(read_settings(build=build_folder), manifest, site.pool)
    with client_of(website.app) as client:
        yield client
    website.reconciliation.close()
