"""The words by which members offer, add, take back or deny help, in four languages.

Each pattern is for levelled text (:func:`handlers.reading.letters.level`). What one language says
with a word that another uses for something else is matched with its neighbours: the Dutch « maar »
is "only" before a number, and "but" elsewhere.
"""

from __future__ import annotations

import re

from handlers.reading.days import MONTHS, WEEKDAYS
from handlers.reading.number_words import COUNTS

_WORDS = "|".join(re.escape(word) for word in sorted(COUNTS, key=len, reverse=True))
_N = rf"(?:\d+|(?:{_WORDS})\b)"
_MONTHS = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAYS = (
    *WEEKDAYS,
    "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag",
    "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip
_AFTER_DAY = "".join(rf"(?<!{day} )" for day in _DAYS)
_NOT_BEFORE = (
    r"(?<![\d/.,:-])(?<!\bdu )(?<!\ble )(?<!\bau )(?<!\bn[°o] )(?<!\bam )(?<!\bvom )(?<!\bop )"
    rf"{_AFTER_DAY}"
)
_ORDINAL = r"(?:er|\.|st|nd|rd|th|e)?"
DATE = re.compile(
    rf"(?:\d{{1,2}}{_ORDINAL} ?(?:au|et|a|-|to|until|and|tot|en|bis|und) ?(?:the |zum )?)?"
    rf"\b\d{{1,2}}{_ORDINAL} (?:of )?(?:{_MONTHS})\b\.?(?: 20\d\d)?"
    rf"|\b(?:{_MONTHS}) \d{{1,2}}{_ORDINAL}\b(?:,? 20\d\d)?"
    rf"(?: ?(?:to|until|and|-) ?(?:{_MONTHS} )?\d{{1,2}}{_ORDINAL}\b)?"
    # "in May 3 workers" : the number behind a month is its day where nothing is counted.
    r"(?=\W*$|[,.;\n]| (?:we|for|at|in|to|until|and)\b)"
    r"|\b\d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?\b"
)
_TEAM = r"(?:equipe|groupe|renfort|team|crew|group|ploeg|groep|mannschaft|gruppe|trupp)\b"
_NO_COUNT = (
    r"h\b|heures?\b|jours?\b|semaines?\b|mois\b|ans?\b|min(?:utes)?\b|fois\b|€|euros?\b|%"
    r"|au \d|to \d|tot \d|bis \d"
    r"|[ap]\.?m\b|o'clock\b|hours?\b|days?\b|weeks?\b|months?\b|years?\b|times\b"
    r"|uur\b|uren\b|dag(?:en)?\b|weken\b|maand(?:en)?\b|jaar\b|keer\b"
    r"|uhr\b|stunden?\b|tag(?:en?)?\b|wochen?\b|monat(?:en?)?\b|jahren?\b|mal\b"
    # « une équipe de 4 » are four.
    rf"|{_TEAM}"
)
NUMBER = re.compile(
    rf"{_NOT_BEFORE}\b(?P<count>\d{{1,5}}|{_WORDS})\b(?![/.:-]?\d|\s*(?:{_NO_COUNT}))"
)
_OF = rf"(?! (?:d['e]|of|with|van|met|von|mit) ?{_N})"
VAGUE = re.compile(
    r"\b(?:quelques|plusieurs|environ|peut-etre|eventuellement|entre \d+ et"
    r"|some|several|a few|a couple|about|around|roughly|approximately|maybe|perhaps|a dozen"
    r"|between \d+ and"
    r"|enkele|enige|een paar|ongeveer|misschien|een (?:tiental|dozijn|twintigtal)|tussen \d+ en"
    r"|einige|ein paar|mehrere|etwa|ungefahr|circa|vielleicht|ein dutzend|zwischen \d+ und"
    r"|une? (?:dizaine|douzaine|quinzaine|vingtaine|trentaine|partie|peu)"
    rf"{_OF}|(?:une?|an?|een|eine?n?) {_TEAM}{_OF}"
    rf"|{_N} (?:a|ou|-|to|or|of|tot|oder|bis) {_N})"
    r"(?!\w)"
)
INSTEAD = re.compile(
    r"\b(?:au lieu (?:de |d'|des )|instead of |rather than |in plaats van |(?:an)?statt )"
    rf"{_N}?[^,.;\n]{{0,30}}?(?=[,.;\n]|$| (?:a|at|in|to|for|naar|voor|te|nach|fur|bei|zu) )"
)
MORE = re.compile(
    r"\b(?:en plus|de plus|supplementaires?|encore|en supplement|aussi|egalement"
    r"|(?<!no )(?<!any )(?<!not )more(?! than)|extra|additional|another|too|as well"
    # "also" alone is German for "so".
    r"|(?:can|will|could|we|are) also"
    r"|(?<!niet )(?<!geen )meer(?! dan)|bijkomende?|erbij|ook|nog(?! (?:maar|slechts|enkel|alleen))"
    r"|(?<!nicht )mehr(?! als)|zusatzlich\w*|weitere\w*|auch|(?<!nur )(?<!bloss )noch(?! nur))\b"
)
MOVED = re.compile(
    r"\b(?:plutot|a la place|rather(?! than)|instead(?! of)|liever|in plaats daarvan|lieber"
    r"|stattdessen)\b"
)
TAKEN_BACK = re.compile(
    r"\b(?:retir\w+|annul\w+|finalement[^.;\n]{0,40}\b(?:pas|plus|rien)"
    r"|ne (?:pouvons|peux|viendr\w+|pourr\w+|sommes|venons|envoyons)[^.;\n]{0,30}\bplus(?! de\b)"
    r"|n'envo\w+ (?:finalement )?(?:plus|pas)|plus possible|desist\w+"
    r"|withdr[ae]w\w*|cancel\w*|no longer"
    r"|(?:can't|cannot|can not|won't|not|unable)[^.;\n]{0,40}\b(?:any ?more(?! than)|any longer"
    r"|after all)"
    r"|trek(?:ken)?\b[^.;\n]{0,50}\b(?:in(?=\W*$|[.;\n])|terug)|intrekken|annuleer\w*|annuleren"
    r"|(?:niet|geen)\b[^.;\n]{0,40}\bmeer(?! dan)|toch (?:niet|geen)"
    r"|zieh(?:en|e)\b[^.;\n]{0,50}\bzuruck|zuruck(?:zieh|gezog)\w*|stornier\w*"
    r"|sag(?:en|e)\b[^.;\n]{0,40}\bab|absag\w*"
    r"|(?:nicht|kein\w*)\b[^.;\n]{0,40}\bmehr(?! als)|doch (?:nicht|kein\w*))\b"
)
DENIED = re.compile(
    r"\b(?:ne|n')\s?\w+[^.;\n]{0,20}\b(?:pas|rien|aucun\w*|personne|plus)\b(?! que)|\bimpossible\b"
    r"|\b(?:cannot|can't|won't|don't|haven't|unable|nobody"
    r"|(?:can|will|do|are|have|is|am) not(?! only))\b"
    r"|\bno \w+ (?:to spare|available|left|free)\b"
    r"|\b(?:niet(?! alleen)|geen|niemand|onmogelijk)\b"
    r"|\b(?:nicht(?! nur)|kein\w*|niemand\w*|unmoglich)\b"
)
ONLY = re.compile(
    r"\bne\b[^.;\n]{0,40}\bplus\b[^.;\n]{0,30}\bque\b"
    r"|\b(?:no|not) more than\b|\b(?:cannot|can't|can not) \w+ more than\b"
    r"|\bniet meer dan\b|\bnicht mehr als\b"
    rf"|\bmaar {_N}"
    r"|\b(?:only|just|at most|slechts|enkel|hooguit|hoogstens|nur|lediglich|hochstens)\b"
    rf"[^.,;\n]{{0,25}}?\b{_N}"
)
GIVES = re.compile(
    r"\b(?:envo(?:yons|ie|yer|ient)|enverr\w+|propos\w+|offr\w+|met(?:tons|s|trons)|detach\w+"
    r"|pret(?:ons|e|er)|fourni\w+|depech\w+|apport\w+|donn(?:ons|e|erons)|pouvons|peux|venons"
    r"|viendr\w+|disponibles?|partent|participons|aid(?:ons|erons)"
    r"|(?<!please )send(?:ing)?(?! us)|offer(?:ing)?|provid(?:e|ing)|lend(?:ing)?|bring(?:ing)?"
    r"|deploy(?:ing)?|spare|(?:we|i) can|available|(?:are|will be) coming|will come"
    r"|sturen|(?:ik|we|wij) stuur|zenden|bieden|lenen|leveren|brengen|beschikbaar|kunnen|komen"
    r"|schick(?:en(?! sie)|e)|entsend\w+|bieten|leihen|liefern|bringen|bereit|verfug\w+|konnen"
    r"|kommen)\b"
)
TELLS = re.compile(
    r"\b(?:sommes|avons besoin|avons recu|il y a|il faut|faudrait|manque\w*|arrive\w*|touche\w*"
    r"|sinistre\w*|recherch\w+"
    r"|there (?:are|is)|we are|needs?|needed|missing|flooded|affected|looking for"
    r"|send us|please send"
    r"|er (?:zijn|is)|wij? zijn|nodig|ontbre\w+|overstroomde?|getroffen|gezocht|zoeken|stuurt? ons"
    r"|es (?:gibt|sind)|wir sind|brauch\w+|benotig\w+|fehl(?:en|t)|uberflutete?|betroffene?"
    r"|gesucht|schick(?:t|en sie) (?:uns|bitte))\b"
)
"""What speaks of how things are, where no word gives anything."""
