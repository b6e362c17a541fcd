"""From the data to what Grafana understands, by its own typed builders.

They are of Grafana 11.6, whose dashboards later ones take as they are. A data source is named by
its uid alone, as Grafana 13 asks for.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from grafana_foundation_sdk.builders import alerting as rules
from grafana_foundation_sdk.builders import (
    barchart,
    common,
    dashboard,
    expr,
    stat,
    table,
    timeseries,
)
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models import alerting as alerting_model
from grafana_foundation_sdk.models import common as common_model
from grafana_foundation_sdk.models import dashboard as model

from api.dashboards.alerts import WORDS
from api.dashboards.boards import BOARDS, Board, Draw, Panel
from diagnostics.objectives.catalogue import OBJECTIVES, Objective
from diagnostics.queries import load

QUERIES = load("api.dashboards")
DATABASE: Final = "liftwacht-db"
DATABASE_TYPE: Final = "grafana-postgresql-datasource"
FOLDER: Final = "liftwacht"
GROUP: Final = "liftwacht"
CONTACT: Final = "liftwacht-on-call"
CONTACT_NAME: Final = "Liftwacht"
EVERY_S: Final = 60
_ALL: Final = "__all"
_HOME: Final = "Europe/Amsterdam"

Gettext = Callable[[str], str]
Document = dict[str, Any]


class Sql(Dataquery, Builder[Dataquery]):
    """A query in SQL: the builders know none for PostgreSQL."""

    def __init__(self, sql: str, *, series: bool) -> None:
        self._sql = sql
        self._series = series

    def build(self) -> "Sql":
        """Return itself."""
        return self

    def to_json(self) -> dict[str, object]:
        """Return what Grafana keeps."""
        return {
            "refId": "A",
            "datasource": {"type": DATABASE_TYPE, "uid": DATABASE},
            "editorMode": "code",
            "format": "time_series" if self._series else "table",
            "rawQuery": True,
            "rawSql": self._sql,
        }


def board(described: Board, gettext: Gettext, *, desk: str) -> Document:
    """Return a dashboard. ``desk`` is where people reach the desk, without a slash at its end."""
    built = (
        dashboard.Dashboard(gettext(described.title))
        .uid(described.uid)
        .tags(["liftwacht"])
        .timezone(_HOME)
        .time(described.since, "now")
        .refresh("5m")
        .editable()
        .link(
            dashboard.DashboardLink(gettext("Service desk"))
            .type(model.DashboardLinkType.LINK)
            .url(desk)
        )
    )
    if described.municipalities or described.device:
        built = built.with_variable(
            _variable("municipality", gettext("Municipality"), "municipalities")
            .multi(True)  # noqa: FBT003
            .include_all(True)  # noqa: FBT003
            .current(model.VariableOption(text=[gettext("All")], value=[_ALL]))
        )
    if described.device:
        built = built.with_variable(_variable("device", gettext("Aid"), "devices"))
    for panel in described.panels:
        built = built.with_panel(_panel(panel, gettext, desk=desk))
    return _plain(built.build())


def _variable(name: str, label: str, query: str) -> dashboard.QueryVariable:
    return (
        dashboard.QueryVariable(name)
        .label(label)
        .query(QUERIES[query])
        .datasource(_source())
        .refresh(model.VariableRefresh.ON_DASHBOARD_LOAD)
    )


def _source() -> model.DataSourceRef:
    return model.DataSourceRef(type_val=DATABASE_TYPE, uid=DATABASE)


_PANELS: Final[Mapping[Draw, Callable[[], Any]]] = {
    Draw.NUMBERS: lambda: stat.Panel().reduce_options(
        common.ReduceDataOptions().calcs(["lastNotNull"]).fields("/.*/")
    ),
    Draw.TABLE: table.Panel,
    Draw.LINES: timeseries.Panel,
    Draw.BARS: lambda: (
        timeseries.Panel()
        .draw_style(common_model.GraphDrawStyle.BARS)
        .fill_opacity(60)
        .stacking(common.StackingConfig().mode(common_model.StackingMode.NORMAL))
    ),
    Draw.CATEGORIES: barchart.Panel,
}


def _panel(panel: Panel, gettext: Gettext, *, desk: str) -> Any:
    series = panel.draw in {Draw.LINES, Draw.BARS}
    built = (
        _PANELS[panel.draw]()
        .title(gettext(panel.title))
        .datasource(_source())
        .with_target(Sql(QUERIES[panel.query], series=series))
        .span(panel.width)
        .height(panel.height)
    )
    if panel.unit:
        built = built.unit(panel.unit)
    if panel.target is not None:
        built = built.thresholds(_thresholds(panel.target, least=panel.least)).color_scheme(
            dashboard.FieldColor().mode(model.FieldColorModeId.THRESHOLDS)
        )
    for column, title in panel.columns.items():
        properties = [model.DynamicConfigValue("displayName", gettext(title))]
        if panel.draw is Draw.TABLE and (link := _LINKS.get(column)):
            where = {"title": gettext("Open at the desk"), "url": desk + link}
            properties.append(model.DynamicConfigValue("links", [where]))
        built = built.override_by_name(column, properties)
    return built


_LINKS: Final = {
    "device": "/devices/${__value.raw}",
    "ticket_id": "/tickets/${__value.raw}",
}


def _thresholds(target: float, *, least: bool) -> dashboard.ThresholdsConfig:
    good, bad = ("green", "red") if not least else ("red", "green")
    # A number of things is bad from the next one on; whatever else, from its target on.
    at = target + 1 if not least and target == 0 else target
    steps = [model.Threshold(value=None, color=good), model.Threshold(value=at, color=bad)]
    return dashboard.ThresholdsConfig().mode(model.ThresholdsMode.ABSOLUTE).steps(steps)


def rule_query(objective: Objective) -> str:
    """Return what a rule asks: a row for each thing that the objective is about."""
    return f"SELECT label, value FROM dashboard.objective WHERE name = '{objective.name}'"  # noqa: S608 - of our catalogue


def contact_point(addresses: str) -> Document:
    """Return who is told of alarms. ``addresses`` have ; between them."""
    settings = {"addresses": addresses, "singleEmail": False}
    return _plain(
        rules.ContactPoint()
        .uid(CONTACT)
        .name(CONTACT_NAME)
        .type("email")
        .settings(settings)
        .build()
    )


def rule_group(gettext: Gettext, *, runbook: str, told: bool) -> Document:
    """Return all rules as one group.

    ``runbook`` is where its pages are; ``told``: our contact point hears of them, whatever else
    Grafana's own policies say.
    """
    group = rules.RuleGroup(GROUP).folder_uid(FOLDER).interval(EVERY_S)
    for objective in OBJECTIVES:
        rule = _rule(objective, gettext, runbook=runbook)
        if told:
            rule = rule.notification_settings(_telling(urgent=objective.urgent))
        group = group.with_rule(rule)
    return _plain(group.build())


def _telling(*, urgent: bool) -> rules.NotificationSettings:
    """What is urgent is said at once and again each half hour, else once a day."""
    return (
        rules.NotificationSettings()
        .receiver(CONTACT_NAME)
        .group_by(["alertname", "grafana_folder"])
        .group_wait("0s" if urgent else "5m")
        .group_interval("1m" if urgent else "15m")
        .repeat_interval("30m" if urgent else "24h")
    )


def _rule(objective: Objective, gettext: Gettext, *, runbook: str) -> rules.Rule:
    words = WORDS[objective.name]
    evaluator = expr.ExprTypeThresholdConditionsEvaluator().params([objective.target])
    threshold = (
        expr.TypeThreshold()
        .ref_id("B")
        .expression("A")
        .datasource(model.DataSourceRef(type_val="__expr__", uid="__expr__"))
        .conditions(
            [
                expr.ExprTypeThresholdConditions().evaluator(
                    evaluator.type("lt" if objective.least else "gt")
                )
            ]
        )
    )
    # What nobody watches has no value, and that is no alarm; who cannot ask must know, though.
    return (
        rules.Rule(gettext(words.wrong))
        .uid(f"liftwacht-{objective.name.replace('_', '-')}")
        .folder_uid(FOLDER)
        .rule_group(GROUP)
        .condition("B")
        .for_val(_duration(objective.lasts_s))
        .org_id(1)
        .no_data_state("OK")
        .exec_err_state("Alerting")
        .labels({"severity": "urgent" if objective.urgent else "warning"})
        .annotations(
            {
                "summary": gettext(words.wrong) + " {{ $labels.label }}",
                "description": f"{gettext(words.hurt)} {gettext(words.first)}",
                "runbook_url": f"{runbook}/{objective.name}.md",
            }
        )
        .with_query(
            rules.Query("A")
            .datasource_uid(DATABASE)
            .relative_time_range(_last(600))
            .model(Sql(rule_query(objective), series=False))
        )
        .with_query(
            rules.Query("B")
            .datasource_uid("__expr__")
            .relative_time_range(_last(0))
            .model(threshold)
        )
    )


def _last(seconds: int) -> Any:
    return alerting_model.RelativeTimeRange(from_val=seconds, to=0)


def _duration(seconds: int) -> str:
    """Return it as Grafana writes it: else it would say something else than was put there."""
    for unit, size in (("h", 3_600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def all_boards(gettext: Gettext, *, desk: str) -> list[Document]:
    """Return all dashboards."""
    return [board(each, gettext, desk=desk) for each in BOARDS]


def _plain(built: Any) -> Document:
    document: Document = json.loads(json.dumps(built, cls=JSONEncoder))
    return document
