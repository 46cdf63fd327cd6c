"""One SVG of bars for a table: a panel a row, each with its own axis, a bar a server, a line from the least run to the most."""
import math
import textwrap
from xml.sax.saxutils import escape

WIDTH, LEFT, RIGHT = 860, 110, 170
BAR, GAP = 20, 6
COLOURS = {"Lethe": "#1b6ca8", "Mosquitto": "#c8553d", "JetStream": "#588157", "NATS": "#8d7b68"}


def step_of(most, wanted=4):
    """A round distance between ticks: 1, 2 or 5 times a power of ten."""
    power = 10 ** math.floor(math.log10(most / wanted))
    return next(power * times for times in (1, 2, 5, 10) if power * times * wanted >= most)


def shown(value):
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:,.2f}".rstrip("0").rstrip(".")


class Drawing:
    def __init__(self):
        self.parts, self.y = [], 0

    def text(self, x, y, words, size=13, anchor="start", colour="#222", weight="normal"):
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}" font-weight="{weight}" stroke="white" stroke-width="3" paint-order="stroke">{escape(words)}</text>')

    def line(self, x1, y1, x2, y2, colour, width=1):
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="{width}"/>')

    def bar(self, x, y, width, colour):
        self.parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 1):.1f}" height="{BAR}" fill="{colour}"/>')

    def paragraph(self, words, size, letters, **rest):
        for part in textwrap.wrap(words, letters):
            self.y += size + 5
            self.text(16, self.y, part, size, **rest)

    # Its axis goes as far as `most`.
    def panel(self, title, unit, bars, most):
        self.y += 14
        self.paragraph(title, 13, 120, weight="bold")
        step = step_of(most) if most > 0 else 1
        scale = (WIDTH - LEFT - RIGHT) / max(step * math.ceil(most / step), step)
        top = self.y + 8
        bottom = top + len(bars) * (BAR + GAP)
        for tick in range(math.ceil(most / step) + 1):
            x = LEFT + tick * step * scale
            self.line(x, top - 2, x, bottom + 3, "#ddd")
            self.text(x, bottom + 17, shown(tick * step), 11, "middle", "#555")
        self.text(LEFT + (WIDTH - LEFT - RIGHT) + 34, bottom + 17, unit, 11, "start", "#555")
        for number, (name, median, least, greatest, marks) in enumerate(bars):
            y = top + number * (BAR + GAP)
            self.text(LEFT - 8, y + 15, name, 12, "end")
            self.bar(LEFT, y, median * scale, COLOURS[name])
            if greatest > least:
                self.line(LEFT + least * scale, y + BAR / 2, LEFT + greatest * scale, y + BAR / 2, "#111", 2)
            self.text(LEFT + greatest * scale + 8, y + 15, shown(median) + marks, 12)
        self.y = bottom + 22

    def svg(self):
        height = self.y + 16
        return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" font-family="DejaVu Sans, sans-serif">'
                f'<rect width="100%" height="100%" fill="white"/>{"".join(self.parts)}</svg>\n')


def chart(heading, measured, notes, names):
    drawing = Drawing()
    drawing.y = 12
    drawing.paragraph(heading, 17, 92)
    panels = []
    for each in measured:
        seen = [(server, each.values(server)) for server in each.runs if each.values(server)]
        bars = [(names[server], each.median(server), min(values), max(values), each.marks(server)) for server, values in seen]
        if bars:
            panels.append((each.row.base or each.name, each.row, bars))
    for kind, row, bars in panels:   # what is compared with each other has one scale
        most = max(greatest for other, _, others in panels if other == kind for *_, greatest, _ in others)
        drawing.panel(row.title, row.unit, bars, most)
    drawing.y += 8
    for note in (*notes, *(["Black lines: the least and the most of all runs."] if any(len(runs) > 1 for each in measured for runs in each.runs.values()) else [])):
        drawing.paragraph(note, 11, 130, colour="#555")
    return drawing.svg()
