"""The figures that others have published for this network, by the protocol of the benchmark."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "benchmarks" / "usps_course.py"


def loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("usps_course", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where dataclasses look their annotations up
    spec.loader.exec_module(module)
    return module


course = loaded()


@pytest.fixture(scope="module")
def data(shared: Path) -> Path:
    file = shared / "data" / "usps_11000.npz"
    if not file.is_file():
        pytest.skip("needs usps_11000.npz among the shared data")
    return file


def test_the_first_parameters_run_column_by_column() -> None:
    params = course.first_parameters(10)
    assert params.vector.size == 2660
    W1, W2 = params.weights
    assert W1[:3, 0].tolist() == (0.1 * np.cos([0, 1, 2])).tolist()
    assert W1[0, :2].tolist() == (0.1 * np.cos([0, 10])).tolist()
    assert W2[0, :2].tolist() == (0.1 * np.cos([2560, 2570])).tolist()


def test_batches_come_in_order_and_go_round() -> None:
    numbers = np.arange(10.0)
    stream = course.batches(course.Part(numbers, numbers), 4)
    taken = [next(stream).X.tolist() for _ in range(4)]
    assert taken == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 0, 1], [2, 3, 4, 5]]


def test_every_published_figure_is_met(data: Path) -> None:
    compared = list(course.compare(course.read(data)))
    assert len(compared) == 4 * 4 + 1
    losses = [figure for figure, _, _ in compared if figure.protocol.batch_size == 4]
    assert {f.tolerance for f in losses if "loss" in f.name} == {1e-10}
    missed = [entry for entry in compared if entry[2] > entry[0].tolerance]
    assert missed == []


def test_the_benchmark_prints_published_and_ours(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert course.main(["--data", str(data)]) == 0
    printed = capsys.readouterr().out
    assert "α = 0.05, μ = 0.9, batches of 4, 70 steps" in printed
    assert "1.9940517127340163" in printed
    assert "NOT MET" not in printed


def test_the_benchmark_says_where_it_looked_for_the_data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        course.main(["--data", str(tmp_path / "none.npz")])
    assert caught.value.code == 2
    message = capsys.readouterr().err
    assert "there is no file" in message
    assert "say with --data" in message
