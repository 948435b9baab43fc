"""What the make-up of a letter tells beside its verbs: an order form in all but name, an
announcement that is only a heading and a date.
"""

from __future__ import annotations

import re

from handlers.reading.concepts import concepts
from handlers.reading.contacts import find_addresses, find_phones
from handlers.reading.form import Label, read_form
from handlers.reading.letter import Letter
from handlers.reading.letters import level
from handlers.reading.people import find_names

_ORDER_MARKS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\d,?-?\s?(?:€|eur\b|euros?\b)|(?:€|eur) ?\d|\d ?(?:h\.?t\.?v\.?a|t\.?v\.?a\.?c)\b",
        r"\bh\.?t\.?v\.?a\b|\bhors tva\b|\bhors taxes?\b|\bexcl(?:usief|\.)? ?(?:btw|mwst)?\b",
        (
            r"\bt\.?v\.?a\.?c\b|\btva comprise|\btva \d|\btva (?:de )?21"
            r"|\bincl(?:usief|\.)? ?(?:btw"
            r"|mwst)"
        ),
        r"(?<!\d)(?:be ?)?[01]\d{3}[. ]?\d{3}[. ]?\d{3}(?!\d)",
        (
            r"\b(?:art(?:icle|\.)? (?:budgetaire )?)\d{3}/|\b\d{3,5}/\d{3}-\d{2}\b"
            r"|\bbudget ordinaire\b"
        ),
        (
            r"\b(?:college|bureau permanent|conseil de l'action sociale|deliberation"
            r"|decision) .{0,25}\d"
        ),
        r"\b(?:duree|marche|contrat) .{0,12}\d+ (?:ans|mois)|\b(?:36|48|60) mois|\b\d ans\b",
        r"\b(?:n/ref|notre ref|nos ref|ref(?:erence)? interne|reference a rappeler)",
        r"\btotal\b|\bsoit au total\b|\btotaal\b|\bsumme\b",
    )
)
_DECIDED = _ORDER_MARKS[3:6]
_BILL = re.compile(r"\b(?:factur|devis|note de credit|rappel|rekening|rechnung|invoice)\w*")
_ENOUGH = 4
_ORDERED = re.compile(
    r"\bcommand(?:e|es|ons|er|ent)\b|\bbestel\w+|\border(?:s|ed|ing)?\b|\bbdc\b|\bbc ?\d"
)


def order_evidence(letter: Letter) -> float:
    """How much a letter is made like a purchase order, with or without the verb; 0 if it is not.

    Amounts alone are none: who asks about a threshold names them, too.
    """
    plain = level(f"{letter.subject}\n{letter.body}")
    marks = sum(pattern.search(plain) is not None for pattern in _ORDER_MARKS)
    named = _ORDERED.search(plain) is not None
    if _ORDER_MARKS[0].search(plain) is None or marks + named < _ENOUGH:
        return 0.0
    if not named and (_BILL.search(plain) or not any(m.search(plain) for m in _DECIDED)):
        return 0.0
    return 3.0 if named else 1.5


_FIELDS = tuple(
    re.compile(rf"(?:^|[\n;,:])[\W\d]{{0,12}}(?:{label})[ .]*:")
    for label in (
        (
            "(?:nom de (?:l'|la |votre )?)?(?:institution|administration|organisme|commune)"
            "|pouvoir local|denomination|bestuur|einrichtung"
        ),
        (
            "utilisat(?:eur|rice)(?: designee?)?|personne (?:designee|de contact)"
            "|correspondante?|referente?|agente? (?:designee?|referente?)"
            "|nom de l'utilisat\\w+"
        ),
    )
)


def names_a_user(letter: Letter) -> bool:
    """Whether a letter fills in the fields of a registration: an institution and its user."""
    plain = level(letter.body)
    if all(label.search(plain) is not None for label in _FIELDS):
        return True
    return {Label.INSTITUTION, Label.USER} <= read_form(letter.text).keys()


_FAVOURABLE = re.compile(
    r"\b(?:avis (?:tres )?(?:favorable|positif)|(?:notre |son |leur |l'|un |pour )accord\b|d'accord"
    r"|feu vert|partante?s?\b|volontiers|(?:reponse|decision|suite) (?:\w+ ){0,2}(?:positive"
    r"|favorable)|repond\w* (?:positivement|favorablement|present)|accept\w+|approuv\w+"
    r"|interess\w+|a decide|ont decide|avons decide|marqu\w+ .{0,12}accord|c'est oui|c'est bon"
    r"|ok pour|akkoord|gunstig|graag|ja,|einverstanden|zugestimmt|zustimm\w+|gerne?|beschlossen"
    r"|beslist|besloten|agree\w*|in favou?r|happy to)\b"
)
_INVITED = re.compile(
    r"\b(?:votre|vos|cette|la) (?:\w+ )?(?:courriers?|lettre|invitations?|propositions?|depliant"
    r"|flyer|folder|presentation|appel|circulaire|seance|visite|plate-?\s?forme|initiative|reseau"
    r"|projet|dispositif|outil|demarche|expose)\b"
    r"|\be-?plate-?\s?forme\b|\b(?:uw|jullie|ihr\w*|dieser?|your|het|the|die)"
    r" (?:\w+ )?(?:brief|schreiben|platt?form\w*|initiati\w+|voorstel|vorschlag|netwerk|netzwerk"
    r"|uitnodiging|einladung|letter|invitation|network|project|projekt)\b"
)
_SPEAKS_OTHERWISE = re.compile(
    r"\b(?:annonce|centrale|commande|bon|offre|marche|solution|e-guichet|pret\w*|prix|devis|factur"
    r"|contrat|enquete|sondage|modele|convention|materiel|agent a|personnel|rendez-vous|reunion"
    r"|formation|absen\w+|conges?|remplac\w+|desinscri\w+|retir\w+|quitt\w+|stage|interview"
    r"|memoire|etude|article|central\w*|bestell\w*|bestel\w*)\b|\?"
)


def says_yes_to_us(letter: Letter) -> bool:
    """Whether a letter agrees to what it was invited to and tells whom to reach: a registration
    that names neither the deed nor the place, « avis favorable, adressez-vous à … ».
    """
    plain = level(f"{letter.subject}\n{letter.body}")
    if len(letter.body) > _SHORT or _SPEAKS_OTHERWISE.search(plain):
        return False
    signs = (
        _FAVOURABLE.search(plain) is not None,
        _INVITED.search(plain) is not None,
        "join" in concepts(plain),
    )
    reached = any(phone.personal for phone in find_phones(letter.body)) or any(
        find_addresses(letter.body)
    )
    enough = 2 if letter.from_member is not False else 1
    return sum(signs) >= enough and reached and bool(find_names(letter.body))


_CIRCULATE = re.compile(
    r"\b(?:diffus|publi|relay|circul|propag|rediffus)\w+"
    r"|\b(?:avis|appel) (?:a tous|aux)|\b(?:a|pour) tous(?: les membres)?\b|\bpetite annonce\b"
    r"|\b(?:nouvelle )?annonce\s?:|\bte verspreiden\b|\bweiterleiten an alle\b"
)
_OURS = re.compile(
    r"\bne (?:pas|plus)\b|\b(?:votre|notre|la|l'|une) (?:annonce|enquete|reponse)"
    r"|\breponses? .{0,20}publi|\bautoris|\bcomment\b"
)


def to_circulate(letter: Letter) -> bool:
    """Whether a short letter wants its words passed on to all, whatever they say."""
    plain = level(f"{letter.subject}\n{letter.body}")
    return (
        len(letter.body) < _SHORT
        and _CIRCULATE.search(plain) is not None
        and _OURS.search(plain) is None
        and not re.search(r"\b(?:merci|remerci\w+) (?:\w+ )?a (?:tous|toutes)\b", plain)
        and "?" not in plain
    )


_SHORT = 600
