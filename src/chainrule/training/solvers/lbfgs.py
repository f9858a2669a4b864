"""L-BFGS through SciPy: a quasi-Newton method for all samples at once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from chainrule.arrays import Array
from chainrule.training.hyperparameters import require_at_least

__all__ = ["LBFGS", "Minimum"]


@final
@dataclass(frozen=True)
class Minimum:
    """Where a minimisation ended.

    Parameters
    ----------
    vector : array, shape (n,)
        The last point.
    value : float
        The function there.
    n_iter : int
        Iterations done.
    converged : bool
        Whether the gradient or the progress became small enough.
    message : str
        SciPy's own words.

    Examples
    --------
    >>> Minimum(np.zeros(2), 0.0, 3, True, "CONVERGENCE").n_iter
    3
    """

    vector: Array
    value: float
    n_iter: int
    converged: bool
    message: str


@final
@dataclass(frozen=True)
class LBFGS:
    """Limited-memory BFGS: ``θ ← θ - α H g``, ``H`` from the last ten steps, ``α`` by line search.

    It sees all samples in every evaluation and has no learning rate. Its arithmetic is float64.

    Parameters
    ----------
    max_iter : int, default=200
        Iterations at most.
    max_fun : int, default=15000
        Evaluations of the loss and its gradient at most; the iteration under way is finished.
    tol : float, default=1e-4
        The largest element of the gradient, in absolute value, at which the method has
        converged (SciPy's ``gtol``).

    Raises
    ------
    SpecificationError
        Where a limit is below 1 or `tol` is negative.

    References
    ----------
    Byrd, Lu, Nocedal and Zhu, "A limited memory algorithm for bound constrained optimization",
    SIAM Journal on Scientific Computing 16 (1995); as in ``scipy.optimize.minimize`` with
    ``method="L-BFGS-B"``.

    Examples
    --------
    >>> def bowl(vector):
    ...     return float(vector @ vector), 2 * vector
    >>> LBFGS().minimise(bowl, np.ones(3)).vector.round(6).tolist()
    [0.0, 0.0, 0.0]
    """

    name: ClassVar[str] = "lbfgs"

    max_iter: int = 200
    max_fun: int = 15000
    tol: float = 1e-4

    def __post_init__(self) -> None:
        require_at_least("max_iter", self.max_iter, 1)
        require_at_least("max_fun", self.max_fun, 1)
        require_at_least("tol", self.tol, 0)

    def minimise(
        self,
        function: Callable[[Array], tuple[float, Array]],
        vector: Array,
        after_iteration: Callable[[Array, float], None] | None = None,
    ) -> Minimum:
        """Minimise a function from a starting point.

        Parameters
        ----------
        function : callable
            Takes a vector and returns the value and a gradient of its own (not a buffer that
            it uses again).
        vector : array, shape (n,)
            Where to begin; left as it is.
        after_iteration : callable, optional
            Called after every iteration with the vector, which it must copy to keep, and the
            value. An exception that it raises ends the minimisation and reaches the caller.

        Returns
        -------
        Minimum
        """
        # SciPy's optimisers are slow to import and only this solver needs them.
        from scipy.optimize import OptimizeResult, minimize

        def callback(intermediate_result: OptimizeResult) -> None:
            if after_iteration is not None:
                after_iteration(intermediate_result.x, float(intermediate_result.fun))

        found = minimize(
            function,
            np.asarray(vector, dtype=np.float64),
            method="L-BFGS-B",
            jac=True,
            callback=callback,
            options={"maxfun": self.max_fun, "maxiter": self.max_iter, "gtol": self.tol},
        )
        return Minimum(found.x, float(found.fun), found.nit, found.status == 0, found.message)
