"""Conversations in encrypted rooms, over a real homeserver, with the whole platform at work."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
import pytest_asyncio
from rich.console import Console

from sandbox.clients import RoomEvent
from sandbox.encrypted_user import EncryptedUser
from sandbox.every_command import is_answer
from sandbox.matrix_event import replacement
from sandbox.stage import BOT, stage
from sandbox.story import Play, administrator_arrives, play, register_by_mail
from sandbox.transcript import Transcript

pytestmark = [
    pytest.mark.servers,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(180),
]
SECONDS = 30.0


@dataclass
class Sealed:
    """The play, and two of its people with programs that encrypt, each beside a plain one."""

    p: Play
    camille: EncryptedUser
    helene: EncryptedUser
    direct: str = ""
    """Camille and the platform."""
    room: str = ""
    """Camille, Hélène and the platform."""
    before: str = ""
    """What Camille said in private before the platform was invited."""

    async def ask(self, room: str, text: str, thread: str | None = None) -> RoomEvent:
        """Camille says something; what is answered."""
        return await self.answer_to(await self.camille.say(room, text, thread=thread))

    async def answer_to(self, asked: str, *, but: str = "") -> RoomEvent:
        """What is answered to an event, apart from an earlier answer."""
        return await self.camille.wait_for(
            lambda e: is_answer(e) and e.reply_to == asked and e.event_id != but, SECONDS
        )

    def answers(self, room: str) -> list[RoomEvent]:
        """All that the platform said in a room so far."""
        return [e for e in self.camille.events if e.room_id == room and is_answer(e)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sealed(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sealed]:
    """The platform in an encrypted conversation with one person, and in a room with two."""
    quiet = Transcript(Console(file=io.StringIO(), width=120))
    async with (
        stage(tmp_path_factory.mktemp("stage")) as set_stage,
        play(set_stage, quiet, SECONDS) as p,
        AsyncExitStack() as stack,
    ):
        await administrator_arrives(p)
        await register_by_mail(p)
        users = []
        for name in ("camille", "helene"):
            store = set_stage.directory / f"keys-{name}"
            url, account = set_stage.homeserver.url, set_stage.accounts[name]
            users.append(await EncryptedUser.with_new_device(url, account, store))
            stack.push_async_callback(users[-1].close)
        camille, helene = users
        made = Sealed(p, camille, helene)
        made.direct = await made.camille.room_with()
        # Said before the platform was invited: history, and no command.
        made.before = await made.camille.say(made.direct, "aide")
        await p.camille.invite(made.direct, BOT)
        await _enters(made, made.direct)
        made.room = await made.camille.room_with(BOT)
        await p.camille.invite(made.room, p.helene.user_id)
        await p.helene.join(made.room)
        await _enters(made, made.room)
        yield made


async def _enters(sealed: Sealed, room: str) -> None:
    await sealed.camille.wait_for(
        lambda e: (
            e.room_id == room
            and e.raw.get("state_key") == BOT
            and e.content.get("membership") == "join"
        ),
        SECONDS,
    )


async def test_words_are_encrypted_notices_that_mention_nobody(sealed: Sealed) -> None:
    answer = await sealed.ask(sealed.direct, "aide")
    assert answer.content["msgtype"] == "m.notice"
    assert answer.content["m.mentions"] == {}
    kept = await sealed.p.camille.all_messages(sealed.direct)
    said = [e for e in kept if e.sender == BOT and e.type.startswith("m.room.") and e.content]
    assert {e.type for e in said} <= {"m.room.encrypted", "m.room.member"}


async def test_bare_in_private_and_with_a_prefix_or_a_name_where_others_are(
    sealed: Sealed,
) -> None:
    await sealed.camille.say(sealed.room, "aide")
    prefixed = await sealed.ask(sealed.room, "!aide")
    named = await sealed.ask(sealed.room, f"{BOT}: aide")
    assert [e.event_id for e in sealed.answers(sealed.room)] == [
        prefixed.event_id,
        named.event_id,
    ]


async def test_what_comes_from_a_bot_has_no_answer(sealed: Sealed) -> None:
    notice = {"msgtype": "m.notice", "body": "aide"}
    said = await sealed.camille.send(sealed.direct, notice)
    await sealed.ask(sealed.direct, "aide")
    assert not any(e.reply_to == said for e in sealed.answers(sealed.direct))


async def test_a_form_in_a_thread_goes_on_after_a_restart(sealed: Sealed) -> None:
    root = await sealed.camille.say(sealed.direct, "centrales")
    asked = await sealed.ask(sealed.direct, "inscrire", root)
    assert (asked.thread, "1/7" in asked.body) == (root, True)
    asked = await sealed.ask(sealed.direct, "CPAS de Musson", root)
    assert "2/7" in asked.body
    await sealed.p.stage.bot.stop()
    waited = await sealed.camille.say(sealed.direct, "Hélène Lambiotte", thread=root)
    await sealed.p.stage.bot.start()
    asked = await sealed.answer_to(waited)
    assert (asked.thread, "3/7" in asked.body) == (root, True)
    helped = await sealed.ask(sealed.direct, "catalogue", root)
    assert "adresse mail" in helped.body
    assert "adresse mail" not in (await sealed.ask(sealed.direct, "centrales", root)).body
    assert "annulé" in (await sealed.ask(sealed.direct, "annuler", root)).body


async def test_an_edited_command_is_answered_again(sealed: Sealed) -> None:
    asked = await sealed.camille.say(sealed.direct, "statistiqes")
    first = await sealed.answer_to(asked)
    assert "statistiques" in first.body
    await sealed.camille.send(sealed.direct, replacement(asked, "statistiques"))
    again = await sealed.answer_to(asked, but=first.event_id)
    assert "institution" in again.body


async def test_a_deleted_command_takes_its_answer_with_it(sealed: Sealed) -> None:
    answer = await sealed.ask(sealed.direct, "statistiqes")
    assert answer.reply_to is not None
    await sealed.p.camille.redact(sealed.direct, answer.reply_to)
    await sealed.p.camille.wait_for(
        lambda e: (
            e.type == "m.room.redaction"
            and e.sender == BOT
            and answer.event_id in {e.content.get("redacts"), e.raw.get("redacts")}
        ),
        SECONDS,
    )


async def test_the_tick_counts_of_who_was_asked_only(sealed: Sealed) -> None:
    asked = await sealed.ask(sealed.room, "!catalogu repas")
    await sealed.p.helene.react(sealed.room, asked.event_id, "✅")
    silent = await sealed.ask(sealed.room, "!centrales")
    assert sealed.answers(sealed.room)[-1] == silent
    asked = await sealed.ask(sealed.room, "!catalogu repas")
    await sealed.p.camille.react(sealed.room, asked.event_id, "✅")
    assert "1 solution" in (await sealed.answer_to(asked.event_id)).body


async def test_a_list_is_turned_by_a_reaction(sealed: Sealed) -> None:
    for number in range(14):
        await sealed.ask(sealed.direct, f"publier actualité Nouvelle {number} : Un texte")
    page = await sealed.ask(sealed.direct, "actualités")
    assert "➡️" in page.body
    await sealed.p.camille.react(sealed.direct, page.event_id, "➡️")
    assert "Nouvelle 0" in (await sealed.answer_to(page.event_id)).body


async def test_what_cannot_be_read_is_told_once(sealed: Sealed) -> None:
    olm = sealed.camille.client.olm
    # The key goes to nobody: as when the platform's device was not known yet.
    await sealed.camille.client.joined_members(sealed.direct)
    olm.create_outbound_group_session(sealed.direct)
    olm.outbound_group_sessions[sealed.direct].mark_as_shared()
    for words in ("aide", "catalogue"):
        await sealed.camille.say(sealed.direct, words)
    told = await sealed.camille.wait_for(lambda e: is_answer(e) and "🔒" in e.body, SECONDS)
    assert "écrivez à nouveau votre message" in told.body
    del olm.outbound_group_sessions[sealed.direct]
    await sealed.ask(sealed.direct, "aide")
    assert sum("🔒" in e.body for e in sealed.answers(sealed.direct)) == 1


async def test_what_was_taken_in_is_marked_as_read(sealed: Sealed) -> None:
    answer = await sealed.ask(sealed.direct, "aide")
    assert await sealed.p.camille.wait_for_passing(
        lambda room, e: (
            room == sealed.direct
            and e["type"] == "m.receipt"
            and BOT in e["content"].get(answer.reply_to, {}).get("m.read", {})
        ),
        SECONDS,
    )


async def test_a_room_has_a_language_and_so_has_a_person(sealed: Sealed) -> None:
    assert "Nederlands" in (await sealed.ask(sealed.room, "!langue Nederlands")).body
    assert "kunt" in (await sealed.ask(sealed.room, "!aide")).body
    assert "Ce que vous pouvez faire" in (await sealed.ask(sealed.direct, "aide")).body
    await sealed.ask(sealed.room, "!langue français")


async def test_nothing_is_answered_twice_nor_what_was_said_before_the_invitation(
    sealed: Sealed,
) -> None:
    await sealed.ask(sealed.direct, "aide")
    answered = [e.reply_to for e in sealed.answers(sealed.direct)]
    assert sealed.before not in answered
    # Only what was edited has two answers, and of ours only the page that was turned has one.
    assert len(answered) - len(set(answered)) <= 1
    ours = {e.event_id: e.body for e in sealed.answers(sealed.direct)}
    assert all("➡️" in ours[one] for one in answered if one in ours)
