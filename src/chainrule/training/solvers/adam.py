"""Adam: steps scaled by running moments of the gradient; with decoupled weight decay, AdamW."""

import math
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from chainrule.parameters import Parameters
from chainrule.training.hyperparameters import (
    require_at_least,
    require_fraction,
    require_positive,
)
from chainrule.training.solvers.state import SolverState

__all__ = ["Adam"]


@final
@dataclass(frozen=True)
class Adam:
    """Adam, with the bias correction folded into the rate.

    ``m ← β₁ m + (1 - β₁) g``, ``v ← β₂ v + (1 - β₂) g²``, then
    ``θ ← θ - η_t m / (√v + ε)`` with ``η_t = η √(1 - β₂ᵗ) / (1 - β₁ᵗ)``.

    With `weight_decay` ``ω > 0`` it is AdamW: the step also takes ``η ω W`` from every weight.
    That decay does not pass through the moments, as the gradient of the penalty ``λ`` would, and
    so acts on all weights alike. Biases are not decayed.

    Parameters
    ----------
    beta_1 : float, default=0.9
        The decay of the first moment, in [0, 1).
    beta_2 : float, default=0.999
        The decay of the second moment, in [0, 1).
    epsilon : float, default=1e-8
        What keeps the quotient finite. In this form of the algorithm it is added to the root
        of the uncorrected moment (the paper's ε-hat).
    weight_decay : float, default=0.0
        ``ω``, the share of a weight that a step takes away, in units of the rate.

    Raises
    ------
    SpecificationError
        Where a decay of the moments is outside [0, 1), `epsilon` is not positive or
        `weight_decay` is negative.

    References
    ----------
    Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015 (arXiv:1412.6980),
    Algorithm 1 in the more efficient order given at the end of its section 2.
    Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019
    (arXiv:1711.05101), Algorithm 2, line 12. There the decay is multiplied by the schedule alone
    and not by the rate ``α``: their ``λ`` is ``α ω``, with ``α`` the schedule's first rate.

    Examples
    --------
    >>> from chainrule.network import Architecture
    >>> from chainrule.parameters import initial_parameters
    >>> architecture = Architecture.of([1, 1], output="identity")
    >>> params = initial_parameters(architecture, np.random.RandomState(0)).zeros()
    >>> solver = Adam()
    >>> state = solver.start(params)
    >>> solver.step(params, params.like(np.array([3.0, -0.2])), state, rate=0.1)
    >>> params.vector.round(6).tolist()
    [-0.1, 0.1]
    """

    name: ClassVar[str] = "adam"

    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-8
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        require_fraction("beta_1", self.beta_1, closed=False)
        require_fraction("beta_2", self.beta_2, closed=False)
        require_positive("epsilon", self.epsilon)
        require_at_least("weight_decay", self.weight_decay, 0)

    def start(self, params: Parameters) -> SolverState:
        """Begin with both moments zero: ``m = v = 0``.

        Parameters
        ----------
        params : Parameters
            The parameters to be trained.

        Returns
        -------
        SolverState
            With two slots, ``"first_moment"`` and ``"second_moment"``.
        """
        return SolverState(
            slots={"first_moment": params.zeros().vector, "second_moment": params.zeros().vector}
        )

    def step(
        self, params: Parameters, gradient: Parameters, state: SolverState, rate: float
    ) -> None:
        """Do one step, in place.

        Parameters
        ----------
        params : Parameters
            ``θ``; changed by a single operation, so that no interruption finds it half done.
        gradient : Parameters
            ``g``; consumed: its contents are undefined afterwards.
        state : SolverState
            From `start`.
        rate : float
            ``η``.
        """
        m, v = state.slots["first_moment"], state.slots["second_moment"]
        theta, g = params.vector, gradient.vector
        state.t += 1
        # m ← β₁ m + (1 - β₁) g
        m *= self.beta_1
        m += (1 - self.beta_1) * g
        # v ← β₂ v + (1 - β₂) g²
        v *= self.beta_2
        g *= g
        g *= 1 - self.beta_2
        v += g
        # θ ← θ - η_t m / (√v + ε), computed in the memory of g
        denominator = np.sqrt(v, out=g)
        denominator += self.epsilon
        move = self.corrected_rate(rate, state.t) * m / denominator
        if self.weight_decay > 0:
            # W ← W - (… + η ω W)
            for W, W_move in zip(params.weights, params.like(move).weights, strict=True):
                W_move[...] += rate * self.weight_decay * W
        theta -= move

    def corrected_rate(self, rate: float, t: int) -> float:
        """Give ``η_t = η √(1 - β₂ᵗ) / (1 - β₁ᵗ)``.

        Parameters
        ----------
        rate : float
            ``η``.
        t : int
            The number of the step, 1 for the first.

        Returns
        -------
        float
        """
        return rate * math.sqrt(1 - self.beta_2**t) / (1 - self.beta_1**t)
