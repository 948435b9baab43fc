"""What is said to everybody, brought to each in the rhythm that they chose.

Whom it was meant for is noted, so that it can be told what became of it (handlers/reach.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from handlers.command import Table
from handlers.desk import Desk
from handlers.policy import next_hour
from handlers.reply import Block, Reply, reply
from handlers.request import Place, Topic
from handlers.wording import _, n_
from storage import campaigns, recipients, reminders, rhythms
from storage.members import Person, Standing
from storage.recipients import Way
from storage.rhythms import Rhythm

table = Table()

Composer = Callable[[Desk, Topic], Sequence[Block]]
Rank = Callable[[Desk, Topic], int]
_COMPOSERS: dict[str, Composer] = {}
_RANKS: dict[str, Rank] = {}


def digests(kind: str, *, rank: Rank = lambda _desk, _topic: 0) -> Callable[[Composer], Composer]:
    """Declare who tells of a kind of topic in a digest, as it stands when the digest leaves; of two
    topics the one of the lower rank stands first, else the newer.

    No blocks: there is nothing left to tell.
    """

    def declare(composer: Composer) -> Composer:
        _COMPOSERS[kind] = composer
        _RANKS[kind] = rank
        return composer

    return declare


# -- telling ----------------------------------------------------------------------------------


def circulate(
    desk: Desk,
    people: Sequence[Person],
    words: Reply,
    *,
    to_place: Reply | None,
    urgent: bool = False,
) -> None:
    """Say something to these people, each once; ``to_place`` is said in the members' place, and
    those who read there need no other message. What is ``urgent`` waits for no digest.

    The words need a topic. Who asked for no such messages gets none.
    """
    row_id = desk.tell_place(Place.MEMBERS, to_place) if to_place is not None else None
    for person in people:
        if to_place is not None and desk.is_in_places(person):
            _note(desk, words, person, Way.PLACE, row_id)
        else:
            _bring(desk, person, words.to_all(), urgent=urgent)


def _bring(desk: Desk, person: Person, words: Reply, *, urgent: bool) -> None:
    match rhythms.of(desk.session, person.id):
        case Rhythm.OWN:
            _note(desk, words, person, Way.NONE)
        case Rhythm.DAILY if not urgent and _topic(words).kind in _COMPOSERS:
            _wait(desk, person, _topic(words))
            _note(desk, words, person, Way.DIGEST)
        case _:
            _note(desk, words, person, Way.MESSAGE, desk.tell(person, words))


def news(desk: Desk, people: Sequence[Person], topic: Topic) -> None:
    """There is news of a topic: those of these people who get a digest find it there."""
    for person in people:
        if rhythms.of(desk.session, person.id) is Rhythm.DAILY:
            _wait(desk, person, topic)


def _topic(words: Reply) -> Topic:
    if words.topic is None:
        raise ValueError("what is said to everybody needs a topic")
    return Topic.parse(words.topic)


def _note(desk: Desk, words: Reply, person: Person, way: Way, row_id: int | None = None) -> None:
    recipients.note(desk.session, str(_topic(words)), person.id, way, row_id, desk.now)


# -- the digest -------------------------------------------------------------------------------


def _wait(desk: Desk, person: Person, topic: Topic) -> None:
    rhythms.wait(desk.session, person.id, str(topic), desk.now)
    _plan(desk, person.id)


def _plan(desk: Desk, person_id: int) -> None:
    hour = desk.platform.settings.rules.digest_hour
    due = next_hour(desk.now, hour, desk.platform.zone)
    reminders.plan_once(desk.session, "digest", f"person:{person_id}", due)


@table.reminder("digest")
def send_digest(desk: Desk, topic: Topic) -> None:
    """What waited for a person leaves, once a day; nothing leaves where nothing waited."""
    person = desk.session.get_one(Person, topic.id)
    if campaigns.is_any_open(desk.session):
        # In a crisis what is ordinary waits (acceptance B38), a day at a time.
        _plan(desk, person.id)
        return
    taken = rhythms.take(desk.session, person.id, desk.today, desk.now)
    if taken is None:
        if rhythms.has_waiting(desk.session, person.id):
            _plan(desk, person.id)
        return
    if not person.active or person.institution.state != Standing.ACTIVE:
        return
    ordered = sorted((Topic.parse(name) for name in taken), key=lambda one: _rank(desk, one))
    told = {str(one): blocks for one in ordered if (blocks := _composed(desk, one))}
    if not told:
        return
    row_id = desk.tell(person, _digest(desk, told))
    if row_id is not None:
        recipients.digested(desk.session, list(told), person.id, row_id)


def _rank(desk: Desk, topic: Topic) -> int:
    return _RANKS[topic.kind](desk, topic)


def _composed(desk: Desk, topic: Topic) -> Sequence[Block]:
    return _COMPOSERS[topic.kind](desk, topic)


def _digest(desk: Desk, told: dict[str, Sequence[Block]]) -> Reply:
    title = n_(
        "Votre résumé du {day} : {count} annonce",
        "Votre résumé du {day} : {count} annonces",
        len(told),
        day=desk.today,
    )
    blocks = [block for part in told.values() for block in part]
    words = reply(*blocks, _HOW_TO_ANSWER, title=title).to_all()
    # The answer to a digest of one announcement can only be about that one.
    return words.about(next(iter(told))) if len(told) == 1 else words


_HOW_TO_ANSWER = _("Pour répondre à une annonce : `répondre A-NUMÉRO votre réponse`.")
