"""The campaign's expressions as LaTeX, with every bracket that their meaning needs."""

from mutations import tree
from mutations.networks import Formula, Network

#: How tightly a node binds; a part that binds less tightly than its place needs brackets.
SUM, ENTRYWISE, PRODUCT, ATOM = range(4)
TIGHTNESS: dict[type[tree.Node], int] = {
    tree.Plus: SUM,
    tree.Minus: SUM,
    tree.Negative: SUM,
    tree.Entrywise: ENTRYWISE,
    tree.Product: PRODUCT,
    tree.Total: PRODUCT,
}


class Writer:
    """Writes the formulas of one network in its notation."""

    def __init__(self, network: Network) -> None:
        self.network, self.style = network, network.style

    def claim(self, formula: Formula, right: tree.Node) -> str:
        """The whole equation."""
        letters = tuple(letter for letter, _ in formula.indices)
        return f"{self.name(f'd {formula.name}', letters)} = {self.write(right)}"

    def name(self, name: str, letters: tuple[str, ...] = ()) -> str:
        if name.startswith("d "):
            below = self.name(name[2:], letters)
            return rf"\frac{{\partial {self.style.loss}}}{{\partial {below}}}"
        latex = self.network.symbols[name]
        if not letters:
            return latex
        base, _, upper = latex.partition("^")
        return f"{base}_{{{''.join(letters)}}}" + (f"^{upper}" if upper else "")

    def write(self, node: tree.Node, least: int = SUM, last: bool = True) -> str:
        """`least`: how tightly the place asks a node to bind; `last`: nothing follows it."""
        open_sum = isinstance(node, tree.Total) and not last
        if TIGHTNESS.get(type(node), ATOM) < least or open_sum:
            return self.bracketed(self.bare(node, True))
        return self.bare(node, last)

    def bracketed(self, latex: str) -> str:
        return f"{self.style.open_bracket}{latex}{self.style.close_bracket}"

    def bare(self, node: tree.Node, last: bool) -> str:
        match node:
            case tree.Symbol(name):
                return self.name(name)
            case tree.Entry(name, indices):
                return self.name(name, indices)
            case tree.Number(value):
                return str(value)
            case tree.Kronecker(first, second):
                return rf"\delta_{{{first}{second}}}"
            case tree.Product(factors):
                return self.product(factors, last)
            case tree.Total(index, size, body):
                return rf"\sum_{{{index}=1}}^{{{size}}} {self.write(body, PRODUCT, last)}"
            case tree.Applied(function, body):
                return self.applied(function, body)
            case tree.Transposed(body):
                return self.transposed(body)
            case tree.Diagonal(body):
                return r"\operatorname{diag}" + self.bracketed(self.write(body))
            case tree.Negative(body):
                return "-" + self.write(body, ENTRYWISE, last)
        return self.binary(node, last)

    def binary(self, node: tree.Node, last: bool) -> str:
        left, right = node.parts()
        if isinstance(node, tree.Fraction):
            return rf"\frac{{{self.write(left)}}}{{{self.write(right)}}}"
        if isinstance(node, tree.Entrywise):
            chain = ENTRYWISE if isinstance(left, tree.Entrywise) else ATOM
            first, second = self.write(left, chain, False), self.write(right, ATOM, False)
            return f"{first} {self.style.entrywise} {second}"
        sign = "+" if isinstance(node, tree.Plus) else "-"
        return f"{self.write(left, SUM, False)} {sign} {self.write(right, ENTRYWISE, last)}"

    def product(self, factors: tuple[tree.Node, ...], last: bool) -> str:
        latex = ""
        for number, factor in enumerate(factors):
            final = last and number == len(factors) - 1
            least = PRODUCT if isinstance(factor, tree.Total) else ATOM
            written = self.write(factor, least, final)
            digits = number > 0 and isinstance(factor, tree.Number | tree.Fraction)
            between = r" \cdot " if digits else self.style.side_by_side
            latex = written if number == 0 else latex + between + written
        return latex

    def applied(self, function: str, body: tree.Node) -> str:
        if function == "positive":
            return rf"\mathbb{{1}}[{self.write(body)} > 0]"
        slope = "'" if function.endswith("'") else ""
        return self.style.hidden + slope + self.bracketed(self.write(body))

    def transposed(self, body: tree.Node) -> str:
        mark = self.style.transpose
        if isinstance(body, tree.Symbol) and not body.name.startswith("d "):
            latex = self.name(body.name)
            if "^" not in latex:
                return f"{latex}^{mark}"
            if self.style.transpose_inside:
                return f"{latex[:-1]}{mark}}}"
        return f"{self.bracketed(self.write(body))}^{mark}"
