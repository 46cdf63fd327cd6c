"""Reads the include graph and reports what breaks the layers of docs/architecture.md.

Usage: include_graph.py ROOT. One line a violation on stdout; exit status 1 if there is any.
"""
import re
import sys
from pathlib import Path

from source_tree import code_of, cpp_files, line_of

# layer: (project layers it may include, third-party families it may include)
BOOST_IN_BASE = {"boost/system", "boost/unordered"}
LAYERS = {
    "base": ({"base"}, BOOST_IN_BASE),
    "mailbox": ({"base", "mailbox"}, BOOST_IN_BASE),
    "wire": ({"base", "mailbox", "wire"}, BOOST_IN_BASE | {"nlohmann"}),
    "identity": ({"base", "identity"}, BOOST_IN_BASE | {"nlohmann", "openssl", "jwt"}),
    "session": ({"base", "mailbox", "wire", "identity", "session"}, BOOST_IN_BASE | {"boost/container"}),
    "net": (
        {"base", "mailbox", "wire", "identity", "session", "net"},
        BOOST_IN_BASE | {"boost/asio", "boost/beast", "nlohmann", "openssl"},
    ),
    "lockdown": ({"base", "lockdown"}, BOOST_IN_BASE | {"seccomp"}),
    "ops": ({"base", "lockdown", "ops"}, BOOST_IN_BASE | {"spdlog", "fmt", "prometheus", "CLI", "nlohmann"}),
    "doctor": ({"base", "mailbox", "net", "lockdown", "ops", "doctor"}, BOOST_IN_BASE | {"nlohmann", "openssl"}),
    "client": ({"base", "client"}, BOOST_IN_BASE | {"boost/asio", "boost/beast", "nlohmann", "openssl", "sodium"}),
    "cli": ({"base", "client", "cli"}, BOOST_IN_BASE | {"boost/asio", "nlohmann", "sodium", "CLI"}),
    "peer": ({"peer"}, {"nlohmann", "openssl"}),
    "audit": ({"audit", "peer"}, {"nlohmann", "openssl", "sodium", "CLI", "valijson"}),
    "start": (None, None),
    "main": (None, None),
}
# The auditor judges the server from outside: of it, the names of the protocol's identifiers and nothing else.
IDS_ONLY = {"peer", "audit"}
IDS = Path("include/lethe/base/ids.hpp")
PURE = {"mailbox", "wire", "identity", "session"}
# Sockets, threads, clocks, files and streams are the edge's; base has the arena, and so may ask the system for memory.
EDGE_HEADERS = {
    "thread", "mutex", "shared_mutex", "condition_variable", "future", "stop_token", "latch", "barrier", "semaphore",
    "iostream", "fstream", "filesystem", "syncstream", "cstdio", "csignal", "ctime",
}
EDGE_HEADERS_OF_BASE = {"thread", "condition_variable", "future", "iostream", "fstream", "filesystem", "csignal", "ctime"}

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:<([^>\n]+)>|"([^"\n]+)")', re.M)


def layer_of(path):
    """The layer of a file, or None where no rule applies (tests, other programs)."""
    parts = path.parts
    if parts[:2] == ("include", "lethe") and len(parts) > 3:
        return parts[2] if parts[2] in LAYERS else None
    if parts[:3] == ("server", "audit", "peer"):
        return "peer"
    if parts[0] == "server" and len(parts) > 2:
        return parts[1] if parts[1] in LAYERS else None
    if parts == ("server", "main.cpp"):
        return "main"
    if parts[:2] == ("clients", "cpp") and len(parts) > 3:
        return parts[2] if parts[2] in ("client", "cli") else None
    return None


def includes_of(text):
    """(line, target, quoted) of each include."""
    code = code_of(text)
    for match in _INCLUDE.finditer(text):
        if code[match.start():match.end()].lstrip()[:1] == "#":
            yield line_of(text, match.start()), match[1] or match[2], match[2] is not None


def resolve(root, path, target, quoted):
    """The project file that an include names, or None for a header from outside."""
    if quoted:
        bases = [{"server": "server", "clients": "clients/cpp", "tests": "tests"}.get(path.parts[0])]
        if path.parts[0] == "tests":
            bases += ["server", "clients/cpp"]
        bases = [Path(base) for base in bases if base] + [path.parent]
    else:
        bases = [Path("include")]
    for base in bases:
        if (Path(root) / base / target).is_file():
            return base / target
    return None


def family_of(target):
    """The third-party family of a header; "std" for C++'s own, "system" for C's and the kernel's."""
    parts = target.split("/")
    if parts[0] == "boost":
        return "boost/" + parts[1].removesuffix(".hpp") if len(parts) > 1 else "boost"
    if target in ("jwt.h", "sodium.h", "seccomp.h"):
        return target.removesuffix(".h")
    if target.endswith(".h") and (len(parts) == 1 or parts[0] in ("sys", "linux", "netinet", "arpa", "net", "asm", "bits")):
        return "system"
    return "std" if len(parts) == 1 and "." not in target else parts[0]


def outside_violation(layer, target):
    """Why `layer` may not include a header from outside; None where it may."""
    allowed = LAYERS[layer][1]
    family = family_of(target)
    if allowed is None:
        return None
    if family == "std":
        banned = EDGE_HEADERS if layer in PURE else EDGE_HEADERS_OF_BASE if layer == "base" else set()
        return f"<{target}> belongs to the edge (net, ops, main)" if target in banned else None
    if family == "system":
        return f"<{target}> belongs to the edge (net, ops, main)" if layer in PURE else None
    return None if family in allowed else f"<{target}>: {layer} does not use {family}"


def violation(root, path, target, quoted):
    """Why `path` may not include `target`; None where it may."""
    layer = layer_of(path)
    found = resolve(root, path, target, quoted)
    if found is None:
        if quoted or target.startswith("lethe/"):
            return f'"{target}" is no file of the project'
        return outside_violation(layer, target) if layer else None
    if path.parts[0] == "include" and quoted:
        return f'"{target}": a public header includes only <lethe/…>'
    if layer is None or LAYERS[layer][0] is None:
        return None
    if found == IDS and layer in IDS_ONLY:
        return None
    other = layer_of(found)
    return None if other in LAYERS[layer][0] else f'"{target}": {layer} stands before or beside {other or found.parent}'


def cycles(edges):
    """The include cycles, each as a list of files, first = last."""
    found, done = [], set()

    def visit(node, trail):
        if node in trail:
            found.append(trail[trail.index(node):] + [node])
            return
        if node in done:
            return
        for target in edges.get(node, ()):
            visit(target, trail + [node])
        done.add(node)

    for node in sorted(edges):
        visit(node, [])
    return found


def check(root):
    """Every violation below `root`, one sentence each."""
    problems, edges = [], {}
    for path in cpp_files(root):
        for line, target, quoted in includes_of((Path(root) / path).read_text(encoding="utf-8")):
            problem = violation(root, path, target, quoted)
            if problem:
                problems.append(f"{path}:{line}: {problem}")
            found = resolve(root, path, target, quoted)
            if found:
                edges.setdefault(path, []).append(found)
    problems += ["include cycle: " + " -> ".join(map(str, cycle)) for cycle in cycles(edges)]
    return problems


if __name__ == "__main__":
    reported = check(sys.argv[1])
    print("\n".join(reported) if reported else "include graph: in order")
    sys.exit(bool(reported))
