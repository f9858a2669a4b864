import numpy as np
import pytest
from scipy.optimize import minimize, rosen, rosen_der

from chainrule.arrays import Array
from chainrule.errors import SpecificationError
from chainrule.training import LBFGS

START = np.array([-1.2, 1.0, 0.5])


def valley(vector: Array) -> tuple[float, Array]:
    return float(rosen(vector)), rosen_der(vector)


def test_the_minimum_is_found() -> None:
    found = LBFGS(tol=1e-8).minimise(valley, START)
    np.testing.assert_allclose(found.vector, np.ones(3), atol=1e-5)
    assert found.converged


def test_it_is_scipys_own_path() -> None:
    theirs = minimize(
        valley, START, method="L-BFGS-B", jac=True, options={"gtol": 1e-3, "maxiter": 9}
    )
    ours = LBFGS(max_iter=9, tol=1e-3).minimise(valley, START)
    assert (ours.vector.tolist(), ours.n_iter) == (theirs.x.tolist(), theirs.nit)


def test_the_start_is_left_as_it_is() -> None:
    start = START.copy()
    LBFGS().minimise(valley, start)
    assert start.tolist() == START.tolist()


@pytest.mark.parametrize("solver", [LBFGS(max_iter=3), LBFGS(max_fun=3)])
def test_a_limit_ends_it_without_convergence(solver: LBFGS) -> None:
    found = solver.minimise(valley, START)
    assert not found.converged
    assert found.n_iter <= 3


def test_every_iteration_is_reported_with_its_value() -> None:
    values: list[float] = []
    found = LBFGS().minimise(valley, START, lambda _, value: values.append(value))
    assert len(values) == found.n_iter
    assert values == sorted(values, reverse=True)
    assert values[-1] == found.value


def test_an_exception_of_the_function_reaches_the_caller() -> None:
    def broken(_: Array) -> tuple[float, Array]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        LBFGS().minimise(broken, START)


@pytest.mark.parametrize("wrong", [{"max_iter": 0}, {"max_fun": 0}, {"tol": -1}])
def test_limits_that_make_no_sense_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(SpecificationError, match="must be at least"):
        LBFGS(**wrong)
