"""A panel in the terminal: the aids that run, and keys to break, repair and hurry them.

Needs the extra ``workbench``.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from textual import work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import ModalScreen
from textual.widgets import DataTable, Footer, Header, OptionList, Static
from textual.widgets.option_list import Option

from simulator.workbench.client import ControlClient, ControlError

REFRESH_S = 1.0
SPEEDS = (1.0, 10.0, 100.0, 1_000.0)
COLUMNS = ("device", "kind", "link", "call", "seat", "speed", "place", "battery", "what is wrong")
_SEATS = ("?", "empty", "occupied")


class Choose(ModalScreen[str | None]):
    """A list to choose one from; Escape: none."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Leave")]
    CSS = """
    Choose { align: center middle; }
    Choose OptionList { width: 90%; max-width: 100; height: 80%; border: round $accent; }
    """

    def __init__(self, title: str, options: list[tuple[str, str]]) -> None:
        super().__init__()
        self._title = title
        self._options = options

    def compose(self) -> ComposeResult:
        """Show the names with what they mean."""
        chosen = OptionList(
            *(Option(f"{name}  {doc}" if doc else name, id=name) for name, doc in self._options)
        )
        chosen.border_title = self._title
        yield chosen

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Return what was chosen."""
        self.dismiss(event.option.id)

    def action_leave(self) -> None:
        """Choose nothing."""
        self.dismiss(None)


class Panel(App[None]):
    """The panel for the controls at ``url``. Raises ValueError: no such address."""

    TITLE = "Liftwacht workbench"
    CSS = "#detail { width: 40%; padding: 0 1; } DataTable { width: 60%; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "choose('failures')", "Fail"),
        Binding("r", "undo('failures')", "Repair"),
        Binding("m", "choose('misuse')", "Misuse"),
        Binding("b", "undo('misuse')", "Behave"),
        Binding("d", "choose('do')", "Do"),
        Binding("l", "choose('line')", "Line"),
        Binding("o", "choose('modem')", "Modem"),
        Binding("c", "choose('clock')", "Clock"),
        Binding("p", "choose('mains')", "Power"),
        Binding("plus,equals_sign", "faster(1)", "Faster", key_display="+"),
        Binding("minus", "faster(-1)", "Slower", key_display="-"),
        Binding("q", "quit", "Quit"),
    ]

    def __init__(self, url: str) -> None:
        super().__init__()
        self._client = ControlClient(url)
        self._names: dict[str, Any] = {}
        self._aids: dict[str, dict[str, Any]] = {}
        self._speed = 1.0

    def compose(self) -> ComposeResult:
        """Lay out the list, the aid under the cursor, and the keys."""
        yield Header()
        with Horizontal():
            yield DataTable(cursor_type="row", id="aids")
            yield Static(id="detail", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        """Begin to look."""
        self.query_one(DataTable).add_columns(*((name, name) for name in COLUMNS))
        self.look()
        self.set_interval(REFRESH_S, self.look)

    @work(thread=True, exclusive=True, group="look")
    def look(self) -> None:
        """Ask how things stand."""
        try:
            names = self._names or self._client.names()
            aids, speed = self._client.aids(), self._client.speed()
        except ControlError as error:
            self.call_from_thread(self._tell, str(error))
            return
        self.call_from_thread(self._show, names, aids, speed)

    @work(thread=True, group="act")
    def act(self, call: Callable[[], Any]) -> None:
        """Do something, and look again."""
        try:
            call()
        except ControlError as error:
            self.call_from_thread(self.notify, str(error), severity="warning")
        self.call_from_thread(self.look)

    def action_choose(self, what: str) -> None:
        """Choose what is to happen to the aid under the cursor."""
        aid = self._current()
        words = self._names.get(what)
        if aid is None or not words:
            return
        if isinstance(words, dict):
            options = [(n, one["doc"]) for n, one in words.items() if aid["kind"] in one["kinds"]]
        else:
            options = [(name, "") for name in words]
        self._choose(aid["device"], what, options, undo=False)

    def action_undo(self, what: str) -> None:
        """Choose what is to end."""
        if (aid := self._current()) is not None and aid[what]:
            self._choose(aid["device"], what, [(name, "") for name in aid[what]], undo=True)

    def action_faster(self, by: int) -> None:
        """Set the pace."""
        place = min(range(len(SPEEDS)), key=lambda one: abs(SPEEDS[one] - self._speed))
        factor = SPEEDS[max(0, min(place + by, len(SPEEDS) - 1))]
        self.act(lambda: self._client.set_speed(factor))

    def on_data_table_row_highlighted(self) -> None:
        """Show the aid under the cursor."""
        self._show_detail()

    def _choose(
        self, device: str, what: str, options: list[tuple[str, str]], *, undo: bool
    ) -> None:
        def chosen(name: str | None) -> None:
            if name is not None:
                self.act(lambda: self._client.change(device, what, name, undo=undo))

        self.push_screen(Choose(f"{device}: {what}", options), chosen)

    def _show(self, names: dict[str, Any], aids: list[dict[str, Any]], speed: float) -> None:
        self._names, self._speed = names, speed
        self.sub_title = f"{len(aids)} aids, {speed:g} times as fast as life"
        self._aids = {aid["device"]: aid for aid in aids}
        table = self.query_one(DataTable)
        for gone in {row.value for row in table.rows} - self._aids.keys():
            table.remove_row(str(gone))
        for device, aid in self._aids.items():
            cells = cells_of(aid)
            if device not in table.rows:
                table.add_row(*cells, key=device)
                continue
            for column, cell in zip(COLUMNS, cells, strict=True):
                table.update_cell(device, column, cell)
        self._show_detail()

    def _show_detail(self) -> None:
        aid = self._current()
        lines = [] if aid is None else detail_of(aid)
        self.query_one("#detail", Static).update("\n".join(lines))

    def _tell(self, text: str) -> None:
        self.sub_title = text

    def _current(self) -> dict[str, Any] | None:
        table = self.query_one(DataTable)
        if not table.row_count:
            return None
        row = table.coordinate_to_cell_key(table.cursor_coordinate).row_key
        return self._aids.get(str(row.value))


def cells_of(aid: dict[str, Any]) -> tuple[str, ...]:
    """Return one row of the list."""
    reading = aid["reading"] or {}
    connected = {None: "", True: "yes", False: "NO"}[aid["connected"]]
    faults = [fault["code"] for fault in reading.get("faults", [])]
    wrong = [*faults, *aid["failures"], *aid["misuse"]]
    silent = [] if aid["reading"] else ["bus silent"]
    return (
        aid["device"],
        aid["kind"],
        connected,
        aid["call"] or "",
        _SEATS[reading.get("seat", 0)],
        _number(reading.get("speed_mm_s"), "mm/s"),
        _number(reading.get("position_mm"), "mm"),
        _number(reading.get("battery_mv"), "mV"),
        ", ".join(dict.fromkeys([*silent, *wrong])),
    )


def detail_of(aid: dict[str, Any]) -> list[str]:
    """Return all that is known of one aid, a line each."""
    flat = {key: value for key, value in aid.items() if key != "reading"} | (aid["reading"] or {})
    return [f"{key}: {value}" for key, value in flat.items() if value not in (None, [], "")]


def _number(value: int | None, unit: str) -> str:
    return "" if value is None else f"{value} {unit}"
