"""What deceivers ask for and how they press, in a stranger's letter.

One sign alone is in many honest letters; a delicate wish together with pressure, secrecy or a
detour is not.
"""

from __future__ import annotations

import re

from handlers.reading.letter import LONGEST
from handlers.reading.letters import level

_MONEY = re.compile(
    r"\b(?:nouve\w+|chang\w+|modifi\w+|mise a jour|remplac\w+"
    r"|actualis\w+)\b.{0,60}\b(?:compte bancaire"
    r"|compte|iban|rib|coordonnees bancaires|domiciliation)\b"
    r"|\b(?:coordonnees bancaires|compte bancaire|iban|rib)\b.{0,60}\b(?:nouve\w+|chang\w+"
    r"|modifi\w+)"
    r"|\b(?:virement|paiement|versement) .{0,40}\b(?:urgent|immediat|aujourd'hui|sans delai)"
    r"|\b(?:regl|effectu|fass|fair|proced|autoris|execut|lanc)\w* .{0,40}\b(?:virement|paiement"
    r"|versement"
    r"|transfert)\b"
    r"|\bcartes? (?:cadeaux?|prepayees?)|\b(?:rekeningnummer|bankgegevens) .{0,40}gewijzigd"
    r"|\bbankverbindung .{0,40}geandert|\b(?:new|changed?) bank (?:account|details)|\bgift cards?\b"
)
_ACCESS = re.compile(
    r"\b(?:mot de passe|code d'acces|identifiants?|wachtwoord|passwort|password|credentials)\b"
    r"|\b(?:verifi|valid|confirm|reactiv|debloqu)\w+ (?:votre|vos) (?:compte|boite|identi|acces)\w*"
    r"|\b(?:compte|boite(?: mail)?|acces|messagerie) (?:sera|va etre|est) (?:bloque|suspendu"
    r"|desactive"
    r"|supprime|ferme)\w*|\bverify your account|\baccount (?:will be|has been) (?:suspended|locked)"
)
_LISTS = re.compile(
    r"\b(?:liste|fichier|base de donnees|coordonnees|adresses?|noms?)\b.{0,50}\b(?:utilisat\w+"
    r"|membres|personnes designees|agents|adherents)\b.{0,80}"
    r"|\b(?:commandes|annonces|contrats) en cours\b|\btoutes les (?:commandes|adresses)\b"
)
_PRESSURE = re.compile(
    r"\b(?:immediatement|sans (?:delai|attendre|tarder)|dans l'heure|aujourd'hui (?:meme|encore)"
    r"|urgent\w*|rapidement|au plus vite|avant (?:midi|ce soir|\d+ ?h)|sous \d+ ?(?:h|heures)"
    r"|onmiddellijk"
    r"|dringend|sofort|immediately|right away|within \d+ hours)\b"
)
_SECRECY = re.compile(
    r"\b(?:confidentiel\w*|confidentialite|discret\w*|discretion|(?:repon\w+|ecri\w+)[- ](?:moi"
    r"|nous)"
    r" (?:uniquement|seulement|exclusivement)|ne peux pas (?:telephoner|parler"
    r"|repondre au telephone)|inutile de (?:telephoner|m'appeler"
    r"|rappeler|confirmer)|ne (?:pas |me )*(?:telephon|appel|contact|rappel|en parl)\w+"
    r"|en reunion|injoignable|par (?:retour de )?(?:mail|courriel) uniquement|vertrouwelijk"
    r"|vertraulich|confidential|do not call)\b"
)
_DETOUR = re.compile(
    r"\b(?:cliqu\w+|lien ci-dessous|pieces? jointes? .{0,20}(?:securis|proteg)|klik|klicken"
    r"|click)\b"
    r"|https?://"
)


def looks_deceitful(subject: str, text: str) -> bool:
    """Whether a stranger's letter asks for what deceivers ask for, and presses or hides."""
    wishes, means = _signs(subject, text)
    return wishes > 0 and means > 0


def is_deceit(subject: str, text: str) -> bool:
    """Whether the signs are so many that it does not matter what else a letter says."""
    wishes, means = _signs(subject, text)
    return wishes > 0 and means > 0 and wishes + means >= _PLENTY


def _signs(subject: str, text: str) -> tuple[int, int]:
    plain = level(f"{subject}\n{text[:LONGEST]}")
    wishes = sum(sign.search(plain) is not None for sign in (_MONEY, _ACCESS, _LISTS))
    means = sum(sign.search(plain) is not None for sign in (_PRESSURE, _SECRECY, _DETOUR))
    return wishes, means


_PLENTY = 3
