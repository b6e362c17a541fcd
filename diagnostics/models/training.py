"""Training of the person model: the model, a plain baseline, and the better of the two."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from importlib.metadata import version
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline

from diagnostics.models import features
from diagnostics.models.card import Card, Measured
from diagnostics.models.examples import Examples, Window, examples_of
from diagnostics.models.features import Floats
from diagnostics.models.scoring import WEEKS, lasting, log_odds, odds_to_probability
from diagnostics.models.storage import Model

VERSION: Final = 1
FOLDS: Final = 5
# The threshold stands so far (in log-odds) above the highest that any aid without an episode came
# to: an accusation that is wrong costs more than an episode that is missed.
MARGIN: Final = 0.3
LEAST_THRESHOLD: Final = 0.5
# Windows of episodes are few: together they weigh this much of all the others.
WEIGHT: Final = 0.3

Ints = NDArray[np.int64]
Fit = Callable[[Floats, Ints], Any]
Scores = dict[int, list[tuple[Window, float]]]


class TrainingDataError(ValueError):
    """There is too little to learn from."""


def train(found: Sequence[Window], *, seed: int, data: str) -> Model:
    """Train on recorded windows.

    Args:
        found: windows, all aids together.
        seed: of all randomness.
        data: what the windows come from, for the card.

    Raises:
        TrainingDataError: fewer than ``FOLDS`` aids with an episode, or without.
    """
    examples = examples_of(found)
    for label in (0, 1):
        if len(set(examples.group[examples.labels == label].tolist())) < FOLDS:
            raise TrainingDataError(
                f"needs windows of at least {FOLDS} aids labelled {label} to learn from"
            )
    candidates: dict[str, Fit] = {
        "model": partial(_model, seed),
        "baseline": _baseline,
    }
    measured = {name: _measured(found, examples, fit, seed) for name, fit in candidates.items()}
    kept = "model" if measured["model"].recall > measured["baseline"].recall else "baseline"
    return Model(
        candidates[kept](examples.rows, examples.labels),
        Card(
            name="person",
            version=VERSION,
            kept=kept,
            features=features.NAMES,
            data=data,
            data_sha256=hashlib.sha256(
                examples.rows.round(9).tobytes() + examples.labels.tobytes()
            ).hexdigest(),
            seed=seed,
            aids=len({window.group for window in found}),
            windows=len(examples.labels),
            episodes=len({window.recording for window in found if window.within}),
            model=measured["model"],
            baseline=measured["baseline"],
            libraries={name: version(name) for name in ("numpy", "scikit-learn", "skops")},
            intended_use=(
                "Tell people of a municipality that somebody else than the indicated client may "
                "use an aid lastingly, so that they can ask. Never to decide by itself."
            ),
            limits=(
                "Learnt from simulated aids. Compares an aid's rides with its own earlier rides "
                "only. Cannot see somebody who weighs and boards as the client does, nor anything "
                "in the first two months of a loan."
            ),
        ),
    )


def _weights(labels: Ints) -> Floats:
    """Return weights that make windows of episodes count for more than they are."""
    few = labels == 1
    weights: Floats = np.where(few, WEIGHT * (~few).sum() / max(int(few.sum()), 1), 1.0)
    return weights


def _model(seed: int, rows: Floats, labels: Ints) -> Any:
    trees = GradientBoostingClassifier(
        n_estimators=80,
        max_depth=3,
        learning_rate=0.1,
        subsample=0.6,
        min_samples_leaf=30,
        random_state=seed,
    )
    calibrated = CalibratedClassifierCV(trees, method="sigmoid", cv=3, ensemble=False)
    calibrated.fit(rows, labels, sample_weight=_weights(labels))
    # Each tree carries the generator it was grown with: two thirds of the file, and never used.
    for tree in calibrated.calibrated_classifiers_[0].estimator.estimators_.ravel():
        tree.random_state = None
    return calibrated


def _baseline(rows: Floats, labels: Ints) -> Any:
    """Fit the plain rule: how many spreads the median load has moved."""
    column = ColumnTransformer([("shift", "passthrough", [features.BASELINE])])
    rule = make_pipeline(column, LogisticRegression())
    return rule.fit(rows, labels, logisticregression__sample_weight=_weights(labels))


def _measured(found: Sequence[Window], examples: Examples, fit: Fit, seed: int) -> Measured:
    """Judge each aid by an estimator that learnt from others only."""
    numbers = np.array(sorted({window.group for window in found}))
    folds = GroupKFold(n_splits=FOLDS, shuffle=True, random_state=seed)
    scores: Scores = defaultdict(list)
    by_row = np.zeros(len(examples.labels))
    for _, held in folds.split(numbers, groups=numbers):
        out = set(numbers[held].tolist())
        mask = np.isin(examples.group, numbers[held])
        estimator = fit(examples.rows[~mask], examples.labels[~mask])
        if mask.any():
            by_row[mask] = estimator.predict_proba(examples.rows[mask])[:, 1]
        judged = [window for window in found if window.group in out]
        if not judged:
            continue
        rows = np.array([row for window in judged for row in window.rows])
        all_scores: Floats = estimator.predict_proba(rows)[:, 1]
        at = 0
        for window in judged:
            least = float(all_scores[at : at + len(window.rows)].min())
            at += len(window.rows)
            scores[window.recording].append((window, least))
    right, wrong = _told(scores)
    highest = max(wrong.values(), default=0.0)
    raised = odds_to_probability(log_odds(highest) + MARGIN)
    threshold = max(raised, LEAST_THRESHOLD)
    recalled = [score >= threshold for score in right.values()]
    accused = sum(score >= threshold for score in wrong.values())
    told = sum(recalled) + accused
    return Measured(
        average_precision=round(float(average_precision_score(examples.labels, by_row)), 4),
        recall=round(float(np.mean(recalled)), 4),
        precision=round(sum(recalled) / told, 4) if told else 1.0,
        accused=accused,
        threshold=round(threshold, 4),
    )


def _told(scores: Scores) -> tuple[dict[int, float], dict[int, float]]:
    """Return by recording the highest score that lasted: where it is right, and where it is not."""
    right: dict[int, float] = {}
    wrong: dict[int, float] = {}
    for recording, judged in scores.items():
        for place, (window, _) in enumerate(judged):
            score = lasting([score for _, score in judged[: place + 1][-WEEKS:]])
            if window.within:
                right[recording] = max(right.get(recording, 0.0), score)
            elif window.outside:
                wrong[recording] = max(wrong.get(recording, 0.0), score)
    return right, wrong
