"""chainrule and scikit-learn, through the estimator that both offer."""

import inspect
import warnings
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any, final

import numpy as np
import numpy.typing as npt
import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_info, threadpool_limits

import chainrule
from contenders.contender import Probabilities, Specification
from workloads import BETA_1, BETA_2, MOMENTUM, Workload

__all__ = [
    "Estimator",
    "arguments",
    "chainrule_estimator",
    "chainrule_extras",
    "scikit_learn_estimator",
]


def arguments(workload: Workload) -> dict[str, Any]:
    """Say a workload in scikit-learn's parameters, with every rule that ends training off."""
    return {
        "hidden_layer_sizes": workload.hidden,
        "activation": workload.activation,
        "solver": workload.solver,
        "alpha": 0.0,
        "batch_size": workload.batch_size,
        "learning_rate_init": workload.rate,
        "momentum": MOMENTUM,
        "nesterovs_momentum": False,
        "beta_1": BETA_1,
        "beta_2": BETA_2,
        "epsilon": workload.epsilon,
        "tol": 0.0,
        "n_iter_no_change": np.inf,
    }


@final
class Estimator:
    """An estimator with scikit-learn's interface, timed through `fit` and `partial_fit`.

    Parameters
    ----------
    kind : type
        The class of the estimator.
    told : Specification
        What is trained.
    extras : mapping
        Parameters that only this class has.
    about : mapping
        What is special about it.
    """

    def __init__(
        self, kind: Any, told: Specification, extras: Mapping[str, Any], about: Mapping[str, str]
    ) -> None:
        self._kind, self._told, self._extras, self._about = kind, told, extras, about
        self._y = told.data.T if told.workload.is_multilabel else told.data.labels
        # An epoch is a fit's end, which warns that it may not have converged: it was told to.
        warnings.simplefilter("ignore", ConvergenceWarning)
        threadpool_limits(told.n_threads)  # holds for the process
        # A generator, since a seed would shuffle alike in every call of partial_fit.
        self._model = self._new(1, shuffle=True, chance=np.random.RandomState(told.seed))

    def _new(self, n_epochs: int, *, shuffle: bool, chance: Any) -> Any:
        told = arguments(self._told.workload) | dict(self._extras)
        return self._kind(max_iter=n_epochs, shuffle=shuffle, random_state=chance, **told)

    def fit(self, n_epochs: int, *, shuffle: bool) -> None:
        """Train a new estimator."""
        model = self._new(n_epochs, shuffle=shuffle, chance=self._told.seed)
        self._model = model.fit(self._told.data.X, self._y)

    def one_epoch(self) -> None:
        """Call `partial_fit` with all rows, which goes through them once in batches."""
        self._go_on(len(self._told.data.X))

    def step(self) -> None:
        """Call `partial_fit` with one batch."""
        self._go_on(self._told.workload.batch_size)

    def _go_on(self, n_rows: int) -> None:
        first = not hasattr(self._model, "coefs_")
        classes = np.arange(self._told.workload.layers[-1]) if first else None
        self._model.partial_fit(self._told.data.X[:n_rows], self._y[:n_rows], classes=classes)

    def outputs(self, X: npt.NDArray[np.float32]) -> Probabilities:
        """Give `predict_proba`."""
        return np.asarray(self._model.predict_proba(X), dtype=np.float32)

    def about(self) -> Mapping[str, str]:
        """Name the version and the linear algebra underneath."""
        return self._about


def _blas() -> str:
    found = {
        f"{pool['internal_api']} {pool['version']} {pool.get('architecture', '')}".strip()
        for pool in threadpool_info()
        if pool["user_api"] == "blas"
    }
    return ", ".join(sorted(found))


def scikit_learn_estimator(told: Specification) -> Estimator:
    """Make scikit-learn's classifier."""
    about = {"version": sklearn.__version__, "BLAS": _blas()}
    return Estimator(MLPClassifier, told, {}, about)


def chainrule_extras(n_threads: int, function: Any = chainrule.MLPClassifier) -> dict[str, Any]:
    """Ask for the native engine and for threads, where a function of ours takes those."""
    known = inspect.signature(function).parameters
    wanted = {"engine": "native", "n_threads": n_threads}
    return {name: value for name, value in wanted.items() if name in known}


def chainrule_estimator(told: Specification) -> Estimator:
    """Make ours, on its native engine with as many threads as asked, where it has those."""
    extras = chainrule_extras(told.n_threads)
    about = {"version": _chainrule_version(), "engine": str(extras.get("engine", "reference"))}
    if hasattr(chainrule, "engine_info"):
        about["engine_info"] = str(chainrule.engine_info())
    else:
        about["BLAS"] = _blas()
    return Estimator(chainrule.MLPClassifier, told, extras, about)


def _chainrule_version() -> str:
    try:
        return version("chainrule")
    except PackageNotFoundError:
        return "from a checkout"
