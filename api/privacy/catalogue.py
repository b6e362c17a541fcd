"""The data catalogue: what every table and field is for, whose data it is, how long it is kept.

Declared in ``catalogue.toml``, in Dutch; a test holds it against the schema of the database.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, Final

from msgspec import Struct

from api.privacy.retention import BY_NAME

FILE: Final = "catalogue.toml"
_ABOUT_ALL: Final = ("bases", "common")


class Class(StrEnum):
    """How far a field leads to a person."""

    PERSONAL = "p"
    PSEUDONYMOUS = "s"
    NONE = "n"


CLASSES: Final[Mapping[Class, str]] = {
    Class.PERSONAL: "persoonsgegeven",
    Class.PSEUDONYMOUS: "pseudoniem",
    Class.NONE: "geen persoonsgegeven",
}


class Field(Struct, frozen=True):
    """A column. ``what``: in Dutch."""

    name: str
    class_: Class
    what: str


class Table(Struct, frozen=True, kw_only=True):
    """A table. ``kept``: a name of ``retention.KINDS``."""

    name: str
    purpose: str
    basis: str
    kept: str
    fields: Sequence[Field]

    @property
    def term(self) -> str:
        """How long it is kept, in Dutch."""
        return BY_NAME[self.kept].term_text

    @property
    def class_(self) -> Class:
        """How far it leads to a person at most."""
        classes = {each.class_ for each in self.fields}
        return next(each for each in Class if each in classes)


class BadCatalogueError(ValueError):
    """The file says something that means nothing; says what."""


@cache
def load() -> tuple[Table, ...]:
    """Return all tables, by name."""
    return parse((files("api.privacy") / FILE).read_text(encoding="utf-8"))


def parse(text: str) -> tuple[Table, ...]:
    """Return the tables of a catalogue.

    Raises:
        BadCatalogueError: a line, a class, a basis or a term is none.
    """
    declared = tomllib.loads(text)
    bases = declared["bases"]
    common = {each.name: each for each in _fields("common", declared["common"]["fields"], {})}
    return tuple(
        _table(name, entry, bases, common)
        for name, entry in sorted(declared.items())
        if name not in _ABOUT_ALL
    )


def missing(
    schema: Mapping[str, Iterable[str]], tables: Sequence[Table]
) -> tuple[list[str], list[str]]:
    """Return the fields of a ``schema`` without an entry, and entries without a field."""
    known = {f"{table.name}.{field.name}" for table in tables for field in table.fields}
    there = {f"{table}.{column}" for table, columns in schema.items() for column in columns}
    return sorted(there - known), sorted(known - there)


def _table(
    name: str, entry: Mapping[str, Any], bases: Mapping[str, str], common: Mapping[str, Field]
) -> Table:
    if entry["basis"] not in bases or entry["kept"] not in BY_NAME:
        raise BadCatalogueError(f"{name}: {entry['basis']!r} or {entry['kept']!r} is not declared")
    return Table(
        name=name,
        purpose=entry["purpose"],
        basis=bases[entry["basis"]],
        kept=entry["kept"],
        fields=tuple(_fields(name, entry["fields"], common)),
    )


def _fields(table: str, lines: str, common: Mapping[str, Field]) -> Iterator[Field]:
    for line in filter(None, map(str.strip, lines.splitlines())):
        name, _, rest = line.partition(" ")
        if not rest:
            if name not in common:
                raise BadCatalogueError(f"{table}.{name} says nothing")
            yield common[name]
            continue
        class_, _, what = rest.partition(" ")
        if class_ not in list(Class) or not what:
            raise BadCatalogueError(f"{table}.{name}: {rest!r} is no class and description")
        yield Field(name, Class(class_), what)
