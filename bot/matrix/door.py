"""Whose invitations are accepted, and what is said to the others."""

from __future__ import annotations

from collections.abc import Sequence

from config.values import server_of
from handlers.request import Incoming
from handlers.wording import _, plain


class Door:
    """Opens to the people of certain servers, and to the administrators wherever they are.

    Only the inviting account counts: names, rights in the room, and who else is there prove
    nothing.
    """

    def __init__(
        self, servers: Sequence[str], administrators: Sequence[str], language: str
    ) -> None:
        self._servers = tuple(servers)
        self._administrators = frozenset(administrators)
        self._language = language

    def opens_to(self, invitation: Incoming) -> bool:
        """Whether an invitation is accepted."""
        sender = invitation.sender
        return sender in self._administrators or server_of(sender) in self._servers

    @property
    def refusal(self) -> str:
        """What is said to somebody whose invitation is turned down."""
        words = _(
            "Je n'accepte pas les invitations de votre serveur, seulement celles de : {servers}."
            " La plateforme est aussi joignable par mail.",
            servers=", ".join(self._servers),
        )
        return plain(words, self._language)
