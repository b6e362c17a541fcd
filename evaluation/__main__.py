"""``make evaluate``: run everything, judge it, and write the verdict."""

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from typing import Final, TypeVar

from diagnostics.detectors.registry import EMERGENCY
from evaluation import days, fleet, report, rows, score
from evaluation.baselines import BASELINES
from evaluation.emergencies import Draw, Verdict, draw, judge
from evaluation.living import Lived, live
from evaluation.measured import VERSION, Evaluation, Measured
from evaluation.rows import Row, RowFile, rows_of
from evaluation.targets import EPISODES, heard, suspected, targets
from evaluation.ways import labelled, ways
from simulator.scenarios.loader import library, load
from simulator.scenarios.model import Scenario

DAYS_A_HOME: Final = 20.0
# Longer scenarios are about wear and habits: they are judged by their labels.
LONGEST_MS: Final = 3_600_000

Item = TypeVar("Item")
Result = TypeVar("Result")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the evaluation; returns 0 also where targets are missed: the verdict says so."""
    options = _parser().parse_args(arguments)
    out: Path = options.out
    scenarios = _scenarios(options.scenarios)
    single: list[Row] = []
    with ProcessPoolExecutor(options.jobs) as pool:
        verdicts, left_out = _emergencies(scenarios, options, pool)
        lived = _living(options, pool)
        measured = score.emergencies(verdicts, lived, _emergency_rules())
        words, fleet_days = _fleet(options, pool, single)
        long = _days(scenarios, options, pool)
    measured += words
    evaluation = Evaluation(
        version=VERSION,
        seed=options.seed,
        behaviours=options.behaviours,
        scenarios="the library" if options.scenarios is None else options.scenarios.name,
        emergency_draws=len(verdicts),
        left_out=left_out,
        living_days=sum(each.days for each in lived),
        fleet_days=fleet_days,
        targets=targets(measured, verdicts, single),
        heard=heard(verdicts),
        suspected=suspected(verdicts),
        measured=tuple(measured),
        ways=ways(single),
        days=labelled(long),
    )
    _write_rows(out / "verdicts.jsonl", [*verdicts, *lived, *long], single)
    rows.write_schema(out / "verdicts.schema.json")
    report.write_json(evaluation, out / "evaluation.json")
    report.write_schema(out / "evaluation.schema.json")
    (out / "evaluation.md").write_text(report.markdown(evaluation) + "\n")
    report.plot_delays(verdicts, [each.name for each in BASELINES], out / "delays.svg")
    report.plot_words(measured, out / "words.svg")
    print(report.markdown(evaluation))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="evaluation", description=main.__doc__)
    parser.add_argument("--out", type=Path, default=Path("build"), help="folder to write to")
    parser.add_argument("--scenarios", type=Path, help="folder of YAML files; else the library")
    parser.add_argument("--as-written", action="store_true", help="draw no other circumstances")
    parser.add_argument("--episodes", type=int, default=EPISODES, help="emergencies to draw")
    parser.add_argument("--living-days", type=float, default=10_000, help="of ordinary life")
    parser.add_argument("--aids", type=int, default=900, help="of the fleets, at most; 0: none")
    parser.add_argument("--a-word", type=int, default=18, help="aids of the fleets for each word")
    parser.add_argument("--ordinary", type=int, default=200, help="aids with nothing to be found")
    parser.add_argument("--fleet-days", type=int, default=450, help="that each aid lives")
    parser.add_argument("--runs", type=int, default=2, help="of each scenario of days")
    parser.add_argument("--behaviours", choices=("test", "train"), default="test")
    parser.add_argument("--seed", type=int, default=20_261_121)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    return parser


def _scenarios(folder: Path | None) -> list[Scenario]:
    if folder is None:
        return [*library().values()]
    return [load(path) for path in sorted(folder.glob("*.yaml"))]


def _emergencies(
    scenarios: Sequence[Scenario], options: argparse.Namespace, pool: ProcessPoolExecutor
) -> tuple[list[Verdict], int]:
    kinds = {kind for each in EMERGENCY for kind in each.kinds}
    draws = _draws(
        [each for each in scenarios if each.kind in kinds and each.duration_ms <= LONGEST_MS],
        episodes=options.episodes,
        seed=options.seed,
        vary=not options.as_written,
    )
    verdicts = list(_run(pool, judge, draws, "episodes"))
    valid = [each for each in verdicts if each.valid]
    return valid, len(verdicts) - len(valid)


def _draws(
    scenarios: Sequence[Scenario], *, episodes: int, seed: int, vary: bool
) -> Iterator[Draw]:
    """Draw every scenario in turn until there are ``episodes`` emergencies; or each once."""
    rng = Random(f"episodes/{seed}")
    emergencies = 0
    for _ in range(episodes) if vary else range(1):
        for scenario in scenarios:
            yield draw(scenario, rng, vary=vary)
            emergencies += scenario.expect.emergency
        if emergencies >= episodes or not emergencies:
            return


def _living(options: argparse.Namespace, pool: ProcessPoolExecutor) -> list[Lived]:
    homes = range(round(options.living_days / DAYS_A_HOME))
    return list(_run(pool, partial(live, days=DAYS_A_HOME, seed=options.seed), homes, "homes"))


def _fleet(
    options: argparse.Namespace, pool: ProcessPoolExecutor, single: list[Row]
) -> tuple[list[Measured], float]:
    plan = fleet.Plan(
        options.aids,
        options.fleet_days,
        options.seed,
        options.behaviours,
        options.a_word,
        options.ordinary,
    )
    numbers = [*plan.numbers()]
    if not numbers:
        return [], 0.0

    def lives() -> Iterator[score.Life]:
        for life in _run(pool, partial(fleet.judge, plan=plan), numbers, "aids"):
            single.extend(rows_of(life))
            yield life

    return score.fleet(lives(), fleet.rules()), float(len(numbers) * plan.days)


def _days(
    scenarios: Sequence[Scenario], options: argparse.Namespace, pool: ProcessPoolExecutor
) -> list[days.Judged]:
    """Play the scenarios of days as they are written, then in other circumstances."""
    rng = Random(f"days/{options.seed}")
    drawn = [
        days.Days(each)
        if run == 0
        else days.Days(each, rng.getrandbits(32), rng.choice(("good", "good", "fair")))
        for run in range(1 if options.as_written else options.runs)
        for each in scenarios
        if each.duration_ms > LONGEST_MS
    ]
    return list(_run(pool, days.judge, drawn, "scenarios of days"))


def _write_rows(
    path: Path, results: Sequence[Verdict | Lived | days.Judged], single: Sequence[Row]
) -> None:
    file = RowFile(path)
    for result in results:
        for row in rows_of(result):
            file.write(row)
    for row in single:
        file.write(row)
    file.close()


def _run(
    pool: ProcessPoolExecutor,
    work: Callable[[Item], Result],
    items: Iterable[Item],
    what: str,
) -> Iterator[Result]:
    """Do ``work`` on all cores; say now and then how far it is."""
    for done, result in zip(count(1), pool.map(work, items, chunksize=8)):
        if done % 500 == 0:
            print(f"{done} {what}", file=sys.stderr)
        yield result


def _emergency_rules() -> dict[str, tuple[str, bool]]:
    return {
        "": ("the detectors of the registry", False),
        **{each.name: ((each.__doc__ or "").split("\n")[0], True) for each in BASELINES},
    }


if __name__ == "__main__":
    sys.exit(main())
