"""The sheets of single aids, orders, tickets and complaints of one municipality. Pure."""

from api.reports import counting, words
from api.reports.model import (
    Cell,
    Column,
    Report,
    Sheet,
    aid_word,
    day_of,
    moment_of,
    outcome_word,
)
from api.reports.words import word


def aids(report: Report) -> Sheet:
    """Return what is out with clients."""
    names = report.snapshot.municipalities
    rows = [
        (
            names.get(aid.municipality, aid.municipality),
            aid.client,
            aid.name,
            word(words.AIDS, aid.kind),
            aid.type_,
            f"{aid.maker} {aid.model}".strip(),
            aid.ordered_on,
            aid.built_on,
            aid.installed_on,
            word(words.SOURCES, aid.source),
            aid.works_first,
            aid.works_later,
        )
        for aid in report.snapshot.rows.aids
    ]
    return Sheet(
        "Uitstaand",
        "Specificatie van uitstaande hulpmiddelen aan het einde van de periode.",
        (
            *(Column("Naam gemeente"), Column("Klantnummer"), Column("Identificatienummer")),
            *(Column("Categorie"), Column("Type (muur- of spilzijde)"), Column("Merk en model")),
            *(Column("Datum opdracht levering", "date"), Column("Fabricagedatum", "date")),
            *(Column("Installatiedatum", "date"), Column("Nieuw of hergebruikt")),
            Column("Service, reparatie en onderhoud, eerste 2 jaar", "number"),
            Column("Service, reparatie en onderhoud, vanaf jaar 2", "number"),
        ),
        rows,
    )


def orders(report: Report) -> Sheet:
    """Return what was commissioned."""
    names = report.snapshot.municipalities
    rows = [
        (
            names.get(each.municipality, each.municipality),
            each.client,
            each.number,
            word(words.ORDERS, each.kind),
            aid_word(counting.category(each.aid_kind, each.type_)),
            each.aid,
            day_of(each.received_at),
            day_of(each.done_at),
            counting.working_days(each.received_at, each.done_at) if each.done_at else None,
            day_of(each.due_at),
            outcome_word(counting.in_time(each)),
            word(words.SOURCES, each.source),
            each.price_cents,
            each.delays,
        )
        for each in report.snapshot.rows.orders
    ]
    return Sheet(
        "Opdrachten",
        "Leveringen, innamen, demontages en aanpassingen met hun termijn.",
        (
            *(Column("Naam gemeente"), Column("Klantnummer"), Column("Opdracht"), Column("Soort")),
            *(Column("Subcategorie"), Column("Identificatienummer")),
            *(Column("Datum opdracht", "date"), Column("Datum gereed", "date")),
            *(Column("Werkdagen", "number"), Column("Uiterlijk", "date"), Column("Termijn")),
            *(Column("Nieuw of hergebruikt"), Column("Bedrag", "money"), Column("Vertraging")),
        ),
        rows,
    )


def works(report: Report) -> Sheet:
    """Return maintenance and faults."""
    names = report.snapshot.municipalities
    rows = [
        (
            names.get(each.municipality, each.municipality),
            each.client,
            each.aid,
            each.number,
            word(words.WORKS, each.kind),
            each.priority,
            each.what,
            moment_of(each.reported_at),
            moment_of(each.on_site_at),
            moment_of(each.repaired_at),
            outcome_word(each.on_site),
            outcome_word(each.repaired),
        )
        for each in report.snapshot.rows.works
    ]
    return Sheet(
        "Onderhoud en storingen",
        "Verricht onderhoud en storingen: frequentie en aard.",
        (
            *(Column("Naam gemeente"), Column("Klantnummer"), Column("Identificatienummer")),
            *(Column("Melding", "number"), Column("Soort"), Column("Prioriteit", "number")),
            *(Column("Aard"), Column("Gemeld", "moment"), Column("Ter plaatse", "moment")),
            *(Column("Hersteld", "moment"), Column("Aanwezigheid"), Column("Herstel")),
        ),
        rows,
    )


def calamities(report: Report) -> Sheet:
    """Return the calamities."""
    rows = [
        (each.client, each.aid, each.number, moment_of(each.reported_at), each.calamity)
        for each in report.snapshot.rows.works
        if each.calamity
    ]
    return Sheet(
        "Calamiteiten",
        "Registratie van de calamiteiten.",
        (
            *(Column("Klantnummer"), Column("Identificatienummer"), Column("Melding", "number")),
            *(Column("Gemeld", "moment"), Column("Omschrijving")),
        ),
        rows,
    )


def complaints(report: Report) -> Sheet:
    """Return the complaints."""
    rows = [
        (
            each.client,
            each.number,
            word(words.NATURES, each.nature),
            day_of(each.received_at),
            day_of(each.taken_up_at),
            day_of(each.handled_at),
            counting.days(each.received_at, each.handled_at) if each.handled_at else None,
            word(words.COMPLAINT_OUTCOMES, each.outcome),
            each.how,
        )
        for each in report.snapshot.rows.complaints
    ]
    return Sheet(
        "Klachten",
        "Aard van de klacht, de afhandeling en de doorlooptijd.",
        (
            *(Column("Klantnummer"), Column("Klacht", "number"), Column("Aard")),
            *(
                Column("Ontvangen", "date"),
                Column("Opgepakt", "date"),
                Column("Afgehandeld", "date"),
            ),
            *(Column("Dagen", "number"), Column("Uitkomst"), Column("Afhandeling")),
        ),
        rows,
    )


def outside_all_in(report: Report) -> Sheet:
    """Return the structural works outside the all-in price."""
    rows = [
        (
            each.client,
            each.number,
            word(words.ORDERS, each.kind),
            day_of(each.done_at),
            each.price_cents,
        )
        for each in report.snapshot.rows.orders
        if not each.all_in
    ]
    return Sheet(
        "Buiten all-in",
        "Bouwkundige aanpassingen die niet onder de all-in eenheidsprijs vallen.",
        (
            *(Column("Klantnummer"), Column("Opdracht"), Column("Soort")),
            *(Column("Datum gereed", "date"), Column("Bedrag", "money")),
        ),
        rows,
    )


def delays(report: Report) -> Sheet:
    """Return the delays."""
    rows: list[tuple[Cell, ...]] = [
        (
            each.client,
            each.number,
            word(words.ORDERS, each.kind),
            day_of(each.due_without_delay_at),
            day_of(each.due_at),
            each.delays,
        )
        for each in report.snapshot.rows.orders
        if each.delays
    ]
    rows += [
        (each.client, str(each.number), word(words.WORKS, each.kind), None, None, each.delays)
        for each in report.snapshot.rows.works
        if each.delays
    ]
    return Sheet(
        "Vertragingen",
        "Vertragingen en hun gevolg voor de termijn; wat niet is onderbouwd, is toerekenbaar.",
        (
            *(Column("Klantnummer"), Column("Opdracht of melding"), Column("Soort")),
            *(Column("Uiterlijk zonder vertraging", "date"), Column("Uiterlijk", "date")),
            Column("Vertraging"),
        ),
        rows,
    )
