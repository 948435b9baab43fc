"""Templates of documents: listed and handed out to members, the low-value ones only below the
threshold (acceptance B10 to B12, B40).

Naming one gives its file (B10). Whoever tells an estimate has it compared first, over the whole
duration, and gets no low-value template at the threshold or above (B11). Whoever tells none gets
the file with the rule and one question, the estimate; its answer is compared just so. So nobody
waits for a file that every member may have, and nobody uses it without having been asked.
"""

from __future__ import annotations

from collections.abc import Sequence

from config.folding import fold
from handlers import publications
from handlers.arguments import MaybeWords, Words
from handlers.command import Table
from handlers.context import Context
from handlers.enquiries import to_a_person
from handlers.estimates import Estimate, estimate
from handlers.intents import Intent, Understanding
from handlers.policy import Role, below_threshold
from handlers.reading.amounts import Amount, FoundAmount, Vat, find_amounts
from handlers.reply import Ambiguous, Block, Bullets, Heading, Paragraph, Refusal, Reply, reply
from handlers.request import Topic
from handlers.wording import Money, Text, _, verbatim
from storage import library
from storage.library import Publication, Shelf

table = Table()

BUDGET = "budget"
"""The topic of what is said below a low-value template: its publication."""


@table.command(
    "modèles",
    aliases={"en": ["templates"], "nl": ["modellen"], "de": ["vorlagen"]},
    who=Role.MEMBER,
    usage=_("modèles [MOTS]"),
    summary=_("les modèles de documents : marchés de faible montant, conventions"),
    paged=True,
)
def templates(ctx: Context, words: MaybeWords) -> Reply:
    """Every template, or those that words mean."""
    known = library.on(ctx.session, Shelf.TEMPLATE)
    shown = publications.search(known, words) if words else known
    if not shown:
        raise _nothing(words) if words else Refusal(_("Aucun modèle n'est encore publié."))
    return reply(
        Bullets(tuple(_line(one) for one in shown)),
        _("Pour en recevoir un : `modèle NOM`, par exemple `modèle {slug}`.", slug=shown[0].slug),
        title=_("Les modèles de documents"),
    )


@table.command(
    "modèle",
    aliases={"en": ["template"], "nl": ["model"], "de": ["vorlage"]},
    who=Role.MEMBER,
    usage=_("modèle NOM [MONTANT]"),
    summary=_("recevoir un modèle ; avec un montant, le seuil est vérifié"),
    example="modèle services 12.500 € HTVA",
)
def template(ctx: Context, words: Words) -> Reply:
    """The file of one template; a low-value one not above the threshold."""
    amounts = find_amounts(words)
    named = words[: amounts[0].start] if amounts else words
    known = library.on(ctx.session, Shelf.TEMPLATE)
    found = publications.search(known, named)
    if not found:
        raise _nothing(named)
    if len(found) > 1:
        raise Ambiguous(
            _("« {words} » peut désigner plusieurs modèles ; lequel ?", words=named.strip()[:60]),
            words,
            [(f"{one.slug} {words[len(named) :]}".strip(), verbatim(one.name)) for one in found],
        )
    return _handed_out(ctx, found, words, amounts)


def _nothing(words: str) -> Refusal:
    return Refusal(
        _("Je ne trouve pas de modèle « {words} » : écrivez `modèles`.", words=words.strip()[:60])
    )


def _line(one: Publication) -> Text:
    return _(
        "**{name}** (`modèle {slug}`) : {summary}",
        name=one.name,
        slug=one.slug,
        summary=one.summary,
    )


@table.intent(Intent.TEMPLATE_REQUEST, who=Role.MEMBER)
def template_asked(ctx: Context, understood: Understanding) -> Reply:
    """The templates that a letter names; if none, all are listed and a person is told."""
    told = f"{ctx.letter.subject}\n\n{ctx.letter.text}"
    known = library.on(ctx.session, Shelf.TEMPLATE)
    # Who asks for a low-value template and does not say which, chooses among all of them.
    found = publications.named_in(known, told) or [
        one for one in known if one.low_value and "faible montant" in fold(told)
    ]
    if found:
        return _handed_out(ctx, found, told, find_amounts(told))
    topic = to_a_person(
        ctx,
        _(
            "📄 **{name}** ({institution}) demande un modèle :",
            name=ctx.member.name,
            institution=ctx.institution.name,
        ),
    )
    blocks: list[Block | Text] = [
        *threshold_words(ctx, estimate(told, understood.amounts)),
        _("Je ne reconnais pas le modèle demandé : votre message est transmis à une personne."),
    ]
    if known:
        blocks += [Heading(_("Les modèles")), Bullets(tuple(_line(one) for one in known))]
    return reply(*blocks, title=_("Votre demande de modèle")).about(str(topic))


def _handed_out(
    ctx: Context, found: Sequence[Publication], told: str, amounts: Sequence[FoundAmount]
) -> Reply:
    """The files, with the law that each rests on; none that the budget forbids."""
    budget = estimate(told, amounts)
    allowed = [one for one in found if not one.low_value or _may_have(ctx, budget)]
    blocks: list[Block | Text] = []
    if any(one.low_value for one in found):
        blocks += threshold_words(ctx, budget) or _reminder(ctx)
    blocks += [_basis(one) for one in allowed]
    if any(one.low_value for one in allowed):
        blocks.append(
            _(
                "Pour garder la preuve des fournisseurs consultés : `mise en concurrence OBJET,"
                " MONTANT`."
            )
        )
    if len(allowed) < len(found):
        blocks.append(
            _("Pour un autre montant, ou en cas de doute, écrivez-le en répondant à ce message.")
        )
    ctx.observe(template=[one.name for one in allowed])
    said = reply(*blocks, title=_("Votre demande de modèle"))
    limited = next((one for one in found if one.low_value), None)
    if limited is not None:
        said = said.about(str(Topic(BUDGET, limited.id)))
    return said.with_files(*publications.files(allowed))


@table.command(
    "estimer",
    aliases={
        "fr": ["estimation", "seuil faible montant"],
        "en": ["estimate"],
        "nl": ["ramen", "raming"],
        "de": ["schätzen"],
    },
    usage=_("estimer MONTANT [par an] [pendant DURÉE]"),
    summary=_("comparer un montant au seuil des marchés de faible montant"),
    example="estimer 7.000 € HTVA par an pendant 4 ans",
    listed=False,
)
def compare_budget(ctx: Context, words: Words) -> Reply:
    """What a contract is worth over its whole duration, beside the threshold (acceptance B11)."""
    budget = estimate(words, find_amounts(words))
    if budget is None:
        raise Refusal(
            _(
                "Quel montant, et pour combien de temps ? Par exemple `estimer 7.000 € HTVA par an"
                " pendant 4 ans`."
            )
        )
    return reply(*threshold_words(ctx, budget), title=_("Le seuil des marchés de faible montant"))


def _tells_budget(ctx: Context) -> bool:
    """Whether an answer tells an amount; other words are no answer about the budget."""
    return any(isinstance(one.reading, Amount) for one in find_amounts(ctx.incoming.text))


@table.topic(BUDGET, who=Role.MEMBER, takes=_tells_budget)
def budget_told(ctx: Context, topic: Topic) -> Reply:
    """The estimate, told after a template was handed out or held back: compared, and handed out if
    it is below.
    """
    asked = ctx.session.get_one(Publication, topic.id)
    words = ctx.incoming.text
    return _handed_out(ctx, [asked], words, find_amounts(words))


def _basis(one: Publication) -> Paragraph:
    edition = publications.edition(one)
    named = (
        _("📄 **{name}**, {edition}.", name=one.name, edition=edition)
        if edition
        else _("📄 **{name}**.", name=one.name)
    )
    if not one.legal_basis:
        return Paragraph(named)
    return Paragraph(_("{named} Base légale : {law}.", named=named, law=verbatim(one.legal_basis)))


def _reminder(ctx: Context) -> list[Paragraph]:
    threshold = Money(ctx.platform.settings.rules.low_value_threshold_cents)
    return [
        Paragraph(
            _(
                "À utiliser seulement sous **{threshold} HTVA** pour toute la durée du marché,"
                " options et reconductions comprises.",
                threshold=threshold,
            )
        ),
        Paragraph(
            _(
                "À combien l'estimez-vous ? Répondez à ce message par le montant, par exemple"
                " « 7.000 € HTVA par an pendant 4 ans » : je le compare au seuil."
            )
        ),
    ]


def _may_have(ctx: Context, budget: Estimate | None) -> bool:
    """Whether a low-value template may go out: not above the threshold, nor for an unknown time."""
    if budget is None:
        return True
    threshold = ctx.platform.settings.rules.low_value_threshold_cents
    return budget.is_whole and below_threshold(budget.net_cents, threshold)


def threshold_words(ctx: Context, budget: Estimate | None) -> list[Paragraph]:
    """The comparison of a budget with the low-value threshold, and how it was computed."""
    if budget is None:
        return []
    threshold = ctx.platform.settings.rules.low_value_threshold_cents
    ctx.observe(
        computed={
            "estimate_excl_vat_cents": budget.net_cents,
            "threshold_excl_vat_cents": threshold,
        }
    )
    amounts = {"amount": Money(budget.net_cents, exact=True), "threshold": Money(threshold)}
    computed = _computation(budget)
    if not budget.is_whole and below_threshold(budget.net_cents, threshold):
        return [
            *computed,
            Paragraph(
                _(
                    "Pour combien de temps ? Le seuil de **{threshold} HTVA** vaut pour toute la"
                    " durée du marché : récrivez votre demande avec la durée, par exemple « pendant"
                    " 2 ans ».",
                    threshold=Money(threshold),
                )
            ),
        ]
    if below_threshold(budget.net_cents, threshold):
        return [
            *computed,
            Paragraph(
                _(
                    "**{amount} HTVA** : c'est sous le seuil des marchés de faible montant"
                    " ({threshold} HTVA), qui vaut pour toute la durée du marché.",
                    **amounts,
                )
            ),
        ]
    return [
        *computed,
        Paragraph(
            _(
                "⚠️ **{amount} HTVA** : le seuil des marchés de faible montant ({threshold} HTVA,"
                " pour toute la durée du marché) est atteint ; le modèle « faible montant » ne"
                " convient pas et n'est pas joint.",
                **amounts,
            )
        ),
    ]


def _computation(budget: Estimate) -> list[Paragraph]:
    """How an amount as written became the one compared, where it is not the same."""
    steps: list[Paragraph] = []
    given = budget.given
    if given.vat is Vat.INCLUDED:
        steps.append(
            Paragraph(
                _(
                    "{gross} TVAC, soit {net} HTVA (TVA {rate} %).",
                    gross=Money(given.cents, exact=True),
                    net=Money(_once(budget), exact=True),
                    rate=str(budget.rate // 100),
                )
            )
        )
    if given.vat is None:
        steps.append(Paragraph(_("Le montant est compris hors TVA.")))
    if budget.months:
        steps.append(
            Paragraph(
                _(
                    "{once} × {count} = {whole} HTVA pour {months} mois.",
                    once=Money(_once(budget), exact=True),
                    count=str(budget.net_cents // _once(budget)),
                    whole=Money(budget.net_cents, exact=True),
                    months=str(budget.months),
                )
            )
        )
    return steps


def _once(budget: Estimate) -> int:
    periods = -(-budget.months // budget.each) if budget.months and budget.each else 1
    return budget.net_cents // periods
