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
        "grafana": request.state.grafana,
    } | shown
    html = request.state.renderer.render(template, language=language, context=context)
    response = HTMLResponse(
        html, status, headers={"Cache-Control": "no-store", "Content-Language": language}
    )
    languages.remember(request, response, language)
    return response


def once_more(request: Request) -> HTMLResponse | None:
    """Return a page that asks for the same page again; None if that would change nothing.

    Who follows a link on another site's page (a ticket, in webmail) comes without the strict
    cookie; asked again by a page of ours, the browser sends it.
    """
    headers = request.headers
    if headers.get("sec-fetch-site") != "cross-site" or headers.get("sec-fetch-mode") != "navigate":
        return None
    query = f"?{request.url.query}" if request.url.query else ""
    return render(request, "arrived.html", home=request.url.path + query)
