"""Features, training and storage of models: reproducible, explicit, and no better than shown."""

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from sklearn.preprocessing import FunctionTransformer

from diagnostics.__main__ import main
from diagnostics.detectors.contract import Aid
from diagnostics.facts import RideEnded
from diagnostics.models import features
from diagnostics.models.examples import Recording, Window
from diagnostics.models.features import Ridden
from diagnostics.models.recordings import RecordingError, read
from diagnostics.models.scoring import WEEKS, lasting
from diagnostics.models.storage import Model, UntrustedModelError, load, save, shipped
from diagnostics.models.training import TrainingDataError, train
from diagnostics.models.variations import varied
from gateway.protocol.topics import Kind, topic_of
from gateway.protocol.vocabulary import Seat
from tests.support.facts import aid_of
from tests.support.tales.habits import days, rides

RNG = np.random.default_rng(7)


def window_of_rides(
    first: int, count: int, *, load: float = 900.0, boarding_s: float = 20.0, spread: float = 0.03
) -> list[Ridden]:
    rng = np.random.default_rng(first)
    return [
        Ridden(
            on=first + day,
            up=number % 2 == 0,
            seated=True,
            load=load * float(np.exp(rng.normal(0, spread))),
            boarding_s=boarding_s * float(np.exp(rng.normal(0, 0.2))),
            presses=1,
            hour=8 + 6 * number,
        )
        for day in range(count)
        for number in range(3)
    ]


def feature(row: features.Floats | None, name: str) -> float:
    assert row is not None
    return float(row[features.NAMES.index(name)])


def test_the_same_person_differs_in_nothing() -> None:
    row = features.row(window_of_rides(0, 60), window_of_rides(70, 21))
    assert abs(feature(row, "load_shift")) < 0.03
    assert feature(row, "both_odd_least_week") == 0


def test_another_person_shows_in_every_week() -> None:
    others = window_of_rides(70, 21, load=1_200, boarding_s=4)
    row = features.row(window_of_rides(0, 60), others)
    assert feature(row, "load_shift") > 0.2
    assert feature(row, "boarding_shift") < -1
    assert feature(row, "both_odd_least_week") > 0.9


def test_guests_of_a_week_leave_a_week_without_them() -> None:
    recent = [*window_of_rides(70, 14), *window_of_rides(84, 7, load=1_200, boarding_s=4)]
    row = features.row(window_of_rides(0, 60), recent)
    assert feature(row, "both_odd_share") > 0.2
    assert feature(row, "both_odd_least_week") == 0


def test_a_gain_of_the_sensor_is_seen_in_empty_rides_too() -> None:
    def with_empty(rides: list[Ridden], load: float) -> list[Ridden]:
        return [*rides, *(ride._replace(seated=False, load=load) for ride in rides)]

    before = with_empty(window_of_rides(0, 60), 450)
    recent = with_empty(window_of_rides(70, 21, load=1_100), 550)
    row = features.row(before, recent)
    assert feature(row, "empty_shift") == pytest.approx(np.log(550 / 450))


def test_unknown_values_are_no_difference() -> None:
    blind = [ride._replace(load=None, boarding_s=None) for ride in window_of_rides(0, 81)]
    row = features.row([r for r in blind if r.on < 60], [r for r in blind if r.on >= 60])
    assert row is not None
    assert np.isfinite(row).all()
    assert feature(row, "load_distance") == 0
    assert feature(row, "load_known") == 0


def test_too_little_is_not_compared() -> None:
    assert features.row(window_of_rides(0, 5), window_of_rides(70, 21)) is None
    assert features.row(window_of_rides(0, 60), window_of_rides(70, 2)) is None


def test_a_habit_takes_all_its_weeks() -> None:
    assert lasting([0.99] * (WEEKS - 1)) == 0
    assert lasting([0.9] * WEEKS) == pytest.approx(0.9)
    assert lasting([0.001] + [0.99] * (WEEKS - 1)) < 0.95
    assert 0 < lasting([0.0] * (WEEKS - 1) + [1.0]) < lasting([1.0] * WEEKS) < 1


def test_what_has_ended_is_no_habit_any_more() -> None:
    assert lasting([0.99] * (WEEKS - 1) + [0.001]) == 0


# --- variations


def recorded(*, length: int = 120) -> Recording:
    aid: Aid = aid_of("stairlift")
    facts = days(length, rides(8, 12, 21))
    return Recording(
        device="sl-000001", rides=[(aid, fact) for fact in facts if isinstance(fact, RideEnded)]
    )


def test_variations_are_reproducible_and_leave_the_recording_alone() -> None:
    recording = recorded()
    before = list(recording.rides)
    assert varied(recording, seed=3) == varied(recording, seed=3)
    assert varied(recording, seed=3) != varied(recording, seed=4)
    assert list(recording.rides) == before


def test_variations_have_one_with_an_episode_and_one_without() -> None:
    other, harmless = varied(recorded(), seed=3)
    assert other.spells
    assert not harmless.spells
    received = [ride.received_at for _, ride in other.rides]
    assert received == sorted(received)


def test_of_an_episode_nothing_is_made_up() -> None:
    assert varied(replace(recorded(), spells=[(1, 2)]), seed=1) == []
    assert varied(recorded(length=5), seed=1) == []


# --- training


def windows(aids: int = 24) -> list[Window]:
    rng = np.random.default_rng(5)
    found = []
    for number in range(aids):
        other = number % 2 == 0
        for week in range(12):
            row = rng.normal(0, 0.3, len(features.NAMES))
            if other and week > 3:
                row[features.NAMES.index("both_odd_least_week")] += 3
            found.append(
                Window(
                    group=number,
                    recording=number,
                    end=7 * week,
                    rows=[row],
                    label=int(other and week > 3),
                    within=other and week > 3,
                    outside=not other,
                )
            )
    return found


@pytest.fixture(scope="module")
def trained() -> Model:
    return train(windows(), seed=1, data="a test")


def test_the_model_is_kept_where_it_beats_the_baseline(trained: Model) -> None:
    card = trained.card
    assert card.kept == "model"
    assert card.model.recall > card.baseline.recall
    assert card.model.accused == 0
    assert card.threshold == card.model.threshold
    assert card.features == features.NAMES


def test_training_is_reproducible(trained: Model) -> None:
    again = train(windows(), seed=1, data="a test")
    rows = np.random.default_rng(1).normal(size=(50, len(features.NAMES)))
    assert again.card == trained.card
    assert np.array_equal(again.probabilities(rows), trained.probabilities(rows))


def test_too_little_data_says_so() -> None:
    with pytest.raises(TrainingDataError, match="at least 5 aids labelled 1"):
        train(windows(6), seed=1, data="a test")


def test_a_model_comes_back_as_it_was(trained: Model, tmp_path: Path) -> None:
    save(trained, tmp_path)
    back = load("person", tmp_path)
    rows = np.random.default_rng(1).normal(size=(20, len(features.NAMES)))
    assert back.card == trained.card
    assert np.allclose(back.probabilities(rows), trained.probabilities(rows))


def test_a_strange_type_is_not_let_in(trained: Model, tmp_path: Path) -> None:
    strange = replace(trained, estimator=FunctionTransformer(func=np.fromfile))
    save(strange, tmp_path)
    with pytest.raises(UntrustedModelError, match="fromfile"):
        load("person", tmp_path)


# --- what ships


def test_the_shipped_model_fits_this_code() -> None:
    model = shipped("person")
    assert model.card.features == features.NAMES
    assert model.card.model.accused == 0
    assert 0 < model.card.threshold < 1
    row = features.row(window_of_rides(0, 60), window_of_rides(70, 21))
    other = features.row(
        window_of_rides(0, 60),
        [*window_of_rides(70, 21), *window_of_rides(70, 21, load=1_250, boarding_s=4)],
    )
    assert row is not None
    assert other is not None
    assert model.probability(row) < 0.1
    assert model.probability(other) > 0.5


def test_probabilities_are_those_of_the_library_to_the_last_bit(trained: Model) -> None:
    rows = np.random.default_rng(2).normal(size=(200, len(features.NAMES)))
    for model in (trained, shipped("person")):
        assert np.array_equal(model.probabilities(rows), model.estimator.predict_proba(rows)[:, 1])


def test_the_shipped_model_is_small() -> None:
    folder = Path(features.__file__).parent
    assert (folder / "person.skops").stat().st_size < 200_000


# --- recordings


def folder_of(tmp_path: Path, **changed: str) -> Path:
    device = "sl-000001"
    usage = {
        "device": device,
        "outbox": "0" * 32,
        "seq": 1,
        "time_ms": 1_760_000_000_000,
        "duration_ms": 40_000,
        "distance_mm": 4_700,
        "direction": "up",
        "start_landing": 2,
        "end_landing": 3,
        "seat": 2,
    }
    line = {"at": "2025-10-09T08:53:21Z", "topic": topic_of(device, Kind.USAGE)}
    texts = {
        "trace": json.dumps(line | {"message": usage}) + "\n",
        "register": json.dumps({"device": device, "kind": "stairlift", "since_ms": 0}) + "\n",
        "truth": json.dumps(
            {
                "device": device,
                "from": "2025-10-01T00:00:00Z",
                "until": None,
                "finding": "other_person",
            }
        )
        + "\n",
    }
    for name, text in (texts | changed).items():
        (tmp_path / f"{name}.jsonl").write_text(text)
    return tmp_path


def test_a_folder_is_read(tmp_path: Path) -> None:
    (recording,) = read(folder_of(tmp_path))
    assert recording.device == "sl-000001"
    ((aid, ride),) = recording.rides
    assert aid.kind == "stairlift"
    assert ride.seat is Seat.OCCUPIED
    assert ride.received_at - ride.measured_at < timedelta(days=60)
    assert recording.spells == [(date(2025, 10, 1).toordinal(), date.max.toordinal())]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"truth": "{}\n"}, "truth.jsonl, line 1"),
        ({"trace": "no JSON\n"}, "trace.jsonl, line 1"),
        ({"register": ""}, "sl-000001 is not registered"),
    ],
)
def test_bad_data_says_where(tmp_path: Path, changed: dict[str, str], says: str) -> None:
    with pytest.raises(RecordingError, match=says):
        list(read(folder_of(tmp_path, **changed)))


def test_the_command_tells_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["train", "--data", str(tmp_path / "none"), "--out", str(tmp_path)])
    assert code == 1
    assert "register.jsonl" in capsys.readouterr().err
