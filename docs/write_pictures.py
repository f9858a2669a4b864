"""Draw the pictures of networks in the documents.

python docs/write_pictures.py
"""

from pathlib import Path

from sklearn.datasets import load_iris

import chainrule
from chainrule.picture import Picture

FOLDER = Path(__file__).parent / "pictures"


def pictures() -> dict[str, Picture]:
    """Draw what no training decides, which is the same on every machine."""
    return {
        "network": chainrule.draw(chainrule.Network([256, 7, 10], "logistic", bias=False)),
        "deep": chainrule.draw(chainrule.Network([5] * 10 + [2], "leaky_relu")),
    }


def trained() -> dict[str, Picture]:
    """Draw what is trained first, whose last digits may differ between machines."""
    X, y = load_iris(return_X_y=True)
    network = chainrule.MLPClassifier(
        5, activation="tanh", solver="lbfgs", alpha=1, max_iter=2000, random_state=0
    )
    return {"iris": chainrule.draw(network.fit(X, y))}


if __name__ == "__main__":
    for name, picture in {**pictures(), **trained()}.items():
        picture.save(FOLDER / f"{name}.svg")
