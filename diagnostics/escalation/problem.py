"""What is wrong with a rota or a policy, and where."""

from collections.abc import Sequence

from msgspec import Struct


class Problem(Struct, frozen=True):
    """Something to mend. ``where`` is a path, as in ``rotations[1].people``."""

    where: str
    what: str

    def __str__(self) -> str:
        """Return it as a line to read."""
        return f"{self.where}: {self.what}"


class PlanError(ValueError):
    """A rota or policy that cannot be relied on.

    Attributes:
        problems: all of them, so that they can be mended in one go.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = tuple(problems)
