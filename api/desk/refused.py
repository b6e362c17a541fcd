"""What a page's form asked for and cannot be done, said in the reader's language."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from fastapi import Request

from api.desk import languages
from api.problems import InvalidInputError, ProblemError, SaidError
from api.words import _
from diagnostics.deliveries.errors import CommissionNotFound, NotPossible, VersionConflict

# Sentences of the services that people meet; whatever is not among them stays English.
SENTENCES: Final = (
    _("a delay is recorded already: end it first"),
    _("no delay is recorded that could end"),
    _("what has happened cannot lie in the future"),
    _("that was before the commission was received"),
    _("the day on which it is expected has passed"),
    _("it is not said which aid came back"),
    _("it is not said which aid was handed over"),
    _("without instruction an aid is not handed over"),
    _("it is not said whether the aid is new"),
    _("of an aid that was used before it is to be said since when"),
    _("an exchange, and nothing else, names the delivery whose aid comes back"),
    _("only an aid that was handed over can be exchanged"),
    _("it cannot have been received in the future"),
    _("the aid is lent to somebody else"),
    _("is known already"),
    _("is not known here"),
    _("is not known in that municipality"),
    _("must not be in the future"),
    _("missing or not valid"),
    _("lies between when it became known and now"),
    _("It was taken up already, or somebody else changed it."),
    _("It was handled already, or somebody else changed it."),
    _("The letter is sent already, or on its way."),
    _("nothing is to be declared of that month"),
)
_CHANGED: Final = _("Somebody else changed it meanwhile. Look again, then decide.")
# What fields are called, by their place in what was sent.
FIELDS: Final = {
    "/reference": _("Your reference"),
    "/clientNumber": _("Client number"),
    "/client_number": _("Client number"),
    "/device": _("Aid"),
    "/aid_kind": _("Kind of aid"),
    "/postcode4": _("Postcode (four digits)"),
    "/on": _("New date"),
    "/reason": _("Reason"),
    "/kind": _("Kind"),
    "/text": _("Text"),
    "/receivedAt": _("Received"),
    "/received_at": _("Received"),
    "/answeredOn": _("Answered on"),
    "/answered_on": _("Answered on"),
    "/overall": _("Mark"),
    "/exchange_of": _("Delivery whose aid does not fit"),
    "/mail": _("Mail address"),
    "month": _("Month"),
}


@contextmanager
def told(request: Request) -> Iterator[None]:
    """Let whoever sent a form read in their language why it cannot be done.

    Raises:
        SaidError: why.
    """
    gettext = languages.catalogue(languages.of(request)).gettext
    try:
        yield
    except InvalidInputError as error:
        field = FIELDS.get(error.error.location, error.error.location.strip("/"))
        raise SaidError(f"{gettext(field)}: {gettext(error.error.detail)}") from error
    except CommissionNotFound:
        raise
    except VersionConflict as error:
        raise SaidError(gettext(_CHANGED)) from error
    except NotPossible as error:
        raise SaidError(gettext(str(error))) from error
    except ProblemError as error:
        if error.status != SaidError.status:
            raise
        raise SaidError(gettext(str(error))) from error
