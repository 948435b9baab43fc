"""Which handler answers a message: an open question, a command, a conversation, an intent.

The order matters and is the same for everybody: what was asked comes before what may be guessed,
and what nobody understands reaches a person.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

from config.folding import fold
from handlers import (
    appointments,
    choosing,
    effects,
    forms,
    identity,
    newcomers,
    notices,
    paging,
    pending,
    recognition,
    revisions,
    rhythms,
    shelf,
    suspicion,
    texts,
    undelivered,
)
from handlers.arguments import arguments
from handlers.command import Call, QuestionHandler, Table
from handlers.context import Context
from handlers.courtesy import only_thanks
from handlers.intents import Intent, Understanding
from handlers.letters import understood_of
from handlers.observation import Action
from handlers.policy import Role, allowed
from handlers.reading.consent import leans_to_consent, plain_consent
from handlers.reading.cues import HELP_ALONE
from handlers.reading.letter import open_letter
from handlers.reading.letters import level
from handlers.reply import Ambiguous, Forbidden, Refusal, Reply, reply
from handlers.request import Incoming, Kind, Topic, consent
from handlers.wording import Text, _
from storage import conversations, members, purchasing
from storage.conversations import FORM, PAGE, Question

_GREETING = re.compile(
    r"(?:bonjour|bonsoir|hello|goedendag|dag|guten tag)(?: (?:madame|monsieur|à tous))?"
    r"[\s,;.!:]+(?=\w)",
    re.IGNORECASE,
)
"""What stands before a request without being part of it; alone it is a request for help."""
LONGEST_COMMAND = 600
"""Up to how many characters a mail's text may be a command rather than a letter."""


_ANSWER_MARKS = recognition.ANSWER_MARKS


class Router:
    """Finds who answers, checks the right, and lets them answer."""

    def __init__(self, table: Table) -> None:
        self.table = table
        table.questions[choosing.WHICH] = QuestionHandler(self._chosen, free_text=True)
        table.questions[pending.SUGGESTION] = QuestionHandler(self._suggested, free_text=False)

    def answer(self, ctx: Context) -> Reply | None:
        """The answer to a message; None if it needs none. Raises Refusal."""
        ctx.commands = self.table.commands
        ctx.again = partial(self._again, ctx)
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
            followed = revisions.followed(ctx, self.table, self._call(ctx))
            if followed is not None:
                return followed.words
            ctx.incoming = replace(ctx.incoming, kind=Kind.MESSAGE)
        self._remember_conversation(ctx)
        with effects.noted(ctx):
            return self._to_words_or_symbol(ctx)

    def _to_words_or_symbol(self, ctx: Context) -> Reply | None:
        """The answer to what a person said, be it with a symbol."""
        ctx.incoming = ctx.letter = _without_address(ctx)
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
        return forms.takes(ctx, form, command=self._call(ctx) is not None)

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
        within = ctx.topic is not None and ctx.topic.kind in self.table.topics
        if not within and self._only_thanks(ctx):
            return self._thanks_at_a_question(ctx) or self._thanked(ctx)
        call = self._call(ctx)
        if call is not None:
            answer = self.run(ctx, call)
            return forms.reminded(ctx, answer) if answer is not None else None
        if within and ctx.topic is not None:
            return self._in_conversation(ctx, ctx.topic)
        return self._to_words(ctx)

    def _to_symbol(self, ctx: Context) -> Reply | None:
        """The answer to a vote, or to a yes or no, that no question waits for. Other symbols, and
        those that others than the person asked put to a question, are said to nobody.
        """
        topic = ctx.topic
        if topic is None:
            return None
        if topic.kind != "question":
            voted = ctx.incoming.kind is Kind.VOTE and topic.kind in self.table.topics
            return self._in_conversation(ctx, topic) if voted else None
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
        if incoming.subject or _is_a_letter(incoming.text):
            return self._to_letter(ctx)
        if understood_of(ctx).intent in _NOT_IN_PASSING:
            return self._unknown(ctx)
        return self._to_letter(ctx)

    @staticmethod
    def _own_words(ctx: Context) -> str:
        """What was written, without greeting and signature."""
        return open_letter(ctx.incoming.subject, ctx.incoming.text).body

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
        if ctx.incoming.kind in _SYMBOLS:
            # A symbol stands in no thread: what it does is said where the question was.
            ctx.incoming = replace(ctx.incoming, thread=question.thread or None)
        conversations.answer(ctx.session, question.id, ctx.now, said, ctx.entry.id)
        return handler.run(ctx, question, said)

    def _question(self, ctx: Context, said: bool | None) -> Question | None:
        """The open question that this message answers."""
        if said is not None:
            return pending.asked_here(ctx) or pending.named(ctx) or forms.here(ctx)
        asked = pending.named(ctx) or choosing.asked_here(ctx) or pending.leaned_to(ctx)
        if asked is None:
            return self._form(ctx)
        return asked if self._takes_words(ctx, asked) else None

    def _in_own_words(self, ctx: Context) -> bool | None:
        """A yes or no said otherwise, in the answer to exactly one question. Of the questions that
        take words only an order is answered so: what is no plain yes or no may change it.
        """
        asked = pending.named(ctx)
        if asked is None or (self.table.questions[asked.kind].free_text and asked.kind != "order"):
            return None
        return None if self._call(ctx) is not None else plain_consent(ctx.incoming.text)

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
        call = self._call(ctx)
        # « offre » alone answers « une demande ou une offre ? »: it is no command without words.
        if call is not None and (call.words or not call.command.parameters):
            return False
        if self._only_thanks(ctx):
            return False
        return self.table.questions[question.kind].free_text

    # -- commands ---------------------------------------------------------------------------

    def _call(self, ctx: Context) -> Call | None:
        """The command of a message: its text, or of a mail without words its subject."""
        incoming = ctx.incoming
        if ctx.topic and ctx.topic.kind in self.table.topics and not incoming.addressed:
            return None
        text = _GREETING.sub("", incoming.text.strip(), count=1)
        if incoming.subject:
            call = self._call_in_letter(ctx, text)
        else:
            call = self.table.find(_SLASH.sub("", text))
        if call is not None:
            return replace(call, words=_POLITE_END.sub("", call.words))
        return self._named_alone(ctx, text)

    def _named_alone(self, ctx: Context, text: str) -> Call | None:
        """What a reference on its own asks for: the announcement, the order, the registration."""
        reference = _REFERENCE.fullmatch(text.strip(" .!?"))
        if reference is None:
            return None
        if reference["kind"].upper() == "A":
            return self.table.find(f"annonces {reference[0]}")
        if reference["kind"].upper() == "I":
            return self.table.find("inscriptions") if Role.ADMINISTRATOR in ctx.roles else None
        if purchasing.central_by_slug(ctx.session, reference["kind"].lower()) is None:
            return None
        managing = Role.MANAGER in ctx.roles and Role.MEMBER not in ctx.roles
        return self.table.find("commandes reçues" if managing else f"commandes {reference[0]}")

    def _call_in_letter(self, ctx: Context, text: str) -> Call | None:
        subject = ctx.incoming.subject
        body = open_letter(subject, text).body
        if not body:
            call = self.table.find(_ANSWER_MARKS.sub("", subject))
            # A subject such as « demande d'inscription » is a letter, not the command « demande ».
            return call if call and (not call.words or call.command.parameters == ()) else None
        first, _newline, rest = body.partition("\n")
        call = self.table.find(first)
        if call is None or len(body) > LONGEST_COMMAND or "\n\n" in body or _is_a_form(rest):
            return self._titled(ctx)
        return replace(call, words=f"{call.words} {' '.join(rest.split())}".strip())

    def _titled(self, ctx: Context) -> Call | None:
        """« STOP » is meant as a subject, too, whatever stands below, unless it is to leave."""
        titled = self.table.find(ctx.incoming.subject)
        if titled is None or not titled.command.alone:
            return None
        return None if understood_of(ctx).intent is Intent.LEAVE else titled

    def run(self, ctx: Context, call: Call) -> Reply | None:
        """Run a command for whoever may. Raises Refusal."""
        ctx.observe(command=call.command.name)
        self._check(ctx, call.command.who, call.command.summary, call.command.name)
        if call.command.private and not ctx.incoming.direct:
            raise Refusal(*texts.in_private(call.command.name).blocks)
        try:
            answered = call.command.run(ctx, **arguments(ctx, call))
        except Ambiguous as unclear:
            return choosing.ask(ctx, call, unclear)
        return paging.cut(ctx, call, answered)

    def _chosen(self, ctx: Context, question: Question, said: bool | None) -> Reply | None:
        """Run the command that its author chose."""
        if said is False:
            return reply(_("D'accord. Pour voir ce que je peux faire : `aide`."))
        call = self.table.find(choosing.chosen(question, ctx.incoming.text) or "")
        if call is None:
            raise choosing.unclear(question)
        choosing.end(ctx, question, call)
        return self.run(ctx, call)

    def _again(self, ctx: Context, words: str) -> Reply | None:
        call = self.table.find(words)
        return self.run(ctx, call) if call is not None else None

    def _check(
        self, ctx: Context, needed: Role, act: Text | None = None, command: str = ""
    ) -> None:
        if allowed(ctx.roles, needed):
            return
        if needed is not Role.ANYONE and not ctx.believed and ctx.claimed:
            identity.require(ctx, act)
        raise Forbidden(needed, command, *texts.no_right(needed, ctx.claimed).blocks)

    # -- conversations and letters ------------------------------------------------------------

    def _in_conversation(self, ctx: Context, topic: Topic) -> Reply | None:
        handler = self.table.topics[topic.kind]
        ctx.observe(conversation=topic.kind)
        self._check(ctx, handler.who)
        return handler.run(ctx, topic)

    def _to_letter(self, ctx: Context) -> Reply | None:
        understood = understood_of(ctx)
        if understood.intent is Intent.QUESTION and self._half_agrees(ctx):
            understood = replace(understood, intent=Intent.ORDER_CONFIRM)
        ctx.observe(intent=understood.intent, understood=understood)
        if suspicion.disowned(ctx):
            held = identity.hold(ctx)
            ctx.observe(action=Action.HOLD)
            return held
        if suspicion.suspected(ctx, understood):
            return None
        asked = understood.intent is Intent.QUESTION and not ctx.incoming.files
        if asked and pending.named(ctx) is not None and _is_short(self._own_words(ctx)):
            raise Refusal(*texts.yes_or_no().blocks)
        if _may_be_mistyped(understood) and not ctx.incoming.files:
            # A command has arguments that a letter's reading would leave out: « catalgue repas ».
            suggested = self._suggestion(ctx, self._mistyped(ctx))
            if suggested is not None:
                return suggested
        handler = self.table.intents.get(understood.intent)
        if handler is None:
            ctx.observe(action=Action.HOLD)
            handler = self.table.intents[Intent.QUESTION]
        waiting = newcomers.kept_aside(ctx, understood, handler.who)
        if waiting is not None:
            return waiting
        self._check(ctx, handler.who)
        return handler.run(ctx, understood)

    @staticmethod
    def _half_agrees(ctx: Context) -> bool:
        """Whether a letter answers the showing of an order, neither plainly yes nor plainly no."""
        asked = pending.named(ctx)
        return asked is not None and asked.kind == "order" and leans_to_consent(ctx.incoming.text)

    def _unknown(self, ctx: Context) -> Reply | None:
        if pending.named(ctx) is not None:
            raise Refusal(*texts.yes_or_no().blocks)
        suggested = self._suggestion(ctx, _SLASH.sub("", ctx.incoming.text.strip()))
        asked = pending.asked_here(ctx)
        if suggested is None and asked is not None and self._takes_words(ctx, asked):
            # « quantité 3 », said to what was just shown.
            return self._to_question(ctx, asked, None)
        if suggested is None:
            raise Refusal(*texts.unknown(ctx.incoming.text).blocks)
        return suggested

    def _mistyped(self, ctx: Context) -> str:
        """The few words, or without them the subject, of a letter that may be a command."""
        body = self._own_words(ctx).strip() or _ANSWER_MARKS.sub("", ctx.incoming.subject)
        if HELP_ALONE.match(level(body)):
            return ""
        short = "\n" not in body and len(body.split()) <= MOST_MISTYPED and "?" not in body
        return body if short else ""

    def _suggestion(self, ctx: Context, text: str) -> Reply | None:
        """The nearest command, offered; None if none is near."""
        corrected = self.table.nearest(text, ctx.language, self._may(ctx))
        if corrected is None or fold(corrected) == fold(text):
            return None
        question = ctx.ask(pending.SUGGESTION, Topic("inbox", ctx.entry.id), text=corrected)
        words = texts.did_you_mean(text.split(maxsplit=1)[0], corrected)
        return words.about(f"question:{question.id}")

    @staticmethod
    def _may(ctx: Context) -> frozenset[Role]:
        """The roles of the sender, those included that a proof of the address would give."""
        return ctx.roles | {Role.MEMBER} if ctx.claimed is not None else ctx.roles

    def _suggested(self, ctx: Context, question: Question, said: bool | None) -> Reply | None:
        """Run the corrected command, if that was what its author meant."""
        if not said:
            return reply(_("D'accord. Pour voir ce que je peux faire : `aide`."))
        call = self.table.find(question.data["text"])
        if call is None:
            raise Refusal(*texts.unknown(question.data["text"]).blocks)
        return self.run(ctx, call)

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


_SYMBOLS = frozenset({Kind.REACTION, Kind.VOTE})
_REFERENCE = re.compile(r"(?P<kind>[a-z][a-z-]*?)-?(?:\d{4}-)?\d{1,6}", re.IGNORECASE)
_COMMANDABLE = frozenset(
    {Intent.QUESTION, Intent.CATALOGUE, Intent.SHEET, Intent.HELP, Intent.STATISTICS}
    | {Intent.ORDER, Intent.ORDER_STATUS, Intent.JOIN_CENTRAL, Intent.TEMPLATE_REQUEST}
)
"""What a few mistyped words may be read as although they are a command."""
_POLITE_END = re.compile(
    r"(?:^|[\s,;]+)(?:svp|stp|s'il (?:vous|te) pla[iî]t|merci(?: (?:beaucoup|d'avance|bien))?"
    r"|please|bitte|alstublieft|aub|thanks|thank you)[\s.!]*$",
    re.IGNORECASE,
)
_NOT_IN_PASSING = frozenset(
    {Intent.QUESTION, Intent.AUTO_REPLY, Intent.BOUNCE, Intent.BULK, Intent.REGISTER}
)
"""What a few words in a chat are not taken for without more."""
_SLASH = re.compile(r"^(?:/me\s+|[/!](?=\w))")
"""What people type before a command elsewhere."""
MOST_MISTYPED = 4
"""Up to how many words a letter may be a mistyped command."""


def _may_be_mistyped(understood: Understanding) -> bool:
    """Whether what was read may be a command with a slip rather than a letter."""
    read = understood.announcement
    vague = understood.intent is Intent.ANNOUNCEMENT and (read is None or read.side is None)
    return vague or understood.intent in _COMMANDABLE


def _without_address(ctx: Context) -> Incoming:
    """The message without the platform's own name before it: « @supracom aide »."""
    local = ctx.platform.place_address.removeprefix("@").partition(":")[0]
    if not local:
        return ctx.incoming
    name = rf"\s*@?{re.escape(local)}(?::[\w.:-]*\w)?(?:[\s,:;]+|$)"
    text = _GREETING.sub("", ctx.incoming.text, count=1)
    named = re.match(name, text, re.IGNORECASE)
    if named is None:
        return ctx.incoming
    said = named[0].strip()
    # Without a sign it may be the first word of a sentence.
    if not said.startswith("@") and not said.endswith((":", ",")):
        return ctx.incoming
    return replace(ctx.incoming, text=text[named.end() :])


def _is_a_form(rest: str) -> bool:
    """Whether the lines below a command's name are those of an order form: amounts and totals."""
    return len(_AMOUNT.findall(rest)) > 1


_AMOUNT = re.compile(r"\d(?:,\d\d)? ?(?:€|EUR\b|euros?\b)", re.IGNORECASE)


def _is_short(text: str) -> bool:
    """Whether words may be meant as an answer rather than as a letter of its own."""
    return len(text.split()) <= 25


def _is_a_letter(text: str) -> bool:
    """Whether words in a chat are more than a mistyped command: several sentences or many words."""
    return len(fold(text).split()) >= 6
