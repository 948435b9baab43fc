"""What is asked of an order by its number alone, « annuler SMART-2026-0001 », or of an adhesion in
a sentence: « nous souhaitons quitter la centrale Smart ».
"""

from __future__ import annotations

import re

from handlers.context import Context
from handlers.policy import Role

_ASKED = re.compile(
    r"[!/]?(?P<verb>annuler|annulez|annulation (?:de (?:la )?|d['’])?|reprendre|reprenez"
    r"|modifier|modifiez|changer|changez|corriger|adapter)\s*"
    r"(?:(?:la |ma |notre |sa |l['’])?(?:commande|order)\s+|la\s+)?(?:n[°ºo]\.?\s*)?"
    r"(?P<reference>[a-z][a-z-]+-20\d\d-\d{3,6})\b",
    re.IGNORECASE,
)


_CHANGES = re.compile(
    r"(?:(?:nous|je|on) (?:voudr|souhait|aimer|d[ée]sir|veu)\w+ "
    r"|(?:pou(?:vez|rriez)|peut|pourrait)[- ]\w+ |merci de |veuillez "
    r"|(?:serait|est)-il possible d(?:e |['’]))?"
    r"(?P<what>(?:ajouter|rajouter|retirer|enlever|supprimer|modifier|changer|corriger|adapter"
    r"|remplacer"
    r"|ajoutez|rajoutez|retirez|enlevez|supprimez|modifiez|changez|corrigez|remplacez)"
    r"\s[^.?!\n]{2,120}?)"
    r"\s(?:[àa]u?|de|du|d['’]|dans|sur|pour) (?:la |notre |ma |sa )?"
    r"(?:commande |bon (?:de commande )?)?"
    r"(?:n[°ºo]\.?\s*)?(?P<reference>[a-z][a-z-]+-20\d\d-\d{3,6})\b",
    re.IGNORECASE,
)
"""« Je voudrais ajouter une licence à notre commande SMART-2026-0001 » : no order of its own."""
_LEAVES = re.compile(
    r"(?:(?:nous|je|(?:la |notre )commune|le cpas|notre cpas) )?"
    r"(?:(?:voudr|souhait|d[ée]sir|aimer|d[ée]cid)\w+ (?:de )?)?"
    r"(?:(?:quitter|(?:nous|me|se) retirer de) (?:la )?centrale(?: d['’]achats?)?"
    r"|(?:retirer|r[ée]silier|retrait de) (?:notre |mon |l['’])adh[ée]sion (?:[àa]|de)"
    r"(?: la)?(?: centrale)?)\s+(?=\w)",
    re.IGNORECASE,
)


_REFERENCE = r"(?:n[°ºo]\.?\s*)?(?P<reference>[a-z][a-z-]+-20\d\d-\d{3,6})\b"
_AWARDED = re.compile(
    r"(?:(?:(?:j['’]ai|nous avons|on a)\s+(?:bien\s+)?attribu[ée]+"
    r"|(?:merci d(?:e\s|['’])|veuillez\s|(?:peux-tu|pouvez-vous)\s)?(?:noter|enregistrer)"
    r"\s+l['’]attribution d[eu]|attribution d[eu]|attribue[rz])\s+"
    r"(?:la |cette |notre )?(?:commande\s+)?"
    rf"{_REFERENCE}"
    r"|(?:la )?commande\s+(?:n[°ºo]\.?\s*)?(?P<passive>[a-z][a-z-]+-20\d\d-\d{3,6})\s+"
    r"(?:est|a [ée]t[ée])\s+(?:bien\s+)?attribu[ée]+)",
    re.IGNORECASE,
)
"""« J'ai attribué la commande SMART-2026-0001 à … » : who manages a central says it in the past."""
_CAP = re.compile(
    r"(?P<verb>supprime[rz]?|l[eè]ve[rz]?|enl[eè]ve[rz]?|retire[rz]?|annule[rz]?"
    r"|fixe[rz]?|mett(?:re|ez)|pose[rz]?|porte[rz]?)\s+(?:le|un|ce|notre)\s+plafond\b\s*"
    r"(?:de (?:la )?(?=[^\W\d]))?",
    re.IGNORECASE,
)
_SETS = re.compile(r"(?:fixe|mett|pose|porte)", re.IGNORECASE)


def _managing(text: str) -> str | None:
    """What a manager tells of an award or a cap, as the command that it means."""
    awarded = _AWARDED.match(text)
    if awarded is not None:
        reference = awarded["reference"] or awarded["passive"]
        return f"attribuer {reference} {text[awarded.end() :].strip(' ,')}"
    cap = _CAP.match(text)
    if cap is None:
        return None
    told = text[cap.end() :].strip()
    return f"plafond {told}" if _SETS.match(cap["verb"]) else f"plafond {told} lever"


def in_its_words(ctx: Context, text: str) -> str:
    """A text with the command that is meant where it begins with a verb and an order's number: who
    manages a central cancels, who ordered asks for it (:mod:`handlers.order_changes`).
    """
    managing = _managing(text) if Role.MANAGER in ctx.roles else None
    if managing is not None:
        return managing
    leaves = _LEAVES.match(text)
    if leaves is not None:
        return f"quitter la centrale {text[leaves.end() :]}"
    changes = _CHANGES.match(text)
    if changes is not None and Role.MANAGER not in ctx.roles:
        return f"modifier la commande {changes['reference']} : {changes['what']}"
    asked = _ASKED.match(text)
    if asked is None:
        return text
    verb = asked["verb"].lower()
    if verb.startswith("repren"):
        command = "reprendre la commande"
    elif not verb.startswith("annul"):
        command = "modifier la commande"
    else:
        command = "annuler la commande" if Role.MANAGER in ctx.roles else "renoncer"
    return f"{command} {asked['reference']}{text[asked.end() :]}"
