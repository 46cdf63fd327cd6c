"""Connecting: the upgrade, its refusals, and the two encodings."""
import json
import ssl

from kit.check import Skipped, check, demand, demand_equal
from kit.http import ask, upgrade
from kit.keys import Device

JSON = ("json",)
TABLE = "A refused upgrade carries a plain sentence: … "


def refused(lab, status, request):
    answer = ask(lab.target, request)
    demand_equal(answer.status, status, "the status of the answer")
    return answer


@check("connecting.tls_1_3", "upgraded to WebSocket (RFC 6455) over TLS 1.3", JSON)
def tls_1_3(lab):
    if not lab.target.secure:
        raise Skipped("the URL is ws://")
    with lab.target.connect() as sock:
        demand_equal(sock.version(), "TLSv1.3", "the TLS version of a client that knows 1.3")


@check("connecting.tls_1_2", "(1.2 only where the operator allows it)", JSON)
def tls_1_2(lab):
    if not lab.target.secure:
        raise Skipped("the URL is ws://")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    try:
        lab.target.connect(context).close()
    except (ssl.SSLError, ConnectionError):
        return
    raise Skipped("this operator allows TLS 1.2")


@check("connecting.subprotocol", "The client offers the subprotocol `lethe.v1.json` or `lethe.v1.binary`")
def subprotocol(lab):
    demand_equal(lab.link().subprotocol, f"lethe.v1.{lab.encoding}", "the subprotocol of the answer")


@check("connecting.first_known_subprotocol", "of several, the first that the relay knows is chosen")
def first_known(lab):
    known = [f"lethe.v1.{lab.encoding}", "lethe.v1.json" if lab.encoding == "binary" else "lethe.v1.binary"]
    demand_equal(lab.link(["lethe.v0.other", *known]).subprotocol, known[0], "the subprotocol chosen")


@check("connecting.no_extension", "No WebSocket extension is negotiated.", JSON)
def no_extension(lab):
    answer = refused(lab, 101, upgrade(lab.target, Sec_WebSocket_Extensions="permessage-deflate; client_max_window_bits"))
    demand("sec-websocket-extensions" not in answer.headers, "the answer negotiates a WebSocket extension")


@check("connecting.refused.no_subprotocol", "no known subprotocol, no Host, a body", JSON)
def no_subprotocol(lab):
    refused(lab, 400, upgrade(lab.target, without=["Sec-WebSocket-Protocol"]))


@check("connecting.refused.unknown_subprotocol", "no known subprotocol", JSON)
def unknown_subprotocol(lab):
    refused(lab, 400, upgrade(lab.target, Sec_WebSocket_Protocol="lethe.v0.json, chat"))


@check("connecting.refused.sentence", "A refused upgrade carries a plain sentence", JSON)
def sentence(lab):
    answer = refused(lab, 400, upgrade(lab.target, without=["Sec-WebSocket-Protocol"]))
    text = answer.body.decode("utf-8").strip()
    demand(" " in text and not text.startswith(("<", "{")), "the refused upgrade has no plain sentence as its body")


@check("connecting.refused.no_host", "no Host", JSON)
def no_host(lab):
    refused(lab, 400, upgrade(lab.target, without=["Host"]))


@check("connecting.refused.body", "a body", JSON)
def body(lab):
    refused(lab, 400, upgrade(lab.target, extra=[("Content-Length", "5")], after=b"hello"))


@check("connecting.refused.header_twice", "a header twice that may stand once", JSON)
def header_twice(lab):
    for name, value in (("Host", lab.target.authority), ("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="),
                        ("Sec-WebSocket-Version", "13")):
        refused(lab, 400, upgrade(lab.target, extra=[(name, value)]))


@check("connecting.refused.early_data", "data before the answer", JSON)
def early_data(lab):
    refused(lab, 400, upgrade(lab.target, after=b"\x81\x82\0\0\0\0{}"))


@check("connecting.refused.not_http", "or a request that can't be understood", JSON)
def not_http(lab):
    refused(lab, 400, b"\x16\x03\x01 nonsense\r\n\r\n")


@check("connecting.refused.path", "another path", JSON)
def path(lab):
    refused(lab, 404, upgrade(lab.target, path="/v0"))


@check("connecting.refused.method", "another method", JSON)
def method(lab):
    refused(lab, 405, upgrade(lab.target, method="POST"))


@check("connecting.refused.not_an_upgrade", "not a WebSocket upgrade, or not version 13", JSON)
def not_an_upgrade(lab):
    refused(lab, 426, upgrade(lab.target, without=["Upgrade", "Connection", "Sec-WebSocket-Version", "Sec-WebSocket-Key",
                                                   "Sec-WebSocket-Protocol"]))


@check("connecting.refused.version", "not version 13 (`Sec-WebSocket-Version` says so)", JSON)
def version(lab):
    answer = refused(lab, 426, upgrade(lab.target, Sec_WebSocket_Version="12"))
    demand_equal(answer.headers.get("sec-websocket-version"), "13", "the Sec-WebSocket-Version of the answer 426")


@check("connecting.refused.large_headers", "headers too large", JSON)
def large_headers(lab):
    refused(lab, 431, upgrade(lab.target, X_Filler="x" * (128 << 10)))


@check("connecting.refused.origin", "the `Origin` is not allowed", JSON)
def origin(lab):
    if ask(lab.target, upgrade(lab.target, Origin="https://elsewhere.invalid")).status == 101:
        raise Skipped("this operator allows every origin")
    refused(lab, 403, upgrade(lab.target, Origin="https://elsewhere.invalid"))


@check("connecting.refused.too_many", "this source connects too fast or holds too many connections; `Retry-After`", JSON,
       alone=True, order=50)
def too_many(lab):
    held = []
    try:
        for _ in range(150):
            held.append(lab.target.connect())
            held[-1].sendall(upgrade(lab.target))
            answer = held[-1].recv(4096)
            if b" 429 " in answer.split(b"\r\n", 1)[0]:
                demand(b"\r\nretry-after: " in answer.lower(), "the answer 429 has no Retry-After")
                return
    except (ssl.SSLError, OSError):   # «A source far beyond its rate is disconnected without an answer.»
        raise Skipped("this source is disconnected without an answer already") from None
    finally:
        for sock in held:
            sock.close()
    raise Skipped("150 connections at once are allowed")


@check("encoding.binary_in_json_session", "A binary one ends the session (`malformed`).", JSON)
def binary_in_json_session(lab):
    session = lab.join()
    session.put_binary(b"\0\0\0\x0b\x02" + bytes(10))
    session.expect_end(1002, "protocol", error="malformed")


@check("encoding.send_as_text", "A `send` or `ack` as text gets `unsupported` and the session goes on.", ("binary",))
def send_as_text(lab):
    session = lab.join()
    for message in (session.send_message(session.device), {"type": "ack", "up_to": 1}):
        session.put_text(json.dumps(message))
        session.expect_refused_and_going_on("unsupported")


@check("encoding.other_messages_as_text", "everything else is the same text message as in a JSON session", ("binary",))
def others_as_text(lab):
    session = lab.join()
    session.settings(window=5)
    session.put({"type": "recall", "id": "A" * 22, "device": session.device.text})
    demand_equal(session.expect("recalled")["status"], "unknown", "the answer to a recall of nothing")


@check("objects.no_type", "without one it is `malformed`")
def no_type(lab):
    session = lab.join()
    for text in ("{}", '{"kind":"ping"}', '{"type":7}', '{"type":null}'):
        session.put_text(text)
        session.expect_refused_and_going_on("malformed")


@check("objects.unknown_type", "with an unknown one `unsupported`, and the session goes on after both")
def unknown_type(lab):
    session = lab.join()
    for text in ('{"type":"subscribe"}', '{"type":""}', '{"type":"hello"}', '{"type":"PING"}'):
        session.put_text(text)
        session.expect_refused_and_going_on("unsupported")


def nested(depth):
    return '{"type":"ping","more":' + '{"x":' * (depth - 1) + "1" + "}" * depth


@check("objects.nesting.allowed", "Objects nest at most 8 deep, counting the outer one")
def nesting_allowed(lab):
    session = lab.join()
    session.put_text(nested(8))
    session.expect("pong")


@check("objects.nesting.too_deep", "not a JSON object, nested too deeply or with too many values")
def nesting_too_deep(lab):
    session = lab.join()
    session.put_text(nested(9))
    session.expect_end(1002, "protocol", error="malformed")


@check("objects.values.allowed", "and hold at most 65,536 values")
def values_allowed(lab):
    session = lab.join()
    session.put_text('{"type":"ping","more":[' + "0," * 64999 + "0]}")
    session.expect("pong")


@check("objects.values.too_many", "nested too deeply or with too many values")
def values_too_many(lab):
    session = lab.join()
    session.put_text('{"type":"ping","more":[' + "0," * 66000 + "0]}")
    session.expect_end(1002, "protocol", error="malformed")


@check("objects.unknown_fields", "Unknown fields are ignored.")
def unknown_fields(lab):
    session = lab.connect()
    session.authenticate(Device(), colour="red", mailbox={"window": 3, "shape": [1, {"a": None}]})
    session.catch_up()
    session.put({"type": "ping", "colour": None})
    session.expect("pong")
    session.settings(window=4, colour=7)


@check("objects.unknown_fields_of_send", "Unknown fields are ignored.", JSON)
def unknown_fields_of_send(lab):
    session = lab.join()
    message = session.send_message(session.device, b"x", colour="red")
    message["to"][0]["nickname"] = "me"
    session.put(message)
    demand_equal(session.expect_sent(message)["accepted"], 1, "the number of recipients that accepted")


@check("objects.null", "A known field of the wrong form is `malformed`, `null` included.", JSON)
def null(lab):
    session = lab.join()
    for field in ("id", "to", "payload", "ttl", "urgency", "topic", "receipt"):
        session.put(session.send_message(session.device) | {field: None})
        session.expect_refused_and_going_on("malformed")
    for field in ("up_to", "seqs"):
        session.put({"type": "ack", field: None})
        session.expect_refused_and_going_on("malformed")


@check("objects.wrong_form", "A known field of the wrong form is `malformed`", JSON)
def wrong_form(lab):
    session = lab.join()
    wrong = {"id": [7, "", "A" * 21, "A" * 23], "to": [{}, "me", [7], [{"device": 7}], [{}]], "payload": [7, {}, []],
             "ttl": [-1, 1.5, "7", True], "urgency": ["urgent", 1, ""], "topic": ["", "x" * 33, "a b", "ä", "a.b", 7],
             "receipt": [0, "true"]}
    for field, values in wrong.items():
        for value in values:
            session.put(session.send_message(session.device) | {field: value})
            error = session.next()
            demand_equal((error["type"], error.get("code")), ("error", "malformed"),
                         f"the answer to a send with {field}: {value!r}")
    session.settle()


@check("objects.base64url", "and strictly so: no `=`, no white space, no bits set behind the last byte", JSON)
def strict_base64url(lab):
    session = lab.join()
    for payload in ("AA==", "A A", "AA\n", "AB", "AAB", "A", "+w", "/w", "AAAA=", " AAAA", "AA.A"):
        session.put(session.send_message(session.device) | {"payload": payload})
        error = session.next()
        demand_equal((error["type"], error.get("code")), ("error", "malformed"), f"the answer to the payload {payload!r}")
    session.settle()
