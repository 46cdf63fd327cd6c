"""The project's C++ files, and their text without comments and literals."""
import re
from pathlib import Path

FOLDERS = ("server", "include", "clients", "tests")

_TOKEN = re.compile(
    r'(?P<line>//(?:\\\n|[^\n])*)'
    r'|(?P<block>/\*.*?\*/)'
    r'|(?P<raw>(?:u8|[uUL])?R"(?P<tag>[^()\\\s]{0,16})\(.*?\)(?P=tag)")'
    r'|(?P<number>(?<![\w.])\.?\d(?:\'?[\w.]|(?<=[eEpP])[+-])*)'
    r'|(?P<string>"(?:\\.|[^"\\\n])*")'
    r"|(?P<char>'(?:\\.|[^'\\\n])*')",
    re.S,
)


def cpp_files(root, folders=FOLDERS):
    """Every C++ file below `folders`, as paths relative to `root`, in order."""
    found = []
    for folder in folders:
        for path in sorted((Path(root) / folder).rglob("*")):
            relative = path.relative_to(root)
            if path.suffix in (".cpp", ".hpp", ".h") and not {"node_modules", "build"} & set(relative.parts):
                found.append(relative)
    return found


def comments(text):
    """(line number, text) of each comment."""
    for match in _TOKEN.finditer(text):
        if match["line"] is not None or match["block"] is not None:
            yield text.count("\n", 0, match.start()) + 1, match.group()


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


def _without(match):
    token = match.group()
    if match["number"] is not None:
        return token.replace("'", "0")
    if match["line"] is not None or match["block"] is not None:
        return _blank(token)
    quote = "'" if match["char"] is not None else '"'
    return quote + _blank(token[1:-1]) + quote


def code_of(text):
    """`text` with comments and the insides of literals blanked; every character keeps its place."""
    return _TOKEN.sub(_without, text)


def line_of(text, position):
    return text.count("\n", 0, position) + 1
