"""« Nous avons trouvé, vous pouvez clôturer notre demande » : whether somebody says that an
announcement of their own needs no answer any more.
"""

from __future__ import annotations

import re

from handlers.reading.letter import open_letter
from handlers.reading.letters import level
from handlers.reading.wordings import any_of

LONGEST = 50
"""Up to how many words it is said on its own, rather than beside something else."""

# Names in capitals stand for one of the lists below: the words compared are all small letters.
_WORDS = {
    "OURS": r"(?:notre|nos|mon|ma|mes|l'|la|cette|onze|mijn|unsere?|meine?|our|my) ?"
    r"(?:petite |derniere )?(?:annonces?|demandes?|offres?|appel|recherche|aankondiging|oproep"
    r"|vraag|aanvraag|aanbod|anzeige|inserat|anfrage|angebot|announcement|request|offer|call)",
    "CLOSE": r"(?:cloturer|cloturez|clore|fermer|fermez|retirer|retirez|supprimer|supprimez"
    r"|enlever|enlevez|annuler|annulez|effacer|effacez|mettre fin a|classer|lever)",
    "FOUND": r"(?:(?:nous )?avons|on a|j'ai)"
    r" (?:deja |enfin |finalement |entre[- ]?temps )*(?:pu )?"
    r"(?:trouve|trouver|recu de l'aide|resolu|regle|pourvu)",
    "NO_MORE": r"(?:n'(?:avons|ai|a|est|etait)|ne (?:cherch|recherch|propos|pret)\w+) plus\b"
    r"|plus besoin|plus d'actualite|plus disponible"
    r"|(?:est|a ete) (?:pourvue?|reglee?|resolue?|satisfaite?|trouvee?)",
}  # fmt: skip
_SAID = r"""
    CLOSE (?:donc |svp |s'il vous plait )?OURS
    OURS .{0,60}(?:peut|pouvez|doit|est a) .{0,20}(?:etre )?(?:cloturee?|close|fermee?|retiree?|supprimee?|enlevee?|annulee?|cloturer|fermer|retirer|supprimer)
    FOUND\b.{0,80}OURS
    OURS .{0,60}(?:NO_MORE)
    (?:NO_MORE).{0,60}OURS
    OURS .{0,40}(?:mag|kan|mogen) .{0,20}(?:weg|gesloten|ingetrokken|afgesloten)
    (?:sluit|trek|haal) .{0,20}OURS
    OURS .{0,40}(?:kann|konnen|bitte) .{0,20}(?:geschlossen|zuruckgezogen|schliessen|zuruckziehen|loschen)
    (?:close|withdraw|remove|cancel) OURS
    OURS .{0,40}(?:can|may) be (?:closed|withdrawn|removed)
"""  # noqa: E501 - one wording a line, to be read as a table
_NOT = re.compile(
    r"\?|\b(?:votre|vos|ta|ton|ne (?:pas|plus) (?:cloturer|retirer|fermer)|pas encore|comment|si\b"
    r"|ne (?:retirez|cloturez|fermez) pas|remplac\w+ par|autre (?:annonce|demande|offre)"
    r"|commande|adhesion|inscription|devis|factures?|subsides?|reponse|accord|mais|toujours"
    r"|par contre|en revanche|restent?)\b"
)
_CLOSES = any_of(_SAID, _WORDS)


def asks_to_close(text: str) -> bool:
    """Whether a short letter says, without doubt or question, that an announcement of one's own
    awaits nothing more.
    """
    letter = open_letter("", text)
    plain = " ".join(level(letter.body or text).split())
    if len(plain.split()) > LONGEST or _NOT.search(plain):
        return False
    return _CLOSES.search(plain) is not None
