"""A demand or an offer of help, read from free text (acceptance rows B07, B28 to B32)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from handlers.reading.dates import Period, find_period
from handlers.reading.letter import Letter
from handlers.reading.letters import level
from handlers.reading.modality import Clause, clauses
from handlers.reading.privacy import Passage, find_sensitive


class Side(StrEnum):
    """Whether help is asked or given."""

    DEMAND = "demande"
    OFFER = "offre"


class Category(StrEnum):
    """What is shared."""

    STAFF = "personnel"
    EQUIPMENT = "materiel"
    KNOWLEDGE = "savoir"
    OTHER = "autre"


class Severity(StrEnum):
    """How bad it is for the service (B32); a blocked one goes first."""

    OVERWHELMED = "débordé"
    BLOCKED = "bloqué"


class Lacking(StrEnum):
    """What an announcement does not say, and the reply asks for."""

    SIDE = "side"
    CATEGORY = "category"
    PERIOD = "period"
    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a text says about a demand or an offer; None or empty where it does not say.

    ``service`` is one of the keys of ``SERVICES``. ``sensitive`` are places in ``text`` that are
    never broadcast.
    """

    text: str
    side: Side | None
    category: Category | None
    service: str
    period: Period | None
    severity: Severity | None
    urgent: bool
    sensitive: tuple[Passage, ...]
    lacking: tuple[Lacking, ...]


_DEMAND = re.compile(
    r"(?<!venir )(?<!aller )(?<!passer )\b(?:re)?cherch\w+"
    r"(?! a (?:savoir|comprendre|connaitre|joindre|obtenir)| (?:un |du )?(?:emploi|travail|stage"
    r"|job))"
    r"|\bbesoins?\b(?! (?:de |d'|urgent de |encore de )?(?:savoir|connaitre|comprendre|voir"
    r"|confirm\w+"
    r"|votre|vos|vous|precis\w+|renseign\w+|inform\w+|recevoir|obtenir|un accuse|cette|ces"
    r"|une (?:decision|deliberation|convention|autorisation|reponse|confirmation)"
    r"|la liste|le montant|la date|verifier))|\bmanqu\w+|\bdemand(?:e|ons|e urgente) (?:de|d'|un"
    r"|une|du"
    r"|des|l'aide|a)\b"
    r"|\ba court d|\bqui (?:peut|pourrait|aurait|a|dispose\w*|saurait|veut)\b(?! (?:me |nous |lui )?(?:repond"
    r"|dire|expliqu|renseign|aiguill|eclair|confirm)\w*)|\bquelqu'un\b"
    r"|\b(?:pourrait|pourriez|peut|pouvez|auriez|aurait|avez|dispose(?:nt|z)?"
    r"|existe)[- ](?:t-)?(?:on|vous|elles?|ils?)\b"
    r"(?! (?:(?:me|nous|m'|l'|la|le|les|lui|y|en|svp|deja|donc|bien|aussi|encore|faire)[ ]?)*"
    r"(?:dire|envo|transm|communiq|precis|indiqu|confirm|expliq|parvenir|suivre|savoir|donner"
    r"|renseign"
    r"|inform|tenir|rappel|verif|adress|repond|accus|inscri|not|prendre|modif|chang|enregistr|retir"
    r"|ajout|act|supprim|eclair|valid|corrig|orient|conseill|fourni|recu|lu|pris|des nouvelles)\w*)"
    r"|\bempruntere?\w*|\bemprunt(?!eur)\w*|\bnous faudrait|\bfaudrait|\bappel a l'aide"
    r"|\bau secours"
    r"|\bsos\b"
    r"|\b(?:nous|me) (?:preter|depanner|aider|renforcer|detacher|venir en aide)|\bpreter a (?:la"
    r"|au|l')"
    r"|\bdemande(?: de| d'|\s*:| -)|\bsollicit\w+ (?:l'aide|un|une|du|le|votre)|\bcoup de main\b"
    r"|\b(?:serions|sommes|suis|est) preneu\w+|\bsommes en manque|\bhelp\b"
    r"|\baimerions (?:pouvoir )?(?:emprunter|disposer)|\ben quete d|\bfaute d[e']|\bdepann\w+"
    r"|\bil (?:nous|me) (?:faut|faudrait)|\brecours a un"
    r"|\bop zoek naar|\b(?:wij|we) zoeken|\bwie (?:heeft|kan)\b|\bte leen gevraagd"
    r"|\bsuchen?\b|\bwer (?:hat|kann)\b|\bbenotigen\b"
    r"|\blooking for\b|\bdoes any(?:one|body)\b|\bwe need\b"
)
_OFFER = re.compile(
    r"\b(?:nous |je |on |notre .{0,60} |la commune .{0,40} |le cpas .{0,40} )?"
    r"(?:propos(?:e|ons)|offr(?:e|ons)(?! d'emploi)|met(?:tons)? (?:a|gratuitement|volontiers)"
    r"|pret(?:e|ons) (?:volontiers|gratuitement|notre|nos|une?|\d)|tenons a (?:la "
    r"|votre )?disposition)\b"
    r"|\b(?:peut|pouvons|pourrions|pourrait|peux|pourrais) (?:aussi |donc |vous |egalement "
    r"|volontiers )*"
    r"(?:preter|mettre a|detacher|aider|offrir|proposer|ceder|liberer)"
    r"|\bmis(?:e)?s? a (?:votre )?disposition\b|\ba preter\b|\ba disposition des?\b|\boffre(?: de"
    r"| d'|\s*:| -)"
    r"|\bdisposons d\w* .{0,60}(?:preter|disposition|disponible|partager|ceder)|\ba ceder\b"
    r"|\bdonnons\b"
    r"|\b(?:est|sont|reste|restent) disponibles? (?:pour|a|du|des|aux)|\bprete(?:nt)? volontiers"
    r"|\bpartage(?:ons|rions)? (?:volontiers|notre|nos)|\b(?:a|sont a|est a) donner\b|\bdons? d"
    r"|\ba emporter\b|\ben surplus|\bexcedent\w*|\bpeu(?:t|vent) etre (?:emprunt|pret|utilis"
    r"|mis)\w*|^\W*(?:offre )?pret d|^\W*disponibles?\b|\bse separ\w+ d|\bne (?:nous )?ser(?:t"
    r"|vent) plus"
    r"|\b(?:a reprendre|a enlever|a venir chercher)\b|\bavis aux amateurs\b|\bau besoin d'autres\b"
    r"|\b(?:avons|reste|restent) .{0,40}\b(?:en trop|inutilisee?s?|en reserve|libres?)\b"
    r"|\bter beschikking\b|\b(?:wij|we) bieden\b|\bte leen\b(?! gevraagd)|\bwir bieten\b"
    r"|\bzu verleihen"
    r"|\bstellen .{0,60}zur verfugung|\bwe (?:offer|can lend)\b|\bavailable for loan"
)
_CATEGORIES = {
    Category.STAFF: re.compile(
        r"\b(?:agent(?:e|s|es)?|employ[ea]\w*|personnel|ouvriers?|assistante?s?(?:\(e\))?"
        r"|renforts?|remplac\w+"
        r"|secretaires?|comptables?|puericultric\w+|infirmier\w*"
        r"|aides?[- ]?\s?(?:soignante?s?|menager\w*|familiale?s?)"
        r"|educat\w+|cuisinier\w*"
        r"|etp|mi-temps|temps plein|4/5|collegue|detach\w+|jobistes?|etudiante?s?|ecopasseur"
        r"|conducteur\w*"
        r"|chauffeur\w*|architecte|juriste|informaticien\w*|fossoyeur|surveillante?s?"
        r"|accueillante?s?"
        r"|ressources? humaines?|main[- ]d'\w+|bras|gradue\w*|bachelier\w*|inspecteur|policiers?"
        r"|equipe|bediende\w*|medewerk\w+|arbeider\w*|personeel|fahrer\w*|mitarbeiter\w*|staff"
        r"|personne (?:pour|qui|capable|du|a|de)|titulaire|receveur|directeur financier)\b"
    ),
    Category.EQUIPMENT: re.compile(
        r"\b(?:materiel\w*|mobilier|armoires?|bureaux|machines?|camion\w*|camionnettes?"
        r"|tracteur\w*|vehicules?|chapiteau\w*"
        r"|tonnelles?|chaises?"
        r"|tables?|podiums?|barrieres?|nadars?|balayeuses?|broyeurs?|nacelles?|lames? (?:a neige"
        r"|de deneigement)|saleuses?"
        r"|epandeuses?|sel de deneigement|remorques?|grues?|tondeuses?|pelle\w*|compresseurs?"
        r"|generat\w+|groupes? electrogenes?"
        r"|ordinateurs?|imprimantes?|scanners?|projecteurs?|beamers?|sono\w*|radars?|afficheurs?"
        r"|panneaux?|cones?"
        r"|signalisation|urnes?|isoloirs?|lits?|fauteuils?|lave-\w+|chariots?|frigos?"
        r"|cuisine mobile|four|local"
        r"|salles?|stock|equipements?|outil\w*|echafaudages?|echelles?|pompes?|rouleaus?|brosses?"
        r"|minibus|bus|car|velos?"
        r"|tentes?|gobelets|vaisselle|defibrillateurs?|drones?|cabines?|sacs de sable|bac\w*"
        r"|materiaal|voertuig\w*|tafels|stoelen|veegmachine|aanhangwagen|tent(?:en)?|fahrzeug\w*"
        r"|tische|stuhle|zelte?|anhanger|kehrmaschine|bagger|equipment|chairs|vehicles?"
        r"|plaque vibrante)\b"
    ),
    Category.KNOWLEDGE: re.compile(
        r"\b(?:(?:un|des|votre|vos|quelques) conseils?|conseils|avis|expertise|experience|savoir(?:-faire)?|modeles?|formations?"
        r"|renseignements?"
        r"|retour d'experience|bonnes? pratiques?|reglements?|cahiers? (?:special )?des charges"
        r"|exemples?"
        r"|expliquer|connaissance\w*|competence\w*|reglement-taxe|procedure|marche a suivre"
        r"|expert\w*|coach\w*)\b"
    ),
}
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
    "maison de repos": r"maison de repos|mrs?\b|aides?-?\s?soignante?s?|infirmier\w*",
    "marches publics": r"marches? publics?",
    "environnement": r"environnement|dechets|recyparcs?|espaces verts",
    "cuisine": r"cuisine|cuisinier\w*|repas",
    "cimetieres": r"cimetieres?|fossoyeur",
    "police": r"police|policiers?",
    "accueil": r"accueil du public|guichet|accueil",
}
_SERVICE_PATTERNS = {name: re.compile(rf"\b(?:{words})\b") for name, words in SERVICES.items()}
_BLOCKED = re.compile(
    r"\bbloque\w*|\ba l'arret\b|\bparalys\w+|\bferme(?:e|r)? (?:le|notre|son) (?:service|guichet)"
    r"|\bplus (?:personne|aucun agent|un seul agent)\b|\bne (?:peut|pouvons|sait"
    r"|savons) plus (?:fonctionner|assurer|ouvrir|servir|delivrer)"
    r"|\bseule? (?:agente?|personne) (?:du service )?(?:est |sera )?absente?"
)
_OVERWHELMED = re.compile(
    r"\bdebord\w+|\bsurcharg\w+|\bsubmerg\w+|\bau ralenti\b|\bretard (?:important|considerable"
    r"|accumule)"
    r"|\bcroul\w+|\bn'en (?:peut|pouvons) plus|\bplus a suivre|\bsous l'eau"
)
_URGENT = re.compile(
    r"\burgen\w+|\bau plus vite\b|\bau plus tot\b|\bdes que possible|\bimmediat\w*|\basap\b"
    r"|\bsans delai|\bdes demain"
    r"|\ble plus rapidement possible|\ben catastrophe|\bsos\b"
)
_NOT_URGENT = re.compile(
    r"\b(?:pas|non|rien d'|rien d|sans|aucune|ni) ?(?:d'|tres |particulierement "
    r"|vraiment )?urgen\w+"
)


def read_announcement(letter: Letter, day: date) -> Announcement:
    """Kind, category, service, period, severity and urgency, and what must not be passed on."""
    text = letter.body or letter.subject
    told = f"{letter.subject}\n\n{letter.body}".strip()
    plain = level(told)
    side = _side(letter)
    category = _category(plain)
    period = find_period(letter.body, day) or find_period(letter.subject, day)
    return Announcement(
        text=text,
        side=side,
        category=category,
        service=_service(plain),
        period=period,
        severity=_severity(plain),
        urgent=bool(_URGENT.search(_NOT_URGENT.sub("", plain))),
        sensitive=tuple(find_sensitive(text)),
        lacking=tuple(_lacking(side, category, period)),
    )


def announces(clause: Clause) -> float:
    """How much a clause sounds like a demand or an offer: with something to share, or without."""
    if not clause.counts or states_rule(clause.text) or _JOB.search(clause.text):
        return 0.0
    if not (_DEMAND.search(clause.text) or _OFFER.search(clause.text)):
        return 0.0
    if _category(clause.text):
        return 2.0
    return 1.5 if _OURS.search(clause.text) and _DATED.search(clause.text) else 0.75


def states_rule(text: str) -> bool:
    """Whether levelled words ask what is allowed, or who answers for it: nothing is shared."""
    return _RULE.match(text) is not None or asks_for_duty(text)


def asks_for_duty(text: str) -> bool:
    """Whether levelled words ask who has to do something, or wish to be told."""
    return _DUTY.search(text) is not None


def shares(letter: Letter) -> bool:
    """Whether a letter as a whole names a thing, a day and the act of sharing, be it in pieces."""
    plain = level(f"{letter.subject}\n{letter.body}")
    return (
        _SHARING.search(plain) is not None
        and _DATED.search(plain) is not None
        and _category(plain) is not None
    )


_SHARING = re.compile(
    r"\b(?:depann|preter|pretons|emprunt|recherch|cherch|renfort|ceder|detach|louer|disposition"
    r"|a donner|se separ)\w*"
    r"|\binteress(?:e|ee|es|ees)\s?\?|\bavis aux amateurs\b"
    r"|^\W*disponibles? (?:du|des|le|en|pour)\b",
    re.MULTILINE,
)
_JOB = re.compile(
    r"\b(?:un|d'|l'|offres? d')\s?emplois?\b|\bpostul\w+|\bcandidature\b|\bmon cv\b|\bmemoire sur\b"
    r"|\betudiante? (?:et|en)\b"
)
"""Who looks for work, or writes a thesis, is no authority in need."""
_RULE = re.compile(
    r"\W*(?:quelle? (?:tva|est|sont|serait|regle|loi|base)\b|(?:notre|la|une|le|un) (?:commune|cpas|zone"
    r"|ville|administration)(?: \w+)? (?:peut|doit|pourrait)[- ](?:elle|il)|peut[- ]on|pouvons[- ]nous|puis[- ]je|faut[- ]il|doit[- ]on|a-t-on"
    r"|avons[- ]nous besoin|est-ce que (?:nous|on"
    r"|je)|dans quels cas|qui (?:paie|peut|doit) (?:etre|signer|decider|s'inscrire))\b"
    r"(?!.{0,60}\b(?:emprunt|louer|disposer|avoir|compter))"
)
"""Who asks what is allowed neither wants nor gives anything."""
_DUTY = re.compile(
    r"\b(?:expliquer|dire|savoir|preciser|demande) (?:si|qui|quelle?s?|comment|ce que)\b"
    r"|\bqui (?:assure|couvre|paie|indemnise|rembourse|repond|est (?:assure|responsable|tenu))\b"
    r"|\bque (?:je|nous|l'on|on) (?:pourr\w+|puiss\w+|peux|peut|pouvons) (?:appeler|contacter|joindre|consulter)"
    r"|\b(?:doit|doivent|devrait)[- ](?:il|elle|on|ils|elles)\b[^?]*\?"
)
_OURS = re.compile(
    r"\b(?:nous|je|on|commune|ville|cpas|zone)\b.{0,40}\b(?:(?:re)?cherch\w+|propos\w+|offr\w+"
    r"|pret(?:ons|er)\b|avons besoin)"
)
_DATED = re.compile(
    r"\b(?:du|au|le|des|jusqu'au) \d{1,2}\b|\b\d{1,2}[/.]\d{1,2}\b|\bsemaines?\b|\bpendant\b"
)


def _side(letter: Letter) -> Side | None:
    """The side that more clauses take; the title decides when the text is balanced."""
    title = _balance(letter.subject)
    body = sum(
        _balance(clause.text) for s in letter.sentences for clause in clauses(s) if clause.counts
    )
    balance = body or title
    if balance == 0:
        return None
    return Side.DEMAND if balance > 0 else Side.OFFER


def _balance(text: str) -> int:
    plain = level(text)
    offers = bool(_OFFER.search(plain)) and not re.search(r"\bqui |\?|quelqu'un|besoin", plain)
    return int(bool(_DEMAND.search(_OFFER.sub("", plain) if offers else plain))) - int(offers)


def _category(plain: str) -> Category | None:
    counted = {category: len(set(p.findall(plain))) for category, p in _CATEGORIES.items()}
    best = max(counted.values())
    if best == 0:
        return None
    return next(category for category, count in counted.items() if count == best)


def _service(plain: str) -> str:
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
    return min(found, key=lambda entry: entry[0])[1] if found else ""


def _severity(plain: str) -> Severity | None:
    if _BLOCKED.search(plain):
        return Severity.BLOCKED
    return Severity.OVERWHELMED if _OVERWHELMED.search(plain) else None


def _lacking(side: Side | None, category: Category | None, period: Period | None) -> list[Lacking]:
    lacking = [] if side else [Lacking.SIDE]
    if category is None:
        lacking.append(Lacking.CATEGORY)
    if side is Side.DEMAND and category is Category.STAFF:
        lacking += _open_ends(period)
    return lacking


def _open_ends(period: Period | None) -> list[Lacking]:
    if period is None or period.faults or (period.start is None and period.end is None):
        return [Lacking.PERIOD]
    if period.start is None:
        return [Lacking.START]
    return [Lacking.END] if period.end is None else []
