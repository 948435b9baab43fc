"""How a clause is meant: said, denied, supposed, or asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from handlers.reading.letters import level


class Mood(Enum):
    """The way in which a clause is said."""

    SAID = "said"
    DENIED = "denied"
    SUPPOSED = "supposed"
    ASKED = "asked"
    GIVEN = "given"
    """Told as a known reason: « comme la commune a déjà adhéré »."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence, and how it is meant."""

    text: str
    mood: Mood

    @property
    def counts(self) -> bool:
        """Whether it may ask for something: neither denied nor supposed."""
        return self.mood in {Mood.SAID, Mood.ASKED}


_DENIAL = re.compile(
    r"\b(?:ne|n'|n )\s?(?!hesite)(?:[\w'-]+[ ']){0,5}?(?:pas|plus|jamais|aucun\w*|nullement"
    r"|guere)\b(?! encore (?:membre|inscrit))"
    r"|\bsans (?:vouloir |pour autant )?(?:s'|nous |m')|\bpas (?:question|interesse\w*"
    r"|d'inscription|de commande"
    r"|souhaite|envie|besoin)|\bnon merci\b|\bplutot que de\b|\b(?:refus\w*|renonc\w+|annul\w+"
    r"|decline\w*)"
    r"|\b(?:n'est|ne s'agit) (?:donc )?(?:pas|nullement)|^\W*au lieu d[eu]?\b"
    r"|\b(?:niet|not|geen|nicht|keine?n?)\b"
)
_NOT_YET = re.compile(
    r"\b(?:sommes|suis|est|etions|soyons) pas (?:encore )?(?:membre|inscrit|affilie|repris)\w*"
    r"|\bn'(?:avons|ai|a) (?:toujours |encore )?(?:pas|rien) (?:encore |eu )?(?:de |recu|eu|vu)"
    r"|\bpas de (?:probleme|souci|remarque|objection)s?\b|\bne (?:sais|savons|trouv\w+"
    r"|comprend\w*) pas\b"
    r"|\bne suffi\w+ (?:pas|plus)|\bn'(?:y )?(?:arriv\w+|suffi\w+) (?:pas|plus)|\bne parv\w+ pas"
    r"|\bn'(?:avons|a"
    r"|ai) (?:pas|plus) (?:de|d'|assez)"
    r"|\bne (?:peut|pouvons|sait|savons) plus|\bn'est pas (?:encore )?(?:inscrite?|membre|la)\b"
)
_SUPPOSITION = re.compile(
    r"\bsi (?:nous|on|je|jamais|la (?:commune|ville|zone|province)|le (?:college|cpas|conseil"
    r"|bureau)|notre|elle|il|les"
    r"|un|une|vous) (?!(?:pouvez|pourriez|voulez|le voulez) )|\bs'il (?!vous)|\bau cas ou\b"
    r"|\bdans l'hypothese"
    r"|\bimaginons\b|\bsonge(?:ons|ait|r)\b|\bil se pourrait\b|\bnous pensons a\b|\bon se tate\b"
    r"|\beventuel\w*|\benvisag\w+|\breflech\w+|\ba l'etude\b|\bhypothe\w+|\bavant (?:de"
    r"|d') ?(?:nous |m')?(?:inscri|adher|command|decid)"
    r"|\b(?:nous|on) (?:pourrions|pourrait) (?!avoir|vous|disposer)|\bpeut-etre\b"
    r"|\bun jour\b(?! par| ou)|\bplus tard\b"
    r"|\b(?:doit|devra|devons|devrait) (?:encore |d'abord )+|\bhesit(?:e|ons)\b(?! pas)"
    r"|\bn'a pas encore (?:decide|statue)"
    r"|\bse prononcera\b|\bstatuera\b|\bsera (?:soumise?|presentee?) (?:au|a l'approbation)\b"
    r"|\bsous reserve que\b|\ba condition que\b|\best-ce que (?:nous|on|je) (?:devons|doit|dois)\b"
)
_HARMLESS_IF = re.compile(
    r"\bsi (?:j'ai|je|nous avons|nous) (?:ai )?(?:bien )?compris\b|\bcomme si\b"
    # What has no strings attached is so: the condition is met.
    r"|\bs'il n'en est rien\b|\bsi (?:rien de )?tel\b(?: (?:est|n'est pas) (?:bien )?le cas)?"
    r"|\bsi (?:c'est|ce n'est pas) (?:bien )?le cas\b"
    # An indirect question supposes nothing: « me dire si nous restons sous le seuil ».
    r"|\b(?<=dire )si\b|(?<=savoir )\bsi\b|(?<=verifier )\bsi\b|(?<=confirmer )\bsi\b"
    r"|(?<=preciser )\bsi\b|(?<=demande )\bsi\b|(?<=indiquer )\bsi\b|(?<=voir )\bsi\b"
)
_REQUEST = re.compile(
    r"\b(?:pourriez|pouvez|voulez|voudriez|pourrais|peux)[- ](?:vous|tu) (?:donc |bien |aussi "
    r"|svp |s'il vous plait )*"
    r"(?:(?:nous|m'|me|l'|le|la|les|y|notre|noter|acter|prendre|encore|deja) ?)*"
    r"(?:inscri\w+|enregistr\w+|ajout\w+|acter|note de|affilie\w*|desinscri\w+|retire\w*|annul\w*"
    r"|compter|commander"
    r"|considerer|valider|command\w+|reprendre|rayer|supprimer|remplac\w+|chang\w+|modifi\w+"
    r"|mettre (?:fin|un terme|a jour)|publi\w+|diffus\w+|accueillir|admettre|resili\w+|design\w+)"
    r"|\b(?:tu peux|peux[- ]tu|vous pouvez|pouvez[- ]vous|pourriez[- ]vous|pourrais[- ]tu)"
    r" (?:\w+ )?(?:dire|ecrire|envoyer|signaler|annoncer|transmettre|faire savoir)"
    r" (?:a|au) [^?]{0,100}\bqu(?:e |')"
    r"|\b(?:puis|pourrais)-je vous (?:demander|prier) (?:de|d') ?(?:bien vouloir )?"
    r"(?:noter|acter|enregistrer|inscrire|ajouter|prendre note|considerer|nous inscrire)\b"
    r"|\bmettre (?:mon|son|ma|sa|notre|le) (?:nom|adresse)"
    r"|\b(?:serait-il|est-il) possible (?:de|d')(?: nous| m')?\s?(?:inscri|etre inscri|enregistr"
    r"|s'inscrire|affili|command)"
)
_ASKING = re.compile(
    r"\?\s*$|^\W*(?:comment|quand|combien|quel(?:le)?s?|ou |qui |pourquoi|est-ce|peut-on|faut-il"
    r"|y a-t-il|qu'est|que faut"
    r"|hoe|wat|how|what)\b|\b(?:pourriez|pouvez|peux|voudriez|pourrais)[- ](?:vous|tu) (?:nous "
    r"|me |m')?(?:dire|preciser|indiquer"
    r"|expliquer|informer|renseigner|eclairer|confirmer si|communiquer (?:la|les|quel))"
    r"|\bsavoir (?:si|combien|comment|quand|quel\w*|qui|ou)\b|\bme demande s[i']"
    r"|\b(?:ob|or) (?:we|wij|wir|man|ik|ich)\b.{0,80}\b(?:wissen|weten)\b"
    r"|\b(?:wissen|weten),? (?:ob|of)\b"
    r"|\b(?:voudr\w+|souhait\w+|aimer\w+|desir\w+) (?:savoir|connaitre|comprendre|etre (?:informe"
    r"|renseigne|eclaire)"
    r"|avoir (?:des|plus|quelques|davantage)|recevoir (?:des|plus|davantage|quelques|de l'"
    r"|de plus amples) ?(?:d')?(?:info|renseign))"
    r"|\bquelle (?:est|serait) la (?:marche|procedure)|\b(?:je|nous|on) (?:me |nous )?(?:demande"
    r"|demandons) (?:si|comment|quel)"
    r"|\bla (?:marche a suivre|procedure) pour\b"
)
_PARTS = re.compile(
    r"\s*(?:[;:]\s|,? (?=au lieu d)|\bet (?=(?:de |d')?ne (?:plus|pas) )"
    r"|\bet (?=(?:(?:nous|vous|je|on|en) ){0,2}(?:souhait|demand|desir|voudr|pri|veuill|merci))"
    # A denial behind a comma with a subject of its own says nothing of what stands before.
    r"|,\s+(?=(?:(?:le|la|les|notre|nos|mon|ma|votre|vos|son|sa|ce|cette|ses) \S+|l'\S+|il|elle|ils"
    r"|elles|on|nous|je|ce|cela)(?: \S+){0,2} n(?:e |'))"
    r"|,\s+(?:mais|car|puisque|donc|or|et|et donc|ni)\s|\bmais\b|\bcependant\b"
    r"|\btoutefois\b)\s*"
)


_REASON = re.compile(
    # « Comme personne de contact, … » gives no reason.
    r"^\W*(?:comme(?! (?:personne|contact|point|utilisat|referent|suppleant|remplacant|agent))"
    r"|puisque|vu que|etant donne que|attendu que|sachant que)\b[^,]*,\s"
)


_ON_CONDITION = re.compile(
    r"^\W*si [^,;?]{3,140}, (?=(?:vous (?:voudrez bien|pouvez|pourrez)|veuillez|merci de|considerez"
    r"|prenez note)\b)"
)


_ALWAYS_MET = re.compile(
    r",? ?\(?\b(?:a (?:la )?condition (?:que|qu')|pour autant (?:que|qu')|du moment (?:que|qu')"
    r"|pourvu (?:que|qu')|sous reserve (?:que|qu'|de)|si(?: bien sur| toutefois)?|puisque|puisqu'"
    r"|tant (?:que|qu')|mits|sofern|vorausgesetzt|provided(?: that)?|as long as)\b"
    r"[^,;.?!]{0,60}\b(?:cotisation|gratuit\w*|frais|payant\w*|coute?\w*|engage\w*|obligat\w+"
    r"|oblige\w*|gratis|verplicht\w*|kosten\w*|kostenlos|unverbindlich|verpflicht\w*|free|binding"
    r"|engagement|rien a payer)\b"
    r"(?:[^,;.?!]{0,60}\b(?:preter|cotiser|payer|quoi que ce soit|durable))?"
    r"(?=\s*(?:[,;.?!)]|$))"
)
"""What taking part never costs nor binds to (« sans engagement ») is no condition."""


def clauses(sentence: str) -> list[Clause]:
    """The parts of a sentence with their moods; a supposition colours the whole sentence."""
    whole = _ALWAYS_MET.sub(" ", level(sentence))
    plain = _HARMLESS_IF.sub("", whole)
    supposed = _SUPPOSITION.search(plain) is not None
    # An indirect question is told by the very « si » that supposes nothing.
    asked = _ASKING.search(whole) is not None and not _REQUEST.search(plain)
    met = _ON_CONDITION.match(plain)
    if met is not None:
        # Who says what to do if it is free, and it is, has said it.
        return [Clause(met.group(), Mood.SUPPOSED), *clauses(plain[met.end() :])]
    reason = _REASON.match(plain)
    given = [Clause(reason.group(), Mood.GIVEN)] if reason else []
    parts = _PARTS.split(plain[reason.end() :] if reason else plain)
    return given + [
        Clause(part, _mood(part, supposed=supposed, asked=asked)) for part in parts if part.strip()
    ]


def _mood(part: str, *, supposed: bool, asked: bool) -> Mood:
    if _DENIAL.search(part) and not _NOT_YET.search(part):
        return Mood.DENIED
    if supposed:
        return Mood.SUPPOSED
    return Mood.ASKED if asked else Mood.SAID
