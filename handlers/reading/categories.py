"""What is shared, and for which service: staff, equipment, knowledge (acceptance row B29)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from textwrap import dedent

from rapidfuzz.distance import OSA

from handlers.reading.letter import Letter
from handlers.reading.letters import level
from handlers.reading.modality import clauses
from handlers.reading.sides import DEMAND, OFFER


class Category(StrEnum):
    """What is shared."""

    STAFF = "personnel"
    EQUIPMENT = "materiel"
    KNOWLEDGE = "savoir"
    OTHER = "autre"


def _words(lines: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(dedent(lines).split(chr(10))[1:-1])})(?!\w)")


_CATEGORIES = {
    Category.STAFF: _words(
        r"""
    agent(?:e|s|es)?|employ(?:e|ee|es|ees)(?:\(e\))?|personnel|ouvri(?:er|ere)s?|manoeuvres?
        |brigadiers?
    assistante?s?(?:\(e\))? socia\w+|assistante?s?|renforts?|remplac\w+|secretaires?|comptables?
    puericultric\w+|infirmi\w+|aides?[- ]?\s?(?:soignante?s?|menager\w*|familiale?s?|cuisini\w+)
    educat\w+|animat(?:eur|rice)s?|moniteurs?|cuisini(?:er|ere)s?|jobistes?|etudiante?s?
        |ecopasseu\w+
    conduct(?:eur|rice)s?|chauffeu\w+|architectes?|juristes?|informatici\w+|fossoyeurs?
        |surveillante?s?
    geometres?(?:-experts?)?|dessinat\w+|technici\w+|ingenieure?s?|urbanistes?|archivistes?
        |bibliothecaires?
    jardini(?:er|ere)s?|electrici\w+|menuisiers?|macons?|plombiers?|couvreurs?|mecanici\w+
        |magasini\w+
    psychologues?|kinesitherapeutes?|logopedes?|ergotherapeutes?|interpretes?|traduct(?:eur|rice)s?
    gardiens?|concierges?|nettoyeuses?|technicien\w* de surface|stagiaires?|benevoles?|gardes?
    accueillante?s?|institut(?:eur|rice)s?|enseignante?s?|ressources? humaines?|main[- ]d'oeuvre
    main-forte|bras|gradue\w*|bachelier\w*|inspect(?:eur|rice)s?|policiers?|equipes?|collegues?
        |effectifs?
    (?:quelqu'un|qqu?n) (?:pour|qui|de)|iemand (?:om|die|voor)|jemand(?:en)?,? (?:um|der|die|fur)
    some(?:one|body) (?:to|who|for)|personnes? (?:pour|qui|capables?|du|a (?!joindre|contacter)
        |de (?!contact
    |reference))|titulaire|receveu\w+|directeur financier|directrice financiere|conseill(?:er|ere)s?
    etp|mi-temps|temps plein|4/5|aide(?= pour (?:le|notre|nos|la) | au service| a l')
    bediende\w*|medewerk\w+|arbeider\w*|personeel|boekhoud\w+|verpleeg\w+|chauffeur\w*|\w*fahrer\w*
    mitarbeit\w+|arbeiter\w*|personal|buchhalt\w+|pflege\w+|staff|workers?|employees?|clerks?
        |nurses?|drivers?
    """.replace("\n    |", "|")
    ),
    Category.EQUIPMENT: _words(r"""
    materiel\w*|mobilier|armoires?|bureaux|machines?|camions?(?:-\w+)?|camionnettes?
        |tracteurs?(?:-\w+)?
    vehicules?|voitures?|chapiteaux?|tonnelles?|chaises?|bancs?|tables?|mange-debout|podiums?
        |praticables?
    barrieres?|nadars?|heras|balayeuses?|broyeurs?|nacelles?|lames? (?:a neige|de deneigement)
        |saleuses?
    epandeu\w+|sel (?:de deneigement|de voirie)|remorques?|grues?|tondeuses?|debroussaill\w+
        |motocult\w+
    tronconneuses?|souffleu\w+|tailles?-haies?|mini-?\s?pelles?|pell\w+|chargeu\w+|bulldozers?
        |dumpers?
    betonnieres?|compacteu(?:rs?|ses?)|motopompes?|hydrocureuses?|friteuses?|ponts? elevateurs?
    nettoyeurs? (?:a )?haute pression
    compresseurs?|generat(?:eur|rice)s?|groupes? electrogenes?|groupes? froids?|ordinateurs?|ecrans?
    imprimantes?|photocopieu\w+|serveurs?|tablettes?|scanners?|videoproj\w+|projecteurs?|beamers?
        |sono\w*
    micros?|hauts?-parleurs?|mats? d'eclairage|eclairages?|spots?|radars?|afficheurs?|panneaux
        |signaux
    feux (?:tricolores|de chantier)|cones?|signalisation|urnes?|isoloirs?|lits?|fauteuils?
        |matelas|leve-\w+
    lave-\w+|chariots?|frigos?|congelateurs?|chambres? froides?|percolateurs?|fours?|cuisine mobile
    (?:un|une|le|notre|d'un) (?:local|car|bus)|cars|autocars?|bus\b|minibus|salles?|hangars?|stocks?
    equipements?|outil\w*|echafaudages?|echelles?|pompes?|citernes?|tonnes? a eau|rouleaux?|brosses?
    velos?|tentes?|gobelets|vaisselle|defibrillateurs?|drones?|cabines?|toilettes (?:seches|mobiles)
    sacs de sable|bacs?|bennes?|conteneurs?|containers?|plaques? vibrantes?|dameu\w+|karchers?
        |nettoyeurs? haute
    scenes?|gradins|extincteurs?|cameras?|gilets|decorations?|drapeaux|guirlandes|illuminations
    materiaal|materieel|voertuig\w*|tafels?|stoelen|veegmachine\w*|aanhangwagen\w*|tent(?:en)?
        |hoogwerker\w*
    hekken|nadarhekken|fahrzeug\w*|tische?|stuhle|zelte?|anhanger|kehrmaschine\w*|bagger|buhne
        |hebebuhne
    minigravers?|graafmachine\w*|grasmaaier\w*|maaimachine\w*|vrachtwagen\w*
        |bestelwagen\w*
    traktor\w*|tractor\w*|heftruck\w*|strooi(?:er|wagen)\w*|sneeuwploeg\w*|stroomgroep\w*
        |generator\w*
    waterpomp\w*|versnipperaar\w*|ladders?|geluidsinstallatie|tafel|stoel|banken|zaal|zalen
        |vergaderzaal
    minibagger|radlader|lkw|lieferwagen|schneepflug\w*|streu(?:fahrzeug|er)\w*|hacksler
        |rasenmaher\w*|pumpen?
    leitern?|lautsprecher\w*|saal|raume?|sitzbanke|stuhl|tisch
    absperr\w+|equipment|chairs?|tables?|vehicles?|sweepers?|trailers?|stages?|barriers?|excavators?
    """),
    Category.KNOWLEDGE: _words(r"""
    (?:un|des|votre|vos|quelques|de) conseils?|conseils|avis(?! aux)|expertise|experiences?
        |savoir(?:-faire)?
    modeles?|formations?|renseignements?|retours? d'experience|bonnes? pratiques?|accompagnement
        |reglements?
    cahiers? (?:special |speciaux )?des charges|exemples?|expliquer|connaissance\w*|competence\w*
    reglements?-taxes?|procedures?|marche a suivre|expert(?:e|s|es|ise)?|coach\w*|mode d'emploi
        |methode
    erfahrung\w*|ervaring\w*|advies|beratung|advice|know-how|training
    """),
}
_LENDING = re.compile(
    r"\b(?:emprunt(?!eu)\w*|en pret|pret d|a preter|preter|pretons|location|louer|uitlen\w+|lenen"
    r"|leihen"
    r"|borrow|lend)\b"
)
SERVICES = {
    "population": r"service population|population",
    "etat civil": r"etat[- ]civil",
    "finances": r"finances?|comptabilite|recette|comptable|receveur|directeur financier",
    "travaux": r"travaux|voirie|ouvriers?|technique|deneigement|service hiver",
    "urbanisme": r"urbanisme|amenagement du territoire|permis d'urbanisme|architecte",
    "service social": r"service social|assistante?s?(?:\(e\))? socia\w+|aide sociale"
    r"|action sociale|mediation",
    "personnel": r"ressources humaines|service du personnel|service personnel|grh|\brh\b",
    "secretariat": r"secretariat|secretaire",
    "informatique": r"informati\w+|reseau informatique",
    "enseignement": r"enseignement|ecoles?|instituteur|institutrice|extra-?scolaire"
    r"|accueillante?s?",
    "petite enfance": r"creche|puericultric\w+|petite enfance|milieu d'accueil",
    "maison de repos": r"maison de repos|home\b|mrs?\b|aides?-?\s?soignante?s?|infirmier\w*",
    "marches publics": r"marches? publics?",
    "environnement": r"environnement|dechets|recyparcs?|espaces verts",
    "cuisine": r"cuisine|cuisinier\w*|repas",
    "cimetieres": r"cimetieres?|fossoyeur",
    "police": r"(?<!zone de )(?<!zones de )(?<!conseil de )police(?! d'assurance)|policiers?",
    "accueil": r"accueil du public|guichet|(?<!maison d')(?<!milieu d')(?<!structure d')accueil"
    r"(?! temps| extra)",
}
_SERVICE_PATTERNS = {name: re.compile(rf"\b(?:{words})\b") for name, words in SERVICES.items()}


def category_of(letter: Letter) -> Category | None:
    """What the verb of a demand or an offer is about; else what the letter speaks of most."""
    told = [level(letter.subject)]
    told += [c.text for s in letter.sentences for c in clauses(s) if c.counts]
    for plain in told[1:] + told[:1]:
        found = _object(plain)
        if found is not None:
            return found
    # « Chers collègues » names nobody who is wanted.
    plain = _GREETING.sub(" ", level(f"{letter.subject}\n\n{letter.body}"))
    return names_thing(plain) or (Category.EQUIPMENT if _LENDING.search(plain) else None)


_GREETING = re.compile(r"\b(?:chers?|cheres?|bonjour|salut) [^\n,!]{0,40}")


def _object(plain: str) -> Category | None:
    """The first thing behind the verb of a clause, or else the first before it."""
    verb = DEMAND.search(plain) or OFFER.search(plain)
    if verb is None:
        return None
    alone = _BESIDE.sub(_blank, plain)
    behind = min(_places(alone, verb.start()), default=None)
    first = behind or min(_places(alone, 0), default=None)
    return first[1] if first else None


_BESIDE = re.compile(
    r"\b(?:avec|sans|mit|ohne|with|without|zonder)"
    r" (?!(?:une?|le|la|les|des|deux|notre|nos|een|ein\w*|an?|the)\b)(?:(?:son|sa|its|zijn) )?\w+"
)
"""What comes with a thing is not what is shared: « une grue avec chauffeur », but « nous dépanner
avec un agent ».
"""


def _blank(found: re.Match[str]) -> str:
    return " " * len(found.group())


def _places(plain: str, start: int) -> Iterator[tuple[int, Category]]:
    for category, pattern in _CATEGORIES.items():
        match = pattern.search(plain, start)
        if match is not None:
            yield match.start(), category


def names_thing(plain: str) -> Category | None:
    """What levelled words speak of most; None if they name nothing that is shared."""
    counted = {category: len(set(p.findall(plain))) for category, p in _CATEGORIES.items()}
    best = max(counted.values())
    if best == 0:
        return None
    first = [place for place in _places(plain, 0) if counted[place[1]] == best]
    return min(first)[1]


def service_of(plain: str) -> str:
    """The service named after « service », else the first one that a word stands for."""
    named = re.search(
        r"\b(?:service|departement|bureau)s?(?: de la| de l'| des| du| de| d')? ?", plain
    )
    found: list[tuple[int, str]] = []
    for name, pattern in _SERVICE_PATTERNS.items():
        for match in pattern.finditer(plain):
            found.append(
                (0 if named and named.start() <= match.start() <= named.end() else 1, name)
            )
            break
    return min(found, key=lambda entry: entry[0])[1] if found else _misspelt_service(plain)


_AFTER_SERVICE = re.compile(r"\b(s[a-z]{4,7}) (?:de la |de l'|des |du |de |d')?([a-z]{6,20})\b")
_SPELT = {
    **{name: name for name in SERVICES if " " not in name},
    "comptabilite": "finances",
    "voirie": "travaux",
    "dechets": "environnement",
}


def _misspelt_service(plain: str) -> str:
    """The service named right after « service », be both misspelt: « servise populasion »."""
    for match in _AFTER_SERVICE.finditer(plain):
        if OSA.distance(match[1].rstrip("s"), "service") > 1:
            continue
        for spelt, name in _SPELT.items():
            if OSA.distance(match[2], spelt) <= (2 if len(spelt) > 9 else 1):
                return name
    return ""


_VAGUE = frozenset({"materiel", "equipement", "personnel", "agent", "renfort", "collegue", "stock"})


def things(plain: str) -> frozenset[str]:
    """The things and functions that levelled words name, in the singular; not « du matériel »."""
    found = {
        match.group().rstrip("sx")
        for category in (Category.EQUIPMENT, Category.STAFF)
        for match in _CATEGORIES[category].finditer(plain)
    }
    return frozenset(found - _VAGUE)
