"""The points at which lines are checked: where they lie, and what they cost."""

import tracemalloc

import numpy as np
import pytest

from chainrule import Network, derive
from chainrule.derivation.points import N_POINTS, check_sizes, draw_points
from chainrule.network import Architecture


@pytest.mark.parametrize("hidden", [("relu", "relu", "gelu", "relu"), ("relu", "selu") * 2])
def test_no_sample_is_near_a_kink(hidden: tuple[str, ...]) -> None:
    net = Architecture.of([3, 6, 2, 5, 4, 7], hidden, bias=False)
    points = draw_points(net, 9, 0.0, sums_to_one=True, rng=np.random.default_rng(0))
    assert len(points) == N_POINTS
    for point in points:
        assert point.batch.n_samples == 9
        for layer, name in enumerate(hidden, start=1):
            if name != "gelu":
                Z = np.abs(point.value(f"z({layer})"))
                assert np.min(Z) > 1e-3 * np.max(Z)


def test_lines_are_true_where_samples_die_in_a_relu() -> None:
    net = Network([4] * 6, hidden=["relu", "relu", "gelu", "relu"], bias=False)
    assert derive(net).check.worst_error < 1e-12


def test_sizes_that_meet_in_a_line_differ_however_deep_the_network() -> None:
    sizes, m = check_sizes(Architecture.of([3] * 31))
    assert all(len({*sizes[k : k + 4], m}) == 5 for k in range(28))
    assert max(sizes) <= 13
    single, m = check_sizes(Architecture.of([3] * 30 + [1], output="logistic"))
    assert single[-1] == 1
    assert 1 not in {*single[:-1], m}


def test_memory_does_not_explode_with_depth() -> None:
    tracemalloc.start()
    derive(Network([3] * 17, hidden="tanh"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 150e6
