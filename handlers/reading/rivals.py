"""Where two intents meet in one letter: which of them is meant."""

from __future__ import annotations

import re

from handlers.reading.announcement import shares
from handlers.reading.consent import leans_to_consent
from handlers.reading.cue import Intent
from handlers.reading.evidence import names_a_user, order_evidence, says_yes_to_us, to_circulate
from handlers.reading.letter import Letter
from handlers.reading.letters import level
from handlers.reading.references import REFERENCE, announcement_number

THRESHOLD = 1.5
"""What an intent must weigh at least."""
STRONG = 3.0
"""What an act weighs that is said in so many words."""


def settle(weights: dict[Intent, float], letter: Letter) -> None:
    """Take from the weights what the letter as a whole does not mean."""
    told = level(f"{letter.subject}\n{letter.text}")
    _settle_answers(weights, letter, told)
    _settle_users(weights, letter, told)
    _settle_members(weights, letter, told)
    _settle_people(weights, letter, told)
    _settle_orders(weights, letter)
    _settle_rest(weights, letter, told)


def _settle_answers(weights: dict[Intent, float], letter: Letter, told: str) -> None:
    """Who names an announcement answers it, unless it is their own."""
    if announcement_number(told) is not None and weights[Intent.ANNOUNCEMENT]:
        weights[Intent.ANNOUNCEMENT_ANSWER] += weights.pop(Intent.ANNOUNCEMENT) + 1
    if answers_by_number(letter):
        weights[Intent.ANNOUNCEMENT_ANSWER] += 3
        weights.pop(Intent.ANNOUNCEMENT, None)


TAKES_OR_DECLINES = re.compile(
    r"\b(?:desole|malheureusement|regret|interess|preneu|volontiers|pouvons|pourrions"
    r"|pouvoir aider|peut faire|peut proposer|voila ce que"
    r"|proposons|offrons|disponible|rien a|n'avons|pas en mesure|pas possible|possible pour|ok pour"
    r"|d'accord pour|prendrions|prendrait|serions|avons (?:ce|cela|ca)\b|on a (?:ce|cela|ca)\b"
    r"|helaas|leider|sorry|unfortunately)"
)
OF_THE_AUTHOR = re.compile(
    r"\b(?:notre|mon|ma|nos) (?:annonce|demande|offre)"
    r"|\b(?:retir|clotur|supprim|annul|modifi|prolong"
    r"|pourvu|rouvr|ferm)\w*"
)


def answers_by_number(letter: Letter) -> bool:
    """Whether a letter names an announcement and takes part in it, be it to decline."""
    plain = level(f"{letter.subject}\n{letter.body}")
    return (
        announcement_number(plain) is not None
        and TAKES_OR_DECLINES.search(plain) is not None
        and OF_THE_AUTHOR.search(plain) is None
    )


def _settle_users(weights: dict[Intent, float], letter: Letter, told: str) -> None:
    """Who names somebody for the platform, takes part in it."""
    if _ELSEWHERE.search(told) and not _PLATFORM.search(told):
        weights.pop(Intent.REGISTER, None)
    if weights[Intent.DEPUTY] and _BESIDE_A_USER.search(told):
        weights[Intent.REGISTER] += weights.pop(Intent.DEPUTY)
    newcomer = letter.from_member is False
    if newcomer and names_a_user(letter):
        # Who is on file for nobody, and fills in a form with a deputy, changes nobody.
        weights.pop(Intent.CHANGE_USER, None)
        weights.pop(Intent.SURVEY_ANSWER, None)
    unnamed = not _CENTRAL.search(told) and letter.from_member is not True
    if weights[Intent.JOIN_CENTRAL] and unnamed and (newcomer or _USER.search(told)):
        # A decision to join that names somebody for it, or from who is no member yet, is one to
        # take part in the platform.
        weights[Intent.REGISTER] += weights.pop(Intent.JOIN_CENTRAL)


def _settle_members(weights: dict[Intent, float], letter: Letter, told: str) -> None:
    """To take part, to take part in something else, to take part no more."""
    newcomer = letter.from_member is False and weights[Intent.REGISTER] >= THRESHOLD
    if newcomer and _PLATFORM.search(told) and (names_a_user(letter) or _USER.search(told)):
        # Who is no member yet and names a user takes part first, whatever is said of a central.
        weights.pop(Intent.JOIN_CENTRAL, None)
    if weights[Intent.REGISTER] >= THRESHOLD:
        # Who wants to take part and asks how, is told what is still missing.
        weights.pop(Intent.HELP, None)
    if weights[Intent.LEAVE] and _STAYS.search(told):
        weights.pop(Intent.LEAVE)
    if weights[Intent.DEPUTY] >= max(THRESHOLD, weights[Intent.REGISTER]):
        # Who acts « for the commune on the platform » for a time registers nothing.
        weights.pop(Intent.REGISTER, None)
    of_central = (
        _CENTRAL.search(_QUESTION.sub(" ", told))
        and not names_a_user(letter)
        and not _PLATFORM.search(told)
    )
    if weights[Intent.REGISTER] and of_central:
        # « La commune voudrait le devenir » tells of what the letter speaks of.
        weights[Intent.JOIN_CENTRAL] += weights.pop(Intent.REGISTER)
    joins, changes = weights[Intent.JOIN_CENTRAL], weights[Intent.CHANGE_USER]
    if (
        weights[Intent.LEAVE]
        or (joins >= _SAID_OUTRIGHT and not _PLATFORM.search(told))
        or joins > weights[Intent.REGISTER]
        or changes >= max(THRESHOLD, weights[Intent.REGISTER])
    ):
        weights.pop(Intent.REGISTER, None)
    if weights[Intent.REGISTER] >= STRONG:
        # A registration may name a deputy and tell what its writer would like to find.
        weights.pop(Intent.DEPUTY, None)
    if names_a_user(letter) and weights[Intent.CHANGE_USER] < THRESHOLD:
        weights[Intent.REGISTER] += 1.5
    if weights[Intent.ORDER_STATUS] and _of_a_registration(told):
        # « Où en est notre inscription ? » is told what became of it.
        weights[Intent.REGISTER] += weights.pop(Intent.ORDER_STATUS)


_QUESTION = re.compile(r"[^.?!;\n]*\?")
_ELSEWHERE = re.compile(
    r"\b(?:represent|delegu|design|mandat|nomm)\w*\b[^;\n]{0,140}\b(?:assemblees? generales?"
    r"|intercommunales?|conseil d'administration|comites?|commissions?|jury|bureau de vote"
    r"|conseil de police|asbl|groupe de travail|societe de logement)\b"
)
"""Where else somebody may be designated for: « représentant à l'assemblée générale de … »."""
_BESIDE_A_USER = re.compile(
    r"\b(?:utilisat(?:eur|rice)|personne designee|referente?)\b[^;]{1,160}?\b(?:et|ainsi que|avec"
    r"|comme)\b"
    r"[^.;]{0,40}\bsupplee?a?nte?\b"
)
"""« … désigne comme utilisatrice Mme X et comme suppléant M. Y » names both for the first time."""
_SAID_OUTRIGHT = 4.0
_STAYS = re.compile(r"\b(?:restons|resterons|demeurons) (?:\w+ ){0,2}(?:membre|inscrit|affili)\w*")
_USER = re.compile(
    r"\b(?:utilisat(?:eur|rice)|referente?|correspondante?|interlocut\w+|point de contact"
    r"|(?:personne|agente?) (?:designee?|de contact|referente?|relais|de reference))\b"
)
_CENTRAL = re.compile(r"\bcentrales?\b|\baankoopcentrale\b|\beinkaufszentrale\b|\bpurchasing\b")
_PLATFORM = re.compile(r"\bplate-?\s?forme|\bplatforme")
_OF_A_REGISTRATION = re.compile(
    r"\b(?:inscription|affiliation|inschrijving|anmeldung|registration)\b"
)
_ORDERS = re.compile(r"\b(?:command\w+|bon|contrat|marche|solution|bestell\w+|order)\b")


def _of_a_registration(told: str) -> bool:
    return _OF_A_REGISTRATION.search(told) is not None and _ORDERS.search(told) is None


_SEEKS_SOMEBODY = re.compile(
    r"\b(?:(?:re)?cherch\w+|besoin d|faudrait|trouver|manque\w*|demand\w+|zoeken|suchen"
    r"|looking for)"
    r"[^.!?\n]{0,80}\b(?:remplac|vervang|ersetz|vertret|replace)"
    r"|\b(?:qui|quelqu'un|une (?:autre )?(?:commune|administration)) "
    r"(?:peut|pourrait|saurait|aurait)[^.!?\n]{0,30}\bremplac"
)
"""« Nous cherchons quelqu'un pour remplacer notre collègue »: somebody of another house."""


def _settle_people(weights: dict[Intent, float], letter: Letter, told: str) -> None:
    """Whoever comes in somebody's place comes for a time or for good: the letter tells."""
    sought = _SEEKS_SOMEBODY.search(told) and not (_PLATFORM.search(told) or _USER.search(told))
    if sought and not names_a_user(letter):
        # Who is looked for is asked of all members; nobody acts on the platform instead.
        for other in (Intent.CHANGE_USER, Intent.DEPUTY):
            weights[Intent.ANNOUNCEMENT] += weights.pop(other, 0)
        return
    if _NOBODY.search(told):
        weights.pop(Intent.CHANGE_USER, None)
    if weights[Intent.CHANGE_USER] and _FOR_A_TIME.search(told) and not _FOR_GOOD.search(told):
        weights[Intent.DEPUTY] += weights.pop(Intent.CHANGE_USER)
    deputy, change = weights[Intent.DEPUTY], weights[Intent.CHANGE_USER]
    if not deputy or not change:
        return
    for_good = _FOR_GOOD.search(told) is not None
    kept = Intent.CHANGE_USER if for_good else Intent.DEPUTY
    weights.pop(Intent.DEPUTY)
    weights.pop(Intent.CHANGE_USER)
    weights[kept] = deputy + change


_NOBODY = re.compile(
    r"\b(?:personne ne|nul ne|niemand) (?:\w+ ){0,2}(?:repren|remplac|succed|prend|volgt|ersetz)\w*"
    r"|\bne (?:ser\w+|suis|est) pas (?:encore )?remplac\w+"
)
"""« Je pars à la pension, personne ne reprend »: nobody is named instead."""
_FOR_A_TIME = re.compile(
    r"\b(?:temporair\w+|provisoir\w+|interim\w*|tijdelijk\w*|vorubergehend\w*|temporar\w+)\b"
    r"|\b(?:met (?:\w+)?verlof|met vakantie|(?:im|in) (?:\w+)?urlaub|(?:on|parental) leave"
    r"|on holiday|en (?:\w+ )?(?:conges?|vacances))\b"
)
_FOR_GOOD = re.compile(
    r"\bdefiniti\w+|\bpension\w*|\bretraite\b|\bquitte\w*|\bmutee?\b|\bne travaille plus\b"
    r"|\bsucce\w+|\bdesormais\b|\bdorenavant\b|\bn'est plus\b|\bdepart\b"
    r"|\bpensioen\b|\bvoortaan\b|\bdefinitief\b|\bruhestand\b|\bkunftig\b|\bendgultig\b"
    r"|\bfor good\b|\bfrom now on\b|\bnicht mehr\b|\bwerkt niet meer\b"
)


_OTHER_MATTER = re.compile(
    r"\b(?:factur|panne|bug|probleme|litige|(?<!sauf )erreur|modifi|annul|ajout\w* .{0,30}(?:ligne"
    r"|commande)|retourn\w* (?:la|le|les|notre|cette?) (?:commande|bon|materiel|livraison)|rembours"
    r"|plainte)\w*"
)
"""What no list of orders answers: a person does."""


_OUR_ORDER = re.compile(r"\bcmd-(?:20\d\d-)?\d{1,6}\b")


def _asks_about_order(letter: Letter) -> bool:
    named = _OUR_ORDER.search(level(letter.subject)) is not None
    return named and "?" in letter.body and not leans_to_consent(letter.body)


_CANCELS = re.compile(
    r"\bannul(?:er|ons|ez|e|ation)\b(?! et remplace).{0,40}\b(?:commande|bon)\b"
    r"|\bcommande\b.{0,40}\b(?:a annuler|est annulee|annulation)\b"
    r"|\b(?:bestelling annuleren|bestellung stornieren|cancel (?:the|our|this) order)\b"
)


_ACT = 2.5
_JOINED = re.compile(
    r"\bdeja (?:ete )?(?:membre|adherent|affilie|partie prenante|(?:dans|a) (?:la|votre) centrale)"
    r"|\b(?:a|avons|ont|ayant) (?:deja )?adhere"
)
_ATTACHED = re.compile(
    r"\b(?:ci-(?:joint|annexe)\w*|en (?:annexe|pj|piece jointe)|(?:dans|voir) (?:l'|la "
    r"|le )?(?:annexe|piece"
    r" jointe|pj|document joint|fichier joint)|in bijlage|bijgevoegd|im anhang|attached"
    r"|en attach\w+|ci-attach\w+|(?:document|fichier|piece|pdf|bon)s? (?:ci-)?attache\w*)\b"
)


def points_to_annex(text: str) -> bool:
    """Whether words leave it to an attached file to say what is meant."""
    return _ATTACHED.search(level(text)) is not None


def _settle_orders(weights: dict[Intent, float], letter: Letter) -> None:
    """An order form in all but name is an order; one that names an order of ours asks about it."""
    if _CANCELS.search(level(letter.body)):
        # To undo an order is a person's matter.
        weights.pop(Intent.ORDER, None)
        return
    if weights[Intent.ORDER] >= _ACT and _JOINED.search(level(letter.body)):
        # « La commune étant déjà membre de la centrale » is told, not asked.
        weights.pop(Intent.JOIN_CENTRAL, None)
    if weights[Intent.ORDER] and not weights[Intent.JOIN_CENTRAL]:
        attached = _ATTACHED.search(level(f"{letter.subject}\n{letter.text}")) is not None
        weights[Intent.ORDER] += 2 * attached
    rivals = (Intent.JOIN_CENTRAL, Intent.LEAVE, Intent.REGISTER)
    made = 0.0 if any(weights[rival] >= STRONG for rival in rivals) else order_evidence(letter)
    if made and weights[Intent.TEMPLATE_REQUEST] < THRESHOLD:
        weights[Intent.ORDER] += made
        for other in (
            *(Intent.ORDER_STATUS, Intent.CATALOGUE, Intent.ANNOUNCEMENT),
            *(Intent.REGISTER, Intent.SHEET),
        ):
            weights.pop(other, None)
    elif max(weights[Intent.DEPUTY], weights[Intent.CHANGE_USER]) >= STRONG:
        # « Elle est habilitée à commander » tells what a deputy may do.
        weights.pop(Intent.ORDER, None)
    else:
        _settle_status(weights, letter)


def _settle_status(weights: dict[Intent, float], letter: Letter) -> None:
    """Who asks about an order does not make one."""
    if _OTHER_MATTER.search(level(letter.body)):
        weights.pop(Intent.ORDER_STATUS, None)
    elif weights[Intent.ORDER] and weights[Intent.ORDER_STATUS] >= THRESHOLD:
        asks = "?" in letter.body and weights[Intent.ORDER_STATUS] >= STRONG
        if asks or REFERENCE.search(f"{letter.subject}\n{letter.body}"):
            weights.pop(Intent.ORDER)
        else:
            weights.pop(Intent.ORDER_STATUS)
    elif _asks_about_order(letter):
        weights[Intent.ORDER_STATUS] += 2


_ORDER_FORM = re.compile(r"\b(?:bons? de commande|commandes?|bdc|bestelbon|bestellschein)\b")
"""What a form is called that is left to an attached file."""
_VACANCY = re.compile(
    r"\b(?:recrut\w+|offres? d'emploi|emploi vacant|poste (?:vacant|a pourvoir)"
    r"|reserve de recrutement"
    r"|(?:candidatures?|cv|lettres? de motivation) (?:sont|est|doit|doivent|a|peuvent)\b)"
)
_AT_LARGE = re.compile(
    r"\binteress(?:e|ee|es|ees)\s?\?|\bavis aux amateurs\b|\ba (?:donner|ceder)\b"
)
_DAMAGED = re.compile(
    r"\b(?:pret|emprunt)(?:e|ee|es|ees|ions|er)\b[^;]{0,80}?\b(?:creve\w*|abime\w*|casse\w*|perdue?"
    r"|endommag\w+|degats?|sinistre|vole\w*|disparu\w*|rendue? (?:sale|incomplet))\b"
    r"|\b(?:uitgeleend|geleend|verliehen|geliehen|lent)\w*\b[^;]{0,80}?\b(?:beschadigd|kapot"
    r"|beschadigt|kaputt|damaged|broken)\b"
)
_MEETING = re.compile(
    r"\b(?:passer|venir|pourriez-vous|pouvez-vous) (?:\w+ ){0,2}?(?:presenter|rencontrer|voir)\b"
    r"|\borganiser une (?:seance|reunion|presentation|rencontre)\b"
)
"""A room and a day are then offered to us, not to everybody."""


def _settle_rest(weights: dict[Intent, float], letter: Letter, told: str) -> None:
    if weights[Intent.LEAVE] and re.search(r"\bcentrale\b", told) and "plate" not in told:
        # To leave a purchasing central is another matter, and a person's.
        weights.pop(Intent.LEAVE)
    if weights[Intent.TEMPLATE_REQUEST] and _FILLED_IN.search(told):
        # Who sends a form that is filled in, asks for none.
        weights.pop(Intent.TEMPLATE_REQUEST)
    if weights[Intent.TEMPLATE_REQUEST] >= _ACT and weights[Intent.ANNOUNCEMENT] <= _ACT:
        # What the document is for is told beside.
        weights.pop(Intent.ANNOUNCEMENT)
    if weights[Intent.ORDER_STATUS] >= THRESHOLD and weights[Intent.CATALOGUE] <= _ACT:
        # « Et existe-t-il un module pour … ? » is asked beside.
        weights.pop(Intent.CATALOGUE)
    if weights[Intent.ORDER_STATUS] >= STRONG and weights[Intent.ANNOUNCEMENT] <= _ACT:
        # « Où cela coince-t-il ? » is asked of the order.
        weights.pop(Intent.ANNOUNCEMENT)
    if weights[Intent.HELP] >= STRONG and weights[Intent.ANNOUNCEMENT] <= _ACT:
        weights.pop(Intent.ANNOUNCEMENT)
    if _VACANCY.search(told):
        # Who recruits, seeks no help among the members.
        weights.pop(Intent.ANNOUNCEMENT, None)
    if _DAMAGED.search(told) and "?" in letter.body and weights[Intent.ANNOUNCEMENT] <= STRONG:
        # What became of a thing that was lent, is a person's matter.
        weights.pop(Intent.ANNOUNCEMENT)
    if _MEETING.search(told) and weights[Intent.ANNOUNCEMENT] <= STRONG:
        weights.pop(Intent.ANNOUNCEMENT)
    _settle_unsaid(weights, letter, told)


_FILLED_IN = re.compile(
    r"\b(?:formulaires?|documents?|fichiers?|bons?|modeles?|fiches?) (?:bien |dument |que j'ai"
    r" |que nous avons )?(?:remplie?s?|completee?s?|signee?s?)\b"
)


def _settle_unsaid(weights: dict[Intent, float], letter: Letter, told: str) -> None:
    """What the make-up of a letter tells, where no words say what it wants."""
    if any(weight >= THRESHOLD for weight in weights.values()):
        return
    if points_to_annex(letter.body) and _ORDER_FORM.search(level(letter.subject)):
        weights[Intent.ORDER] += STRONG
    elif says_yes_to_us(letter):
        weights[Intent.REGISTER] += STRONG
    elif letter.from_member is not True and names_a_user(letter):
        # A filled-in form needs no sentence beside it.
        weights[Intent.REGISTER] += STRONG
    elif to_circulate(letter) or (
        (weights[Intent.ANNOUNCEMENT] or _AT_LARGE.search(told)) and shares(letter)
    ):
        weights[Intent.ANNOUNCEMENT] += 2
