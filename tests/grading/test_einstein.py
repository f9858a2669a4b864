"""Einstein's convention: repeated indices are summed over where a document says so."""

import pytest

from chainrule.grading import grade

FORWARD = (
    r"$$z_i = W_{ij} x_j + b_i, \quad y_i = f(z_i), \quad E = \frac12 (y_i - t_i)(y_i - t_i)$$"
)


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (r"\frac{\partial E}{\partial x_j} = (y_i - t_i) f'(z_i) W_{ij}", "right"),
        (r"\frac{\partial E}{\partial z_i} = (y_i - t_i) f'(z_i)", "right"),
        (r"\frac{\partial E}{\partial z_i} = 2 (y_i - t_i) f'(z_i)", "wrong"),
        (r"\frac{\partial E}{\partial x_j} = (y_j - t_j) f'(z_j) W_{ij}", "wrong"),
    ],
)
def test_repeated_indices_are_summed_over(claim: str, verdict: str) -> None:
    text = f"With Einstein's summation convention:\n\n{FORWARD}\n\n$${claim}$$"
    assert grade(text).steps[-1].verdict == verdict


def test_without_the_convention_a_repeated_index_is_free() -> None:
    forward = r"$$y_i = W_{ij} x_j, \quad s = \sum_i y_i$$"
    claim = r"$$\frac{\partial s}{\partial x_j} = \sum_i W_{ij}$$"
    assert grade(f"{forward}\n\n{claim}").steps[-1].verdict != "right"
