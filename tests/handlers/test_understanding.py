"""Letters as clerks write them: what is understood, what is done, and what never is.

Every letter takes the way of `supracom explain`, which is that of the running platform. A letter
that must not be done is worth more than one that is: most of the table is about doubts.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from benchmarks import matching
from benchmarks.understanding import effects_of
from benchmarks.world import World, load_world
from bot.explanation import Explained, explain
from bot.mail.addresses import OwnAddress
from bot.mail.parse import Reading
from handlers.platform import Platform
from storage.engine import Database
from storage.upgrade import upgrade
from tests.handlers.letters_world import WORLD

DAY = datetime(2026, 5, 5, 8, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Desk:
    """A platform that gets letters, its world unchanged by each of them."""

    database: Database
    platform: Platform
    world: World

    def reads(
        self,
        sender: str,
        subject: str,
        text: str,
        *,
        tag: str | None = None,
        believed: bool = True,
        **headers: str,
    ) -> Explained:
        """What a letter would do."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, "plateforme@supracom.example", subject
        mail["Date"], mail["Message-ID"] = "Tue, 05 May 2026 10:30:00 +0200", "<l@there.example>"
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        return self.explains(mail.as_bytes(), tag=tag, believed=believed)

    def explains(
        self, raw: bytes, *, tag: str | None = None, believed: bool = True
    ) -> Explained:
        """What a mail would do, given as its bytes."""
        own = OwnAddress("plateforme@supracom.example")
        reading = Reading(own, None, self.platform.secret.encode())
        return explain(
            self.database,
            self.platform,
            reading,
            raw,
            DAY,
            tag=tag,
            believed=believed,
            look=effects_of,
        )


@pytest.fixture(scope="module")
def _template(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    path = tmp_path_factory.mktemp("letters") / "world.sqlite3"
    database = Database.open(f"sqlite:///{path}")
    upgrade(database.engine)
    world = database.run(load_world, WORLD, platform)
    database.close()
    return path, world


@pytest.fixture
def desk(_template: tuple[Path, World], platform: Platform, tmp_path: Path) -> Iterator[Desk]:
    path, world = _template
    shutil.copy(path, tmp_path / "case.sqlite3")
    database = Database.open(f"sqlite:///{tmp_path / 'case.sqlite3'}")
    yield Desk(database, platform, world)
    database.close()


def changes(found: Explained) -> matching.Effects:
    """What a letter would change."""
    assert found.seen is not None
    before, after = found.seen
    assert isinstance(before, matching.Effects)
    return after.since(before)  # type: ignore[no-any-return] # `look` gives Effects


LETTERS: list[tuple[str, str, str, str, dict[str, Any]]] = [
    # -- registering ------------------------------------------------------------------------
    (
        "Claire Dumont <c.dumont@houffalize.example>",
        "Inscription",
        "Bonjour,\n\nLa Ville de Houffalize souhaite s'inscrire à votre plateforme. La personne"
        " désignée sera M. Luc Hardy, agent technique, l.hardy@houffalize.example, 061 28 00 40.\n\n"
        "Bien à vous,\nClaire Dumont\nDirectrice générale f.f.",
        "accept register",
        {
            "institution": "Commune de Houffalize",
            "designated_user.name": "Luc Hardy",
            "designated_user.email": "l.hardy@houffalize.example",
        },
    ),
    (
        "Secrétariat <cpas@cpas-paliseul.example>",
        "adhésion à la plateforme d'entraide",
        "Madame, Monsieur,\n\nSuite à votre courrier, le CPAS de Paliseul désire rejoindre la"
        " plateforme.\nAgente désignée : Mme Julie Evrard (julie.evrard@cpas-paliseul.example).\n\n"
        "Salutations distinguées,\nPour le CPAS,\nMarc Thiry, président",
        "accept register",
        {
            "institution": "CPAS de Paliseul",
            "designated_user.email": "julie.evrard@cpas-paliseul.example",
        },
    ),
    (
        "Anne Goffin <a.goffin@erezee.example>",
        "participation",
        "Bonjour, la commune d'Érezée souhaite participer à votre plateforme. Comment fait-on ?\n\n"
        "Anne Goffin",
        "ask register",
        {"institution": "Commune d'Erezée", "ask_for": ["designated_user"]},
    ),
    (
        "Tim <tim@webstudio.example>",
        "inscription",
        "Bonjour,\n\nWebstudio srl, bureau d'études à Namur, souhaite s'inscrire comme membre.\n\n"
        "Tim Renard",
        "refuse register",
        {},
    ),
    (
        "Els Claes <els.claes@genk.example>",
        "inscription",
        "Bonjour,\n\nLa Ville de Genk souhaite s'inscrire à votre plateforme. Je serai la personne"
        " désignée.\n\nEls Claes",
        "refuse register",
        {},
    ),
    (
        "Paul Noël <p.noel@tellin.example>",
        "inscription de Tellin",
        "Bonjour,\n\nPouvez-vous inscrire la commune de Tellin sur la plateforme ? Je serai"
        " l'utilisateur désigné.\n\nPaul Noël",
        "accept register",
        {"institution": "Commune de Tellin"},
    ),
    # -- announcing -------------------------------------------------------------------------
    (
        "Sabine Collard <sabine.collard@gouvy.example>",
        "besoin d'un broyeur",
        "Bonjour,\n\nLa commune de Gouvy recherche un broyeur de branches du 18 au 22 mai 2026."
        " Merci d'avance.\n\nSabine Collard\nService travaux",
        "accept announcement",
        {"institution": "Commune de Gouvy", "announcement.kind": "demande"},
    ),
    (
        "Sabine Collard <sabine.collard@gouvy.example>",
        "chapiteau disponible",
        "Bonjour,\n\nNous pouvons prêter notre chapiteau de 6 m sur 12, du 1er au 15 juin 2026,"
        " exclusivement aux CPAS et aux communes.\n\nSabine Collard",
        "accept announcement",
        {"announcement.kind": "offre"},
    ),
    (
        "Jean Simon <jean.simon@etalle.example>",
        "renfort état civil",
        "Bonjour,\n\nNous cherchons un agent pour l'état civil du 11 mai au 5 juin 2026 : notre"
        " collègue Sandrine Petit est en burn-out et ne reviendra pas avant l'été.\n\nD'avance"
        " merci,\nJean Simon",
        "hold announcement",
        {"institution": "Commune d'Etalle"},
    ),
    (
        "Cuisine <cuisine@vauxsursure.example>",
        "frigo en panne",
        "Bonjour,\n\nLa commune de Vaux-sur-Sûre cherche un frigo du 11 au 15 mai 2026. Qui peut"
        " nous dépanner ?\n\nRita Lejeune",
        "hold announcement",
        {"institution": "Commune de Vaux-sur-Sûre"},
    ),
    (
        "Rita <rita@tellin.example>",
        "tables et chaises",
        "Bonjour,\n\nLa commune de Tellin cherche 20 tables et 100 chaises du 11 au 15 mai 2026.\n\n"
        "Rita Adam\nCommune de Tellin",
        "hold announcement",
        {"institution": "Commune de Tellin"},
    ),
    # -- answering --------------------------------------------------------------------------
    (
        "Jean Simon <jean.simon@etalle.example>",
        "barrières",
        "Bonjour,\n\nPour votre annonce n° 12, nous pouvons prêter 15 barrières du 4 au 8 mai.\n\n"
        "Jean Simon",
        "accept announcement_answer",
        {"answer.announcement": 12, "deliver_to": ["accueil@attert.example", "room:members"]},
    ),
    (
        "Jean Simon <jean.simon@etalle.example>",
        "votre annonce 99",
        "Bonjour,\n\nEn réponse à l'annonce n° 99 : nous pouvons prêter 15 barrières.\n\nJean Simon",
        "ask announcement_answer",
        {},
    ),
    # -- persons ----------------------------------------------------------------------------
    (
        "Sabine Collard <sabine.collard@gouvy.example>",
        "nouvelle utilisatrice",
        "Bonjour,\n\nJe pars à la retraite le 31 mai. Je serai remplacée comme utilisatrice de la"
        " plateforme par Mme Lise Marchal (lise.marchal@gouvy.example).\n\nSabine Collard",
        "ask change_user",
        {"designated_user.email": "lise.marchal@gouvy.example"},
    ),
    (
        "Direction <direction@gouvy.example>",
        "changement d'utilisateur",
        "Bonjour,\n\nMme Collard a quitté la commune de Gouvy. Veuillez la remplacer comme"
        " utilisatrice par M. Hugo Lamy (hugo.lamy@gouvy.example).\n\nLe Directeur général",
        "hold change_user",
        {"institution": "Commune de Gouvy"},
    ),
    (
        "Jean Simon <jean.simon@etalle.example>",
        "absence",
        "Bonjour,\n\nJe serai en congé du 6 au 24 juillet 2026. Pendant mon absence, ma collègue"
        " Odile Gérard (odile.gerard@etalle.example) pourra publier et confirmer à ma place.\n\n"
        "Jean Simon",
        "accept deputy",
        {"deputy.email": "odile.gerard@etalle.example"},
    ),
    (
        "Jean Simon <jean.simon@etalle.example>",
        "congés",
        "Bonjour,\n\nPendant mes vacances, Odile Gérard me remplacera. Merci de lui permettre de"
        " publier à ma place pendant cette période.\n\nJean Simon",
        "ask deputy",
        {},
    ),
    (
        "Secrétariat <secretariat@cpas-gouvy.example>",
        "Désinscription",
        "Madame, Monsieur,\n\nLe CPAS de Gouvy souhaite se désinscrire de la plateforme au 31"
        " décembre 2026.\n\nLa secrétaire",
        "ask leave",
        {"institution": "CPAS de Gouvy", "leave.effective": "2026-12-31"},
    ),
    (
        "Sabine Collard <sabine.collard@gouvy.example>",
        "désinscription",
        "Bonjour,\n\nVeuillez désinscrire le CPAS de Gouvy de votre plateforme.\n\nSabine Collard",
        "ask leave",
        {"ask_for": ["institution"]},
    ),
    # -- purchasing -------------------------------------------------------------------------
    (
        "Sabine Collard <sabine.collard@gouvy.example>",
        "commande",
        "Bonjour,\n\nLa commune de Gouvy passe commande du logiciel des cimetières : 4.800 € HTVA"
        " pour 4 ans.\nDécision du Collège du 28 avril 2026, réf. 2026/77.\n\nSabine Collard",
        "ask order",
        {"institution": "Commune de Gouvy", "ask_for": None},
    ),
    (
        "Sabine Collard <sabine.collard@gouvy.example>",
        "commande",
        "Bonjour,\n\nNous commandons :\n- e-guichet : 9.000 € HTVA\n- gestion des salles : 3.000 €"
        " HTVA\nTotal : 11.000 € HTVA.\nDécision du Collège du 28 avril 2026.\n\nSabine Collard",
        "ask order",
        {"ask_for": ["total_excl_vat"]},
    ),
    (
        "Jean Simon <jean.simon@etalle.example>",
        "commande e-guichet",
        "Bonjour,\n\nNous passons commande de l'e-guichet (9.000 € HTVA). Le Collège se prononcera"
        " le 19 mai 2026.\n\nJean Simon",
        "ask order",
        {"ask_for": ["college_deliberation"]},
    ),
    (
        "CPAS <secretariat@cpas-gouvy.example>",
        "commande",
        "Bonjour,\n\nLe CPAS de Gouvy commande la gestion des salles, 3.000 € HTVA. Décision du"
        " Bureau permanent du 20 avril 2026.\n\nLa secrétaire",
        "ask order",
        {"institution": "CPAS de Gouvy", "ask_for": ["adhesion_centrale"]},
    ),
    (
        "Achats <achats@bastogne.example>",
        "bon de commande",
        "Bonjour,\n\nLa Ville de Bastogne passe commande de l'e-guichet, 12.000 € HTVA.\n\nPol Roy",
        "hold order",
        {"institution": "Commune de Bastogne"},
    ),
    (
        "Jean Simon <jean.simon@etalle.example>",
        "commande SMART-2026-0004",
        "Bonjour,\n\nOui, je confirme la commande.\n\nJean Simon",
        "ask order_confirm",
        {},
    ),
    (
        "Sabine Collard <sabine.collard@gouvy.example>",
        "fin du marché",
        "Bonjour,\n\nQuand notre contrat SMART-2023-0002 arrive-t-il à échéance ?\n\n"
        "Sabine Collard",
        "accept order_status",
        {"institution": "Commune de Gouvy"},
    ),
    (
        "Paul Noël <p.noel@tellin.example>",
        "adhésion centrale Smart",
        "Bonjour,\n\nLa commune de Tellin adhère à la centrale Smart : décision du Conseil communal"
        " du 28 avril 2026, réf. 2026/31.\n\nPaul Noël",
        "accept join_central",
        {"institution": "Commune de Tellin"},
    ),
    (
        "Paul Noël <p.noel@tellin.example>",
        "adhésion",
        "Bonjour,\n\nNotre commune souhaite adhérer à la centrale Smart. Le Conseil se prononcera"
        " le 26 mai 2026.\n\nPaul Noël",
        "ask join_central",
        {},
    ),
    # -- knowing ----------------------------------------------------------------------------
    (
        "Visiteur <x@ailleurs.example>",
        "catalogue",
        "Bonjour,\n\nPourriez-vous m'envoyer la liste des solutions de la centrale ?\n\nMerci",
        "accept catalogue",
        {"institution": None},
    ),
    (
        "Paul Noël <p.noel@tellin.example>",
        "modèle",
        "Bonjour,\n\nAvez-vous un modèle de cahier des charges pour un marché de 40.000 € TVAC ?\n\n"
        "Paul Noël",
        "accept template_request",
        {"computed.estimate_excl_vat_cents": 3305785},
    ),
    (
        "Paul Noël <p.noel@tellin.example>",
        "Re: Enquête 5 : mobilité",
        "1. oui\n2. plutôt les vélos\n3. non merci\n\nPaul Noël",
        "accept survey_answer",
        {"institution": "Commune de Tellin"},
    ),
    (
        "Joris Maes <joris.maes@turnhout.example>",
        "vraag",
        "Geachte,\n\nOns bestuur heeft een vraag over het platform: hoe wordt het gefinancierd en"
        " wie is de beheerder van de gegevens? Wij willen niet inschrijven.\n\nMet vriendelijke"
        " groeten,\nJoris Maes",
        "accept question",
        {"reply.lang": "nl"},
    ),
    (
        "Paul Noël <p.noel@tellin.example>",
        "aide",
        "",
        "accept help",
        {"institution": "Commune de Tellin"},
    ),
    (
        "Paul Noël <p.noel@tellin.example>",
        "question",
        "Bonjour,\n\nEst-ce que nous devrions commander l'e-guichet maintenant ou attendre ?"
        " Qu'en pensez-vous ?\n\nPaul Noël",
        "accept question",
        {},
    ),
    # -- deceit and machines ----------------------------------------------------------------
    (
        "Commune de Gouvy <direction@gouvvy.example>",
        "changement d'adresse",
        "Bonjour,\n\nVeuillez remplacer l'adresse de notre utilisatrice par la mienne.\n\n"
        "La direction",
        "hold suspicious",
        {"institution": "Commune de Gouvy", "reply.send": False},
    ),
    (
        "Jean Simon <jeansimon.etalle@postbus.example>",
        "commande",
        "Bonjour,\n\nLa commune d'Étalle passe commande de l'e-guichet, 9.000 € HTVA. Décision du"
        " Collège du 28 avril 2026.\n\nJean Simon",
        "hold suspicious",
        {"institution": "Commune d'Etalle", "reply.send": False},
    ),
    (
        "Paul Noël <p.noel@tellin.example>",
        "Absence du bureau",
        "Je suis absent jusqu'au 18 mai. Pour toute urgence : accueil@tellin.example.",
        "ignore auto_reply",
        {"reply.send": False},
    ),
    (
        "Formations <info@formations.example>",
        "Nos offres de matériel",
        "Offre exceptionnelle sur le matériel de bureau, -40 %.\n\nSe désabonner :"
        " https://envoi.example/stop",
        "ignore bulk",
        {"reply.send": False},
    ),
]


def _at(facts: dict[str, Any], path: str) -> object:
    value: object = facts
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value["name"] if path == "institution" and isinstance(value, dict) else value


@pytest.mark.parametrize(
    ("sender", "subject", "text", "expected", "told"),
    LETTERS,
    ids=[f"{i}-{one[3].replace(' ', '-')}" for i, one in enumerate(LETTERS, 1)],
)
def test_a_letter(
    desk: Desk, sender: str, subject: str, text: str, expected: str, told: dict[str, Any]
) -> None:
    found = desk.reads(sender, subject, text)
    facts = found.facts
    assert f"{facts['action']} {facts['intent']}" == expected, facts
    assert {path: _at(facts, path) for path in told} == told
    if facts["action"] != "accept":
        assert not changes(found).anything
