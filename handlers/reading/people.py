"""Names of persons in sentences and signature blocks, with title, function and contacts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from handlers.reading.letters import level


class Gender(Enum):
    """The form in which somebody is addressed, when a title or a word says so."""

    FEMININE = "f"
    MASCULINE = "m"


@dataclass(frozen=True, slots=True)
class Person:
    """A person named in a text; what was not said is empty."""

    name: str
    gender: Gender | None = None
    role: str = ""
    email: str = ""
    phone: str = ""
    """E.164."""


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A name, its place in the text (title included), and what its title says."""

    name: str
    gender: Gender | None
    start: int
    end: int


_UP = "A-ZÀ-ÖØ-ÞŒŠŽ"
_INITIALS = rf"[{_UP}]\.(?:-?[{_UP}]\.)?(?=[ \u00a0]?[{_UP}])"
_WORD = rf"(?:{_INITIALS}|[{_UP}](?:[\w’'.-]*\w)?)"
_PARTICLE = (
    r"(?:[Dd]e|[Dd]u|[Dd]es|[Dd]['’]|[Ll]a|[Ll]e|[Vv]an|[Vv]on|[Dd]er|[Dd]en|[Tt]er|[Vv]ande[rn])"
)
_BLANK = r"[ \u00a0]"
_TITLE = (
    r"(?:(?P<masculine>M\.|Mr\.?|MR\.?|Monsieur|MONSIEUR|Dhr\.?|De heer|Dhr|Herrn?|Mr\.?)"
    r"|(?P<feminine>Mme\.?|MME\.?|Madame|MADAME|Mlle\.?|Melle|Mademoiselle|Mevr\.?|Mevrouw|mevr\."
    r"|Frau|Mrs\.?|Ms\.?))"
)
_NAME = re.compile(
    rf"(?<![\w@.’'-])(?:{_TITLE}{_BLANK}{{1,2}})?"
    rf"(?P<name>{_WORD}(?:{_BLANK}(?:{_PARTICLE}{_BLANK}?){{0,2}}{_WORD}){{0,4}})(?![@\w])"
)
# « MARTIN, Paul » alone on its line, behind a colon or a title.
_TURNED = re.compile(
    rf"(?:(?:^|(?<=[:\n]))\s{{0,3}}(?:{_TITLE}{_BLANK})?)"
    rf"(?P<name>[{_UP}][{_UP}'’-]+(?: [{_UP}][{_UP}'’-]+){{0,2}}, ?[{_UP}][\w-]*[a-zà-ÿ])"
    rf"(?=\s*(?:[,;(\n]|$))"
)
# Words that may begin with a capital and are never part of a person's name, levelled.
_NOT_NAMES = """
    a ac accueil acte action adjoint adjointe adjudant adm administratif administration
    administrative adresse agent agente agents aide annexe aout apres ardenne ardennes article
    assistant assistante attache attachee au autorite aux avec avenue avis avril belgique
    calog consultant consultante consultantes consultants
    besturen bien bonjour bonne bonsoir boulevard bourgmestre bureau c cabinet cadre capitaine
    caporal ce cela centrale centre ces cette chaussee chef cher chere chers college collegue
    collegues colonel comm commandant commande comme commissaire communal communale commune
    communes comptable concerne conseil conseiller conseillere contact convention coordonnees
    cordialement courriel cpas cuisine culture d dans date de decembre decision delegue demande
    depuis des designe designee dg dieu dimanche directeur directie direction directrice
    divisionnaire docteur dossier dr du e echevin economique education eglise electronique email
    employe employee en enfance enquete enseignement entre environnement est et etat ete etude
    extrait f faire fax fevrier ff finances financier financiere fonction formulaire geachte
    general generale gestionnaire grade groeten gsm heer hopital hotel il ils informatique
    ingenieur inscription inspecteur inspectrice institution intercommunale interim interne
    intitule janvier je jeudi jeunesse jour jours juge juillet juin juriste l la le les lieu
    lieutenant ligne local logement logistique lokale lundi luxembourg ma madame mademoiselle
    mai mail mairie maison maitre major marche marches mardi mars me melle membre menbre merci
    mercredi mes mesdames message messieurs met mevrouw mlle mm mme mobile moi mon monsieur mr n
    nom non nos notre nous novembre numero objet octobre office on ondersteuning or ou oui
    outlook par permanent personne personnel place plate plateforme platforme police population
    pour premier premiere prenom president presidente principal principale projet projets
    province provincial public publics qualite que quel quelle qui rattache receveur ref
    reference referent repos responsable rgpd route rue s saint sainte salutations samedi sans
    sce se seance secours secretaire secretariat securite septembre sera serai sergent service
    services ses si smart social sociale son sport sports st stagiaire standard ste suite suivi
    suivra suivras sur ta technique tel telephone the titre tourisme tout travaus travaux tres
    tva type un une urbanisme utilisateur utilisatrice v vendredi veuillez via ville voici vos
    votre vous vriendelijke y zone zp inp inpp insp cdp csp cpt cap
    cp cdp hcp inpp 1inpp inp agp agt cipal comdiv sgt ing ir dir prof maitre dg df tresorier
    tresoriere echevine echevins bibliothecaire coordinateur coordinatrice president info dhr ocmw
    stad stadt gemeente gemeinde provincie beste sehr damen herren herr herrn frau geehrte geehrter
    guichet asbl vzw colonel adjudante brigadier pompier officier lieutenante prendre note
    officiere sergente caporale premier 1er 1ere 2e 2eme inspecteure zslux zslu colonelle cpl lt col
    serv ier iere square quai impasse chemin sentier allee esplanade faubourg venelle ruelle clos
    maj sgt adt cne chefs echevin echevinat secretaires contactpersoon ansprechpartner gebruiker
    directeurs directrices employes cheffe cheffes redacteur redactrice adjte algemeen
    ansprechpartnerin benutzer generaldirektor generaldirektorin burgermeister burgemeester
    dienst diensthoofd maatschappelijk werker
"""
NOT_A_NAME = frozenset(_NOT_NAMES.split())


_BEFORE = 80
"""How many characters before a name can say that a sentence begins there."""


def find_names(text: str) -> list[NamedPerson]:
    """The names of persons in a text: two words or more, or one behind a title."""
    return list(_names(text))


def _names(text: str) -> Iterator[NamedPerson]:
    for turned in _TURNED.finditer(text):
        if not any(level(part) in NOT_A_NAME for part in re.split(r"[ ,]+", turned["name"])):
            gender = _title_gender(turned)
            yield NamedPerson(proper(turned["name"]), gender, turned.start(), turned.end())
    position = 0
    while match := _NAME.search(text, position):
        gender = _title_gender(match)
        kept = _kept(match, titled=gender is not None)
        if kept is None:
            position = match.start("name") + len(match["name"].split()[0])
            continue
        start, end = kept
        shown_from = match.start() if start == match.start("name") else start
        yield NamedPerson(proper(text[start:end]), gender, shown_from, end)
        position = end


def _kept(match: re.Match[str], *, titled: bool) -> tuple[int, int] | None:
    """The first words that can be a name, up to one that cannot."""
    start, end = match.start("name"), match.start("name")
    count = 0
    opens = _OPENS.search(match.string[max(0, start - _BEFORE) : start]) is not None
    for word in re.finditer(r"\S+", match["name"]):
        plain = level(word.group()).strip(".")
        particle = re.fullmatch(_PARTICLE, word.group(), re.IGNORECASE) is not None
        barred = plain in NOT_A_NAME and not _INITIAL.fullmatch(word.group())
        barred = barred or _is_rank(word.group()) or _is_elided(word.group())
        barred = barred or (opens and not count and _COMMANDS.fullmatch(plain) is not None)
        if barred and not (particle and (count or titled)):
            break
        if not particle:
            count += 1
            end = start + word.end()
    if count >= 2 or (titled and count == 1):
        return start, end
    return None


_OPENS = re.compile(r"(?:^|[.!?:;\n(«\"-])\s*$")
"""Where a sentence may begin."""
_COMMANDS = re.compile(
    r"\w{2,}ez|mets|note|inscris|prends|contacte|ajoute|appelle|demande|vois|envoie|indique|remplace"
    r"|enregistre|considere|designe|nomme|ecris|previens|dis|donne|utilise|reprends|cherche|propose"
    r"|merci|gelieve|noteer|vraag|bitte|please|register|add|put|contact"
)
"""« Mets Aurélie Bodson comme contact »: what begins a sentence so is told to somebody."""
_INITIAL = re.compile(rf"(?!M\.)[{_UP}]\.(?:-?[{_UP}]\.)?")


def _is_rank(word: str) -> bool:
    """Letters that cannot be spoken are an abbreviated rank or office: « CDP », « DGF »."""
    return len(word) > 1 and word.isupper() and not re.search(r"[aeiouy.'’]", level(word))


_ELISION = re.compile(r"(?P<word>[a-z]+)['’](?P<rest>.+)")


def _is_elided(word: str) -> bool:
    """« C'est », « l'INPP »: a small word run into the next; « L'Hoest », « D'Hondt » are names."""
    elided = _ELISION.fullmatch(level(word))
    if elided is None or elided["word"] in {"d", "o", "mc"}:
        return False
    rest = elided["rest"]
    known = rest in NOT_A_NAME or _is_rank(word[-len(rest) :])
    return known if elided["word"] == "l" else elided["word"] in _RUN_IN


_RUN_IN = frozenset({"c", "j", "m", "n", "s", "t", "qu", "jusqu", "lorsqu", "puisqu"})


def _title_gender(match: re.Match[str]) -> Gender | None:
    if match["masculine"]:
        return Gender.MASCULINE
    return Gender.FEMININE if match["feminine"] else None


def proper(name: str) -> str:
    """A name in its usual form: "JACQUEMART Éric" is "Éric Jacquemart", "Dupont, Jean" too."""
    if "," in name:
        surname, _, first = name.partition(",")
        return f"{_cased(first.strip())} {_cased(surname.strip())}".strip()
    parts = name.replace("\u00a0", " ").split()
    capitals = [part for part in parts if part.isupper() and len(part.strip(".")) > 1]
    if capitals and len(capitals) < len(parts) and parts[0] in capitals:
        split = _surname_length(parts)
        parts = parts[split:] + parts[:split]
    return " ".join(_cased(part) for part in parts)


def _surname_length(parts: list[str]) -> int:
    """How many first words, in capitals or particles, make the surname."""
    length = 0
    for index, part in enumerate(parts):
        if part.isupper() and len(part.strip(".")) > 1:
            length = index + 1
        elif not re.fullmatch(_PARTICLE, part):
            break
    return length


def _cased(part: str) -> str:
    if len(part) > 2 and part != part.upper() and part != part.lower():
        return part
    if re.fullmatch(_PARTICLE, part) and part.islower():
        return part
    return re.sub(r"[^\W\d_]+", lambda match: match.group().capitalize(), part.lower())


def person_behind(display_name: str) -> str:
    """The person that a display name names, or the empty string for a service or an office."""
    cleaned = re.sub(r"[(\[].*?[)\]]|\s[-|/–].*$", "", display_name).strip().strip('"')
    cleaned = _without_ranks(cleaned)
    if "," in cleaned:
        cleaned = proper(cleaned)
    if cleaned.islower():
        return small_name(cleaned)
    names = find_names(cleaned)
    whole = names and names[0].start == 0 and names[0].end == len(cleaned)
    return names[0].name if whole else ""


def _without_ranks(name: str) -> str:
    """A shown name without the rank or grade before it: « CP Isabelle Y », « Dr X »."""
    first, _, rest = name.partition(" ")
    plain = level(first).strip(".")
    rank = _is_rank(first) or (plain in NOT_A_NAME and plain in _GRADES)
    return _without_ranks(rest.strip()) if rest and rank else name


_GRADE_WORDS = "cp cdp hcp inp inpp insp dr docteur ir ing prof me maitre m mr mme mlle"
_GRADES = frozenset(_GRADE_WORDS.split())
_SMALL_NAME = re.compile(
    r"\s*(?P<name>[^\W\d_][\w'’-]+(?: [^\W\d_][\w'’-]*){1,3})\s*(?=[,;(:<\n]|$| -)"
)


def small_name(text: str) -> str:
    """The name at the beginning of words typed without capitals; empty if it can be none."""
    match = _SMALL_NAME.match(text)
    if match is None:
        return ""
    words = level(match["name"]).split()
    if any(word in NOT_A_NAME and not (i and _is_particle(word)) for i, word in enumerate(words)):
        return ""
    return _capitalised(match["name"]) if sum(not _is_particle(word) for word in words) > 1 else ""


def _is_particle(word: str) -> bool:
    return re.fullmatch(_PARTICLE, word) is not None


def _capitalised(name: str) -> str:
    """« helene d haene » as a name is written, its elision put right."""
    closed = re.sub(r"\bd[ '’](?=\w)", "D'", " ".join(name.split()), flags=re.IGNORECASE)
    return " ".join(
        part if _is_particle(part) else re.sub(r"(?<![^\W_])[^\W\d_]", lambda m: m[0].upper(), part)
        for part in closed.split()
    )


def names_of_addresses(text: str, addresses: Iterable[str]) -> list[NamedPerson]:
    """Names in small letters that a mail address confirms: « jean dupont », jean.dupont@…

    Either order, with the first name in full in the text where the address has its initial.
    """
    plain = level(text)
    found = []
    for address in addresses:
        parts = [part for part in re.split(r"[._-]+", address.partition("@")[0]) if part]
        if len(parts) != 2 or not all(part.isalpha() for part in parts):
            continue
        match = _spoken(parts).search(plain)
        if match and text[match.start() : match.end()].islower():
            name = _capitalised(text[match.start() : match.end()])
            found.append(NamedPerson(name, None, match.start(), match.end()))
    return found


def _spoken(parts: list[str]) -> re.Pattern[str]:
    """How the parts of an address may be written in a text; an initial is any first name."""
    first, last = (
        rf"{part}\w{{2,20}}" if len(part) == 1 else r"[ '’-]?".join(part) for part in parts
    )
    return re.compile(rf"(?<![\w.@-])(?:{first} {last}|{last} {first})(?![\w.@-])")


def same_person(one: str, other: str) -> bool:
    """Whether two names may be one person's: the same words, an initial standing for a word."""
    first, second = _parts(one), _parts(other)
    if not first or not second:
        return False
    shorter, longer = sorted((first, second), key=len)
    return all(any(_stands_for(a, b) for b in longer) for a in shorter) and any(
        len(a) > 1 and a in longer for a in shorter
    )


def fits_address(name: str, email: str) -> bool:
    """Whether the local part of an address is made from a name ("j.dupont", "dupontj")."""
    local = re.sub(r"[^a-z]", "", level(email.partition("@")[0]))
    parts = [re.sub(r"[^a-z]", "", part) for part in _parts(name)]
    surnames = [part for part in parts if len(part) > 2 and part in local]
    return bool(surnames) and len(parts) > 0


def _parts(name: str) -> list[str]:
    return [part.strip(".'") for part in re.split(r"[\s-]+", level(name)) if part.strip(".'")]


def _stands_for(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])
