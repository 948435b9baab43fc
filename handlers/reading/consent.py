"""A yes or a no in a clerk's own words (« vous pouvez y aller »), where one thing was asked.

A yes has to be plain: one condition, change, question or doubt anywhere in the answer makes it
none, and the thing is asked again. A no may give its reason: not doing something can be mended.
"""

from __future__ import annotations

import re

from handlers.reading.letter import open_letter, unwrap
from handlers.reading.letters import level

_YES = re.compile(
    r"\boui\b|\bok\b|\bokay\b|\bd'accord\b|\bc'est (?:tout bon|bon|en ordre|parfait|note|entendu"
    r"|(?:bien |donc )?(?:confirme|valide|approuve|accepte))\b"
    r"|\bc'est (?:tout a fait |parfaitement |bien )?(?:correct|exact|juste|conforme|ca|cela)\b"
    r"|\b(?:tout|le tout|cela|ca) (?:est|me semble|nous semble|parait) (?:bien |parfaitement )?"
    r"(?:correct|exact|juste|conforme|en ordre|bon|ok)\b|^\W*(?:parfait|exact|correct|conforme)\b"
    r"|\bvous pouvez (?:donc |y |la |le |bien )*(?:aller|lancer|envoyer|proceder|transmettre"
    r"|valider"
    r"|passer|publier|diffuser|continuer|donner suite|poursuivre|confirmer|expedier|enregistrer)\b"
    r"|\ballez-y\b|\bfeu vert\b|\bbon pour accord\b|\bpour accord\b|\bmarqu(?:e"
    r"|ons) .{0,12}accord\b"
    r"|\b(?:mon|notre) accord\b|\b(?:je|nous|on) (?:vous |la |le |l')*(?:confirm|valid|approuv)"
    r"(?:e|ons)\b|\b(?:commande|message|donnees?) (?:confirme|valide)e?s?\b|^\W*(?:confirme"
    r"|valide)e?\b"
    r"|\b(?:je|nous) (?:suis|sommes) d'accord\b|^\W*(?:accord|go)\b"
    r"|\b(?:confirmation|confirmer) (?:de )?(?:la|notre|cette) commande\b"
    r"|\b(?:ja|akkoord|in orde|klopt|bevestigen?|ga uw gang)\b"
    r"|\b(?:einverstanden|in ordnung|bestatigen?|passt so)\b"
    r"|\b(?:yes|go ahead|approved|confirmed|i confirm|we confirm|all good)\b"
)
_NO = re.compile(
    r"^\W*(?:non|nee|neen|nein|no)\b|\bannul(?:er|ez|e|ons|ation)\b|\bne .{0,12}confirm\w+ pas\b"
    r"|\b(?:pas|plus) d'accord\b|\blaissez tomber\b|\bne (?:pas|plus) (?:donner suite|envoyer"
    r"|lancer)\b"
    r"|\bn'envoyez (?:pas|rien)\b|\b(?:nous|je|on) (?:y )?renon\w+|\babandonn\w+|\bstoppe[rz]\b"
    r"|\bstornier\w+|\babbrechen\b|\bannule\w+\b|\bcancel\b|\bniet akkoord\b"
    r"|\bnicht einverstanden\b"
)
_HARMLESS = re.compile(
    r"\b(?:pas|aucune?|sans) (?:de |d')?(?:probleme|souci|remarque|objection|reserve"
    r"|commentaire)s?\b"
    r"|\bpour (?:nous|moi|accord|notre part|ma part)\b|\ben attendant de vos nouvelles\b"
    r"|\bmerci de (?:ne pas tarder|faire (?:vite|au plus vite|diligence)|nous tenir (?:au courant"
    r"|informes))\b"
    # What is told of the contract that ends is no condition of the new one.
    r"|\b(?:notre|l'|le) (?:ancien|actuel|precedent)\w* (?:contrat|fournisseur|marche|systeme"
    r"|prestataire) (?:est|sera|a ete|se|prend|court|arrive|expire)"
    r"(?:(?!\b(?:donc|avant|pas|ne|n'|sauf|mais|si|quand|attend\w*)\b)[^.;\n])*"
    r"|(?:^|\n)\W*apres (?:verification|controle|lecture|relecture|accord|validation"
    r"|examen)\b[^,.;\n]{0,80},"
    r"|\brien a (?:redire|signaler|ajouter|corriger|changer|modifier)\b"
    r"|\bn'hesitez pas\b|\bmerci (?:d'avance|beaucoup|pour)\b"
)
_DOUBT = re.compile(
    r"\?|\bmais\b|\bsauf\b|\bexcept\w*|\bhormis\b|\btoutefois\b|\bcependant\b|\bneanmoins\b"
    r"|\bplutot\b"
    r"|\bcondition\w*|\breserve\b|\bsi\b|\bquand\b|\blorsque?\b|\bdes que\b|\bune fois\b|\bapres\b"
    r"|\bavant\b|\bd'abord\b|\battend\w*|\bpas encore\b|\bmodif\w*|\bcorrig\w*|\bcorrection\b"
    r"|\bajout\w*"
    r"|\benlev\w*|\bsupprim\w*|\bretir\w*|\bremplac\w*|\berreur\w*|\berron\w*|\bau lieu\b"
    r"|\bseulement\b"
    r"|\buniquement\b|\bune partie\b|\bpremi\w+|\bdeuxieme\b|\bligne\b|\bquantite\b|\bprovisoire\w*"
    r"|\bsous peu\b|\bprochain\w*|\bdemain\b|\bdoi(?:t|vent|s)\b|\bdevr\w+|\bserait\b|\bpourr\w+"
    r"|\bpouvez-vous\b|\bpourriez\b|\bveuillez\b|\bmerci d[e']\b|\bpeut-etre\b|\ben principe\b"
    r"|\bnormalement\b|\bquestion\b|\bdoute\b|\bverifi\w+|\bse prononcer\w*|\bpasser[oa]\w*\b"
    r"|\bmaar\b|\btenzij\b|\bals\b|\beerst\b|\bniet\b|\baber\b|\bwenn\b|\bfalls\b|\berst\b"
    r"|\bnicht\b"
    r"|\bbut\b|\bif\b|\bunless\b|\bexcept\b|\bnot\b|\bne\b|\bn'\w|\bpas\b|\bplus\b|\bjamais\b"
    # What it rests on has to be noted before it is confirmed.
    r"|\bchang\w+|\bdecision\b|\bdeliberation\b"
)
_DOUBTED_NO = re.compile(
    r"\?|\bmais\b|\bsauf\b|\bplutot\b|\bsi\b|\bpas encore\b|\bmodifi\w*|\bcorrig\w*|\bremplac\w*"
    r"|\bau lieu\b|\bmaar\b|\baber\b|\bbut\b|\bseulement\b|\buniquement\b|\bdeuxieme\b|\bligne\b"
)
_OFF = re.compile(
    r"\bannul(?:er|ez|ons|ation)\b(?! (?:et|la ligne|le point))|\b(?:j'|on (?:l')?)annule\b"
    r"|\b(?:laissez|laisse|laissons) tomber\b|\boublie[zr]?\b|\babandonn(?:er|ez|ons|e)\b"
    r"|\b(?:nous|je|on) (?:y )?renon\w+|\bstoppe[rz]\b|\bsans suite\b"
    r"|\bne (?:plus |pas |rien )*(?:donner|donnez) (?:pas |plus )?suite"
    r"|\bplus (?:besoin|necessaire|utile|d'actualite)\b"
    r"|\b(?:n'|ne )(?:nous |l'|la |le |les )?"
    r"(?:inscri|command|adher|publi|envoy|faites|enregistr)\w* "
    r"(?:finalement |donc )?(?:pas|plus|rien)\b"
    r"|\bannuleer\b|\bniet meer nodig\b|\blaat maar\b|\bstornier\w+|\bnicht mehr notig\b"
    r"|\bvergessen sie\b|\bcancel\b|\bforget (?:it|about)\b|\bno longer needed\b"
    r"|\bnever mind\b"
)
"""What somebody says who wants nothing of it any more."""
_AFTER_ALL = re.compile(r"\bfinalement,? (?:non|rien|pas)\b|\b(?:toch|doch) (?:niet|nicht)\b")
_FIGURE = re.compile(r"\d")
_LONGEST = 700


def plain_consent(text: str) -> bool | None:
    """Whether an answer says yes or no; None when it says neither plainly."""
    if len(text) > _LONGEST:
        return None
    body = level(unwrap(open_letter("", text).body or text))
    first = next((line for line in body.split("\n") if _says(line)), "")
    if _NO.search(first):
        said_yes = _YES.search(_NO.sub(" ", body))
        return None if said_yes or _DOUBTED_NO.search(body) else False
    settled = _HARMLESS.sub(" ", body)
    if _YES.search(first) and not _NO.search(settled) and not _DOUBT.search(settled):
        return True
    return None


_WAITS = re.compile(
    r"\b(?:attend(?:s|ez|ons)|(?:une|un) (?:minute|instant|moment)|pas (?:encore|tout de suite"
    r"|maintenant)|plus tard|wacht(?: even)?|nog niet|warte\w*|noch nicht|wait|not yet)\b"
)


def waits(text: str) -> bool:
    """Whether a no is only a not yet: « non attendez »."""
    return _WAITS.search(level(text[:_LONGEST])) is not None


def has_conditions(text: str) -> bool:
    """Whether an answer wants something beside yes or no: a change, a condition, an answer."""
    return _DOUBT.search(_HARMLESS.sub(" ", level(text[:_LONGEST]))) is not None


def calls_off(text: str) -> bool:
    """Whether an answer to a question that takes words says instead that all of it is off:
    « finalement non, le Collège doit d'abord se prononcer ».
    """
    if len(text) > _LONGEST or plain_consent(text):
        return False
    body = _HARMLESS.sub(" ", level(unwrap(open_letter("", text).body or text)))
    if _YES.search(body) or _DOUBTED_NO.search(_OFF.sub(" ", body)):
        return False
    # « Finalement non, le 9 mai » tells another day.
    off = _AFTER_ALL.search(body) and not _FIGURE.search(body)
    return bool(off or _OFF.search(body))


def _says(line: str) -> bool:
    """Whether a line says something, be it behind a greeting: « Bonjour, oui »."""
    if not _GREETING.match(line):
        return True
    return _YES.search(line) is not None or _NO.search(line) is not None


def leans_to_consent(text: str) -> bool:
    """Whether an answer speaks of agreeing at all, be it with conditions."""
    body = level(text[:_LONGEST])
    return _YES.search(body) is not None or _NO.search(body) is not None


_GREETING = re.compile(
    r"\W*(?:(?:bonjour|bonsoir|madame|monsieur|chers?|cheres?|beste|dag|hallo|hello|dear"
    r"|guten tag|sehr geehrte)\b.{0,40})?\W*$"
)
