"""Sentences that no single capability owns: faults, refusals, what was not understood."""

from __future__ import annotations

from handlers import articles
from handlers.policy import Role
from handlers.reply import Choice, Choices, Paragraph, Reply, reply
from handlers.request import Incoming
from handlers.wording import Text, _, verbatim
from storage.members import Institution, Person, Standing

_SAID_BACK = 40
"""How many letters of what somebody typed are said back to them at most."""
_OFFERED = 200
"""The same for a command that is offered, which is run as a whole."""


def fault(reference: str) -> Reply:
    """The apology for a fault of ours."""
    return reply(
        _(
            "Je n'ai pas pu traiter votre message, et ce n'est pas de votre faute. Il est conservé"
            " et un administrateur est prévenu (réf. **{reference}**) ; vous n'avez rien à"
            " renvoyer.",
            reference=reference,
        ),
        title=_("Votre message n'a pas pu être traité"),
    )


def fault_to_administrators(reference: str, error: BaseException) -> Reply:
    """What the administrators are told of a fault: its kind, never the message's words."""
    return reply(
        _(
            "⚠️ Un message n'a pas pu être traité (réf. **{reference}**, {error})."
            " Il attend sur l'étagère : `supracom shelf show {reference}`.",
            reference=reference,
            error=type(error).__name__,
        )
    )


def nothing_new() -> Reply:
    """The answer to a message that holds nothing but quotations."""
    return reply(
        _(
            "Je ne vois que du texte cité dans votre message : rien n'est fait. Écrivez votre"
            " réponse au-dessus du texte cité, ou dans un nouveau message."
        )
    )


def unreadable() -> Reply:
    """The answer to a message that could not be read."""
    return reply(
        _(
            "Votre message est arrivé, mais il est illisible pour moi. Il est conservé et un"
            " administrateur est prévenu ; renvoyez-le en texte simple si c'est urgent."
        ),
        title=_("Votre message est illisible"),
    )


def sealed() -> Reply:
    """The answer to messages that are encrypted with a key that is not there."""
    return reply(
        _(
            "🔒 Je ne peux pas lire votre message chiffré : sa clé ne m'est pas parvenue. Si elle"
            " arrive, je vous réponds ; sans réponse de ma part d'ici dix minutes, écrivez à"
            " nouveau votre message, ou envoyez-le par mail."
        )
    )


def unreadable_to_administrators(incoming: Incoming, reference: str) -> Reply:
    """Where a person finds the message that the platform could not read."""
    return reply(
        _(
            "⚠️ Message illisible de {sender} (réf. **{reference}**), mis en quarantaine là où il"
            " est arrivé ({id}).",
            sender=incoming.sender or _("quelqu'un d'inconnu"),
            reference=reference,
            id=incoming.external_id,
        )
    )


def dead_letter(destination: str, error: str) -> Reply:
    """What the administrators are told of a message that could not be delivered."""
    return reply(
        _(
            "⚠️ Un message à {destination} n'a pas pu être remis : {error}.",
            destination=destination,
            error=error,
        )
    )


def no_right(needed: Role, claimed: Person | None) -> Reply:
    """Why this person cannot do this, and who can, or how."""
    return reply(Paragraph(_why(needed, claimed)))


def _why(needed: Role, claimed: Person | None) -> Text:
    if needed is Role.ADMINISTRATOR:
        return _(
            "C'est réservé aux administrateurs de la plateforme ; rien n'a changé. Une demande pour"
            " eux ? Écrivez-la en une phrase."
        )
    if needed is Role.ASKER:
        return _(
            "C'est réservé aux administrateurs et à qui gère une centrale d'achats ; rien n'a"
            " changé. Une demande pour eux ? Écrivez-la en une phrase."
        )
    if needed is Role.MANAGER:
        return _(
            "C'est réservé à qui gère une centrale d'achats ; rien n'a changé. Pour joindre cette"
            " personne : `interlocuteur`."
        )
    if claimed and claimed.institution.state == Standing.PENDING:
        return _(
            "L'inscription de votre institution attend encore sa validation (réf. **{reference}**)."
            " Un mail part dès qu'elle est acceptée.",
            reference=claimed.institution.reference or "",
        )
    if claimed and claimed.institution.state == Standing.OPERATOR:
        return _("C'est réservé aux institutions membres de la plateforme ; rien n'a changé.")
    return _(
        "C'est réservé aux membres de la plateforme : communes, CPAS, zones de police, zone de"
        " secours et Province. Pour inscrire votre institution, sans engagement, écrivez par"
        " exemple : `inscrire Commune de Musson, utilisatrice désignée : Hélène Lambiotte,"
        " 063 00 07 41`."
    )


def unknown(text: str) -> Reply:
    """One line for words that mean nothing to the platform."""
    return reply(
        _(
            "Je ne comprends pas `{word}` : écrivez `aide` pour voir ce que je peux faire.",
            word=shortened(text),
        )
    )


def shortened(text: str, longest: int = _SAID_BACK) -> str:
    """The beginning of what somebody typed, to be said back to them in one line."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[:longest].rstrip()}…"


def empty() -> Reply:
    """The answer to a message without words."""
    return reply(_("Votre message est vide : écrivez `aide` pour voir ce que je peux faire."))


def yes_or_no() -> Reply:
    """The answer to words that neither confirm nor cancel what waits for it."""
    return reply(
        _(
            "Est-ce oui ou non ? Répondez seulement « oui » ou « non » ; rien n'est fait d'ici là."
            " Pour changer quelque chose, répondez « non », puis renvoyez votre demande corrigée."
        )
    )


def not_asked() -> Reply:
    """The answer to a yes or no that nothing waits for any more: given twice, or too late."""
    return reply(_("Cette question n'attend plus de réponse de votre part ; rien n'a changé."))


def file_alone() -> Reply:
    """The answer to a file without a word, where nothing waits for one."""
    return reply(
        _(
            "Votre fichier n'est transmis à personne : dites à quoi il se rapporte. Renvoyez-le"
            " avec quelques mots, ou en réponse au message dont il s'agit ; par exemple : `répondre"
            " A-NUMÉRO voici la photo`."
        )
    )


def nothing_asked() -> Reply:
    """The answer to a yes or no where nothing was asked."""
    return reply(_("Je n'attends pas de réponse de votre part ; rien n'a changé."))


def in_private(command: str) -> Reply:
    """Where to say what others in a room must not read."""
    return reply(
        _(
            "Pas ici, où tous lisent : écrivez-moi « {command} » en privé ou par mail.",
            command=command,
        )
    )


def did_you_mean(word: str, corrected: str) -> Reply:
    """The nearest command, ready to be run."""
    return reply(
        _(
            "`{word}` : vouliez-vous dire **{corrected}** ? Répondez ✅ ou `oui` pour l'exécuter.",
            word=shortened(word),
            corrected=shortened(corrected, _OFFERED),
        )
    )


def confirm_or_cancel(confirm: Text, cancel: Text) -> Choices:
    """The two things that can be answered to something that waits for its confirmation."""
    return Choices((Choice("✅", _("confirmer"), confirm), Choice("❌", _("annuler"), cancel)))


def the(institution: Institution) -> Text:
    """An institution within a sentence: « la commune de Musson », « le CPAS de Rouvroy »."""
    return articles.the(institution.name)


def the_first(institution: Institution) -> Text:
    """An institution that begins a sentence: « La commune de Musson »."""
    return articles.at_start(institution.name)


def bare(institution: Institution) -> Text:
    """An institution after a dot or a dash: « commune de Musson »."""
    return verbatim(articles.bare(institution.name))


def of_the(institution: Institution) -> Text:
    """What belongs to an institution: « de la commune de Musson », « du CPAS de Rouvroy »."""
    return articles.of(institution.name)


def to_the(institution: Institution) -> Text:
    """What goes to an institution: « à la commune de Musson », « au CPAS de Rouvroy »."""
    return articles.to(institution.name)


def type_name(type_: str) -> Text:
    """The name of a type of institution."""
    names = {
        "commune": _("Communes"),
        "cpas": _("CPAS"),
        "zone_police": _("Zones de police"),
        "zone_secours": _("Zone de secours"),
        "province": _("Province"),
    }
    return names.get(type_, verbatim(type_))
