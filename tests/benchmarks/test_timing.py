"""Taking turns, ratios within a round, and the slope over epochs."""

from collections.abc import Callable
from typing import Any, cast

import pytest

from alternate import ContenderError, Spread, Worker, alternate, ratios
from mnist_accuracy import race
from slope import Slope
from workloads import WORKLOADS

COURSE = WORKLOADS["course"]


class Clockwork:
    """A contender whose trainings take as long as a formula says."""

    def __init__(self, seconds: Callable[[int], float]) -> None:
        self.seconds = seconds

    def ask(self, what: str, **arguments: Any) -> dict[str, float]:
        assert what == "fit"
        seconds = self.seconds(arguments["epochs"])
        return {"seconds": seconds, "cpu": 2 * seconds}


class Student:
    """A contender that needs some epochs to be right about everything."""

    def __init__(self, n_epochs: int) -> None:
        self.n_epochs, self.done = n_epochs, 0

    def ask(self, what: str) -> dict[str, float]:
        if what == "epoch":
            self.done += 1
            return {"seconds": 0.5}
        return {"accuracy": min(1.0, self.done / self.n_epochs)}


def slope_of(seconds: Callable[[int], float]) -> Slope:
    return Slope(cast(Worker, Clockwork(seconds)), COURSE, seconds=1.0)


def test_the_order_of_turns_rotates() -> None:
    order: list[str] = []

    def turn(name: str) -> Callable[[], float]:
        def taken() -> float:
            order.append(name)
            return float(len(order))

        return taken

    found = alternate({name: turn(name) for name in "abc"}, 3)
    assert "".join(order) == "abcbcacab"
    assert found == {"a": [1, 6, 8], "b": [2, 4, 9], "c": [3, 5, 7]}


def test_a_ratio_compares_within_a_round() -> None:
    assert ratios([1.0, 20.0, 300.0], [1.0, 10.0, 100.0]) == Spread(2.0, 1.0, 3.0)


def test_what_is_done_once_cancels_in_the_slope() -> None:
    slope = slope_of(lambda epochs: 7.0 + 0.002 * COURSE.n_steps * epochs)
    assert slope() == pytest.approx(0.002)
    assert slope.threads_at_work == pytest.approx(2.0)


def test_a_machine_too_busy_for_a_slope_is_told() -> None:
    noise = iter([0.0, 2.0] * 6 + [2.0, 1.0] * 100)
    slope = slope_of(lambda _: next(noise))
    with pytest.raises(ContenderError, match="too busy"):
        [slope() for _ in range(20)]


def test_a_race_ends_when_each_has_arrived_or_given_up() -> None:
    workers = {name: cast(Worker, Student(n)) for name, n in {"quick": 2, "never": 99}.items()}
    runs = race(workers, goal=1.0, most_epochs=5)
    assert (runs["quick"].n_epochs, runs["quick"].seconds) == (2, 1.0)
    assert runs["quick"].reached(1.0)
    assert runs["never"].n_epochs == 5
    assert not runs["never"].reached(1.0)


def test_a_contender_in_its_own_process_answers() -> None:
    told = {"contender": "scikit-learn", "workload": "course", "n_threads": 1, "n_rows": 200}
    with Worker(told, {"OMP_NUM_THREADS": "1"}) as worker:
        assert worker.ask("fit", epochs=1)["seconds"] > 0
        assert len(worker.ask("outcome", trial="momentum")["outputs"]) == 50


def test_a_contender_that_ends_is_told_with_its_last_words() -> None:
    told = {"contender": "nobody", "workload": "course", "n_threads": 1, "n_rows": 200}
    with Worker(told, {}) as worker, pytest.raises(ContenderError, match="KeyError: 'nobody'"):
        worker.ask("about")
