# SPDX-License-Identifier: ISC
"""The figures as plain text: for each row of the table the contenders' medians, the smallest and
the largest round, and the ratio to the yardstick of the same round."""

import dataclasses
import statistics

# Lines stay short enough for a manual page, unless a name is longer.
NAME = 24


@dataclasses.dataclass
class Row:
    """One question. `bars` has the limit of a contender's ratio to the yardstick, or of its figure
    where there is no yardstick. `promise` is a bar in words; `is_kept` is None as long as it has
    not been measured."""
    title: str
    unit: str
    yardstick: str = None
    bars: dict = dataclasses.field(default_factory=dict)
    at_least: bool = False
    promise: str = None
    is_kept: bool = None
    figures: dict = dataclasses.field(default_factory=dict)
    notes: list = dataclasses.field(default_factory=list)

    def add(self, name, figure):
        self.figures.setdefault(name, []).append(figure)

    def note(self, text):
        if text not in self.notes:
            self.notes.append(text)

    def drop(self, name, reason):
        self.figures.pop(name, None)
        self.note(f"{name}: not measured: {reason}")

    def ratios(self, name):
        """The ratios to the yardstick, round by round; [] where there is no yardstick."""
        yards = self.figures.get(self.yardstick, [])
        return [one / yard for one, yard in zip(self.figures[name], yards) if yard]

    def judged(self):
        """(contender, figure or ratio, bar, whether it holds), for each bar; None: not known."""
        for name, bar in self.bars.items():
            values = []
            if name in self.figures:
                values = self.ratios(name) if self.yardstick else self.figures[name]
            value = statistics.median(values) if values else None
            holds = None if value is None else value >= bar if self.at_least else value <= bar
            yield name, value, bar, holds


def number(value):
    """About three significant digits, without an exponent."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) >= 1 else f"{value:.3f}"


def spread(values):
    return f"{number(statistics.median(values)):>9} ({number(min(values))} - {number(max(values))})"


def ratio(values):
    if not values:
        return ""
    return f"{statistics.median(values):6.2f} x ({min(values):.2f} - {max(values):.2f})"


def bar_text(row, bar):
    bound = "at least" if row.at_least else "at most"
    return f"{bound} {bar:g} {'x' if row.yardstick else row.unit}"


def verdict(holds):
    return "not measured" if holds is None else "held" if holds else "NOT HELD"


def table(row):
    """The lines of one row."""
    against = f", against {row.yardstick}" if row.yardstick else ""
    lines = [f"{row.title}, {row.unit}{against}"]
    width = max([NAME, *map(len, row.figures)])
    for name, values in row.figures.items():
        ratios = row.ratios(name) if name != row.yardstick else []
        lines.append(f"  {name:{width}} {spread(values):30} {ratio(ratios)}".rstrip())
    for name, value, bar, holds in row.judged():
        who = f"{name}: " if len(row.bars) > 1 else ""
        lines.append(f"  bar: {who}{bar_text(row, bar)}: {verdict(holds)}")
    if row.promise:
        lines.append(f"  bar: {row.promise}: {verdict(row.is_kept)}")
    return lines + [f"  {note}" for note in row.notes]


def summary(rows):
    """A line for each bar."""
    lines = [f"{'what':56} {'figure':>8} {'bar':>9}"]
    for row in rows:
        for name, value, bar, holds in row.judged():
            what = row.title if len(row.bars) == 1 else f"{row.title}: {name}"
            unit = " x" if row.yardstick else ""
            shown = "-" if value is None else f"{value:.2f}{unit}"
            bound = f"{'>=' if row.at_least else '<='} {bar:g}{unit}"
            lines.append(f"{what:56} {shown:>8} {bound:>9}  {verdict(holds)}")
        if row.promise:
            lines.append(f"{row.title + ': ' + row.promise:75}  {verdict(row.is_kept)}")
    return lines
