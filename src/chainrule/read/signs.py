"""The commands and signs that the parser knows, as data."""

from typing import Final

__all__ = [
    "ACCENTS",
    "BARS",
    "CLOSING",
    "FONTS",
    "FRACTIONS",
    "FUNCTIONS",
    "IGNORED",
    "LOSSES",
    "OPERATORS",
    "RELATIONS",
    "SIZES",
    "SUMS",
]

#: How products are written, by what they are called here.
OPERATORS: Final = {
    "\\cdot": "cdot",
    "\\bullet": "ast",
    "\\times": "times",
    "*": "ast",
    "\\ast": "ast",
    "\\star": "ast",
    "\\odot": "odot",
    "\\bigodot": "odot",
    "\\circ": "circ",
    "\\otimes": "otimes",
    "\\bigotimes": "otimes",
    "\\oslash": "oslash",
    "\\div": "slash",
    "/": "slash",
}

RELATIONS: Final = {
    "=": "=",
    "\\neq": "!=",
    "\\ne": "!=",
    "\\not=": "!=",
    "\\in": "in",
    "<": "<",
    ">": ">",
    "\\lt": "<",
    "\\gt": ">",
    "\\le": "<=",
    "\\leq": "<=",
    "\\ge": ">=",
    "\\geq": ">=",
    "\\to": "to",
    "\\rightarrow": "to",
    "\\leftarrow": "from",
    "\\mid": "|",
}

CLOSING: Final = frozenset(
    [")", "]", "}", "\\}", "\\rbrace", "\\rVert", "\\rvert", "\\\\", "\\end", "&", ":", "."]
)
BARS: Final = frozenset(["|", "\\|", "\\Vert", "\\vert"])

#: Dropped wherever they stand: sizes, spaces, styles, numbers of equations.
SIZES: Final = frozenset(
    "\\" + side + end
    for side in ("left", "right", "big", "Big", "bigg", "Bigg", "middle")
    for end in ("", "l", "r", "m")
)
IGNORED: Final = SIZES | frozenset(
    [
        *("\\,", "\\;", "\\:", "\\!", "\\ ", "\\displaystyle", "\\textstyle", "\\scriptstyle"),
        *("\\nonumber", "\\notag", "\\limits", "\\nolimits", "\\phantom", "\\hfill", "\\/"),
        *("\\scriptscriptstyle", "\\thinspace", "\\mathstrut", "\\strut", "\\hspace", "\\null"),
    ]
)

_STYLES = "bf rm it sf tt bb frak normal bfit scr"
FONTS: Final = {
    **{f"\\math{style}": "" for style in _STYLES.split()},
    **dict.fromkeys(["\\boldsymbol", "\\bm", "\\pmb", "\\bold", "\\bf", "\\rm", "\\mathop"], ""),
    **dict.fromkeys(["\\operatorname", "\\operatorname*", "\\mathrm", "\\symbf"], ""),
    "\\mathcal": "cal",
    "\\mathscr": "cal",
}
ACCENTS: Final = {
    "\\hat": "hat",
    "\\widehat": "hat",
    "\\bar": "bar",
    "\\overline": "bar",
    "\\tilde": "tilde",
    "\\widetilde": "tilde",
    "\\dot": "dot",
    "\\vec": "",
    "\\underline": "",
    "\\overrightarrow": "",
}

FRACTIONS: Final = frozenset(["\\frac", "\\dfrac", "\\tfrac", "\\cfrac"])
SUMS: Final = {"\\sum": "sum", "\\prod": "prod"}

#: Functions that have a name of their own, by what they are called here.
FUNCTIONS: Final = {
    "log": "log",
    "ln": "log",
    "exp": "exp",
    "softmax": "softmax",
    "Softmax": "softmax",
    "sigmoid": "logistic",
    "Sigmoid": "logistic",
    "logistic": "logistic",
    "sigm": "logistic",
    "tanh": "tanh",
    "relu": "relu",
    "ReLU": "relu",
    "LeakyReLU": "leaky_relu",
    "softplus": "softplus",
    "diag": "diag",
    "Diag": "diag",
    "max": "max",
    "sign": "sign",
    "sgn": "sign",
    "tr": "trace",
    "Tr": "trace",
    "trace": "trace",
    "sinh": "sinh",
    "cosh": "cosh",
    "sin": "sin",
    "cos": "cos",
    "vec": "vec",
    "abs": "abs",
    "sqrt": "sqrt",
}

#: Losses may be written with arguments, which say nothing that their definition does not.
LOSSES: Final = frozenset(["E", "L", "J", "C", "cal L", "cal J", "cal E", "cal C", "ell", "Loss"])
