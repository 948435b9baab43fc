"""What anybody may ask of the centrals, their solutions and the communes: rows A01 to A37 of the
acceptance, by mail and in a chat, from the relations that the article tells.
"""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.request import IncomingFile
from storage.dossiers import Document
from storage.files import StoredFile
from storage.purchasing import LocalName
from tests.handlers.conversation import Said, Somebody, World, to_administrators

ORDERS = """\
commande;institution;solution;montant HTVA;attribuée le;nom local
B1;Bertrix;service-travaux;24.000,00;04/11/2019;
B1;Bertrix;incivilites;5.250,00;04/11/2019;
B2;Bertrix;e-guichet;24.000,00;05/11/2019;
B2;Bertrix;application mobile communale;14.400,00;05/11/2019;Bertrix en poche
D1;Daverdisse;e-guichet;24.000,00;12/11/2019;
D1;Daverdisse;informatisation des services travaux;19.200,00;12/11/2019;
R1;Arlon;repas;21.600,00;13/11/2019;
R2;Attert;repas;21.600,00;13/11/2019;
R3;Vaux-sur-Sûre;repas;21.600,00;13/11/2019;
C1;Aubange;consultation citoyenne;11.880,00;14/11/2019;
C2;Habay;consultation citoyenne;11.880,00;14/11/2019;
"""


@pytest.fixture
def article(shop: World) -> World:
    """What the article tells of single communes, brought in from a file, a year later."""
    shop.clock.move_to(date(2020, 1, 15))
    file = IncomingFile("commandes.csv", "text/csv", ORDERS.encode())
    shop.smart.replies(shop.smart.asks("importer commandes Smart", files=(file,)), "oui")
    return shop


def _plain(said: Said) -> str:
    return said.text.replace("\u00a0", " ")


def _asked(world: World, words: str) -> str:
    """What a stranger is told, with no person asked for help."""
    said = world.stranger("".join(c for c in words if c.isalnum())[:30].lower()).writes(words)
    assert to_administrators(said) == [], words
    return " ".join(_plain(one) for one in said)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("Bonjour, pourriez-vous me dire qui gère la centrale Smart svp", ("IDELUX",)),
        ("la centrale Smart est-elle encore ouverte ?", ("Ouverte", "janvier 2019")),
        ("que propose Betterstreet ?", ("Signalement des incivilités", "service travaux")),
        ("pouvez-vous m'envoyer la carte des communes adhérentes ?", ("sur 44",)),
        ("combien coûte l'e-guichet ?", ("Civadis",)),
        ("comment commander ?", ("commander e-guichet",)),
        ("fiche Bertrix", ("4 solutions", "Bertrix en poche", "BetterStreet", "3 novembre 2023")),
        ("fiche Daverdisse", ("2 solutions", "1.382 habitants", "1er janvier 2020", "Statbel")),
        ("Bertrix en poche", ("Application mobile communale", "Commune de Bertrix")),
        ("fiche « Bertrix en poche »", ("Application mobile communale", "Commune de Bertrix")),
        ("qui utilise la réservation des repas ?", ("d'Arlon", "d'Attert", "Vaux-sur-Sûre")),
        ("quelles communes ont commandé la consultation citoyenne ?", ("Aubange", "Habay")),
        ("qui a déjà l'app mobile ?", ("Application mobile communale", "Bertrix")),
        ("Quelles communes ont pris le budget part. ?", ("Budget participatif",)),
        ("Consultation citoyenne en ligne", ("Fluicity", "Aubange", "Habay")),
        ("eguichet", ("Civadis", "Bertrix", "Daverdisse")),
        ("guichet électronique", ("Civadis", "documents en ligne")),
        ("fiche services travaux", ("BetterStreet", "Daverdisse")),
        ("Fluicity", ("Budget participatif", "Consultation citoyenne", "Habay")),
        ("Letsgocity", ("Lestgocity", "Application mobile communale", "Bertrix")),
        ("Better Street", ("Signalement des incivilités", "service travaux")),
        ("qui utilise les services de BetterStreet ?", ("Signalement", "travaux", "Daverdisse")),
        ("commune la moins peuplée", ("Daverdisse", "1.382", "province de Luxembourg", "2020")),
        ("combien d'habitants à Daverdisse ?", ("1.382", "2020")),
        ("depuis quand existe la centrale Smart ?", ("janvier 2019",)),
        ("depuis quand existe la plateforme ?", ("n'est pas connue",)),
        ("actualités", ("Un an plus tard", "janvier 2020", "Une centrale d'achats Smart")),
        ("actualités un an plus tard", ("23 communes", "À lire aussi", "lancement-smart")),
        ("lire lancement-smart", ("première en Wallonie",)),
        (
            "Aubange et Habay ont commandé une solution de consultation citoyenne en ligne",
            ("Aubange et « Consultation", "Habay et « Consultation", "13 novembre 2023"),
        ),
        (
            "Est-ce que Virton utilise la réservation des repas ?",
            ("Virton et « Réservation", "rien d'enregistré"),
        ),
        ("catalogue Smart", ("10 solutions",)),
        ("catalogue lettre r", ("2 solutions", "Réservation des salles")),
        ("centrale Smart", ("Ouverte", "oui")),
        ("bilan 2019", ("2019", "2018", "Différence")),
        ("indicateurs", ("Différence", "31/12/2019", "15/01/2020", "8")),
        ("quelle part des communes a adhéré ?", ("0 commune sur 44", "0,0 %")),
        ("montant total des commandes", ("8 commandes", "199.410 €")),
        ("coût moyen d'une solution", ("18.128,18 €", "environ 18.000 €", "24.926,25 €")),
        ("chiffres par solution", ("E-guichet", "48.000 €", "64.800 €")),
        ("évolution", ("2019", "8", "199.410 €")),
    ],
)
def test_anybody_is_told_without_a_person(
    article: World, asked: str, told: tuple[str, ...]
) -> None:
    answer = _asked(article, asked)
    for words in told:
        assert words in answer, f"{words}: {answer}"


def test_what_people_write_changes_no_population(article: World) -> None:
    letter = "Bonjour, Daverdisse compte un peu plus de 1.400 habitants. Bien à vous, Anne Legrand"
    article.stranger("anne").writes(letter)
    assert "1.382" in _asked(article, "fiche Daverdisse")


# -- maps and charts ------------------------------------------------------------------------------


def _pictures(world: World, said: list[Said]) -> list[StoredFile]:
    ids = [
        id_
        for one in said
        for id_ in (one.row.payload.get("files") or [one.row.payload.get("file")])
        if id_
    ]
    return world.change(lambda s: [_whole(s, id_) for id_ in ids])


def _whole(session: Session, id_: int) -> StoredFile:
    kept = session.get_one(StoredFile, id_)
    assert kept.content
    return kept


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("carte e-guichet", "En couleur : Bertrix, Daverdisse."),
        ("carte repas", "En couleur : Arlon, Attert, Vaux-sur-Sûre."),
        ("carte", "Aucune commune de la province de Luxembourg."),
        ("évolution", "commandes notifiées par année. 2019 : 8, 2020 : 0."),
    ],
)
def test_a_picture_is_shown_with_its_words(article: World, asked: str, told: str) -> None:
    said = article.stranger().writes(asked)
    words = " ".join(_plain(one) for one in said)
    assert told in words
    if "carte" in asked:
        assert "Statbel" in words
    (picture,) = _pictures(article, said)
    assert picture.media_type == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    if article.channel == "mail":
        (message,) = said
        ((_index, cid),) = message.row.payload["pictures"]
        page = str(message.row.payload["html"]).replace("\u00a0", " ")
        assert f'<img src="cid:{cid}" alt="' in page
        assert told in page
    else:
        assert str(said[-1].row.payload["text"]).replace("\u00a0", " ").endswith(told)


def test_a_map_of_a_past_day_has_its_own_number_of_communes(article: World) -> None:
    assert "0 commune sur 44" in _asked(article, "carte Smart au 31/12/2019")
    article.clock.move_to(date(2026, 1, 15))
    assert "sur 43" in _asked(article, "carte Smart")
    assert "ni centrale ni solution" in _asked(article, "carte machin")


# -- documents ----------------------------------------------------------------------------------


def _files(said: list[Said]) -> int:
    return sum(one.files for one in said)


@pytest.mark.parametrize(
    ("asked", "told", "files"),
    [
        ("cahier des charges e-guichet", ("version 2.0", "15 juin 2020"), 1),
        ("documents Smart", ("Règlement", "Convention d'adhésion", "version 1.0"), 2),
        ("règlement de la centrale Smart", ("Règlement de la centrale",), 1),
        ("documents", ("Cahier des charges : E-guichet",), 0),
    ],
)
def test_documents_come_with_version_and_date(
    shop: World, asked: str, told: tuple[str, ...], files: int
) -> None:
    said = shop.stranger().writes(asked)
    assert to_administrators(said) == []
    for words in told:
        assert words in _plain(said[0])
    assert _files(said) == files


def test_a_new_version_is_served_from_the_next_request_on(shop: World) -> None:
    file = IncomingFile("cdc-3.pdf", "application/pdf", b"%PDF third")
    words = "publier document e-guichet : Cahier des charges, version 3"
    assert "version 3" in shop.smart.asks(words, files=(file,)).text
    answered = shop.stranger().writes("documents e-guichet")
    assert "version 3, établie le mardi 24 mars 2026" in _plain(answered[0])
    served = shop.change(_served)
    assert served == ("3", b"%PDF third")
    assert "déjà publiée" in shop.smart.asks(words, files=(file,)).text
    assert shop.count(Document) == 4


def _served(session: Session) -> tuple[str, bytes]:
    one = session.scalars(
        select(Document).where(Document.solution_id.is_not(None), Document.replaced_at.is_(None))
    ).one()
    return one.version, one.file.content


@pytest.mark.parametrize("who", ["offices", "camille", "helene"])
def test_only_who_manages_the_central_publishes(shop: World, who: str) -> None:
    person: Somebody = shop.helene() if who == "helene" else getattr(shop, who)
    file = IncomingFile("cdc-3.pdf", "application/pdf", b"%PDF third")
    person.asks("publier document e-guichet : Cahier des charges, version 3", files=(file,))
    assert shop.count(Document) == 3


def test_a_document_for_members_is_kept_from_strangers(shop: World) -> None:
    def keep(session: Session) -> None:
        for one in session.scalars(select(Document)):
            one.members_only = True

    shop.change(keep)
    refused = shop.stranger().writes("cahier des charges e-guichet")
    assert "réservé aux membres" in refused[0].text
    assert _files(refused) == 0
    helene = shop.helene()
    assert _files(helene.got(helene.writes("cahier des charges e-guichet"))) == 1


# -- names and news -----------------------------------------------------------------------------


def test_a_member_names_a_solution_that_it_has(article: World) -> None:
    user = article.member("Anne Nouvelle", "commune", "84009")
    assert "parmi vos solutions" in user.asks("nommer budget participatif « Le mien »").text
    named = user.asks("nommer application mobile « La poche de Bertrix »")
    assert "La poche de Bertrix" in named.text
    assert "Commune de Bertrix" in _asked(article, "la poche de bertrix")
    assert article.count(LocalName) == 1
    user.asks("nommer application mobile « »")
    assert article.count(LocalName) == 0


def test_news_are_published_by_the_administrators_alone(shop: World) -> None:
    words = "publier actualité Nouvelle enquête : Voir un-an-plus-tard pour le début."
    assert "administrateurs" in shop.helene().asks(words).text
    shop.camille.asks(words)
    listed = _asked(shop, "actualités")
    assert listed.index("Nouvelle enquête") < listed.index("Un an plus tard")
    assert "À lire aussi" in _asked(shop, "actualité nouvelle-enquete")


# -- what the managers and the Province change ----------------------------------------------------


def test_a_solution_is_retired_from_a_day_on(article: World) -> None:
    retire = "retirer du catalogue e-guichet, le 01/03/2020"
    assert "ne gérez pas" in article.offices.asks(retire).text
    assert "1er mars 2020" in article.smart.asks(retire).text
    assert "E-guichet" in _asked(article, "catalogue")
    told = _asked(article, "historique catalogue Smart")
    assert "retirée le dimanche 1er mars 2020" in told
    article.clock.move_to(date(2020, 3, 2))
    assert "n'est plus au catalogue" in _asked(article, "fiche e-guichet")
    assert "Bertrix" in _asked(article, "qui utilise e-guichet ?")
    assert "E-guichet" in _asked(article, "fiche Bertrix")


def test_only_the_province_publishes_a_mission(shop: World) -> None:
    words = "publier mission Voirie : La Province entretient ses routes."
    assert "Seule la Province" in shop.helene().asks(words).text
    province = shop.member("Paul Lac", "province", "80000")
    file = IncomingFile("routes.pdf", "application/pdf", b"%PDF roads")
    assert "publié" in province.asks(words, files=(file,)).text
    assert "Voirie" in province.asks("missions").text
    assert _files(province.got(province.writes("mission Voirie"))) == 1
    province.asks("publier mission Voirie : Elle entretient aussi les ponts.")
    assert "ponts" in province.asks("mission Voirie").text


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("Pouvez-vous m'envoyer le bilan 2019 de la plateforme ?", ("2019", "2018", "Différence")),
        ("Où puis-je lire les dernières actualités ?", ("Un an plus tard", "lancement-smart")),
        ("Qui travaille avec Better Street ?", ("Signalement des incivilités", "Daverdisse")),
        ("Quelles communes recourent aux services de Letsgocity ?", ("Lestgocity", "Bertrix")),
        ("Wie werkt er met BetterStreet?", ("BetterStreet", "Daverdisse")),
        (
            "Je voudrais voir la fiche de la commune de Bertrix.",
            ("4 solutions", "Bertrix en poche"),
        ),
        ("Quelles solutions utilise Daverdisse ?", ("2 solutions", "1.382 habitants")),
        ("Pouvez-vous m'envoyer la carte des communes qui ont adhéré ?", ("0 commune", "44")),
        ("Quelle est la commune la moins peuplée de Wallonie ?", ("Daverdisse", "province de")),
        ("Combien d'habitants compte Daverdisse ?", ("1.382", "2020")),
        ("Depuis quand existe la centrale Smart ?", ("janvier 2019",)),
    ],
)
def test_a_question_in_a_sentence_is_answered_like_the_command(
    article: World, asked: str, told: tuple[str, ...]
) -> None:
    letter = f"Bonjour,\n\n{asked}\n\nBien à vous,\nAnne Legrand"
    for words in told:
        for written in (asked, letter):
            assert words in (answer := _asked(article, written)), f"{words}: {answer}"


def test_a_question_for_the_specifications_brings_them(shop: World) -> None:
    helene = shop.helene()
    letter = "Bonjour,\n\nOù puis-je trouver le cahier des charges de l'e-guichet ?\n\nBien à vous"
    said = helene.got(helene.writes(letter, subject="Question"))
    assert "version 2.0" in _plain(said[0])
    assert _files(said) == 1


@pytest.mark.parametrize(
    "asked",
    [
        "Qui puis-je contacter chez Better Street pour notre facture ?",
        "Pourquoi l'e-guichet de Civadis est-il en panne depuis hier ?",
        "Avez-vous un modèle de cahier des charges pour l'e-guichet ?",
        "Je souhaite une carte d'identité, à quelle commune dois-je m'adresser ?",
    ],
)
def test_what_wants_a_person_is_not_answered_by_a_list(article: World, asked: str) -> None:
    said = article.stranger("anne").writes(f"Bonjour,\n\n{asked}\n\nBien à vous,\nAnne Legrand")
    text = " ".join(_plain(one) for one in said)
    assert "Signalement des incivilités" not in text
    assert "%" not in text


def test_the_contact_is_told_to_strangers_in_a_form_that_is_not_harvested(article: World) -> None:
    mail = article.platform.settings.platform.contact.mail
    assert mail.replace("@", "(at)") in _asked(article, "contact")
    assert mail in article.smart.asks("contact").text


@pytest.mark.parametrize(
    "words",
    [
        "Quel est le délai d'attribution ?",
        "quels sont les délais d'attribution de la centrale Smart ?",
        "En combien de jours un marché est-il attribué ?",
        "Combien de temps faut-il attendre entre le bon de commande et l'attribution ?",
        "Pourriez-vous me dire combien de temps dure un contrat ?",
    ],
)
def test_the_delays_of_a_central_are_told(article: World, words: str) -> None:
    told = _asked(article, words)
    assert "20 jours calendrier après l'envoi du bon de commande" in told
    assert "4 ans" in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("carte au 99/99/9999", "« 99/99/9999 » n'est pas une date"),
        ("statistiques au 31/02/2019", "n'existe pas"),
        ("statistiques au 15/03/2031", "Le samedi 15 mars 2031 n'est pas encore venu."),
        ("bilan 9999", "L'année 9999 n'a pas commencé."),
        ("bilan 1830", "pas de chiffres de l'année 1830"),
    ],
)
def test_a_day_that_is_none_is_not_answered_by_today(article: World, words: str, told: str) -> None:
    assert told in _asked(article, words)


@pytest.mark.parametrize("words", ["quels fournisseurs ?", "Quels sont vos fournisseurs ?"])
def test_the_suppliers_are_listed(article: World, words: str) -> None:
    told = _asked(article, words)
    assert "Civadis : " in told
    assert "Lestgocity : " in told


def test_limits_are_told_when_they_are_asked_for(article: World) -> None:
    article.smart.asks("plafond Smart 30.000 € par membre")
    assert "au plus 30.000 € HTVA" in _asked(article, "Y a-t-il une limite par commune ?")


@pytest.mark.parametrize(
    ("words", "named", "others"),
    [
        ("quelles solutions y a-t-il pour les repas scolaires ?", "repas", False),
        ("Pouvez-vous m'envoyer la liste de toutes les solutions, repas compris ?", "repas", True),
    ],
)
def test_the_catalogue_is_told_by_what_a_letter_speaks_of(
    article: World, words: str, named: str, *, others: bool
) -> None:
    told = _asked(article, words)
    assert named in told
    assert ("Budget participatif" in told) is others


def test_a_retired_solution_is_in_the_catalogue_until_the_day_before(article: World) -> None:
    article.smart.asks("retirer du catalogue budget participatif, le 30/06/2020")
    assert "29 juin 2020" in _asked(article, "fiche budget participatif")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("estimer 7.000 € HTVA par an pendant 4 ans", "sous le seuil"),
        ("estimation 8.000 € HTVA par an pendant 4 ans", "est atteint"),
        ("estimer 8.000 € HTVA par an", "Pour combien de temps"),
        ("estimer trois ordinateurs", "Quel montant"),
    ],
)
def test_an_estimate_is_compared_without_asking_for_a_template(
    article: World, words: str, told: str
) -> None:
    assert told in _asked(article, words)


def test_who_runs_a_central_is_not_told_to_register(article: World) -> None:
    told = article.smart.asks("commander e-guichet").text
    assert "réservé aux institutions membres" in told
    assert "inscrire" not in told


@pytest.mark.parametrize(
    "words",
    [
        "je voudrais quitter la centrale Smart",
        "Nous souhaitons nous retirer de la centrale Smart.",
        "retirer notre adhésion à Smart",
        "Notre commune souhaite quitter la centrale d'achats Smart",
    ],
)
def test_leaving_a_central_is_understood_in_a_sentence(shop: World, words: str) -> None:
    helene = shop.helene()
    helene.asks("adhérer Smart, décision du Collège du 9 mars 2026, réf. 2026/114")
    assert "date et la référence de la décision" in helene.asks(words).text
    asked = helene.asks(f"{words.rstrip('.')}, décision du Conseil du 20 mars 2026, réf. 33")
    assert "quitterait la centrale Smart" in asked.text


@pytest.mark.parametrize("words", ["registre", "registre 2020", "exporter les commandes"])
def test_the_only_central_of_a_manager_need_not_be_named(article: World, words: str) -> None:
    assert "2020" in article.smart.asks(words).text


@pytest.mark.parametrize("words", ["membres", "qui est membre ?"])
def test_the_members_are_told_without_their_people(shop: World, words: str) -> None:
    helene = shop.helene()
    shop.bruno()
    told = _asked(shop, words)
    assert "2 institutions inscrites" in told
    assert "Communes" in told
    assert "CPAS de Rouvroy" in told
    assert helene.mail not in told
    assert "Lambiotte" not in told
