"""Which handler answers a message: an open question, a command, a conversation, an intent.

The order matters and is the same for everybody: what was asked comes before what may be guessed,
and what nobody understands reaches a person.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from config.folding import fold
from handlers import (
    appointments,
    bare_names,
    campaign_offers,
    choosing,
    effects,
    forms,
    identity,
    newcomers,
    notices,
    order_papers,
    paging,
    parts,
    pending,
    plain_questions,
    recognition,
    registration_corrections,
    relations,
    revisions,
    rhythms,
    shelf,
    suspicion,
    texts,
    undelivered,
)
from handlers.calls import Calls, check, own_words, without_address
from handlers.command import Table
from handlers.context import Context
from handlers.courtesy import only_thanks
from handlers.intents import Intent
from handlers.letters import understood_of
from handlers.observation import Action
from handlers.reading.consent import calls_off, leans_to_consent, plain_consent
from handlers.reply import Refusal, Reply, reply
from handlers.request import Incoming, Kind, Topic, consent
from handlers.wording import _
from storage import conversations, members
from storage.conversations import FORM, PAGE, Question

_SYMBOLS = frozenset({Kind.REACTION, Kind.VOTE})
_NOT_IN_PASSING = frozenset(
    {Intent.QUESTION, Intent.AUTO_REPLY, Intent.BOUNCE, Intent.BULK, Intent.REGISTER}
)
"""What a few words in a chat are not taken for without more."""


class Router:
    """Finds who answers, checks the right, and lets them answer."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.calls = Calls(table)

    def answer(self, ctx: Context) -> Reply | None:
        """The answer to a message; None if it needs none. Raises Refusal."""
        ctx.commands = self.table.commands
        ctx.again = partial(self.calls.again, ctx)
        ctx.nearest = partial(self.calls.corrected, ctx)
        kind = ctx.incoming.kind
        if kind is Kind.INVITATION:
            self._invited(ctx)
            return None
        if kind is Kind.SEALED:
            return texts.sealed()
        if kind is Kind.UNREADABLE:
            return self._unreadable(ctx)
        if kind is Kind.BOUNCE:
            undelivered.returned(ctx)
            return None
        if rhythms.is_stop(ctx.platform, ctx.incoming):
            rhythms.stop_by_tag(ctx, ctx.incoming.tag or "")
            return None
        if kind is Kind.WITHDRAWAL:
            return revisions.withdrawn(ctx, self.table)
        if kind is Kind.EDIT:
            followed = revisions.followed(ctx, self.table, self.calls.of(ctx))
            if followed is not None:
                return followed.words
            ctx.incoming = replace(ctx.incoming, kind=Kind.MESSAGE)
        self._remember_conversation(ctx)
        with effects.noted(ctx):
            return self._to_words_or_symbol(ctx)

    def _to_words_or_symbol(self, ctx: Context) -> Reply | None:
        """The answer to what a person said, be it with a symbol."""
        ctx.incoming = ctx.letter = _with_words_between(ctx, without_address(ctx))
        ctx.settle_language(self.table.language_of(ctx.incoming.text.strip()))
        appointment = appointments.answer_in(ctx)
        if appointment is not None:
            appointments.received(ctx, appointment)
            return None
        said = consent(ctx.incoming.text)
        if said is None:
            said = self._in_own_words(ctx)
        question = self._question(ctx, said)
        if ctx.incoming.kind not in _SYMBOLS:
            pending.lapse_suggestions(ctx, question)
        if question is not None:
            return self._to_question(ctx, question, said)
        return self._to_message(ctx)

    def _form(self, ctx: Context) -> Question | None:
        """The form that waits where this is written, if it is meant for it."""
        form = forms.here(ctx)
        return form if form is not None and self._is_for_form(ctx, form) else None

    def _is_for_form(self, ctx: Context, form: Question) -> bool:
        return forms.takes(ctx, form, command=self.calls.of(ctx) is not None)

    def _unreadable(self, ctx: Context) -> Reply | None:
        """What could not be read lies on the shelf, and in quarantine where it came in."""
        reference = shelf.put(ctx, ctx.entry)
        words = texts.unreadable_to_administrators(ctx.incoming, reference)
        notices.tell(ctx, notices.Sort.UNREADABLE, words, name=reference)
        return None if ctx.incoming.automatic else texts.unreadable()

    def _to_message(self, ctx: Context) -> Reply | None:
        if ctx.incoming.kind in _SYMBOLS:
            return self._to_symbol(ctx)
        if ctx.incoming.direct and recognition.says_nothing_new(ctx.incoming):
            raise Refusal(*texts.nothing_new().blocks)
        if ctx.topic and ctx.topic.kind == "question" and consent(ctx.incoming.text) is not None:
            return self._too_late(ctx, ctx.topic)
        if ctx.topic is None and consent(ctx.incoming.text) is not None:
            return pending.to_name(ctx)
        if pending.is_others(ctx):
            return None
        within = self._is_within(ctx)
        if not within and self._only_thanks(ctx):
            return self._thanks_at_a_question(ctx) or self._thanked(ctx)
        call = self.calls.of(ctx)
        slipped = self.calls.slipped(ctx, call)
        if slipped is not None:
            return slipped
        if call is not None:
            answer = self.calls.run(ctx, call)
            return forms.reminded(ctx, answer) if answer is not None else None
        if within and ctx.topic is not None:
            return self._in_conversation(ctx, ctx.topic)
        heard = (
            registration_corrections.heard(ctx) or self._named(ctx) or campaign_offers.heard(ctx)
        )
        return heard or self._to_words(ctx)

    def _to_symbol(self, ctx: Context) -> Reply | None:
        """The answer to a vote, or to a yes or no, that no question waits for. Other symbols, and
        those that others than the person asked put to a question, are said to nobody.
        """
        topic = ctx.topic
        if topic is None:
            return None
        if topic.kind != "question":
            handler = self.table.topics.get(topic.kind)
            takes = handler and (handler.symbols or ctx.incoming.kind is Kind.VOTE)
            return self._in_conversation(ctx, topic) if takes else None
        asked = ctx.session.get(Question, topic.id)
        theirs = asked is not None and asked.address == ctx.incoming.sender.lower()
        said = consent(ctx.incoming.text)
        return self._too_late(ctx, topic) if theirs and said is not None else None

    def _too_late(self, ctx: Context, topic: Topic) -> Reply:
        """The answer to a yes or no that its question does not wait for any more."""
        asked = ctx.session.get(Question, topic.id)
        late = self.table.late.get(asked.kind) if asked is not None else None
        theirs = asked is not None and asked.address == ctx.incoming.sender.lower()
        told = late(ctx, asked) if late and asked is not None and theirs and ctx.believed else None
        return told or texts.not_asked()

    def _to_words(self, ctx: Context) -> Reply | None:
        """The answer to what is neither a command nor part of a conversation."""
        incoming = ctx.incoming
        if not (incoming.text.strip() or incoming.subject.strip() or incoming.files):
            raise Refusal(*texts.empty().blocks)
        if pending.leaned_to(ctx) is not None and _is_short(incoming.text):
            raise Refusal(*texts.yes_or_no().blocks)
        known = self.calls.asked(ctx, plain_questions.commands(ctx, understood_of(ctx)))
        if known is not None:
            return known
        if incoming.subject or _is_a_letter(incoming.text):
            return self._to_letter(ctx)
        if understood_of(ctx).intent in _NOT_IN_PASSING and not order_papers.brings_form(ctx):
            return self._unknown(ctx)
        return self._to_letter(ctx)

    @staticmethod
    def _named(ctx: Context) -> Reply | None:
        """The answer to a name of the catalogues that stands on its own."""
        if ctx.incoming.files or ctx.topic is not None:
            return None
        words = own_words(ctx) or recognition.ANSWER_MARKS.sub("", ctx.incoming.subject)
        return bare_names.answer(ctx, words) or relations.answer(ctx, words)

    @staticmethod
    def _only_thanks(ctx: Context) -> bool:
        """Whether a message only thanks, be it signed."""
        return not ctx.incoming.files and only_thanks(ctx.incoming.text, ctx.claimed)

    def _thanks_at_a_question(self, ctx: Context) -> Reply | None:
        """Thanks, or a thumb, where an answer is waited for: it is asked for again."""
        asked = pending.named(ctx)
        if asked is not None and self.table.questions[asked.kind].free_text:
            return self._to_question(ctx, asked, None)
        if asked is not None or pending.asked_here(ctx) is not None:
            raise Refusal(*texts.yes_or_no().blocks)
        return None

    @staticmethod
    def _thanked(ctx: Context) -> Reply | None:
        """Nothing where others read, nor where a machine may thank in its turn."""
        ctx.observe(action=Action.IGNORE)
        alone = ctx.incoming.direct and ctx.incoming.place is None
        if not alone or ctx.incoming.channel in ctx.platform.machine_channels:
            return None
        return reply(_("Avec plaisir."))

    # -- questions --------------------------------------------------------------------------

    def _to_question(self, ctx: Context, question: Question, said: bool | None) -> Reply | None:
        handler = self.table.questions[question.kind]
        if not handler.proves_address:
            identity.require(ctx)
        ctx.observe(question=question.kind)
        if ctx.incoming.kind in _SYMBOLS or not ctx.incoming.text.strip():
            # A symbol, or a file alone, stands in no thread: what it does is said where the
            # question was.
            ctx.incoming = replace(ctx.incoming, thread=question.thread or None)
        conversations.answer(ctx.session, question.id, ctx.now, said, ctx.entry.id)
        return handler.run(ctx, question, said)

    def _question(self, ctx: Context, said: bool | None) -> Question | None:
        """The open question that this message answers."""
        if said is not None:
            asked = pending.asked_here(ctx) or pending.named(ctx) or forms.here(ctx)
            return asked or pending.about_to_leave(ctx)
        asked = pending.named(ctx) or choosing.asked_here(ctx) or pending.leaned_to(ctx)
        asked = asked or pending.file_for(ctx) or pending.order_changed(ctx)
        if asked is None:
            return self._form(ctx)
        return asked if self._takes_words(ctx, asked) else None

    def _in_own_words(self, ctx: Context) -> bool | None:
        """A yes or no said otherwise, in the answer to exactly one question. Of the questions that
        take words only an order is answered so: what is no plain yes or no may change it.
        """
        asked = pending.named(ctx) or pending.about_to_leave(ctx)
        if asked is None or self.calls.of(ctx) is not None:
            return None
        handler = self.table.questions[asked.kind]
        if handler.called_off and calls_off(ctx.incoming.text):
            return False
        if handler.free_text and asked.kind != "order":
            return None
        return plain_consent(ctx.incoming.text)

    def _takes_words(self, ctx: Context, question: Question) -> bool:
        """Whether words that are neither yes nor no answer a question: no command is meant."""
        if question.kind == FORM:
            return self._is_for_form(ctx, question)
        if question.kind == PAGE:
            return paging.turns(ctx.incoming.text)
        if ctx.incoming.kind is Kind.VOTE:
            return bool(ctx.incoming.text) and self.table.questions[question.kind].free_text
        if ctx.incoming.kind in _SYMBOLS or recognition.says_nothing_new(ctx.incoming):
            return False
        call = self.calls.of(ctx)
        # « offre » alone answers « une demande ou une offre ? »: it is no command without words.
        if call is not None and (call.words or not call.command.parameters):
            return False
        if self._only_thanks(ctx):
            return False
        return self.table.questions[question.kind].free_text

    # -- conversations and letters ------------------------------------------------------------

    def _is_within(self, ctx: Context) -> bool:
        """Whether words are part of the conversation in which they are said."""
        handler = self.table.topics.get(ctx.topic.kind) if ctx.topic else None
        return handler is not None and (handler.takes is None or handler.takes(ctx))

    def _in_conversation(self, ctx: Context, topic: Topic) -> Reply | None:
        handler = self.table.topics[topic.kind]
        ctx.observe(conversation=topic.kind)
        check(ctx, handler.who)
        return handler.run(ctx, topic)

    def _to_letter(self, ctx: Context) -> Reply | None:
        understood = understood_of(ctx)
        if understood.intent is Intent.QUESTION and self._half_agrees(ctx):
            understood = replace(understood, intent=Intent.ORDER_CONFIRM)
        if understood.intent is Intent.QUESTION and order_papers.brings_form(ctx):
            # « Voir pièce jointe » says nothing; the order form that came with it does.
            understood = replace(understood, intent=Intent.ORDER)
        ctx.observe(intent=understood.intent, understood=understood)
        if suspicion.disowned(ctx):
            held = identity.hold(ctx)
            ctx.observe(action=Action.HOLD)
            return held
        if suspicion.suspected(ctx, understood):
            return None
        asked = understood.intent is Intent.QUESTION and not ctx.incoming.files
        if asked and pending.named(ctx) is not None and _is_short(own_words(ctx)):
            raise Refusal(*texts.yes_or_no().blocks)
        suggested = self.calls.nearest_in_letter(ctx, understood) or self.calls.answering(
            ctx, understood
        )
        if suggested is not None:
            return suggested
        handler = self.table.intents.get(understood.intent)
        if handler is None:
            ctx.observe(action=Action.HOLD)
            handler = self.table.intents[Intent.QUESTION]
        parts.require_open(ctx, handler.part, handler.who)
        waiting = newcomers.kept_aside(ctx, understood, handler.who)
        if waiting is not None:
            return waiting
        check(ctx, handler.who)
        if handler.private and not ctx.incoming.direct:
            raise Refusal(*texts.in_private(handler.private).blocks)
        return handler.run(ctx, understood)

    @staticmethod
    def _half_agrees(ctx: Context) -> bool:
        """Whether a letter answers the showing of an order, neither plainly yes nor plainly no."""
        asked = pending.named(ctx)
        return asked is not None and asked.kind == "order" and leans_to_consent(ctx.incoming.text)

    def _unknown(self, ctx: Context) -> Reply | None:
        if pending.named(ctx) is not None:
            raise Refusal(*texts.yes_or_no().blocks)
        suggested = self.calls.nearest(ctx, ctx.incoming.text.strip())
        asked = pending.asked_here(ctx)
        if suggested is None and asked is not None and self._takes_words(ctx, asked):
            # « quantité 3 », said to what was just shown.
            return self._to_question(ctx, asked, None)
        if suggested is None and ctx.incoming.files and not ctx.incoming.text.strip():
            raise Refusal(*texts.file_alone().blocks)
        if suggested is None:
            raise Refusal(*texts.unknown(ctx.incoming.text).blocks)
        return suggested

    # -- conversations as such ----------------------------------------------------------------

    def _invited(self, ctx: Context) -> None:
        for unit in ctx.platform.renderers[ctx.incoming.channel].accept(ctx.incoming.conversation):
            ctx.add_unit(ctx.incoming.channel, ctx.incoming.conversation, unit)

    def _remember_conversation(self, ctx: Context) -> None:
        """A private conversation that a member opened is where they are told things from now on."""
        if ctx.person is None or not ctx.incoming.direct or ctx.incoming.place is not None:
            return
        address = members.address_of(ctx.session, ctx.person, ctx.incoming.channel)
        if address is not None:
            address.conversation, address.away = ctx.incoming.conversation, False


def _is_short(text: str) -> bool:
    """Whether words may be meant as an answer rather than as a letter of its own."""
    return len(text.split()) <= 25


def _is_a_letter(text: str) -> bool:
    """Whether words in a chat are more than a mistyped command: several sentences or many words."""
    return len(fold(text).split()) >= 6


def _with_words_between(ctx: Context, incoming: Incoming) -> Incoming:
    """The message with what its author wrote between our lines, where nothing else is said."""
    if not ctx.believed:
        return incoming
    between = recognition.said_between(ctx.session, incoming, ctx.now)
    return replace(incoming, text=between) if between else incoming
