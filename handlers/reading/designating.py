"""The wordings in which a user is designated, in four languages; texts are levelled before."""

from __future__ import annotations

import re

PLATFORM_WORK = (
    r"(?:utiliser[ao]?|gerer[ao]?|suivra(?:s|i)?|s'(?:en )?occuper[ao]?|assurera"
    r"|s'en charger[ao]?|sera (?:en charge|charge)|sera notre|representera|interviendra|encodera"
    r"|pilotera|coordonnera|traitera|centralisera"
    r"|(?:prend|prendra|aura|a) (?:(?!pas\b)[\w']+ ){0,4}en (?:charge|main)|s'y collera?"
    r"|recevra(?! (?:un|le|la|des|une) (?:courrier|bon|facture|convention|liste|extrait))"
    r"|repondra|fera (?:le lien|l'interface|office|la liaison))"
)
# What somebody is to the platform.
_PART = (
    r"(?:seule? |unique |premiere? |principale? )?"
    r"(?:utilisat\w+|personne|agente?|designee?|referente?|reference|point de contact|contact\b"
    r"|correspondante?|interlocut\w+|gestionnaire|intermediaire|relais|porte d'entree|destinataire"
    r"|point d'entree|lien\b|interface|antenne|boite aux lettres|cheville ouvriere)"
)
_MATTER = (
    r"(?:(?:le|la|les|l'|ce|cette|tout le|toute la) ?)?(?:suivi|dossiers?|relations?|contacts?|lien"
    r"|liaison|gestion|encodage|correspondance|communication|interface|mission|tache|role|matiere"
    r"|publication|annonces)"
)
"""What is done for an institution on the platform."""
_TO_ME = (
    r"(?:vos|les|des|toute?s?(?: les| vos)?|la|l'|une copie d\w+) ?(?:annonces?|messages?|mails?"
    r"|avis|e-mails?"
    r"|courri\w+|communications?|correspondance|demandes?|notifications?|envois|acces)"
)
_SELF = re.compile(
    r"\b(?:c'est|c)(?: bien| donc| aussi)? (?:moi|bibi)\b"
    r"(?! qui (?:vous |t')?(?:ai |avais |ecri|appel|telephon|contact))"
    r"|\b(?:ce|ca) (?:sera|serait|est)(?: donc| bien)? (?:moi|bibi)\b"
    r"|\bc'est(?: bien)? a moi (?:que|qu')|\bvotre (?:humble )?(?:servante|serviteur)\b"
    rf"|\butilisat\w+(?: designee?)? ?(?:: ?|sera )(?:moi|bibi|je)\b|\b{_PART} ?: ?moi\b"
    r"|\bmoi-?\s?meme\b|\bmoi comme\b"
    r"|\bmoi qui (?!(?:vous |t')?(?:ai |avais |ecri|appel|telephon|contact))"
    rf"|\bje (?:serai|suis|reste|deviens|deviendrai)(?: donc| aussi| bien| toujours| moi-meme)?"
    rf" (?:l'|la |le |son |sa |notre |leur |votre |vos )?{_PART}"
    rf"|\bj'en (?:serai|suis)(?: donc)? (?:l'|la |le )?{_PART}"
    r"|\bj'(?:utiliserai|ai ete designee?|assurerai|en serai|en assurerai)"
    r"|\b(?:adresser|ecrire|envoyer|adressez-vous|ecrivez)(?: \w+)? a moi\b"
    r"|\bm'en a(?: \w+)? chargee?\b"
    r"|\bm'en ont chargee?\b|\bme considerer comme\b|\ba mon nom\b"
    rf"|\bmon nom (?:comme|en tant que?|en qualite d[e']) ?{_PART}"
    r"|\b(?:mettez|notez"
    r"|inscrivez)-moi\b"
    r"|\bje (?:suivrai|gererai|me propose|me charge|m'en occupe|m'occupe|serai charge"
    r"|representerai|m'en charge|prendrai (?:cela|ca) en (?:main|charge)|m'y colle)"
    r"|\b(?:m'a|m'ont|m'avez)(?: \w+){0,2} (?:designee?|mandatee?|chargee?|choisie?|nommee?)\b"
    r"(?! de (?:vous|faire|transmettre|demander|prendre|solliciter|repondre|l'inscri|nous|la))"
    r"|\b(?:me designe|m'a ete confie|m'est confie|m'incombe\w*|m'echoit|me revient)"
    r"|\bsoussignee?\b.{0,60}\b(?:designee?|mandatee?)\b"
    rf"|\bsoussignee?\b(?:[^.;]{{0,40}})\b(?:sera|est|assurera|deviendra|reste)\b"
    rf" ?(?:l'|la |le |notre |votre )?{_PART}"
    rf"|\bm'en (?:a|ont|avez)(?: \w+)? (?:confie|attribue|remis|donne|laisse) {_MATTER}"
    rf"|\bm'(?:a|ont)(?: \w+)? (?:confie|attribue|remis|demande d'assurer"
    rf"|demande de suivre) {_MATTER}"
    r"|\bm'etre (?:\w+ )?(?:adresse|envoye|transmis|communique)e?s?\b"
    rf"|\bm'(?:adresser|envoyer|transmettre|ecrire) (?:directement )?{_TO_ME}"
    rf"|\b{_TO_ME} (?:a|sur|vers) mon (?:adresse|attention|nom)"
    r"|\b(?:prenez|notez|reprenez|utilisez|gardez|retenez|indiquez|encodez|inscrivez) (?:donc )?"
    r"(?:mon (?:nom|adresse|numero)|mes coordonnees)"
    rf"|\bj'(?:assure|assurerai|ai|aurai) (?:donc |moi-meme )?(?:la charge de "
    rf"|en charge )?{_MATTER}"
    r"|\bje (?:ferai|fais|servirai de|sers de|tiendrai|jouerai) (?:\w+ ){0,2}(?:lien|liaison|office"
    r"|interface|relais|intermediaire|role)"
    rf"|\bje (?:prends|prendrai|reprends|gere|suis charge\w* d\w+|assume"
    rf"|centralise\w*) (?:en charge )?"
    rf"{_MATTER}"
    r"|\b(?:par mes soins|sous ma (?:responsabilite|charge|conduite)"
    r"|aux bons soins d\w+ soussigne\w*)"
    r"|\bsoussignee?\b[^.;]{0,60}\b(?:assurera|s'(?:en )?(?:occupera|chargera)|suivra|gerera"
    r"|encodera"
    r"|representera|tiendra|fera|prendra)\b"
    r"|\b(?:personne|agente?|contact\w*|utilisat\w+)[^.:;]{0,25}[: ]+(?:la |le )?soussignee?\b"
    # Dutch, German, English.
    r"|\bik (?:ben|word|zal|treed)\b.{0,40}\b(?:contactpersoon|gebruik(?:st)?er|aanspreekpunt)"
    r"|\b(?:contactpersoon|gebruik(?:st)?er|aanspreekpunt)\b.{0,20}\b(?:ben|word) ik\b"
    r"|\bikzelf\b|\bondergetekende\b.{0,40}\b(?:is|wordt|zal)\b"
    r"|\bich (?:bin|werde|ubernehme|uebernehme)\b.{0,50}\b(?:ansprechpartner|kontakt|benutzer"
    r"|nutzer|ansprechperson)"
    r"|\bik (?:zorg|sta|neem|volg)\b[^.;]{0,40}\b(?:hiervoor|daarvoor|opvolging|op|in)\b"
    r"|\bik (?:ben|word)\b[^.;]{0,25}\b(?:verantwoordelijk|bevoegd|referent)"
    r"|\bich (?:bin|werde)\b[^.;]{0,30}\b(?:zustandig|verantwortlich|betraut)"
    r"|\b(?:ich (?:werde|wurde)|ik (?:zal|zou|ga))\b[^.;]{0,50}\b(?:platt?form|daf|darum)\w*"
    r"[^.;]{0,30}\b(?:benutzen|nutzen|betreuen|kummern|gebruiken|opvolgen|beheren)\b"
    r"|\bc'est (?:donc |bien )?(?:a|avec|vers) moi qu'il (?:faut|faudra|convient)\b"
    r"|\bich (?:kummere|betreue)\b|\b(?:use|take) my (?:details|name|address)\b"
    r"|\bi (?:will|'ll|shall) (?:be (?:responsible|in charge)|take care|handle|look after)\b"
    r"|\b(?:ansprechpartner|kontaktperson|benutzer)(?:in)? (?:bin|werde) ich\b|\bich selbst\b"
    r"|\bi (?:will|shall|would|am|'ll)\b.{0,30}\b(?:contact|user|point of contact)\b|\bmyself\b"
)
_ASKED_OF_ME = re.compile(
    r"\b(?:m'(?:a|ont|avez|avait)|me|m') ?(?:\w+ ){0,3}?"
    r"(?:demande\w*|charge\w*|prie\w*|confie\w*|propose\w*|design\w+|delegu\w+|mandat\w+)"
    r" (?:\w+ ){0,3}?(?:de |d'|du |la |le |l'|ce |cette |pour )(?:en |y |l'|la |le )?"
    r"(?:assurer|suivre|suivi|gerer|gestion|m'(?:en )?occuper|s'en occuper|prendre en charge"
    r"|centraliser|faire (?:le lien|la liaison|l'interface)|tenir|piloter|encoder|coordonner"
    r"|(?:l'|la |le |notre |votre )?representer|etre (?:l'|la |le |votre |notre )?"
    r"(?:utilisat|referent|correspond|interlocut|personne|contact|relais))"
    r"|\b(?:par|via|aupres de|a l'attention de|au nom de|par (?:l'intermediaire|l'entremise"
    r"|le biais|le canal) de) (?:moi\b|la soussignee|le soussigne|votre serviteur|votre servante)"
    r"|\bj[e'] ?(?:assum|endoss|rempli|exerc|accept|occup)\w* (?:[\w']+ ){0,3}?(?:l'|d')?"
    r"(?:role|fonction|tache|mission|charge|responsabilite|cette place)\b"
    r"|\bje (?:gere|gererai|traite|traiterai|suis|suivrai|coordonne|pilote"
    r"|prends en (?:charge|main))"
    r" (?:ca|cela|tout ca|tout cela|la chose|l'affaire|le tout)\b"
    r"|\bj'en (?:assure|prends|prendrai|ai|aurai) (?:le suivi|la charge|la gestion|soin)"
    r"|\b(?:contactez|appelez|joignez|prevenez|recontactez)-moi\b|\b(?:me |m')(?:contacter|joindre)"
    r" (?:directement )?pour (?:tout|la suite|ce qui)"
    r"|\bmoi que (?:vous|cela|ca)\b|\bpassera par moi\b|\bpar mon intermediaire\b"
)
"""What somebody was asked to do for the platform, and by whose hand it goes."""
_NOT_SELF = re.compile(
    r"\b(?:ne |n')(?:suis|serai|est|sera)\b.{0,12}\bpas\b|\bni moi\b"
    r"|\bmoi-?\s?meme\b[^.;]{0,30}\b(?:ne |n')"
)


def says_herself(plain: str) -> bool:
    """Whether a sentence says that its writer is the user."""
    said = _SELF.search(plain) or _ASKED_OF_ME.search(plain)
    return said is not None and _NOT_SELF.search(plain) is None


PENDING = re.compile(
    r"\b(?:pas encore|sera|serons?|reste(?:ra)?(?: encore)? a|a|doit (?:encore )?etre|bientot"
    r"|en cours de)"
    r" ?(?:ete )?(?:designe|designer|design|designation|nomme|choisi)\w*"
    r"(?: (?:lors|prochainement|ulterieurement|par|a la|plus tard|en|au)\b|(?=[ .,]|$))"
    r"|\b(?:nous vous|vous) (?:communiquer|transmettr)\w+ .{0,40}(?:nom|utilisat|agent)"
    r"|\b(?:vous )?(?:sera|seront) (?:communique|renseigne|transmis|precise|fourni|indique)\w*"
    r".{0,20}\b(?:ulterieurement|plus tard|prochainement|suite|bientot|sous peu|des que)"
    r"|\bnom\b.{0,20}\b(?:suivra|viendra|plus tard)\b"
)
WHO_LATER = re.compile(
    r"\b(?:ne (?:savons|sait|sais|connaissons|connait)|ignor\w+"
    r"|(?:reste|restera) a (?:voir|savoir))"
    r" (?:\w+ ){0,3}?(?:qui|quel|lequel|laquelle|le nom)\b"
    r"|\b(?:qui|lequel|laquelle)\b[^.;]{0,40}\b(?:tranch|decid|choisi|design|defini|determin)\w*"
    r"|\b(?:college|conseil|bureau|direction|bourgmestre|directeur|directrice)\b[^.;]{0,30}"
    r"\b(?:tranchera|decidera|choisira|designera|statuera|fera son choix)\b"
    r"|\b(?:agente?|personne|utilisat\w+|nom|coordonnees|contact|referente?|choix|designation)\b"
    r"[^.;]{0,50}\b(?:pas encore|a definir|a determiner|a designer|vous parviendr\w+|suivr(?:a|ont)"
    r"|a (?:suivre|preciser|confirmer|convenir)|en cours de (?:designation|recrutement)"
    r"|communique\w* (?:\w+ )?(?:ulterieurement|plus tard|prochainement|sous peu))\b"
    r"|\b(?:weten|wissen)\b[^.;]{0,30}\b(?:nog niet|noch nicht)\b[^.;]{0,30}\b(?:wie|wer)\b"
    r"|\b(?:nog|noch|still) (?:niet |nicht )?(?:aan te duiden|aangeduid|benannt|zu benennen"
    r"|bestimmt|to be (?:named|appointed|decided))\b"
)
"""That somebody is still to be chosen, in whatever words."""
UNDECIDED = re.compile(
    r"\bsoit\b.{2,90}[, ]soit\b|\b(?:ca|cela|tout) depend(?:ra)?\b"
    r"|\bpas encore (?:tranche|decide|fixe)"
    r"|\b(?:des que|quand|lorsque|une fois que?) .{0,20}\b(?:tranche|decide|fixe|arrete|connu)"
    r"|\b(?:reste|encore) a (?:determiner|trancher|decider|fixer|confirmer)\b|\bou bien\b"
    r"|\b(?:hesit\w+|choisir) entre\b|\bofwel\b.{2,90}\bofwel\b|\bentweder\b.{2,90}\boder\b"
    r"|\beither\b.{2,90}\bor\b"
)
"""Between two persons nothing is said yet, whatever names stand there."""
BEFORE_NAME = re.compile(
    r"\b(?:utilisat(?:eur|rice)s?|agente?|personn?e|referente?|correspondante?|respons+able"
    r"|officier|designe|designons|designee|designer|mandate|mandatons|proposons|propose|nommons"
    r"|nomme|designation de|a charge"
    r"|chargeons|choisi|retenu|delegue\w*|point de contact|interlocut\w+|confie\w*"
    r"|(?:votre|notre|seule?) (?:personne de )?contact(?: chez nous)?(?: sera| est)?"
    r"|membre du personnel|contactpersoon|gebruik(?:st)?er|aanspreekpunt|ansprechpartner(?:in)?"
    r"|ansprechperson|benutzer(?:in)?|contact person|designated user|contact(?: ?:| sera| est))"
    r"(?!\w)"
)
ABOUT_USING = re.compile(
    r"\b(?:(?:traite|gere|suivi|assure|encode)e?s? par"
    r"|pilote\w*|coordonne\w*|centralise\w*|traitera|repondra|recevra|prend\w* en charge"
    r"|en main|zustandig|verantwoord\w+|verantwortlich\w*|bevoegd|in charge|responsible"
    r"|utilis\w+|design\w+|plate-?\s?forme|referente?|reference|suiv(?:i|ra|ras|re)\b"
    r"|gerer\w*|mandat\w+|acces"
    r"|correspondante?|contacte?\b|interlocut\w+|compte|en charge|respons+able|a charge"
    r"|occuper\w*|represent\w+|contactpersoon|gebruik(?:st)?er|aanspreekpunt|ansprechp\w+"
    r"|benutzer\w*|designated|user)"
)
DEPUTY = re.compile(
    r"\b(?:supplee?a?n?te?|suppleante?|remplacante?|remplacera|back-?up|a defaut|en (?:son"
    r"|cas d') ?absence|reserve|plaatsvervang\w+|vertret\w+|stellvertret\w+"
    r"|en second)\b"
)
FORMER = re.compile(
    r"\b(?:remplace|en remplacement de|a la place de|succede a|au lieu de)\b[^.]{0,30}$"
)
PASSIVE = re.compile(
    r"\b(?:est|sera|a ete|serait|soit|etes)\b(?: \w+){0,2} (?:designe|charge|mandate|nomme)"
    r"|\b(?:sera|est|serait|devient|deviendra)\b(?: \w+){0,2}"
    r" (?:l'|la |le |notre |votre |un |une )?(?:utilisat|referent|correspondant|interlocut"
    r"|personne de (?:contact|reference)|point de contact)"
)
CONCERNED_NOT = re.compile(
    r"\b(?:n'est|n'etant|ne sera|n'a|ne)\b.{0,20}\b(?:pas|plus|nullement|en rien)\b.{0,30}"
    r"\b(?:concerne|designe|utilisat|implique|charge)|\ben copie\b.{0,60}\bpas\b"
)
"""« X, en copie, n'est pas concerné »: whoever is named there is not the user."""
_TAKES_OVER = re.compile(
    r"\bje (?:remplace|succede a|reprends|lui succede|la remplace|le remplace)\b"
    r"|\b(?:me |m')(?:noter|ajouter|inscrire|mettre|enregistrer|renseigner|indiquer)"
    r"(?: \w+){0,3} (?:a (?:sa|leur) place|comme|en tant)"
    r"|\b(?:mettre|noter|prendre|utiliser) mon (?:adresse|nom|mail|courriel)\b"
    r"|\bik (?:vervang|volg)\b|\bich (?:ersetze|ubernehme)\b|\bi (?:am replacing|replace)\b"
)


def takes_over(plain: str) -> bool:
    """Whether a sentence says that its writer comes in the place of somebody else."""
    return _TAKES_OVER.search(plain) is not None
