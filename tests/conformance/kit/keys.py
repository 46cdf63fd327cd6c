"""Devices, their signatures and the invites that they mint."""
import os
import struct
import time

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from .encoding import to_text

ORDER = 2**252 + 27742317777372353535851937790883648493   # of Ed25519's base point
ANONYMOUS = 1        # flags of an invite
THIS_EPOCH_ONLY = 2


class Device:
    def __init__(self, seed=None):
        self.key = Ed25519PrivateKey.from_private_bytes(seed or os.urandom(32))
        self.address = self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.text = to_text(self.address)

    def sign_auth(self, relay, nonce, exporter=b""):
        return self.key.sign(auth_signed(relay, nonce, exporter))

    def invite(self, flags=0, generation=0, expires_in=3600, max_ttl=0, rate=0, label=None, version=1, expires=None):
        """The 92 bytes. `expires` (Unix seconds) wins over `expires_in`."""
        ends = int(time.time()) + expires_in if expires is None else expires
        head = struct.pack(">BBIQIH", version, flags, generation, ends, max_ttl, rate) + (label or os.urandom(8))
        return head + self.key.sign(invite_signed(head))


def auth_signed(relay, nonce, exporter=b""):
    return b"lethe/v1/auth\0" + relay.encode() + b"\0" + nonce + exporter


def invite_signed(head):
    return b"lethe/v1/invite\0" + head


def with_larger_scalar(signature):
    """The same signature with the group's order added to its scalar: equal to a verifier that takes any form."""
    scalar = int.from_bytes(signature[32:], "little") + ORDER
    return signature[:32] + scalar.to_bytes(32, "little")


# The points of small order, and other encodings of them. Under the first, FORGED is right for any message to a lax verifier;
# under each, to one that multiplies by the cofactor.
SMALL_ORDER_KEYS = {
    "the neutral element": "0100000000000000000000000000000000000000000000000000000000000000",
    "order 2": "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "order 4": "0000000000000000000000000000000000000000000000000000000000000000",
    "order 4, negative": "0000000000000000000000000000000000000000000000000000000000000080",
    "order 8": "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "order 8, negative": "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "order 8, the other": "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "order 8, the other, negative": "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "the neutral element, not canonical": "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "the neutral element, negative": "0100000000000000000000000000000000000000000000000000000000000080",
}
# R is the base point and S is 1.
FORGED = bytes.fromhex("58" + "66" * 31) + (1).to_bytes(32, "little")
