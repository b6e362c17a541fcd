"""What is said when an objective is missed: what is wrong, who is hurt, what to do first."""

from typing import Final

from msgspec import Struct


def _(text: str) -> str:
    """Mark for translation; translated where the rule is built."""
    return text


class Words(Struct, frozen=True):
    """For somebody who is woken: in this order."""

    wrong: str
    hurt: str
    first: str


WORDS: Final = {
    "evidence_to_ticket": Words(
        _("Calls for help become a ticket too late"),
        _("Riders who are stuck wait longer before anybody knows."),
        _("See whether the engine is behind: health, part engine. Is the machine overloaded?"),
    ),
    "calls_unacknowledged": Words(
        _("An emergency is taken on by nobody"),
        _("Somebody is stuck now and nobody is on their way."),
        _("Open the desk and take it on yourself. Then see why the rota did not answer."),
    ),
    "shard_lag": Words(
        _("Diagnostics are behind"),
        _("Lifts of these shards are judged late; calls for help go first, all else waits."),
        _("Is an engine running and busy? Start another one: they share the work by themselves."),
    ),
    "quarantine_share": Words(
        _("Many messages cannot be stored"),
        _("What these lifts say is not judged; a call for help may be among it."),
        _("Look at the reasons in quarantine. New firmware, or a lift that is not registered?"),
    ),
    "outbox_age": Words(
        _("Messages of lifts come late"),
        _("What is judged is old; calls still go first, over the same line."),
        _("Is it one area or all? One: the mobile network. All: broker and ingest."),
    ),
    "notification_delay": Words(
        _("Messages about emergencies arrive late"),
        _("Mechanics and lifts hear late that help is needed, or comes."),
        _("Telephone whoever is on call. Then see which channel fails: delivery, newest first."),
    ),
    "certificate_days": Words(
        _("A certificate ends soon"),
        _("On that day these connections are refused: lifts cannot call over the network."),
        _("Issue it anew now, as its page says; nothing has to stop for it."),
    ),
    "disk_free": Words(
        _("A disk is nearly full"),
        _("A full disk stops the database: nothing is judged, lifts fall back to the telephone."),
        _("Make room or enlarge it now; its page says what may go."),
    ),
    "accounts": Words(
        _("Something came in and is not to be found"),
        _("A message, a call or a warning may be lost: somebody may wait for help in vain."),
        _("See which stage. Calls: telephone these clients now. Then keep the logs, and look."),
    ),
    "silence": Words(
        _("A part of the platform is not heard of"),
        _("Depends on the part: its page says so. Ingest and engine: nobody hears the lifts."),
        _("Start the process again; each goes on where it was."),
    ),
}
