"""How many threads, and that the pool outlives what a process does to it."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from chainrule.engine import NativeEngine
from chainrule.engine.threads import thread_count
from chainrule.errors import SpecificationError
from chainrule.network import Architecture
from chainrule.objective import Batch, Objective
from chainrule.parameters import initial_parameters

ARCHITECTURE = Architecture.of([40, 200, 200, 3])


def gradient(n_threads: int | None) -> bytes:
    rng = np.random.default_rng(0)
    batch = Batch(rng.normal(size=(200, 40)), np.eye(3)[rng.integers(0, 3, 200)])
    params = initial_parameters(ARCHITECTURE, np.random.RandomState(0))
    engine = NativeEngine(n_threads)
    return engine.loss_and_gradient(Objective(ARCHITECTURE), params, batch)[1].vector.tobytes()


def test_what_is_asked_for_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHAINRULE_THREADS", raising=False)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    cores = thread_count()
    assert cores >= 1
    monkeypatch.setenv("OMP_NUM_THREADS", "5,2")
    assert thread_count() == 5
    monkeypatch.setenv("CHAINRULE_THREADS", "7")
    assert thread_count() == 7
    assert thread_count(2) == 2


@pytest.mark.parametrize("wrong", ["0", "-1", "two", "1.5"])
def test_a_number_of_threads_that_is_none(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAINRULE_THREADS", wrong)
    with pytest.raises(SpecificationError, match="CHAINRULE_THREADS must be a whole number"):
        thread_count()


def test_an_engine_with_no_threads_is_refused() -> None:
    with pytest.raises(SpecificationError, match="n_threads must be a whole number of at least 1"):
        NativeEngine(0)


def test_threadpoolctl_sees_the_pool_and_limits_it() -> None:
    def limits() -> list[int]:
        return [pool["num_threads"] for pool in threadpool_info() if pool["prefix"] == "_native"]

    expected = gradient(3)
    before = limits()
    assert len(before) == 1
    with threadpool_limits(1):
        assert limits() == [1]
        assert gradient(3) == expected
    assert limits() == before


def test_python_threads_share_the_pool() -> None:
    expected, results = gradient(2), list[bytes]()
    threads = [threading.Thread(target=lambda: results.append(gradient(2))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 6


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_process_has_a_pool_of_its_own() -> None:
    # in a process that has no other threads than ours, since pytest's plugins may have some
    program = "; ".join(
        [
            "import os, sys, warnings",
            f"sys.path.insert(0, {str(Path(__file__).parent)!r})",
            "import test_threads",
            "expected = test_threads.gradient(2)",
            "warnings.simplefilter('ignore', DeprecationWarning)",
            "child = os.fork()",
            "result = test_threads.gradient(2) == expected",
            "child or os._exit(0 if result else 3)",
            "status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])",
            "print(result, status)",
        ]
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout.split() == ["True", "0"]
