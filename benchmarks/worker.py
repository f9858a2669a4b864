"""The process of one contender: takes a line of JSON, does what it says, answers with a line.

Not for use by hand: `alternate.Worker` starts it. The first argument is a JSON object with the
contender, the workload, and how many rows and threads.
"""

import json
import os
import resource
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, Final, TextIO

import numpy as np

from contenders import Contender, Specification, made
from contenders.external import External
from mnist import mnist
from trials import N_EPOCHS, TRIALS
from workloads import WORKLOADS, Data, generated

#: How many rows' probabilities are compared.
COMPARED_ROWS: Final = 50


def specification(told: Mapping[str, Any]) -> Specification:
    """Read what is to be trained."""
    workload = WORKLOADS[told["workload"]].shortened(told["n_rows"])
    if hidden := told.get("hidden"):
        workload = replace(workload, layers=(workload.layers[0], *hidden, workload.layers[-1]))
    file = told.get("data")
    data = mnist(Path(file)).train.first(told["n_rows"]) if file else generated(workload)
    return Specification(workload, data, told["n_threads"], told.get("seed", 0))


def contender_for(told: Mapping[str, Any], wanted: Specification) -> Contender:
    """Make a contender of ours, or hand the work to a program."""
    if told.get("program"):
        return External(Path(told["program"]), wanted)
    return made(told["contender"], wanted)


def timed(work: Callable[[], object]) -> dict[str, float]:
    """Measure the time that passes, and that of all threads and of programs that were run."""
    cpu, began = processor_seconds(), perf_counter()
    work()
    seconds, after = perf_counter() - began, processor_seconds()
    return {"seconds": seconds, "cpu": after - cpu}


def processor_seconds() -> float:
    """Add up what all threads of this process and its ended children have used."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return process_time() + ended.ru_utime + ended.ru_stime


def outcome(told: Mapping[str, Any], wanted: Specification, trial: str) -> dict[str, Any]:
    """Do one of the trainings that must agree, and tell the probabilities."""
    workload = TRIALS[trial](wanted.workload)
    rows = wanted.data.first(workload.n_rows)
    contender = contender_for(told, Specification(workload, rows, wanted.n_threads, wanted.seed))
    contender.fit(N_EPOCHS, shuffle=False)
    return {"outputs": contender.outputs(rows.X[:COMPARED_ROWS]).tolist()}


def accuracy(contender: Contender, test: Data) -> dict[str, float]:
    """Tell the share of the rows whose most probable class is theirs."""
    found = np.argmax(contender.outputs(test.X), axis=1)
    return {"accuracy": float(np.mean(found == test.labels))}


def answers(told: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    """Make the function from a request to its answer."""
    wanted = specification(told)
    contender = contender_for(told, wanted)

    def fit(epochs: int) -> dict[str, float]:
        return timed(lambda: contender.fit(epochs, shuffle=True))

    known: dict[str, Callable[..., Mapping[str, Any]]] = {
        "about": contender.about,
        "outcome": lambda trial: outcome(told, wanted, trial),
        "fit": fit,
        "epoch": lambda: timed(contender.one_epoch),
        "step": lambda: timed(contender.step),
        "accuracy": lambda: accuracy(contender, mnist(Path(told["data"])).test),
    }
    return lambda request: known[request["do"]](**request.get("with", {}))


def serve(told: Mapping[str, Any], requests: TextIO, replies: TextIO) -> None:
    """Answer until there are no more requests."""
    answer = answers(told)
    for line in requests:
        print(json.dumps(dict(answer(json.loads(line)))), file=replies, flush=True)


def main() -> None:
    """Serve on standard input and output, which no library may write to in between."""
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    serve(json.loads(sys.argv[1]), sys.stdin, replies)


if __name__ == "__main__":
    main()
