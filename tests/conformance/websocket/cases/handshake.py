"""The opening handshake: what must succeed, and what must not."""
import base64
import hashlib

from kit.check import Failure
from kit.http import ask, upgrade
from ..case import add, case

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
GOES = "The handshake succeeds"
REFUSED = "The handshake is refused with an HTTP error"
KEY = "dGhlIHNhbXBsZSBub25jZQ=="


def status(target, request):
    return ask(target, request).status


def gives(wanted, **changed):
    """An upgrade request with these changes gets one of the statuses."""
    statuses = wanted if isinstance(wanted, tuple) else (wanted,)

    def run(target):
        found = status(target, upgrade(target, **changed))
        if found not in statuses:
            raise Failure(f"the status should be {' or '.join(map(str, statuses))} and is {found}")
    return run


def good(name, section, wanted=GOES, **changed):
    add(f"handshake.good.{name}", section, wanted, gives(101, **changed), raw=True)


def bad(name, section, statuses, wanted=REFUSED, **changed):
    add(f"handshake.bad.{name}", section, wanted, gives(statuses, **changed), raw=True)


@case("handshake.answer", "4.2.2",
      "101 with Upgrade, Connection, the key's Sec-WebSocket-Accept and one of the subprotocols", raw=True)
def answer(target):
    found = ask(target, upgrade(target, Sec_WebSocket_Key=KEY))
    wanted = base64.b64encode(hashlib.sha1(KEY.encode() + GUID).digest()).decode()
    headers = found.headers
    assert found.status == 101, f"the status is {found.status}"
    assert headers.get("sec-websocket-accept") == wanted, "Sec-WebSocket-Accept is wrong"
    assert headers.get("upgrade", "").lower() == "websocket", "Upgrade is not websocket"
    assert "upgrade" in headers.get("connection", "").lower(), "Connection is not Upgrade"
    assert headers.get("sec-websocket-protocol") == "lethe.v1.json", "Sec-WebSocket-Protocol is not the one offered"
    assert "sec-websocket-extensions" not in headers, "an extension is negotiated"


good("plain", "4.2.1")
good("upgrade.upper_case", "4.2.1", Upgrade="WEBSOCKET")
good("upgrade.mixed_case", "4.2.1", Upgrade="WebSocket")
good("connection.lower_case", "4.2.1", Connection="upgrade")
good("connection.list", "4.2.1", Connection="keep-alive, Upgrade")
good("connection.list_without_spaces", "4.2.1", Connection="keep-alive,upgrade")
good("header_names.lower_case", "4.2.1", without=["Sec-WebSocket-Key", "Upgrade"],
     extra=[("sec-websocket-key", KEY), ("upgrade", "websocket")])
good("header_names.upper_case", "4.2.1", without=["Sec-WebSocket-Key", "Upgrade"],
     extra=[("SEC-WEBSOCKET-KEY", KEY), ("UPGRADE", "websocket")])
good("white_space", "4.2.1", Sec_WebSocket_Version="  13 ", Sec_WebSocket_Key=f" {KEY} ", Upgrade=" websocket\t")
good("origin", "4.2.1", Origin="https://app.example")
good("cookies", "4.2.1", Cookie="a=b; c=d")
good("unknown_headers", "4.2.1", X_One="1", X_Two="2")
good("subprotocol.list", "4.2.1, 11.3.4", Sec_WebSocket_Protocol="chat, lethe.v1.json")
good("subprotocol.list_without_spaces", "4.2.1, 11.3.4", Sec_WebSocket_Protocol="chat,lethe.v1.json,superchat")
good("subprotocol.headers", "11.3.4", "Several Sec-WebSocket-Protocol headers are one list",
     without=["Sec-WebSocket-Protocol"],
     extra=[("Sec-WebSocket-Protocol", "chat"), ("Sec-WebSocket-Protocol", "lethe.v1.json")])


def absolute(target):
    found = status(target, upgrade(target, path=f"https://{target.authority}{target.path}"))
    assert found == 101, f"the status should be 101 and is {found}"


add("handshake.good.absolute_uri", "4.2.1 (1)", "The Request-URI may be an absolute one", absolute, raw=True)

OFFERS = {
    "deflate": "permessage-deflate",
    "deflate_with_parameters": "permessage-deflate; client_max_window_bits; server_no_context_takeover",
    "two": "permessage-deflate; client_max_window_bits=10, permessage-deflate", "webkit": "x-webkit-deflate-frame",
    "unknown": "foo; bar=\"baz\"",
}


def no_extension(offer):
    def run(target):
        found = ask(target, upgrade(target, Sec_WebSocket_Extensions=offer))
        assert found.status == 101, f"the status should be 101 and is {found.status}"
        assert "sec-websocket-extensions" not in found.headers, "an extension is negotiated"
    return run


for name, offer in OFFERS.items():
    add(f"handshake.extensions.{name}", "9.1 (and docs/protocol.md)", "An offer that is not taken is passed over",
        no_extension(offer), raw=True)


@case("handshake.folded_header", "RFC 9112 5.2", "A folded header is refused (400), or its fold is read as a space",
      raw=True)
def folded(target):
    found = status(target, upgrade(target).replace(b"Upgrade: websocket", b"Upgrade:\r\n websocket"))
    assert found in (101, 400), f"the status should be 101 or 400 and is {found}"


@case("handshake.good.slowly", "4.2.1", "How TCP cuts the request changes nothing", raw=True)
def slowly(target):
    with target.connect() as sock:
        for byte in upgrade(target):
            sock.sendall(bytes([byte]))
        received = sock.recv(100)
        assert received.startswith(b"HTTP/1.1 101 "), "the handshake failed"


NO_KEY = (400,)
bad("key.missing", "4.2.1", NO_KEY, without=["Sec-WebSocket-Key"])
bad("key.empty", "4.2.1", NO_KEY, Sec_WebSocket_Key="")
bad("key.short", "4.2.1 (5)", NO_KEY, "A key that is not 16 bytes in base64 is refused",
    Sec_WebSocket_Key=base64.b64encode(bytes(15)).decode())
bad("key.long", "4.2.1 (5)", NO_KEY, "A key that is not 16 bytes in base64 is refused",
    Sec_WebSocket_Key=base64.b64encode(bytes(17)).decode())
bad("key.huge", "4.2.1 (5)", NO_KEY, "A key that is not 16 bytes in base64 is refused", Sec_WebSocket_Key="A" * 1000)
bad("key.not_base64", "4.2.1 (5)", NO_KEY, "A key that is not 16 bytes in base64 is refused", Sec_WebSocket_Key="!" * 22 +
    "==")
bad("key.twice", "11.3.1", NO_KEY, "The key stands once", extra=[("Sec-WebSocket-Key", KEY)])
bad("version.missing", "4.2.1 (6), 4.4", (400, 426), without=["Sec-WebSocket-Version"])
for version in ("0", "8", "12", "14", "113", "13.0", "x", ""):
    bad(f"version.{version or 'empty'}", "4.2.1 (6), 4.4", (400, 426), Sec_WebSocket_Version=version)
bad("version.twice", "11.3.5", (400,), "The version stands once in a request", extra=[("Sec-WebSocket-Version", "8")])
bad("upgrade.missing", "4.2.1 (3)", (400, 426), without=["Upgrade"])
bad("upgrade.other", "4.2.1 (3)", (400, 426), Upgrade="h2c")
bad("upgrade.prefix", "4.2.1 (3)", (400, 426), Upgrade="websockets")
bad("connection.missing", "4.2.1 (4)", (400, 426), without=["Connection"])
bad("connection.close", "4.2.1 (4)", (400, 426), Connection="close")
bad("connection.keep_alive", "4.2.1 (4)", (400, 426), Connection="keep-alive")
bad("connection.prefix", "4.2.1 (4)", (400, 426), Connection="Upgrades")
bad("host.missing", "4.2.1 (2)", 400, without=["Host"])
bad("host.twice", "4.2.1 (2), RFC 9112 3.2", 400, extra=[("Host", "elsewhere.invalid")])
bad("host.empty_name", "RFC 9112 3.2", (400, 101), "An empty Host is refused or passed over", Host="")
for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH", "HEAD", "CONNECT", "get"):
    bad(f"method.{method}", "4.2.1 (1)", (400, 405, 501), method=method)
bad("path", "4.2.2 (5.4)", 404, path="/elsewhere")
bad("path.deeper", "4.2.2 (5.4)", 404, path="/v1/more")
bad("subprotocol.missing", "4.2.2 (5.5), docs/protocol.md", 400, without=["Sec-WebSocket-Protocol"])
bad("subprotocol.unknown", "docs/protocol.md", 400, Sec_WebSocket_Protocol="chat")
bad("subprotocol.case", "11.3.4", 400, "Subprotocols are compared by case", Sec_WebSocket_Protocol="LETHE.V1.JSON")
bad("subprotocol.empty", "4.1 (10)", 400, "A subprotocol is no empty word", Sec_WebSocket_Protocol="")
bad("body.length", "docs/protocol.md", 400, extra=[("Content-Length", "3")], after=b"abc")
bad("body.chunked", "docs/protocol.md", (400, 501), extra=[("Transfer-Encoding", "chunked")], after=b"3\r\nabc\r\n0\r\n\r\n")
bad("headers.one_large", "10.4, docs/protocol.md", 431, X_Filler="x" * 20000)
bad("headers.many", "10.4, docs/protocol.md", 431, extra=[(f"X-{number}", "x" * 50) for number in range(400)])


def raw_request(change):
    def run(target):
        found = status(target, change(upgrade(target)))
        assert 400 <= found < 600, f"the status should be an HTTP error and is {found}"
    return run


RAW = {
    "http_1_0": ("4.2.1 (1)", lambda request: request.replace(b"HTTP/1.1", b"HTTP/1.0", 1)),
    "http_0_9": ("4.2.1 (1)", lambda request: request.replace(b"HTTP/1.1", b"HTTP/0.9", 1)),
    "http_2_0": ("4.2.1 (1)", lambda request: request.replace(b"HTTP/1.1", b"HTTP/3.7", 1)),
    "no_version": ("4.2.1 (1)", lambda request: request.replace(b" HTTP/1.1", b"", 1)),
    "space_before_colon": ("RFC 9112 5.1", lambda request: request.replace(b"Upgrade: websocket", b"Upgrade : websocket")),
    "nul_in_header": ("RFC 9110 5.5", lambda request: request.replace(b"\r\n\r\n", b"\r\nX-A: a\0b\r\n\r\n")),
    "header_without_colon": ("RFC 9112 5.1", lambda request: request.replace(b"\r\n\r\n", b"\r\nnonsense\r\n\r\n")),
    "empty_header_name": ("RFC 9112 5.1", lambda request: request.replace(b"\r\n\r\n", b"\r\n: x\r\n\r\n")),
    "no_path": ("RFC 9112 3.2", lambda request: b"GET  HTTP/1.1\r\n" + request.split(b"\r\n", 1)[1]),
    "frame_instead": ("4.2.1", lambda request: b"\x81\x80abcd\r\n\r\n" + request),
}
for name, (section, change) in RAW.items():
    add(f"handshake.raw.{name}", section, REFUSED, raw_request(change), raw=True)
