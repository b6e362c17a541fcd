"""Reads scenario files. An error says in which file, on which line, and what is wrong."""

import re
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
import yaml

from simulator.scenarios.composition import Lookup, flattened
from simulator.scenarios.model import Scenario


class ScenarioError(Exception):
    """A scenario file that cannot be used; the text says ``file:line: what``."""


class _Loader(yaml.SafeLoader):
    """Safe YAML that refuses a key given twice, which would silently drop the first."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [key.value for key, _ in node.value]
    for position, (key, _) in enumerate(node.value):
        if key.value in keys[:position]:
            raise yaml.constructor.ConstructorError(
                None,
                None,
                f"{key.value!r} is given twice",
                key.start_mark,
            )
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def load(path: Path) -> Scenario:
    """Read the scenario at ``path``; what it includes stands beside it or in the library.

    Raises:
        ScenarioError: the file cannot be read, is not YAML, or is not a scenario.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path}:1: cannot be read: {error}") from error

    def beside(other: str) -> Scenario:
        neighbour = path.with_name(f"{other}.yaml")
        return load(neighbour) if neighbour.exists() else _in_library(other)

    return _composed(parse(text, name=str(path)), beside, name=str(path))


def parse(text: str, *, name: str) -> Scenario:
    """Read a scenario from ``text``, as it is written; ``name`` stands for the file in errors.

    Raises:
        ScenarioError: as ``load``.
    """
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        data = None if root is None else loader.construct_document(root)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else 1
        raise ScenarioError(f"{name}:{line}: {error.problem}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ScenarioError(f"{name}:1: not YAML: {error}") from error
    try:
        # Not strict: "weight_kg: 80" is a whole number in YAML, and a fine float.
        return msgspec.convert(data, Scenario)
    except msgspec.ValidationError as error:
        what, _, place = str(error).partition(" - at ")
        line = _line_of(root, place.strip("`"))
        where = f" ({place.strip('`')})" if place else ""
        raise ScenarioError(f"{name}:{line}: {what}{where}") from error


def _line_of(node: yaml.Node | None, place: str) -> int:
    """Find the line of a path such as ``$.steps[2].at``, as far as the document goes."""
    line = 1
    for key, index in re.findall(r"\.(\w+)|\[(\d+)\]", place):
        if isinstance(node, yaml.MappingNode) and key:
            node = next((value for name, value in node.value if name.value == key), None)
        elif isinstance(node, yaml.SequenceNode) and index and int(index) < len(node.value):
            node = node.value[int(index)]
        else:
            node = None
        if node is None:
            break
        line = node.start_mark.line + 1
    return line


def _composed(scenario: Scenario, lookup: Lookup, *, name: str) -> Scenario:
    try:
        return flattened(scenario, lookup)
    except KeyError as error:
        raise ScenarioError(f"{name}:1: includes an unknown scenario: {error}") from error
    except ValueError as error:
        raise ScenarioError(f"{name}:1: {error}") from error


@cache
def _as_written() -> dict[str, Scenario]:
    folder = resources.files("simulator.scenarios") / "library"
    scenarios = {}
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".yaml"):
            scenario = parse(entry.read_text(encoding="utf-8"), name=entry.name)
            scenarios[scenario.name] = scenario
    return scenarios


def _in_library(name: str) -> Scenario:
    return _as_written()[name]


def library() -> dict[str, Scenario]:
    """Return the scenarios that come with the simulator, by name, in order of name."""
    return {
        name: _composed(scenario, _in_library, name=f"{name}.yaml")
        for name, scenario in _as_written().items()
    }


def find(name_or_path: str) -> Scenario:
    """Return a scenario of the library by name, or one from a file.

    Raises:
        ScenarioError: neither, or not a good file.
    """
    path = Path(name_or_path)
    if path.suffix in {".yaml", ".yml"} or path.exists():
        return load(path)
    try:
        scenario = _in_library(name_or_path)
    except KeyError:
        raise ScenarioError(
            f"{name_or_path}:1: no such file, and no scenario of that name in the library",
        ) from None
    return _composed(scenario, _in_library, name=name_or_path)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a scenario file."""
    schema = msgspec.json.schema(Scenario)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Liftwacht scenario",
    } | schema
