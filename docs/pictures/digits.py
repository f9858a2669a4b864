"""Draw docs/pictures/digits.png: how the digits are learned, and what the hidden units look for.

    python docs/pictures/digits.py

Needs matplotlib, which the extra `docs` installs.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from chainrule.engine import ReferenceEngine
from chainrule.network import Architecture
from chainrule.objective import Batch, Objective
from chainrule.parameters import initial_parameters
from chainrule.training import (
    Adam,
    Constant,
    HeldOut,
    Problem,
    Recipe,
    Result,
    ShuffledBatches,
    Stopping,
    fit,
)

N_UNITS = 32


def train() -> Result:
    """Train 64-32-10 with logistic hidden units on scikit-learn's digits."""
    X, labels = load_digits(return_X_y=True)
    parts = train_test_split(X / 16, np.eye(10)[labels], test_size=0.2, random_state=0)
    X_train, X_held, T_train, T_held = parts
    architecture = Architecture.of([64, N_UNITS, 10], hidden="logistic")
    random_state = np.random.RandomState(0)
    engine, objective = ReferenceEngine(), Objective(architecture, l2=1e-4)
    held_out = HeldOut(
        Problem(engine, objective, Batch(X_held, T_held)),
        lambda Y: float(np.mean(Y.argmax(axis=1) == T_held.argmax(axis=1))),
    )
    recipe = Recipe(Adam(), Constant(0.01), ShuffledBatches(40), Stopping(), max_epochs=60)
    return fit(
        Problem(engine, objective, Batch(X_train, T_train)),
        initial_parameters(architecture, random_state),
        recipe,
        random_state=random_state,
        validation=held_out,
    )


def draw(result: Result) -> Figure:
    """Draw the learning curves beside the weights of the hidden units."""
    figure = plt.figure(figsize=(10, 3.4), layout="constrained")
    curves, units = figure.subfigures(1, 2, width_ratios=[1, 1.15], squeeze=False)[0]
    draw_curves(curves.subplots(), result)
    units.suptitle("W(1): what each hidden unit looks for", fontsize=11)
    W = result.params.weights[0]
    largest = np.abs(W).max()
    for axes, w in zip(units.subplots(4, N_UNITS // 4).flat, W, strict=True):
        axes.imshow(w.reshape(8, 8), cmap="RdBu_r", vmin=-largest, vmax=largest)
        axes.set_axis_off()
    return figure


def draw_curves(axes: Axes, result: Result) -> None:
    """Draw the training loss and the accuracy on held-out digits by epoch."""
    epochs = np.arange(1, result.n_iter + 1)
    axes.plot(epochs, result.history.loss_curve, color="tab:blue")
    axes.set(xlabel="epoch", yscale="log")
    axes.set_ylabel("training loss E", color="tab:blue")
    accuracy = axes.twinx()
    accuracy.plot(epochs, result.history.validation_scores, color="tab:orange")
    accuracy.set_ylabel("accuracy on held-out digits", color="tab:orange")
    best = max(result.history.validation_scores)
    axes.set_title(f"64-{N_UNITS}-10, logistic, Adam: {best:.1%}", fontsize=11)


if __name__ == "__main__":
    draw(train()).savefig(Path(__file__).with_suffix(".png"), dpi=110)
