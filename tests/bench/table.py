"""What was measured, held against what it should be, as a table to read."""

from dataclasses import asdict, dataclass, field
from statistics import median


@dataclass
class Figure:
    """One line of the table: a value a repetition; the one that `by` names has to reach the goal."""

    what: str
    values: list
    unit: str = ""
    goal: str = ""
    by: str = "median"
    digits: int = 2

    def met(self):
        """Whether the goal is met; nothing where there is none, or nothing was measured."""
        if not self.goal or not self.values:
            return None
        sign, number = self.goal.split()[:2]
        value = {"median": median, "min": min, "max": max}[self.by](self.values)
        return value >= float(number.replace(",", "")) if sign == "≥" else value <= float(number.replace(",", ""))

    def line(self, part=""):
        """The line in Markdown, with the part it is of where it stands alone."""
        show = lambda number: f"{number:,.{self.digits}f}"
        shown = [show(pick(self.values)) for pick in (min, median, max)] if self.values else ["–"] * 3
        verdict = {True: "met", False: "**missed**", None: ""}[self.met()]
        if self.goal and not self.values:
            verdict = "not measured"
        what = (f"{part}: " if part else "") + self.what + (f" ({self.unit})" if self.unit else "")
        cells = [what, *shown, self.goal, verdict]
        return "| " + " | ".join(cells) + " |"


HEAD = "| what | min | median | max | goal | |\n| --- | ---: | ---: | ---: | --- | --- |\n"


@dataclass
class Part:
    """What one part of the measurements found."""

    title: str
    about: str
    figures: list = field(default_factory=list)
    text: str = ""

    def page(self):
        """The part in Markdown."""
        lines = "\n".join(figure.line() for figure in self.figures)
        table = f"{HEAD}{lines}\n" if self.figures else ""
        return "\n".join(piece for piece in (f"## {self.title}\n", self.about + "\n", table, self.text) if piece)

    def kept(self):
        """The part as JSON can hold it."""
        return asdict(self)

    @staticmethod
    def again(kept):
        """The part as it was kept."""
        return Part(**{**kept, "figures": [Figure(**figure) for figure in kept["figures"]]})


def grid(head, rows):
    """A plain table in Markdown."""
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in lines)
