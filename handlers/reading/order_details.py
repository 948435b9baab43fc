"""What an order says beside its lines: budget article, contact, addresses, VAT, own numbers.

Each is told behind a word of its own (« livraison : », « article budgétaire »), in a sentence or on
a line. What is not told stays empty; nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.reading.amounts import Amount, Vat, find_amounts
from handlers.reading.letters import level
from handlers.reading.order import Enterprise, enterprise_is_valid


@dataclass(frozen=True, slots=True)
class Details:
    """What was told; ``vat_cents`` and ``vat_rates`` (whole per cents) only to be compared."""

    budget_article: str = ""
    contact: str = ""
    delivery: str = ""
    billing: str = ""
    reference: str = ""
    enterprise: Enterprise | None = None
    vat_cents: int | None = None
    vat_rates: frozenset[int] = frozenset()

    @property
    def told(self) -> bool:
        """Whether anything that is kept was told."""
        kept = (self.budget_article, self.contact, self.delivery, self.billing, self.reference)
        return any(kept) or self.enterprise is not None


_BUDGET = (
    r"(?:(?:sur |a )?l'|notre )?(?:articles? (?:budgetaires?|de depenses?|du budget)"
    r"|art\. ?budg\w*\.?|imputation(?: budgetaire)?|begrotingsartikel|haushaltsartikel"
    r"|budget article|art(?:icles?|\.)(?=\s*:?\s*\d{3,5}/))"
)
_DELIVERY = (
    r"(?:adresse|lieu) de livraison|livraison|a livrer|leveringsadres|levering|lieferadresse"
    r"|lieferung|delivery(?: address)?"
)
_BILLING = (
    r"adresse de facturation|facturation|facture a envoyer|a facturer|facturatieadres"
    r"|rechnungsadresse|billing(?: address)?|invoice address"
)
_CONTACT = r"personne de contact|contactpersoon|kontaktperson|contact person|contact"
_REFERENCE = r"votre reference|notre reference|notre ref\.?|n/ref\.?|onze referentie"
_NUMBER = r"bce|n[°o]\.? d'entreprise|numero d'entreprise|kbo|ondernemingsnummer|zdu"
_TOLD = rf"{_BUDGET}|(?:{_DELIVERY}|{_BILLING}|{_CONTACT}|{_REFERENCE})\s*:|(?:{_NUMBER})\b"
LABELS = re.compile(rf"[\s,;(]+(?:{_TOLD})")
"""Where the words behind an order go on with such details."""

_ANY = rf"(?:{_TOLD}|decision\b)"
_ARTICLE = re.compile(
    rf"(?<!\w)(?:{_BUDGET})\s*(?:n[°o]\.?\s*)?:?\s*"
    r"(?P<told>\d{2,5}/\d{2,6}(?:[-/.]\d{2,4})*(?::\d{4,8}(?:[./]\d{4})?)?)"
)
_ENTERPRISE = re.compile(
    rf"(?<!\w)(?:{_NUMBER})\s*"
    r"(?:n[°o]\.?\s*)?:?\s*(?:be ?)?([01]?\d{3})[. ]?(\d{3})[. ]?(\d{3})(?!\d)"
)
_RATE = re.compile(r"\btva\b[^\n\d]{0,12}(\d{1,2})\s?%|(\d{1,2})\s?%\s*(?:de )?tva\b")
_VAT_LINE = re.compile(r"(?<!hors )(?<!h)\btva\b(?! ?(?:c\b|comprise|incluse|non))")


def read_details(text: str, *, answer: bool = False) -> Details:
    """What a text says beside its lines; an ``answer`` to an order that is shown may do without the
    colon: « livraison à la maison communale, contact Ida Roland ».
    """
    plain = level(text)
    article = _ARTICLE.search(plain)
    contact, delivery, billing = (
        _behind(label, text, plain) or (_behind_words(words, text, plain) if answer else "")
        for label, words in (
            (_CONTACT, _CONTACT_IN_WORDS),
            (_DELIVERY, _DELIVERY_IN_WORDS),
            (_BILLING, _BILLING_IN_WORDS),
        )
    )
    return Details(
        budget_article=article["told"] if article else "",
        contact=contact,
        delivery=delivery,
        billing=billing,
        reference=_behind(_REFERENCE, text, plain) or _own_line_reference(text, plain),
        enterprise=_enterprise(plain),
        vat_cents=_vat(text),
        vat_rates=frozenset(int(a or b) for a, b in _RATE.findall(plain)),
    )


def _behind(label: str, text: str, plain: str) -> str:
    """What stands behind a label and its colon, up to the end of the line or the next label."""
    found = re.search(
        rf"(?<!\w)(?:{label})\s*:\s*(?P<told>[^\n;]{{2,200}}?)(?=\s*[\n;]|\s*$|[,.]\s+{_ANY})",
        plain,
    )
    return text[slice(*found.span("told"))].strip(" .,") if found else ""


_REFERENCE_LINE = re.compile(
    r"(?:^|\n)[ \t]*(?:v/|n/)?ref(?:erence)?s?\.?\s*:\s*(?P<told>[^\n;]{2,60}?)\s*(?=[\n;]|$)"
)
_DECIDES = re.compile(r"\b(?:decision|deliberation|college|conseil|bureau permanent)\b")


def _own_line_reference(text: str, plain: str) -> str:
    """A bare « Réf. : » on a line of its own, unless the line before it tells the decision."""
    for found in _REFERENCE_LINE.finditer(plain):
        before = plain[: found.start()].rstrip().rpartition("\n")[2]
        if not _DECIDES.search(before):
            return text[slice(*found.span("told"))].strip(" .,")
    return ""


_TO = r"(?=(?:a|au|aux|chez|aan|bij|an|bei|to|at)\b)"
_DELIVERY_IN_WORDS = (
    rf"(?:{_DELIVERY}|livrer|livrez|leveren|liefern|deliver) +{_TO}(?:(?:a|au|aux|aan|an|to) )?"
)
_BILLING_IN_WORDS = (
    rf"(?:{_BILLING}|facture|facturer|facturez|factuur|rechnung|invoice) +{_TO}"
    r"(?:(?:a|au|aux|aan|an|to) )?"
)
_CONTACT_IN_WORDS = rf"(?:{_CONTACT}) +(?:est |c'est )?(?!:)(?=\S+ +\S)"
_IN_WORDS = rf"(?:{_DELIVERY_IN_WORDS}|{_BILLING_IN_WORDS}|{_CONTACT_IN_WORDS}|{_ANY})"


def _behind_words(words: str, text: str, plain: str) -> str:
    """What stands behind a label without a colon, up to the end of the line, or to the next."""
    found = re.search(
        rf"(?<!\w){words}(?P<told>[^\n;]{{2,200}}?)(?=\s*[\n;]|\s*$|[,.]\s+(?:et )?{_IN_WORDS}"
        rf"|\s+et (?:la )?{_IN_WORDS})",
        plain,
    )
    return text[slice(*found.span("told"))].strip(" .,") if found else ""


def _enterprise(plain: str) -> Enterprise | None:
    found = _ENTERPRISE.search(plain)
    if found is None:
        return None
    digits = "".join(found.groups()).zfill(10)
    return Enterprise(digits, enterprise_is_valid(digits))


def _vat(text: str) -> int | None:
    """The amount of VAT, on a line or in a clause that says nothing else of it."""
    for clause in re.split(r"\n|(?<=[^\d]),|;", text):
        cue = _VAT_LINE.search(level(clause))
        amounts = [one.reading for one in find_amounts(clause)]
        read = [one for one in amounts if isinstance(one, Amount) and one.vat is None]
        stated = any(isinstance(one, Amount) and one.vat is Vat.EXCLUDED for one in amounts)
        if cue and len(read) == 1 and not stated:
            return read[0].cents
    return None
