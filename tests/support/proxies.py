"""Reverse proxies in front of the server, configured as in the examples of docs/operations.md."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.support.servers import free_port, running

PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
"""The page of the documentation for operators."""

_APACHE = """
ServerRoot {folder}
ServerName localhost
Listen 127.0.0.1:{port}
PidFile {folder}/pid
ErrorLog {folder}/error.log
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule alias_module /usr/lib/apache2/modules/mod_alias.so
LoadModule headers_module /usr/lib/apache2/modules/mod_headers.so
LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so
LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so
{example}
"""
_NGINX = """
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        large_client_header_buffers 4 64k;
        {example}
    }}
}}
"""
_PROXIES = {"apache": ("apache2", _APACHE, ("-D", "FOREGROUND", "-f")), "nginx": ("nginx", _NGINX, ("-c",))}


def example(language: str) -> str:
    """Return the only code example in this language."""
    [found] = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


@contextmanager
def running_proxy(proxy: str, address: str, folder: Path) -> Iterator[httpx.Client]:
    """Run a proxy that seems to terminate TLS in front of `address`, and yield a client; skips without the proxy."""
    name, configuration, arguments = _PROXIES[proxy]
    program = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if program is None:
        pytest.skip(f"{proxy} is not installed")
    backend, _, path = address.removeprefix("http://").partition("/")
    port = free_port()
    shown = example(proxy).replace("127.0.0.1:8000", backend).replace("/crm", f"/{path}")
    file = folder / "proxy.conf"
    file.write_text(configuration.format(folder=folder, port=port, example=shown), encoding="utf-8")
    # Not from the address of the proxy, which is believed.
    elsewhere = httpx.HTTPTransport(local_address="127.0.0.2")
    url = f"http://127.0.0.1:{port}"
    with (
        running([program, *arguments, str(file)], url),
        httpx.Client(base_url=url, trust_env=False, transport=elsewhere, timeout=60) as client,
    ):
        yield client
