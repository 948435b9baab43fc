"""Who reads the members' place, who left it, and who never came: announcements reach them all."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from handlers.admission import arrange
from handlers.desk import Desk
from handlers.request import Incoming, Kind, Place
from storage import attendance, members, purchasing
from storage.attendance import Attendance
from storage.members import Person
from storage.outbox import Row
from storage.purchasing import Adhesion
from tests.conftest import SERVER
from tests.handlers.conversation import MAIL, MATRIX, Said, Somebody, World

DEMAND = "demande un agent pour le service population, du 4 au 29 mai"
IN_PLACE = f"room:{Place.MEMBERS}"


def paul(world: World) -> Somebody:
    return world.member("Paul Chat", "commune", "85045", channel=MATRIX)


def move(world: World, who: Somebody, kind: Kind, conversation: str = IN_PLACE) -> list[Said]:
    """Somebody comes or goes, as the channel tells it."""
    told = who.message("", kind=kind, conversation=conversation, direct=False, addressed=False)
    return world.take(told)


def announced(world: World) -> list[Said]:
    """An announcement is published; everything that is said then."""
    bruno = world.bruno()
    return bruno.answers(bruno.asks(DEMAND), "oui")


def reached(world: World, said: str) -> bool:
    admin = world.camille
    return said in admin.asks("diffusion A-1").text


def test_who_reads_in_the_place_gets_no_other_message(world: World) -> None:
    reader = paul(world)
    said = announced(world)
    assert [one for one in said if "A-2026" in one.text and one.destination == IN_PLACE]
    assert reader.got(said) == []
    assert reached(world, "reçue par 1 sur 1")


@pytest.mark.parametrize("kind", [Kind.DEPARTURE])
def test_who_left_the_place_is_told_directly(world: World, kind: Kind) -> None:
    reader = paul(world)
    reader.asks("aide")
    assert move(world, reader, kind) == []
    (told,) = reader.got(announced(world))
    assert "service population" in told.text
    assert told.destination == reader.conversation
    assert reached(world, "reçue par 1 sur 1")


def test_who_comes_back_reads_in_the_place_again(world: World) -> None:
    reader = paul(world)
    move(world, reader, Kind.DEPARTURE)
    move(world, reader, Kind.ARRIVAL)
    assert reader.got(announced(world)) == []


def test_who_never_came_is_told_directly(world: World) -> None:
    reader = paul(world)
    world.change(lambda session: session.query(Attendance).delete())
    assert len(reader.got(announced(world))) == 1


def test_who_left_every_conversation_is_told_by_mail(world: World) -> None:
    reader = paul(world)
    reader.asks("aide")
    move(world, reader, Kind.DEPARTURE)
    move(world, reader, Kind.DEPARTURE, reader.conversation)
    (told,) = reader.got(announced(world))
    assert (told.channel, told.destination) == (MAIL, reader.mail)
    assert "service population" in told.text


def test_who_writes_in_private_again_is_told_there(world: World) -> None:
    reader = paul(world)
    reader.asks("aide")
    move(world, reader, Kind.DEPARTURE)
    move(world, reader, Kind.DEPARTURE, reader.conversation)
    reader.asks("aide")
    assert len(reader.got(announced(world))) == 1


def test_a_place_that_could_not_be_written_in_reached_nobody(world: World) -> None:
    paul(world)
    announced(world)

    def fail(session: object) -> None:
        for row in session.query(Row).filter_by(destination=IN_PLACE):  # type: ignore[attr-defined]
            row.state = "dead"

    world.change(fail)
    assert reached(world, "reçue par 0 sur 1")


def roll(world: World, **states: str) -> list[Said]:
    told = Incoming(
        channel=MATRIX,
        external_id="roll:members",
        conversation=IN_PLACE,
        sender="",
        sent_at=world.clock.now(),
        kind=Kind.ROLL,
        place=Place.MEMBERS,
        direct=False,
        roll=tuple((f"@{name}:{SERVER}", state) for name, state in states.items()),
    )
    return world.take(told)


def test_a_roll_finds_who_left_while_nobody_looked(world: World) -> None:
    reader = paul(world)
    assert roll(world, paul="leave") == []
    assert len(reader.got(announced(world))) == 1


def test_who_was_never_called_is_called_after_a_roll(world: World) -> None:
    reader = paul(world)
    (invitation,) = roll(world)
    assert (invitation.action, invitation.row.payload["user"]) == ("invite", reader.address)
    assert roll(world, paul="invite") == []


def test_neither_a_roll_nor_an_arrival_gives_a_right(world: World) -> None:
    roll(world, visiteur="join")
    stranger = Somebody(world, MATRIX, f"@visiteur:{SERVER}", place=Place.MEMBERS)
    move(world, stranger, Kind.ARRIVAL)
    assert "réservé" in stranger.asks("annonces").text
    in_admins = stranger.elsewhere(Place.ADMINS)
    move(world, in_admins, Kind.ARRIVAL, f"room:{Place.ADMINS}")
    assert "administrateur" in in_admins.asks("inscriptions").text


def test_who_is_seen_where_they_belong_no_more_is_put_out(world: World) -> None:
    reader = paul(world)
    reader.answers(reader.asks("désinscrire"), "oui")
    (removal,) = roll(world, paul="join", visiteur="join")
    assert (removal.action, removal.row.payload["user"]) == ("remove", reader.address)


# -- the rooms of the centrals ------------------------------------------------------------------


def moves(said: list[Said]) -> list[tuple[str, str, str]]:
    return [
        (one.action, one.row.payload["place"], one.row.payload["user"])
        for one in said
        if one.action in {"invite", "remove"}
    ]


def test_who_joins_a_central_enters_its_room_and_leaves_it_with_the_platform(world: World) -> None:
    world.load_catalogue()
    reader = paul(world)
    said = reader.writes("adhérer Smart, décision du Collège du 9 mars 2026, réf. 2026/114")
    assert moves(said) == [("invite", "central:smart", reader.address)]
    said = reader.answers(reader.asks("désinscrire"), "oui")
    assert sorted(moves(said)) == [
        ("remove", place, reader.address) for place in ("central:smart", "members", "space")
    ]


def test_an_adhesion_that_ends_by_itself_is_found_by_the_next_look(world: World) -> None:
    world.load_catalogue()
    reader = paul(world)
    reader.writes("adhérer Smart, décision du Collège du 9 mars 2026, réf. 2026/114")
    world.change(lambda session: session.delete(session.query(Adhesion).one()))
    world.change(lambda session: arrange(Desk(session, world.platform, world.clock.now())))
    assert moves(world.post()) == [("remove", "central:smart", reader.address)]
    world.change(lambda session: arrange(Desk(session, world.platform, world.clock.now())))
    assert world.post() == []


def test_many_are_called_some_at_a_time(world: World) -> None:
    people = [paul(world), world.bruno(), world.member("Léa L", "cpas", "85026", channel=MATRIX)]

    def anew(session: Session) -> None:
        """Their rooms were made anew: nobody was called there."""
        for place in ("members", "space"):
            attendance.call(session, place, {}, world.clock.now())

    def some(session: Session) -> int:
        return sum(arrange(Desk(session, world.platform, world.clock.now()), most=3))

    world.change(anew)
    assert [world.change(some) for _ in range(3)] == [3, 1, 0]
    chat = [one.address for one in people if one.channel == MATRIX]
    assert sorted(moves(world.post())) == sorted(
        ("invite", place, address) for place in ("members", "space") for address in chat
    )


def test_a_manager_enters_the_room_of_their_central(world: World) -> None:
    world.load_catalogue()
    chat = f"@smart:{SERVER}"

    def link(session: object) -> None:
        (central,) = [c for c in purchasing.centrals(session) if c.slug == "smart"]  # type: ignore[arg-type]
        manager = central.managers[0]
        members.link(session, manager, MATRIX, chat, world.clock.now())  # type: ignore[arg-type]
        arrange(Desk(session, world.platform, world.clock.now()))  # type: ignore[arg-type]

    world.change(link)
    assert moves(world.post()) == [("invite", "central:smart", chat), ("invite", "space", chat)]


def test_a_deputy_is_in_the_place_from_the_first_day_to_the_last(world: World) -> None:
    reader = paul(world)
    today = world.clock.now().date()

    def deputy(session: object, first: date, last: date) -> None:
        person = session.get(Person, reader.person_id)  # type: ignore[attr-defined]
        person.acts_from, person.acts_until = first, last
        arrange(Desk(session, world.platform, world.clock.now()))  # type: ignore[arg-type]

    world.change(lambda session: deputy(session, today, today))
    assert moves(world.post()) == []
    world.clock.move(timedelta(days=1))
    world.change(lambda session: arrange(Desk(session, world.platform, world.clock.now())))
    assert moves(world.post()) == [
        ("remove", "members", reader.address),
        ("remove", "space", reader.address),
    ]


ALL, FEW = DEMAND, f"aux CPAS : {DEMAND}"


@pytest.mark.parametrize(
    ("demand", "by_mail"), [(ALL, True), (ALL, False), (FEW, True), (FEW, False)]
)
def test_answers_come_where_their_author_reads_them(
    world: World, demand: str, by_mail: bool
) -> None:
    """Who reads in the place and wrote from elsewhere gets the answers there; what does not stand
    in the place is told apart, and nothing is told twice.
    """
    author = paul(world)
    writer = author.at_mail() if by_mail else author
    (receipt,) = writer.got(writer.answers(writer.asks(demand), "oui"))
    said = world.bruno().writes("répondre A-1 Nous pouvons prêter un agent trois jours.")
    got = [one for one in said if "trois jours" in one.text and one.destination != IN_PLACE]
    apart = by_mail or demand == FEW
    assert [one.destination for one in got] == [writer.conversation] * apart
    assert ("vous parviendront ici" in receipt.text) is apart
    assert ("au salon des membres" in receipt.text) is not apart
    in_place = [one for one in said if one.destination == IN_PLACE and "trois jours" in one.text]
    assert bool(in_place) is (demand == ALL)
