"""Grade thousands of mutants of right gradient formulas, beside a judge of our own.

What it claims: of random one- and two-edit mutants over six networks the grader accepts none that
the judge finds wrong, and rejects none that the judge finds right. The judge shares nothing with
the grader: its own trees, points, forward pass and complex step, in mpmath; the grader sees LaTeX.
What it does not: the mutants are slips in one formula at a time, without misprints; how a grader
reads other people's notation is another examination. A few mutants in a thousand are right only if
read in a way that people may differ about, such as ``diag`` of a row; they are listed apart.

Run it in a checkout; an interrupted run goes on where it was if it is given the same file::

    python benchmarks/mutation_campaign.py --count 10000 --seed 0 --out results.jsonl
    python benchmarks/mutation_campaign.py --count 10000 --judge-only
"""

import argparse
import importlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from mutations.comparison import ACCEPTED, REJECTED, finished, report, row
from mutations.documents import Grader, answers
from mutations.generation import Mutant, mutants
from mutations.judge import judged


def chainrule_grader(text: str) -> Mapping[str, Any]:
    """The report on a document."""
    return importlib.import_module("chainrule").grade(text).to_dict()


def examined(grader: Grader | None, group: Sequence[Mutant]) -> list[dict[str, Any]]:
    """The results of mutants that go into one document."""
    ours = [judged(mutant.network, mutant.formula, mutant.right) for mutant in group]
    theirs = answers(group, grader) if grader else [None] * len(group)
    return [row(*three) for three in zip(group, ours, theirs, strict=True)]


def groups(wanted: Sequence[Mutant], per_document: int) -> Iterator[Sequence[Mutant]]:
    """Mutants of one network, so many to a document."""
    names = dict.fromkeys(mutant.network.name for mutant in wanted)
    for name in names:
        same = [mutant for mutant in wanted if mutant.network.name == name]
        for start in range(0, len(same), per_document):
            yield same[start : start + per_document]


def run(arguments: argparse.Namespace, grader: Grader | None) -> list[Mapping[str, Any]]:
    """All results, those of an earlier run included."""
    settings = {"seed": arguments.seed, "judge_only": grader is None}
    rows = finished(arguments.out, settings) if arguments.out else []
    done = {row["number"] for row in rows}
    wanted = [m for m in mutants(arguments.seed, arguments.count) if m.number not in done]
    work = list(groups(wanted, arguments.per_document))
    for results in mapped(partial(examined, grader), work, arguments.jobs):
        rows = [*rows, *results]
        if arguments.out:
            write(arguments.out, settings, results)
        progress(len(rows), arguments.count)
    return [row for row in rows if row["number"] < arguments.count]


def mapped(
    function: Callable[[Sequence[Mutant]], list[dict[str, Any]]],
    work: Sequence[Sequence[Mutant]],
    jobs: int,
) -> Iterator[list[dict[str, Any]]]:
    """The results of each group, in order, from so many processes."""
    if jobs == 1:
        yield from map(function, work)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(function, work)


def write(path: Path, settings: Mapping[str, Any], results: Sequence[Mapping[str, Any]]) -> None:
    """Add whole lines to the file, below a line that says whose they are."""
    lines = list(results) if path.exists() else [settings, *results]
    with path.open("a", encoding="utf-8") as file:
        file.write("".join(json.dumps(line) + "\n" for line in lines))


def progress(done: int, count: int) -> None:
    print(f"\r{done} of {count}", end="" if done < count else "\n", file=sys.stderr, flush=True)


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Mutants of right formulas, judged and graded.")
    parser.add_argument("--count", type=int, default=10_000, help="mutants in all")
    parser.add_argument("--seed", type=int, default=0, help="decides which mutants")
    parser.add_argument("--out", type=Path, help="results, a line each; continued if it exists")
    parser.add_argument("--per-document", type=int, default=20, help="mutants in one document")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--examples", type=int, default=5, help="shown of each outcome")
    parser.add_argument("--judge-only", action="store_true", help="ask no grader")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    options = parsed(arguments)
    if not options.judge_only and not hasattr(importlib.import_module("chainrule"), "grade"):
        print("This chainrule has no grade(): run with --judge-only.", file=sys.stderr)
        return 2
    try:
        rows = run(options, None if options.judge_only else chainrule_grader)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join(report(rows, options.examples)))
    return int(any(row["outcome"] in (ACCEPTED, REJECTED) for row in rows))


if __name__ == "__main__":
    sys.exit(main())
