"""The test vectors, checked against the kit itself: the page, the vectors and this program agree. Needs no relay."""
import json
from pathlib import Path

from kit import records
from kit.check import Failure, check, demand, demand_equal
from kit.encoding import from_text, to_text
from kit.keys import Device, auth_signed, invite_signed

OFFLINE = ("json",)
VECTORS = json.loads((Path(__file__).resolve().parents[2] / "vectors" / "protocol.json").read_text("utf-8"))


def device(name):
    return Device(bytes.fromhex(VECTORS["keys"][name]["seed"]))


@check("vectors.keys", "Its **address** is the raw 32-byte public key.", OFFLINE)
def keys(lab):
    for name, key in VECTORS["keys"].items():
        demand_equal((device(name).address.hex(), device(name).text), (key["public"], key["address"]),
                     f"the address of {name}")


@check("vectors.auth", "\"lethe/v1/auth\" 00 relay-name 00 nonce(32) [exporter(32)]", OFFLINE)
def auth(lab):
    for vector in VECTORS["auth"]:
        nonce, exporter = bytes.fromhex(vector["nonce"]), bytes.fromhex(vector.get("exporter", ""))
        demand_equal(auth_signed(vector["relay"], nonce, exporter).hex(), vector["signed"],
                     f"what is signed, {vector['name']}")
        signature = device(vector["device"]).sign_auth(vector["relay"], nonce, exporter)
        demand_equal(signature.hex(), vector["signature"], f"the signature, {vector['name']}")
        demand_equal(vector["message"]["signature"], to_text(signature), f"the signature in the message, {vector['name']}")
        demand_equal("binding" in vector["message"], "exporter" in vector, f"whether the message is bound, {vector['name']}")


@check("vectors.invites", "Ed25519 by the recipient's key over `\"lethe/v1/invite\" 00` and the 28 bytes before", OFFLINE)
def invites(lab):
    for vector in VECTORS["invites"]:
        invite = device(vector["recipient"]).invite(vector["flags"], vector["generation"], max_ttl=vector["max_ttl"],
                                                    rate=vector["rate"],
                                                    label=bytes.fromhex(vector["label"]), expires=vector["expires"])
        demand_equal(invite_signed(invite[:28]).hex(), vector["signed"], f"what is signed, {vector['name']}")
        demand_equal((invite.hex(), to_text(invite)), (vector["bytes"], vector["text"]), f"the invite, {vector['name']}")


@check("vectors.records", "All integers are big-endian.", OFFLINE)
def every_record(lab):
    for vector in VECTORS["records"]:
        content, message = bytes.fromhex(vector["record"]), vector["message"]
        demand_equal(records.encode(message).hex(), vector["record"], f"the record of {vector['name']}")
        demand_equal(records.decode(records.split(content)[0]), message, f"the message of {vector['name']}")


@check("vectors.refusals", "| code | no. | meaning |", OFFLINE)
def refusals(lab):
    demand_equal({entry["number"]: entry["code"] for entry in VECTORS["refusals"]}, records.REFUSALS,
                 "the numbers of the refusal codes")
    demand_equal({entry["number"]: entry["status"] for entry in VECTORS["statuses"]}, records.STATUSES,
                 "the numbers of the statuses")


@check("vectors.bad_records", "end the session. Everything else refuses that record alone", OFFLINE)
def bad_records(lab):
    for vector in VECTORS["bad_records"]:
        try:
            for body in records.split(bytes.fromhex(vector["message"])):
                records.decode(body)
        except (records.BadRecord, UnicodeDecodeError):
            continue
        demand(vector["outcome"] == "refused", f"the kit takes a message that has to end the session: {vector['name']}")


@check("vectors.base64url", "and strictly so: no `=`, no white space, no bits set behind the last byte", OFFLINE)
def base64url(lab):
    for vector in VECTORS["base64url"]:
        try:
            found = from_text(vector["text"]).hex()
        except ValueError:
            found = None
        demand_equal(found, vector.get("bytes"), f"the bytes of {vector['text']!r}")


def expect_outcome(session, vector):
    try:
        if vector["outcome"] == "ends":
            session.expect_end(1002, "protocol", error=vector["code"])
        else:
            session.expect_refused_and_going_on(vector["code"])
    except Failure as failure:
        raise Failure(f"{vector['name']}: {failure}") from None


@check("vectors.bad_records.live", "end the session. Everything else refuses that record alone", ("binary",))
def bad_records_live(lab):
    for vector in VECTORS["bad_records"]:
        session = lab.join()
        session.put_binary(bytes.fromhex(vector["message"]))
        expect_outcome(session, vector)


@check("vectors.bad_texts.live", "a decodable message with a wrong or missing field", ("json",))
def bad_texts_live(lab):
    for vector in VECTORS["bad_texts"]:
        session = lab.join()
        session.put_text(vector["text"])
        expect_outcome(session, vector)
