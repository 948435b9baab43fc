"""All cues of what a message wants, and the words by which machines and other matters give
themselves away.
"""

from __future__ import annotations

import re

from handlers.reading import cues_exchange, cues_membership, cues_purchasing
from handlers.reading.cue import Intent

__all__ = ["CUES", "Intent"]

CUES = (
    *cues_membership.REGISTER,
    *cues_membership.PEOPLE,
    *cues_membership.LEAVE,
    *cues_purchasing.JOINING,
    *cues_purchasing.ORDER,
    *cues_purchasing.STATUS,
    *cues_purchasing.INFORMATION,
    *cues_exchange.HELP,
    *cues_exchange.SURVEY,
    *cues_exchange.ANSWERS,
)

# What is registered for is something else than the platform.
OTHER_REGISTRATION = re.compile(
    r"\b(?:inscri|particip|enregistr)\w+ .{0,50}\b(?:formation|cours|plaine|stage|salle|journee"
    r"|evenement|seance(?! tenante)|webinaire|activite|colloque|atelier|concours|examen|voyage"
    r"|repas|creche"
    r"|ecole|marche de noel|newsletter|brocante)\b"
    r"|\binvit\w+ (?:a|pour) (?:nous |s'|vous )inscri|\binscri\w+ (?:au|dans le) registre (?:de"
    r" (?:la )?population|national|d'attente)"
    r"|\binscri\w+ (?:de )?(?:mon|ma|mes|deux|trois|quatre|\d+|un|une|des(?! (?:a"
    r" present|maintenant|aujourd|ce|que))) "
)
AUTO_REPLY = re.compile(
    r"\breponse (?:automatique|generee automatiquement)|\bmessage (?:d'absence|automatique)"
    r"|\bout of office|\bafwezigheids(?:bericht|melding|assistent)"
    r"|\babsen(?:t|te|ce) (?:du|de) bureau|\bautomatic reply|\bautomatisch antwoord"
    r"|\b(?:avis|message|reponse|notification|courriel) (?:\w+ ){0,3}(?:envoye|genere|expedie)e?"
    r" (?:une seule fois|automatiquement|par (?:notre|un) (?:messagerie|serveur|systeme))"
    r"|\bmerci de ne pas y repondre|\babwesenheitsnotiz|\bautomatische antwort|\bvacation reply"
    r"|\bcette (?:boite|adresse)[^.]{0,40}n'est plus (?:consultee|relevee|active|utilisee)"
    r"|^\s*(?:je suis|actuellement) (?:en conge|absente?|en vacances).{0,200}(?:ne lirai"
    r"|ne pourrai|a mon retour|des mon retour)"
)
AWAY_SUBJECT = re.compile(
    r"^\W*(?:(?:ik ben )?(?:momenteel )?afwezig|abwesend)(?:heid)?(?: (?:tot|van|bis|vom)\b.*)?\W*$"
)
"""The subject of a note; in a letter the same word tells of a colleague."""
BOUNCE_SENDER = re.compile(r"^(?:mailer-daemon|postmaster|mail-daemon)(?:@|$)")
RETURNED = re.compile(
    r"\b(?:n'a pas pu etre (?:remis|delivre|distribue|achemine)|(?:mail )?delivery (?:has )?failed"
    r"|undeliver\w+|could not be delivered|kon niet worden (?:bezorgd|afgeleverd)|nicht zugestellt"
    r"|unzustellbar|echec de (?:la )?remise|non remis)\b"
)
SERVER_CODE = re.compile(
    r"\b[45]\d\d[ #-]{1,2}[45]\.\d\.\d|\buser unknown\b|\bmailbox (?:full|unavailable|is full)"
    r"|\bquota\b|\bno such user\b|\brecipient (?:address )?rejected\b|\bboite .{0,20}pleine\b"
)
CALENDAR_SUBJECT = re.compile(
    r"^(?:accepte|refuse|provisoire|accepted|declined|tentative|geaccepteerd)\w* ?:"
)
SURVEY_SUBJECT = re.compile(r"\b(?:enquete|sondage)\b")
HELP_ALONE = re.compile(
    r"^\W*(?:(?:demande d'|besoin d')?aide|help|hulp|hilfe|aidez-moi|sos|\?|menu|commandes"
    r"|mode d'emploi)"
    r"\W*(?:svp|stp|s'il (?:vous|te) plait|please|aub|bitte|merci)?\W*$"
)
