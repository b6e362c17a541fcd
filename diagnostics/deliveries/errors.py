"""Why something cannot be done to a commission."""


class CommissionError(Exception):
    """Base of all below."""


class CommissionNotFound(CommissionError):  # noqa: N818 - reads as the fact it states
    """There is no such commission."""

    def __init__(self, commission_id: int) -> None:
        super().__init__(f"there is no commission {commission_id}")


class NotPossible(CommissionError):  # noqa: N818 - reads as the fact it states
    """As the commission stands that cannot be done; says why."""


class VersionConflict(CommissionError):  # noqa: N818 - reads as the fact it states
    """It changed since it was read."""
