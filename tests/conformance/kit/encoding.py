"""Binary values in JSON: base64url without padding (RFC 4648, section 5), strictly."""
import base64


def to_text(value):
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode("ascii")


def from_text(text):
    """The bytes; ValueError for what isn't strict base64url."""
    value = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if to_text(value) != text:
        raise ValueError("not strict base64url")
    return value
