"""Draws the two pictures of the demonstration articles, in the site's own colors: python -m bench.drawings

Large letters and few words: on a phone the drawing is a quarter as wide. What it says also stands in its description.
"""

import math

from PIL import Image, ImageDraw, ImageFont

from tests.running import ROOT

FOLDER = ROOT / "lupussite" / "demo" / "pictures"
WIDTH = 1600
FINER = 2  # Drawn so many times larger, for smooth edges.
COLORS = 48
PAPER, INK, SOFT = "#f2f0ea", "#2a1b25", "#564450"
DAMSON, TINT, BLUE, BLUE_TINT, OCHRE = "#7a2857", "#f1e2e9", "#204780", "#dfe8f5", "#b8862b"
UPPER, MIDDLE, LOWER = "#e9cdb8", "#dfb5a0", "#efdca6"


class Sheet:
    """A drawing in pixels of the finished picture."""

    def __init__(self, height):
        self.image = Image.new("RGB", (WIDTH * FINER, height * FINER), PAPER)
        self.draw = ImageDraw.Draw(self.image)

    def polygon(self, points, fill):
        """Fill an area."""
        self.draw.polygon([(x * FINER, y * FINER) for x, y in points], fill=fill)

    def box(self, left, top, right, bottom, fill, edge=None, corner=18):
        """Draw a box with round corners."""
        around = [left * FINER, top * FINER, right * FINER, bottom * FINER]
        self.draw.rounded_rectangle(around, corner * FINER, fill=fill, outline=edge, width=5 * FINER)

    def line(self, points, fill, width=6):
        """Draw a line."""
        self.draw.line([(x * FINER, y * FINER) for x, y in points], fill=fill, width=width * FINER, joint="curve")

    def disc(self, x, y, radius, fill):
        """Draw a disc."""
        self.draw.ellipse([(x - radius) * FINER, (y - radius) * FINER, (x + radius) * FINER, (y + radius) * FINER], fill=fill)

    def words(self, x, y, text, size=66, fill=INK, anchor="lm"):
        """Write words; the anchor is Pillow's."""
        self.draw.text((x * FINER, y * FINER), text, font=ImageFont.load_default(size * FINER), fill=fill, anchor=anchor)

    def arrow(self, start, end, fill):
        """Draw a ray with a head."""
        (x0, y0), (x1, y1) = start, end
        angle = math.atan2(y1 - y0, x1 - x0)
        head = [(x1 - 56 * math.cos(angle + turn), y1 - 56 * math.sin(angle + turn)) for turn in (0.45, -0.45)]
        self.line([start, (x1 - 40 * math.cos(angle), y1 - 40 * math.sin(angle))], fill, width=20)
        self.polygon([end, *head], fill)

    def save(self, name):
        """Write the file."""
        small = self.image.resize((WIDTH, self.image.height // FINER), Image.Resampling.LANCZOS)
        path = FOLDER / f"{name}.png"
        small.quantize(COLORS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(path, optimize=True)
        print(f"{path.name}: {path.stat().st_size} bytes")


def wave(y, height, phase=0.0):
    """Return the points of an edge that rises and falls."""
    return [(x, y + height * math.sin(x / 95 + phase)) for x in range(0, WIDTH + 1, 20)]


def skin():
    """Draw how deep the rays of the sun go."""
    sheet = Sheet(1060)
    top, between, below = wave(430, 7), wave(610, 26, 1.2), wave(900, 16, 2.6)
    sheet.polygon([*top, (WIDTH, 1060), (0, 1060)], UPPER)
    sheet.polygon([*between, (WIDTH, 1060), (0, 1060)], MIDDLE)
    sheet.polygon([*below, (WIDTH, 1060), (0, 1060)], LOWER)
    for edge in (top, between, below):
        sheet.line(edge, SOFT, width=4)
    sheet.disc(170, 150, 88, OCHRE)
    for step in range(12):
        x, y = math.cos(step * math.pi / 6), math.sin(step * math.pi / 6)
        sheet.line([(170 + 108 * x, 150 + 108 * y), (170 + 142 * x, 150 + 142 * y)], OCHRE, width=12)
    sheet.words(520, 100, "UVB", size=84, fill=BLUE, anchor="mm")
    sheet.words(900, 100, "UVA", size=84, fill=DAMSON, anchor="mm")
    sheet.arrow((520, 165), (520, 565), BLUE)
    sheet.arrow((900, 165), (900, 835), DAMSON)
    sheet.words(1560, 520, "Upper skin", anchor="rm")
    sheet.words(1560, 760, "Deeper skin", anchor="rm")
    sheet.words(1560, 985, "Fat", anchor="rm")
    sheet.save("sunlight-in-the-skin")


DAY = [
    ("8 am", "Get ready, breakfast", 1.4, True),
    ("", "Rest", 0.8, False),
    ("11 am", "One chore", 1.2, True),
    ("", "Lunch and a long rest", 1.8, False),
    ("3 pm", "A short walk", 1.1, True),
    ("", "Rest", 0.8, False),
    ("6 pm", "Dinner, time with others", 1.5, True),
    ("", "Wind down, sleep", 1.3, False),
]


def day():
    """Draw a day in which activity and rest take turns."""
    unit, gap, top = 112, 12, 60
    sheet = Sheet(round(top * 2 + sum(length * unit + gap for *_, length, _ in DAY) - gap))
    y = top
    for time, what, length, is_active in DAY:
        height = length * unit
        middle = y + height / 2
        sheet.words(250, middle, time, fill=SOFT, anchor="rm")
        sheet.box(300, y, 1540, y + height, DAMSON if is_active else BLUE_TINT, None if is_active else BLUE)
        sheet.words(360, middle, what, fill=PAPER if is_active else INK)
        y += height + gap
    sheet.save("a-paced-day")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    skin()
    day()
