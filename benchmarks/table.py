"""What a bench found, as lines of a table: a figure, its ratio to a reference, and the target."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """What ``docs/benchmarks.md`` promises, and whether this run kept it."""

    words: str
    reached: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was measured. ``figures`` stand under the columns of its bench."""

    name: str
    figures: tuple[str, ...]
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """All that one bench found."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def reached(self) -> bool:
        """Whether every target was."""
        return all(target.reached for row in self.rows for target in row.targets)

    def show(self) -> None:
        lines = [("", *self.columns), *((row.name, *row.figures) for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        print(f"\n{self.title}")
        for name, *figures in lines:
            cells = [f"{f:>{w}}" for f, w in zip(figures, widths[1:], strict=True)]
            print("  ".join([f"  {name:<{widths[0]}}", *cells]))
        for row in self.rows:
            for target in row.targets:
                verdict = "reached" if target.reached else "NOT REACHED"
                print(f"  {row.name}: {target.words}: {verdict}")


def at_least(figure: float, wanted: float, words: str) -> Target:
    return Target(f"{words} ({figure:.1f}, wanted ≥ {wanted:g})", figure >= wanted)


def at_most(figure: float, wanted: float, words: str) -> Target:
    return Target(f"{words} ({figure:.1f}, wanted ≤ {wanted:g})", figure <= wanted)
