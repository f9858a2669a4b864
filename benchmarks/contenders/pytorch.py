"""PyTorch: a module, a fused optimiser, and the plainest training loop."""

from collections.abc import Callable, Mapping
from typing import Any, Final, final

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from contenders.contender import Probabilities, Specification
from contenders.first_weights import FirstWeights, first_weights
from workloads import BETA_1, BETA_2, MOMENTUM, Workload

__all__ = ["PyTorch", "compiled", "eager"]

_ACTIVATIONS: Final[Mapping[str, Any]] = {
    "logistic": torch.nn.Sigmoid,
    "tanh": torch.nn.Tanh,
    "relu": torch.nn.ReLU,
}


def module_of(workload: Workload) -> Any:
    """Build the network up to its last pre-activations."""
    layers: list[Any] = []
    for n_in, n_out in zip(workload.layers[:-1], workload.layers[1:], strict=True):
        layers += [torch.nn.Linear(n_in, n_out), _ACTIVATIONS[workload.activation]()]
    return torch.nn.Sequential(*layers[:-1])


def set_weights(module: Any, weights: FirstWeights) -> None:
    """Copy weights into a module."""
    linear = [layer for layer in module if isinstance(layer, torch.nn.Linear)]
    with torch.no_grad():
        for layer, W, b in zip(linear, weights.coefs, weights.intercepts, strict=True):
            layer.weight.copy_(torch.from_numpy(W.T.copy()))
            layer.bias.copy_(torch.from_numpy(b.copy()))


def optimizer_of(workload: Workload, module: Any) -> Any:
    """Make the optimiser, in the variant that updates all parameters in one call."""
    parameters = module.parameters()
    if workload.solver == "sgd":
        return torch.optim.SGD(parameters, lr=workload.rate, momentum=MOMENTUM, fused=True)
    betas = (BETA_1, BETA_2)
    return torch.optim.Adam(
        parameters, lr=workload.rate, betas=betas, eps=workload.epsilon, fused=True
    )


def multilabel_loss(z: Any, t: Any) -> Any:
    """Sum binary cross-entropies over the labels, and average over the samples."""
    return functional.binary_cross_entropy_with_logits(z, t, reduction="sum") / len(t)


@final
class PyTorch:
    """A network in PyTorch.

    Parameters
    ----------
    told : Specification
        What is trained.
    wrap : callable
        What is done to the function from a batch to its loss, such as compiling it.
    """

    def __init__(self, told: Specification, wrap: Callable[[Any], Any]) -> None:
        torch.set_num_threads(told.n_threads)
        torch.manual_seed(told.seed)
        self._told, self._weights = told, first_weights(told)
        self._X = torch.from_numpy(told.data.X)
        self._t = torch.from_numpy(told.data.labels)
        self._loss: Any = functional.cross_entropy
        if told.workload.is_multilabel:
            self._t, self._loss = torch.from_numpy(told.data.T).float(), multilabel_loss
        self._module = module_of(told.workload)
        self._batch_loss = wrap(lambda x, t: self._loss(self._module(x), t))
        self._restart()

    def _restart(self) -> None:
        set_weights(self._module, self._weights)
        self._optimizer = optimizer_of(self._told.workload, self._module)

    def fit(self, n_epochs: int, *, shuffle: bool) -> None:
        """Train from the first weights."""
        self._restart()
        for _ in range(n_epochs):
            self._epoch(shuffle=shuffle)

    def one_epoch(self) -> None:
        """Go on for an epoch."""
        self._epoch(shuffle=True)

    def _epoch(self, *, shuffle: bool) -> None:
        n_rows = len(self._X)
        order = torch.randperm(n_rows) if shuffle else torch.arange(n_rows)
        for rows in order.split(self._told.workload.batch_size):
            self._step(self._X.index_select(0, rows), self._t.index_select(0, rows))

    def _step(self, x: Any, t: Any) -> None:
        self._optimizer.zero_grad(set_to_none=True)
        self._batch_loss(x, t).backward()
        self._optimizer.step()

    def step(self) -> None:
        """Take a step on the first batch."""
        size = self._told.workload.batch_size
        self._step(self._X[:size], self._t[:size])

    def outputs(self, X: npt.NDArray[np.float32]) -> Probabilities:
        """Evaluate the network."""
        with torch.inference_mode():
            z = self._module(torch.from_numpy(X))
            y = torch.sigmoid(z) if self._told.workload.is_multilabel else torch.softmax(z, dim=1)
        return np.asarray(y.numpy(), dtype=np.float32)

    def about(self) -> Mapping[str, str]:
        """Name the version, the BLAS and the threads."""
        found = [line for line in torch.__config__.show().splitlines() if "Math Kernel" in line]
        blas = found[0].strip(" -").replace("oneAPI ", "") if found else "no MKL"
        capability = torch.backends.cpu.get_cpu_capability()
        return {"version": torch.__version__, "BLAS": blas, "kernels": capability}


def eager(told: Specification) -> PyTorch:
    """Run operation by operation."""
    return PyTorch(told, lambda batch_loss: batch_loss)


def compiled(told: Specification) -> PyTorch:
    """Compile the loss and its gradient; the fused optimiser is one call as it is."""
    return PyTorch(told, torch.compile)
