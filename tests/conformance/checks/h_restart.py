"""A relay that is stopped in order and comes back: draining, epochs, and what outlives them. Needs --restart."""
import time

from kit.check import Failure, check, demand, demand_equal
from kit.http import ask, upgrade
from kit.keys import THIS_EPOCH_ONLY, Device

JSON = ("json",)


def come_back(lab, epoch):
    """Waits until the relay answers with another epoch."""
    ends = time.monotonic() + 30
    while time.monotonic() < ends:
        try:
            session = lab.connect()
            if session.epoch != epoch:
                return session
        except Exception:   # nobody listens, or whoever does is going: he takes connections and hangs up on them
            pass
        time.sleep(0.2)
    raise Failure("the relay did not come back with a new epoch within 30 s")


@check("draining", "While draining, the relay delivers nothing more and still takes acknowledgements, recalls and pings",
       JSON, alone=True, order=100)
def draining(lab):
    alice, bob, reader = lab.join(), lab.open_mailbox(window=2), lab.join()
    seqs = [bob.expect_delivery(alice.deliverable(bob.device))["seq"] for _ in range(2)]
    recalled = alice.deliverable(bob.device)
    lab.run(lab.options.restart)
    closing = bob.expect("closing", 20)
    demand_equal(closing["reason"], "draining", "the reason of closing")
    demand(1 <= closing.get("retry_after", 0) <= 30, "retry_after is not 1 to 30 s while draining")
    for session in (alice, reader):
        session.expect_end(1001, "draining")   # nothing is in flight to it
    refused_while_draining(lab)
    bob.settle()
    bob.put(bob.send_message(bob.device))
    demand(bob.expect_error("rate_limited").get("retry_after", 0) >= 1, "a send while draining got no retry_after")
    bob.put({"type": "recall", "id": recalled, "device": bob.device.text})
    demand_equal(bob.expect("recalled")["status"], "unknown", "the answer to the recall of another's message")
    bob.ack(seqs=seqs[:1])
    bob.settle()
    bob.ack(seqs=seqs[1:])
    demand_equal(bob.next_or_close(12).code, 1001, "the close code after the last acknowledgement")
    come_back(lab, alice.epoch)


def refused_while_draining(lab):
    answer = ask(lab.target, upgrade(lab.target))
    demand_equal(answer.status, 503, "the status of an upgrade while draining")
    demand(answer.number("retry-after") >= 1, "the answer 503 has no Retry-After")


@check("epoch.new", "new whenever the mailboxes' contents may have been lost: at each start of the process", JSON,
       alone=True, order=101)
def epoch_new(lab):
    alice, bob = lab.join(), lab.open_mailbox(generation=4)
    lab.leave(bob)
    alice.deliverable(bob.device)
    stays, ends = bob.device.invite(generation=4), bob.device.invite(THIS_EPOCH_ONLY, generation=4)
    epoch = alice.epoch
    alice.close()
    lab.run(lab.options.restart)
    come_back(lab, epoch)
    alice = lab.join(alice.device)
    demand_equal(alice.refusal((bob.device, ends)), "not_invited", "the code for an invite with flag bit 1 after a restart")
    ident = alice.deliverable((bob.device, stays))
    again = lab.connect()
    ready = again.authenticate(bob.device, epoch=epoch)
    demand_equal(ready["continuous"], False, "continuous for the epoch before the restart")
    demand_equal([entry["id"] for entry in again.catch_up()], [ident], "the backlog after a restart")
    demand_equal(lab.connect().authenticate(Device(), epoch=again.epoch)["continuous"], True, "continuous for the new epoch")
