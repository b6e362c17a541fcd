"""Models on disk: skops, which runs no code on reading, with every type in it named here."""

from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED

import msgspec
import numpy as np
from msgspec import Struct

from diagnostics.models.card import Card
from diagnostics.models.features import Floats

# Nothing else is let in. All are scikit-learn's own, and hold numbers.
TRUSTED: Final = (
    "sklearn.calibration._CalibratedClassifier",
    "sklearn.calibration._SigmoidCalibration",
    "sklearn.tree._tree.Tree",
)


class UntrustedModelError(ValueError):
    """A model file holds a type that is not on the list."""


class Model(Struct, frozen=True):
    """A trained model and its card."""

    estimator: Any
    card: Card

    def probability(self, row: Floats) -> float:
        """Return how probable it is that a window shows what the model looks for."""
        return float(self.probabilities(row[np.newaxis, :])[0])

    def probabilities(self, rows: Floats) -> Floats:
        """Return the same of many windows."""
        calibrated = getattr(self.estimator, "calibrated_classifiers_", [])
        if len(calibrated) != 1:
            all_classes: Floats = self.estimator.predict_proba(rows)
            return all_classes[:, 1]
        # As ``predict_proba`` does it, without asking at each of four steps what the rows may be:
        # of a few rows at a time that takes longer than the trees.
        trees, (sigmoid,) = calibrated[0].estimator, calibrated[0].calibrators
        found: Floats = sigmoid.predict(trees.decision_function(rows))
        return found


def save(model: Model, folder: Path) -> None:
    """Write ``<name>.skops`` and ``<name>.json`` into ``folder``."""
    from skops import io  # noqa: PLC0415 - see ``load``

    folder.mkdir(parents=True, exist_ok=True)
    name = model.card.name
    (folder / f"{name}.skops").write_bytes(
        io.dumps(model.estimator, compression=ZIP_DEFLATED, compresslevel=9)
    )
    card = msgspec.json.format(msgspec.json.encode(model.card), indent=2)
    (folder / f"{name}.json").write_bytes(card + b"\n")


def load(name: str, folder: Traversable) -> Model:
    """Read a model.

    Raises:
        UntrustedModelError: it holds a type that is not in ``TRUSTED``.
        OSError: there is none.
    """
    # It brings scikit-learn: a second and 100 MB, which no emergency should wait for.
    from skops import io  # noqa: PLC0415

    data = folder.joinpath(f"{name}.skops").read_bytes()
    strange = set(io.get_untrusted_types(data=data)) - set(TRUSTED)
    if strange:
        raise UntrustedModelError(f"model {name!r} holds {', '.join(sorted(strange))}")
    card = msgspec.json.decode(folder.joinpath(f"{name}.json").read_bytes(), type=Card)
    return Model(io.loads(data, trusted=list(TRUSTED)), card)


@lru_cache
def shipped(name: str) -> Model:
    """Return a model that ships with this package, read when it is first needed."""
    return load(name, files("diagnostics.models"))
