"""Whether a mechanic was there: what he does with his key explains much."""

from gateway.protocol.messages import Sample
from gateway.protocol.vocabulary import Mode


def with_key(sample: Sample | None) -> bool:
    """Return whether the controller was in a mode that needs the mechanic's key or hand wheel."""
    return sample is not None and sample.mode is not Mode.NORMAL
