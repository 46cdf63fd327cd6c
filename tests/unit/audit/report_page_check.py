"""Reports what is wrong with a page that has to be complete in itself, or with an XML file.

Usage: report_page_check.py FILE.html|FILE.xml. One line a violation on stdout; exit status 1 if there is any.
"""
import re
import sys
import xml.etree.ElementTree
from html.parser import HTMLParser

VOID = {"meta", "br", "hr", "img", "input", "link"}
LONE_IN_SVG = {"path", "rect", "circle", "use"}
LOADS = {"script", "img", "link", "iframe", "object", "embed", "video", "audio", "source", "form", "base"}


class Page(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.problems, self.open, self.ids, self.targets = [], [], set(), []
        self.captions = []   # for each open table: whether it has a caption

    def report(self, problem):
        self.problems.append(f"line {self.getpos()[0]}: {problem}")

    def handle_starttag(self, tag, attributes):
        self.look_at(tag, dict(attributes))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.look_at(tag, dict(attributes))
        if tag not in VOID | LONE_IN_SVG:
            self.report(f"<{tag}/> does not close itself in HTML")
        if tag in LONE_IN_SVG and "svg" not in self.open:
            self.report(f"<{tag}/> outside of a picture")

    def look_at(self, tag, attributes):
        if tag in LOADS or any(name.startswith("on") for name in attributes) or "style" in attributes:
            self.report(f"<{tag}> loads or runs something")
        for name in ("href", "src", "xlink:href", "action"):
            target = attributes.get(name)
            if target is not None and not target.startswith("#"):
                self.report(f"{name} leads out of the page")
            elif target is not None:
                self.targets.append(target[1:])
        self.targets += (attributes.get("aria-labelledby") or "").split()
        if "id" in attributes:
            if attributes["id"] in self.ids:
                self.report(f"id {attributes['id']} twice")
            self.ids.add(attributes["id"])
        if tag == "svg" and not {"aria-label", "aria-hidden"} & set(attributes):
            self.report("a picture without words")
        if tag == "table":
            self.captions.append(False)
        if tag == "caption" and self.captions:
            self.captions[-1] = True
        if tag == "th" and "scope" not in attributes:
            self.report("<th> without scope")

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.report(f"</{tag}> closes something else")
        if tag == "table" and not self.captions.pop():
            self.report("a table without a caption")

    def handle_data(self, text):
        if self.open and self.open[-1] == "style" and re.search(r"url\(\s*[^#)]|@import|expression|</", text):
            self.report("the style loads something")
        if re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text):
            self.report("a character that does not show what it is")

    def finish(self):
        self.close()
        self.problems += [f"<{tag}> is left open" for tag in self.open]
        self.problems += [f"no id {target}" for target in self.targets if target not in self.ids]
        return self.problems


def check(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if path.endswith(".xml"):
        try:
            xml.etree.ElementTree.fromstring(text)
        except xml.etree.ElementTree.ParseError as error:
            return [str(error)]
        return []
    page = Page()
    page.feed(text)
    return page.finish()


if __name__ == "__main__":
    found = check(sys.argv[1])
    print("\n".join(found))
    sys.exit(bool(found))
