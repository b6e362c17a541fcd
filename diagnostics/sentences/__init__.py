"""Reason code to English sentence, by family. A parameter stands in it as %(name)s.

The sentence is also the key of the gettext catalogue in ``diagnostics/locale``.
"""

from typing import Final

from diagnostics.sentences import emergency, health, silence, use

SENTENCES: Final[dict[str, str]] = {
    **emergency.SENTENCES,
    **silence.SENTENCES,
    **health.SENTENCES,
    **use.SENTENCES,
}
