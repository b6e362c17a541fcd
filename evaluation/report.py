"""The verdict on paper: ``evaluation.json``, a table in Markdown, plots."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import matplotlib as mpl
import msgspec

from evaluation.emergencies import Verdict
from evaluation.measured import Count, Evaluation, Labelled, Measured, Suspected, Target, Way

mpl.use("Agg")
mpl.rcParams["svg.hashsalt"] = "liftwacht"  # the same figures give the same file
mpl.rcParams["svg.fonttype"] = "none"  # letters are letters

from matplotlib import pyplot as plt  # noqa: E402 - the back end is chosen before
from matplotlib.figure import Figure  # noqa: E402

_DAY_S: Final = 86_400.0
POINTS: Final = 150  # of a curve
MOST_REASONS: Final = 12  # in a cell of the table; ``evaluation.json`` has all
_INK: Final = ("#154273", "#c2410c", "#6b7280", "#a16207")


def write_json(evaluation: Evaluation, path: Path) -> None:
    """Write everything, readable by machines and people: what is one of many is one line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fields = []
    for name in evaluation.__struct_fields__:
        value = getattr(evaluation, name)
        if isinstance(value, tuple):
            items = ",\n".join(f"    {msgspec.json.encode(each).decode()}" for each in value)
            text = f"[\n{items}\n  ]" if value else "[]"
        else:
            text = msgspec.json.encode(value).decode()
        fields.append(f'  "{name}": {text}')
    path.write_text("{\n" + ",\n".join(fields) + "\n}\n")


def write_schema(path: Path) -> None:
    """Write the JSON Schema of ``evaluation.json``."""
    schema = msgspec.json.schema(Evaluation)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(schema), indent=2) + b"\n")


def markdown(evaluation: Evaluation) -> str:
    """Return the tables."""
    lines = [
        (
            f"{evaluation.emergency_draws} drawn episodes ({evaluation.left_out} left out), "
            f"{evaluation.living_days:,.0f} days of ordinary life at every reading, "
            f"{evaluation.fleet_days:,.0f} aid-days of fleets; seed {evaluation.seed}, "
            f"{evaluation.behaviours} behaviours, scenarios: {evaluation.scenarios}."
        ),
        "",
        "## What was asked",
        "",
        "| | asked | measured | |",
        "|---|---|---|---|",
        *(
            f"| {each.name} | {each.asked} | {_number(each.value)} | "
            f"{'reached' if each.reached else _because(each)} |"
            for each in evaluation.targets
        ),
        "",
        *_emergency_lines(evaluation),
        "",
        "## Each thing that can be found",
        "",
        (
            "Recall with an interval of 95 %. Accused: alarms in episodes made to look like it. "
            "Delay from the beginning of the episode."
        ),
        "",
        (
            "| what | by | episodes | recall | precision | false per 1,000 aid-days | accused |"
            " delay p50 / p95 / max |"
        ),
        "|---|---|---|---|---|---|---|---|",
        *(_row(each) for each in evaluation.measured),
        "",
    ]
    lines += _ways(evaluation.ways) + _days(evaluation.days)
    for title, part in (
        ("controller profile", "by_profile"),
        ("quality of the line", "by_line"),
        ("kind of aid", "by_kind"),
        ("the modem's clock", "by_clock"),
    ):
        lines += _parts(title, part, evaluation.measured)
    return "\n".join(lines)


def _because(target: Target) -> str:
    shown, others = target.because[:MOST_REASONS], target.because[MOST_REASONS:]
    more = [f"and {len(others)} more ways"] if others else []
    return ": ".join(["**not reached**", *filter(None, [", ".join([*shown, *more])])])


def _row(each: Measured) -> str:
    count = each.count
    name = each.by if each.baseline else f"**{each.by}**"
    return (
        f"| {each.what} | {name} | {count.episodes} | {_recall(count)} | "
        f"{_share(count.precision)} | {_number(count.false_per_1000_aid_days)} | "
        f"{count.accused} | {_delay(each)} |"
    )


def _emergency_lines(evaluation: Evaluation) -> list[str]:
    """Say who learned of emergencies, and how long it took where they were only suspected."""
    heard = evaluation.heard
    known = (
        f"Emergencies: the platform learned of {heard.platform}, only the lift's own telephone"
        f" told of {heard.telephone}, nobody of {heard.nobody}."
    )
    return [known, *(_suspected(each) for each in evaluation.suspected if each.delay is not None)]


def _suspected(each: Suspected) -> str:
    assert each.delay is not None  # noqa: S101 - asked before
    times = (each.delay.p50_s, each.delay.p95_s, each.delay.max_s)
    seconds = " / ".join(f"{time:,.1f} s" for time in times)
    return f"Suspected first, {each.how}: {each.episodes}, certain after p50 / p95 / max {seconds}."


def _ways(ways: Sequence[Way]) -> list[str]:
    """Return which ways are found, and which look-alikes are accused."""
    if not ways:
        return []
    found = [
        f"| {each.what} | `{each.behaviour}` | {each.episodes} | {each.found} |"
        f" {'n/a' if each.p50_days is None else f'{each.p50_days:,.1f} d'} |"
        for each in ways
        if each.what
    ]
    alike = [
        f"| `{each.behaviour}` | {each.episodes} | {each.accused} |"
        for each in ways
        if not each.what
    ]
    return [
        "## By way of failing or misuse",
        "",
        "| what | behaviour | episodes | found | half of them after |",
        "|---|---|---|---|---|",
        *found,
        "",
        "## Look-alikes",
        "",
        "| behaviour | episodes | accused in |",
        "|---|---|---|",
        *alike,
        "",
    ]


def _days(days: Sequence[Labelled]) -> list[str]:
    """Return how the labels of scenarios of days held."""
    if not days:
        return []
    return [
        "## Scenarios of days",
        "",
        "In how many runs each word was found: asked for by the label, ruled out, not mentioned.",
        "",
        "| scenario | runs | as labelled | asked for | ruled out | besides |",
        "|---|---|---|---|---|---|",
        *(
            f"| `{each.scenario}` | {each.runs} | {each.as_labelled} | {_words(each.found)} |"
            f" {_words(each.wrong)} | {_words(each.besides)} |"
            for each in days
        ),
        "",
    ]


def _words(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{word} {count}" for word, count in counted.items())


def _parts(title: str, part: str, measured: Sequence[Measured]) -> list[str]:
    rows = [
        f"| {each.what} | {name} | {count.episodes} | {count.found} | {count.false} "
        f"| {count.accused} |"
        for each in measured
        for name, count in getattr(each, part).items()
        if count.episodes or count.false
    ]
    if not rows:
        return []
    return [
        f"## By {title}",
        "",
        f"| what | {title} | episodes | found | false | accused |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
    ]


def _recall(count: Count) -> str:
    if count.recall is None or count.recall_low is None or count.recall_high is None:
        return "n/a"
    return f"{count.recall:.1%} ({count.recall_low:.1%}-{count.recall_high:.1%})"


def _delay(each: Measured) -> str:
    if each.delay is None:
        return "n/a"
    parts = (each.delay.p50_s, each.delay.p95_s, each.delay.max_s)
    if each.what == "emergency":
        return " / ".join(f"{part:,.1f} s" for part in parts)
    return " / ".join(f"{part / _DAY_S:,.1f} d" for part in parts)


def _share(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.1%}"


def _number(value: float | None) -> str:
    if value is None:
        return "n/a"
    text = f"{value:,.3g}"
    return f"{value:.4f}" if text == "1" and value < 1 else text  # nearly all is not all


def plot_delays(verdicts: Iterable[Verdict], rules: Sequence[str], path: Path) -> None:
    """Draw how many emergencies each rule has found after a time; "" is the platform."""
    figure, axes = plt.subplots(figsize=(7, 4))
    real = [each for each in verdicts if each.emergency]
    for name, ink in zip(("", *rules), _INK, strict=False):
        found = [each.baselines_ms[name] if name else each.found_ms for each in real]
        seconds = sorted(
            max((ms - each.since_ms) / 1000, 0.05)
            for ms, each in zip(found, real, strict=True)
            if ms is not None
        )
        # Some hundred points are all that can be seen.
        kept = sorted({round(n * (len(seconds) - 1) / POINTS) for n in range(POINTS + 1)})
        kept = kept if seconds else []
        shares = [(number + 1) / len(real) for number in kept]
        moments = [seconds[number] for number in kept]
        axes.step(moments, shares, where="post", color=ink, label=name or "Liftwacht")
    axes.set_xscale("log")
    axes.set_xlabel("seconds after help is needed")
    axes.set_ylabel("share of emergencies found")
    axes.set_ylim(0, 1.02)
    axes.grid(visible=True, alpha=0.3)
    axes.legend(loc="lower right")
    _save(figure, path)


def plot_words(measured: Sequence[Measured], path: Path) -> None:
    """Draw recall and precision of every word, beside the better of its baselines."""
    words = [each for each in measured if not each.baseline and each.count.episodes]
    figure, axes = plt.subplots(figsize=(7, 0.34 * len(words) + 1.2))
    for place, each in enumerate(reversed(words)):
        best = max(
            (one.count for one in measured if one.baseline and one.what == each.what),
            key=_harmonic,
            default=None,
        )
        for count, ink, shift, size in ((best, _INK[2], -0.15, 18), (each.count, _INK[0], 0.1, 36)):
            if count is not None:
                axes.scatter(count.recall or 0, place + shift, color=ink, marker="|", s=size * 4)
                axes.scatter(count.precision or 0, place + shift, color=ink, marker="o", s=size)
    axes.set_yticks(range(len(words)), [each.what for each in reversed(words)])
    axes.set_xlim(-0.02, 1.02)
    axes.set_xlabel(
        "recall (bar) and precision (dot); blue: Liftwacht, grey: the better plain rule"
    )
    axes.grid(visible=True, axis="x", alpha=0.3)
    _save(figure, path)


def _harmonic(count: Count) -> float:
    recall, precision = count.recall or 0.0, count.precision or 0.0
    return 2 * recall * precision / (recall + precision) if recall + precision else 0.0


def _save(figure: Figure, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, bbox_inches="tight", metadata={"Date": None})
    plt.close(figure)
