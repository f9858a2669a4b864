"""MathML: every expression is well-formed, and keeps its letters and its parentheses."""

import xml.etree.ElementTree as ET

import pytest
from expressions import Meaning, meanings
from hypothesis import given, settings

from chainrule.calculus import Expression, Shape, Size, Variable, to_mathml, to_text
from chainrule.calculus.indexed import Derivative, Entry, Index, IndexSum
from chainrule.calculus.primitives import HALF, exp
from chainrule.calculus.writer import LayerScript

n = Size("n", 1)
y, i, j = Variable("y", Shape(n, 1), layer=1), Index("i", n), Index("j", n)
y_i = Entry(y, (i,))


def words(mathml: str) -> str:
    """All that is read out, without its arrangement."""
    return "".join(ET.fromstring(f"<math>{mathml}</math>").itertext())


@given(meanings())
@settings(max_examples=100)
def test_every_expression_is_well_formed_and_has_all_its_letters(meaning: Meaning) -> None:
    read = words(to_mathml(meaning.expression))
    names = {node.name for node in meaning.expression.walk() if isinstance(node, Variable)}
    assert all(name in read for name in names)
    assert read.count("(") == read.count(")")


@pytest.mark.parametrize(
    ("expression", "read"),
    [
        (y_i * (1 - y_i), "yi(1)(1−yi(1))"),
        (IndexSum(j, Entry(y, (j,)), other_than=i), "∑j≠iyj(1)"),
        (Derivative(Variable("E"), y_i), "∂E∂yi(1)"),
        (HALF * exp(-Variable("z")), "12e−z"),
        (Variable("ŷ"), "y^"),
    ],
)
def test_what_is_read_is_what_is_meant(expression: Expression, read: str) -> None:
    assert words(to_mathml(expression)) == read, to_text(expression)


def test_the_layer_can_stand_below() -> None:
    assert to_mathml(y, layers=LayerScript.SUBSCRIPT).count("<msub>") == 1
