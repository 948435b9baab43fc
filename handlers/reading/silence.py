"""« Ne m'écrivez plus » : whether somebody asks in their own words to be sent nothing more."""

from __future__ import annotations

import re

from handlers.reading.letter import open_letter
from handlers.reading.letters import level
from handlers.reading.wordings import any_of

LONGEST = 40
"""Up to how many words it is a wish of its own, rather than a remark within a letter."""

# Names in capitals stand for one of the lists below: the words compared are all small letters.
_WORDS = {
    "WHAT": r"(?:mails?|e-?mails?|courriels?|courriers?|messages?|annonces?|envois?|notifications?"
    r"|avis|sollicitations?|newsletters?|infos?|informations?)",
    "LIST": r"(?:listes?|mailings?|mailing[- ]?lists?|newsletters?|envois?|diffusions?|mails?"
    r"|e-?mails?)",
    "BERICHT": r"(?:mails?|e-?mails?|berichten|mailtjes|aankondigingen|oproepen|meldingen)",
    "NACHRICHT": r"(?:mails?|e-?mails?|nachrichten|anzeigen|mitteilungen|inserate|ankundigungen)",
    "WANT": r"(?:veux|veut|voulons|souhait\w+|desir\w+|voudrai\w+|voudrions|aimerai\w+|aimerions"
    r"|tien\w+)",
    "STOP": r"(?:arretez|cessez|stoppez|arreter|cesser)(?: (?:svp|donc|maintenant))?",
}
_WISHES = r"""
    ne (?:m'|me |nous )?(?:ecri[sv]|envoy|contact|adress|mail|sollicit|derang)\w*(?:[- ](?:moi|nous))? plus
    (?:m'|me |nous )(?:ecrivez|envoyez|contactez|mailez|sollicitez)(?: svp)? plus
    (?:je|nous|on) (?:ne |n')?WANT (?:vraiment |donc )?(?:plus|pas) (?:rien |a |du tout |de )?recevoir
    (?:je|nous|on) (?:ne |n')?WANT (?:vraiment |donc )?plus etre (?:contacte|sollicite|derange|inonde)
    (?:WANT|merci de|veuillez|priere de|demande de) ne plus (?:rien |m'|me |nous )?(?:recevoir|ecrire)
    (?:WANT|merci de|veuillez|priere de|demande de) ne plus (?:rien |m'|me |nous )?(?:envoyer|contacter|etre)
    STOP de (?:m'|me |nous )?(?:ecrire|envoyer|contacter|solliciter|mailer)
    STOP (?:l'envoie?|tout envoi|(?:tous )?(?:vos|ces|les) WHAT)
    (?:me|nous) (?:retir|enlev|supprim|ray|ot|desabonn)er (?:de|des) (?:la |votre |vos |cette |ces )?LIST
    (?:me|nous) desinscrire (?:de|des) (?:la |votre |vos |cette |ces )?LIST
    (?:retirez|enlevez|supprimez|rayez|otez|desabonnez|desinscrivez)[- ](?:moi|nous)(?: svp)? (?:de|des) (?:la |votre |vos |cette |ces )?LIST
    (?:pouvez|pourriez|peux|pourrais)[- ](?:vous|tu) ne plus (?:rien |m'|me |nous )?(?:envoyer|ecrire|contacter|solliciter)
    possible (?:de |d')ne plus (?:rien |en |m'|me |nous |etre )?(?:recevoir|envoyer|ecrire|contact\w+|sollicit\w+)
    ^(?:plus|pas|assez|fini|stop)(?: (?:de|d'|aucun|un seul|vos|ces|les|aux|tous|avec))* ?WHAT
    (?:stuur|schrijf|mail|contacteer) (?:me|mij|ons) (?:alstublieft |aub )?(?:niet|geen|niets)(?: \w+){0,3} meer
    (?:geen|niets)(?: \w+)?(?: BERICHT)? meer (?:te )?(?:ontvangen|krijgen|sturen|zenden)
    geen(?: \w+)? BERICHT meer
    (?:schrijf|haal|verwijder) (?:me|mij|ons)(?: \w+)? (?:uit|van|af)\b.{0,15}\b(?:lijst|mailinglijst|BERICHT)
    (?:schreiben|schicken|senden) sie (?:mir|uns) (?:bitte )?(?:nicht|keine|nichts)(?: \w+)? mehr
    keine(?: \w+)? NACHRICHT mehr
    (?:stop|quit) (?:writing|emailing|mailing|sending|contacting|spamming)
    (?:don't|do not) (?:write|e-?mail|mail|contact|send)(?: to)? (?:me|us)\b.{0,25}\b(?:any ?more|again|any longer)
    (?:take|remove|delete) (?:me|us) (?:off|from) (?:your|the|this)(?: mailing)? ?list
    (?:no longer|don't|do not) (?:wish|want) to (?:receive|get|hear)
    no more (?:e-?mails?|messages|announcements)
"""  # noqa: E501 - one wording a line, to be read as a table
_LIMITS = r"""
    avant|jusqu\w*|pendant|durant|temporairement|provisoirement|cette semaine|ce mois
    a cette (?:ancienne )?adresse|ancienne adresse|nouvelle adresse|plutot|a la place|sauf
    uniquement|seulement|que (?:les|des|celles|ce qui)|en double|deux fois|matrix
    collegue|remplac\w+|retraite|pension
    annonces? (?:de|du|des|sur|pour|concernant|relatives?|qui)|annonces? d'
    plateforme|adhesion|inscription|desinscription|registre|commande|facture
    tot|voor|tijdens|dubbel|behalve|alleen|enkel|collega
    bis|vor|wahrend|doppelt|ausser|nur|kollege|kollegin
    until|before|during|twice|except|only|instead|colleague
"""
"""A time, another address, a sort of messages, a successor, or leaving altogether."""
_GREETING = re.compile(
    r"^\W*(?:(?:bonjour|bonsoir|beste|hallo|hello|guten tag|goedendag|madame|monsieur)\W+)*"
)
_POLITE_QUESTION = re.compile(
    r"\b(?:(?:peux|pouvez|pourriez|pourrais)[- ](?:vous|tu)"
    r"|(?:est|serait|est-ce)(?:[- ]il)? possible|puis-je|kunt u|kan (?:u|ik)|konnten? sie"
    r"|kann ich|(?:can|could) (?:you|i))\b[^?]*\?"
)
"""A wish put as a question: « Pourriez-vous ne plus m'écrire ? »."""
_ASKED, _LIMITED = any_of(_WISHES, _WORDS), any_of(_LIMITS, _WORDS)


def asks_for_silence(subject: str, text: str) -> bool:
    """Whether a short letter asks, without any limit or question, that nothing more be sent."""
    letter = open_letter(subject, text)
    plain = _GREETING.sub("", " ".join(level(letter.body or letter.subject).split()))
    if "?" in _POLITE_QUESTION.sub("", plain) or len(plain.split()) > LONGEST:
        return False
    return _ASKED.search(plain) is not None and _LIMITED.search(plain) is None
