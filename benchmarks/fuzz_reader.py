"""Feed the reader of derivations with random text, and watch that it ends, soon and within bounds.

Caveats first: the inputs are random pieces of LaTeX and mutations of real documents, from a seed,
so they cover what the pieces cover. Time is this machine's, and another process may stretch it. The
whole grader is much slower than its reader and is fed with every thousandth input only.

    python benchmarks/fuzz_reader.py 1000000
"""

import argparse
import random
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from chainrule.grading import grade
from chainrule.read.document import read_document

PIECES: Final = [
    *("$", "$$", "\\[", "\\]", "\\begin{align}", "\\end{align}", "\\begin{cases}", "\\end{cases}"),
    *(
        "```math\n",
        "```",
        "\n\n",
        "\n",
        "\\\\",
        "&",
        "=",
        ":=",
        "\\frac",
        "{",
        "}",
        "^",
        "_",
        "(",
        ")",
    ),
    *(
        "\\left",
        "\\right",
        "|",
        "\\|",
        "[",
        "]",
        "W",
        "x",
        "y",
        "z",
        "t",
        "E",
        "\\delta",
        "\\sigma",
    ),
    *("\\partial", "\\nabla", "\\sum", "\\log", "e", "^{(2)}", "^{(l+1)}", "_{ij}", "^\\top", "'"),
    *(
        "\\odot",
        "\\cdot",
        "+",
        "-",
        "/",
        "1",
        "2",
        "0.5",
        ",",
        ".",
        "\\quad",
        "\\Rightarrow",
        "\\to",
    ),
    *(
        "\\newcommand{\\a}[1]{#1\\a{#1}}",
        "\\a",
        "#",
        "%",
        "\\text{if}",
        "\\neq",
        "\\hat",
        "\\mathbf",
    ),
    *("∂", "σ", "ᵀ", "₁", "\x00", "\ud7ff", "é", "~", "\\", "$i \\neq j$", "<!--", "-->", "`"),
]
DOCUMENTS: Final = Path(__file__).resolve().parents[1] / "tests" / "grading" / "documents"


def inputs(count: int, seed: int) -> Iterator[str]:
    """Give random texts: pieces of LaTeX, and real documents with pieces put in and cut out."""
    rng = random.Random(seed)
    documents = [path.read_text(encoding="utf-8") for path in sorted(DOCUMENTS.iterdir())]
    for number in range(count):
        if number % 20:
            yield "".join(rng.choices(PIECES, k=rng.randrange(40)))
            continue
        text = rng.choice(documents)
        start = rng.randrange(len(text))
        part = text[start : start + rng.randrange(400)]
        at = rng.randrange(len(part) + 1)
        yield "$$" + part[:at] + rng.choice(PIECES) + part[at + rng.randrange(5) :] + "$$"


def main() -> int:
    """Run, and print the slowest input and the memory at the end."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("count", type=int, nargs="?", default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    started, slowest, worst = time.perf_counter(), 0.0, ""
    for number, text in enumerate(inputs(options.count, options.seed)):
        before = time.perf_counter()
        read_document(text)
        took = time.perf_counter() - before
        if took > slowest:
            slowest, worst = took, text
        if number % 1000 == 0:
            grade(text)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{options.count:,} inputs in {time.perf_counter() - started:.0f} s, none crashed; slowest "
        f"{slowest * 1000:.1f} ms; {memory} MiB at most"
    )
    print(f"slowest input: {worst[:200]!r}")
    return 0 if slowest < 1 else 1


if __name__ == "__main__":
    sys.exit(main())
