"""What an estimator is told: its parameters, and which values each of them may have."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from numbers import Integral, Real
from typing import Any, ClassVar, Literal

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.metrics import get_scorer_names
from sklearn.utils._param_validation import Interval, Options, StrOptions

from chainrule.errors import SpecificationError, UnknownNameError
from chainrule.functions import FUNCTIONS

__all__ = ["Hyperparameters", "takes_steps"]


class Hyperparameters(BaseEstimator):
    """The parameters that both networks have: scikit-learn's in its order, and then our own.

    A parameter is one line in the signature of an estimator, one line here for its type, and one
    in the table of what it may be.
    """

    loss: str
    hidden_layer_sizes: int | Sequence[int]
    activation: str | Sequence[str]
    solver: str
    alpha: float
    batch_size: int | Literal["auto"]
    learning_rate: str
    learning_rate_init: float
    power_t: float
    max_iter: int
    shuffle: bool
    random_state: int | np.random.RandomState | None
    tol: float
    verbose: bool | int
    warm_start: bool
    momentum: float
    nesterovs_momentum: bool
    early_stopping: bool
    validation_fraction: float
    beta_1: float
    beta_2: float
    epsilon: float
    n_iter_no_change: float
    max_fun: int
    dropout: float | Sequence[float]
    weight_decay: float
    clip_norm: float | None
    clip_value: float | None
    warm_up: float
    scoring: str | Callable[..., Any] | None
    restore_best: bool
    engine: str
    n_threads: int | None

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "hidden_layer_sizes": ["array-like", Interval(Integral, 1, None, closed="left")],
        "activation": [StrOptions(set(FUNCTIONS)), "array-like"],
        "solver": [StrOptions({"lbfgs", "sgd", "adam"})],
        "alpha": [Interval(Real, 0, None, closed="left")],
        "batch_size": [StrOptions({"auto"}), Interval(Integral, 1, None, closed="left")],
        "learning_rate": [
            StrOptions({"constant", "invscaling", "adaptive", "cosine", "one_cycle"})
        ],
        "learning_rate_init": [Interval(Real, 0, None, closed="neither")],
        "power_t": [Interval(Real, 0, None, closed="left")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "shuffle": ["boolean"],
        "random_state": ["random_state"],
        "tol": [Interval(Real, 0, None, closed="left")],
        "verbose": ["verbose"],
        "warm_start": ["boolean"],
        "momentum": [Interval(Real, 0, 1, closed="both")],
        "nesterovs_momentum": ["boolean"],
        "early_stopping": ["boolean"],
        "validation_fraction": [Interval(Real, 0, 1, closed="left")],
        "beta_1": [Interval(Real, 0, 1, closed="left")],
        "beta_2": [Interval(Real, 0, 1, closed="left")],
        "epsilon": [Interval(Real, 0, None, closed="neither")],
        "n_iter_no_change": [
            Interval(Integral, 1, None, closed="left"),
            Options(Real, {np.inf}),
        ],
        "max_fun": [Interval(Integral, 1, None, closed="left")],
        "dropout": [Interval(Real, 0, 1, closed="left"), "array-like"],
        "weight_decay": [Interval(Real, 0, None, closed="left")],
        "clip_norm": [Interval(Real, 0, None, closed="neither"), None],
        "clip_value": [Interval(Real, 0, None, closed="neither"), None],
        "warm_up": [Interval(Real, 0, None, closed="left")],
        "scoring": [StrOptions({*get_scorer_names(), "loss"}), callable, None],
        "restore_best": ["boolean"],
        "engine": [StrOptions({"auto", "native", "reference"})],
        "n_threads": [Interval(Integral, 1, None, closed="left"), None],
    }

    def _keep(self, given: Mapping[str, Any]) -> None:
        """Keep the parameters as they were given, which is all that a constructor may do."""
        self.__dict__.update({name: value for name, value in given.items() if name != "self"})

    def _hidden_sizes(self) -> list[int]:
        given = self.hidden_layer_sizes
        sizes: list[Any] = list(given) if isinstance(given, Iterable) else [given]
        if not all(isinstance(size, Real) and not isinstance(size, bool) for size in sizes):
            raise SpecificationError(
                f"hidden_layer_sizes must be a whole number or a sequence of them, got {given!r}."
            )
        if any(size <= 0 for size in sizes):
            raise SpecificationError(f"hidden_layer_sizes must be > 0, got {sizes}.")
        if any(size % 1 != 0 for size in sizes):
            raise SpecificationError(f"hidden_layer_sizes must be whole numbers, got {sizes}.")
        return [int(size) for size in sizes]

    def _hidden_functions(self, n_hidden: int) -> list[str]:
        """Name the function of every hidden layer."""
        given = self.activation
        names = [given] * n_hidden if isinstance(given, str) else [str(name) for name in given]
        for name in names:
            if name not in FUNCTIONS:
                raise UnknownNameError("activation", name, FUNCTIONS)
        if len(names) != n_hidden:
            raise SpecificationError(
                f"activation={given!r} has {len(names)} names for {n_hidden} hidden layers; give "
                "one name for all layers or one for each"
            )
        return names

    def _dropout_rates(self, n_hidden: int) -> float | tuple[float, ...]:
        """Give the rate of all hidden layers, or that of each."""
        given = self.dropout
        if isinstance(given, Real):
            return float(given)
        try:
            rates = tuple(float(rate) for rate in given)  # type: ignore[union-attr]
        except (TypeError, ValueError):
            raise SpecificationError(f"dropout={given!r} must be made of numbers") from None
        if not all(0 <= rate < 1 for rate in rates):
            raise SpecificationError(f"dropout={given!r} has a rate that is not in [0, 1)")
        if len(rates) != n_hidden:
            raise SpecificationError(
                f"dropout={given!r} has {len(rates)} rates for {n_hidden} hidden layers; give one "
                "rate for all layers or one for each"
            )
        return rates

    def _refuse_impossible(self) -> None:
        """Refuse parameters of which each may be, but not together."""
        if self.clip_norm is not None and self.clip_value is not None:
            raise SpecificationError(
                f"clip_norm={self.clip_norm} and clip_value={self.clip_value} exclude one another; "
                "leave one of them None"
            )
        if self.weight_decay and self.solver != "adam":
            raise SpecificationError(
                f"weight_decay={self.weight_decay} needs solver='adam', got {self.solver!r}; "
                "alpha penalises the weights with every solver"
            )
        if self.warm_up and self.learning_rate != "cosine":
            raise SpecificationError(
                f"warm_up={self.warm_up} needs learning_rate='cosine', got {self.learning_rate!r}"
            )
        if self.warm_up and self.warm_up >= self.max_iter:
            raise SpecificationError(
                f"warm_up={self.warm_up} must be below max_iter={self.max_iter}"
            )
        if self.solver == "lbfgs":
            self._refuse_steps()

    def _refuse_steps(self) -> None:
        """Refuse what belongs to the steps of a stochastic solver, which L-BFGS does not take."""
        apart = {
            "dropout": np.any(self.dropout),
            "clip_norm": self.clip_norm is not None,
            "clip_value": self.clip_value is not None,
        }
        for name, is_set in apart.items():
            if is_set:
                raise SpecificationError(
                    f"{name}={getattr(self, name)!r} has no meaning for solver='lbfgs', which "
                    "takes no steps over mini-batches; take solver='adam' or 'sgd'"
                )


def takes_steps(estimator: Hyperparameters) -> bool:
    """Tell whether there is a `partial_fit`, in scikit-learn's words where there is none."""
    if estimator.solver == "lbfgs":
        raise AttributeError(
            "partial_fit is only available for stochastic optimizers. lbfgs is not stochastic."
        )
    return True
