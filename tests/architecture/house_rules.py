"""Reports what breaks the house rules that a text search can see (docs/architecture.md, CONTRIBUTING.md).

Usage: house_rules.py ROOT. One line a violation on stdout; exit status 1 if there is any.
"""
import re
import statistics
import sys
from pathlib import Path

from source_tree import code_of, comments, cpp_files, line_of

LONGEST_FILE = 400
MEDIAN_FILE = 120
# A start that fails says why, and the auditor has no client but its own; nothing that has seen a client's bytes may.
WHAT_ALLOWED = ("server/main.cpp", "server/start/", "server/ops/", "server/audit/")
LOG_DISTANCE = 3   # lines

_SILENT_TYPES = "|".join([
    "FixedBytes", "Address", "MessageId", "Nonce", "Signature", "InviteLabel", "InviteBytes", "Payload", "PayloadSource",
    "Envelope", "Delivery", "ReceiptDelivery", "Submission", "Recipient", "Send", "SendTo", "Recall", "Auth", "SenderKey",
    "TopicKey", "Invite",
])
_TEXT_FORMS = {
    re.compile(rf"\bformatter\s*<[^;{{}}]*\b(?:{_SILENT_TYPES})\b"): "no formatter for an identifier or a message",
    re.compile(rf"\b(?:format_as|to_json|from_json|to_string)\s*\([^)]*\b(?:{_SILENT_TYPES})\b"): "no text form of an identifier or a message",
    re.compile(rf"\badl_serializer\s*<[^;{{}}]*\b(?:{_SILENT_TYPES})\b"): "no JSON form of an identifier or a message",
    re.compile(r"\bNLOHMANN_(?:DEFINE|JSON)\w*"): "no JSON form by macro",
    re.compile(r"\boperator\s*<<\s*\([^)]*\bstd::(?:basic_)?ostream\b"): "no stream operators",
}
_WHAT = re.compile(r"(?:\.|->)\s*what\s*\(\s*\)")
_LOG_CALL = re.compile(r"\bspdlog\s*::|\bSPDLOG_|\b(?:\w*_)?log(?:ger)?_?\s*(?:\(\s*\)\s*)?(?:\.|->)\s*\w+\s*\(|\bLOG\w*\s*\(")
_VAGUE_NAME = re.compile(r"\b(?:class|struct|enum\s+class|using)\s+(\w*(?:Manager|Handler|Helper|Utils?|Impl|Data|Info))\b(?=[^;]*[{=;])")
_VAGUE_FILE = re.compile(r"(?:^|_)(?:manager|handler|helpers?|utils?|impl|data|info|misc|common)$")
_LEFT_OPEN = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")


def shape_problems(path, text):
    count = len(text.splitlines())
    if count > LONGEST_FILE:
        yield 1, f"{count} lines; {LONGEST_FILE} are the most"
    if path.suffix in (".hpp", ".h") and not text.startswith("#pragma once\n"):
        yield 1, "a header begins with #pragma once"
    if _VAGUE_FILE.search(path.stem):
        yield 1, "a name that says nothing"


def comment_problems(text):
    for line, comment in comments(text):
        if comment.startswith("/*"):
            yield line, "only // comments"
        if _LEFT_OPEN.search(comment):
            yield line, "left open in a comment"


def privacy_problems(path, code):
    for pattern, reason in _TEXT_FORMS.items():
        for match in pattern.finditer(code):
            yield line_of(code, match.start()), reason
    logs = {line_of(code, match.start()) for match in _LOG_CALL.finditer(code)}
    allowed = path.as_posix().startswith(WHAT_ALLOWED)
    for match in _WHAT.finditer(code):
        line = line_of(code, match.start())
        if not allowed:
            yield line, "what() may quote a client's bytes; only a start that fails may use it"
        elif any(abs(line - log) <= LOG_DISTANCE for log in logs):
            yield line, "what() near a log call"


def check_text(path, text):
    """Every violation in one file, one sentence each."""
    code = code_of(text)
    found = list(shape_problems(path, text)) + list(comment_problems(text))
    found += [(line_of(code, match.start()), f"{match[1]} says nothing") for match in _VAGUE_NAME.finditer(code)]
    if path.parts[0] == "server" or path.parts[0] == "include" and path.parts[:3] != ("include", "lethe", "client"):
        found += list(privacy_problems(path, code))
    return [f"{path}:{line}: {reason}" for line, reason in sorted(set(found))]


def check(root):
    problems, sizes = [], []
    for path in cpp_files(root):
        text = (Path(root) / path).read_text(encoding="utf-8")
        problems += check_text(path, text)
        sizes.append(len(text.splitlines()))
    median = statistics.median(sizes) if sizes else 0
    if median > MEDIAN_FILE:
        problems.append(f"the median file has {median:.0f} lines; {MEDIAN_FILE} are the most")
    return problems


if __name__ == "__main__":
    reported = check(sys.argv[1])
    print("\n".join(reported) if reported else "house rules: in order")
    sys.exit(bool(reported))
