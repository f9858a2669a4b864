"""The algebra of matrix expressions: immutable nodes, symbolic shapes, values, LaTeX and text."""

from chainrule.calculus.evaluate import derivatives, evaluate, values
from chainrule.calculus.function import Apply, Function, entrywise
from chainrule.calculus.latex import to_latex
from chainrule.calculus.mathml import to_mathml
from chainrule.calculus.nodes import (
    ColumnSums,
    Constant,
    Diag,
    Expression,
    Hadamard,
    Indicator,
    Negative,
    Ones,
    Power,
    Product,
    Quotient,
    RowSums,
    Select,
    Sum,
    Transpose,
    Variable,
)
from chainrule.calculus.shapes import SCALAR, Dimension, Shape, Size
from chainrule.calculus.text import to_text

__all__ = [
    "SCALAR",
    "Apply",
    "ColumnSums",
    "Constant",
    "Diag",
    "Dimension",
    "Expression",
    "Function",
    "Hadamard",
    "Indicator",
    "Negative",
    "Ones",
    "Power",
    "Product",
    "Quotient",
    "RowSums",
    "Select",
    "Shape",
    "Size",
    "Sum",
    "Transpose",
    "Variable",
    "derivatives",
    "entrywise",
    "evaluate",
    "to_latex",
    "to_mathml",
    "to_text",
    "values",
]
