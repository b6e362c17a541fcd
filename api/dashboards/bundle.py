"""Everything that a Grafana gets from us, in one language."""

import json
from pathlib import Path
from typing import Any

from msgspec import Struct

from api.dashboards import building
from api.dashboards.building import DATABASE, DATABASE_TYPE, FOLDER, Document
from api.dashboards.settings import GrafanaSettings
from api.desk import languages


class Bundle(Struct, frozen=True):
    """What there is, in the order in which it has to be there.

    ``password`` is the data source's; Grafana never gives it back. Without ``contact`` alarms go
    where Grafana's own policies send them.
    """

    folder: Document
    source: Document
    boards: list[Document]
    contact: Document | None
    rules: Document
    password: str | None = None


def bundle(settings: GrafanaSettings, language: str) -> Bundle:
    """Return everything in ``language``."""
    gettext = languages.catalogue(language).gettext
    desk, alarm_to = settings.public_url.rstrip("/"), settings.grafana_alarm_to
    return Bundle(
        folder={"uid": FOLDER, "title": "Liftwacht"},
        source=_source(settings),
        boards=building.all_boards(gettext, desk=desk),
        contact=building.contact_point(alarm_to) if alarm_to else None,
        rules=building.rule_group(
            gettext, runbook=settings.runbook_url.rstrip("/"), told=bool(alarm_to)
        ),
        password=settings.database_password,
    )


def _source(settings: GrafanaSettings) -> Document:
    return {
        "uid": DATABASE,
        "name": "Liftwacht",
        "type": DATABASE_TYPE,
        "access": "proxy",
        "url": settings.grafana_database_host,
        "user": settings.grafana_database_user,
        "basicAuth": False,
        "isDefault": False,
        "jsonData": {
            "database": settings.grafana_database_name,
            "sslmode": settings.grafana_database_tls,
            "maxOpenConns": 5,
            "maxIdleConns": 2,
            "connMaxLifetime": 14_400,
            "postgresVersion": 1500,
            "timescaledb": False,  # nothing asked is of that engine alone
        },
    }


def write(made: Bundle, folder: Path) -> list[Path]:
    """Write everything as files that Grafana reads at its start; return which."""
    group = made.rules
    rules = {
        "apiVersion": 1,
        "groups": [
            {
                "orgId": 1,
                "folder": made.folder["title"],
                "name": group["title"],
                "interval": f"{group['interval']}s",
                "rules": [_rule_of_file(rule) for rule in group["rules"]],
            }
        ],
    }
    sources = {
        "apiVersion": 1,
        "datasources": [
            {
                **made.source,
                "editable": False,
                "secureJsonData": {"password": "$__file{/run/secrets/grafana.password}"},
            }
        ],
    }
    providers = {
        "apiVersion": 1,
        "providers": [
            {
                "name": "liftwacht",
                "folder": made.folder["title"],
                "folderUid": made.folder["uid"],
                "type": "file",
                "allowUiUpdates": False,
                "options": {"path": "/etc/grafana/provisioning/dashboards/liftwacht"},
            }
        ],
    }
    contacts = {
        "apiVersion": 1,
        "contactPoints": [_contact_of_file(made.contact)] if made.contact else [],
    }
    files: dict[str, Any] = {
        "alerting/contacts.json": contacts,
        "datasources/liftwacht.json": sources,
        "dashboards/liftwacht.json": providers,
        "alerting/liftwacht.json": rules,
        **{f"dashboards/liftwacht/{board['uid']}.json": board for board in made.boards},
    }
    written = []
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True)
        file.write_text(text + "\n", encoding="utf-8")
        written.append(file)
    return written


def _contact_of_file(contact: Document) -> Document:
    receiver = {key: contact[key] for key in ("uid", "type", "settings")}
    return {"orgId": 1, "name": contact["name"], "receivers": [receiver]}


def _rule_of_file(rule: Document) -> Document:
    """Return a rule as files have it: without what the group says already."""
    said = {"folderUID", "ruleGroup", "orgID"}
    return {key: value for key, value in rule.items() if key not in said}
