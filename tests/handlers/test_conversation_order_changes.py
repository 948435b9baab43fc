"""What may happen to an order once it is sent, by whom, with which reason, and how it is undone."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import update

from storage import audit
from storage.audit import AuditEntry
from storage.caps import Cap
from storage.order_states import OrderState
from storage.order_steps import OrderStep
from storage.orders import Contract, Order, OrderLine
from storage.purchasing import Central
from storage.reminders import Reminder
from tests.handlers.conversation import Somebody, World

ADHESION = "adhérer Smart, décision du Collège du 9 mars 2026, réf. 2026/114"
ORDER = "SMART-2026-0001"


@pytest.fixture
def helene(shop: World) -> Somebody:
    """The user of Musson, whose order waits for its award: due on 13 April 2026."""
    helene = shop.helene()
    helene.asks(ADHESION)
    helene.answers(helene.asks("commander e-guichet"), "confirmer")
    return helene


def _order(world: World) -> Order:
    return world.all(Order)[0]


def test_a_suspended_order_waits_and_goes_on_with_the_days_it_had_left(
    shop: World, helene: Somebody
) -> None:
    shop.clock.move_to(date(2026, 4, 3))  # ten days are left
    said = shop.smart.writes(f"suspendre {ORDER}, motif : dossier incomplet")
    assert "dossier incomplet" in helene.got(said)[0].text
    assert _order(shop).state == OrderState.SUSPENDED
    shop.clock.move_to(date(2026, 5, 20))
    assert shop.tick() == []
    assert "suspendue" in helene.asks("commandes").text
    said = shop.smart.writes(f"reprendre la commande {ORDER}")
    assert "30 mai 2026" in helene.got(said)[0].text
    assert _order(shop).due_on == date(2026, 5, 30)
    waiting = [one.due_at.date() for one in shop.all(Reminder) if one.done_at is None]
    assert sorted(waiting) == [
        date(2026, 5, 25), date(2026, 5, 30), date(2026, 5, 31), date(2026, 6, 6)
    ]  # fmt: skip


def test_suspended_and_resumed_the_same_day_the_same_reminders_come(
    shop: World, helene: Somebody
) -> None:
    before = sorted(one.due_at for one in shop.all(Reminder))
    shop.smart.writes(f"suspendre {ORDER}, motif : erreur")
    shop.smart.writes(f"reprendre la commande {ORDER}")
    assert sorted(one.due_at for one in shop.all(Reminder) if one.done_at is None) == before
    assert helene.got()


def test_a_cancelled_order_keeps_its_number_and_can_be_reinstated(
    shop: World, helene: Somebody
) -> None:
    said = shop.smart.writes(f"annuler la commande {ORDER}, motif : décision retirée")
    assert "décision retirée" in helene.got(said)[0].text
    assert shop.tick() == []
    helene.answers(helene.asks("commander budget participatif"), "confirmer")
    listed = shop.smart.asks("registre Smart").text
    for words in (ORDER, "annulée", "SMART-2026-0002", "n° 1 au n° 2"):
        assert words in listed
    shop.clock.move_to(date(2026, 3, 30))
    shop.smart.writes(f"rétablir {ORDER}, motif : annulée par erreur")
    first = min(shop.all(Order), key=lambda order: order.id)
    assert (first.state, first.due_on) == (OrderState.SENT, date(2026, 4, 19))


def test_the_days_of_a_suspension_are_not_lost_by_a_cancellation(
    shop: World, helene: Somebody
) -> None:
    shop.clock.move_to(date(2026, 4, 3))  # ten days are left
    shop.smart.writes(f"suspendre {ORDER}, motif : x")
    shop.clock.move_to(date(2026, 4, 8))
    shop.smart.writes(f"annuler la commande {ORDER}, motif : x")
    shop.clock.move_to(date(2026, 5, 4))
    shop.smart.writes(f"rétablir {ORDER}, motif : x")
    assert _order(shop).due_on == date(2026, 5, 14)
    assert helene.got()


def test_an_award_is_undone_by_a_step_of_its_own(shop: World, helene: Somebody) -> None:
    shop.smart.writes(f"attribuer {ORDER} pour 23.500 €")
    said = shop.smart.writes(f"retirer l'attribution {ORDER}, motif : recours")
    assert "recours" in helene.got(said)[0].text
    assert shop.count(Contract) == 0
    assert "0 €" in shop.stranger().asks("statistiques").text
    shop.smart.writes(f"attribuer {ORDER} pour 23.000 €")
    (contract,) = shop.all(Contract)
    assert contract.amount_cents == 2_300_000
    steps = [one.step for one in sorted(shop.all(OrderStep), key=lambda step: step.id)]
    assert steps == ["sent", "awarded", "revoked", "awarded"]


def test_a_contract_is_prolonged_with_new_reminders(shop: World, helene: Somebody) -> None:
    shop.smart.writes(f"attribuer {ORDER}")
    short = shop.smart.asks(f"prolonger {ORDER} jusqu'au 1er janvier 2027, motif : option")
    assert "court déjà" in short.text
    said = shop.smart.writes(f"prolonger {ORDER} jusqu'au 31 mars 2031, motif : option levée")
    assert "31 mars 2031" in helene.got(said)[0].text
    (contract,) = shop.all(Contract)
    assert contract.ends_on == date(2031, 3, 31)
    ends = [
        one.due_at.date()
        for one in shop.all(Reminder)
        if one.kind == "contract-end" and one.done_at is None
    ]
    assert sorted(ends) == [date(2030, 10, 2), date(2031, 3, 1)]


@pytest.mark.parametrize(
    ("words", "end"),
    [
        ("d'un an", date(2031, 3, 23)),
        ("de 6 mois", date(2030, 9, 23)),
        ("de deux ans", date(2032, 3, 23)),
        ("jusqu'au 31 mars 2031", date(2031, 3, 31)),
    ],
)
def test_a_contract_is_prolonged_by_a_duration(
    shop: World, helene: Somebody, words: str, end: date
) -> None:
    shop.smart.writes(f"attribuer {ORDER}")
    said = shop.smart.writes(f"prolonger {ORDER} {words}, motif : option levée")
    assert [one.ends_on for one in shop.all(Contract)] == [end]
    assert helene.got(said)


def test_what_has_ended_is_not_prolonged(shop: World, helene: Somebody) -> None:
    shop.smart.writes(f"attribuer {ORDER}")
    shop.clock.move_to(date(2030, 3, 24))
    shop.tick()
    before = len(helene.got())
    told = shop.smart.asks(f"prolonger {ORDER} jusqu'au 31 mars 2031, motif : option").text
    assert "a pris fin le samedi 23 mars 2030" in told.replace("\u00a0", " ")
    assert len(helene.got()) == before


def test_who_manages_reads_whose_cap_it_is(shop: World, helene: Somebody) -> None:
    del helene
    shop.smart.asks("plafond Smart par membre 30.000 € HTVA")
    told = shop.smart.asks(f"attribuer {ORDER} pour 30.000,01 €").text
    assert "plafond de l'institution" in told
    assert "votre institution" not in told
    assert "interlocuteur" not in told


STEPS = [
    "attribuer {order}",
    "suspendre {order}, motif : x",
    "reprendre la commande {order}",
    "annuler la commande {order}, motif : x",
    "rétablir {order}, motif : x",
    "retirer l'attribution {order}, motif : x",
    "prolonger {order} jusqu'au 31 mars 2035, motif : x",
]


@pytest.mark.parametrize(
    ("done", "possible"),
    [
        ([], {0, 1, 3}),
        ([1], {2, 3}),
        ([3], {4}),
        ([0], {5, 6}),
    ],
)
def test_only_what_the_table_allows_is_done(
    shop: World, helene: Somebody, done: list[int], possible: set[int]
) -> None:
    for number in done:
        shop.smart.asks(STEPS[number].format(order=ORDER))
    state = _order(shop).state
    for number in set(range(len(STEPS))) - possible:
        refused = shop.smart.asks(STEPS[number].format(order=ORDER))
        assert "SMART-2026-0001" in refused.text
        assert _order(shop).state == state
    assert len(shop.all(OrderStep)) == 1 + len(done)
    assert helene.got()


def test_a_step_needs_its_reason(shop: World, helene: Somebody) -> None:
    for step in ("suspendre", "annuler la commande"):
        assert "motif" in shop.smart.asks(f"{step} {ORDER}").text
    assert _order(shop).state == OrderState.SENT
    assert helene.got()


@pytest.mark.parametrize("who", ["offices", "helene"])
def test_only_the_manager_of_the_central_changes_an_order(
    shop: World, helene: Somebody, who: str
) -> None:
    person = {"offices": shop.offices, "helene": helene}[who]
    for step in STEPS:
        person.asks(step.format(order=ORDER))
    assert _order(shop).state == OrderState.SENT


def test_a_buyer_asks_for_the_cancellation(shop: World, helene: Somebody) -> None:
    said = helene.writes(f"renoncer {ORDER}, motif : décision retirée")
    assert "décision retirée" in shop.smart.got(said)[0].text
    assert _order(shop).state == OrderState.SENT
    other = shop.member("Paul Chat", "commune", "85045")
    assert "trouve pas" in other.asks(f"renoncer {ORDER}, motif : x").text


def test_every_step_is_in_the_history_and_in_the_chain(shop: World, helene: Somebody) -> None:
    shop.smart.writes(f"suspendre {ORDER}, motif : dossier incomplet")
    shop.smart.writes(f"reprendre la commande {ORDER}")
    told = helene.asks(f"historique commande {ORDER}").text
    for words in ("envoyée", "suspendue", "dossier incomplet", "reprise", "24 mars 2026"):
        assert words in told
    other = shop.member("Paul Chat", "commune", "85045")
    assert "dossier incomplet" not in other.asks(f"historique commande {ORDER}").text
    chain = [one for one in shop.all(AuditEntry) if one.action.startswith("order.")]
    assert [one.action for one in chain] == ["order.sent", "order.suspended", "order.resumed"]
    assert [one.facts["state"] for one in chain] == ["sent", "suspended", "sent"]
    assert "dossier" not in str([one.facts for one in chain])
    assert chain[1].facts["why"] == audit.pseudonym(shop.platform.secret, "dossier incomplet")
    assert shop.change(audit.first_break) is None


def test_the_register_is_a_file_without_formulas(shop: World, helene: Somebody) -> None:
    said = shop.smart.writes(f"attribuer {ORDER} à =HYPERLINK() pour 24.000 €")
    assert said
    listed = shop.smart.asks("registre Smart")
    assert listed.files == 1
    assert "vous ne gérez pas" in shop.offices.asks("registre Smart").text.lower()
    assert helene.got()


# -- caps -------------------------------------------------------------------------------------


def test_an_order_beyond_the_cap_of_a_member_is_refused_with_what_is_left(
    shop: World, helene: Somebody
) -> None:
    shop.smart.asks("plafond Smart par membre 50.000 € HTVA")
    refused = helene.asks("commander 2 e-guichet")
    for words in ("26.000", "50.000", "interlocuteur Smart"):
        assert words in refused.text
    assert shop.count(Order) == 1
    draft = helene.asks("commander rendez-vous")
    assert "il reste 26.000 €" in draft.text.replace("\u00a0", " ").replace("*", "")
    helene.answers(draft, "oui")
    assert sum(one.state == OrderState.SENT for one in shop.all(Order)) == 2


def test_a_cap_of_all_and_a_cap_in_pieces(shop: World, helene: Somebody) -> None:
    shop.smart.asks("plafond Smart e-guichet 2 pièces")
    paul = shop.member("Paul Chat", "commune", "85045")
    paul.asks(ADHESION)
    assert "1 pièce" in paul.asks("commander 2 e-guichet").text
    hers = helene.asks("commander e-guichet")
    paul.answers(paul.asks("commander e-guichet"), "oui")
    # There was room when it was shown; somebody else took it.
    assert "0 pièce" in helene.replies(hers, "oui").text
    shop.smart.asks("plafond Smart e-guichet 0 pièces lever")
    helene.answers(helene.asks("commander e-guichet"), "oui")
    assert sum(one.state == OrderState.SENT for one in shop.all(Order)) == 3


def test_a_member_may_have_a_cap_of_its_own(shop: World, helene: Somebody) -> None:
    shop.smart.asks("plafond Smart par membre 30.000 € HTVA")
    shop.smart.asks("plafond Smart Commune de Musson 100.000 € HTVA")
    helene.answers(helene.asks("commander 3 e-guichet"), "oui")
    assert sum(one.state == OrderState.SENT for one in shop.all(Order)) == 2
    assert "4.000" in helene.asks("plafonds Smart").text
    assert "Musson" not in shop.stranger().asks("plafonds Smart").text


def test_an_award_and_a_reinstatement_respect_the_caps(shop: World, helene: Somebody) -> None:
    shop.smart.asks("plafond Smart 30.000 € HTVA")
    assert "plafond" in shop.smart.asks(f"attribuer {ORDER} pour 30.000,01 €").text
    shop.smart.asks(f"annuler la commande {ORDER}, motif : x")
    helene.answers(helene.asks("commander e-guichet"), "oui")
    assert "6.000" in shop.smart.asks(f"rétablir {ORDER}, motif : x").text
    states = [one.state for one in sorted(shop.all(Order), key=lambda order: order.id)]
    assert states == [OrderState.CANCELLED, OrderState.SENT]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("plafond Smart 100.000 € pour Musson", "la commune de Musson, au plus 100.000 €"),
        ("plafond Smart 100.000 € pour Bertrix", "pas membre"),
        ("plafond Smart 100.000 € pour Musson et Bertrix", "pas membre"),
        ("plafond Smart 100.000 € pour les communes rurales", "Je ne comprends pas"),
        (
            "fixer un plafond de 60.000 € HTVA par membre pour Smart",
            "chaque membre, au plus 60.000",
        ),
        ("supprimer le plafond Smart par membre", "Aucun plafond de ce genre"),
        ("lever le plafond Smart", "Aucun plafond de ce genre"),
    ],
)
def test_a_cap_holds_for_those_who_were_named(
    shop: World, helene: Somebody, words: str, told: str
) -> None:
    del helene
    answer = shop.smart.asks(words).text.replace("\u00a0", " ").replace("*", "")
    assert told in answer
    assert shop.count(Cap) == ("au plus" in told)


def test_lifting_a_cap_says_which_it_was(shop: World) -> None:
    shop.smart.asks("plafond Smart e-guichet 2 pièces")
    shop.smart.asks("plafond Smart par membre 30.000 € HTVA")
    lifted = shop.smart.asks("supprimer le plafond Smart e-guichet").text
    assert "2 pièces" in lifted
    assert [one.each for one in shop.all(Cap)] == [True]
    assert "30.000" in shop.smart.asks("lever le plafond Smart par membre").text
    assert shop.count(Cap) == 0


@pytest.mark.parametrize("words", ["24,000 €", "24,5 €"])
def test_an_ambiguous_cap_is_asked_back(shop: World, words: str) -> None:
    answer = shop.smart.asks(f"plafond Smart {words}").text
    assert "Voulez-vous dire" in answer


def test_an_ambiguous_award_is_asked_back(shop: World, helene: Somebody) -> None:
    assert "24.000 €" in shop.smart.asks(f"attribuer {ORDER} pour 24,000 €").text
    assert "hors TVA" in shop.smart.asks(f"attribuer {ORDER} pour 29.040 € TVAC").text
    assert _order(shop).state == OrderState.SENT
    assert helene.got()


def test_an_award_to_somebody_else_is_asked_about(shop: World, helene: Somebody) -> None:
    """The supplier of what was ordered is known; another may be a slip, and the buyer is told."""
    before = len(helene.got())
    asked = shop.smart.asks(f"attribuer {ORDER} à Dupont Informatique pour 24.00 €").text
    for words in ("Civadis", "Dupont Informatique", "24.000 €", "24,00 €", "confirmé"):
        assert words in asked.replace("\u00a0", " ")
    assert _order(shop).state == OrderState.SENT
    assert len(helene.got()) == before
    shop.smart.asks(f"attribuer {ORDER} à Dupont Informatique pour 24.000 €, confirmé")
    assert [one.supplier for one in shop.all(Contract)] == ["Dupont Informatique"]


@pytest.mark.parametrize(
    "words",
    [
        "J'ai attribué la commande {order} à Civadi pour 23 500 €",
        "La commande {order} a été attribuée à Civadis pour 23.500 € HTVA.",
        "Merci d'enregistrer l'attribution de la commande {order} à Civadis, 23.500 €",
        "attribution de la commande {order} à Civadis pour 23.500 €",
    ],
)
def test_an_award_is_told_in_a_sentence(shop: World, helene: Somebody, words: str) -> None:
    said = shop.smart.writes(words.format(order=ORDER))
    assert "23.500" in helene.got(said)[0].text
    assert [(c.supplier, c.amount_cents) for c in shop.all(Contract)] == [("Civadis", 2_350_000)]


def test_a_central_counts_its_own_days(shop: World, helene: Somebody) -> None:
    shop.change(lambda s: s.execute(update(Central).values(award_counting="working")))
    draft = helene.asks("commander budget participatif")
    assert "jours ouvrables" in draft.text
    assert "22 avril 2026" in draft.text


# -- what an award is of ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "supplier", "cents"),
    [
        ("", "Civadis", 2_400_000),
        ("à Civadis", "Civadis", 2_400_000),
        ("à civadys 26.000 € HTVA", "Civadis", 2_600_000),
        ("a Civadis pour 26.000,50 €", "Civadis", 2_600_050),
        ("à Civadis, 26 000 euros htva, le {day}", "Civadis", 2_600_000),
        ("à Bureau Exemple d'un montant de 26.000 EUR, confirmé", "Bureau Exemple", 2_600_000),
        ("à Flag2000 le {day}, confirmé", "Flag2000", 2_400_000),
        ("26.000 € HTVA à Civadis", "Civadis", 2_600_000),
    ],
)
@pytest.mark.usefixtures("helene")
def test_an_award_is_of_what_is_told_wherever_it_stands(
    shop: World, words: str, supplier: str, cents: int
) -> None:
    day = shop.clock.now().date().strftime("%d/%m/%Y")
    said = shop.smart.asks(f"attribuer {ORDER} {words.format(day=day)}")
    (contract,) = shop.all(Contract)
    assert (contract.supplier, contract.amount_cents) == (supplier, cents)
    assert ("La commande était de" in said.text) is (cents != 2_400_000)


@pytest.mark.parametrize(
    "words", ["à Civadis 26000", "à Civadis 26.000 € ou 27.000 €", "à Civadis 31.460 € TVAC"]
)
@pytest.mark.usefixtures("helene")
def test_an_award_of_an_amount_that_is_not_plain_is_not_recorded(shop: World, words: str) -> None:
    shop.smart.asks(f"attribuer {ORDER} {words}")
    assert shop.all(Contract) == []


# -- what is asked of an order that was sent ----------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [f"modifier ma commande {ORDER} : deux licences", f"changer la commande {ORDER} deux licences"],
)
def test_a_change_of_what_was_sent_is_passed_on_and_changes_nothing(
    shop: World, helene: Somebody, words: str
) -> None:
    before = [(one.quantity, one.unit_cents) for one in shop.all(OrderLine)]
    said = helene.writes(words)
    (told,) = shop.smart.got(said)
    assert "deux licences" in told.text
    assert "reste telle que vous l'avez confirmée" in helene.got(said)[-1].text
    assert [(one.quantity, one.unit_cents) for one in shop.all(OrderLine)] == before


@pytest.mark.usefixtures("helene")
def test_a_change_of_the_order_of_another_is_not_passed_on(shop: World) -> None:
    bruno = shop.bruno()
    said = bruno.writes(f"modifier la commande {ORDER} : deux licences")
    assert shop.smart.got(said) == []
    assert "Je ne trouve pas" in bruno.got(said)[-1].text
