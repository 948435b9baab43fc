"""Low-value purchases: the estimate first, then whom one asked, each with its proof (acceptance
B11; royal decree of 18 April 2017, article 124).
"""

from __future__ import annotations

import re

from config.folding import fold
from handlers.arguments import MaybeWords, Words
from handlers.command import Table
from handlers.context import Context
from handlers.estimates import estimate
from handlers.policy import Role, below_threshold
from handlers.reading.amounts import Amount, FoundAmount, Vat, find_amounts
from handlers.reading.letters import level
from handlers.reply import Block, Bullets, File, Refusal, Reply, reply
from handlers.request import Topic
from handlers.templates import threshold_words
from handlers.wording import Money, Text, _, n_, verbatim
from storage import consultations, inbox
from storage.consultations import USUAL, Asked, Consultation
from storage.files import StoredFile

table = Table()

LONGEST = 120


@table.command(
    "mise en concurrence",
    aliases={
        "fr": ["mises en concurrence"],
        "en": ["suppliers consulted"],
        "nl": ["geraadpleegde leveranciers"],
        "de": ["befragte anbieter"],
    },
    who=Role.MEMBER,
    private=True,
    usage=_("mise en concurrence OBJET, MONTANT [par an, pendant DURÉE]"),
    summary=_("le journal des fournisseurs consultés pour un marché de faible montant"),
    example="mise en concurrence tablettes pour l'école, 8.000 € HTVA",
)
def consultation(ctx: Context, words: MaybeWords) -> Reply:
    """Begin a log, if the estimate is below the threshold; show one by its number; or list all."""
    if not words:
        return _listed(ctx)
    number = re.fullmatch(r"(?:n[°o]\.?\s*)?(\d{1,6})", words.strip(" .,"))
    if number:
        return _shown(ctx, _numbered(ctx, int(number[1])))
    return _begun(ctx, words)


def _begun(ctx: Context, words: str) -> Reply:
    amounts = find_amounts(words)
    budget = estimate(words, amounts)
    if budget is None:
        raise Refusal(
            _(
                "Pour quel montant, sur toute la durée du marché ? Écrivez par exemple"
                " `mise en concurrence {subject}, 8.000 € HTVA`.",
                subject=_subject(words, amounts)[:60] or "tablettes",
            )
        )
    told = threshold_words(ctx, budget)
    threshold = ctx.platform.settings.rules.low_value_threshold_cents
    if not budget.is_whole or not below_threshold(budget.net_cents, threshold):
        raise Refusal(*told)
    subject = _subject(words, amounts)
    if not subject:
        raise Refusal(_("Pour acheter quoi ? Écrivez `mise en concurrence OBJET, 8.000 € HTVA`."))
    opened = consultations.open_one(
        ctx.session, ctx.institution, ctx.member, subject, budget.net_cents, ctx.now
    )
    ctx.audit("consultation.opened", Topic("consultation", opened.id), net=budget.net_cents)
    return reply(
        *told,
        _(
            "La mise en concurrence **n° {number}** est ouverte : {subject}.",
            number=opened.number,
            subject=subject,
        ),
        *_how_to(opened),
        title=_("Mise en concurrence n° {number}", number=opened.number),
    )


def _subject(words: str, amounts: list[FoundAmount]) -> str:
    """What is bought: the words before the amount."""
    before = words[: amounts[0].start] if amounts else words
    return re.sub(r"[\s,;:]+(?:pour|de|à|environ|estim\w+)?[\s,;:]*$", "", before.strip())[:LONGEST]


def _how_to(log: Consultation) -> list[Text]:
    missing = USUAL - len(log.asked)
    if missing <= 0:
        return []
    return [
        n_(
            "Reste {count} fournisseur à consulter sur {usual} : transférez ou joignez son mail"
            " avec, en tête, `consulté {number} FOURNISSEUR, offre 7.500 € HTVA` (ou « sans"
            " réponse »).",
            "Restent {count} fournisseurs à consulter sur {usual} : pour chacun, transférez ou"
            " joignez son mail avec, en tête, `consulté {number} FOURNISSEUR, offre 7.500 € HTVA`"
            " (ou « sans réponse »).",
            missing,
            usual=USUAL,
            number=log.number,
        )
    ]


_ENTRY = re.compile(r"\s*(?:n[°o]\.?\s*)?(?P<number>\d{1,6})[\s,:]+(?P<rest>\S.*)", re.DOTALL)


@table.command(
    "consulté",
    aliases={"en": ["consulted"], "nl": ["geraadpleegd"], "de": ["befragt"]},
    who=Role.MEMBER,
    private=True,
    usage=_("consulté NUMÉRO FOURNISSEUR [, offre MONTANT]"),
    summary=_("noter un fournisseur consulté, avec son mail comme preuve"),
    example="consulté 1 Civadis, offre 7.500 € HTVA",
    listed=False,
)
def asked(ctx: Context, words: Words) -> Reply:
    """Enter a supplier and what came of it; what came with this message is the proof."""
    told = _ENTRY.match(words)
    if told is None:
        raise Refusal(_how_to_enter())
    log = _numbered(ctx, int(told["number"]))
    first = told["rest"].strip().splitlines()[0]
    supplier, _comma, outcome = (part.strip(" .") for part in first.partition(","))
    if not supplier or len(supplier) > LONGEST:
        raise Refusal(_how_to_enter())
    entered = _entered(ctx, log, supplier)
    entered.offer_cents, entered.said = _outcome(outcome)
    proved = bool(ctx.incoming.files or ctx.incoming.quoted.strip())
    if proved:
        entered.entry_id = ctx.entry.id
    ctx.session.flush()
    ctx.session.expire(log, ["asked"])
    ctx.audit("consultation.asked", Topic("consultation", log.id), supplier=entered.id)
    return reply(
        *_told(log),
        *_without_proof(entered),
        *_past_threshold(ctx, entered),
        *_how_to(log),
        title=_("Mise en concurrence n° {number}", number=log.number),
    )


def _how_to_enter() -> Text:
    return _(
        "Écrivez le numéro de la mise en concurrence puis le fournisseur, par exemple"
        " `consulté 1 Civadis, offre 7.500 € HTVA` ; `mise en concurrence` en donne la liste."
    )


def _entered(ctx: Context, log: Consultation, supplier: str) -> Asked:
    """The row of a supplier: entered twice it is still one supplier."""
    known = next((one for one in log.asked if fold(one.supplier) == fold(supplier)), None)
    if known is None:
        known = Asked(consultation_id=log.id, supplier=supplier, entered_at=ctx.now)
        ctx.session.add(known)
    return known


_OFFER = re.compile(r"\b(?:offre|aanbod|offerte|angebot|offer|quote)\b")


def _outcome(words: str) -> tuple[int | None, str]:
    """The offer without VAT, or what else is told. Raises Refusal for an amount in doubt."""
    found = find_amounts(words)
    if not found:
        if re.search(r"\d", words) and _OFFER.search(level(words)):
            raise Refusal(_unclear(words))
        return None, words[:LONGEST]
    [first, *more] = found
    if more or not isinstance(first.reading, Amount) or first.reading.vat is Vat.INCLUDED:
        raise Refusal(_unclear(words))
    return first.reading.cents, ""


def _unclear(words: str) -> Text:
    return _(
        "L'offre s'écrit en un montant hors TVA, par exemple `offre 7.500 € HTVA` ; je lis"
        " « {words} ».",
        words=words[:60],
    )


def _without_proof(entered: Asked) -> list[Text]:
    if entered.entry_id is not None:
        return []
    return [
        _(
            "⚠️ Sans preuve pour **{supplier}** : transférez son mail, ou joignez-le, en écrivant la"
            " même ligne en tête.",
            supplier=entered.supplier,
        )
    ]


def _past_threshold(ctx: Context, entered: Asked) -> list[Text]:
    threshold = ctx.platform.settings.rules.low_value_threshold_cents
    if entered.offer_cents is None or below_threshold(entered.offer_cents, threshold):
        return []
    return [
        _(
            "⚠️ L'offre de **{supplier}** atteint le seuil de {threshold} HTVA : ce ne serait plus"
            " un marché de faible montant.",
            supplier=entered.supplier,
            threshold=Money(threshold),
        )
    ]


# -- looking ------------------------------------------------------------------------------------


def _numbered(ctx: Context, number: int) -> Consultation:
    log = consultations.numbered(ctx.session, ctx.institution, number)
    if log is None:
        raise Refusal(
            _(
                "Je ne trouve pas de mise en concurrence n° {number} : `mise en concurrence` en"
                " donne la liste.",
                number=number,
            )
        )
    return log


def _listed(ctx: Context) -> Reply:
    logs = consultations.of_institution(ctx.session, ctx.institution)
    if not logs:
        return reply(
            _(
                "Aucune mise en concurrence jusqu'ici : écrivez par exemple `mise en concurrence"
                " tablettes pour l'école, 8.000 € HTVA`."
            )
        )
    return reply(
        Bullets(
            tuple(
                n_(
                    "**n° {number}** {subject} ({estimate} HTVA) : {count} fournisseur consulté",
                    "**n° {number}** {subject} ({estimate} HTVA) : {count} fournisseurs consultés",
                    len(log.asked),
                    number=log.number,
                    subject=log.subject,
                    estimate=Money(log.estimate_cents),
                )
                for log in logs
            )
        ),
        title=_("Vos mises en concurrence"),
    )


def _shown(ctx: Context, log: Consultation) -> Reply:
    """One log with every proof, as a file to keep."""
    shown = reply(
        *_told(log),
        *_how_to(log),
        title=_("Mise en concurrence n° {number}", number=log.number),
    )
    return shown.with_files(*(file for one in log.asked for file in _proof(ctx, one)))


def _told(log: Consultation) -> list[Block | Text]:
    lead = _(
        "**n° {number}** {subject} : estimé {estimate} HTVA le {day}.",
        number=log.number,
        subject=log.subject,
        estimate=Money(log.estimate_cents, exact=True),
        day=log.opened_at,
    )
    if not log.asked:
        return [lead]
    return [lead, Bullets(tuple(_line(one) for one in log.asked))]


def _line(one: Asked) -> Text:
    """A supplier, what came of it, and whether that is proved."""
    if one.offer_cents is not None:
        outcome = _("offre {amount} HTVA", amount=Money(one.offer_cents, exact=True))
    else:
        outcome = verbatim(one.said) if one.said else _("consulté")
    proof = _("preuve gardée") if one.entry_id is not None else _("sans preuve")
    return _(
        "**{supplier}**, le {day} : {outcome} ({proof})",
        supplier=one.supplier,
        day=one.entered_at,
        outcome=outcome,
        proof=proof,
    )


def _proof(ctx: Context, one: Asked) -> list[File]:
    """What a supplier wrote: the files that came, and the words that were passed on."""
    if one.entry is None:
        return []
    kept = [ctx.session.get_one(StoredFile, id_) for id_ in inbox.files_of(ctx.session, one.entry)]
    found = [File(file.name, file.media_type, file.content) for file in kept]
    quoted = str(one.entry.record.get("quoted", "")).strip()
    if quoted:
        name = re.sub(r"[^\w.-]+", "-", one.supplier).strip("-") or "fournisseur"
        found.append(File(f"{name}.txt", "text/plain", quoted.encode()))
    return found
