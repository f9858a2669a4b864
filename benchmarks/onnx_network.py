"""A trained network as an ONNX graph, run by onnxruntime."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from workloads import Workload

__all__ = ["graph_of", "session"]

OPERATORS: Final = {"relu": "Relu", "tanh": "Tanh", "logistic": "Sigmoid"}
#: Versions of the operators and of the format that are old enough for every onnxruntime in use.
OPSET: Final = 17
FORMAT: Final = 9


def graph_of(workload: Workload, estimator: Any) -> Any:
    """Write the network as a graph from ``X`` to ``Y``.

    Parameters
    ----------
    workload : Workload
        Its functions.
    estimator : object
        With `coefs_` and `intercepts_`.

    Returns
    -------
    onnx.ModelProto
    """
    from onnx import TensorProto, checker, helper, numpy_helper

    nodes, constants, at = [], [], "X"
    n_layers = len(estimator.coefs_)
    last = "Sigmoid" if workload.is_multilabel else "Softmax"
    for layer, pair in enumerate(
        zip(estimator.coefs_, estimator.intercepts_, strict=True), start=1
    ):
        W, b, z = f"W{layer}", f"b{layer}", f"Z{layer}"
        arrays = (np.asarray(values, dtype=np.float32) for values in pair)
        constants += [numpy_helper.from_array(a, n) for a, n in zip(arrays, (W, b), strict=True)]
        y = "Y" if layer == n_layers else f"Y{layer}"
        function = last if layer == n_layers else OPERATORS[workload.activation]
        nodes += [helper.make_node("Gemm", [at, W, b], [z]), helper.make_node(function, [z], [y])]
        at = y
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["m", n])
        for name, n in (("X", workload.layers[0]), ("Y", workload.layers[-1]))
    ]
    graph = helper.make_graph(nodes, "network", ends[:1], ends[1:], constants)
    opset = helper.make_opsetid("", OPSET)
    model = helper.make_model(graph, opset_imports=[opset], ir_version=FORMAT)
    checker.check_model(model)
    return model


def session(
    workload: Workload, estimator: Any, n_threads: int
) -> Callable[[npt.NDArray[np.float32]], Any]:
    """Make the function from rows to probabilities.

    Parameters
    ----------
    workload : Workload
        The network's functions.
    estimator : object
        With `coefs_` and `intercepts_`.
    n_threads : int
        How many threads onnxruntime may use.

    Returns
    -------
    callable

    Raises
    ------
    ImportError
        If onnx or onnxruntime is not installed.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = n_threads
    options.inter_op_num_threads = 1
    text = graph_of(workload, estimator).SerializeToString()
    running = onnxruntime.InferenceSession(text, options, providers=["CPUExecutionProvider"])
    return lambda X: running.run(["Y"], {"X": X})[0]
