"""The words that point to an intent, each with its weight and the moods in which it counts.

A cue of an *act* (to register, to order, to leave) counts only in a clause that says it: who asks
how to do it, denies it or supposes it, does not do it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from handlers.reading.modality import Mood


class Intent(StrEnum):
    """What a message wants."""

    REGISTER = "register"
    CHANGE_USER = "change_user"
    DEPUTY = "deputy"
    LEAVE = "leave"
    ANNOUNCEMENT = "announcement"
    ANNOUNCEMENT_ANSWER = "announcement_answer"
    CATALOGUE = "catalogue"
    SHEET = "sheet"
    TEMPLATE_REQUEST = "template_request"
    JOIN_CENTRAL = "join_central"
    ORDER = "order"
    ORDER_CONFIRM = "order_confirm"
    ORDER_STATUS = "order_status"
    STATISTICS = "statistics"
    SURVEY_ANSWER = "survey_answer"
    CALENDAR_REPLY = "calendar_reply"
    HELP = "help"
    QUESTION = "question"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    BULK = "bulk"


SAID = frozenset({Mood.SAID})
ASKED = frozenset({Mood.ASKED})
OPEN = frozenset({Mood.SAID, Mood.ASKED})


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that point to an intent when said in one of ``moods``."""

    intent: Intent
    weight: float
    pattern: re.Pattern[str]
    moods: frozenset[Mood]


def _cue(intent: Intent, weight: float, moods: frozenset[Mood], *alternatives: str) -> Cue:
    spaced = "|".join(alternatives).replace(" ", r"\s+")
    return Cue(intent, weight, re.compile(rf"(?<!\w)(?:{spaced})"), moods)


_PLATFORM = r"(?:[\w'-]+ ){0,4}?(?:e-?\s?)?(?:plate-?\s?forme|platforme|reseau|systeme|service"
            r"|initiative|projet)"
_WISH = (
    r"(?:souhait|desir|voudr|veut|voul|aimer|demand|sollicit|confirm|decid|accord|interess|pret"
    r"|veuillez|merci"
    r"|accept|tien|envie|compt|priere|voici|bien vouloir|faire)\w*"
)
CUES = (
    # register
    _cue(Intent.REGISTER, 3, SAID, r"demande d'(?:inscription|affiliation)",
         r"(?:s'|nous |m'|vous )inscri(?:re|t|vons|s|vent)\b", r"bulletin d'inscription",
         r"formulaire d'(?:inscription|affiliation|adhesion)", r"candidature a " + _PLATFORM),
    _cue(Intent.REGISTER, 2, SAID, r"inscri(?:ption|re|te?s?|vez|vons|t)\b", r"affili(?:ation|er"
                                                                             r"|ee?s?)\b",
         r"enregistre[rz]?\b.{0,40}(?:plate|commune|cpas|zone|membre|adherent)",
         r"(?:devenir|etre|soyons|soit|comme|en tant que|deviens|devient) (?:un |des )?(?:menbre"
         r"|membre|adherent|affilie)"),
    _cue(Intent.REGISTER, 2, SAID, r"(?:rejoi\w+|integr\w+|adhe\w+|particip\w+|membre|entrer"
                                   r"|acces|prendre part)"
         r" (?:d|a|dans|sur|de|au|l|v|n|s)\w*'? ?" + _PLATFORM,
         r"(?:y participer|en faire partie|en etre|faire partie d|desire participer"
         r"|souhaite participer"
         r"|vous rejoindre|adherer a l'e-|beneficier d)"),
    _cue(Intent.REGISTER, 1.5, SAID, _WISH + r" .{0,40}\b(?:adhe\w+|rejoindre|particip\w+"
                                             r"|s'affilier)"),
    _cue(Intent.REGISTER, 1.5, SAID, r"utilisat(?:eur|rice) (?:designee?|sera|est|:)", r"adhesion"),
    # change_user, deputy
    _cue(Intent.CHANGE_USER, 4, SAID, r"remplac\w+ .{0,60}(?:utilisat|adresse|personne designee)",
         r"(?:nouve(?:l|lle|au)|changement d[e'] ?) ?(?:utilisat|personne designee|adresse)",
         r"(?:n'est plus|ne sera plus|cesse d'etre) (?:notre |l'|la )?(?:utilisat|personne)",
         r"(?:a quitte|quitte|part a la retraite|pensionne).{0,80}(?:remplac|success|utilisat"
         r"|designe)"),
    _cue(Intent.DEPUTY, 4, SAID, r"a ma place (?:du|pendant|pour|jusqu|durant)",
         r"(?:pendant|durant) (?:cette periode|mes (?:conges|vacances)|mon absence"
         r"|son absence).{0,120}"
         r"(?:a ma place|remplac|suppl|peut|pourra|repondra|s'occupera)",
         r"(?:me|la|le) remplac\w+ (?:du|pendant|durant|jusqu)", r"(?:comme|ma|mon) supplee?ante?"),
    # leave
    _cue(Intent.LEAVE, 4, SAID, r"(?:nous |me |se |de |la |notre )?desinscri\w+",
         r"(?:mettre|mettons|met) (?:un terme|fin) a (?:la|notre|sa) (?:participation|inscription"
         r"|adhesion|affiliation)",
         r"(?:quitter|quittons|quitte|nous retirer|nous retirons|se retire) (?:d\w* )?(?:la|votre"
         r"|cette) plate",
         r"(?:plus|cesser) (?:d'?)?(?:etre|faire) (?:membre|inscrit|partie)", r"(?:annuler"
                                                                              r"|resilier) notre (?:inscription|affiliation)"),
    # purchasing
    _cue(Intent.JOIN_CENTRAL, 4, SAID, r"(?:adhe\w+|rejoi\w+|membre|inscri\w+|affili\w+"
                                       r"|particip\w+|convention).{0,60}\bcentrale\b",
         r"centrale\b.{0,60}(?:adhes\w+|adhere\w*)"),
    _cue(Intent.ORDER, 3, SAID, r"pass(?:e|er|ons) (?:la |une |notre |la presente )?commande", r"bons? de commande",
         r"(?:nous |je )?command(?:ons|er)\b", r"commandent? ", r"(?:notre|nouvelle|ma"
                                                                r"|presente) commande\b(?! (?:cmd"
                                                                r"|n|du))",
         r"(?:souhait|desir|voudr|aimer)\w* (?:pouvoir )?(?:command|acqueri|achete)\w*", r"commande d[e'] "),
    _cue(Intent.ORDER_STATUS, 3, OPEN, r"ou en (?:est|sont|sommes)", r"etat (?:d'avancement )?d[eu].{0,20}commande",
         r"suivi d[eu].{0,20}commande", r"(?:quand|date).{0,60}(?:attribu|echeance|livr|fin d"
                                        r"|terme|expire)",
         r"(?:echeance|fin|terme|duree) d[eu].{0,20}(?:contrat|marche)", r"arrive a (?:son )?(?:terme|echeance)"),
    _cue(Intent.ORDER_STATUS, 2, ASKED, r"commande\b", r"\bcmd-"),
    _cue(Intent.CATALOGUE, 3, OPEN, r"catalogue", r"(?:quelles?|liste d\w*|toutes les) solutions?",
         r"solutions? (?:disponibles?|proposees?|offertes?)", r"que propose.{0,20}centrale", r"liste des prestataires"),
    _cue(Intent.SHEET, 3.5, OPEN, r"fiches? (?!de paie|de poste|d'inscription)", r"descriptif", r"fiches?$",
         r"(?:en savoir plus|details?|informations?|renseignements?) (?:sur|concernant"
         r"|a propos d\w*) (?:la |l'|le |les |votre )?"
         r"(?:solution|e-guichet|application)"),
    _cue(Intent.STATISTICS, 3.5, OPEN, r"statisti\w+", r"combien d\w* ?(?:communes|cpas|membres"
                                                       r"|institutions|commandes|annonces|demandes)",
         r"(?:les|vos|des|quelques) chiffres", r"taux de (?:participation|couverture)", r"nombre (?:de|d') ?(?:communes|membres|commandes)"),
    _cue(Intent.TEMPLATE_REQUEST, 2.5, OPEN, r"modeles? ", r"modeles?$", r"canevas", r"convention[- ]type", r"documents?[- ]types?",
         r"(?:cahier|clauses?|delibération|reglement)s?[- ]types?", r"gabarit"),
    # help
    _cue(Intent.HELP, 3, ASKED, r"comment (?:faire|s'inscrire|m'inscrire|nous inscrire|participer"
                                r"|fonctionne|adherer|ca marche"
         r"|utiliser|publier|poster|commander|devenir|proceder|se desinscrire|faut-il|puis-je"
         r"|peut-on|peut on|pouvons|dois-je)",
         r".{0,40}(?:marche a suivre|procedure|mode d'emploi|conditions d)", r"que (?:dois-je"
                                                                             r"|faut-il|puis-je) "),
    _cue(Intent.HELP, 2, SAID, r"mode d'emploi", r"explications? (?:sur|pour|concernant)", r"\b(?:la )?marche a suivre"),
)  # fmt: skip

AUTO_REPLY = re.compile(
    r"\breponse (?:automatique|generee automatiquement)|\bmessage (?:d'absence|automatique)"
    r"|\bout of office|\bafwezig"
    r"|\babsen(?:t|te|ce) (?:du|de) bureau|\bautomatic reply|\bautomatisch antwoord"
    r"|\bmerci de ne pas y repondre"
    r"|^\s*(?:je suis|actuellement) (?:en conge|absente?|en vacances).{0,200}(?:ne lirai"
    r"|ne pourrai|a mon retour|des mon retour)"
)
BOUNCE_SENDER = re.compile(r"^(?:mailer-daemon|postmaster|mail-daemon)(?:@|$)")
BULK = re.compile(
    r"\b(?:se desabonner|desabonnement|vous desabonner|unsubscribe|uitschrijven"
    r"|ne plus recevoir (?:nos|cette|ces|la))"
)
CALENDAR_SUBJECT = re.compile(
    r"^(?:accepte|refuse|provisoire|accepted|declined|tentative|geaccepteerd)\w* ?:"
)
SURVEY_SUBJECT = re.compile(r"\b(?:enquete|sondage)\b")
HELP_ALONE = re.compile(
    r"^\W*(?:aide|help|hulp|hilfe|aidez-moi|sos|\?|menu|commandes|mode d'emploi)\W*$"
)
