"""Private mailboxes: an authority is not registered on the word of one (acceptance B01, B47)."""

from __future__ import annotations

import re

from handlers.reading.letters import level

_PROVIDERS = re.compile(
    r"(?:^|\.)(?:gmail|googlemail|hotmail|outlook|live|msn|yahoo|ymail|icloud|me|mac|aol|gmx|web"
    r"|proton|protonmail|pm|skynet|proximus|telenet|voo|belgacom|scarlet|swing|orange|free|laposte"
    r"|wanadoo|tutanota|zoho|mail|email)\.[a-z]{2,3}$"
)
_PRIVATE_LABEL = re.compile(
    r"(?:^|[.-])(?:perso|prive|privee|private|home|maison|famille|libre)(?:[.-]|$)"
)
_SAID = re.compile(
    r"\b(?:boite|adresse|messagerie|mail|e-mail|compte)(?: mail| e-mail| de messagerie)?"
    r" (?:\w+ )?(?:privee?s?|personnel(?:le)?s?|perso)\b"
    r""
    r"|\bprive(?:-?adres|mail)\w*|\bprivate (?:mailbox|address|e-?mail)\b"
    r"|\bprivate[nr]? (?:adresse|mail)\b"
)


def is_private(address: str, text: str = "") -> bool:
    """Whether an address is somebody's own: by its domain, or because the letter says so."""
    domain = address.rpartition("@")[2].lower()
    known = _PROVIDERS.search(domain) or _PRIVATE_LABEL.search(domain)
    return known is not None or _SAID.search(level(text)) is not None
