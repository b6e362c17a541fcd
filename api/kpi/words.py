"""The words of the indicators' drawings; translated through the catalogue like any text."""

from typing import Final

from api.words import _

ASKED: Final = _("target")
NOTHING: Final = _("no cases")
