"""Write the tables of docs/notation.md that come from the code.

    python docs/write_tables.py

Each table stands between two marker comments and is generated from the entries that the engines
evaluate, so that what is read is what is run. A test compares the page with what this writes.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from chainrule.calculus import to_latex
from chainrule.functions import FUNCTIONS
from chainrule.losses import LOSSES
from chainrule.network import Architecture
from chainrule.outputs import OUTPUTS

PAGE = Path(__file__).with_name("notation.md")


def functions() -> Iterable[tuple[str, ...]]:
    """Give a row for each hidden function."""
    yield "name", "value $f(z)$", "derivative $f'(z)$, with $y = f(z)$"
    for function in FUNCTIONS.values():
        value = "" if function.value is None else _math(to_latex(function.value))
        yield f"`{function.name}`", value, _math(to_latex(function.derivative))


def outputs() -> Iterable[tuple[str, ...]]:
    """Give a row for each output."""
    yield "name", "value $y$", "Jacobian $\\partial y / \\partial z$", "canonical loss"
    for output in OUTPUTS.values():
        loss = Architecture.of([1, 2], output=output).loss.name
        value, jacobian = to_latex(output.value), to_latex(output.jacobian)
        yield f"`{output.name}`", _math(value), _math(jacobian), f"`{loss}`"


def losses() -> Iterable[tuple[str, ...]]:
    """Give a row for each loss."""
    yield (
        "name",
        "value $\\ell(y, t)$",
        "$\\partial \\ell / \\partial y$",
        "$\\partial \\ell / \\partial t$",
    )
    for loss in LOSSES.values():
        formulas = (loss.value, loss.by_output, loss.by_target)
        yield f"`{loss.name}`", *(_math(to_latex(formula)) for formula in formulas)


TABLES: dict[str, Callable[[], Iterable[tuple[str, ...]]]] = {
    "functions": functions,
    "outputs": outputs,
    "losses": losses,
}


def written(page: str) -> str:
    """Return the page with every table written anew."""
    for name, rows in TABLES.items():
        start, end = f"<!-- table: {name} -->", "<!-- end of table -->"
        pattern = re.compile(f"{re.escape(start)}.*?{re.escape(end)}", re.DOTALL)
        table = "\n".join([start, "", *_markdown(rows()), "", end])
        n_found = len(pattern.findall(page))
        if n_found != 1:
            raise SystemExit(f"{PAGE.name} has {n_found} places for the table of {name}, not one")
        page = pattern.sub(table.replace("\\", r"\\"), page)
    return page


def _markdown(rows: Iterable[tuple[str, ...]]) -> Iterable[str]:
    head, *body = rows
    yield _line(head)
    yield _line(["---"] * len(head))
    yield from map(_line, body)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _math(latex: str) -> str:
    allowed = latex.replace(r"\operatorname{", r"\mathrm{")  # which GitHub refuses
    return f"${allowed}$" if latex else ""


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
