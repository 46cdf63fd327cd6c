"""The proxies of deploy/proxies: how each is started in a folder of its own, logging all it can but for what its snippet turns off."""
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from serving import DEPLOY, Program

NGINX = """daemon off; user root; pid {folder}/pid; error_log {folder}/error.log info; {before}
events {{ worker_connections 512; }}
{main}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/temp/body; proxy_temp_path {folder}/temp/proxy; fastcgi_temp_path {folder}/temp/fastcgi;
    uwsgi_temp_path {folder}/temp/uwsgi; scgi_temp_path {folder}/temp/scgi;
    {web}
}}
"""
HAPROXY = """global
    log stdout format raw local0 debug
defaults
    log global
    mode http
    option httplog
    timeout connect 5s
    timeout client 30s
    timeout server 30s
"""


@dataclass
class Kind:
    name: str
    snippet: str
    ends_tls: bool
    start: object         # (folder, snippet's path) -> arguments; may write more files
    spoilers: dict        # lines of the snippet that keep a client's address out of the logs, and what lets it in
    waits: tuple          # its limits of time for a session that says nothing

    def text(self):
        return (DEPLOY / "proxies" / self.snippet).read_text("utf-8")


def nginx(folder, snippet):
    stream = "nginx-stream" in snippet.name
    include = f"include {snippet};"
    (folder / "temp").mkdir()
    (folder / "main.conf").write_text(NGINX.format(folder=folder, main=include if stream else "", web="" if stream else include,
                                                   before="load_module modules/ngx_stream_module.so;" if stream else ""))
    return ["nginx", "-e", folder / "error.log", "-c", folder / "main.conf"]


def haproxy(folder, snippet):
    (folder / "base.cfg").write_text(HAPROXY)
    return ["haproxy", "-db", "-f", folder / "base.cfg", "-f", snippet]


def caddy(folder, snippet):
    snippet.write_text(snippet.read_text().replace("{\n", "{\n\tadmin off\n", 1))   # or it takes a port of its own
    return ["caddy", "run", "--adapter", "caddyfile", "--config", snippet]


KINDS = {kind.name: kind for kind in (
    Kind("nginx", "nginx.conf", True, nginx, {"access_log off;": "", "error_log /dev/null emerg;": ""}, ("proxy_read_timeout", "proxy_send_timeout")),
    Kind("haproxy", "haproxy.cfg", True, haproxy, {"no log": "log global"}, ("timeout tunnel",)),
    Kind("caddy", "Caddyfile", True, caddy, {"exclude http.log http.handlers http.stdlib": ""}, ()),
    Kind("nginx-stream", "nginx-stream.conf", False, nginx, {"error_log /dev/null emerg;": ""}, ("proxy_timeout",)),
    Kind("haproxy-tcp", "haproxy-tcp.cfg", False, haproxy, {"no log": "log global"}, ("timeout client", "timeout server")),
)}


class Proxy(Program):
    """One of them before the relay at `relay`, on `port`, in `folder`, where it may write what it wants. `spoiled`: a line, which is replaced."""

    def __init__(self, kind, folder, port, relay, certificates, spoiled=None):
        here = {"127.0.0.1:8443": f"127.0.0.1:{relay}", ":443": f":{port}", "listen 443": f"listen {port}",
                "/etc/haproxy/lethe": str(certificates), "/etc/lethe": str(certificates), "relay.example.org": "localhost"}
        # In one go: what one of them puts there may look like another (port 44300).
        text = re.sub("|".join(map(re.escape, here)), lambda found: here[found[0]], kind.text())
        if spoiled:
            lines = text.splitlines()
            assert sum(line.strip() == spoiled for line in lines) == 1, f"{kind.snippet} has no line «{spoiled}»"
            text = "\n".join(kind.spoilers[spoiled] if line.strip() == spoiled else line for line in lines) + "\n"
        snippet = Path(folder, kind.snippet)
        snippet.write_text(text)
        home = {"HOME": str(folder), "TMPDIR": str(folder), "XDG_DATA_HOME": str(folder / "data"), "XDG_CONFIG_HOME": str(folder / "config")}
        program, *arguments = kind.start(folder, snippet)
        found = shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin")
        super().__init__([found or program, *arguments], folder / "output.log", os.environ | home)
        self._port = port

    def ready(self):
        self.answers_at(self._port)
