"""The draft convention of an agreement: the same facts as a document to edit and as a tagged PDF.

The document is the platform's own template, filled in; whoever writes that template gets the facts
and nothing of the program (docs/adr/0024).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from importlib.resources import files as resources
from io import BytesIO

import typst

from handlers.announcement_words import period
from handlers.desk import Desk
from handlers.documents import PDF
from handlers.reading.audience import without_addressee
from handlers.reading.contacts import belgian
from handlers.reply import File
from handlers.wording import Text, _, plain, speak_value
from storage import library
from storage.agreements import Agreement
from storage.library import Publication, Shelf
from storage.members import Person

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CATEGORIES = ("staff", "equipment")


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a convention; what is not known is empty."""

    role: str
    institution: str
    name: str
    function: str
    mail: str
    phone: str


@dataclass(frozen=True, slots=True)
class Convention:
    """Everything that a convention says, in words of one language: the names that a template may
    use, listed in docs/operating.md.
    """

    language: str
    platform: str
    title: str
    draft: str
    reference: str
    agreed_on: str
    lender: Party
    borrower: Party
    subject: str
    words: str
    number: str
    period: str
    working_time: str
    conditions: str
    legal_basis: str
    help: str
    obligations: list[str]
    place_and_date: str
    headings: dict[str, str]


def convention(desk: Desk, agreement: Agreement) -> tuple[File, File]:
    """The draft as DOCX and as PDF, in the platform's language, which both sides share.

    Raises what the template's engine raises if an own template cannot be filled in.
    """
    told = facts(desk, agreement)
    name = f"convention-{agreement.announcement.reference}-{agreement.id}"
    return (
        File(f"{name}.docx", DOCX, as_docx(desk, told)),
        File(f"{name}.pdf", PDF, as_pdf(told, agreement)),
    )


def as_docx(desk: Desk, told: Convention) -> bytes:
    """The template filled in. It can read the facts and do nothing else: no attribute of Python
    is reached from it, and what members wrote is text, never part of the template.
    """
    # Word processing is slow to import and rarely needed: not before somebody agrees.
    from docxtpl.template import DocxTemplate  # noqa: PLC0415
    from jinja2 import StrictUndefined  # noqa: PLC0415
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

    own = desk.platform.settings.lending.convention
    source = own.read_bytes() if own else _supplied("convention.docx")
    document = DocxTemplate(BytesIO(source))
    engine = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    document.render(asdict(told), jinja_env=engine, autoescape=True)
    filled = BytesIO()
    document.save(filled)
    return filled.getvalue()


def as_pdf(told: Convention, agreement: Agreement) -> bytes:
    """The same facts as a tagged PDF; the same agreement always gives the same bytes."""
    content: bytes = typst.compile(
        _supplied("convention.typ"),
        sys_inputs={"data": json.dumps(asdict(told), ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=int(agreement.agreed_at.timestamp()),
        ignore_system_fonts=True,
    )
    return content


def _supplied(name: str) -> bytes:
    return resources("handlers").joinpath("templates", name).read_bytes()


def facts(desk: Desk, agreement: Agreement) -> Convention:
    """What an agreement says, in the platform's language."""
    language = desk.platform.language
    staff = agreement.announcement.category == "staff"

    def say(text: Text) -> str:
        return plain(text, language)

    published = published_for(desk, agreement.announcement.category)
    return Convention(
        language=language,
        platform=desk.platform.settings.platform.name,
        title=say(_title(agreement.announcement.category)),
        draft=say(_("Projet, à relire, à compléter et à signer par les deux parties")),
        reference=agreement.announcement.reference,
        agreed_on=speak_value(agreement.agreed_at.astimezone(desk.platform.zone).date(), language),
        lender=_party(desk, agreement.lender, say(_("Le prêteur"))),
        borrower=_party(desk, agreement.borrower, say(_("L'emprunteur"))),
        subject=say(_("Personnel")) if staff else say(_("Matériel")),
        words=without_addressee(agreement.announcement.words),
        number=str(agreement.number),
        period=say(period(agreement.starts_on, agreement.ends_on)),
        working_time=(agreement.working_time or say(_("à compléter"))) if staff else "",
        conditions=agreement.conditions or say(_("à compléter")),
        legal_basis=published.legal_basis if published else "",
        help=say(_("L'aide est donnée dans la mesure du possible.")),
        obligations=[say(text) for text in _OBLIGATIONS["staff" if staff else "equipment"]],
        place_and_date=say(_("Fait à ……………………………, le ……………………………, en deux exemplaires.")),
        headings={key: say(text) for key, text in _HEADINGS.items()},
    )


def published_for(desk: Desk, category: str) -> Publication | None:
    """The published template for a category: its legal basis is the administrators' own text
    (acceptance B40).
    """
    lending = desk.platform.settings.lending
    slugs = dict(zip(CATEGORIES, (lending.staff_template, lending.equipment_template), strict=True))
    slug = slugs.get(category)
    return library.by_slug(desk.session, Shelf.TEMPLATE, slug) if slug else None


def _title(category: str) -> Text:
    titles = {
        "staff": _("Convention de mise à disposition de personnel"),
        "equipment": _("Convention de prêt de matériel"),
    }
    return titles.get(category) or _("Convention d'entraide")


def _party(desk: Desk, person: Person, role: str) -> Party:
    return Party(
        role=role,
        institution=person.institution.name,
        name=person.name,
        function=person.function,
        mail=mail_of(desk, person),
        phone=belgian(person.phone) if person.phone else "",
    )


def mail_of(desk: Desk, person: Person) -> str:
    """The address at which the platform has somebody on record; empty if there is none."""
    channel = desk.platform.record_channel
    return next((a.address for a in person.addresses if a.channel == channel), "")


_HEADINGS: dict[str, Text] = {
    "parties": _("Les parties"),
    "subject": _("L'objet"),
    "period": _("La période"),
    "conditions": _("Les conditions"),
    "obligations": _("Les engagements"),
    "number": _("Nombre"),
    "working_time": _("Temps de travail"),
    "legal_basis": _("Base légale"),
    "lender_signs": _("Pour le prêteur"),
    "borrower_signs": _("Pour l'emprunteur"),
    "to_sign": _("nom, fonction, signature"),
    "announcement": _("Annonce"),
}
_OBLIGATIONS: dict[str, tuple[Text, ...]] = {
    "staff": (
        _("La personne reste sous le lien statutaire ou contractuel du prêteur, qui la rémunère."),
        _("L'emprunteur l'accueille, organise son travail et l'assure sur le lieu de travail."),
        _("Chaque partie peut y mettre fin par écrit, si possible une semaine à l'avance."),
    ),
    "equipment": (
        _("L'emprunteur assure le matériel et ne l'utilise que selon sa destination."),
        _("Il le rend à la date convenue, propre et dans l'état où il l'a reçu."),
        _("Les deux parties constatent ensemble l'état au départ et au retour."),
    ),
}
