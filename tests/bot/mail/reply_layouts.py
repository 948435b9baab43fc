"""How mail programs lay an answer out, in four languages: from the formats that they write.

``TOP``, ``BELOW`` and ``BETWEEN`` are where the answer stands. Programs that do not mark what they
quote are only told from the answer when it stands above.
"""

# ruff: noqa: E501 - what a program writes in one line stands in one line

from __future__ import annotations

from dataclasses import dataclass

TOP, BELOW, BETWEEN = "top", "below", "between"
ANSWERS = ("oui", "confirmer", "accepter I-5")

QUESTION = {
    "fr": ("Votre commande est prête.", "Répondez « oui » pour confirmer, « non » pour annuler."),
    "nl": ("Uw bestelling is klaar.", "Antwoord « ja » om te bevestigen."),
    "de": ("Ihre Bestellung ist bereit.", "Antworten Sie « ja », um zu bestätigen."),
    "en": ("Your order is ready.", "Answer « yes » to confirm."),
}

_P = "Plateforme <p@s.example>"

# What stands above a quotation whose lines are marked.
MARKED: dict[str, dict[str, str]] = {
    "gmail": {
        "fr": f"Le lun. 3 mars 2025 à 10:02, {_P} a écrit\u00a0:",
        "nl": f"Op ma 3 mrt 2025 om 10:02 schreef {_P}:",
        "de": f"Am Mo., 3. März 2025 um 10:02 Uhr schrieb {_P}:",
        "en": f"On Mon, Mar 3, 2025 at 10:02\u202fAM {_P} wrote:",
    },
    "gmail, wrapped": {
        "fr": "Le lun. 3 mars 2025 à 10:02, Plateforme supracommunale de la Province <\nplateforme@supracom.example> a écrit\u00a0:",
        "nl": "Op ma 3 mrt 2025 om 10:02 schreef Plateforme supracommunale de la Province <\nplateforme@supracom.example>:",
        "de": "Am Mo., 3. März 2025 um 10:02 Uhr schrieb Plateforme supracommunale de la\nProvince <plateforme@supracom.example>:",
        "en": "On Mon, Mar 3, 2025 at 10:02 AM Plateforme supracommunale de la Province <\nplateforme@supracom.example> wrote:",
    },
    "gmail, name first": {
        "fr": f"{_P} a écrit le lun. 3 mars 2025 à 10:02 :",
        "nl": f"{_P} schreef op ma 3 mrt 2025 om\n10:02:",
        "de": f"{_P} schrieb am Mo., 3. März\n2025 um 10:02 Uhr:",
        "en": f"{_P} wrote on Mon, Mar 3, 2025\nat 10:02 AM:",
    },
    "thunderbird": {
        "fr": "Le 03/03/2025 à 10:02, Plateforme a écrit\u00a0:",
        "nl": "Op 3-3-2025 om 10:02 schreef Plateforme:",
        "de": "Am 03.03.25 um 10:02 schrieb Plateforme:",
        "en": "On 3/3/25 10:02, Plateforme wrote:",
    },
    "apple mail": {
        "fr": f"Le 3 mars 2025 à 10:02, {_P} a écrit :\n",
        "nl": f"Op 3 mrt 2025, om 10:02 heeft {_P} het volgende geschreven:\n",
        "de": f"Am 03.03.2025 um 10:02 schrieb {_P}:\n",
        "en": f"On 3 Mar 2025, at 10:02, {_P} wrote:\n",
    },
    "iphone": {
        "fr": f"> Le 3 mars 2025 à 10:02, {_P} a écrit :\n> ",
        "nl": f"> Op 3 mrt 2025 om 10:02 heeft {_P} het volgende geschreven:\n> ",
        "de": f"> Am 03.03.2025 um 10:02 schrieb {_P}:\n> ",
        "en": f"> On Mar 3, 2025, at 10:02 AM, {_P} wrote:\n> ",
    },
    "roundcube": {
        "fr": "Le 2025-03-03 10:02, Plateforme a écrit\u00a0:",
        "nl": "Plateforme schreef op 2025-03-03 10:02:",
        "de": "Am 03.03.2025 10:02, schrieb Plateforme:",
        "en": "On 2025-03-03 10:02, Plateforme wrote:",
    },
    "k-9": {
        "fr": f"Le 3 mars 2025 10:02:11 GMT+01:00, {_P} a écrit :",
        "nl": f"Op 3 maart 2025 10:02:11 CET schreef {_P}:",
        "de": f"Am 3. März 2025 10:02:11 MEZ schrieb {_P}:",
        "en": f"On March 3, 2025 10:02:11 AM GMT+01:00, {_P} wrote:",
    },
    "horde": {
        "fr": f"{_P} a écrit :\n",
        "nl": f"Citeren {_P}:\n",
        "de": f"Zitat von {_P}:\n",
        "en": f"Quoting {_P}:\n",
    },
    "evolution": {
        "fr": "Le lundi 03 mars 2025 à 10:02 +0100, Plateforme a écrit :",
        "nl": "Plateforme schreef op ma 03-03-2025 om 10:02 [+0100]:",
        "de": "Am Montag, dem 03.03.2025 um 10:02 +0100 schrieb Plateforme:",
        "en": "On Mon, 2025-03-03 at 10:02 +0100, Plateforme wrote:",
    },
    "protonmail": {
        "fr": f"------- Message original -------\nLe lundi 3 mars 2025 à 10:02, {_P} a écrit :\n\n",
        "nl": f"------- Oorspronkelijk bericht -------\nOp maandag 3 maart 2025 om 10:02 schreef {_P}:\n\n",
        "de": f"------- Original-Nachricht -------\nAm Montag, 3. März 2025 um 10:02 schrieb {_P}:\n\n",
        "en": f"------- Original Message -------\nOn Monday, March 3rd, 2025 at 10:02 AM, {_P} wrote:\n\n",
    },
    "outlook, prefixed": {
        "fr": "> -----Message d'origine-----\n> De : Plateforme [mailto:p@s.example]\n> Envoyé : lundi 3 mars 2025 10:02\n> À : Anne\n> Objet : Votre commande\n> ",
        "nl": "> -----Oorspronkelijk bericht-----\n> Van: Plateforme [mailto:p@s.example]\n> Verzonden: maandag 3 maart 2025 10:02\n> Aan: Anne\n> Onderwerp: Uw bestelling\n> ",
        "de": "> -----Ursprüngliche Nachricht-----\n> Von: Plateforme [mailto:p@s.example]\n> Gesendet: Montag, 3. März 2025 10:02\n> An: Anne\n> Betreff: Ihre Bestellung\n> ",
        "en": "> -----Original Message-----\n> From: Plateforme [mailto:p@s.example]\n> Sent: Monday, March 3, 2025 10:02\n> To: Anne\n> Subject: Your order\n> ",
    },
}

# What stands above a quotation that is left as it was.
UNMARKED: dict[str, dict[str, str]] = {
    "outlook": {
        "fr": f"De : {_P} \nEnvoyé : lundi 3 mars 2025 10:02\nÀ : Anne Dupont <anne@commune.example>\nObjet : Votre commande\n",
        "nl": f"Van: {_P} \nVerzonden: maandag 3 maart 2025 10:02\nAan: Anne Dupont <anne@commune.example>\nOnderwerp: Uw bestelling\n",
        "de": f"Von: {_P} \nGesendet: Montag, 3. März 2025 10:02\nAn: Anne Dupont <anne@commune.example>\nBetreff: Ihre Bestellung\n",
        "en": f"From: {_P} \nSent: Monday, March 3, 2025 10:02 AM\nTo: Anne Dupont <anne@commune.example>\nSubject: Your order\n",
    },
    "outlook, bold": {
        "fr": f"*De :* {_P}\n*Envoyé :* lundi 3 mars 2025 10:02\n*À :* Anne\n*Objet :* Votre commande\n",
        "nl": f"*Van:* {_P}\n*Verzonden:* maandag 3 maart 2025 10:02\n*Aan:* Anne\n*Onderwerp:* Uw bestelling\n",
        "de": f"*Von:* {_P}\n*Gesendet:* Montag, 3. März 2025 10:02\n*An:* Anne\n*Betreff:* Ihre Bestellung\n",
        "en": f"*From:* {_P}\n*Sent:* Monday, March 3, 2025 10:02 AM\n*To:* Anne\n*Subject:* Your order\n",
    },
    "outlook 2003": {
        "fr": "-----Message d’origine-----\nDe\u00a0: Plateforme [mailto:p@s.example]\nEnvoyé\u00a0: lundi 3 mars 2025 10:02\nÀ\u00a0: Anne\nObjet\u00a0: Votre commande\n",
        "nl": "-----Oorspronkelijk bericht-----\nVan: Plateforme [mailto:p@s.example]\nVerzonden: maandag 3 maart 2025 10:02\nAan: Anne\nOnderwerp: Uw bestelling\n",
        "de": "-----Ursprüngliche Nachricht-----\nVon: Plateforme [mailto:p@s.example]\nGesendet: Montag, 3. März 2025 10:02\nAn: Anne\nBetreff: Ihre Bestellung\n",
        "en": "-----Original Message-----\nFrom: Plateforme [mailto:p@s.example]\nSent: Monday, March 3, 2025 10:02\nTo: Anne\nSubject: Your order\n",
    },
    "outlook mobile": {
        "fr": f"Télécharger Outlook pour iOS<https://aka.ms/o0ukef>\n________________________________\nDe : {_P}\nEnvoyé : Monday, March 3, 2025 10:02:11 AM\nÀ : Anne <anne@commune.example>\nObjet : Votre commande\n",
        "nl": f"Outlook voor Android downloaden<https://aka.ms/AAb9ysg>\n________________________________\nVan: {_P}\nVerzonden: maandag 3 maart 2025 10:02:11\nAan: Anne <anne@commune.example>\nOnderwerp: Uw bestelling\n",
        "de": f"Holen Sie sich Outlook für iOS<https://aka.ms/o0ukef>\n________________________________\nVon: {_P}\nGesendet: Montag, 3. März 2025 10:02:11\nAn: Anne <anne@commune.example>\nBetreff: Ihre Bestellung\n",
        "en": f"Get Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\nFrom: {_P}\nSent: Monday, March 3, 2025 10:02:11 AM\nTo: Anne <anne@commune.example>\nSubject: Your order\n",
    },
    "zimbra": {
        "fr": '----- Mail original -----\nDe: "Plateforme" <p@s.example>\nÀ: "Anne" <anne@commune.example>\nEnvoyé: Lundi 3 Mars 2025 10:02:11\nObjet: Votre commande\n',
        "nl": '----- Oorspronkelijk e-mail -----\nVan: "Plateforme" <p@s.example>\nAan: "Anne" <anne@commune.example>\nVerzonden: Maandag 3 maart 2025 10:02:11\nOnderwerp: Uw bestelling\n',
        "de": '----- Ursprüngliche Mail -----\nVon: "Plateforme" <p@s.example>\nAn: "Anne" <anne@commune.example>\nGesendet: Montag, 3. März 2025 10:02:11\nBetreff: Ihre Bestellung\n',
        "en": '----- Original Message -----\nFrom: "Plateforme" <p@s.example>\nTo: "Anne" <anne@commune.example>\nSent: Monday, March 3, 2025 10:02:11 AM\nSubject: Your order\n',
    },
    "samsung": {
        "fr": f"Envoyé depuis mon appareil Galaxy\n\n\n-------- Message d'origine --------\nDe : {_P}\nDate : 03/03/2025 10:02 (GMT+01:00)\nÀ : Anne <anne@commune.example>\nObjet : Votre commande\n",
        "nl": f"Verzonden vanaf mijn Galaxy\n\n\n-------- Oorspronkelijk bericht --------\nVan: {_P}\nDatum: 03-03-2025 10:02 (GMT+01:00)\nAan: Anne <anne@commune.example>\nOnderwerp: Uw bestelling\n",
        "de": f"Von meinem Galaxy gesendet\n\n\n-------- Ursprüngliche Nachricht --------\nVon: {_P}\nDatum: 03.03.25 10:02 (GMT+01:00)\nAn: Anne <anne@commune.example>\nBetreff: Ihre Bestellung\n",
        "en": f"Sent from my Galaxy\n\n\n-------- Original message --------\nFrom: {_P}\nDate: 3/3/25 10:02 (GMT+01:00)\nTo: Anne <anne@commune.example>\nSubject: Your order\n",
    },
    "groupwise": {
        "fr": f">>> {_P} 03/03/2025 10:02 >>>",
        "nl": f">>> {_P} 3/03/2025 10:02 >>>",
        "de": f">>> {_P} 03.03.2025 10:02 >>>",
        "en": f">>> On 3/3/2025 at 10:02 AM, in message <67C58B23.A1@s.example>, {_P} wrote:",
    },
    "notes": {
        "fr": "De :    Plateforme/S/BE\nA :     Anne/COMMUNE/BE@COMMUNE,\nDate :  03/03/2025 10:02\nObjet : Votre commande\n\n",
        "nl": "Van:    Plateforme/S/BE\nAan:    Anne/COMMUNE/BE@COMMUNE,\nDatum:  03/03/2025 10:02\nOnderwerp:      Uw bestelling\n\n",
        "de": "Von:    Plateforme/S/BE\nAn:     Anne/COMMUNE/BE@COMMUNE,\nDatum:  03.03.2025 10:02\nBetreff:        Ihre Bestellung\n\n",
        "en": "From:   Plateforme/S/BE\nTo:     Anne/COMMUNE/BE@COMMUNE,\nDate:   03/03/2025 10:02 AM\nSubject:        Your order\n\n",
    },
    "yahoo": {
        "fr": f"Le lundi 3 mars 2025 à 10:02:11 UTC+1, {_P} a écrit :\n\n",
        "nl": f"Op maandag 3 maart 2025 om 10:02:11 CET schreef {_P}:\n\n",
        "de": f"Am Montag, 3. März 2025 um 10:02:11 MEZ hat {_P} Folgendes geschrieben:\n\n",
        "en": f"On Monday, March 3, 2025 at 10:02:11 AM GMT+1, {_P} wrote:\n\n",
    },
    "web.de": {
        "fr": f'Envoyé: lundi 3 mars 2025 à 10:02\nDe: "Plateforme" <p@s.example>\nÀ: {_P}\nObjet: Votre commande\n',
        "nl": f'Verzonden: maandag 3 maart 2025 om 10:02\nVan: "Plateforme" <p@s.example>\nAan: {_P}\nOnderwerp: Uw bestelling\n',
        "de": f'Gesendet: Montag, 3. März 2025 um 10:02 Uhr\nVon: "Plateforme" <p@s.example>\nAn: {_P}\nBetreff: Ihre Bestellung\n',
        "en": f'Sent: Monday, March 03, 2025 at 10:02 AM\nFrom: "Plateforme" <p@s.example>\nTo: {_P}\nSubject: Your order\n',
    },
    "a desk that asks to write above": {
        "fr": "## Merci de répondre au-dessus de cette ligne ##\n",
        "nl": "--- Antwoord boven deze lijn ---\n",
        "de": "--- Bitte antworten Sie oberhalb dieser Linie ---\n",
        "en": "##- Please type your reply above this line -##\n",
    },
}


@dataclass(frozen=True, slots=True)
class Layout:
    """An answer as a program sends it, and what its author wrote."""

    name: str
    body: str
    expected: str


def marked() -> list[Layout]:
    """Every program that marks what it quotes, language, and place of the answer."""
    return [
        _marked(f"{program}, {language}, {place}", head, language, place, ANSWERS[count % 3])
        for program, heads in MARKED.items()
        for count, (language, head) in enumerate(heads.items())
        for place in (TOP, BELOW, BETWEEN)
    ]


def _marked(name: str, head: str, language: str, place: str, answer: str) -> Layout:
    first, second = (f"> {line}" for line in QUESTION[language])
    signed = f"{answer}\n\nAnne Dupont"
    if place == TOP:
        return Layout(name, f"{signed}\n\n{head}\n{first}\n> \n{second}\n", signed)
    if place == BELOW:
        return Layout(name, f"{head}\n{first}\n> \n{second}\n\n{signed}\n", signed)
    body = f"{head}\n{first}\n\nD'accord.\n\n{second}\n\n{signed}\n"
    return Layout(name, body, f"D'accord.\n\n{signed}")


def unmarked() -> list[Layout]:
    """Every program that leaves what it quotes as it was, in every language."""
    found = []
    for program, heads in UNMARKED.items():
        for count, (language, head) in enumerate(heads.items()):
            answer = f"{ANSWERS[count % 3]}\n\nAnne Dupont"
            body = f"{answer}\n\n{head}\n" + "\n\n".join(QUESTION[language])
            found.append(Layout(f"{program}, {language}", body, answer))
    return found


# -- HTML and nothing else ----------------------------------------------------------------------

_HTML_TOP = {
    "gmail": '<div dir="ltr">{answer}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">{head}<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex"><div>{first}</div><div>{second}</div></blockquote></div>',
    "thunderbird": '<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"></head><body><p>{answer}</p><div class="moz-cite-prefix">{head}<br></div><blockquote type="cite" cite="mid:1@s.example"><p>{first}</p><p>{second}</p></blockquote></body></html>',
    "apple mail": '<html><head></head><body style="overflow-wrap: break-word;">{answer}<br id="lineBreakAtBeginningOfMessage"><div><br><blockquote type="cite"><div>{head}</div><br class="Apple-interchange-newline"><div><div>{first}</div><div>{second}</div></div></blockquote></div><br></body></html>',
    "iphone": '<html><body dir="auto">{answer}<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">{device}</div><div dir="ltr"><br><blockquote type="cite">{head}<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">\ufeff{first}<br>{second}</div></blockquote></body></html>',
    "yahoo": '<div class="ydp1yahoo-style-wrap"><div dir="ltr">{answer}</div></div><div id="ydp2yahoo_quoted_1" class="ydp2yahoo_quoted"><div><div>{head}</div><div><br></div><div><br></div><div>{first}</div><div>{second}</div></div></div>',
    "protonmail": '<div>{answer}</div><div class="protonmail_quote">{head}<br><blockquote class="protonmail_quote" type="cite"><p>{first}</p><p>{second}</p></blockquote></div>',
}
_HTML_HEADERS = {
    "outlook.com": '<div class="elementToProof">{answer}</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" style="font-size:11pt" color="#000000">{headers}</font><div>&nbsp;</div></div><div><p>{first}</p><p>{second}</p></div>',
    "outlook": '<div class="WordSection1"><p class="MsoNormal">{answer}<o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">{headers}<o:p></o:p></p></div></div><p class="MsoNormal">{first}</p><p class="MsoNormal">{second}</p></div>',
    "outlook mobile": '<div dir="auto">{answer}</div><div id="ms-outlook-mobile-signature"><div>{device}</div></div><hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir="ltr">{headers}<div>&nbsp;</div></div><div>{first}<br>{second}</div>',
    "zimbra": '<div style="font-family: arial"><div>{answer}</div><br><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__">{headers}</div><div data-marker="__QUOTED_TEXT__"><div>{first}</div><div>{second}</div></div></div>',
}
_LABELS = {
    "fr": ("De&nbsp;:", "Envoyé&nbsp;:", "À&nbsp;:", "Objet&nbsp;:", "Envoyé de mon iPhone"),
    "nl": ("Van:", "Verzonden:", "Aan:", "Onderwerp:", "Verstuurd vanaf mijn iPhone"),
    "de": ("Von:", "Gesendet:", "An:", "Betreff:", "Von meinem iPhone gesendet"),
    "en": ("From:", "Sent:", "To:", "Subject:", "Sent from my iPhone"),
}
_WHEN = {
    "fr": "lundi 3 mars 2025 10:02",
    "nl": "maandag 3 maart 2025 10:02",
    "de": "Montag, 3. März 2025 10:02",
    "en": "Monday, March 3, 2025 10:02 AM",
}
_HTML_MARKED = {
    BELOW: '<div class="moz-cite-prefix">{head}<br></div><blockquote type="cite"><p>{first}</p><p>{second}</p></blockquote><p>{answer}</p>',
    BETWEEN: '<div class="moz-cite-prefix">{head}<br></div><blockquote type="cite"><p>{first}</p></blockquote><p>{answer}</p><blockquote type="cite"><p>{second}</p></blockquote><p><br></p>',
}


def html() -> list[Layout]:
    """Every program that sends HTML, in every language; the expected text is the bare answer."""
    found = []
    for count, language in enumerate(QUESTION):
        answer = ANSWERS[count % 3]
        for program, page in (_HTML_TOP | _HTML_HEADERS | _HTML_MARKED).items():
            body = page.format(
                answer=answer,
                head=_escaped(MARKED["gmail"][language]),
                headers=_headers(language),
                first=QUESTION[language][0],
                second=QUESTION[language][1],
                device=_LABELS[language][4],
            )
            found.append(Layout(f"{program}, {language}", body, answer))
    return found


def _headers(language: str) -> str:
    values = (_escaped(_P), _WHEN[language], "Anne &lt;anne@commune.example&gt;", "RE: 1")
    pairs = zip(_LABELS[language], values, strict=False)
    return "<br>".join(f"<b>{label}</b> {value}" for label, value in pairs)


def _escaped(text: str) -> str:
    return text.replace("<", "&lt;").replace(">", "&gt;").replace("\u00a0", "&nbsp;")
