"""The six networks of the campaign and their right formulas.

What a document says before its claims stands in `preambles/`, a file for each network.
"""

from mutations.networks import Formula, Network, Style
from mutations.tree import (
    Applied,
    Diagonal,
    Entry,
    Entrywise,
    Fraction,
    Kronecker,
    Minus,
    Node,
    Number,
    Plus,
    Symbol,
    Total,
    Transposed,
    product,
)

S, T, P = Symbol, Transposed, product
ONE = Number(1)
MEAN = Fraction(ONE, S("m"))
ERROR = Minus(S("y"), S("t"))


def by_one_minus(name: str) -> Node:
    return Entrywise(S(name), Minus(ONE, S(name)))


def decayed(gradient: Node, weights: str) -> Node:
    return Plus(gradient, P(S("lambda"), S(weights)))


def numbered(pattern: str, *layers: int, **others: str) -> dict[str, str]:
    """LaTeX of the arrays of each layer, ``{n}`` being the layer and ``{a}`` the letter."""
    named = {
        f"{letter}{layer}": pattern.format(a=letter, n=layer)
        for layer in layers
        for letter in "Wbzy"
    }
    return {**named, "x": "x", "t": "t", "y": "y", "lambda": r"\lambda", "m": "m", **others}


def canonical() -> Network:
    """One sample, no bias, logistic and softmax; derivatives by columns are rows."""
    back = P(T(ERROR), S("W2"))
    return Network(
        name="canonical",
        sizes={"n_0": 3, "n_1": 4, "n_2": 5},
        hidden="logistic",
        output="softmax",
        batch="one",
        layout="rows",
        symbols=numbered("{a}^{{({n})}}", 1, 2),
        style=Style(entrywise=r"\circ", transpose_inside=True),
        formulas=(
            Formula("z2", T(ERROR)),
            Formula("y1", back),
            Formula("y1", P(S("d z2"), S("W2"))),
            Formula("z1", P(back, Diagonal(by_one_minus("y1")))),
            Formula("W2", P(ERROR, T(S("y1")))),
            Formula("W1", P(T(S("d z1")), T(S("x")))),
            Formula("W1", P(T(P(back, Diagonal(by_one_minus("y1")))), T(S("x")))),
            Formula("x", P(S("d z1"), S("W1"))),
        ),
    )


def regression() -> Network:
    """One sample, biases, tanh and linear outputs; every gradient like its variable."""
    back = P(T(S("W2")), ERROR)
    slope = Minus(ONE, Entrywise(S("y1"), S("y1")))
    return Network(
        name="regression",
        sizes={"n_0": 4, "n_1": 2, "n_2": 3},
        hidden="tanh",
        output="identity",
        batch="one",
        layout="columns",
        symbols={**numbered("{a}_{n}", 1, 2), "y1": "h"},
        bias=True,
        style=Style(transpose="T", hidden="f", loss="L", open_bracket="(", close_bracket=")"),
        formulas=(
            Formula("z2", ERROR),
            Formula("W2", P(ERROR, T(S("y1")))),
            Formula("b2", ERROR),
            Formula("z1", Entrywise(back, slope)),
            Formula("z1", Entrywise(back, Applied("tanh'", S("z1")))),
            Formula("W1", P(S("d z1"), T(S("x")))),
            Formula("W1", P(Entrywise(back, slope), T(S("x")))),
            Formula("b1", P(Diagonal(slope), back)),
            Formula("x", P(T(S("W1")), S("d z1"))),
        ),
    )


def batch_of_rows() -> Network:
    """Samples as rows, relu and softmax, the mean, weight decay."""
    shared = {"y": "Y", "t": "T", "x": "X", "ones": r"\mathbf{1}"}
    arrays = {f"{a}{n}": f"{a.upper()}^{{({n})}}" for a in "zyW" for n in (1, 2)}
    biases = {f"b{n}": f"b^{{({n})}}" for n in (1, 2)}
    weights = P(MEAN, T(ERROR), S("y1"))
    return Network(
        name="batch-of-rows",
        sizes={"n_0": 4, "n_1": 3, "n_2": 2, "m": 5},
        hidden="relu",
        output="softmax",
        batch="rows",
        layout="columns",
        symbols={**numbered("", 1), **arrays, **biases, **shared},
        bias=True,
        decay=True,
        style=Style(transpose=r"\top", hidden=r"\operatorname{relu}"),
        formulas=(
            Formula("z2", P(MEAN, ERROR)),
            Formula("W2", decayed(P(T(S("d z2")), S("y1")), "W2")),
            Formula("W2", decayed(weights, "W2")),
            Formula("b2", P(T(S("d z2")), S("ones"))),
            Formula("y1", P(S("d z2"), S("W2"))),
            Formula("z1", Entrywise(P(S("d z2"), S("W2")), Applied("positive", S("z1")))),
            Formula("W1", decayed(P(T(S("d z1")), S("x")), "W1")),
            Formula("b1", P(T(S("d z1")), S("ones"))),
            Formula("x", P(S("d z1"), S("W1"))),
        ),
    )


def batch_of_columns() -> Network:
    """Samples as columns, logistic throughout, binary cross-entropy and the mean."""
    arrays = {f"{a}{n}": f"{a.upper()}^{{[{n}]}}" for a in "zyW" for n in (1, 2)}
    biases = {f"b{n}": f"b^{{[{n}]}}" for n in (1, 2)}
    shared = {"y": "A", "t": "Y", "x": "X", "ones": r"\mathbf{1}", "y1": "A^{[1]}"}
    back = P(T(S("W2")), S("d z2"))
    direct = Entrywise(P(T(S("W2")), ERROR), by_one_minus("y1"))
    return Network(
        name="batch-of-columns",
        sizes={"n_0": 3, "n_1": 5, "n_2": 2, "m": 4},
        hidden="logistic",
        output="logistic",
        batch="columns",
        layout="columns",
        symbols={**numbered("", 1), **arrays, **biases, **shared},
        bias=True,
        style=Style(transpose="T", transpose_inside=True, loss="J"),
        formulas=(
            Formula("z2", P(MEAN, ERROR)),
            Formula("W2", P(S("d z2"), T(S("y1")))),
            Formula("W2", P(MEAN, ERROR, T(S("y1")))),
            Formula("b2", P(S("d z2"), S("ones"))),
            Formula("z1", Entrywise(back, Applied("logistic'", S("z1")))),
            Formula("z1", P(MEAN, direct)),
            Formula("W1", P(MEAN, direct, T(S("x")))),
            Formula("b1", P(S("d z1"), S("ones"))),
            Formula("x", P(T(S("W1")), S("d z1"))),
        ),
    )


def entry(name: str, letters: str) -> Entry:
    return Entry(name, tuple(letters))


def over_outputs(body: Node) -> Total:
    return Total("k", "n_2", body)


def components() -> Network:
    """One sample, biases, tanh and softmax, written in components."""
    error = Minus(entry("y", "k"), entry("t", "k"))
    h = entry("y1", "j")
    i, j, k = ("i", "n_0"), ("j", "n_1"), ("k", "n_2")
    softened = P(entry("d y", "r"), entry("y", "r"), Minus(Kronecker("r", "k"), entry("y", "k")))
    total = Total("r", "n_2", entry("t", "r"))
    return Network(
        name="components",
        sizes={"n_0": 4, "n_1": 2, "n_2": 3},
        hidden="tanh",
        output="softmax",
        batch="one",
        layout="columns",
        symbols=numbered("{a}^{{({n})}}", 1, 2),
        bias=True,
        style=Style(transpose="T", open_bracket="(", close_bracket=")", hidden="f", loss="E"),
        formulas=(
            Formula("z2", Minus(P(entry("y", "k"), total), entry("t", "k")), (k,)),
            Formula("z2", error, (k,)),
            Formula("z2", Total("r", "n_2", softened), (k,)),
            Formula("W2", P(error, h), (k, j)),
            Formula("b2", error, (k,)),
            Formula("y1", over_outputs(P(error, entry("W2", "kj"))), (j,)),
            Formula(
                "z1",
                P(
                    Minus(ONE, P(h, h)),
                    over_outputs(P(entry("d z2", "k"), entry("W2", "kj"))),
                ),
                (j,),
            ),
            Formula("W1", P(entry("d z1", "j"), entry("x", "i")), (j, i)),
            Formula("x", Total("j", "n_1", P(entry("d z1", "j"), entry("W1", "ji"))), (i,)),
        ),
    )


def three_layers() -> Network:
    """One sample, two logistic layers, linear outputs, weight decay; dots between the factors."""
    back = P(T(ERROR), S("W3"))
    return Network(
        name="three-layers",
        sizes={"n_0": 3, "n_1": 4, "n_2": 5, "n_3": 2},
        hidden="logistic",
        output="identity",
        batch="one",
        layout="rows",
        symbols=numbered("{a}^{{{n}}}", 1, 2, 3),
        decay=True,
        style=Style(transpose=r"{\mathsf T}", entrywise=r"\odot", side_by_side=r" \cdot "),
        formulas=(
            Formula("z3", T(ERROR)),
            Formula("y2", back),
            Formula("z2", P(back, Diagonal(by_one_minus("y2")))),
            Formula("z1", P(S("d z2"), S("W2"), Diagonal(Applied("logistic'", S("z1"))))),
            Formula("W3", decayed(P(ERROR, T(S("y2"))), "W3")),
            Formula("W2", decayed(P(T(S("d z2")), T(S("y1"))), "W2")),
            Formula("W1", decayed(P(T(S("d z1")), T(S("x"))), "W1")),
            Formula("x", P(S("d z1"), S("W1"))),
        ),
    )


NETWORKS = {
    network.name: network
    for network in (
        *(canonical(), regression(), batch_of_rows()),
        *(batch_of_columns(), components(), three_layers()),
    )
}
