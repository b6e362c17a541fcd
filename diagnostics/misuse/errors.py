"""What can be wrong with something asked of a case."""


class MisuseError(Exception):
    """Something asked of a case cannot be done."""


class CaseNotFound(MisuseError):  # noqa: N818 - reads as the fact it states
    """There is no such case."""

    def __init__(self, case_id: int) -> None:
        super().__init__(f"there is no case {case_id}")
        self.case_id = case_id


class CaseNotNow(MisuseError):  # noqa: N818
    """As the case stands it cannot be done; ``why`` says what stands in the way."""

    def __init__(self, case_id: int, why: str) -> None:
        super().__init__(f"case {case_id}: {why}")
        self.case_id = case_id
        self.why = why


class CaseChanged(MisuseError):  # noqa: N818
    """Something was added since it was read that who decides must have seen."""

    def __init__(self, case_id: int, *, expected: int, actual: int) -> None:
        super().__init__(f"case {case_id} is at version {actual}, not {expected}")
        self.case_id = case_id
        self.expected = expected
        self.actual = actual
