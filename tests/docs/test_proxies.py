"""The examples for web servers before ours: proxies, and the redirections of w3id.org."""

import re
import shutil
import signal
import socket
import subprocess
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx
import pytest
from pyoxigraph import NamedNode, Store

from crmgraph.building.manifest import Manifest
from crmgraph.namespaces import BASE
from tests.support.proxies import running_proxy
from tests.support.servers import free_port, running_server
from tests.support.waiting import wait_for

RULES = Path(__file__).parents[2] / "docs" / "w3id" / ".htaccess"
SITE = "https://crmgraph.example.org"
APACHE = shutil.which("apache2") or shutil.which("apache2", path="/usr/sbin")
BALANCER = RULES.parents[1] / "haproxy.cfg"
HAPROXY = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin")
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


@pytest.mark.drill
@pytest.mark.parametrize("proxy", ["apache", "nginx"])
def test_proxy_serves_it_below_a_path(proxy: str, build_folder: Path, tmp_path: Path) -> None:
    flags = ("--root-path", "/crm", "--proxies", "127.0.0.1")
    with running_server(build_folder, *flags) as address, running_proxy(proxy, address + "/crm", tmp_path) as client:
        assert client.get("/crm").headers["location"].endswith("/crm/")
        assert client.get("/crm/metrics").status_code == 404
        wait_for(lambda: client.get("/crm/ready").json()["ready"])
        description = client.get("/crm/sparql", headers={"Accept": "text/turtle"})
        assert f"<{client.base_url.join('/crm')}/sparql>" in description.text
        long = client.get("/crm/sparql", params={"query": "ASK {}" + " " * 15_000}, headers={"Accept": "text/csv"})
        assert (long.status_code, long.text) == (200, "true")


@pytest.mark.drill
def test_haproxy_keeps_slow_and_greedy_clients_away(build_folder: Path, manifest: Manifest, tmp_path: Path) -> None:
    """Clients that send half a request, open many connections or send many requests do not keep others from answers."""
    assert manifest.graphs
    if HAPROXY is None:
        pytest.skip("haproxy is not installed")
    half, whole = b"GET /live HTTP/1.1\r\nHost: x\r\n", b"GET /live HTTP/1.1\r\nHost: x\r\n\r\n"
    port = free_port()
    text = BALANCER.read_text(encoding="utf-8").replace("bind :80\n", f"bind 127.0.0.1:{port}\n")
    text = text.replace("http-request 15s", "http-request 2s").replace("timeout check 5s", "timeout check 60s")
    text = text.replace("conn_cur gt 128", "conn_cur gt 5").replace("http_req_rate gt 1000", "http_req_rate gt 20")
    # On a busy machine the engine may now and then not be ready in time.
    text = text.replace("fall 2", "fall 100")
    with running_server(build_folder, "--proxies", "127.0.0.1", "--connections", "20") as address, ExitStack() as held:
        backend = address.removeprefix("http://").rstrip("/")
        (tmp_path / "haproxy.cfg").write_text(re.sub(r"192\.0\.2\.\d:8000", backend, text), encoding="utf-8")
        proxy = held.enter_context(subprocess.Popen([HAPROXY, "-db", "-q", "-f", str(tmp_path / "haproxy.cfg")]))
        held.callback(proxy.terminate)
        elsewhere = httpx.HTTPTransport(local_address="127.0.0.3", retries=5)
        other = held.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{port}", transport=elsewhere, timeout=60))
        # Its first answer comes when it has asked whether the servers are ready.
        wait_for(lambda: other.get("/live").status_code == 200)
        greedy = [held.enter_context(socket.socket()) for _ in range(200)]
        for client in greedy:
            client.settimeout(60)
            with suppress(OSError):
                client.connect(("127.0.0.1", port))
                client.sendall(half)
        assert other.get("/sparql", params={"query": "ASK {}"}).status_code == 200
        answered = [received(client) for client in greedy]
        assert sum(each.startswith(b"HTTP/1.1 408") for each in answered) == 5
        assert set(answered) - {each for each in answered if each.startswith(b"HTTP/1.1 408")} == {b""}
        with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
            client.sendall(whole)
            assert client.recv(1000).startswith(b"HTTP/1.1 200")
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60) as hasty:
            statuses = [hasty.get("/live").status_code for _ in range(30)]
        assert (statuses[0], statuses[-1]) == (200, 429)
        assert other.get("/live").status_code == 200


def received(client: socket.socket) -> bytes:
    parts = []
    with suppress(OSError):
        while part := client.recv(10_000):
            parts.append(part)
    return b"".join(parts)


def test_lasting_addresses_lead_to_the_site(tmp_path_factory: pytest.TempPathFactory, store: Store) -> None:
    if APACHE is None:
        pytest.skip("apache2 is not installed")
    folder, port = tmp_path_factory.mktemp("w3id"), free_port()
    rules = folder / "site" / "crmgraph"
    rules.mkdir(parents=True)
    # The web server gives up root's rights, and must be able to read the rules without them.
    for place in (folder, folder.parent, folder.parent.parent):
        place.chmod(place.stat().st_mode | 0o011)
    shutil.copy(RULES, rules)
    (folder / "apache.conf").write_text(CONFIGURATION.format(folder=folder, port=port))
    server = subprocess.Popen([APACHE, "-f", str(folder / "apache.conf"), "-D", "FOREGROUND"])
    try:
        patient = httpx.HTTPTransport(retries=8)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/crmgraph/", transport=patient, timeout=60) as client:
            check_redirections(client, store)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)


def check_redirections(client: httpx.Client, store: Store) -> None:
    ours = {quad.subject.value for quad in store if isinstance(quad.subject, NamedNode)}
    paths = sorted({iri.partition("#")[0].removeprefix(BASE) for iri in ours if iri.startswith(BASE)})
    assert {"ontology", "ontology/status", "id/plan/crm/pgm/7.1.1", "id/country/MEX"} <= set(paths)
    for path in paths[:: max(1, len(paths) // 100)]:
        answer = client.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{SITE}/{path}")
    answer = client.get("id/country/MEX.ttl", params={"lang": "es"})
    assert answer.headers["location"] == f"{SITE}/id/country/MEX.ttl?lang=es"
    answer = client.post("sparql", data={"query": "ASK {}"})
    assert (answer.status_code, answer.headers["location"]) == (308, f"{SITE}/sparql")
    assert client.get("").headers["location"] == f"{SITE}/"
