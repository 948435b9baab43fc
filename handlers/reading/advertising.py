"""Advertising by its words and its make-up, for mailings that declare themselves by no header."""

from __future__ import annotations

import re

from handlers.reading.letters import level

_LEAVING = re.compile(
    r"\b(?:se desabonner|desabonnement|vous desabonner|me desabonner|unsubscribe|uitschrijven"
    r"|(?:se|me|vous) desinscrire|desinscription (?:en un clic|ici)|cliquez ici pour .{0,20}desinscri"
    r"|abbestellen|newsletter abmelden|hier abmelden|gerer (?:vos|mes) preferences"
    r"|ne plus recevoir (?:nos|cette|ces|la|d'e-?mails?|de))\b"
)
_LINK = re.compile(r"https?://|\bwww\.|\b(?:ici|here|hier|cliquez)\b")
_WORDS = tuple(
    re.compile(pattern)
    for pattern in (
        r"[-–] ?\d{1,2} ?%|\b\d{1,2} ?% (?:de (?:remise|reduction)|korting|rabatt|off|discount)\b",
        r"\b(?:remise|reduction|promo\w*|soldes?|rabais|korting|actie|rabatt|sonderangebot|discount)\b",
        r"\b(?:derniere chance|plus que \d+|jusqu'a epuisement|offre (?:limitee|exclusive|speciale"
        r"|de rentree|de lancement|valable|d'essai)|ne (?:ratez|manquez) pas|last chance|limited"
        r"|laatste kans|nur noch|tijdelijk|special offer)\b",
        r"\b(?:commandez|achetez|profitez|decouvrez|inscrivez-vous|reservez|telechargez|demandez"
        r"|commander maintenant|en savoir plus|j'en profite|je decouvre|ontdek|bestel nu|profiteer"
        r"|entdecken sie|jetzt bestellen|discover|order now|shop now|learn more|book (?:a|your) demo)\b",
        r"\b(?:chers? (?:decideurs?|clients?|partenaires?|abonnes?|lecteurs?|professionnels?)"
        r"|beste klant|geachte klant|liebe kunden|dear (?:customer|subscriber|partner))\b",
        r"\b(?:vous recevez ce(?:t|tte|) (?:e-?mail|courriel|message|lettre|newsletter)"
        r"|u ontvangt deze|sie erhalten diese|you are receiving this|you received this)\b",
        r"\b(?:voir|afficher|lire) (?:ce message |cet e-?mail |la version )?(?:en ligne|dans (?:votre|le)"
        r" navigateur)|\bbekijk online|\bview (?:this email )?(?:online|in your browser)|\bim browser\b",
        r"\b(?:des|a partir de|seulement|vanaf|ab|from|only) \d[\d ., ]*(?:€|eur\b)|€ ?\d+[.,]\d\d",
        r"\b(?:devis|demo(?:nstration)?|essai|audit|echantillon|conseil) (?:gratuit|offert)"
        r"|\bgratis (?:demo|offerte|proef)|\bkostenlose\w* (?:demo|test|angebot)|\bfree (?:trial|demo|quote)",
        r"\b(?:notre gamme|nos (?:produits|promotions|offres)|notre (?:societe|entreprise|showroom)"
        r"|leader (?:sur|du|en|de)|onze producten|unsere produkte|our products)\b",
        r"\b(?:newsletter|infolettre|nieuwsbrief|webinaire?|webinar|exposants?|salon|badge|stand)\b",
        r"\b(?:livraison (?:gratuite|offerte)|satisfait ou rembourse|code promo|bon de reduction"
        r"|gratis levering|kostenloser versand|free shipping)\b",
    )
)
_ENOUGH, _ENOUGH_ALONE = 3, 4


def is_advertising(subject: str, text: str, marks: int = 0) -> bool:
    """Whether a mail is advertising. ``marks`` counts what its form shows of a mailing to many
    (a tracking image, a link to leave); without any, the words have to say more.
    """
    plain = level(f"{subject}\n{text}")
    leaving = _LEAVING.search(plain) is not None and _LINK.search(plain) is not None
    words = sum(pattern.search(plain) is not None for pattern in _WORDS)
    score = words + 2 * leaving + min(marks, 2)
    return words > 0 and score >= (_ENOUGH if leaving or marks else _ENOUGH_ALONE)
