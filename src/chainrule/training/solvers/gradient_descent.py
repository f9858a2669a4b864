"""Gradient descent with momentum, plain or Nesterov's."""

from dataclasses import dataclass
from typing import ClassVar, final

from chainrule.parameters import Parameters
from chainrule.training.hyperparameters import require_fraction
from chainrule.training.solvers.state import SolverState

__all__ = ["GradientDescent"]


@final
@dataclass(frozen=True)
class GradientDescent:
    """Gradient descent with momentum: ``v ← μ v - η g``, then ``θ ← θ + v``.

    Nesterov's step looks ahead: ``θ ← θ + μ v - η g`` with the new ``v``. With ``μ = 0`` both
    are ``θ ← θ - η g``.

    Parameters
    ----------
    momentum : float, default=0.9
        ``μ``, in [0, 1].
    nesterovs_momentum : bool, default=True
        Whether to take Nesterov's step.

    Raises
    ------
    SpecificationError
        Where `momentum` is outside [0, 1].

    References
    ----------
    Sutskever, Martens, Dahl and Hinton, "On the importance of initialization and momentum in
    deep learning", ICML 2013: equations 1 and 2 are the plain step. Nesterov's equations 3 and
    4 are stated there for the point before the look-ahead; written for the point after it they
    are the step above (Bengio, Boulanger-Lewandowski and Pascanu, "Advances in optimizing
    recurrent networks", ICASSP 2013, equations 6 and 7).

    Examples
    --------
    >>> import numpy as np
    >>> from chainrule.network import Architecture
    >>> from chainrule.parameters import initial_parameters
    >>> architecture = Architecture.of([1, 1], output="identity")
    >>> params = initial_parameters(architecture, np.random.RandomState(0)).zeros()
    >>> solver = GradientDescent(momentum=0.5, nesterovs_momentum=False)
    >>> state = solver.start(params)
    >>> for _ in range(2):
    ...     solver.step(params, params.like(np.ones(2)), state, rate=0.1)
    >>> params.vector
    array([-0.25, -0.25])
    """

    name: ClassVar[str] = "sgd"

    momentum: float = 0.9
    nesterovs_momentum: bool = True

    def __post_init__(self) -> None:
        require_fraction("momentum", self.momentum, closed=True)

    def start(self, params: Parameters) -> SolverState:
        """Begin at rest: ``v = 0``.

        Parameters
        ----------
        params : Parameters
            The parameters to be trained.

        Returns
        -------
        SolverState
            With one slot, ``"velocity"``.
        """
        return SolverState(slots={"velocity": params.zeros().vector})

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
        theta, v, g = params.vector, state.slots["velocity"], gradient.vector
        state.t += 1
        # v ← μ v - η g
        g *= rate
        v *= self.momentum
        v -= g
        # θ ← θ + μ v - η g, or θ ← θ + v
        theta += self.momentum * v - g if self.nesterovs_momentum else v
