"""A session in either encoding: what is sent and received are the page's JSON messages, whatever stands on the wire."""
import json
import os
import time

from . import records
from .check import Failure, demand, demand_equal
from .encoding import from_text, to_text
from .link import Closed

WAIT = 8          # seconds, for what must come
QUIET = 0.4       # for what must not
LARGEST_BATCH = 64 << 10


def new_id():
    return to_text(os.urandom(16))


class Session:
    """Connected, and greeted by the relay. Until `authenticate` it is anybody's."""

    def __init__(self, link, target, encoding, admission=None):
        self.link, self.encoding, self.device, self._target, self._admission = link, encoding, None, target, admission
        self._arrived = []
        self.hello = self.expect("hello")
        self.limits, self.epoch = self.hello["limits"], self.hello["epoch"]
        self.nonce = from_text(self.hello["nonce"])

    # Greeting.

    def auth_message(self, device, signature=None, **fields):
        signature = signature or device.sign_auth(self._target.host, self.nonce)
        message = {"type": "auth", "device": device.text, "signature": to_text(signature)}
        return message | ({"admission": self._admission} if self._admission else {}) | fields

    def authenticate(self, device, **fields):
        """To `ready`, which it returns. Fields of `mailbox` go in as a dict of that name."""
        self.put(self.auth_message(device, **fields))
        self.device = device
        self.ready = self.expect("ready")
        return self.ready

    def catch_up(self):
        """Everything that comes before `caught_up`."""
        backlog = []
        while (message := self.next())["type"] != "caught_up":
            backlog.append(message)
        return backlog

    # Out.

    def put(self, message):
        """Sends a JSON message, as a record where the encoding has one for it."""
        if self.encoding == "binary" and message["type"] in ("send", "ack"):
            self.link.send_binary(records.encode(message))
        else:
            self.link.send_text(json.dumps(message))

    def put_text(self, text):
        self.link.send_text(text)

    def put_binary(self, content):
        self.link.send_binary(content)

    def send_message(self, to, payload=b"", **fields):
        """A send, not yet sent. `to`: a device, a (device, invite) pair, or a list of those."""
        pairs = [pair if isinstance(pair, tuple) else (pair, None) for pair in (to if isinstance(to, list) else [to])]
        named = [{"device": device.text} | ({"invite": to_text(invite)} if invite else {}) for device, invite in pairs]
        message = {"type": "send", "id": new_id(), "to": named, "payload": to_text(payload)}
        if self.encoding == "binary":
            message["ttl"] = min(604800, self.limits["ttl"])
        return message | fields

    def send(self, to, payload=b"", **fields):
        """Sends and returns `sent`."""
        message = self.send_message(to, payload, **fields)
        self.put(message)
        return self.expect_sent(message)

    def deliverable(self, to, payload=b"", **fields):
        """Sends what every recipient has to accept; returns its id."""
        sent = self.send(to, payload, **fields)
        demand_equal(sent["refused"], [], "the list of refused recipients")
        return sent["id"]

    def refusal(self, to, payload=b"", **fields):
        """Sends what its only recipient has to refuse; returns the code."""
        sent = self.send(to, payload, **fields)
        demand_equal(sent["accepted"], 0, "the number of recipients that accepted")
        demand_equal(len(sent["refused"]), 1, "the number of refusals")
        return sent["refused"][0]["code"]

    def ack(self, up_to=None, seqs=None):
        self.put({"type": "ack"} | ({} if up_to is None else {"up_to": up_to}) | ({} if seqs is None else {"seqs": seqs}))

    def settings(self, **fields):
        """Changes the mailbox's settings, and waits until that is done."""
        self.put({"type": "mailbox"} | fields)
        self.settle()

    # In.

    def next(self, seconds=WAIT):
        """The next message; a Failure where none comes, or the session ends."""
        message = self.next_or_close(seconds)
        if isinstance(message, Closed):
            raise Failure(f"the relay ended the session (close {message.code}) where a message was due")
        return message

    def next_or_close(self, seconds=WAIT):
        message = self.maybe(seconds)
        if message is None:
            raise Failure(f"nothing came within {seconds} s")
        return message

    def maybe(self, seconds):
        """The next message, Closed, or None where nothing comes in time."""
        ends = time.monotonic() + seconds
        while not self._arrived:
            received = self.link.receive(max(0, ends - time.monotonic()))
            if received is None:
                return None
            self._take(received)
        return self._arrived.pop(0)

    def _take(self, received):
        if isinstance(received, Closed):
            self.link.drop()   # the close frame is answered; a relay may wait for this
            self._arrived.append(received)
        elif isinstance(received, str):
            self._arrived.append(self._object_of(received))
        else:
            self._arrived += self._messages_of(received)

    def _object_of(self, text):
        try:
            message = json.loads(text)
        except ValueError:
            message = None
        demand(isinstance(message, dict) and isinstance(message.get("type"), str),
               "a text message of the relay is not a JSON object with a type")
        in_text = self.encoding == "json" or message["type"] not in records.IN_RECORDS
        demand(in_text, f"a {message['type']} came as text in a binary session")
        return message

    def _messages_of(self, content):
        demand(self.encoding == "binary", "a binary message came in a JSON session")
        try:
            bodies = records.split(content)
            messages = [records.decode(body) for body in bodies]
        except records.BadRecord as error:
            raise Failure(f"the relay's binary message does not decode: {error}") from None
        demand(len(bodies) == 1 or len(content) <= LARGEST_BATCH,
               "a binary message of several records is larger than 64 KiB")
        return messages

    def expect(self, kind, seconds=WAIT):
        message = self.next(seconds)
        if message["type"] != kind:
            told = f" ({message.get('code') or message.get('reason')})" if message["type"] in ("error", "closing") else ""
            raise Failure(f"a {kind} was due, and a {message['type']}{told} came")
        return message

    def expect_sent(self, message):
        sent = self.expect("sent")
        demand_equal(sent["id"], message["id"], "the id in sent")
        return sent

    def expect_delivery(self, ident=None, seconds=WAIT):
        delivery = self.expect("deliver", seconds)
        if ident is not None:
            demand_equal(delivery["id"], ident, "the id of the message delivered next")
        return delivery

    def expect_error(self, code, ident=None):
        error = self.expect("error")
        demand_equal(error["code"], code, "the code of the error")
        if ident is not None:
            demand_equal(error.get("id"), ident, "the error's id")
        return error

    def expect_refused_and_going_on(self, code, ident=None):
        """An error, after which the session still works."""
        error = self.expect_error(code, ident)
        self.settle()
        return error

    def expect_end(self, code, reason=None, error=None):
        """An `error` where one is due, `closing` where a reason is given, and the close code."""
        if error:
            self.expect_error(error)
        message = self.next_or_close()
        if reason:
            demand(not isinstance(message, Closed), "the close frame came without a closing message before it")
            demand_equal((message["type"], message.get("reason")), ("closing", reason),
                         "the last message before the close frame")
            wait = message.get("retry_after")
            demand(isinstance(wait, int) and wait >= 1, "the closing message has no retry_after of a second or more")
            message = self.next_or_close()
        demand(isinstance(message, Closed), f"the session should end, and a message came: {message}")
        demand_equal(message.code, code, "the close code")

    def settle(self):
        """Waits until everything sent before is done; nothing else may come."""
        self.put({"type": "ping"})
        self.expect("pong")

    def quiet(self, why, seconds=QUIET):
        message = self.maybe(seconds)
        if message is not None:
            told = f"the session ended ({message.code})" if isinstance(message, Closed) else f"a {message['type']} came"
            raise Failure(f"nothing should come: {why}; {told}")

    def close(self):
        self.link.close()
