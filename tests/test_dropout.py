import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.dropout import Dropout
from chainrule.errors import SpecificationError
from chainrule.network import Architecture
from chainrule.objective import Objective

WORD = 2**64
MULTIPLIERS = 0xD2E7470EE14C6C93, 0xCA5A826395121157
WEYL = 0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B


def philox(counter: list[int], key: list[int]) -> list[int]:
    """Philox4x64-10 as the paper's section 3.3 defines it, on whole numbers of any size."""
    c, k = list(counter), list(key)
    for _ in range(10):
        high_0, low_0 = divmod(MULTIPLIERS[0] * c[0], WORD)
        high_1, low_1 = divmod(MULTIPLIERS[1] * c[2], WORD)
        c = [high_1 ^ c[1] ^ k[0], low_1, high_0 ^ c[3] ^ k[1], low_0]
        k = [(k[0] + WEYL[0]) % WORD, (k[1] + WEYL[1]) % WORD]
    return c


def number(seed: int, step: int, layer: int, index: int) -> int:
    """The number that decides about the entry of an index, made on its own."""
    word = philox([index // 8 + 1, 0, 0, step], [seed, layer])[index % 8 // 2]
    return word >> 32 if index % 2 else word % 2**32


@given(
    seed=st.integers(0, WORD - 1),
    step=st.integers(0, WORD - 1),
    layer=st.integers(1, 5),
    shape=st.tuples(st.integers(1, 6), st.integers(1, 6)),
    rate=st.floats(0, 1, exclude_max=True),
)
def test_every_entry_is_what_the_definition_says_on_its_own(
    seed: int, step: int, layer: int, shape: tuple[int, int], rate: float
) -> None:
    mask = Dropout(rate).masks(seed, step).of_layer(layer, shape, np.float64)
    for j, k in np.ndindex(shape):
        dropped = number(seed, step, layer, j * shape[1] + k) < int(rate * 2**32)
        assert mask[j, k] == (0 if dropped else 1 / (1 - rate))


def test_the_rows_of_a_mask_do_not_depend_on_how_many_there_are() -> None:
    masks = Dropout(0.5).masks(3, 4)
    whole, half = (masks.of_layer(2, (m, 7), np.float64) for m in (10, 5))
    assert half.tolist() == whole[:5].tolist()


@pytest.mark.parametrize("other", [(1, 0, 1), (0, 1, 1), (0, 0, 2)])
def test_seed_step_and_layer_each_give_another_mask(other: tuple[int, int, int]) -> None:
    masks = [
        Dropout(0.5).masks(seed, step).of_layer(layer, (8, 8), np.float64).tolist()
        for seed, step, layer in ((0, 0, 1), other)
    ]
    assert masks[0] != masks[1]


def test_the_share_of_zeros_is_the_rate_and_the_mean_is_one() -> None:
    mask = Dropout(0.3).masks(0, 0).of_layer(1, (1000, 100), np.float64)
    assert np.mean(mask == 0) == pytest.approx(0.3, abs=0.01)
    assert mask.mean() == pytest.approx(1.0, abs=0.01)


def test_each_layer_may_have_its_own_rate() -> None:
    masks = Dropout((0.0, 0.9)).masks(0, 0)
    assert (masks.of_layer(1, (50, 50), np.float64) == 1).all()
    assert (masks.of_layer(2, (50, 50), np.float64) == 0).mean() == pytest.approx(0.9, abs=0.03)


def test_single_precision_drops_the_same_entries() -> None:
    masks = Dropout(0.4).masks(5, 6)
    single, double = (masks.of_layer(1, (9, 9), dtype) for dtype in (np.float32, np.float64))
    assert single.dtype == np.float32
    assert ((single == 0) == (double == 0)).all()
    assert single.max() == np.float32(1 / 0.6)


@pytest.mark.parametrize("rates", [1.0, -0.1, float("nan"), (0.5, 1.0)])
def test_a_rate_outside_the_unit_interval_is_refused(rates: float | tuple[float, ...]) -> None:
    with pytest.raises(SpecificationError, match=r"a dropout rate must be in \[0, 1\), got"):
        Dropout(rates)


def test_rates_that_do_not_fit_the_layers_are_refused() -> None:
    architecture = Architecture.of([2, 3, 3, 1], output="identity")
    with pytest.raises(SpecificationError, match="3 dropout rates do not fit 2 hidden layers"):
        Objective(architecture, dropout=Dropout((0.1, 0.2, 0.3)).masks(0, 0))
