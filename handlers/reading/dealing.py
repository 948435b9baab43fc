"""Private dealings: what somebody sells, lets or seeks for themselves or for their family.

The platform serves exchanges among authorities (acceptance row B07); a member's caravan is none.
"""

from __future__ import annotations

import re

from handlers.reading.letter import Letter, sentences
from handlers.reading.letters import level

_KIN = (
    r"(?:beau|belle)-(?:frere|soeur|pere|mere|fils|fille|famille)|freres?|soeurs?|pere|mere|fils|filles?"
    r"|mari|epou(?:x|se)|femme|compagn(?:on|e)|conjointe?|cousine?s?|oncle|tante|neveux?|nieces?"
    r"|grand-(?:pere|mere)|grands-parents|parents|voisine?s?|amie?s?|copa?ine?s?|gendre|marraine"
    r"|parrain|famille"
)
_OWNER = re.compile(
    rf"\b(?:mon|ma|mes|son|sa|ses) (?:{_KIN})\b|\bune? (?:amie?|voisine?|cousine?|connaissance)\b"
    r"|\bune? (?:de mes |ancien(?:ne)? )?(?:collegues?|agente?s?|membre du personnel) (?:\w+ ){0,2}"
    r"(?:vend|loue|cede|donne|cherche|se separe|demenage)\w*"
    r"|\b(?:a titre|vente|annonce|affaire|achat) (?:strictement |purement )?(?:privee?|personnel(?:le)?)"
    r"|\b(?:entre|d'un|de) particuliers?\b|\bmijn (?:broer|zus|vrouw|man|zoon|dochter|vriend\w*)\b"
    r"|\bmein\w* (?:bruder|schwester|frau|mann|sohn|tochter|freund\w*)\b"
    r"|\bmy (?:brother|sister|wife|husband|son|daughter|friend|cousin|neighbour)\w*\b"
)
_DEALS = re.compile(
    r"\b(?:re)?vend(?:s|re|ons|ent)?\b|\ba (?:vendre|ceder|louer|donner|saisir)\b|\bvente\b"
    r"|\b(?:cede|donne|loue|propose|offre|cherche|recherche|debarrasse|separe|demenage)(?:nt)?\b"
    r"|\bverko\w+|\bte koop\b|\bte huur\b|\bzoekt\b|\bverkauf\w+|\bvermiet\w+|\bsucht\b"
    r"|\b(?:sell\w*|for sale|to let|looking for)\b"
)
_I_DEAL = re.compile(
    r"\bje (?:me )?(?:re)?vends\b|\bje (?:cede|donne|loue|debarrasse|separe) (?:de )?(?:ma|mon|mes)\b"
    r"|\b(?:ma|mon|mes) (?:\w+ ){1,4}(?:est|sont) a (?:vendre|louer|donner)\b|\bik verkoop\b"
    r"|\bich verkaufe\b|\bi(?: am|'m)? sell(?:ing)?\b|\bcause (?:double emploi|demenagement)\b"
)
_PRIVATE_GOODS = re.compile(
    r"\b(?:appartements?|villa|kots?|caravanes?|mobil-?home|motos?|scooters?|poussettes?|landaus?"
    r"|canapes?|chiots?|chatons?|chiens?|chats?|robe de mariee|maison (?:3|4|5|trois|quatre|de vacances)"
    r"|vetements d'enfants?|jouets d'enfants?|terrain a batir|gite|baby-?sitt\w*)\b"
)
_AUTHORITY = re.compile(
    r"\b(?:la|notre|nos|le|l') ?(?:commune|ville|cpas|zone|administration|province|service\w*|ecole"
    r"|creche|college|conseil|parc automobile|patrimoine)\b|\bdeclasse\w*|\bvente publique\b"
    r"|\bnous (?:ne )?(?:vend|ced|donn|lou|cherch|dispos)\w+"
)


def is_private(letter: Letter) -> bool:
    """Whether a letter deals in what belongs to a person, for that person."""
    told = [level(sentence) for sentence in sentences(f"{letter.subject}\n\n{letter.body}")]
    if any(deals_privately(plain) for plain in told):
        return True
    whole = "\n".join(told)
    private = _PRIVATE_GOODS.search(whole) and _DEALS.search(whole)
    return bool(private) and _AUTHORITY.search(whole) is None


def deals_privately(plain: str) -> bool:
    """Whether levelled words say that a person sells, lets or seeks something."""
    if _I_DEAL.search(plain):
        return True
    return _OWNER.search(plain) is not None and _DEALS.search(plain) is not None
