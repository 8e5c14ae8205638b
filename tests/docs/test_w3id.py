"""The redirection rules of docs/w3id, in the web server that w3id.org runs: each lasting address leads to our site."""

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pyoxigraph import NamedNode, Store

from crmgraph.namespaces import BASE
from tests.support.servers import free_port

RULES = Path(__file__).parents[2] / "docs" / "w3id" / ".htaccess"
SITE = "https://crmgraph.example.org"
APACHE = shutil.which("apache2") or shutil.which("apache2", path="/usr/sbin")
CONFIGURATION = """
ServerRoot {folder}
ServerName localhost
Listen 127.0.0.1:{port}
PidFile {folder}/pid
ErrorLog {folder}/error.log
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule rewrite_module /usr/lib/apache2/modules/mod_rewrite.so
DocumentRoot {folder}/site
<Directory {folder}/site>
  AllowOverride All
  Require all granted
</Directory>
"""


@pytest.fixture(scope="module")
def w3id(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    if APACHE is None:
        pytest.skip("apache2 is not installed")
    folder = tmp_path_factory.mktemp("w3id")
    rules = folder / "site" / "crmgraph"
    rules.mkdir(parents=True)
    # The web server gives up root's rights, and must be able to read the rules without them.
    for place in (folder, folder.parent, folder.parent.parent):
        place.chmod(place.stat().st_mode | 0o011)
    shutil.copy(RULES, rules)
    port = free_port()
    (folder / "apache.conf").write_text(CONFIGURATION.format(folder=folder, port=port))
    server = subprocess.Popen([APACHE, "-f", str(folder / "apache.conf"), "-D", "FOREGROUND"])
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/crmgraph/", trust_env=False, timeout=60) as client:
            wait_for(client, server)
            yield client
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(10)


def wait_for(client: httpx.Client, server: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        assert server.poll() is None
        try:
            client.get("")
        except httpx.ConnectError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("apache2 does not answer")


def test_things_terms_and_graphs_lead_to_what_is_said_about_them(w3id: httpx.Client, store: Store) -> None:
    ours = {quad.subject.value for quad in store if isinstance(quad.subject, NamedNode)}
    paths = sorted({iri.partition("#")[0].removeprefix(BASE) for iri in ours if iri.startswith(BASE)})
    assert {"ontology", "ontology/status", "id/plan/crm/pgm/7.1.1", "id/country/MEX"} <= set(paths)
    for path in paths[:: max(1, len(paths) // 200)]:
        answer = w3id.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{SITE}/{path}")


def test_a_suffix_and_a_query_stay(w3id: httpx.Client) -> None:
    answer = w3id.get("id/country/MEX.ttl", params={"lang": "es"})
    assert answer.headers["location"] == f"{SITE}/id/country/MEX.ttl?lang=es"


def test_a_posted_query_stays_posted(w3id: httpx.Client) -> None:
    answer = w3id.post("sparql", data={"query": "ASK {}"})
    assert (answer.status_code, answer.headers["location"]) == (308, f"{SITE}/sparql")


def test_the_root_leads_to_the_front_page(w3id: httpx.Client) -> None:
    assert w3id.get("").headers["location"] == f"{SITE}/"
