"""How the portal looks in a municipality: design tokens of NL Design System, as data. Pure.

The style sheet of the portal uses the tokens' names as custom properties; a municipality sets those
that it wants. What could not be read, by the contrast of WCAG 2.2, is refused.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")


class Pair(NamedTuple):
    """A foreground on a background, and the contrast that it needs (WCAG 2.2: 1.4.3, 1.4.11)."""

    foreground: str
    background: str
    least: float


TEXT: Final = 4.5
SHAPE: Final = 3.0
# Every token that can be set, with how it is when it is not.
DEFAULTS: Final[Mapping[str, str]] = {
    "utrecht-page-background-color": "#ffffff",
    "utrecht-document-color": "#1a1a1a",
    "utrecht-heading-color": "#143c4a",
    "utrecht-link-color": "#0b5768",
    "utrecht-page-header-background-color": "#143c4a",
    "utrecht-page-header-color": "#ffffff",
    "utrecht-nav-bar-background-color": "#e8eff0",
    "utrecht-nav-bar-link-color": "#143c4a",
    "utrecht-button-primary-action-background-color": "#0b5768",
    "utrecht-button-primary-action-color": "#ffffff",
    "utrecht-focus-outline-color": "#0a5bd3",
}
PAIRS: Final = (
    Pair("utrecht-document-color", "utrecht-page-background-color", TEXT),
    Pair("utrecht-heading-color", "utrecht-page-background-color", TEXT),
    Pair("utrecht-link-color", "utrecht-page-background-color", TEXT),
    Pair("utrecht-page-header-color", "utrecht-page-header-background-color", TEXT),
    Pair("utrecht-nav-bar-link-color", "utrecht-nav-bar-background-color", TEXT),
    Pair(
        "utrecht-button-primary-action-color",
        "utrecht-button-primary-action-background-color",
        TEXT,
    ),
    Pair("utrecht-button-primary-action-background-color", "utrecht-page-background-color", SHAPE),
    Pair("utrecht-focus-outline-color", "utrecht-page-background-color", SHAPE),
)


def checked(tokens: Mapping[str, str]) -> dict[str, str]:
    """Return ``tokens`` if a page can be read with them.

    Raises:
        ValueError: which one is unknown or no colour, or which two are too much alike.
    """
    for name, value in tokens.items():
        if name not in DEFAULTS:
            raise ValueError(f"{name}: no token of the portal; there are {', '.join(DEFAULTS)}")
        if not isinstance(value, str) or not _COLOUR.fullmatch(value):
            raise ValueError(f"{name}: {value!r} is no colour like #0b5768")
    whole = {**DEFAULTS, **tokens}
    for pair in PAIRS:
        found = contrast(whole[pair.foreground], whole[pair.background])
        if found < pair.least:
            raise ValueError(
                f"{pair.foreground} on {pair.background}: a contrast of {found:.2f}:1,"
                f" at least {pair.least}:1 is needed"
            )
    return dict(tokens)


def style(tokens: Mapping[str, str]) -> str:
    """Return the style sheet that sets ``tokens`` over the defaults."""
    lines = (f"  --{name}: {value};\n" for name, value in {**DEFAULTS, **tokens}.items())
    return f":root {{\n{''.join(lines)}}}\n"


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours as WCAG defines it, 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
