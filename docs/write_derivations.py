"""Write the pages of docs/derivations.

    python docs/write_derivations.py

Each page is what ``chainrule derive`` writes for one network. A test compares the pages with what
this writes.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chainrule import Network, derive

FOLDER = Path(__file__).with_name("derivations")


@dataclass(frozen=True)
class Page:
    """One page: its file, its command line, and the same in Python."""

    file: str
    about: str
    command: str
    network: Network
    options: dict[str, Any] = field(default_factory=dict)

    def written(self) -> dict[str, str]:
        """Derive, and say at the top where the page comes from; its picture lies beside it."""
        head = f"<!-- chainrule derive {self.command} --format markdown -->\n\n"
        picture = self.file.removesuffix(".md") + ".svg"
        derivation = derive(self.network, **self.options)
        page = head + derivation.to_markdown(picture=picture)
        return {self.file: page, picture: derivation.picture.to_svg()}


PAGES = (
    Page(
        "one-unit.md",
        "one logistic unit",
        "5 1 --output logistic --no-bias",
        Network([5, 1], output="logistic", bias=False),
    ),
    Page(
        "exercise-sheet.md",
        "the classical exercise: a logistic layer, a softmax, cross-entropy, weight decay",
        "256 7 10 --no-bias --l2",
        Network([256, 7, 10], hidden="logistic", bias=False),
        {"l2": True},
    ),
    Page(
        "exercise-sheet-in-full.md",
        "the same with every application of a rule",
        "256 7 10 --no-bias --l2 --detail full",
        Network([256, 7, 10], hidden="logistic", bias=False),
        {"l2": True, "detail": "full"},
    ),
    Page(
        "denominator-layout.md",
        "the same in the denominator layout, results only",
        "256 7 10 --no-bias --l2 --layout denominator --detail brief",
        Network([256, 7, 10], hidden="logistic", bias=False),
        {"l2": True, "layout": "denominator", "detail": "brief"},
    ),
    Page(
        "regression.md",
        "three layers with biases, two activations and the Huber loss",
        "8 5 4 2 --hidden tanh gelu --output identity --loss huber",
        Network([8, 5, 4, 2], hidden=["tanh", "gelu"], output="identity", loss="huber"),
    ),
    Page(
        "second-derivatives.md",
        "two layers with biases, with second derivatives and the NumPy beside every formula",
        "4 3 2 --hidden tanh --second --code numpy",
        Network([4, 3, 2], hidden="tanh"),
        {"second": True, "code": "numpy"},
    ),
    Page(
        "ten-layers.md",
        "ten layers with five activations",
        "20 18 16 14 12 10 9 8 7 6 5 "
        "--hidden relu tanh logistic gelu softplus relu tanh logistic gelu",
        Network(
            [20, 18, 16, 14, 12, 10, 9, 8, 7, 6, 5],
            hidden=[
                *("relu", "tanh", "logistic", "gelu", "softplus"),
                *("relu", "tanh", "logistic", "gelu"),
            ],
        ),
    ),
)


def index() -> str:
    """Write the list of the pages."""
    lines = [
        "# Derivations",
        "",
        "Written by `python docs/write_derivations.py`, every line checked against the oracle.",
        "[How to write others](../derive.md).",
        "",
        *(f"- [{page.about}]({page.file}): `chainrule derive {page.command}`" for page in PAGES),
    ]
    return "\n".join(lines) + "\n"


def written() -> dict[str, str]:
    """Give every file of the folder by its name."""
    files = {"README.md": index()}
    for page in PAGES:
        files |= page.written()
    return files


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in written().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
