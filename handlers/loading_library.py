"""Loading templates, missions and rules with their files; the same again changes nothing."""

from __future__ import annotations

import mimetypes
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy.orm import Session

from config.library import Attached, Document, Faq, Library, Mission, News, Regulation, Template
from storage import dossiers, files, library, purchasing, reminders
from storage.dossiers import Document as Published
from storage.library import RULES_CHANGED, Enclosure, Publication, Shelf

Told = Template | Mission | Regulation | News | Faq


def load_library(session: Session, whole: Library, now: datetime) -> int:
    """Make the database hold this library; gives how many things it publishes.

    A file whose bytes changed is served in its new form from now on (acceptance A14, B15); what
    was sent before stays as it was.
    """
    shelves: list[tuple[Shelf, tuple[Told, ...]]] = [
        (Shelf.TEMPLATE, whole.templates),
        (Shelf.MISSION, whole.missions),
        (Shelf.REGULATION, whole.regulations),
        (Shelf.NEWS, whole.news),
        (Shelf.FAQ, whole.faq),
    ]
    for shelf, entries in shelves:
        for told in entries:
            publication = _publication(session, shelf, told, now)
            _enclose(session, publication, whole.folder, told.files, now)
    for document in whole.documents:
        _document(session, document, whole.folder, now)
    session.flush()
    return sum(len(entries) for _shelf, entries in shelves) + len(whole.documents)


def _document(session: Session, told: Document, folder: Path, now: datetime) -> None:
    """A document of a central, as a new version if anything of it changed (acceptance A14)."""
    central = purchasing.central_by_slug(session, told.central)
    assert central is not None  # noqa: S101 - the reader of the content made sure of it
    solution = next((one for one in central.solutions if one.slug == told.solution), None)
    name, content = told.files[0].name, (folder / told.file).read_bytes()
    served = next(iter(dossiers.versions(session, central, solution, told.name)), None)
    if served is not None and _is_the_same(served, told, content):
        return
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    dossiers.publish(
        session,
        Published(
            central=central,
            solution=solution,
            name=told.name,
            version=told.version,
            dated=told.dated,
            members_only=told.members_only,
            published_at=now,
            file=files.keep(session, name, media_type, content, now),
        ),
    )


def _is_the_same(served: Published, told: Document, content: bytes) -> bool:
    facts = (served.version, served.dated, served.members_only, served.file.sha256)
    return facts == (told.version, told.dated, told.members_only, sha256(content).hexdigest())


def _note_change(session: Session, known: Publication, told: Regulation, now: datetime) -> None:
    """New rules are announced to the members once, whatever of them changed (acceptance B33)."""
    if (known.version, known.dated, known.text) != (told.version, told.dated, told.text):
        reminders.plan_once(session, RULES_CHANGED, f"regulation:{known.id}", now)


def _publication(session: Session, shelf: Shelf, told: Told, now: datetime) -> Publication:
    known = library.by_slug(session, shelf, told.slug)
    if known is not None and isinstance(told, Regulation):
        _note_change(session, known, told, now)
    publication = known or Publication(shelf=shelf, slug=told.slug, enclosures=[])
    publication.name = told.name
    if isinstance(told, Template):
        publication.low_value, publication.legal_basis = told.low_value, told.legal_basis
    if isinstance(told, Mission):
        publication.contact_name, publication.contact_function = (
            told.contact_name,
            told.contact_function,
        )
        publication.contact_address = told.contact_mail
    if isinstance(told, Template | Mission):
        publication.summary, publication.aliases = told.summary, list(told.aliases)
    if isinstance(told, Faq):
        publication.aliases = list(told.aliases)
    if isinstance(told, News):
        publication.related = list(told.earlier)
    else:
        publication.related = []
    if not isinstance(told, Mission | Faq):
        publication.dated = told.dated
    if isinstance(told, Template | Regulation):
        publication.version = told.version
    if not isinstance(told, Template):
        publication.text = told.text
    session.add(publication)
    session.flush()
    return publication


def _enclose(
    session: Session,
    publication: Publication,
    folder: Path,
    wanted: tuple[Attached, ...],
    now: datetime,
) -> None:
    read = [(one.name, (folder / one.file).read_bytes()) for one in wanted]
    there = [(one.file.name, one.file.sha256) for one in publication.enclosures]
    if [(name, sha256(content).hexdigest()) for name, content in read] == there:
        return
    publication.enclosures.clear()
    session.flush()
    for position, (name, content) in enumerate(read):
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        kept = files.keep(session, name, media_type, content, now)
        publication.enclosures.append(
            Enclosure(publication_id=publication.id, position=position, file_id=kept.id)
        )
