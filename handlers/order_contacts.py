"""Forgetting whom an order names as its contact: the order stays whole for the auditors without.

Who ordered, as an official, stays: the register has to say it. The contact goes from the order,
from its form, which is made anew, and from what was sent about it; the form that the buyer attached
bears it, too, and goes altogether.
"""

from __future__ import annotations

import json

from handlers import documents, order_acts, registers, texts
from handlers.arguments import MaybeWords
from handlers.command import Table
from handlers.context import Context
from handlers.reply import Refusal, Reply, reply
from handlers.request import Topic
from handlers.wording import _
from storage import conversations, outbox
from storage.conversations import Question
from storage.orders import Order

table = Table()


@table.command(
    "effacer contact",
    aliases={
        "fr": ["effacer le contact"],
        "en": ["erase contact"],
        "nl": ["contact wissen"],
        "de": ["kontakt löschen"],
    },
    usage=_("effacer contact RÉFÉRENCE"),
    summary=_("effacer la personne de contact que porte une commande"),
    example="effacer contact SMART-2026-0001",
    listed=False,
)
def erase(ctx: Context, reference: Order, words: MaybeWords) -> Reply:
    """Forget the contact of an order; for its buyer, and for who manages its central."""
    del words
    registers.only_concerned(ctx, reference)
    if not reference.contact:
        raise Refusal(
            _(
                "La commande {reference} ne porte pas de personne de contact.",
                reference=reference.reference,
            )
        )
    question = ctx.ask(ERASE, order_acts.topic_of(reference))
    return reply(
        _(
            "Effacer la personne de contact de la commande **{reference}** ? Son bon est refait"
            " sans elle, et ce qui la nomme dans les messages gardés ici est effacé. Cela ne se"
            " reprend pas.",
            reference=reference.reference,
        ),
        texts.confirm_or_cancel(_("la personne de contact est effacée"), _("rien ne change")),
        title=_("Effacer la personne de contact ?"),
    ).about(f"question:{question.id}")


ERASE = "erase-contact"
"""The question whether a contact shall be forgotten: it cannot be undone."""


@table.question(ERASE)
def erased(ctx: Context, question: Question, said: bool | None) -> Reply:
    """Forget the contact of an order, or leave it."""
    reference = ctx.session.get_one(Order, Topic.parse(question.topic).id, with_for_update=True)
    contact = reference.contact
    if not said or not contact:
        return reply(_("Rien n'a changé."))
    reference.contact = ""
    make_form_anew(ctx, reference)
    _forget_file(ctx, reference.paper_id)
    reference.paper_id = None
    _forget_words(ctx, reference, contact)
    topic = order_acts.topic_of(reference)
    ctx.audit("order.contact_erased", topic, reference=reference.reference)
    return reply(
        _(
            "La personne de contact de la commande **{reference}** est effacée : de la commande, de"
            " son bon, qui est refait sans elle, et des messages gardés ici. Le bon que l'acheteur"
            " avait joint est effacé aussi.",
            reference=reference.reference,
        )
    )


def make_form_anew(ctx: Context, order: Order) -> None:
    """Make the form of an order again, as its facts are now, and forget the former one."""
    former = order.form_id
    order.form_id = ctx.keep(documents.order_form(ctx, order)).id
    _forget_file(ctx, former)


def _forget_file(ctx: Context, file_id: int | None) -> None:
    """Forget a file as soon as nothing on its way carries it."""
    if file_id is not None:
        ctx.remind("forget-file", Topic("file", file_id), ctx.now)


def _forget_words(ctx: Context, order: Order, contact: str) -> None:
    """Forget what was said about an order, and to have it confirmed, where it names the contact."""
    topic = str(order_acts.topic_of(order))
    asked = conversations.about(ctx.session, topic)
    topics = [topic, *(f"question:{question.id}" for question in asked)]
    for row in (row for one in topics for row in outbox.about(ctx.session, one)):
        told = json.dumps(row.payload, ensure_ascii=False)
        if contact in told and row.state not in outbox.WAITING:
            outbox.erase(row)
