"""The little that is asked of Synapse's admin API: rate limits, and rights that we lost in a room.

Only ``supracom setup`` does so, with the token of a server administrator; the running bot has none.
"""

from __future__ import annotations

from bot.matrix.transport import Connection, Json, MatrixError

_ADMIN = "/_synapse/admin/v1"
NO_LIMIT: Json = {"messages_per_second": 0, "burst_count": 0}
"""Zero lifts every limit that Synapse counts for an account: messages, invitations, rooms."""


class SynapseAdmin:
    """One server administrator's connection."""

    def __init__(self, homeserver: str, token: str) -> None:
        self._connection = Connection(homeserver, "")
        self._connection.authenticate("", "", token)

    async def close(self) -> None:
        """Give the connection back."""
        await self._connection.close()

    async def is_unlimited(self, user: str) -> bool:
        """Whether the limits are lifted for an account; raises MatrixError."""
        told = await self._limits("GET", user)
        # An empty answer says that the account has the limits of everybody.
        return told.get("messages_per_second") == 0

    async def lift(self, user: str) -> None:
        """Lift the limits for an account; raises MatrixError."""
        await self._limits("POST", user, NO_LIMIT)

    async def _limits(self, method: str, user: str, body: Json | None = None) -> Json:
        path = ["users", user, "override_ratelimit"]
        return await self._connection.request(method, path, body=body, api=_ADMIN)

    async def empower(self, room: str, user: str) -> bool:
        """Give an account the highest rights that anybody of this server has in a room, and invite
        it if it is not in it; False if nobody has any.
        """
        path = ["rooms", room, "make_room_admin"]
        try:
            await self._connection.request("POST", path, body={"user_id": user}, api=_ADMIN)
        except MatrixError as error:
            if not error.is_final:
                raise
            return False
        return True
