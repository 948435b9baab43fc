"""Which command a message asks for, and running it for whoever may.

A command is what a person types: alone in a chat, in the text of a mail or, without words there, in
its subject. What is nearly one is offered, never run unasked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from config.folding import fold
from handlers import (
    announcement_naming,
    announcement_wishes,
    choosing,
    identity,
    order_naming,
    paging,
    parts,
    pending,
    texts,
)
from handlers.announcement_words import is_an_answer
from handlers.arguments import arguments
from handlers.command import Call, QuestionHandler, Table
from handlers.context import Context
from handlers.intents import Intent, Understanding
from handlers.letters import understood_of
from handlers.nearness import Slip
from handlers.policy import Role, allowed
from handlers.reading.cues import HELP_ALONE
from handlers.reading.examples import known_words
from handlers.reading.frequency import Frequency, find_frequency
from handlers.reading.letter import open_letter
from handlers.reading.letters import level
from handlers.reading.silence import asks_for_silence
from handlers.recognition import ANSWER_MARKS
from handlers.reply import Ambiguous, Forbidden, Refusal, Reply, reply
from handlers.request import Incoming, Kind, Topic
from handlers.wording import Text, _
from storage import purchasing
from storage.conversations import Question
from storage.members import Standing

_GREETING = re.compile(
    r"(?:bonjour|bonsoir|salut|coucou|hello|goedendag|dag|guten tag)"
    r"(?: (?:madame|monsieur|à tous|à toutes et (?:à )?tous|à toutes|tout le monde|chers? \w+"
    r"|chères? \w+))?"
    r"[\s,;.!:]+(?=\w)",
    re.IGNORECASE,
)
"""What stands before a request without being part of it; alone it is a request for help."""
_POLITE_END = re.compile(
    r"(?:^|[\s,;]+)(?:svp|stp|s'il (?:vous|te) pla[iî]t|merci(?: (?:beaucoup|d'avance|bien))?"
    r"|please|bitte|alstublieft|aub|thanks|thank you)[\s.!]*$",
    re.IGNORECASE,
)
_SLASH = re.compile(r"^(?:/me\s+|[/!](?=\w))")
"""What people type before a command elsewhere."""
_REFERENCE = re.compile(r"(?P<kind>[a-z][a-z-]*?)-?(?:\d{4}-)?\d{1,6}", re.IGNORECASE)
_NEXT_REFERENCE = re.compile(r"[a-z][a-z-]*-(?:\d{4}-)?\d{1,6}\b", re.IGNORECASE)
_AMOUNT = re.compile(r"\d(?:,\d\d)? ?(?:€|EUR\b|euros?\b)", re.IGNORECASE)


LONGEST_COMMAND = 600
"""Up to how many characters a mail's text may be a command rather than a letter."""
MOST_MISTYPED = 4
"""Up to how many words a letter may be a mistyped command."""


_COMMANDABLE = frozenset(
    {Intent.QUESTION, Intent.CATALOGUE, Intent.SHEET, Intent.HELP, Intent.STATISTICS}
    | {Intent.ORDER, Intent.ORDER_STATUS, Intent.JOIN_CENTRAL, Intent.TEMPLATE_REQUEST}
)
"""What a few mistyped words may be read as although they are a command."""


_TITLE = re.compile(
    r"(?:demandes?|offres?|commandes?|inscriptions?|adhesions?|annonces?|contacts?|questions?"
    r"|reponses?|interets?|vraag|aanbod|bestelling\w*|anfrage|angebot|order|demand|offer|register)\b"
)
"""The nouns with which the subject of a letter begins as often as a command."""


_TELLING = frozenset(
    {"aide", "à propos", "contact", "faq", "règlement", "actualités", "carte", "population"}
    | {"catalogue", "centrales", "centrale", "délais", "interlocuteur", "adhésions", "plafonds"}
    | {"communes non adhérentes"}
    | {"qui utilise", "fournisseur", "comparer", "fiche", "documents", "cahier des charges"}
    | {"règlement de la centrale", "convention d'adhésion", "depuis quand", "historique catalogue"}
    | {"commune la moins peuplée", "commune la plus peuplée", "chiffres par solution"}
    | {"statistiques", "bilan", "évolution", "indicateurs", "demandes et offres"}
    | {"commandes", "annonces", "offres", "demandes", "modèles", "missions"}
    | {"bilan d'entraide"}
)
"""The commands that tell something and change nothing."""
_RHYTHMS = {
    Frequency.AT_ONCE: "rythme immédiat",
    Frequency.DAILY: "rythme quotidien",
    Frequency.OWN: "rythme personnel",
}


class Calls:
    """Finds the commands of a table in what people write, and runs them."""

    def __init__(self, table: Table) -> None:
        self.table = table
        table.questions[choosing.WHICH] = QuestionHandler(self._chosen, free_text=True)
        table.questions[pending.SUGGESTION] = QuestionHandler(self._suggested, free_text=False)

    def of(self, ctx: Context) -> Call | None:
        """The command of a message: its text, or of a mail without words its subject."""
        incoming = ctx.incoming
        if ctx.topic and ctx.topic.kind in self.table.topics and not incoming.addressed:
            return None
        text = _in_its_words(ctx, _GREETING.sub("", incoming.text.strip(), count=1))
        if incoming.subject:
            call = self._call_in_letter(ctx, text)
        else:
            call = self.table.find(_SLASH.sub("", text))
        if call is not None:
            return replace(call, words=_POLITE_END.sub("", call.words))
        return self._named_alone(ctx, text) or self._rhythm(ctx)

    def _named_alone(self, ctx: Context, text: str) -> Call | None:
        """What a reference on its own asks for: the announcement, the order, the registration."""
        reference = _REFERENCE.fullmatch(text.strip(" .!?"))
        if reference is None:
            return None
        if reference["kind"].upper() == "A":
            return self.table.find(f"annonces {reference[0]}")
        if reference["kind"].upper() == "C":
            return self.table.find(f"campagne {reference[0]}")
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
            return self._in_subject(ctx, ANSWER_MARKS.sub("", subject))
        first, _newline, rest = body.partition("\n")
        call = self.table.find(first)
        if call is None or len(body) > LONGEST_COMMAND or "\n\n" in body or _is_a_form(rest):
            return self._titled(ctx)
        return replace(call, words=f"{call.words} {' '.join(rest.split())}".strip())

    def _in_subject(self, ctx: Context, subject: str) -> Call | None:
        """The command that the subject of a mail without words is: « fiche Bertrix ». One such as
        « demande d'inscription » is a letter, not the command « demande ».
        """
        meant = _in_its_words(ctx, subject)
        call = self.table.find(meant)
        if meant != subject or call is None or not call.words or call.command.parameters == ():
            return call
        if ctx.incoming.files or _TITLE.match(fold(subject)):
            return None
        return call if understood_of(ctx).intent in _COMMANDABLE else None

    def _rhythm(self, ctx: Context) -> Call | None:
        """« Ne m'écrivez plus » and « un seul mail par jour » in a member's own words, also below
        an announcement; who wants to leave altogether is asked whether they do.
        """
        incoming = ctx.incoming
        alone = incoming.direct and incoming.place is None and not incoming.files
        living = {Standing.PENDING, Standing.ACTIVE}
        if ctx.claimed is None or ctx.claimed.institution.state not in living or not alone:
            return None
        wished = find_frequency(incoming.subject, incoming.text)
        if wished is not None:
            return self.table.find(_RHYTHMS[wished])
        if not asks_for_silence(incoming.subject, incoming.text):
            return None
        return None if understood_of(ctx).intent is Intent.LEAVE else self.table.find("stop")

    def _titled(self, ctx: Context) -> Call | None:
        """« STOP » is meant as a subject, too, whatever stands below, unless it is to leave."""
        titled = self.table.find(ctx.incoming.subject)
        if titled is None or not titled.command.alone:
            return None
        return None if understood_of(ctx).intent is Intent.LEAVE else titled

    def run(self, ctx: Context, call: Call) -> Reply | None:
        """Run a command for whoever may. Raises Refusal."""
        ctx.observe(command=call.command.name)
        parts.require_open(ctx, call.command.part, call.command.who)
        check(ctx, call.command.who, call.command.summary, call.command.name)
        if call.command.private and not ctx.incoming.direct:
            raise Refusal(*texts.in_private(call.command.name).blocks)
        try:
            answered = call.command.run(ctx, **arguments(ctx, call))
        except Ambiguous as unclear:
            return choosing.ask(ctx, call, unclear)
        return paging.cut(ctx, call, answered)

    def asked(self, ctx: Context, commands: Iterable[str]) -> Reply | None:
        """The answer of the first of these commands that only tells something, and has it."""
        for command in commands:
            call = self.table.find(command)
            if call is None or call.command.name not in _TELLING:
                continue
            if call.command.who is not Role.ANYONE and ctx.claimed and not ctx.believed:
                # Who writes in a member's name is looked at more closely as a letter.
                continue
            try:
                return self.run(ctx, call)
            except (Forbidden, parts.NotOpen):
                raise
            except Refusal:
                # It names nothing that is known: perhaps it asks for something else.
                continue
        return None

    def _chosen(self, ctx: Context, question: Question, said: bool | None) -> Reply | None:
        """Run the command that its author chose."""
        if said is False:
            return reply(_("D'accord. Pour voir ce que je peux faire : `aide`."))
        call = self.table.find(choosing.chosen(question, ctx.incoming.text) or "")
        if call is None:
            raise choosing.unclear(question)
        choosing.end(ctx, question, call)
        return self.run(ctx, call)

    def again(self, ctx: Context, words: str) -> Reply | None:
        """Run the command that these words are, if they are one."""
        call = self.table.find(words)
        return self.run(ctx, call) if call is not None else None

    def nearest(self, ctx: Context, text: str) -> Reply | None:
        """The nearest command, offered; None if none is near."""
        corrected = self.corrected(ctx, text)
        if corrected is None:
            return None
        return _offered(ctx, _SLASH.sub("", text), corrected)

    def slipped(self, ctx: Context, call: Call | None) -> Reply | None:
        """The command that a message begins with but for one letter, offered before its words are
        said to others, passed on, or read as something else; ``call`` is the shorter one that they
        begin with as they stand.
        """
        if not ctx.incoming.addressed or ctx.incoming.kind is not Kind.MESSAGE:
            return None
        said = own_words(ctx) if ctx.incoming.subject else without_politeness(ctx.incoming.text)
        text = _SLASH.sub("", said.strip())
        exact = self.table.find(text)
        if call is not None and exact is None:
            # A reference on its own, or what the subject says.
            return None
        size = _size(exact, text) if exact is not None else 0
        slip = self.table.slip(text, ctx.language, _may(ctx), longer_than=size)
        if slip is None or not (call is not None or self._is_meant(ctx, slip)):
            return None
        return _offered(ctx, text, slip.corrected)

    def _is_meant(self, ctx: Context, slip: Slip) -> bool:
        """Whether words one letter off a command's name were meant for it, and are no letter: the
        reference that it takes follows; or, typed in a chat, no sentence begins so.
        """
        if _NEXT_REFERENCE.match(slip.rest):
            return True
        if not ctx.incoming.interactive:
            return False
        if slip.name.size > 1:
            return True
        if slip.is_inflection or fold(slip.said) in known_words():
            return False
        if ctx.topic is not None and ctx.topic.kind in self.table.topics:
            return not ctx.incoming.direct
        return _may_be_mistyped(understood_of(ctx))

    def corrected(self, ctx: Context, text: str) -> str | None:
        """What somebody meant who mistyped a command that they may use; None if it is none."""
        said = _SLASH.sub("", text)
        corrected = self.table.nearest(said, ctx.language, _may(ctx))
        return corrected if corrected is not None and fold(corrected) != fold(said) else None

    def nearest_in_letter(self, ctx: Context, understood: Understanding) -> Reply | None:
        """The command that a letter of few words may be with a slip, offered.

        A command has arguments that a letter's reading would leave out: « catalgue repas ».
        """
        if ctx.incoming.files or not _may_be_mistyped(understood):
            return None
        body = own_words(ctx).strip() or ANSWER_MARKS.sub("", ctx.incoming.subject)
        short = "\n" not in body and len(body.split()) <= MOST_MISTYPED and "?" not in body
        asks_help = HELP_ALONE.match(level(body)) is not None
        return self.nearest(ctx, body if short and not asks_help else "")

    def answering(self, ctx: Context, understood: Understanding) -> Reply | None:
        """The answer to an announcement that a letter without its number may be, offered before it
        goes to a person: « nous serions intéressés par la mini-pelle ».
        """
        if understood.intent is not Intent.QUESTION or ctx.topic is not None:
            return None
        meant = announcement_naming.interested_in(ctx, understood)
        if meant is None or ctx.incoming.files or not ctx.incoming.direct:
            return None
        said = " ".join(own_words(ctx).split())
        text = f"répondre {meant.reference} {said}"
        question = ctx.ask(pending.SUGGESTION, Topic("inbox", ctx.entry.id), text=text)
        return is_an_answer(meant, said).about(f"question:{question.id}")

    def _suggested(self, ctx: Context, question: Question, said: bool | None) -> Reply | None:
        """Run the corrected command, if that was what its author meant."""
        if not said:
            return reply(_("D'accord. Pour voir ce que je peux faire : `aide`."))
        call = self.table.find(question.data["text"])
        if call is None:
            raise Refusal(*texts.unknown(question.data["text"]).blocks)
        return self.run(ctx, call)


def _offered(ctx: Context, text: str, corrected: str) -> Reply:
    question = ctx.ask(pending.SUGGESTION, Topic("inbox", ctx.entry.id), text=corrected)
    words = texts.did_you_mean(_differing(text, corrected), corrected)
    return words.about(f"question:{question.id}")


def _differing(text: str, corrected: str) -> str:
    """The first words of a text, up to the last one that was corrected."""
    said, meant = text.split(), corrected.split()
    while len(said) > 1 and len(meant) > 1 and said[-1] == meant[-1]:
        said, meant = said[:-1], meant[:-1]
    return " ".join(said)


def _size(call: Call, text: str) -> int:
    """How many words the name of a command has in the text that it was found in."""
    return len(text.split()) - len(call.words.split())


def without_politeness(words: str) -> str:
    """Words without the greeting before them and the thanks behind them."""
    return _POLITE_END.sub("", _GREETING.sub("", words, count=1))


def check(ctx: Context, needed: Role, act: Text | None = None, command: str = "") -> None:
    """See that a person may do something. Raises Refusal."""
    if allowed(ctx.roles, needed):
        return
    if needed is not Role.ANYONE and not ctx.believed and ctx.claimed:
        identity.require(ctx, act)
    raise Forbidden(needed, command, *texts.no_right(needed, ctx.claimed).blocks)


def _in_its_words(ctx: Context, text: str) -> str:
    """A text as the command that it means, where it says it otherwise."""
    wished = announcement_wishes.as_command(ctx, text)
    if wished is not None:
        return wished
    return order_naming.in_its_words(ctx, announcement_naming.in_its_words(ctx, text))


def own_words(ctx: Context) -> str:
    """What was written, without greeting and signature."""
    return open_letter(ctx.incoming.subject, ctx.incoming.text).body


def _may(ctx: Context) -> frozenset[Role]:
    """The roles of the sender, those included that a proof of the address would give."""
    return ctx.roles | {Role.MEMBER} if ctx.claimed is not None else ctx.roles


def _may_be_mistyped(understood: Understanding) -> bool:
    """Whether what was read may be a command with a slip rather than a letter."""
    read = understood.announcement
    vague = understood.intent is Intent.ANNOUNCEMENT and (read is None or read.side is None)
    return vague or understood.intent in _COMMANDABLE


def without_address(ctx: Context) -> Incoming:
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
