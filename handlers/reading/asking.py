"""Questions of one sentence as the command that answers them: « pourriez-vous me dire qui gère la
centrale Smart ? » asks for `centrale Smart`.

Only commands that tell something come out of it: whatever is misread changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from handlers.reading.letters import level

MOST_WORDS = 25
"""More words are a letter, which says more than its question."""
_LONGEST = 400

_YOU = r"(?:vous|tu)"
_ME = r"(?:(?:me|nous) |[mn]')?"
_TELL = (
    r"(?:dire|indiquer|communiquer|preciser|faire savoir|confirmer|envoyer|transmettre|donner"
    r"|faire parvenir|fournir|montrer|renseigner|expliquer)"
)
_GET = r"(?:savoir|connaitre|avoir|recevoir|obtenir|voir|consulter|comprendre)"
_OPENER = re.compile(
    rf"(?:(?:pouvez|pourriez|peux|pourrais)[- ]{_YOU} {_ME}{_TELL}"
    rf"|(?:je|nous) (?:voudrai(?:s|ent)|voudrions|souhait\w+|aimeri\w+|desir\w+) {_ME}{_GET}"
    rf"|j'aimerais {_ME}{_GET}"
    rf"|(?:est-il|serait-il) possible (?:de |d'){_ME}(?:{_GET}|{_TELL})"
    rf"|merci de (?:bien vouloir )?{_ME}{_TELL}"
    rf"|(?:veuillez|priere de) {_ME}{_TELL}"
    rf"|(?:savez|sais|auriez|avez)[- ]{_YOU}"
    r"|kunt u (?:mij|ons|me) (?:zeggen|sturen|bezorgen|meedelen)"
    r"|konnen sie (?:mir|uns) (?:bitte )?(?:sagen|schicken|mitteilen)"
    r"|could you (?:please )?(?:tell|send|show) (?:me|us))"
    r"(?:,? (?:svp|stp|s'il vous plait|s'il te plait|bitte|please|aub))?,? +(?:si |s'(?=il))?"
)
"""How people begin a question politely, in levelled words."""
_ARTICLE = re.compile(r"l'|d'|(?:le|la|les|un|une|du|de la|de l'|des|de|die|der|das|het|the) ")
_THE = rf"(?:{_ARTICLE.pattern})?"
_CENTRAL = r"(?:centrale(?: d'achats?)?|aankoopcentrale|zentrale|central) "
_ASKED: tuple[tuple[str, str], ...] = (
    (rf"qui (?:est-ce qui )?(?:gere|dirige|pilote|organise|tient) {_THE}{_CENTRAL}", "centrale"),
    (rf"(?:wie beheert|wer verwaltet|who runs) {_THE}{_CENTRAL}", "centrale"),
    (
        (
            rf"(?:c'est quoi|qu'est-ce que(?: c'est que)?|en quoi consiste|que fait|parlez-moi de)"
            rf" {_THE}{_CENTRAL}"
        ),
        "centrale",
    ),
    (
        (
            rf"(?:est-ce que )?{_THE}{_CENTRAL}(?P<about>.+?)(?:(?: est)?[- ]elle| est)"
            r" (?:est )?(?:encore |toujours |deja |bien )?(?:ouverte|fermee|active|accessible)\b.*"
        ),
        "centrale",
    ),
    (
        (
            r"(?:qui contacter|a qui (?:dois-je |faut-il |peut-on |puis-je )?"
            r"(?:s'adresser|m'adresser|ecrire|demander)"
            r"|qui est (?:la personne de contact|le contact|l'interlocuteur)"
            r"|quel est (?:le|votre) contact|personne de contact)"
            rf" (?:pour|de|a) {_THE}{_CENTRAL}"
        ),
        "interlocuteur",
    ),
    (r"quelles(?: sont)?(?: les)? (?:autres )?centrales\b.*", "centrales"),
    (
        (
            r"(?:que (?:propose|fournit|vend|offre)|quelles solutions (?:propose|fournit|offre))"
            rf" {_THE}(?!centrale)"
        ),
        "fournisseur",
    ),
    (
        (
            r"(?:montrez[- ]moi|montrer|voir|lister|affichez) (?:(?:toutes )?les |des )?"
            r"(?=(?:offres|demandes|annonces)\b)"
        ),
        "",
    ),
    (
        (
            r"(?:qui|quelles? (?:autres? )?(?:communes?|administrations?|institutions?|villes?))"
            r"(?: d'autre|,? parmi [^,]{3,40},)? (?:a|ont|utilise(?:nt)?|dispose(?:nt)? d[eu]"
            r"|possede(?:nt)?|se ser(?:t|vent) d[eu]|emploie(?:nt)?)(?: deja| aussi)?"
            rf"(?: (?:pris|choisi|commande|achete|installe|adopte))?(?: deja| aussi)? {_THE}"
        ),
        "qui utilise",
    ),
    (
        (
            r"(?:est-ce que )?(?:la (?:commune|ville) (?:de |d'))?(?!qui\b|que\b|on\b)[a-z][\w'-]+"
            rf" (?:utilise|possede)(?:-t-elle)?(?: deja)? {_THE}"
        ),
        "qui utilise",
    ),
    (rf"qui (?:travaille avec|recourt a|fait appel a|est client de) {_THE}", "fournisseur"),
    (
        (
            r"(?:(?:quels|qui)(?: sont)?(?: tous)?(?: les| vos| ces)?"
            r"|(?:avez-vous une |la )?liste des|welke|welche|which)"
            r" (?:fournisseurs|prestataires|leveranciers|lieferanten|suppliers)$"
        ),
        "fournisseurs",
    ),
    (
        (
            r"(?:est-ce qu'il y a |y a-t-il |existe-t-il |quel(?:le)?s?(?: est| sont)? )"
            r"(?:une? |des |les? |la )?(?:limites?|plafonds?|maximums?|quotas?)"
            rf"(?:.*\b{_CENTRAL}(?P<about>[\w-]+)$|.*)"
        ),
        "plafonds",
    ),
    (
        (
            r"(?:combien|(?:pour )?quels? montants?|quelle somme)"
            r"(?: d'argent)? (?:avons-nous|a-t-on|ai-je|nous avons|on a)(?: deja)?"
            r" (?:depense|commande|engage|achete|investi)\w*\b.*"
        ),
        "commandes",
    ),
    (
        (
            r"(?:(?:combien coute(?:nt|rait)?|a combien revient|wat kost|was kostet|how much is) "
            r"|(?:quel (?:est|serait) )?(?:le |les )?(?:prix|cout|tarif)s? (?:de |du |des |d'))"
            rf"{_THE}(?P<about>(?!.*\bmoyen).+?)"
            r"(?: pour (?:(?:la |une |notre )?(?:commune|ville|cpas)|[\d. ]+ ?hab\w*)\b.*)?$"
        ),
        "fiche",
    ),
    (
        (
            r"(?:quels (?:sont )?|ou trouver )?(?:les |des )?documents"
            r"(?: (?!pour|de|du|sur|concernant)[\w'-]+){0,3}"
            rf" (?:pour (?:adherer a )?|de |du |sur |concernant ){_THE}(?:{_CENTRAL})?"
        ),
        "documents",
    ),
    (
        (
            r"(?:quelles sont (?:les )?|(?:les )?)conditions (?:pour (?:y )?adherer|d'adhesion"
            rf"|d'utilisation)(?: a| de| du)? {_THE}(?:{_CENTRAL})?"
        ),
        "règlement de la centrale",
    ),
    (
        (
            r"(?:qui|quelles? (?:communes?|institutions?|administrations?)) (?:n'a|n'ont) pas"
            rf" (?:encore )?(?:adhere|rejoint|adhere a)(?: a)? ?{_THE}(?:{_CENTRAL})?"
        ),
        "communes non adhérentes",
    ),
    (
        (
            r"(?:quelles solutions|que|quoi) (?:utilise|a choisi|a commande|possede|a pris)"
            rf" {_THE}(?:commune |ville |cpas )?(?:de |d')?"
        ),
        "fiche",
    ),
    (
        (
            r"quelles(?: sont)?(?: les)? (?:annonces|demandes|offres)(?: et(?: les)? offres)?"
            r"(?: (?:sont|restent|encore|actuellement))*(?: (?:ouvertes|en cours|disponibles))?$"
        ),
        "annonces",
    ),
    (r"quelles sont (?:les|vos) missions\b.*", "missions"),
    (r"(?:la |une )?carte (?:des communes|de la province|des adhesions|des membres)\b.*", "carte"),
    (r"comment (?:\w+[- ]?(?:je|on|nous)? ){0,2}(?:passer )?command\w*\b.*", "aide commander"),
    (r"comment (?:\w+[- ]?(?:je|on|nous)? ){0,2}adherer\b.*", "aide adhérer"),
    (r"comment (?:\w+[- ]?(?:je|on|nous)? ){0,2}(?:nous |m'|s')?inscri\w+\b.*", "aide inscrire"),
    (
        (
            r"(?:quoi de neuf|(?:quelles sont )?(?:les |vos )?(?:dernieres )?"
            r"(?:nouvelles|actualites))$"
        ),
        "actualités",
    ),
    (
        r"(?:qui peut|qui a le droit d')\W*(?:adherer|commander|s'inscrire|participer)\b.*",
        "à propos",
    ),
    (
        (
            r"(?:est-ce|c'est|l'inscription est-elle|l'adhesion est-elle|faut-il|doit-on)"
            r" (?:payante?|gratuite?|payer)\b.*"
        ),
        "règlement",
    ),
)
"""What is asked, in levelled words, and the command that tells it; what is left of the sentence is
what it is asked about, unless the pattern takes it all."""
_PATTERNS = tuple((re.compile(asked), command) for asked, command in _ASKED)
_BETWEEN = re.compile(
    rf"(?:(?:quelle est |y a-t-il une )?{_THE}difference entre|unterschied zwischen"
    rf"|verschil tussen) {_THE}(?P<one>.+?) (?:et|und|en) {_THE}(?P<other>.+)"
)
_END = " \t.?!…"
_LISTS = re.compile(
    rf"(?:bonjour\W+)?(?:{_OPENER.pattern}|(?:montrez[- ]moi|montrer|voir|lister|affichez) )"
    r"(?:(?:toutes )?(?:les|des) )?(?:offres|demandes|annonces)\b"
)
_DELAYS = re.compile(
    r"\b(?:delais? (?:d'|de |pour |avant )(?:l')?(?:attribu\w+|execution)"
    r"|combien de (?:temps|jours)\b(?=.{0,80}\battribu)"
    r"|(?:combien (?:de temps|d'annees) (?:dur\w+|cour\w+)|quelle est la duree)\b"
    r"(?=.{0,40}\b(?:contrats?|marches?)\b))"
)
_OURS = re.compile(
    r"\b(?:notre|nos|mon|ma|mes|votre|cette?|ces|onze|ons|unsere?\w*|our|my)\b|\b[a-z]+-\d{4}-\d+"
)


def as_commands(words: str) -> Iterator[str]:
    """The commands that may answer a question, the likeliest first; none for anything else.

    The last one is the question itself without its polite beginning, if it has one.
    """
    said = " ".join(words.split()).strip(_END)
    if not 0 < len(said) <= _LONGEST or len(said.split()) > MOST_WORDS or _has_sentences(said):
        return
    opener = _OPENER.match(level(said))
    asked = said[opener.end() :] if opener else said
    plain = level(asked)
    compared = _BETWEEN.fullmatch(plain)
    if compared:
        one, other = (asked[slice(*compared.span(name))] for name in ("one", "other"))
        yield f"comparer {one} et {other}"
    for pattern, command in _PATTERNS:
        found = pattern.match(plain)
        if found:
            named = found.groupdict().get("about")
            rest = asked[slice(*found.span("about"))] if named else asked[found.end() :]
            yield f"{command} {rest.strip(_END)}".strip()
    if opener:
        article = _ARTICLE.match(plain)
        yield asked[article.end() :] if article else asked


def asks_list(words: str) -> bool:
    """Whether what is open is asked for, which is no announcement: « montrez-moi les offres »."""
    return _LISTS.match(level(words).strip()) is not None


def asks_delays(words: str) -> bool:
    """Whether the delays of orders in general are asked for, not those of one order."""
    plain = level(words)
    asked = _DELAYS.search(plain) is not None and _OURS.search(plain) is None
    return asked and len(plain.split()) <= MOST_WORDS


def _has_sentences(said: str) -> bool:
    return any(mark in said for mark in (". ", "? ", "! ", "; "))
