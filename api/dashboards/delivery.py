"""Brings a bundle to a Grafana, reads it back, and says where the two differ.

In this order, since each needs what stands before it: folder, data source, dashboards, who is told,
rules. All uids are ours and fixed, so that doing it twice changes nothing.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any, Final

from grafana_client.api import GrafanaApi
from grafana_client.client import GrafanaClientError

from api.dashboards.building import Document
from api.dashboards.bundle import Bundle

# What Grafana writes into a dashboard by itself.
_OWN: Final = frozenset({"id", "version", "iteration"})
_NOT_FOUND: Final = 404
_MISSING: Final = "is not there"


@contextmanager
def connected(url: str, token: str | None) -> Iterator[GrafanaApi]:
    """Give a way to the Grafana at ``url``."""
    make: Any = GrafanaApi.from_url  # has no types
    api: GrafanaApi = make(url, credential=token, timeout=20.0)
    with closing(api.client.s):
        yield api


def push(api: Any, made: Bundle) -> list[str]:
    """Put everything there; return what differs all the same when it is read back.

    Raises:
        GrafanaException: it was refused.
    """
    if _found(api.folder.get_folder, made.folder["uid"]) is None:
        api.folder.create_folder(title=made.folder["title"], uid=made.folder["uid"])
    else:
        api.folder.update_folder(made.folder["uid"], title=made.folder["title"], overwrite=True)
    source = dict(made.source)
    if made.password is not None:
        source["secureJsonData"] = {"password": made.password}
    if _found(api.datasource.get_datasource_by_uid, source["uid"]) is None:
        api.datasource.create_datasource(source)
    else:
        api.datasource.update_datasource_by_uid(source["uid"], source)
    for board in made.boards:
        api.dashboard.update_dashboard(
            {"dashboard": board, "folderUid": made.folder["uid"], "overwrite": True}
        )
    if made.contact is not None:
        ways = api.alertingprovisioning
        if _contact(api, made.contact) is None:
            ways.create_contactpoint(made.contact)
        else:
            ways.update_contactpoint(made.contact["uid"], made.contact)
    rules = made.rules
    # Without provenance people could still change it there; with it, Grafana says whose it is.
    api.alertingprovisioning.update_rule_group(rules["folderUid"], rules["title"], rules)
    return list(differences(api, made))


def differences(api: Any, made: Bundle) -> Iterator[str]:
    """Yield where that Grafana has something else: ``what: path: ours, theirs``.

    Raises:
        GrafanaException: it does not answer as it should.
    """
    folder = _found(api.folder.get_folder, made.folder["uid"])
    yield from _compared("folder", made.folder, folder, exact=False)
    source = _found(api.datasource.get_datasource_by_uid, made.source["uid"])
    yield from _compared("data source", made.source, source, exact=False)
    for board in made.boards:
        answer = _found(api.dashboard.get_dashboard, board["uid"])
        theirs = None if answer is None else answer["dashboard"]
        yield from _compared(f"dashboard {board['uid']}", board, theirs, exact=True)
        if answer is not None and answer["meta"].get("folderUid") != made.folder["uid"]:
            yield f"dashboard {board['uid']}: is in another folder"
    ours = {board["uid"] for board in made.boards}
    for other in api.search.search_dashboards(folder_uids=made.folder["uid"], type_="dash-db"):
        if other["uid"] not in ours:
            yield f"dashboard {other['uid']}: is not ours"
    if made.contact is not None:
        found = _contact(api, made.contact)
        yield from _compared("contact point", made.contact, found, exact=False)
    rules = made.rules
    group = _found(
        lambda uid: api.alertingprovisioning.get_rule_group(uid, rules["title"]), rules["folderUid"]
    )
    if group is None:
        yield f"rules {rules['title']}: {_MISSING}"
        return
    yield from _compared("rules", {"interval": rules["interval"]}, group, exact=False)
    there = {rule["uid"]: rule for rule in group.get("rules", ())}
    for rule in rules["rules"]:
        yield from _compared(f"rule {rule['uid']}", rule, there.pop(rule["uid"], None), exact=False)
    for uid in there:
        yield f"rule {uid}: is not ours"


def _contact(api: Any, contact: Document) -> Document | None:
    theirs = api.alertingprovisioning.get_contactpoints(name=contact["name"])
    return next((each for each in theirs if each["uid"] == contact["uid"]), None)


def _found(ask: Any, uid: str) -> Document | None:
    try:
        answer: Document = ask(uid)
    except GrafanaClientError as error:
        if error.status_code == _NOT_FOUND:
            return None
        raise
    return answer


def _compared(what: str, ours: Document, theirs: Document | None, *, exact: bool) -> Iterator[str]:
    if theirs is None:
        yield f"{what}: {_MISSING}"
        return
    if exact:
        theirs = {key: value for key, value in theirs.items() if key not in _OWN}
    for path, one, other in _apart(ours, theirs, exact=exact):
        yield f"{what}: {path}: {one!r} here, {other!r} there"


def _apart(
    ours: Any, theirs: Any, path: str = "", *, exact: bool
) -> Iterator[tuple[str, Any, Any]]:
    """Yield what differs; unless ``exact``, what only they have is none of our business."""
    if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        keys = ours.keys() | theirs.keys() if exact else ours.keys()
        for key in sorted(keys):
            yield from _apart(
                ours.get(key), theirs.get(key), f"{path}.{key}".lstrip("."), exact=exact
            )
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for number, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from _apart(one, other, f"{path}[{number}]", exact=exact)
    elif ours != theirs:
        yield path, ours, theirs
