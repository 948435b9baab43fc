"""Orders on a form that came with a message: read line by line, compared, confirmed by a human."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.papers.child import paper_of
from handlers.request import IncomingFile
from storage.files import StoredFile
from storage.order_states import OrderState
from storage.orders import Order, OrderLine
from storage.outbox import Row
from storage.purchasing import Price, Solution
from tests import forms
from tests.forms import COMPUTED, DECISION, FORM, FORMATS, FormOnPaper
from tests.handlers.conversation import Said, Somebody, World

ADHESION = "adhérer Smart, décision du Collège du 9 mars 2026, réf. 2026/114"
MAIL = "Bonjour,\n\nVeuillez trouver notre bon de commande en annexe.\n\nBien à vous"


@pytest.fixture
def helene(shop: World) -> Somebody:
    """The user of Musson, whose commune joined the central."""
    helene = shop.helene()
    helene.asks(ADHESION)
    return helene


def _sends(who: Somebody, *contents: bytes, text: str = MAIL, name: str = "bon.pdf") -> Said:
    files = tuple(
        IncomingFile(f"{n or ''}{name}", "application/octet-stream", one, paper_of(one))
        for n, one in enumerate(contents)
    )
    return who.asks(text, files=files)


def _order(shop: World) -> Order:
    [order] = shop.all(Order)
    return order


def _lines(shop: World) -> list[tuple[str, int, int]]:
    def read(session: Session) -> list[tuple[str, int, int]]:
        lines = session.scalars(select(OrderLine).order_by(OrderLine.id))
        return [(line.solution.slug, line.quantity, line.unit_cents) for line in lines]

    return shop.change(read)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_form_is_shown_and_ordered_on_a_yes(shop: World, helene: Somebody, kind: str) -> None:
    shown = _sends(helene, FORMATS[kind](FORM), name=f"bon.{kind}")
    assert f"Lu dans « bon.{kind} »" in shown.text
    for word in ("43.414,80 €", "2026/131", "104/742-53", "0207.379.169", "Ida Roland", "20 jours"):
        assert word in shown.text, word
    order = _order(shop)
    assert order.state == OrderState.DRAFT
    assert _lines(shop) == [("e-guichet", 1, 2_400_000), ("rendez-vous", 2, 594_000)]
    assert (order.buyer_reference, order.enterprise) == ("2026/0143", "0207379169")
    assert order.delivery == "Place Abbé Goffinet 1, 6750 Musson"
    helene.answers(shown, "oui")
    assert _order(shop).state == OrderState.SENT


def test_nothing_is_ordered_without_a_yes(shop: World, helene: Somebody) -> None:
    shown = _sends(helene, forms.as_pdf(FORM), text=f"{MAIL}\n\nJe confirme la commande, oui.")
    assert _order(shop).state == OrderState.DRAFT
    helene.answers(shown, "non")
    assert _order(shop).state == OrderState.DROPPED


def test_the_form_stays_with_the_order_as_it_came(shop: World, helene: Somebody) -> None:
    content = forms.as_docx(FORM)
    helene.answers(_sends(helene, content), "oui")

    def kept(session: Session) -> bytes:
        return session.get_one(StoredFile, _order(shop).paper_id).content

    assert shop.change(kept) == content
    told = shop.smart.got()[-1]
    assert told.files >= 2
    again = helene.writes("copie commande SMART-2026-0001")
    assert sum(one.files for one in helene.got(again)) >= 2


def test_all_that_differs_is_said_in_one_message(shop: World, helene: Somebody) -> None:
    wrong = FORM.but(
        lines=(
            ("E-guichet", "1", "24.500,00 €", "24.500,00 €"),
            ("Prise de rendez-vous en ligne", "2", "5.940,00 €", "11.000,00 €"),
            ("Frais de dossier", "1", "24,000", "240,00"),
        ),
        facts=(("Décision du Collège communal", "16/03/2026"), ("Durée du marché", "36 mois")),
        top=("Administration communale de Musson", "N° d'entreprise : BE 0207.379.113"),
    )
    asked = _sends(helene, forms.as_pdf(wrong))
    for word in (
        "24.500,00 € HTVA, le catalogue dit 24.000,00 €",
        "2 × 5.940,00 € font 11.880,00 €, le bon dit 11.000,00 €",
        "ligne 3 « Frais de dossier »",
        "36 mois",
        "0207379113",
        "prix du catalogue",
        "J'ai lu dans « bon.pdf »",
        "référence 2026/0143",
        "décision du lundi 16 mars 2026",
    ):
        assert word in asked.text, word
    assert not shop.count(Order)


def test_a_reply_settles_what_differed(shop: World, helene: Somebody) -> None:
    wrong = FORM.priced(0, "1", "24.500,00 €", "24.500,00 €")
    wrong = wrong.but(lines=(*wrong.lines, ("Frais de dossier", "1", "100,00 €", "100,00 €")))
    asked = _sends(helene, forms.as_xlsx(wrong))
    again = helene.replies(asked, "Au prix du catalogue, merci.")
    assert "ligne 3" in again.text
    assert "24.500" not in again.text
    shown = helene.replies(again, "Sans la ligne 3.")
    assert "24.000,00 €" in shown.text
    assert _lines(shop) == [("e-guichet", 1, 2_400_000), ("rendez-vous", 2, 594_000)]


@pytest.mark.parametrize(
    ("form", "reply"),
    [
        (FORM.but(facts=(("Durée du marché", "36 mois"),)), "D'accord pour 4 ans."),
        (FORM.but(sums=(("Total", "30.000,00 €"),)), "prix du catalogue"),
        (FORM.but(sums=(("Total HTVA", "24,5"),)), "prix du catalogue"),
        (FORM.but(sums=(("TVA 6 %", "2.152,80 €"),)), "prix du catalogue"),
        (FORM.priced(0, "1", "24,000", "24,000"), "prix du catalogue"),
        (FORM.priced(0, "une", "24.000,00 €", "24.000,00 €"), "1 e-guichet"),
        (FORM.but(top=("BCE 0207.379.113",)), "BCE 0207.379.169"),
    ],
)
def test_whatever_differs_can_be_settled_by_a_reply(
    shop: World, helene: Somebody, form: FormOnPaper, reply: str
) -> None:
    asked = _sends(helene, forms.as_pdf(form))
    assert not shop.count(Order)
    helene.replies(asked, reply)
    assert _lines(shop) == [("e-guichet", 1, 2_400_000), ("rendez-vous", 2, 594_000)]


def test_a_corrected_form_takes_the_place_of_the_first(shop: World, helene: Somebody) -> None:
    asked = _sends(helene, forms.as_pdf(FORM.priced(0, "1", "24.500,00 €", "24.500,00 €")))
    right = forms.as_pdf(FORM)
    helene.replies(
        asked, "Voici.", files=(IncomingFile("b.pdf", "application/pdf", right, paper_of(right)),)
    )
    assert _lines(shop)[0] == ("e-guichet", 1, 2_400_000)


def test_an_ambiguous_amount_is_asked_back(shop: World, helene: Somebody) -> None:
    asked = _sends(helene, forms.as_docx(FORM.priced(0, "1", "24,000", "24.000,00 €")))
    assert "« 24,000 » veut dire 24.000,00 € ou 24,00 € ?" in asked.text
    assert not shop.count(Order)


@pytest.mark.parametrize("quantity", ["deux", "1,5", "0", ""])
def test_a_quantity_that_is_none_is_asked_back(
    shop: World, helene: Somebody, quantity: str
) -> None:
    asked = _sends(helene, forms.as_xlsx(FORM.priced(0, quantity, "24.000,00 €", "24.000,00 €")))
    assert "ligne 1 « E-guichet »" in asked.text
    assert not shop.count(Order)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (forms.scanned(), "image de page"),
        (forms.locked(forms.as_pdf(FORM)), "mot de passe"),
        (forms.with_macros(forms.as_xlsx(FORM)), "macros"),
        (forms.Reckoned().as_xlsx(), "pas encore calculées"),
        (forms.zip_bomb(), "trop grand"),
        (b"%PDF-1.7 nothing", "abîmé"),
    ],
)
def test_what_cannot_be_read_is_asked_for_in_words(
    shop: World, helene: Somebody, content: bytes, words: str
) -> None:
    asked = _sends(helene, content)
    assert words in asked.text
    assert "dans le texte du message" in asked.text
    shown = helene.replies(asked, "1 e-guichet, 24.000 € HTVA")
    assert "24.000,00 €" in shown.text
    assert words in shown.text
    assert _lines(shop) == [("e-guichet", 1, 2_400_000)]


def test_a_form_in_anothers_name_is_not_taken(shop: World, helene: Somebody) -> None:
    theirs = FORM.but(top=("Administration communale de Rouvroy",), facts=())
    asked = _sends(helene, forms.as_pdf(theirs))
    assert "au nom de" in asked.text
    assert "Rouvroy" in asked.text
    assert not shop.count(Order)


def test_who_has_not_joined_is_told_so(shop: World) -> None:
    bruno = shop.bruno()
    content = forms.as_pdf(FORM.but(top=(), facts=()))
    assert "adhé" in _sends(bruno, content).text
    assert not shop.count(Order)


def test_a_stranger_orders_nothing(shop: World) -> None:
    _sends(shop.stranger(), forms.as_pdf(FORM))
    assert not shop.count(Order)


def test_two_forms_are_two_orders(shop: World, helene: Somebody) -> None:
    asked = _sends(helene, forms.as_pdf(FORM), forms.as_pdf(FORM.but(title="Bon de commande 9")))
    assert "un seul bon de commande par message" in asked.text
    assert not shop.count(Order)


def test_the_message_and_its_form_are_compared(shop: World, helene: Somebody) -> None:
    asked = _sends(
        helene,
        forms.as_pdf(FORM),
        text="Bonjour, nous commandons 3 e-guichet et le budget participatif, voir bon de commande"
        " joint. Décision du Collège du 2 mars 2026.",
    )
    assert "votre message dit 3, le bon de commande 1" in asked.text
    assert "votre message le cite" in asked.text
    assert "la décision" in asked.text
    assert not shop.count(Order)


def test_a_form_that_says_nothing_else_is_an_order(shop: World, helene: Somebody) -> None:
    shown = _sends(helene, forms.as_pdf(FORM), text="Voir pièce jointe.")
    assert "Lu dans" in shown.text
    assert _order(shop).state == OrderState.DRAFT


def test_a_decision_beside_the_form_is_no_second_form(shop: World, helene: Somebody) -> None:
    decision = FormOnPaper(
        title="Extrait du registre aux délibérations du Collège", top=(), facts=()
    )
    shown = _sends(helene, forms.as_docx(decision), forms.as_pdf(FORM), name="x.pdf")
    assert "Lu dans « 1x.pdf »" in shown.text
    assert _lines(shop)[1] == ("rendez-vous", 2, 594_000)


def test_a_spreadsheet_that_reckons(shop: World, helene: Somebody) -> None:
    shown = _sends(helene, COMPUTED.as_xlsx(), name="bon.xlsx")
    assert "35.880,00 €" in shown.text
    assert _order(shop).buyer_reference == "77"


def test_an_option_is_a_line_of_its_own(shop: World, helene: Somebody) -> None:
    def add(session: Session) -> None:
        solution = session.query(Solution).filter_by(slug="e-guichet").one()
        session.add(
            Price(solution_id=solution.id, label="Formation", unit_cents=80_000, option=True)
        )

    shop.change(add)
    lines = (*FORM.lines, ("Option : formation", "3", "800,00 €", "2.400,00 €"))
    told = _sends(
        helene, forms.as_pdf(FORM.but(lines=lines, sums=(("Total HTVA", "38.280,00 €"),)))
    )
    assert "Lu dans" in told.text
    assert shop.all(OrderLine)[-1].label == "E-guichet, option Formation"
    assert _lines(shop)[-1] == ("e-guichet", 3, 80_000)


def test_a_form_past_a_cap_becomes_no_draft(shop: World, helene: Somebody) -> None:
    shop.smart.asks("plafond Smart par membre 30.000 € HTVA")
    assert "il reste" in _sends(helene, forms.as_pdf(FORM)).text
    assert not shop.count(Order)


def test_another_order_form_makes_another_confirmation(shop: World, helene: Somebody) -> None:
    first = _sends(helene, forms.as_pdf(FORM))
    changed = helene.replies(first, "quantité 3 e-guichet")
    helene.answers(first, "oui")
    assert _order(shop).state == OrderState.DRAFT
    helene.answers(changed, "oui")
    assert _lines(shop)[0] == ("e-guichet", 3, 2_400_000)
    assert _order(shop).state == OrderState.SENT


def test_whom_an_order_names_can_be_forgotten(shop: World, helene: Somebody) -> None:
    helene.answers(_sends(helene, forms.as_pdf(FORM)), "oui")
    former = {_order(shop).form_id, _order(shop).paper_id}
    assert [row for row in shop.all(Row) if "Ida Roland" in json.dumps(row.payload)]
    asked = helene.asks("effacer contact SMART-2026-0001")
    assert _order(shop).contact == "Ida Roland"
    assert "Ida Roland" not in asked.text
    assert "Rien n'a changé" in helene.replies(asked, "non").text
    said = helene.replies(helene.asks("effacer contact SMART-2026-0001"), "oui").text
    assert "est effacée" in said
    shop.move_to(shop.clock.now() + timedelta(hours=1))

    def read(session: Session) -> tuple[str, str, list[int]]:
        order = session.scalars(select(Order)).one()
        form = session.get_one(StoredFile, order.form_id).content
        words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(form)).pages)
        sizes = [session.get_one(StoredFile, id_).size for id_ in former]
        return order.contact, words, sizes

    contact, words, sizes = shop.change(read)
    assert (contact, sizes) == ("", [0, 0])
    assert "SMART-2026-0001" in words
    assert "Ida Roland" not in words
    assert not [row for row in shop.all(Row) if "Ida Roland" in json.dumps(row.payload)]
    assert "ne porte pas" in helene.asks("effacer contact SMART-2026-0001").text


def test_others_forget_nothing_of_an_order(shop: World, helene: Somebody) -> None:
    helene.answers(_sends(helene, forms.as_pdf(FORM)), "oui")
    bruno = shop.bruno()
    assert "Je ne trouve pas" in bruno.asks("effacer contact SMART-2026-0001").text
    assert "Je ne trouve pas" in bruno.asks("copie commande SMART-2026-0001").text
    assert _order(shop).contact == "Ida Roland"


ATTACHED = "Bonjour,\n\nJe vous transmets la décision du Collège, qui vaut commande.\n\nBien à vous"


def test_a_decision_may_say_what_is_ordered(shop: World, helene: Somebody) -> None:
    """Where neither the message nor a form does; the decisions that it quotes are others."""
    asked = _sends(helene, forms.as_page(DECISION), text=ATTACHED)
    assert "36 mois" in asked.text
    shown = helene.replies(asked, "4 ans")
    assert "Lu dans « bon.pdf »" in shown.text
    order = _order(shop)
    assert _lines(shop) == [("e-guichet", 1, 2_400_000), ("rendez-vous", 1, 594_000)]
    assert (order.decided_by, order.decided_on) == ("Collège communal", date(2026, 3, 16))
    assert order.buyer_reference == "M/2026-07"


def test_a_form_counts_before_the_decision_beside_it(shop: World, helene: Somebody) -> None:
    shown = _sends(helene, forms.as_page(DECISION), forms.as_pdf(FORM), text=ATTACHED)
    assert "Lu dans « 1bon.pdf »" in shown.text
    assert _lines(shop) == [("e-guichet", 1, 2_400_000), ("rendez-vous", 2, 594_000)]


def test_what_the_message_orders_counts_before_a_decision(shop: World, helene: Somebody) -> None:
    shown = _sends(helene, forms.as_page(DECISION), text="Nous commandons l'e-guichet.")
    assert "Lu dans" not in shown.text
    assert _lines(shop) == [("e-guichet", 1, 2_400_000)]


def test_an_order_that_lacks_something_may_be_called_off(shop: World, helene: Somebody) -> None:
    asked = helene.asks("Bonjour,\n\nNous passons commande auprès de la centrale Smart.\n\nMerci")
    said = helene.replies(asked, "Finalement non, le Collège doit se prononcer. Annulez svp.")
    assert "C'est annulé" in said.text
    assert shop.all(Order) == []
