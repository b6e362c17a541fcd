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
from evaluation import fleet, report, score
from evaluation.baselines import BASELINES
from evaluation.emergencies import Draw, Verdict, draw, judge
from evaluation.living import Lived, live
from evaluation.measured import VERSION, Evaluation, Measured
from evaluation.targets import EPISODES, targets
from simulator.scenarios.loader import library, load
from simulator.scenarios.model import Scenario

DAYS_A_HOME: Final = 10.0
# Scenarios of days are about wear and habits: fleets over years show those.
LONGEST_MS: Final = 3_600_000

Item = TypeVar("Item")
Result = TypeVar("Result")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the evaluation; returns 0 also where targets are missed: the verdict says so."""
    options = _parser().parse_args(arguments)
    out: Path = options.out
    scenarios = _scenarios(options.scenarios)
    with ProcessPoolExecutor(options.jobs) as pool:
        verdicts, left_out = _emergencies(scenarios, options, pool)
        lived = _living(options, pool)
        measured = score.emergencies(verdicts, lived, _emergency_rules())
        words, fleet_days = _fleet(options, pool)
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
        targets=targets(measured, verdicts),
        measured=tuple(measured),
    )
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
    parser.add_argument("--living-days", type=float, default=2_000, help="of ordinary life")
    parser.add_argument("--aids", type=int, default=600, help="of the fleets; 0: no fleets")
    parser.add_argument("--fleet-days", type=int, default=540, help="that each aid lives")
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


def _fleet(options: argparse.Namespace, pool: ProcessPoolExecutor) -> tuple[list[Measured], float]:
    if not options.aids:
        return [], 0.0
    plan = fleet.Plan(options.aids, options.fleet_days, options.seed, options.behaviours)
    lives = _run(pool, partial(fleet.judge, plan=plan), range(1, plan.size + 1), "aids")
    return score.fleet(lives, fleet.rules()), float(plan.size * plan.days)


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
