"""What can be wrong with something that came over the wire."""


class ProtocolError(Exception):
    """A message breaks the wire contract. ``reason`` is a stable word for counting and filing."""

    reason = "protocol"


class TopicError(ProtocolError):
    """The topic is not one of ours."""

    reason = "topic"


class PayloadError(ProtocolError):
    """The payload is not a valid message of the kind its topic names."""

    reason = "payload"


class TooLargeError(PayloadError):
    """The payload is larger than any message may be."""

    reason = "too_large"


class IdentityError(ProtocolError):
    """The device inside the payload is not the device of the topic."""

    reason = "identity"
