"""Reports coroutine shapes that GCC 12 miscompiles, or that the house rules keep out (docs/architecture.md).

Rule: `co_await` is a whole statement or initialises one named variable (a structured binding counts as one); its arguments
are names, std::move(name) or scalars; no lambda, brace or `?:` shares its statement. Further: no coroutine is a lambda with
captures, no condition of a coroutine makes a class temporary, and use_awaitable stands only within as_tuple.

Usage: coroutine_rules.py ROOT. One line a violation on stdout; exit status 1 if there is any.
"""
import re
import sys
from pathlib import Path

from source_tree import code_of, cpp_files, line_of

EDGE = (("server", "net"), ("server", "main.cpp"), ("clients", "cpp"), ("tests",))

_NAME = r"(?:::)?[A-Za-z_]\w*(?:\s*(?:::|\.|->)\s*[A-Za-z_]\w*|\s*\[\s*\w+\s*\])*"
_SCALAR = r"-?\d[\w.]*|'[^']*'|true|false|nullptr"
_ARGUMENT = rf"(?:[*&]?\s*{_NAME}|{_SCALAR}|std\s*::\s*move\s*\(\s*{_NAME}\s*\))"
_ARGUMENTS = rf"\(\s*(?:{_ARGUMENT}(?:\s*,\s*{_ARGUMENT})*)?\s*\)"
_RECEIVER = rf"(?:{_NAME}\s*\(\s*\)\s*(?:\.|->)\s*)*"
_OPERAND = rf"(?:std\s*::\s*move\s*\(\s*{_NAME}\s*\)|{_RECEIVER}{_NAME}(?:\s*<[\w:\s,]*>)?(?:\s*{_ARGUMENTS})?)"
_TYPE = r"(?:const\s+)?(?:::)?[A-Za-z_]\w*(?:\s*::\s*\w+)*(?:\s*<[\w:\s,<>*&]*>)?(?:\s+const)?\s*(?:&&|[*&])?"
_DECLARATION = rf"(?:\[\[maybe_unused\]\]\s*)?(?:{_TYPE}\s*\b[A-Za-z_]\w*|(?:const\s+)?auto\s*(?:&&)?\s*\[[\w\s,]+\])\s*=\s*"
_PREFIX = r"(?:case\s+[\w:]+\s*:(?!:)\s*|default\s*:\s*|else\s+|do\s+)*"
_ALLOWED = re.compile(rf"{_PREFIX}(?:{_DECLARATION})?co_await\s+{_OPERAND}", re.S)

_COROUTINE = re.compile(r"\bco_(?:await|return|yield)\b")
_CONDITION = re.compile(r"\b(?:if|while|switch)\s*(?:constexpr\s*)?\(")
_TEMPORARY = re.compile(r"(?<![\w:])(?:[a-z_]\w*::)*[A-Z]\w*\s*(?:\(|\{)|\bstd\s*::\s*(?:string|vector|optional|span|pair|tuple)\b[^;(){]*[({]|\{")
_LAMBDA = re.compile(r"(?<![\w\])])\[(?!\[)([^\[\]]*)\]\s*(?:<[^>]*>\s*)?(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?[^;{}()\[\]=,]*\{")
_BARE_AWAITABLE = re.compile(r"(?<!as_tuple\()(?<!as_tuple_t<)(?<![\w:])(?:boost::)?(?:asio::)?use_awaitable(?:_t\b|\b)")
_BANNED = {
    re.compile(r"\bexperimental\s*::\s*(?:\w+_)?channel\b"): "experimental channels are not used (Asio 1.26)",
    re.compile(r"\b(?:make_strand|(?:asio|io_context)\s*::\s*strand)\b"): "no strands: an io_context has one thread",
    re.compile(r"\bco_spawn\b[^;]*\bbind_cancellation_slot\b"): "no cancellation slots on co_spawn: a session stops by closing its socket",
}


def brackets(code):
    """For each position the index of the innermost bracket that is open there (-1: none), and closer by opener."""
    innermost, closers, stack = [], {}, []
    for at, character in enumerate(code):
        if character in ")]}" and stack:
            closers[stack.pop()] = at
        innermost.append(stack[-1] if stack else -1)
        if character in "([{":
            stack.append(at)
    return innermost, closers


def statement(code, innermost, at):
    """The text of the statement that `at` stands in, without its semicolon; None where it isn't ended by one."""
    home = innermost[at]
    start = at
    while start > 0 and not (innermost[start - 1] == home and code[start - 1] in ";}") and start - 1 != home:
        start -= 1
    end = at
    while end < len(code) and not (innermost[end] == home and code[end] in ";{"):
        if end > home >= 0 and innermost[end] != home and code[end] == "}" and innermost[end] == innermost[home]:
            return None
        end += 1
    return code[start:end].strip() if end < len(code) and code[end] == ";" else None


def without_control(text):
    """`text` without the `if (…)`, `while (…)` and `for (…)` that a statement without braces stands behind."""
    while True:
        head = re.match(r"(?:else\s+)?(?:if\s*(?:constexpr\s*)?|while\s*|for\s*)\(", text)
        if not head:
            return text
        depth, at = 1, head.end()
        while at < len(text) and depth:
            depth += {"(": 1, ")": -1}.get(text[at], 0)
            at += 1
        text = text[at:].lstrip()


def await_problems(code, innermost):
    for match in re.finditer(r"\bco_await\b", code):
        home = innermost[match.start()]
        if home >= 0 and code[home] != "{":
            yield match.start(), "co_await stands within brackets; give its result a name first"
            continue
        text = statement(code, innermost, match.start())
        if text is None or not _ALLOWED.fullmatch(without_control(text)):
            shown = " ".join((text or code[match.start():match.start() + 60]).split())[:90]
            yield match.start(), f"co_await must stand alone with plain arguments: {shown}"


def own_code(code, opener, closers, nested):
    """The body that opens at `opener`, with the bodies of lambdas inside it blanked."""
    body = list(code[opener:closers.get(opener, len(code))])
    for inner in nested:
        if opener < inner < opener + len(body):
            end = closers.get(inner, len(code))
            body[inner - opener:end - opener] = " " * len(body[inner - opener:end - opener])
    return "".join(body)


def lambdas(code):
    """(position, captures, opening brace) of each lambda."""
    return [(match.start(), match[1].strip(), match.end() - 1) for match in _LAMBDA.finditer(code)]


def capture_problems(code, closers):
    known = lambdas(code)
    openers = [opener for _, _, opener in known]
    for position, captures, opener in known:
        if captures and _COROUTINE.search(own_code(code, opener, closers, openers)):
            yield position, "a lambda with captures is a coroutine: its captures die before it does"


def condition_problems(code, innermost, closers):
    blocks = {opener for _, _, opener in lambdas(code)}
    awaits = {innermost[match.start()] for match in _COROUTINE.finditer(code)}
    bodies = {outermost_function(code, innermost, home, blocks) for home in awaits if home >= 0}
    for opener in bodies:
        body = own_code(code, opener, closers, blocks)
        for match in _CONDITION.finditer(body):
            start = opener + match.end() - 1
            if _TEMPORARY.search(code[start + 1:closers.get(start, start + 1)]):
                yield start, "a condition in a coroutine makes a class temporary; give it a name first"


def outermost_function(code, innermost, home, blocks):
    """The brace of the function body (or lambda) around `home`: outward until a brace behind which no block stands."""
    while home not in blocks:
        outer = innermost[home]
        if outer < 0 or code[outer] != "{" or is_scope(code, outer):
            return home
        home = outer
    return home


def is_scope(code, opener):
    """True where the brace opens a namespace or class and not a body."""
    head = re.split(r"[;{}]", code[:opener])[-1]
    return bool(re.search(r"\b(?:namespace|class|struct|union|extern)\b", head)) and ")" not in head


def token_problems(code):
    for match in _BARE_AWAITABLE.finditer(code):
        line = code[code.rfind("\n", 0, match.start()) + 1:match.start()]
        if not re.match(r"\s*(?:using|#)", line):
            yield match.start(), "use_awaitable throws: wrap it in as_tuple"
    for pattern, reason in _BANNED.items():
        for match in pattern.finditer(code):
            yield match.start(), reason


def check_text(path, text):
    """Every violation in one file, one sentence each."""
    code = code_of(text)
    if not re.search(r"\bco_|awaitable|strand|channel|cancellation_slot", code):
        return []
    innermost, closers = brackets(code)
    problems = list(await_problems(code, innermost)) + list(capture_problems(code, closers))
    problems += list(condition_problems(code, innermost, closers)) + list(token_problems(code))
    if not any(path.parts[:len(edge)] == edge for edge in EDGE):
        problems += [(match.start(), "coroutines belong to the I/O edge (net)") for match in _COROUTINE.finditer(code)]
    return [f"{path}:{line_of(code, at)}: {reason}" for at, reason in sorted(set(problems))]


def check(root):
    return [p for path in cpp_files(root) for p in check_text(path, (Path(root) / path).read_text(encoding="utf-8"))]


if __name__ == "__main__":
    reported = check(sys.argv[1])
    print("\n".join(reported) if reported else "coroutine rules: in order")
    sys.exit(bool(reported))
