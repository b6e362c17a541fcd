"""What a modem sends to be let in, and what it gets."""

from typing import Annotated

from pydantic import Field

from api.schema import Document


class NewEnrolment(Document):
    """A code and a request for a certificate; its key was made on the modem, and stays there."""

    code: Annotated[str, Field(min_length=8, max_length=40, description="As printed.")]
    csr: Annotated[
        str, Field(max_length=4096, description="PKCS #10, PEM; the subject is /CN=device.")
    ]


class Enrolment(Document):
    """The modem's identity. Both are PEM; of the first its own certificate comes first."""

    device: str
    certificate: str
    authority: str
