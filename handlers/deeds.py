"""The deed of an adhesion: the decision as a file, kept with it and handed out again."""

from __future__ import annotations

from handlers import texts
from handlers.command import Table
from handlers.context import Context
from handlers.desk import Desk, tell_all
from handlers.policy import Role
from handlers.reply import Block, File, Paragraph, Refusal, Reply, reply
from handlers.request import Topic
from handlers.wording import _
from storage import inbox, purchasing
from storage.files import StoredFile
from storage.purchasing import Adhesion, AdhesionRequest, Central

table = Table()


def deed_of(ctx: Context) -> StoredFile | None:
    """The deed that came with this message, if one did: kept as it was."""
    kept = [ctx.session.get_one(StoredFile, id_) for id_ in inbox.files_of(ctx.session, ctx.entry)]
    return next((file for file in kept if file.name.lower().endswith(_DEEDS)), None)


_DEEDS = (".pdf", ".docx", ".doc", ".odt", ".jpg", ".jpeg", ".png", ".tif", ".tiff")


def files_of(desk: Desk, asked: AdhesionRequest | Adhesion) -> list[File]:
    """The deed of an adhesion, if it has one, to be sent."""
    if asked.deed_id is None:
        return []
    kept = desk.session.get_one(StoredFile, asked.deed_id)
    return [File(kept.name, kept.media_type, kept.content)]


def kept(asked: AdhesionRequest) -> list[Block]:
    """That the deed is kept, if one came."""
    if asked.deed_id is None:
        return []
    return [Paragraph(_("La délibération jointe est conservée avec l'adhésion."))]


@table.command(
    "délibération",
    aliases={"en": ["deed"], "nl": ["besluit"], "de": ["beschluss"]},
    who=Role.MEMBER,
    private=True,
    usage=_("délibération CENTRALE, avec le fichier joint"),
    summary=_("joindre la délibération de votre adhésion, ou la ravoir"),
    example="délibération Smart",
    listed=False,
)
def deed(ctx: Context, central: Central) -> Reply:
    """Keep the deed of an adhesion with it, or hand it out again."""
    known = purchasing.adhesion(ctx.session, central, ctx.institution)
    found = known or purchasing.waiting_request(ctx.session, central, ctx.institution)
    if found is None:
        raise Refusal(
            _(
                "{who} n'a pas demandé à adhérer à la centrale **{central}**.",
                who=texts.the_first(ctx.institution),
                central=central.name,
            )
        )
    sent = deed_of(ctx)
    if sent is not None:
        found.deed_id = sent.id
        ctx.audit("central.deed", Topic("central", central.id), institution=ctx.institution.code)
        told = reply(_("La délibération {whose} est jointe.", whose=texts.of_the(ctx.institution)))
        tell_all(ctx, central.managers, told.with_files(*files_of(ctx, found)))
        return reply(_("La délibération jointe est conservée avec l'adhésion."))
    if found.deed_id is None:
        raise Refusal(_("Aucune délibération n'est encore jointe : envoyez-la avec ces mots."))
    return reply(_("Voici la délibération de votre adhésion.")).with_files(*files_of(ctx, found))
