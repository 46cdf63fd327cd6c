"""Errors, closing, pings, and the relay page."""
import json
import struct
import time

from kit.check import check, demand, demand_equal
from kit.http import ask
from kit.link import Closed

JSON = ("json",)


@check("errors.not_an_object", "the frame can't be decoded at all: not a JSON object")
def not_an_object(lab):
    for text in ("", "ping", "[]", '"ping"', "7", "null", '{"type":"ping"', '{"type":"ping"}}', '{"type":"ping",}',
                 "{'type':'ping'}",
                 '{"type":"ping","n":01}', '{"type":"ping","n":NaN}', '{"type":"ping","s":"\\ud800"',
                 '{"type":"ping"} {"type":"ping"}'):
        session = lab.connect()
        session.put_text(text)
        session.expect_end(1002, "protocol", error="malformed")


@check("errors.detail", "\"detail\":\"A sentence.\"")
def detail(lab):
    session = lab.join()
    session.put({"type": "nonsense"})
    error = session.expect_error("unsupported")
    demand(isinstance(error.get("detail"), str) and " " in error["detail"], "the error's detail is no sentence")


@check("errors.never_repeat", "An error never repeats a byte of what the client sent.")
def never_repeat(lab):
    marker = "qXzWvKj"
    session = lab.join()
    for text in (f'{{"type":"{marker}"}}', f'{{"{marker}":1}}', f'{{"type":"send","id":"{marker}"}}',
                 f'{{"type":"mailbox","senders":"{marker}"}}',
                 f'{{"type":"recall","id":"{marker}","device":"{marker}"}}'):
        session.put_text(text)
        demand(marker not in json.dumps(session.expect("error")), "the error repeats what was sent")
    session.put_text(f"{{{marker}")
    for _ in range(2):
        demand(marker not in json.dumps(session.next()), "the last words of the relay repeat what was sent")


@check("closing.silence_after", "After any other `closing` nothing is carried out.")
def silence_after(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    alice.put_text("{")
    try:
        alice.put(alice.send_message(bob.device))
    except OSError:
        pass
    bob.quiet("the sender's session had ended before it sent")


@check("closing.too_large", "(WebSocket message too large)", JSON)
def message_too_large(lab):
    session = lab.join()
    session.link.send_raw(b"\x81\xff" + struct.pack(">Q", 1 << 31) + bytes(4))
    message = session.next_or_close()
    while not isinstance(message, Closed):
        message = session.next_or_close()
    demand_equal(message.code, 1009, "the close code after a message of 2 GiB was begun")


@check("closing.idle", "closes with `idle` after 300 s", JSON)
def idle(lab):
    session = lab.join()
    if session.limits["idle"] > 15:
        lab.need_slow(f"limits.idle is {session.limits['idle']} s")
    ends = time.monotonic() + session.limits["idle"] + 10
    session.link._flush = lambda: None   # pings of the relay get no pong
    message = session.next_or_close(session.limits["idle"] + 10)
    demand(time.monotonic() < ends and not isinstance(message, Closed), "the session ended without a closing message")
    demand_equal((message["type"], message.get("reason")), ("closing", "idle"), "what came after the idle time")
    demand(message["retry_after"] >= 1, "the closing message has no retry_after")
    demand_equal(session.next_or_close().code, 4003, "the close code")


@check("closing.slow", "A WebSocket message that is not whole after 20 s", JSON)
def slow(lab):
    session = lab.join()
    if session.limits["idle"] > 15:
        lab.need_slow("a message has 20 s to arrive")
    session.link.send_raw(b"\x01\x81\0\0\0\0{")   # a first fragment
    closing = session.expect("closing", 30)
    demand_equal(closing["reason"], "slow", "the reason of closing")
    demand_equal(session.next_or_close(10).code, 4004, "the close code")


@check("closing.not_idle", "The relay sends WebSocket pings after 60 s of silence", JSON)
def pings(lab):
    session = lab.join()
    if session.limits["idle"] > 15:
        lab.need_slow("the relay pings after 60 s")
    session.quiet("the session is silent, and answers pings", min(65, session.limits["idle"] + 2))
    demand(session.link.pings > 0, "the relay sent no WebSocket ping")
    session.settle()


@check("ping", "`{\"type\":\"ping\"}` is answered `{\"type\":\"pong\",\"time\":…}`")
def ping(lab):
    session = lab.join()
    session.put({"type": "ping"})
    pong = session.expect("pong")
    demand(isinstance(pong.get("time"), int) and abs(pong["time"] - session.hello["time"]) < 60_000,
           "the pong's time is not now in Unix milliseconds")


@check("ping.after_acks", "The `pong` to a `ping` says that every `ack` sent before it has been carried out")
def ping_after_acks(lab):
    alice = lab.join()
    for _ in range(10):
        alice.ack(up_to=alice.expect_delivery(alice.deliverable(alice.device))["seq"])
        alice.settle()
        other = lab.join(alice.device)
        demand_equal((other.ready["queued"], other.backlog), (0, []), "what is left after the pong to a ping after the ack")
        alice = other


def page_of(lab):
    answer = ask(lab.target,
                 f"GET /.well-known/lethe HTTP/1.1\r\nHost: {lab.target.authority}\r\nConnection: close\r\n\r\n".encode())
    demand_equal(answer.status, 200, "the status of the relay page")
    return json.loads(answer.body)


@check("page.fields", "JSON with version, build, subprotocols, limits, epoch, the longest ttl and engine", JSON)
def page_fields(lab):
    page, hello = page_of(lab), lab.connect().hello
    for name in ("version", "build"):
        demand(isinstance(page.get(name), str), f"the relay page has no {name}")
    demand_equal(page.get("epoch"), hello["epoch"], "the epoch of the relay page")
    demand_equal(page.get("limits"), hello["limits"], "the limits of the relay page")
    text = json.dumps(page)
    for protocol in ("lethe.v1.json", "lethe.v1.binary"):
        demand(f'"{protocol}"' in text, f"the relay page doesn't name {protocol}")
    demand('"engine"' in text and f': {hello["limits"]["ttl"]}' in text, "the relay page has no engine or no longest ttl")


@check("page.protections", "each protection as true or false", JSON)
def page_protections(lab):
    page = page_of(lab)
    tables = [value for value in page.values() if isinstance(value, dict) and value
              and all(isinstance(one, bool) for one in value.values())]
    demand(len(tables) == 1, "the relay page has no table of protections that are true or false")
    demand(isinstance(page.get("degraded"), bool), "degraded is neither true nor false")


@check("page.method", "another path; another method", JSON)
def page_method(lab):
    answer = ask(lab.target, f"DELETE /.well-known/lethe HTTP/1.1\r\nHost: {lab.target.authority}\r\n\r\n".encode())
    demand_equal(answer.status, 405, "the status for DELETE on the relay page")
