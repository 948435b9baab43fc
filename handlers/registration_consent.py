"""A registration that another house asks for: the person it names is told, and may say no.

The administrators decide as on any other (B47), and see who asked and what that person answered.
"""

from __future__ import annotations

from datetime import timedelta

from config.territory import Authority
from handlers import texts
from handlers.command import Table
from handlers.context import Context
from handlers.reading.institutions import domain_authority
from handlers.reading.mailboxes import is_private
from handlers.reading.people import Person as Named
from handlers.reply import Choice, Choices, Reply, reply
from handlers.request import Topic
from handlers.wording import Text, _
from storage.conversations import Question
from storage.members import Institution, Standing

table = Table()

REGISTRATION = "registration"
CONSENT = "registration-consent"
OPEN_FOR = timedelta(days=30)


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def is_third_party(ctx: Context, authority: Authority, user: Named) -> bool:
    """Whether whoever writes is neither of the user's house nor of an authority of the place.

    A private mailbox belongs to no house: the administrators see whose it is.
    """
    if ctx.incoming.channel != ctx.platform.record_channel:
        # An account elsewhere bears no house's name.
        return False
    own = _domain(ctx.incoming.sender)
    if not own or own == _domain(user.email):
        return False
    house = domain_authority(own, ctx.platform.territory)
    near = house is not None and bool(set(house.communes_nis) & set(authority.communes_nis))
    return not near and not is_private(ctx.incoming.sender)


def ask(ctx: Context, institution: Institution) -> None:
    """Tell the designated user who asks for the registration, and ask whether it is so."""
    whose = texts.of_the(institution)
    words = reply(
        _(
            "**{sender}** demande l'inscription {whose} (réf. **{reference}**) et vous désigne"
            " pour agir en son nom. Un administrateur doit encore l'accepter. Est-ce exact ?",
            sender=ctx.incoming.sender,
            whose=whose,
            reference=institution.reference or "",
        ),
        Choices(
            (
                Choice("✅", _("oui"), _("les administrateurs le savent")),
                Choice("❌", _("non"), _("la demande est annulée")),
            )
        ),
        title=_("Inscription {whose} : est-ce exact ?", whose=whose),
    )
    topic = Topic(REGISTRATION, institution.id)
    ctx.ask_person(institution.persons[0], CONSENT, topic, words, ctx.now + OPEN_FOR)


@table.question(CONSENT, free_text=False, proves_address=True)
def answered(ctx: Context, question: Question, said: bool | None) -> Reply:
    """What the person says whom somebody else named."""
    topic = Topic.parse(question.topic)
    institution = ctx.session.get_one(Institution, topic.id)
    ctx.tell_administrators(reply(_told(ctx, institution, agrees=bool(said))).about(str(topic)))
    if said:
        return reply(_("Merci. Les administrateurs le savent ; vous recevrez leur décision."))
    if institution.state == Standing.PENDING:
        institution.state = Standing.REFUSED
        ctx.audit("registration.disowned", topic)
    return reply(_("Merci. La demande est annulée, et les administrateurs sont prévenus."))


def _told(ctx: Context, institution: Institution, *, agrees: bool) -> Text:
    address, whose = ctx.incoming.sender, texts.of_the(institution)
    reference = institution.reference or ""
    if agrees:
        return _(
            "✅ {address} confirme l'inscription {whose} (réf. **{reference}**).",
            address=address,
            whose=whose,
            reference=reference,
        )
    return _(
        "⚠️ {address} dément l'inscription {whose} (réf. **{reference}**).",
        address=address,
        whose=whose,
        reference=reference,
    )
