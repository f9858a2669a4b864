"""Solvers: one file each, frozen hyperparameters apart from the explicit state.

`GradientDescent` and `Adam` are `Solver`s, which the loop drives step by step. `LBFGS` drives
itself over all samples.
"""

from chainrule.training.solvers.adam import Adam
from chainrule.training.solvers.gradient_descent import GradientDescent
from chainrule.training.solvers.lbfgs import LBFGS, Minimum
from chainrule.training.solvers.state import Solver, SolverState

__all__ = ["LBFGS", "Adam", "GradientDescent", "Minimum", "Solver", "SolverState"]
