"""Caps of a central: seen by its members, set by who manages it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers import cap_words, catalogue
from handlers.arguments import MaybeWords, Words
from handlers.command import Table
from handlers.context import Context
from handlers.policy import Role
from handlers.reading.amounts import Amount, Vat, find_amounts, possible_cents
from handlers.reading.letters import level
from handlers.reply import Bullets, Paragraph, Refusal, Reply, reply
from handlers.request import Topic
from handlers.wording import Money, Text, _
from storage import caps, members, purchasing
from storage.caps import Cap, Measure
from storage.members import Institution
from storage.purchasing import Central, Solution

table = Table()


@table.command(
    "plafonds",
    aliases={"en": ["caps"], "nl": ["maxima"], "de": ["höchstmengen"]},
    usage=_("plafonds [CENTRALE]"),
    summary=_("les plafonds des centrales et ce qu'il en reste"),
    example="plafonds Smart",
    listed=False,
)
def show(ctx: Context, words: MaybeWords) -> Reply:
    """What each cap allows; to a member, also what is left of it; to a manager, of all."""
    chosen = [catalogue.read_central(ctx, words)] if words else purchasing.centrals(ctx.session)
    lines = [
        _("**{central}** : {line}", central=central.name, line=_line(ctx, central, cap))
        for central in chosen
        for cap in caps.of_central(ctx.session, central)
        if _may_see(ctx, central, cap)
    ]
    if not lines:
        return reply(_("Aucun plafond n'est fixé."))
    return reply(
        Bullets(tuple(lines)), _("Au {day}.", day=ctx.today), title=_("Plafonds des centrales")
    )


def _may_see(ctx: Context, central: Central, cap: Cap) -> bool:
    """One member's own cap is for that member, and for who manages the central."""
    if cap.institution is None:
        return True
    person = ctx.person
    if person is None:
        return False
    return cap.institution == person.institution or central in purchasing.manages(
        ctx.session, person
    )


def _line(ctx: Context, central: Central, cap: Cap) -> Text:
    del central
    most = cap_words.amount(cap, cap.most)
    member = ctx.person.institution if ctx.person and Role.MEMBER in ctx.roles else None
    if cap.each and member is None:
        return _("{whose}, au plus {most}", whose=cap_words.whose(cap), most=most)
    left = caps.Room(cap, caps.used(ctx.session, cap, member), 0).left
    return _(
        "{whose}, au plus {most}, reste **{left}**",
        whose=cap_words.whose(cap),
        most=most,
        left=cap_words.amount(cap, left),
    )


@dataclass(frozen=True, slots=True)
class Told:
    """What a manager says about a cap."""

    measure: Measure | None
    """None where a cap is lifted, in whatever it is."""
    most: int | None
    """None where it is lifted."""
    each: bool
    institution: Institution | None
    solution: Solution | None


@table.command(
    "plafond",
    aliases={"en": ["cap"], "nl": ["maximum"], "de": ["höchstmenge"]},
    who=Role.MANAGER,
    usage=_("plafond CENTRALE [par membre] [SOLUTION] MONTANT ou QUANTITÉ"),
    summary=_("fixer un plafond, en valeur ou en quantité"),
    example="plafond Smart par membre 60.000 € HTVA",
)
def set_cap(ctx: Context, words: Words) -> Reply:
    """Set, change or take away a cap of a central that one manages."""
    central = catalogue.find_central(purchasing.centrals(ctx.session), words)
    if central is None:
        central = catalogue.read_central(ctx, words.split()[0])
    if central not in purchasing.manages(ctx.session, ctx.member):
        raise Refusal(_("Vous ne gérez pas la centrale **{name}**.", name=central.name))
    told = _told(ctx, central, words)
    if told.measure is None or told.most is None:
        return _lift(ctx, central, told)
    cap = caps.set_cap(
        ctx.session,
        central,
        told.measure,
        told.most,
        solution=told.solution,
        institution=told.institution,
        each=told.each,
    )
    _enter(ctx, central, cap, "cap.set")
    return _set(ctx, central, cap)


def _enter(ctx: Context, central: Central, cap: Cap, act: str) -> None:
    ctx.audit(
        act,
        Topic("central", central.id),
        central=central.slug,
        measure=cap.measure,
        most=cap.most if act == "cap.set" else 0,
        solution=cap.solution.slug if cap.solution else "",
        institution=cap.institution.code if cap.institution else "",
        each=int(cap.each),
    )


def _lift(ctx: Context, central: Central, told: Told) -> Reply:
    lifted = caps.lift(
        ctx.session,
        central,
        told.measure,
        solution=told.solution,
        institution=told.institution,
        each=told.each,
    )
    if not lifted:
        raise Refusal(
            _(
                "Aucun plafond de ce genre n'est fixé : `plafonds {name}` les montre.",
                name=central.name,
            )
        )
    for cap in lifted:
        _enter(ctx, central, cap, "cap.removed")
    return reply(
        _("Ce plafond de la centrale **{name}** est levé :", name=central.name),
        Bullets(
            tuple(
                _(
                    "{whose}, au plus {most}",
                    whose=cap_words.whose(cap),
                    most=cap_words.amount(cap, cap.most),
                )
                for cap in lifted
            )
        ),
    )


def _set(ctx: Context, central: Central, cap: Cap) -> Reply:
    said = _(
        "Plafond de la centrale **{name}** : {whose}, au plus **{most}**.",
        name=central.name,
        whose=cap_words.whose(cap),
        most=cap_words.amount(cap, cap.most),
    )
    if cap.each:
        return reply(said)
    used = caps.used(ctx.session, cap)
    room = caps.Room(cap, used, 0)
    now = _("Déjà commandé au {day} : {used}.", day=ctx.today, used=cap_words.amount(cap, used))
    if used <= cap.most:
        return reply(said, now, title=_("Plafond fixé"))
    return reply(
        said,
        Paragraph(now),
        _(
            "⚠️ C'est plus que le plafond (reste {left}) : les commandes envoyées restent valables,"
            " aucune autre ne passera.",
            left=cap_words.amount(cap, room.left),
        ),
        title=_("Plafond fixé"),
    )


_EACH = re.compile(
    r"\bpar (?:membre|commune|institution|adherent)\b|\b(?:per (?:lid|member)|je mitglied)\b"
)
_PIECES = re.compile(
    r"(?<![\w.,])(\d{1,3}(?:[. ]\d{3})+|\d+)\s*(?:pieces?|licences?|unites?|stuks?|stuck)\b"
)
_LIFTED = re.compile(r"\b(?:lever|leve|supprime[rz]?|aucun|sans limite|geen|kein)\b")


def _told(ctx: Context, central: Central, words: str) -> Told:
    plain = level(words)
    measure, most = _amount(words, plain)
    named = level(central.name)
    inner = plain.replace(named, " ", 1)
    told = Told(
        measure=measure,
        most=most,
        each=_EACH.search(plain) is not None,
        institution=_institution(ctx, words),
        solution=_solution(central, inner),
    )
    _refuse_rest(ctx, inner, told)
    return told


_KNOWN = re.compile(
    r"\b(?:pour|avec|centrale|commune|ville|cpas|zone|police|province|plafond|maximum|max|htva"
    r"|hors|tva|taxes?|euros?|eur|montant|quantite|par|membre|institution|adherent|chaque|tous?"
    r"|toutes|ensemble|lever|leve|supprime[rz]?|aucun|sans|limite|pieces?|licences?|unites?|des?"
    r"|les?|svp|merci|mille|per|lid|member|je|mitglied|stuks?|stuck|geen|kein|plus|etre|est|soit"
    r"|porte|fixe|voor|van|fur|von|for|excl|btw|vat|ohne|mwst)\b"
)


def _refuse_rest(ctx: Context, plain: str, told: Told) -> None:
    """Raises Refusal for words that say something of a cap which is not understood: it would hold
    for others than those who were meant.
    """
    for one in reversed(ctx.platform.territory.mentions(plain)):
        plain = f"{plain[: one.start]} {plain[one.end :]}"
    if told.solution is not None:
        names = (told.solution.name, told.solution.slug, *told.solution.aliases)
        for name in sorted(map(level, names), key=len, reverse=True):
            plain = plain.replace(name, " ")
    rest = re.findall(r"[^\W\d_]{3,}", _KNOWN.sub(" ", plain))
    if rest:
        raise Refusal(
            _(
                "Je ne comprends pas « {words} » dans ce plafond, rien n'a changé. Écrivez par"
                " exemple `plafond Smart 400.000 € HTVA`, `plafond Smart par membre 60.000 € HTVA`"
                " ou `plafond Smart e-guichet 40 pièces`.",
                words=" ".join(rest)[:40],
            )
        )


def _amount(words: str, plain: str) -> tuple[Measure | None, int | None]:
    pieces = _PIECES.search(plain)
    if _LIFTED.search(plain):
        counted = pieces is not None or "quantite" in plain
        return Measure.PIECES if counted else Measure.CENTS if find_amounts(words) else None, None
    if pieces is not None:
        return Measure.PIECES, int(re.sub(r"\D", "", pieces[1]))
    found = find_amounts(words)
    read = [one.reading for one in found]
    if len(read) == 1 and isinstance(read[0], Amount) and read[0].vat is not Vat.INCLUDED:
        return Measure.CENTS, read[0].cents
    meant = possible_cents(words[found[0].start : found[0].end]) if len(found) == 1 else ()
    if len(meant) == 2:
        raise Refusal(
            _(
                "Voulez-vous dire **{one}** ou **{other}** ? Écrivez-le ainsi, rien n'a changé.",
                one=Money(meant[0]),
                other=Money(meant[1], exact=True),
            )
        )
    raise Refusal(
        _(
            "Un plafond est un montant hors TVA ou une quantité : écrivez par exemple"
            " `plafond Smart 400.000 € HTVA`, `plafond Smart par membre 60.000 € HTVA` ou"
            " `plafond Smart e-guichet 40 pièces`."
        )
    )


def _institution(ctx: Context, words: str) -> Institution | None:
    """The member that words name, if they name one. Raises Refusal for one that is no member."""
    mentions = ctx.platform.territory.mentions(words)
    named = {(one.authority.type.value, one.authority.code): one.authority for one in mentions}
    if not named:
        return None
    active = members.active_institutions(ctx.session)
    found = [one for one in active if (one.type, one.code) in named]
    if len(named) == len(found) == 1:
        return found[0]
    others = [a for key, a in named.items() if key not in {(x.type, x.code) for x in found}]
    if others:
        raise Refusal(
            _("**{who}** n'est pas membre de la plateforme : rien n'a changé.", who=others[0].name)
        )
    raise Refusal(_("Un plafond par message : nommez une seule institution, rien n'a changé."))


def _solution(central: Central, plain: str) -> Solution | None:
    named = [
        (len(name), solution.id, solution)
        for solution in central.solutions
        for name in (level(solution.name), solution.slug, *map(level, solution.aliases))
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", plain)
    ]
    return max(named)[2] if named else None
