"""The card beside a model: what it is, what it learnt from, how good it is, what it is not for."""

from msgspec import Struct


class Measured(Struct, frozen=True, kw_only=True):
    """How good one way of judging is, on aids that it did not learn from.

    Attributes:
        average_precision: of single windows.
        recall: share of the episodes found, at the threshold…
        accused: …where so many aids without an episode are found,
        precision: and so many of those found are right.
        threshold: the probability from which on something is told.
    """

    average_precision: float
    recall: float
    precision: float
    accused: int
    threshold: float


class Card(Struct, frozen=True, kw_only=True):
    """Everything that somebody must know who relies on a model.

    Attributes:
        name: of the model; ``version``: of its features and rules.
        kept: "model", or "baseline" where the model is no better.
        features: names of the columns, in order.
        data: what it learnt from; ``data_sha256``: of that.
        seed: of all randomness in training.
        aids: how many; ``windows``: examples; ``episodes``: of them with what is looked for.
        model: measured; ``baseline`` likewise.
        libraries: versions of what it was trained with.
    """

    name: str
    version: int
    kept: str
    features: tuple[str, ...]
    data: str
    data_sha256: str
    seed: int
    aids: int
    windows: int
    episodes: int
    model: Measured
    baseline: Measured
    libraries: dict[str, str]
    intended_use: str
    limits: str

    @property
    def threshold(self) -> float:
        """The probability from which on something is told."""
        return (self.model if self.kept == "model" else self.baseline).threshold
