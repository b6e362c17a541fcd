"""Files as answers: what people stored, of which nothing runs, and what we made to be kept."""

from urllib.parse import quote

from fastapi import Response

_PRIVATE = {"Cache-Control": "private, no-store"}
_NOTHING_RUNS = {"Content-Security-Policy": "default-src 'none'; sandbox"}


def stored(content: bytes, name: str, media_type: str, *, inline: bool = True) -> Response:
    """Return a file that somebody stored: whatever is in it, nothing of it runs."""
    how = "inline" if inline else "attachment"
    disposition = {"Content-Disposition": f"{how}; filename*=UTF-8''{quote(name)}"}
    return Response(content, 200, disposition | _PRIVATE | _NOTHING_RUNS, media_type)


def made(content: bytes, name: str, media_type: str) -> Response:
    """Return a file that we made, to be kept; ``name`` is of ours, and plain."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, 200, disposition | _PRIVATE, media_type)
