"""Guided forms: what a request lacks, asked for one question at a time, or all in one message.

A form is a list of fields; each has a question, a reader and, where an answer can be impossible, a
reason. What was answered is one row of the questions: it waits for days, survives a restart, and
belongs to one person, in one conversation and one thread of it. Where people answer at once
(``Incoming.interactive``) one thing is asked at a time; elsewhere one message asks for exactly what
is missing. Other requests are answered in between, and the form goes on after them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from handlers import form_words
from handlers.command import Table
from handlers.context import Context
from handlers.enquiries import to_a_person
from handlers.form import Field, Form, Option, Values
from handlers.form_words import Wish
from handlers.observation import Action
from handlers.reading.letter import open_letter
from handlers.reply import Choice, Choices, Paragraph, Refusal, Reply, Steps, reply
from handlers.request import Kind, Topic
from handlers.wording import Text, _
from storage import conversations, inbox
from storage.conversations import FORM, Question
from storage.inbox import Entry

table = Table()

_FORMS: dict[str, Form] = {}


def declare(form: Form) -> None:
    """Make a form known under its name, under which its rows name it."""
    _FORMS[form.name] = form


# -- beginning ------------------------------------------------------------------------------


def begin(ctx: Context, name: str, values: Values, files: Sequence[int] = ()) -> Reply:
    """Ask for what the form of a name lacks, or do what it is for if nothing is; ``files`` are the
    messages before this one that brought files.
    """
    form = _FORMS[name]
    lacking = [one for one in form.fields if one.name not in values and one.asked_if(values)]
    if not ctx.incoming.interactive:
        lacking = [field for field in lacking if not field.optional]
    ended = _ended(ctx, form, values)
    if ended is not None:
        return ended
    if not lacking:
        return _finish(ctx, form, values, files)
    if ctx.incoming.interactive:
        _set_aside_here(ctx)
    question = ctx.ask(
        FORM,
        Topic("inbox", ctx.entry.id),
        form=form.name,
        values=dict(values),
        steps=[],
        said_in=[],
        files=[*files, *_brought(ctx, form)],
    )
    ctx.observe(ask_for=[field.name for field in lacking if not field.optional])
    if not ctx.incoming.interactive:
        return _all_at_once(form, lacking).about(f"question:{question.id}")
    first = _asked(ctx, form, question.data, form_words.how_to(in_room=not ctx.incoming.direct))
    return first.about(f"question:{question.id}")


def _brought(ctx: Context, form: Form) -> list[int]:
    """This message, if it brings files for a form that takes them."""
    return [ctx.entry.id] if form.takes_files and ctx.incoming.files else []


def _finish(ctx: Context, form: Form, values: Values, brought: Sequence[int]) -> Reply:
    """Do what a form is for; the files of the messages before go with the last one."""
    for entry_id in brought:
        inbox.share_files(ctx.session, ctx.session.get_one(Entry, entry_id), ctx.entry)
    return form.finish(ctx, values)


def _ended(ctx: Context, form: Form, values: Values) -> Reply | None:
    for field in form.fields:
        if field.name in values:
            ended = field.ends(ctx, values[field.name])
            if ended is not None:
                return ended
    return None


def _set_aside_here(ctx: Context) -> None:
    """Another form that waits here goes on when its author says so: one is filled at a time."""
    former = here(ctx)
    if former is not None:
        conversations.keep_open(ctx.session, former, former.data, here=False)


# -- asking ---------------------------------------------------------------------------------


def _asked(ctx: Context, form: Form, data: Mapping[str, Any], *more: Text) -> Reply:
    """The question about the next field."""
    field = _next(form, data)
    assert field is not None  # noqa: S101 - only called while something is missing
    values = data["values"]
    asked = [one.name for one in form.fields if one.name in values or one.asked_if(values)]
    lead = _(
        "**{title} · {number}/{count}** : {question}",
        title=form.title,
        number=asked.index(field.name) + 1,
        count=len(asked),
        question=field.asks,
    )
    return reply(lead, *_offered(field.options(ctx, values), field), *more)


_KEYS = tuple(f"{digit}\ufe0f\u20e3" for digit in range(1, 10))


def _offered(options: Sequence[Option], field: Field) -> list[Choices | Text]:
    offered: list[Choices | Text] = []
    if options:
        choices = (
            Choice(key, one.label, one.label) for key, one in zip(_KEYS, options, strict=False)
        )
        offered.append(Choices(tuple(choices)))
    if field.optional:
        offered.append(form_words.SKIPPABLE)
    return offered


def _all_at_once(form: Form, lacking: Sequence[Field]) -> Reply:
    return reply(
        _("{purpose}, il me manque :", purpose=form.purpose),
        Steps(tuple(field.wants for field in lacking)),
        _("Répondez à ce message, une phrase suffit."),
        title=_("{title} : il manque un renseignement", title=form.title),
    )


def _next(form: Form, data: Mapping[str, Any]) -> Field | None:
    """The first field that has neither a value nor was passed over."""
    return next((one for one in form.fields if _is_open(one, data)), None)


def _is_open(field: Field, data: Mapping[str, Any]) -> bool:
    done = {name for step in data["steps"] for name in step}
    is_left = field.name not in data["values"] and field.name not in done
    return is_left and field.asked_if(data["values"])


# -- answering ------------------------------------------------------------------------------


def here(ctx: Context) -> Question | None:
    """The form of the sender that waits where they write; a form in a thread is another one than
    that of the conversation around it.
    """
    incoming = ctx.incoming
    direct = [one for one in incoming.answers if one != incoming.thread]
    elsewhere = ctx.topic is not None and (direct or incoming.thread is None)
    if not incoming.interactive or incoming.kind is not Kind.MESSAGE or elsewhere:
        return None
    place = (incoming.conversation, incoming.thread or "")
    return conversations.waiting_at(
        ctx.session, FORM, incoming.channel, incoming.sender, place, ctx.now
    )


def takes(ctx: Context, question: Question, *, command: bool) -> bool:
    """Whether words are meant for a form; ``command`` if they begin with a command's name."""
    text, form = ctx.incoming.text, _FORMS[question.data["form"]]
    field = _next(form, question.data)
    if field is None or not text.strip():
        return field is not None and bool(_brought(ctx, form))
    if form_words.wish(text) or _chosen(ctx, field, question.data["values"], text):
        return True
    if ctx.incoming.kind is Kind.REACTION:
        return False
    return not command or (field.free and len(text.split()) > _FEW)


_FEW = 2
_MOST_MISTYPED = 4
"""Up to how many words what is no answer may be a command with a slip."""


def _chosen(ctx: Context, field: Field, values: Values, text: str) -> str | None:
    options = field.options(ctx, values)
    spoken = ctx.language
    for number, option in enumerate(options, 1):
        if form_words.chooses(text, number, option.value, option.label, spoken):
            return option.value
    return None


@table.question(FORM, free_text=True)
def answered(ctx: Context, question: Question, said: bool | None) -> Reply:
    """One more answer: kept, and the next question asked; or what its author wishes instead."""
    form = _FORMS[question.data["form"]]
    wish = form_words.wish(ctx.incoming.text)
    if wish is Wish.CANCEL or (said is False and not ctx.incoming.interactive):
        return reply(_("C'est annulé : rien n'a été enregistré."))
    if wish is Wish.PERSON:
        return _to_a_person(ctx, form, question)
    if _brought(ctx, form):
        question.data = question.data | {"files": [*question.data["files"], ctx.entry.id]}
        if not ctx.incoming.text.strip() and ctx.incoming.interactive:
            return _again(ctx, form, question, reply(_("📎 C'est joint.")))
    if not ctx.incoming.interactive:
        return _filled_at_once(ctx, form, question)
    if wish is Wish.BACK:
        return _back(ctx, form, question)
    edited = _edited(ctx, question)
    if edited is not None:
        return _corrected(ctx, form, question, edited)
    field = _next(form, question.data)
    if field is None:
        return _finish(ctx, form, question.data["values"], question.data["files"])
    if wish in {Wish.SKIP, Wish.ENOUGH} and field.optional:
        return _passed(ctx, form, question, field, rest=wish is Wish.ENOUGH)
    return _answered(ctx, form, question, field)


def _answered(ctx: Context, form: Form, question: Question, field: Field) -> Reply:
    values = question.data["values"]
    text = ctx.incoming.text.strip()
    chosen = _chosen(ctx, field, values, text)
    try:
        value = chosen or (None if _only_asks(field, text) else field.read(ctx, text))
    except Refusal as refusal:
        return _again(ctx, form, question, _or_command(ctx, refusal.reply))
    if value is None:
        return _again(ctx, form, question, _or_command(ctx, reply(form_words.NOT_UNDERSTOOD)))
    found = {field.name: value}
    if not chosen and not field.free:
        found |= _spotted(ctx, form, question.data, text, but=field)
    return _on(ctx, form, question, values | found, [*question.data["steps"], list(found)])


def _or_command(ctx: Context, why: Reply) -> Reply:
    """Why words are no answer; if they are nearly a command, how that is written."""
    text = ctx.incoming.text
    command = ctx.nearest(text) if len(text.split()) <= _MOST_MISTYPED else None
    if command is None:
        return why
    hint = _("Si vous vouliez `{command}`, écrivez-le ainsi.", command=command)
    return replace(why, blocks=(*why.blocks, Paragraph(hint)))


def _edited(ctx: Context, question: Question) -> int | None:
    """Which answer an edited message gave before, if it gave one."""
    said_in, first = question.data["said_in"], ctx.entry.origin_id
    return said_in.index(first) if first in said_in else None


def _corrected(ctx: Context, form: Form, question: Question, step: int) -> Reply:
    """An earlier answer was edited: it counts as it stands now; the form goes on where it is."""
    names = question.data["steps"][step]
    field = next(one for one in form.fields if one.name == names[0])
    values = question.data["values"]
    value = _chosen(ctx, field, values, ctx.incoming.text) or _read(ctx, field, ctx.incoming.text)
    if value is None:
        return _again(ctx, form, question, reply(form_words.NOT_UNDERSTOOD))
    return _on(ctx, form, question, values | {field.name: value}, question.data["steps"])


def _only_asks(field: Field, text: str) -> bool:
    """Whether somebody asks back rather than answers."""
    return text.endswith("?") and not field.free


def _spotted(
    ctx: Context, form: Form, data: Mapping[str, Any], text: str, *, but: Field
) -> dict[str, str]:
    """What the same words say about fields to come: nobody is asked for what they have said."""
    found = {}
    for field in form.fields:
        if field.spotted and field is not but and _is_open(field, data):
            value = _read(ctx, field, text)
            if value is not None:
                found[field.name] = value
    return found


def _read(ctx: Context, field: Field, text: str) -> str | None:
    try:
        return field.read(ctx, text)
    except Refusal:
        # Nobody asked: what cannot be is asked for when its turn comes.
        return None


def _passed(ctx: Context, form: Form, question: Question, field: Field, *, rest: bool) -> Reply:
    """An optional field, or with ``rest`` every one that is left, stays empty."""
    values = question.data["values"]
    names = [one.name for one in form.fields if one.optional and one.name not in values]
    steps = [*question.data["steps"], names if rest else [field.name]]
    return _on(ctx, form, question, values, steps)


def _back(ctx: Context, form: Form, question: Question) -> Reply:
    steps = question.data["steps"]
    if not steps:
        return _again(ctx, form, question, reply(_("C'est la première question.")))
    values = {k: v for k, v in question.data["values"].items() if k not in steps[-1]}
    return _on(ctx, form, question, values, steps[:-1])


def _on(
    ctx: Context, form: Form, question: Question, values: Values, steps: Sequence[list[str]]
) -> Reply:
    """Keep what is known and ask on; when nothing is missing, do what the form is for."""
    said_in = [*question.data["said_in"], ctx.entry.id][: len(steps)]
    data = question.data | {"values": dict(values), "steps": list(steps), "said_in": said_in}
    ended = _ended(ctx, form, values)
    if ended is not None:
        return ended
    if _next(form, data) is None:
        return _finish(ctx, form, values, data["files"])
    ctx.observe(action=Action.ASK)
    conversations.keep_open(ctx.session, question, data)
    return _asked(ctx, form, data).about(f"question:{question.id}")


def _again(ctx: Context, form: Form, question: Question, why: Reply) -> Reply:
    """The same question, with the reason; nothing is lost."""
    ctx.observe(action=Action.ASK)
    conversations.keep_open(ctx.session, question, question.data)
    asked = _asked(ctx, form, question.data, form_words.WAYS_OUT)
    return replace(asked, blocks=(*why.blocks, *asked.blocks)).about(f"question:{question.id}")


def _filled_at_once(ctx: Context, form: Form, question: Question) -> Reply:
    """What one message says of everything that was missing: as a whole, and line by line."""
    values: dict[str, str] = dict(question.data["values"])
    body = open_letter(ctx.incoming.subject, ctx.incoming.text).body.strip()
    lines = [form_words.without_number(line) for line in body.splitlines() if line.strip()]
    for field in form.fields:
        if field.name in values or field.optional:
            continue
        for piece in (*lines, body):
            value = _chosen(ctx, field, values, piece) or _read(ctx, field, piece)
            if value is not None:
                values[field.name] = value
                break
    return begin(ctx, form.name, values, question.data["files"])


def _to_a_person(ctx: Context, form: Form, question: Question) -> Reply:
    """The form waits, and a person is told what it holds so far."""
    conversations.keep_open(ctx.session, question, question.data, here=False)
    known = " · ".join(question.data["values"].values())
    topic = to_a_person(
        ctx,
        _(
            "💬 **{sender}** préfère parler à quelqu'un ({form} ; déjà dit : {known}) :",
            sender=ctx.incoming.sender,
            form=form.title,
            known=known or "—",
        ),
    )
    return reply(
        _(
            "C'est transmis, avec ce que vous m'avez déjà dit : une personne vous répond ici même."
            " Pour reprendre le formulaire : `continuer`."
        )
    ).about(str(topic))


# -- going on -------------------------------------------------------------------------------


@table.command(
    "continuer",
    aliases={"en": ["continue"], "nl": ["voortzetten"], "de": ["fortfahren"]},
    usage=_("continuer"),
    summary=_("reprendre un formulaire là où vous l'avez laissé"),
    listed=False,
    alone=True,
)
def go_on(ctx: Context) -> Reply:
    """Ask the open question of the last form again, here."""
    incoming = ctx.incoming
    question = conversations.waiting(ctx.session, FORM, incoming.channel, incoming.sender, ctx.now)
    if question is None:
        raise Refusal(_("Aucun formulaire ne vous attend : écrivez `aide` pour commencer."))
    form, data = _FORMS[question.data["form"]], question.data
    if not incoming.interactive:
        done = [one for one in form.fields if one.name not in data["values"] and not one.optional]
        return _all_at_once(form, done).about(f"question:{question.id}")
    _set_aside_here(ctx)
    question.conversation, question.thread = incoming.conversation, incoming.thread or ""
    conversations.keep_open(ctx.session, question, data)
    return _asked(ctx, form, data).about(f"question:{question.id}")


def reminded(ctx: Context, answer: Reply) -> Reply:
    """An answer given in between, with the question that still waits here. Each question is
    recalled once; after that whoever wants it says « continuer ».
    """
    question = here(ctx)
    if question is None or answer.topic == f"question:{question.id}":
        return answer
    form = _FORMS[question.data["form"]]
    field = _next(form, question.data)
    if field is None or question.data.get("recalled") == field.name:
        return answer
    conversations.keep_open(ctx.session, question, question.data | {"recalled": field.name})
    waits = _(
        "{title}, à vous : {question} Pour y revenir plus tard : `continuer`.",
        title=form.title,
        question=field.asks,
    )
    return replace(answer, blocks=(*answer.blocks, Paragraph(waits)))
