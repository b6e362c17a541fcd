"""Renders the pages about accounts: plain forms, without scripts."""

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.desk import languages


def render(request: Request, template: str, *, status: int = 200, **shown: Any) -> HTMLResponse:
    """Return a page. ``who`` is the principal, None for anonymous visitors."""
    language = languages.of(request)
    context = {
        "now": request.state.now(),
        "path": request.url.path,
        "who": getattr(request.state, "principal", None),
    } | shown
    html = request.state.renderer.render(template, language=language, context=context)
    response = HTMLResponse(
        html, status, headers={"Cache-Control": "no-store", "Content-Language": language}
    )
    languages.remember(request, response, language)
    return response
