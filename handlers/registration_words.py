"""What is said about a registration: to who asks for it, and to the administrators."""

from __future__ import annotations

from collections.abc import Sequence

from config.territory import Authority
from handlers import openings, rules, texts
from handlers.context import Context
from handlers.policy import in_working_days
from handlers.reading.contacts import display
from handlers.reading.people import Gender
from handlers.reading.people import Person as Named
from handlers.reading.registration import Missing, Registration
from handlers.reply import Fields, Quote, Reply, Steps, reply
from handlers.wording import Names, Text, _, in_words, n_, verbatim
from storage.members import Institution, Person


def not_eligible(ctx: Context, name: str) -> Reply:
    """A school, an association, a church council…: the authority it belongs to may register."""
    return reply(
        _(
            "La plateforme est ouverte aux communes, CPAS, zones de police, zone de secours et"
            " Province de {territory}. « {name} » n'est pas l'un d'eux, même si son nom en cite"
            " un : son inscription n'est donc pas possible. Votre commune ou votre CPAS peut"
            " s'inscrire et relayer vos demandes. Si c'est une erreur, répondez à ce message : une"
            " personne vous lira.",
            territory=Names(ctx.platform.territory.label),
            name=name,
        ),
        title=_("Votre demande d'inscription"),
    ).about(f"inbox:{ctx.entry.id}")


def lacking(read: Registration) -> list[Text]:
    said = {
        Missing.INSTITUTION: _which(read),
        Missing.USER: _(
            "la personne désignée comme utilisatrice : nom et adresse mail professionnelle"
        ),
        Missing.EMAIL: _("l'adresse mail professionnelle de la personne désignée"),
    }
    return [said[missing] for missing in read.missing]


def _which(read: Registration) -> Text:
    """The institution asked for; where a letter names several, which of them."""
    stated = [candidate.authority.name for candidate in read.candidates if candidate.stated]
    if len(stated) == 1:
        return _(
            "l'institution : est-ce {name} ? Si oui, répondez par son nom et son adresse",
            name=stated[0],
        )
    if not stated:
        return _("le nom de l'institution (par exemple « CPAS de Saint-Léger »)")
    return _(
        "l'institution à inscrire par ce message : {names} ? Chacune s'inscrit avec sa propre"
        " personne désignée",
        names=", ".join(stated[:_MOST_NAMED]),
    )


_MOST_NAMED = 4


def ask_for(ctx: Context, read: Registration) -> Reply:
    """What a registration lacks, and whether its kind is open yet."""
    types = [read.institution.type] if read.institution else []
    return _asked(lacking(read), openings.why_closed(ctx, *types))


def _asked(lacking: list[Text], closed: list[Text]) -> Reply:
    return reply(
        n_(
            "Merci. Pour inscrire votre institution, il me manque **une chose** :",
            "Merci. Pour inscrire votre institution, il me manque **{number} choses** :",
            len(lacking),
            number=in_words(len(lacking)),
        ),
        Steps(tuple(lacking)),
        *closed,
        _("Répondez à ce message, une phrase suffit. L'inscription est sans engagement."),
        title=_("Votre inscription : il manque un renseignement"),
    )


def both(ctx: Context, known: Institution, user: Named) -> Reply:
    return reply(
        _(
            "📥 **{sender}** demande aussi l'inscription **{whose}** (réf. {reference}), pour une"
            " autre personne. À vérifier auprès de l'institution :",
            sender=ctx.incoming.sender,
            whose=texts.of_the(known),
            reference=known.reference or "",
        ),
        Fields(((_("Demandé maintenant"), verbatim(f"{user.name}, {user.email}")),)),
        Fields(
            tuple(
                (_("Déjà enregistré"), verbatim(f"{person.name}, {address.address}"))
                for person in known.persons
                for address in person.addresses
            )
        ),
    )


def already_active(known: Institution) -> Reply:
    return reply(
        _(
            "L'inscription **{whose}** est déjà active. Pour changer la personne qui agit en"
            " son nom, écrivez-nous en une phrase ce qu'il faut changer.",
            whose=texts.of_the(known),
        )
    )


def asked_by(ctx: Context, user: Named, requester: Named | None) -> list[tuple[Text, Text]]:
    """Who sent a registration for somebody else: the administrators see it before they decide."""
    sender = ctx.incoming.sender
    if sender.lower() == user.email.lower():
        return []
    name = requester.name if requester else ""
    words = _("{name}, {address}", name=name, address=sender) if name else verbatim(sender)
    return [(_("Demandé par"), words)]


def _without_address(deputy: Named | None) -> list[Text]:
    """What is said of a deputy who cannot act yet."""
    if deputy is None or deputy.email:
        return []
    return [
        _(
            "Pour que **{name}** puisse remplacer la personne désignée, répondez à ce message avec"
            " son adresse mail.",
            name=deputy.name,
        )
    ]


def receipt(
    ctx: Context, institution: Institution, deputy: Named | None, others: Sequence[Authority]
) -> Reply:
    return reply(
        _(
            "La demande d'inscription **{whose}** est bien reçue (réf. **{reference}**). Elle est"
            " sans engagement : vous pouvez quitter la plateforme à tout moment en répondant"
            " « désinscrire ».",
            whose=texts.of_the(institution),
            reference=institution.reference or "",
        ),
        _fields(institution),
        *rules.accepted_with_a_registration(ctx.session),
        *(openings.kept_until_open(ctx, institution) or [_decided_soon(ctx)]),
        *_without_address(deputy),
        *_separately(others),
        title=_("Inscription {whose} : bien reçue", whose=texts.of_the(institution)),
    )


def receipt_of_several(ctx: Context, entered: Sequence[Institution]) -> Reply:
    """One receipt for the institutions that one letter registers."""
    return reply(
        _(
            "Les demandes d'inscription de **{number} institutions** sont bien reçues. Elles sont"
            " sans engagement : chacune peut quitter la plateforme à tout moment en répondant"
            " « désinscrire ».",
            number=in_words(len(entered)),
        ),
        *(_fields(one, [(_("Référence"), verbatim(one.reference or ""))]) for one in entered),
        *_goes_on(ctx, entered),
        title=_("Inscription de {number} institutions : bien reçue", number=in_words(len(entered))),
    )


def _decided_soon(ctx: Context) -> Text:
    """By when a registration is decided on, as a rule."""
    days = ctx.platform.settings.rules.registration_working_days
    return n_(
        "Un administrateur la valide d'ordinaire sous {count} jour ouvrable, donc pour"
        " **{day}**. Une erreur ? Répondez simplement à ce message.",
        "Un administrateur la valide d'ordinaire sous {count} jours ouvrables, donc pour"
        " **{day}**. Une erreur ? Répondez simplement à ce message.",
        days,
        day=in_working_days(ctx.today, days, ctx.platform.holidays),
    )


def _goes_on(ctx: Context, entered: Sequence[Institution]) -> list[Text]:
    """What comes next for several: a decision, or the day on which their types open."""
    kept = {one.type: one for one in entered if one.held}
    said = [text for one in kept.values() for text in openings.kept_until_open(ctx, one)]
    if all(one.held for one in entered):
        return list(dict.fromkeys(said))
    days = ctx.platform.settings.rules.registration_working_days
    decided = n_(
        "Un administrateur les valide d'ordinaire sous {count} jour ouvrable, donc pour"
        " **{day}**. Une erreur ? Répondez simplement à ce message.",
        "Un administrateur les valide d'ordinaire sous {count} jours ouvrables, donc pour"
        " **{day}**. Une erreur ? Répondez simplement à ce message.",
        days,
        day=in_working_days(ctx.today, days, ctx.platform.holidays),
    )
    return [*said, decided]


def _separately(others: Sequence[Authority]) -> list[Text]:
    """What is said of institutions that the same letter names: each registers for itself."""
    if not others:
        return []
    names = ", ".join(other.name for other in others)
    return [
        _(
            "Votre message cite aussi : {names}. Chaque institution s'inscrit par un message de sa"
            " propre adresse, où elle nomme la personne désignée.",
            names=names,
        )
    ]


def _fields(institution: Institution, more: Sequence[tuple[Text, Text]] = ()) -> Fields:
    person = institution.persons[0]
    rows: list[tuple[Text, Text]] = [
        (_("Institution"), verbatim(institution.name)),
        (_user_label(person), verbatim(person.name)),
    ]
    if person.phone:
        rows.append((_("Téléphone"), verbatim(display(person.phone))))
    rows += [(_("Adresse"), verbatim(address.address)) for address in person.addresses]
    if person.function:
        rows.append((_("Fonction"), verbatim(person.function)))
    for deputy in institution.persons[1:]:
        shown = ", ".join([deputy.name, *(address.address for address in deputy.addresses)])
        rows.append((_("En son absence"), verbatim(shown)))
    return Fields((*rows, *more))


def _user_label(person: Person) -> Text:
    if person.gender == Gender.FEMININE.value:
        return _("Utilisatrice désignée")
    return _("Utilisateur désigné") if person.gender else _("Personne désignée")


def to_administrators(
    institution: Institution, asked_by: Sequence[tuple[Text, Text]] = ()
) -> Reply:
    return reply(
        _(
            "📥 Inscription **{reference}** · **{name}**",
            reference=institution.reference or "",
            name=institution.name,
        ),
        _fields(institution, asked_by),
        _(
            "`accepter {reference}` ou `refuser {reference} MOTIF`",
            reference=institution.reference or "",
        ),
    )


def corrected(known: Institution, changes: Sequence[tuple[Text, Text]]) -> Reply:
    """What was put right in a registration that waits."""
    return reply(
        _(
            "C'est corrigé dans l'inscription **{whose}** (réf. **{reference}**), qui attend"
            " toujours sa validation :",
            whose=texts.of_the(known),
            reference=known.reference or "",
        ),
        Fields(tuple(changes)),
        _("Une erreur ? Répondez simplement à ce message."),
        title=_("Inscription {whose} : corrigée", whose=texts.of_the(known)),
    )


def corrected_to_administrators(
    known: Institution, sender: str, changes: Sequence[tuple[Text, Text]], words: str
) -> Reply:
    """What changed in a registration, and at whose word, before it is decided on."""
    return reply(
        _(
            "✏️ Inscription **{reference}** ({name}) corrigée par **{sender}**, qui écrit :",
            reference=known.reference or "",
            name=known.name,
            sender=sender,
        ),
        Quote(words),
        Fields(tuple(changes)),
        _(
            "`accepter {reference}` ou `refuser {reference} MOTIF`",
            reference=known.reference or "",
        ),
    )


def address_wanted(known: Institution, named: Named) -> Reply:
    """Another user is named, but not where to reach them: nothing changes before that."""
    return reply(
        _(
            "Pour que **{name}** devienne la personne désignée {whose}, il me manque son adresse"
            " mail professionnelle : répondez à ce message avec cette adresse. Rien n'est encore"
            " changé.",
            name=named.name,
            whose=texts.of_the(known),
        ),
        title=_("Inscription {whose} : il manque une adresse", whose=texts.of_the(known)),
    )


def correction_waits(known: Institution) -> Reply:
    """Words about a registration that a person reads before deciding on it."""
    return reply(
        _(
            "Merci. Votre message est joint à l'inscription **{whose}** (réf. **{reference}**) : un"
            " administrateur le lit avant de décider.",
            whose=texts.of_the(known),
            reference=known.reference or "",
        )
    )


def kept_to_administrators(
    ctx: Context, institution: Institution, asked_by: Sequence[tuple[Text, Text]]
) -> Reply:
    """A registration that came before its opening: nothing is to be done until then."""
    return reply(
        _(
            "📥 Inscription **{reference}** · **{name}**, gardée jusqu'à l'ouverture",
            reference=institution.reference or "",
            name=institution.name,
        ),
        _fields(institution, asked_by),
        *openings.why_closed(ctx, institution.type),
    )
