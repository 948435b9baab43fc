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
# What only tells something may be wished for in a sentence that supposes something besides.
TOLD = OPEN | {Mood.SUPPOSED}
# « Ne plus participer » is said by denying.
NO_MORE = frozenset({Mood.SAID, Mood.DENIED})


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that point to an intent when said in one of ``moods``."""

    intent: Intent
    weight: float
    pattern: re.Pattern[str]
    moods: frozenset[Mood]


def _cue(intent: Intent, weight: float, moods: frozenset[Mood], alternatives: str) -> Cue:
    """A cue from its wordings, one a line, over levelled text; a blank stands for any spacing."""
    lines = [line.strip() for line in alternatives.strip().split("\n")]
    spaced = "|".join(lines).replace("PLATFORM", _PLATFORM).replace(" ", r"\s+")
    return Cue(intent, weight, re.compile(rf"(?<!\w)(?:{spaced})"), moods)


_PLATFORM = (
    r"(?:[\w'-]+ ){0,4}?(?:e-?\s?)?"
    r"(?:plate-?\s?forme|platforme|reseau|systeme|service|initiative|projet)"
)
_REGISTER = (
    _cue(Intent.REGISTER, 3, SAID, r"""
        demande d'(?:inscription|affiliation)
        (?:s'|nous |m'|vous )inscri(?:re|t|vons|s|vent)\b
        bulletin d'inscription
        formulaire d'(?:inscription|affiliation|adhesion)
        candidature a PLATFORM
    """),
    _cue(Intent.REGISTER, 2, SAID, r"""
        inscri(?:ption|re|te?s?|vez|vons|t)\b
        (?:inscir|iscri|incri|inscr)(?:ption|re?|te?s?|vez|vons|t|iption)\b
        affili(?:ation|er|ee?s?)\b
        enregistre[rz]?\b.{0,40}(?:plate|commune|ville|cpas|zone|membre|adherent)
        (?:comme|en qualite d'|en tant qu'?(?:e )?)\s?utilisat(?:eur|rice)
        (?:devenir|deviens|devient|etre|soyons|soit) (?:un |des )?(?:menbre|membre|adherent|affilie)
        (?:comme|en tant que) (?:menbre|membre|adherent|affilie)
        (?:rejoi\w+|integr\w+|adhe\w+|particip\w+) (?:d|a|dans|de|au|l|v|n|s)\w*'? ?PLATFORM
        (?:membre|entrer|acces|prendre part) (?:d|a|dans|sur|de|au|l|v|n|s)\w*'? ?PLATFORM
        (?:y|desire|souhaite) participer
        en faire partie|en etre|faire partie d|vous rejoindre|adherer a l'e-|beneficier d
    """),
    _cue(Intent.REGISTER, 1.5, SAID, r"""
        (?:souhait|desir|voudr|veut|voul|aimer|demand|sollicit)\w* .{0,40}\b(?:adhe\w+|rejoindre)
        (?:souhait|desir|voudr|veut|voul|aimer|demand|sollicit)\w* .{0,40}\b(?:particip\w+)
        (?:confirm|decid|accord|interess|pret|veuillez|merci|accept)\w* .{0,40}\badhe\w+
        (?:confirm|decid|accord|interess|pret|veuillez|merci|accept)\w* .{0,40}\b(?:rejoindre)
        (?:confirm|decid|accord|interess|pret|veuillez|merci|accept)\w* .{0,40}\bparticip\w+
        utilisat(?:eur|rice) (?:designee?|sera|est|:)
        adhesion
        (?:in te schrijven|inschrijven|inschrijving|aansluiten|deelnemen)\b
        (?:anmelden|anmeldung|beitreten|teilnehmen)\b
        (?:register|registration|sign up)\b
    """),
)  # fmt: skip
_PEOPLE = (
    _cue(Intent.CHANGE_USER, 4, SAID, r"""
        remplac\w+ .{0,60}(?:utilisat|adresse|personne designee)
        (?:nouve(?:l|lle|au)|changement d[e'] ?) ?(?:utilisat|personne designee|adresse)
        (?:n'est plus|ne sera plus|cesse d'etre) (?:notre |l'|la )?(?:utilisat|personne)
        (?:quitte|part a la retraite|pensionne).{0,80}(?:remplac|success|utilisat|designe)
        repren\w+ (?:le poste|la fonction|les fonctions|le dossier|la succession)
        ajout\w+ .{0,80}utilisat
        repri(?:s|se|ses) (?:les|ses|leurs|son|sa|le|la) (?:dossiers?|fonctions?|poste)
        (?:noter|inscrire|indiquer|enregistrer|designer|mettre) (?:\w+ ){0,3}a (?:sa|leur) place
        m'ajouter\b.{0,40}utilisat
        (?:mon|son|notre) adresse (?:mail |e-mail |de courriel |electronique )?(?:change|a change)
        a quitte.{0,80}(?:remplac|success|utilisat|designe)
    """),
    _cue(Intent.DEPUTY, 4, SAID, r"""
        a ma place (?:du|pendant|pour|jusqu|durant)
        (?:pendant|durant) (?:cette periode|mes (?:conges|vacances)).{0,120}(?:a ma place|remplac)
        (?:pendant|durant) (?:mon|son) absence.{0,120}(?:a ma place|remplac|suppl|pourra|repondra)
        (?:pendant|durant) (?:cette periode|mes (?:conges|vacances)).{0,120}(?:suppl|peut|pourra)
        (?:me|la|le) remplac\w+ (?:du|pendant|durant|jusqu)
        (?:comme|ma|mon) supplee?ante?
        (?:gerera|suivra|assurera|s'occupera|sera charge).{0,100}(?:pendant|durant|jusqu'au)
        (?:gerera|suivra|assurera|s'occupera|sera charge).{0,100}en mon absence
    """),
    _cue(Intent.LEAVE, 4, SAID, r"""
        (?:nous |me |se |de |la |notre )?desinscri\w+
        (?:mettre|mettons|met) (?:un terme|fin) a (?:la|notre|sa) (?:participation|inscription)
        (?:mettre|mettons|met) (?:un terme|fin) a (?:la|notre|sa) (?:adhesion|affiliation)
        (?:quitter|quittons|quitte) (?:d\w* )?(?:la|votre|cette) plate
        (?:nous retirer|nous retirons|se retire) (?:d\w* )?(?:la|votre|cette) plate
        (?:plus|cesser) (?:d'?)?(?:etre|faire) (?:membre|inscrit|partie)
        (?:annuler|resilier) notre (?:inscription|affiliation)
        (?:nous |me |se )?retir\w+ (?:la \w+ |notre \w+ )?de (?:la|votre) (?:liste|plate)
    """),
    _cue(Intent.LEAVE, 4, NO_MORE, r"""
        ne plus (?:participer|faire partie|adherer|etre (?:membre|inscrit)\w*)
        (?:souhait|desir|veu|voul)\w* plus (?:participer|faire partie|adherer|rester)
        (?:souhait|desir|veu|voul)\w* plus etre (?:membre|inscrit)
    """),
)  # fmt: skip
_PURCHASING = (
    _cue(Intent.JOIN_CENTRAL, 4, SAID, r"""
        (?:adhe\w+|rejoi\w+|membre|inscri\w+|affili\w+|particip\w+|convention).{0,60}\bcentrale\b
        centrale\b.{0,60}(?:adhes\w+|adhere\w*)
    """),
    _cue(Intent.ORDER, 3, SAID, r"""
        (?:acter|enregistrer|noter|honorer) (?:la|notre|cette|ma) commande
        pass(?:e|er|ons) (?:la |une |notre |la presente )?commande
        bons? de commande
        (?:nous |je )?command(?:ons|er)\b
        commandent\s
        (?:commune|ville|cpas|zone|province|administration)\b[^.;?]{0,50}? commande (?:l'|\d)
        (?:commune|ville|cpas|zone|province)\b[^.;?]{0,50}? commande (?:la|le|les|une?|deux)\b
        (?:notre|nouvelle|ma|presente) commande\b(?! (?:cmd|n|du))
        (?:souhait|desir|voudr|aimer)\w* (?:pouvoir )?(?:command|acqueri|achete)\w*
        commande d[e']\s
    """),
    _cue(Intent.ORDER_STATUS, 3, OPEN, r"""
        ou en (?:est|sont|sommes)
        (?:etat (?:d'avancement )?|suivi )d[eu].{0,20}commande
        (?:quand|date).{0,60}(?:attribu|echeance|livr|fin d|terme|expire)
        (?:echeance|fin|terme|duree) d[eu].{0,20}(?:contrat|marche)
        arrive a (?:son )?(?:terme|echeance)
        (?:quand|date).{0,60}(?:se termine|prend fin|s'acheve)
        (?:contrat|marche|commande)\b.{0,60}(?:se termine|prend fin|s'acheve|prendra fin)
    """),
    _cue(Intent.ORDER_STATUS, 2, ASKED, r"""
        commande\b
        \bcmd-
    """),
    _cue(Intent.CATALOGUE, 3, OPEN, r"""
        catalogue
        (?:quelles?|liste d\w*|toutes les) solutions?
        solutions? (?:disponibles?|proposees?|offertes?)
        que propose.{0,20}centrale
        liste (?:\w+ ){0,4}(?:solutions?|prestataires)
        (?:catalogus|katalog)\b
    """),
    _cue(Intent.SHEET, 3.5, OPEN, r"""
        fiches? (?!de paie|de poste|d'inscription)
        fiches?$
        descriptif
        (?:en savoir plus|details?) (?:sur|concernant) .{0,12}(?:solution|e-guichet|application)
        (?:informations?|renseignements?) (?:sur|concernant) .{0,12}(?:solution|e-guichet)
    """),
    _cue(Intent.STATISTICS, 3.5, OPEN, r"""
        statisti\w+
        combien d\w* ?(?:communes|cpas|membres|institutions|commandes|annonces|demandes)
        (?:les|vos|des|quelques) chiffres
        taux de (?:participation|couverture)
        nombre (?:de|d') ?(?:communes|membres|commandes)
    """),
    _cue(Intent.TEMPLATE_REQUEST, 2.5, TOLD, r"""
        modeles?\s
        modeles?$
        canevas|gabarit
        convention[- ]type|documents?[- ]types?
        (?:cahier|clauses?|deliberation|reglement)s?[- ]types?
    """),
)  # fmt: skip
_HELP = (
    _cue(Intent.HELP, 3, ASKED, r"""
        comment (?:faire|participer|fonctionne|adherer|ca marche|utiliser|publier|poster|commander)
        comment (?:s'inscrire|m'inscrire|nous inscrire|devenir|proceder|se desinscrire)
        comment (?:faut-il|puis-je|peut-on|peut on|pouvons|dois-je)
        .{0,40}(?:marche a suivre|procedure|mode d'emploi|conditions d)
        que (?:dois-je|faut-il|puis-je)\s
    """),
    _cue(Intent.HELP, 2, SAID, r"""
        mode d'emploi
        explications? (?:sur|pour|concernant)
        (?:la )?marche a suivre
    """),
)  # fmt: skip
_TO_ALL = (
    _cue(Intent.ANNOUNCEMENT, 2, SAID, r"""
        (?:diffuser|diffusion|transmettre) (?:a tous|a toutes|aux membres|aux (?:autres )?communes)
    """),
)  # fmt: skip
CUES = (*_REGISTER, *_PEOPLE, *_PURCHASING, *_HELP, *_TO_ALL)

# What is registered for is something else than the platform.
OTHER_REGISTRATION = re.compile(
    r"\b(?:inscri|particip|enregistr)\w+ .{0,50}\b(?:formation|cours|plaine|stage|salle|journee"
    r"|evenement|seance|webinaire|activite|colloque|atelier|concours|examen|voyage|repas|creche"
    r"|ecole|marche de noel|newsletter|brocante)\b"
    r"|\binscri\w+ (?:de )?(?:mon|ma|mes|deux|trois|quatre|\d+|un|une|des) "
)
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
BULK_SURE = re.compile(
    r"\bvous (?:recevez|avez recu) ce(?:t|tte)? (?:e-?mail|message|courriel|mail|newsletter|lettre)"
    r" (?:car|parce|suite a votre inscription)"
    r"|\byou (?:are receiving|received|receive) this (?:e-?mail|message|newsletter) because"
    r"|\bu ontvangt (?:deze|dit) (?:e-?mail|mail|bericht|nieuwsbrief) omdat"
    r"|\bsie erhalten diese (?:e-?mail|mail|nachricht)?\s?(?:newsletter )?,? ?weil"
)
"""Words that only a mailing has."""
CALENDAR_SUBJECT = re.compile(
    r"^(?:accepte|refuse|provisoire|accepted|declined|tentative|geaccepteerd)\w* ?:"
)
SURVEY_SUBJECT = re.compile(r"\b(?:enquete|sondage)\b")
HELP_ALONE = re.compile(
    r"^\W*(?:aide|help|hulp|hilfe|aidez-moi|sos|\?|menu|commandes|mode d'emploi)\W*$"
)
