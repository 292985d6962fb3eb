# SPDX-License-Identifier: ISC
"""Figures against a size: a row of the table, and a picture of several of them as SVG, with
logarithmic axes and the standard library alone."""

import html
import math
import statistics

from report import Row, number

WIDTH, HEIGHT = 480, 340  # of one curve, in pixels
LEFT, RIGHT, TOP, BOTTOM = 60, 48, 40, 48  # of that, around the axes
CAPTION = 24  # the height of the text below all
COLOURS = ("#1b5e9e", "#c2571a", "#3c7d3c", "#7a4a94")


class Curve:
    """Sessions a second against the number of `what`."""

    def __init__(self, what, yardstick=None):
        self.what = what
        self.row = Row(f"sessions a second by {what}", "1/s", yardstick)
        self.points = {}

    def add(self, name, size, figure):
        self.points.setdefault(name, {}).setdefault(size, []).append(figure)
        self.row.add(point_name(name, size), figure)


def point_name(name, size):
    return f"{name}, {size:,}"


class Axis:
    """A logarithmic axis from `begin` to `end`, which are pixels. It begins and ends at a power of
    ten; 0 is one below the other figures."""

    def __init__(self, figures, begin, end):
        positive = [figure for figure in figures if figure > 0]
        has_zero = len(positive) < len(figures)
        self.first = math.floor(math.log10(min(positive))) - (1 if has_zero else 0)
        self.last = max(self.first + 1, math.ceil(math.log10(max(positive))))
        self.begin, self.end = begin, end

    def place(self, figure):
        power = math.log10(figure) if figure > 0 else self.first
        part = (power - self.first) / (self.last - self.first)
        return self.begin + (self.end - self.begin) * part

    def ticks(self):
        return [10.0 ** power for power in range(self.first, self.last + 1)]


def svg(curves, caption):
    """The text of a picture of all curves, side by side."""
    width, height = WIDTH * len(curves), HEIGHT + CAPTION
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
             'font-family="sans-serif" font-size="12" fill="#222">',
             f'<rect width="{width}" height="{height}" fill="#fff"/>']
    for number_of_curve, curve in enumerate(curves):
        parts += [f'<g transform="translate({number_of_curve * WIDTH} 0)">', *_panel(curve), "</g>"]
    parts += [_text(LEFT, HEIGHT + CAPTION / 2, caption), "</svg>"]
    return "\n".join(parts) + "\n"


def _panel(curve):
    sizes = sorted({size for points in curve.points.values() for size in points})
    figures = [figure for points in curve.points.values() for values in points.values()
               for figure in values]
    across = Axis(sizes, LEFT, WIDTH - RIGHT)
    up = Axis(figures, HEIGHT - BOTTOM, TOP)
    middle = (LEFT + WIDTH - RIGHT) / 2
    yield _text(middle, 20, curve.row.title, "middle", "bold")
    for size in sizes:
        yield _line(across.place(size), up.begin, across.place(size), up.end, "#ddd")
        yield _text(across.place(size), up.begin + 18, f"{size:,}", "middle")
    for tick in up.ticks():
        yield _line(across.begin, up.place(tick), across.end, up.place(tick), "#ddd")
        yield _text(LEFT - 6, up.place(tick) + 4, f"{tick:,g}", "end")
    yield _text(middle, HEIGHT - 8, curve.what, "middle")
    # The first has numbers and is drawn last, over the others.
    for place, (name, colour) in reversed(list(enumerate(zip(curve.points, COLOURS)))):
        yield f'<g fill="{colour}">'
        line = len(curve.points) - place
        yield _text(LEFT + 10, HEIGHT - BOTTOM + 6 - 16 * line, f"\u25cf {name}")
        yield from _series(curve.points[name], across, up, colour, has_numbers=place == 0)
        yield "</g>"


def _series(points, across, up, colour, has_numbers):
    """A line through the medians, and at each a bar from the least to the largest."""
    medians = {size: statistics.median(values) for size, values in sorted(points.items())}
    path = " ".join(f"{across.place(size):.1f},{up.place(median):.1f}"
                    for size, median in medians.items())
    yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
    for size, median in medians.items():
        x, y = across.place(size), up.place(median)
        yield _line(x, up.place(min(points[size])), x, up.place(max(points[size])), colour)
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>'
        if has_numbers:
            yield _text(x + 4, y - 7, number(median))


def _line(x1, y1, x2, y2, colour):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"/>'


def _text(x, y, text, anchor="start", weight="normal"):
    """White around the letters keeps them readable on a line."""
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}" '
            f'paint-order="stroke" stroke="#fff" stroke-width="3">{html.escape(text)}</text>')
