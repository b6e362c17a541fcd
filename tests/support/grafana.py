"""A Grafana in miniature, by its documented interface: no real one can be had from the registries.

It keeps what is put there and gives it back as Grafana does: with ids and versions of its own, with
defaults filled in, never a secret; it refuses what it would refuse: no token, a name of something
that is not there yet.
"""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "glsa_of-a-service-account"  # noqa: S105 - opens nothing

Answer = tuple[int, Any]
_SOURCE = r'"datasource": \{"type": "[^"]+", "uid": "([^"]+)"'


class Grafana:
    """What it keeps, and the order in which it was put there."""

    def __init__(self) -> None:
        self.folders: dict[str, dict[str, Any]] = {}
        self.sources: dict[str, dict[str, Any]] = {}
        self.boards: dict[str, dict[str, Any]] = {}
        self.groups: dict[tuple[str, str], dict[str, Any]] = {}
        self.contacts: dict[str, dict[str, Any]] = {}
        self.written: list[str] = []
        self.secrets: dict[str, Any] = {}
        self.url = ""

    def answer(self, method: str, target: str, body: Any) -> Answer:
        parts = urlsplit(target)
        for way, pattern, handle in self._ways():
            found = re.fullmatch(pattern, parts.path)
            if found and way == method:
                return handle(*found.groups(), body, parse_qs(parts.query))
        return 404, {"message": f"no such way: {method} {parts.path}"}

    def _ways(self) -> list[tuple[str, str, Callable[..., Answer]]]:
        contacts = "/api/v1/provisioning/contact-points"
        rules = "/api/v1/provisioning/folder/([^/]+)/rule-groups/([^/]+)"
        return [
            ("GET", "/api/folders/([^/]+)", lambda uid, *_: _known(self.folders, uid)),
            ("POST", "/api/folders", self._create_folder),
            ("PUT", "/api/folders/([^/]+)", self._update_folder),
            ("GET", "/api/datasources/uid/([^/]+)", lambda uid, *_: _known(self.sources, uid)),
            ("POST", "/api/datasources", self._create_source),
            ("PUT", "/api/datasources/uid/([^/]+)", self._update_source),
            ("GET", "/api/dashboards/uid/([^/]+)", lambda uid, *_: _known(self.boards, uid)),
            ("POST", "/api/dashboards/db", self._save_board),
            ("GET", "/api/search", self._search),
            ("GET", contacts, lambda *_: (200, list(self.contacts.values()))),
            ("POST", contacts, self._create_contact),
            ("PUT", f"{contacts}/([^/]+)", self._update_contact),
            ("GET", rules, lambda folder, group, *_: _known(self.groups, (folder, group))),
            ("PUT", rules, self._put_rules),
        ]

    def _create_folder(self, body: Any, _: Any) -> Answer:
        if body["uid"] in self.folders:
            return 409, {"message": "a folder with that uid already exists"}
        self.folders[body["uid"]] = {**body, "id": 1, "version": 1}
        return self._wrote("folder", self.folders[body["uid"]])

    def _update_folder(self, uid: str, body: Any, _: Any) -> Answer:
        if not body.get("overwrite"):
            return 412, {"message": "the folder has been changed by someone else"}
        self.folders[uid] |= {"title": body["title"], "version": self.folders[uid]["version"] + 1}
        return self._wrote("folder", self.folders[uid])

    def _create_source(self, body: Any, _: Any) -> Answer:
        if body["uid"] in self.sources:
            return 409, {"message": "data source with the same name already exists"}
        return self._update_source(body["uid"], body, _)

    def _update_source(self, uid: str, body: Any, _: Any) -> Answer:
        secrets = body.pop("secureJsonData", {})
        self.secrets |= secrets
        fields = dict.fromkeys(self.secrets, True)
        self.sources[uid] = {"id": 1, "orgId": 1, "version": 2, **body, "secureJsonFields": fields}
        return self._wrote("source", {"datasource": self.sources[uid]})

    def _save_board(self, body: Any, _: Any) -> Answer:
        board, folder = body["dashboard"], body.get("folderUid", "")
        if folder not in self.folders:
            return 400, {"message": "folder not found"}
        uids = set(
            re.findall(r'"datasource": \{"type": "[^"]+", "uid": "([^"]+)"', json.dumps(board))
        )
        if not uids <= self.sources.keys():
            return 400, {"message": f"data source not found: {uids}"}
        if board["uid"] in self.boards and not body.get("overwrite"):
            return 412, {"message": "the dashboard has been changed by someone else"}
        before = self.boards.get(board["uid"], {"dashboard": {"version": 0}})["dashboard"][
            "version"
        ]
        kept = {**board, "id": len(self.boards) + 1, "version": before + 1}
        self.boards[board["uid"]] = {"dashboard": kept, "meta": {"folderUid": folder}}
        return self._wrote("board", {"uid": board["uid"], "status": "success"})

    def _search(self, _: Any, query: dict[str, list[str]]) -> Answer:
        wanted = set(query.get("folderUIDs", []))
        return 200, [
            {"uid": uid, "type": "dash-db", "folderUid": kept["meta"]["folderUid"]}
            for uid, kept in self.boards.items()
            if kept["meta"]["folderUid"] in wanted
        ]

    def _create_contact(self, body: Any, _: Any) -> Answer:
        if body["uid"] in self.contacts:
            return 500, {"message": "receiver configuration with that uid already exists"}
        return self._update_contact(body["uid"], body, _)

    def _update_contact(self, uid: str, body: Any, _: Any) -> Answer:
        self.contacts[uid] = {**body, "uid": uid, "provenance": "api"}
        return self._wrote("contact", self.contacts[uid])

    def _put_rules(self, folder: str, group: str, body: Any, _: Any) -> Answer:
        if folder not in self.folders:
            return 400, {"message": "folder does not exist"}
        for rule in body["rules"]:
            refs = {each["refId"] for each in rule["data"]}
            if rule["condition"] not in refs:
                return 400, {"message": "condition does not exist"}
            told = rule.get("notification_settings")
            if told and told["receiver"] not in {each["name"] for each in self.contacts.values()}:
                return 400, {"message": f"receiver does not exist: {told['receiver']}"}
            for each in rule["data"]:
                if each["datasourceUid"] not in {*self.sources, "__expr__"}:
                    return 400, {"message": f"data source not found: {each['datasourceUid']}"}
                each["model"].setdefault("intervalMs", 1000)
                each["model"].setdefault("maxDataPoints", 43200)
            rule |= {"id": 1, "provenance": "api", "updated": "2026-11-29T00:00:00Z"}
        self.groups[folder, group] = body
        return self._wrote("rules", body)

    def _wrote(self, what: str, answer: Any) -> Answer:
        self.written.append(what)
        return 200, answer


def _known(kept: dict[Any, Any], key: Any) -> Answer:
    return (200, kept[key]) if key in kept else (404, {"message": "not found"})


@contextmanager
def grafana() -> Iterator[Grafana]:
    """Run one on a free port."""
    it = Grafana()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                status, answer = 401, {"message": "Unauthorized"}
            else:
                status, answer = it.answer(self.command, self.path, json.loads(body or b"null"))
            encoded = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(encoded)))
            self.end_headers()
            self.wfile.write(encoded)

        do_GET = do_POST = do_PUT = handle_any  # noqa: N815 - as the library calls them

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    it.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield it
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
