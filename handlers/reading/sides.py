"""Whether help is asked or given, by the words of a letter (acceptance rows B07, B31).

Verbs that say it weigh more than circumstances (« à venir chercher », « un coup de main »). Where
both sides weigh the same, the title decides; without it the author is asked.
"""

from __future__ import annotations

import re
from enum import StrEnum
from textwrap import dedent

from handlers.reading.letter import Letter
from handlers.reading.letters import level
from handlers.reading.modality import Clause, Mood, clauses


class Side(StrEnum):
    """Whether help is asked or given."""

    DEMAND = "demande"
    OFFER = "offre"


def _any(wordings: str) -> re.Pattern[str]:
    """One pattern of wordings, one a line; a line that is indented goes on with the one above."""
    lines = re.sub(r"\n +", "", dedent(wordings).strip()).replace("\n", "|")
    return re.compile(rf"(?<!\w)(?:{lines})", re.MULTILINE)


_ASKED = _any(r"""
    (?<!venir )(?<!aller )(?<!passer )(?:re)?cherch\w+(?! a (?:savoir|comprendre|connaitre|joindre
        |obtenir)| (?:un |du )?(?:emploi|travail|stage|job))
    besoins?\b(?! (?:de |d'|urgent de |encore de )?(?:savoir|connaitre|comprendre|voir|confirm\w+
        |votre|vos|vous|precis\w+|renseign\w+|inform\w+|recevoir|obtenir|un accuse|cette|ces
        |une (?:decision|deliberation|convention|autorisation|reponse|confirmation)
        |la liste|le montant|la date|verifier))
    manqu(?:e|ons|ent|er)\b
    demand(?:e|ons|e urgente) (?:de|d'|un|une|du|des|l'aide|a)\b
    a court d
    qui (?:peut|pourrait|aurait|a|dispose\w*|saurait|veut bien)\b(?! (?:me |nous |lui )?(?:repond
        |dire
        |expliqu|renseign|aiguill|eclair|confirm|passer|venir les|en vouloir)\w*)(?! bien\b)
    (?:pourrait|pourriez|peut|pouvez|auriez|aurait|avez|dispose(?:nt|z)?|existe)[- ](?:t-)?
        (?:on|vous|elles?|ils?)\b(?! (?:(?:me|nous|m'|l'|la|le|les|lui|y|en|svp|deja|donc|bien
        |aussi|encore|faire)[ ]?)*(?:dire|envo|transm|communiq|precis|indiqu|confirm|expliq
        |parvenir|suivre|savoir|donner|renseign|inform|tenir|rappel|verif|adress|repond|accus
        |inscri|not|prendre|modif|chang|enregistr|retir|ajout|act|supprim|eclair|valid|corrig
        |orient|conseill|fourni|recu|lu|pris|des nouvelles|diffus|publi|relay|mettre (?:ca|cela|ceci
        |l'annonce|cette)|passer (?:ca|la|cette|le|l'annonce)|lanc|circul|poster|appel|contact)\w*)
    (?:quelqu'un|qqn|une (?:autre )?(?:commune|institution|administration|zone)|un (?:autre )?cpas
        |une collegue|un collegue) (?:\w+ )?(?:pourrait|peut|aurait|a|serait|dispose\w*)\b
    emprunt(?!eu)\w*
    appel a l'aide|au secours|sos\b|aidez[- ]nous
    (?:nous|me) (?:preter|depanner|aider|renforcer|detacher|venir en aide)|preter a (?:la|au|l')
    demande(?: de| d'|\s*:| -)
    sollicit\w+ (?:l'aide|un|une|du|le|votre)
    (?:serions|sommes|suis|est|serait) preneu\w+
    sommes en manque
    (?:aimer|souhait|voudr|desir)\w+ (?:pouvoir |bien )?(?:louer|emprunter|disposer d|(?:avoir\s
        |recevoir |connaitre )?(?:l'|un |des |votre |vos )(?:avis|conseil|exemple|experience
        |retour))|en quete d
    faute d[e'] ?(?:personnel|bras|agents?|candidats?)
    (?:il (?:nous |me |lui )?(?:en )?)?(?:faudrait|nous faut|me faut|lui faut)
    recours a un
    accueiller(?:ait|ions) volontiers
    op zoek naar|zoek(?:t|en)?\b|gezocht|(?:dringend )?nodig\b|wie (?:heeft|kan)\b
        |(?:heeft|kan) (?:iemand|een andere)|te leen gevraagd
    such(?:en|t|e)?\b|gesucht|wer (?:hat|kann)\b|benotig\w*|brauch(?:en|t|e)\b
        |(?:hat|kann|konnte) jemand|konnte uns
    looking for|does any(?:one|body)|(?:could|can) (?:any|some)(?:one|body)|(?:we|i
        |council) needs?\b
        |(?:is|are) (?:urgently )?(?:seeking|short of|in need)|(?:to|could we) borrow|lend us
            |help us
""")
_WISHED = _any(r"""
    quelqu'un|qqu?n|iemand|jemand(?:en)?|some(?:one|body)
    depann\w+|coup de (?:main|pouce)|main-forte|help\b
    renforts?\b|remplacant\w*
    (?<!vous )(?:est|sont|serait|seraient|sera) (?:la |le |les |plus que |tres )?bienvenue?s?
""")
_GIVEN = _any(r"""
    (?:propos(?:e|ons|erions|erait)|offr(?:e|ons|ent|irait|irions)(?! d'emploi))\b(?! (?:aucun|pas))
    met(?:s|tons|trait|trions|tra|trons|tent)? (?:\w+ ){0,2}(?:gratuitement|volontiers)
    met(?:s|tons|trait|trions|tra|trons|tent)?\b[^.?!\n]{0,90}? a (?:la |votre |leur )?disposition
    met(?:s|tons|trait|trions|tra|trons|tent)? en (?:pret|location|vente|partage)
    (?<!a )(?<!ont )(?<!avez )(?<!avons )(?<!ai )(?<!as )(?<!ete )pret(?:e|ons|ent|erai|erons|erait
        |erions) (?:volontiers|gratuitement|notre|nos|son|sa|ses|mon
        |une?|des|le|la|les|\d|aux?|deux|trois)
    (?:peut|pouvons|pourrions|pourrait|peux|pourrais|peuvent|souhait\w+|compt\w+|desir\w+|va|allons)
        (?: (?:aussi|donc|vous|egalement|volontiers|toujours|en|les?|la|se|te))*
        [ ](?:preter|mettre (?:\S+ ){0,6}?a (?:la |votre |leur )?disposition|mettre en (?:pret
            |commun)
        |detacher|aider|offrir|proposer|ceder|liberer|partager|donner|depanner|separer
            |passer d)
    qu(?:e|'elle|'il) (?:nous |on |elle |il )?(?:peut|pouvons|pourrions|pourrait) (?:preter|ceder
        |partager)
    qui (?:veut|voudrait)\b(?! bien)|(?:renforcer|aider|depanner|secourir) (?:une|d'autres|les
        |un) (?:autres? )?(?:communes?|cpas|zones?|institutions?|administrations?)
    tenons a (?:la |votre )?disposition|mis(?:e)?s? a (?:votre |la )?disposition
    a (?:la )?disposition d(?:es?|')|a disposition\b
    a preter\b(?! du| au| a la)|a (?:ceder|donner|offrir|partager|reprendre|enlever|emporter)\b
    offre(?: de| d'|\s*:| -)
    disposons d\w* .{0,60}(?:preter|disposition|disponible|partager|ceder)
    (?:province|commune|ville|cpas|zone|administration|service)(?: \S+){0,3} (?:donne|cede|loue)\b
    donnons\b|cedons\b|cede (?:gratuitement|volontiers|une?|\d|deux|trois|ses|son|sa)
    liber(?:e|ons|erait|erions) (?:une?|\d|deux|son|sa|ses|notre|nos)
    pret(?:e|ent) volontiers|dons? d
    partage(?:ons|rions)? (?:volontiers|notre|nos|son|sa)
    peu(?:t|vent) (?:donc )?(?:etre (?:emprunt|pret|utilis|mis|lou|reserv|detach|liber|envoy
        |partag)|servir)\w*
    (?:se|nous) separ\w+ d|(?:vend|vendons|vendre|en vente)\b
    cherch\w+ (?:une? |des )?(?:nouve\w+ )?(?:re)?(?:preneu|amateur|acquereur|proprietaire
        |acheteu)\w*
    avis aux amateurs|qui en (?:veut|voudrait|souhaite|a besoin)|au besoin d'autres
    ter beschikking|(?:wij|we|gemeente|stad|ocmw|zone) (?:bied|leen|stell)\w+|bied(?:t
        |en) .{0,40}aan
        |te leen\b(?! gevraagd)|uit te lenen|kunnen .{0,60}(?:uit)?lenen|over te nemen
    (?:wir|gemeinde|stadt|oshz) (?:biete\w*|verleih\w*|stell\w*)|zu verleihen|abzugeben
        |(?:stellt|stellen) .{0,60}zur verfugung|konnen .{0,60}(?:ver|aus)leihen
    we (?:offer|can (?:lend|offer|share|spare|provide))|can (?:lend|spare)|available (?:for loan|to)
        |(?:happy|glad|willing) to (?:lend|share|offer)
""")
_SPARE = _any(r"""
    (?:est|sont|reste|restent|serait|sera) (?:libres?|disponibles?) (?:pour|a|du|des|aux|de|en
        |tous?)
    ^\W*dispo\b|\bdispos? (?:du|des|a partir|pour|en|jusqu)
    ^\W*(?:offre )?pret d|^\W*(?:\w+ ){0,5}disponibles?\b(?! pour nous)
    ne (?:nous |lui )?ser(?:t|vent|vira|viront) (?:plus|pas|guere)
    n'(?:avons|a|utilis\w+) plus (?:l'usage|l'utilite|besoin|usage)
    dont (?:nous|on|il|elle) n'(?:avons|a|utilis\w+) plus
    (?:en |de )surplus|excedent\w*|en double|inutilise\w*|dormir\w*|dort\b|dorment
    (?:avons|reste|restent) .{0,40}(?:en trop|en reserve|libres?|disponibles?)
    a venir chercher|a retirer
    beschikbaar|ubrig|verfugbar
""")
DEMAND = re.compile(f"{_ASKED.pattern}|{_WISHED.pattern}", re.MULTILINE)
OFFER = re.compile(f"{_GIVEN.pattern}|{_SPARE.pattern}", re.MULTILINE)
_BESIDE = re.compile(
    r"\b(?:qui|si|ceux|celles|quiconque|vous)\b[^.,;?]{0,20}\b(?:en )?(?:a|ont|avez|aurait|auraient"
    r"|auriez|avaient) (?:\w+ )?besoin\b|\bau besoin\b|\b(?:en cas de|si) besoin\b|\bselon (?:les"
    r"|vos) besoins\b"
    r"|\ba qui (?:en )?(?:veut|voudra)\b|\bsur (?:simple )?demande\b|\bemprunteu\w+"
    r"|\bcherch\w+ (?:une? |des )?(?:nouve\w+ )?(?:re)?(?:preneu|amateur|acquereur|proprietaire"
    r"|acheteu)\w*|\b(?:venir|passer|aller) (?:le |la |les )?cherch\w+"
)
"""Words of a demand that make none: those of whoever may take what is offered."""
_ASKS = re.compile(
    r"\bqui (?:peut|pourrait|aurait|a|dispose\w*|saurait|veut bien)\b|\?|\bquelqu'un\b"
)


def side_of(letter: Letter) -> Side | None:
    """The side that a letter takes; None where it takes none, or both alike."""
    told = [clause for sentence in letter.sentences for clause in clauses(sentence)]
    balance = sum(_balance(clause.text) for clause in told if clause.counts)
    balance = balance or _balance(letter.subject) or sum(_spared(clause) for clause in told)
    if balance == 0:
        return None
    return Side.DEMAND if balance > 0 else Side.OFFER


def _spared(clause: Clause) -> int:
    """What is supposed (« si une commune pouvait … »), or told as what one does without."""
    if clause.mood is Mood.SUPPOSED:
        return _balance(clause.text)
    return -int(clause.mood is Mood.DENIED and _SPARE.search(clause.text) is not None)


def _balance(text: str) -> int:
    """How much words ask (above 0) or give (below)."""
    plain = level(text)
    given = 2 * bool(_GIVEN.search(plain)) or int(bool(_SPARE.search(plain)))
    if given and _ASKS.search(plain):
        # « Qui peut mettre … à disposition ? » gives nothing.
        given = 0 if _ASKED.search(_BESIDE.sub(" ", plain)) else given
    rest = _BESIDE.sub(" ", OFFER.sub(" ", plain) if given else plain)
    asked = 2 * bool(_ASKED.search(rest)) or int(bool(_WISHED.search(rest)))
    return asked - given
