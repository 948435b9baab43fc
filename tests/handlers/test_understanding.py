"""Letters as clerks write them: what is understood, what is done, and what never is.

Every letter takes the way of `supracom explain`, which is that of the running platform. A letter
that must not be done is worth more than one that is: most of the table is about doubts.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
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
from bot.mail.parse import Reading, parse
from handlers.commands import everything
from handlers.dispatch import Dispatcher
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

    def explains(self, raw: bytes, *, tag: str | None = None, believed: bool = True) -> Explained:
        """What a mail would do, given as its bytes."""
        own = OwnAddress("plateforme@supracom.example")
        reading = Reading(own, "mx.supracom.example", self.platform.secret.encode())
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
    (
        "Claire Dumont <c.dumont@houffalize.example>",
        "Inscription",
        (
            "Bonjour,\n\n"
            "La Ville de Houffalize souhaite s'inscrire à votre plateforme. La "
            "personne désignée sera M. Luc Hardy, agent technique, "
            "l.hardy@houffalize.example, 061 28 00 40.\n\n"
            "Bien à vous,\n"
            "Claire Dumont\n"
            "Directrice générale f.f."
        ),
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
        (
            "Madame, Monsieur,\n\n"
            "Suite à votre courrier, le CPAS de Paliseul désire rejoindre la "
            "plateforme.\n"
            "Agente désignée : Mme Julie Evrard (julie.evrard@cpas-paliseul.example).\n\n"
            "Salutations distinguées,\n"
            "Pour le CPAS,\n"
            "Marc Thiry, président"
        ),
        "accept register",
        {
            "institution": "CPAS de Paliseul",
            "designated_user.email": "julie.evrard@cpas-paliseul.example",
        },
    ),
    (
        "Anne Goffin <a.goffin@erezee.example>",
        "participation",
        (
            "Bonjour, la commune d'Érezée souhaite participer à votre plateforme. "
            "Comment fait-on ?\n\n"
            "Anne Goffin"
        ),
        "ask register",
        {"institution": "Commune d'Erezée", "ask_for": ["designated_user"]},
    ),
    (
        "Tim <tim@webstudio.example>",
        "inscription",
        (
            "Bonjour,\n\n"
            "Webstudio srl, bureau d'études à Namur, souhaite s'inscrire comme "
            "membre.\n\n"
            "Tim Renard"
        ),
        "refuse register",
        {},
    ),
    (
        "Els Claes <els.claes@genk.example>",
        "inscription",
        (
            "Bonjour,\n\n"
            "La Ville de Genk souhaite s'inscrire à votre plateforme. Je serai la "
            "personne désignée.\n\n"
            "Els Claes"
        ),
        "refuse register",
        {},
    ),
    (
        "Paul Noël <p.noel@tellin.example>",
        "inscription de Tellin",
        (
            "Bonjour,\n\n"
            "Pouvez-vous inscrire la commune de Tellin sur la plateforme ? Je serai "
            "l'utilisateur désigné.\n\n"
            "Paul Noël"
        ),
        "accept register",
        {"institution": "Commune de Tellin"},
    ),
    (
        "Sabine Collard <sabine.collard@gouvy.example>",
        "besoin d'un broyeur",
        (
            "Bonjour,\n\n"
            "La commune de Gouvy recherche un broyeur de branches du 18 au 22 mai "
            "2026. Merci d'avance.\n\n"
            "Sabine Collard\n"
            "Service travaux"
        ),
        "accept announcement",
        {"institution": "Commune de Gouvy", "announcement.kind": "demande"},
    ),
    (
        "Sabine Collard <sabine.collard@gouvy.example>",
        "chapiteau disponible",
        (
            "Bonjour,\n\n"
            "Nous pouvons prêter notre chapiteau de 6 m sur 12, du 1er au 15 juin "
            "2026, exclusivement aux CPAS et aux communes.\n\n"
            "Sabine Collard"
        ),
        "accept announcement",
        {"announcement.kind": "offre"},
    ),
    (
        "Jean Simon <jean.simon@etalle.example>",
        "renfort état civil",
        (
            "Bonjour,\n\n"
            "Nous cherchons un agent pour l'état civil du 11 mai au 5 juin 2026 : "
            "notre collègue Sandrine Petit est en burn-out et ne reviendra pas avant "
            "l'été.\n\n"
            "D'avance merci,\n"
            "Jean Simon"
        ),
        "hold announcement",
        {"institution": "Commune d'Etalle"},
    ),
    (
        "Cuisine <cuisine@vauxsursure.example>",
        "frigo en panne",
        (
            "Bonjour,\n\n"
            "La commune de Vaux-sur-Sûre cherche un frigo du 11 au 15 mai 2026. Qui "
            "peut nous dépanner ?\n\n"
            "Rita Lejeune"
        ),
        "hold announcement",
        {"institution": "Commune de Vaux-sur-Sûre"},
    ),
    (
        "Rita <rita@tellin.example>",
        "tables et chaises",
        (
            "Bonjour,\n\n"
            "La commune de Tellin cherche 20 tables et 100 chaises du 11 au 15 mai "
            "2026.\n\n"
            "Rita Adam\n"
            "Commune de Tellin"
        ),
        "hold announcement",
        {"institution": "Commune de Tellin"},
    ),
    (
        "Jean Simon <jean.simon@etalle.example>",
        "barrières",
        (
            "Bonjour,\n\n"
            "Pour votre annonce n° 12, nous pouvons prêter 15 barrières du 4 au 8 "
            "mai.\n\n"
            "Jean Simon"
        ),
        "accept announcement_answer",
        {"answer.announcement": 12, "deliver_to": ["accueil@attert.example", "room:members"]},
    ),
    (
        "Jean Simon <jean.simon@etalle.example>",
        "votre annonce 99",
        (
            "Bonjour,\n\n"
            "En réponse à l'annonce n° 99 : nous pouvons prêter 15 barrières.\n\n"
            "Jean Simon"
        ),
        "ask announcement_answer",
        {},
    ),
    (
        "Sabine Collard <sabine.collard@gouvy.example>",
        "nouvelle utilisatrice",
        (
            "Bonjour,\n\n"
            "Je pars à la retraite le 31 mai. Je serai remplacée comme utilisatrice "
            "de la plateforme par Mme Lise Marchal (lise.marchal@gouvy.example).\n\n"
            "Sabine Collard"
        ),
        "accept change_user",
        {"designated_user.email": "lise.marchal@gouvy.example"},
    ),
    (
        "Direction <direction@gouvy.example>",
        "changement d'utilisateur",
        (
            "Bonjour,\n\n"
            "Mme Collard a quitté la commune de Gouvy. Veuillez la remplacer comme "
            "utilisatrice par M. Hugo Lamy (hugo.lamy@gouvy.example).\n\n"
            "Le Directeur général"
        ),
        "hold change_user",
        {"institution": "Commune de Gouvy"},
    ),
    (
        "Jean Simon <jean.simon@etalle.example>",
        "absence",
        (
            "Bonjour,\n\n"
            "Je serai en congé du 6 au 24 juillet 2026. Pendant mon absence, ma "
            "collègue Odile Gérard (odile.gerard@etalle.example) pourra publier et "
            "confirmer à ma place.\n\n"
            "Jean Simon"
        ),
        "accept deputy",
        {"deputy.email": "odile.gerard@etalle.example"},
    ),
    (
        "Jean Simon <jean.simon@etalle.example>",
        "congés",
        (
            "Bonjour,\n\n"
            "Pendant mes vacances, Odile Gérard me remplacera. Merci de lui permettre"
            " de publier à ma place pendant cette période.\n\n"
            "Jean Simon"
        ),
        "ask deputy",
        {},
    ),
    (
        "Secrétariat <secretariat@cpas-gouvy.example>",
        "Désinscription",
        (
            "Madame, Monsieur,\n\n"
            "Le CPAS de Gouvy souhaite se désinscrire de la plateforme au 31 décembre"
            " 2026.\n\n"
            "La secrétaire"
        ),
        "ask leave",
        {"institution": "CPAS de Gouvy", "leave.effective": "2026-12-31"},
    ),
    (
        "Sabine Collard <sabine.collard@gouvy.example>",
        "désinscription",
        (
            "Bonjour,\n\n"
            "Veuillez désinscrire le CPAS de Gouvy de votre plateforme.\n\n"
            "Sabine Collard"
        ),
        "ask leave",
        {"ask_for": ["institution"]},
    ),
    (
        "Sabine Collard <sabine.collard@gouvy.example>",
        "commande",
        (
            "Bonjour,\n\n"
            "La commune de Gouvy passe commande du logiciel des cimetières : 4.800 € "
            "HTVA pour 4 ans.\n"
            "Décision du Collège du 28 avril 2026, réf. 2026/77.\n\n"
            "Sabine Collard"
        ),
        "ask order",
        {"institution": "Commune de Gouvy", "ask_for": None},
    ),
    (
        "Sabine Collard <sabine.collard@gouvy.example>",
        "commande",
        (
            "Bonjour,\n\n"
            "Nous commandons :\n"
            "- e-guichet : 9.000 € HTVA\n"
            "- gestion des salles : 3.000 € HTVA\n"
            "Total : 11.000 € HTVA.\n"
            "Décision du Collège du 28 avril 2026.\n\n"
            "Sabine Collard"
        ),
        "ask order",
        {"ask_for": ["total_excl_vat"]},
    ),
    (
        "Jean Simon <jean.simon@etalle.example>",
        "commande e-guichet",
        (
            "Bonjour,\n\n"
            "Nous passons commande de l'e-guichet (9.000 € HTVA). Le Collège se "
            "prononcera le 19 mai 2026.\n\n"
            "Jean Simon"
        ),
        "ask order",
        {"ask_for": ["college_deliberation"]},
    ),
    (
        "CPAS <secretariat@cpas-gouvy.example>",
        "commande",
        (
            "Bonjour,\n\n"
            "Le CPAS de Gouvy commande la gestion des salles, 3.000 € HTVA. Décision "
            "du Bureau permanent du 20 avril 2026.\n\n"
            "La secrétaire"
        ),
        "ask order",
        {"institution": "CPAS de Gouvy", "ask_for": ["adhesion_centrale"]},
    ),
    (
        "Achats <achats@bastogne.example>",
        "bon de commande",
        (
            "Bonjour,\n\n"
            "La Ville de Bastogne passe commande de l'e-guichet, 12.000 € HTVA.\n\n"
            "Pol Roy"
        ),
        "hold order",
        {"institution": "Commune de Bastogne"},
    ),
    (
        "Jean Simon <jean.simon@etalle.example>",
        "commande SMART-2026-0004",
        ("Bonjour,\n\nOui, je confirme la commande.\n\nJean Simon"),
        "ask order_confirm",
        {},
    ),
    (
        "Sabine Collard <sabine.collard@gouvy.example>",
        "fin du marché",
        (
            "Bonjour,\n\n"
            "Quand notre contrat SMART-2023-0002 arrive-t-il à échéance ?\n\n"
            "Sabine Collard"
        ),
        "accept order_status",
        {"institution": "Commune de Gouvy"},
    ),
    (
        "Paul Noël <p.noel@tellin.example>",
        "adhésion centrale Smart",
        (
            "Bonjour,\n\n"
            "La commune de Tellin adhère à la centrale Smart : décision du Conseil "
            "communal du 28 avril 2026, réf. 2026/31.\n\n"
            "Paul Noël"
        ),
        "accept join_central",
        {"institution": "Commune de Tellin"},
    ),
    (
        "Paul Noël <p.noel@tellin.example>",
        "adhésion",
        (
            "Bonjour,\n\n"
            "Notre commune souhaite adhérer à la centrale Smart. Le Conseil se "
            "prononcera le 26 mai 2026.\n\n"
            "Paul Noël"
        ),
        "ask join_central",
        {},
    ),
    (
        "Visiteur <x@ailleurs.example>",
        "catalogue",
        ("Bonjour,\n\nPourriez-vous m'envoyer la liste des solutions de la centrale ?\n\nMerci"),
        "accept catalogue",
        {"institution": None},
    ),
    (
        "Paul Noël <p.noel@tellin.example>",
        "modèle",
        (
            "Bonjour,\n\n"
            "Avez-vous un modèle de cahier des charges pour un marché de 40.000 € "
            "TVAC ?\n\n"
            "Paul Noël"
        ),
        "accept template_request",
        {"computed.estimate_excl_vat_cents": 3305785},
    ),
    (
        "Paul Noël <p.noel@tellin.example>",
        "Re: Enquête 5 : mobilité",
        ("1. oui\n2. plutôt les vélos\n3. non merci\n\nPaul Noël"),
        "accept survey_answer",
        {"institution": "Commune de Tellin"},
    ),
    (
        "Joris Maes <joris.maes@turnhout.example>",
        "vraag",
        (
            "Geachte,\n\n"
            "Ons bestuur heeft een vraag over het platform: hoe wordt het "
            "gefinancierd en wie is de beheerder van de gegevens? Wij willen niet "
            "inschrijven.\n\n"
            "Met vriendelijke groeten,\n"
            "Joris Maes"
        ),
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
        (
            "Bonjour,\n\n"
            "Est-ce que nous devrions commander l'e-guichet maintenant ou attendre ? "
            "Qu'en pensez-vous ?\n\n"
            "Paul Noël"
        ),
        "accept question",
        {},
    ),
    (
        "Commune de Gouvy <direction@gouvvy.example>",
        "changement d'adresse",
        (
            "Bonjour,\n\n"
            "Veuillez remplacer l'adresse de notre utilisatrice par la mienne.\n\n"
            "La direction"
        ),
        "hold suspicious",
        {"institution": "Commune de Gouvy", "reply.send": False},
    ),
    (
        "Jean Simon <jeansimon.etalle@postbus.example>",
        "commande",
        (
            "Bonjour,\n\n"
            "La commune d'Étalle passe commande de l'e-guichet, 9.000 € HTVA. "
            "Décision du Collège du 28 avril 2026.\n\n"
            "Jean Simon"
        ),
        "hold suspicious",
        {"institution": "Commune d'Etalle", "reply.send": False},
    ),
    (
        "Paul Noël <p.noel@tellin.example>",
        "Absence du bureau",
        ("Je suis absent jusqu'au 18 mai. Pour toute urgence : accueil@tellin.example."),
        "ignore auto_reply",
        {"reply.send": False},
    ),
    (
        "Formations <info@formations.example>",
        "Nos offres de matériel",
        (
            "Offre exceptionnelle sur le matériel de bureau, -40 %.\n\n"
            "Se désabonner : https://envoi.example/stop"
        ),
        "ignore bulk",
        {"reply.send": False},
    ),
    (
        "Jean Simon <jean.simon@etalle.example>",
        "Re: [A-2026-0012] Demande · matériel",
        (
            "Bonjour, nous avons 20 barrières nadar disponibles du 4 au 8 mai, à "
            "venir chercher. Jean Simon"
        ),
        "accept announcement_answer",
        {"answer.announcement": 12},
    ),
    (
        "Jean Simon <jean.simon@etalle.example>",
        "prêt",
        (
            "Bonjour,\n\n"
            "On peut aider Attert pour le matériel demandé, il suffit de nous "
            "appeler.\n\n"
            "Jean Simon"
        ),
        "accept announcement_answer",
        {"answer.announcement": 12},
    ),
    (
        "Laurent Pierre <l.pierre@marche.example>",
        "Marche-en-Famenne / plateforme",
        (
            "Bonjour,\n"
            "le collège de ce lundi a marqué son accord sur la participation de la "
            "Ville de Marche-en-Famenne à votre plateforme. Votre contact chez nous :"
            " Sophie Delvaux, sophie.delvaux@marche.example, 084/32.00.01\n"
            "Laurent Pierre, DG"
        ),
        "accept register",
        {"designated_user.email": "sophie.delvaux@marche.example"},
    ),
    (
        "Police Famenne <zp@famenne-ardenne.example>",
        "inscription zone de police Famenne-Ardenne",
        (
            "Bonjour\n"
            "Merci d'inscrire notre zone. Utilisateur : INP Kevin Martin, "
            "kevin.martin@famenne-ardenne.example\n"
            "Bàv"
        ),
        "accept register",
        {"designated_user.name": "Kevin Martin"},
    ),
    (
        "Marie Lambert <marie.lambert@cpas-arlon.example>",
        "annonce 14",
        ("Bonjour,\n\nL'annonce n° 14 est pourvue, merci de la retirer.\n\nMarie Lambert"),
        "accept question",
        {},
    ),
    (
        "Marie Lambert <marie.lambert@cpas-arlon.example>",
        "formation",
        (
            "Bonjour,\n\n"
            "Nous proposons une formation au logiciel social le 12 juin 2026 pour "
            "tous les CPAS intéressés.\n\n"
            "Marie Lambert"
        ),
        "accept announcement",
        {},
    ),
    (
        "Sabine Collard <sabine.collard@gouvy.example>",
        "urgent!!!",
        (
            "Bonjour,\n\n"
            "Notre seule agente du service population est absente depuis lundi "
            "(opération du dos), le guichet est fermé. Quelqu'un pourrait-il nous "
            "prêter un agent du 11 au 29 mai ?\n\n"
            "Sabine Collard"
        ),
        "hold announcement",
        {},
    ),
    (
        "Sabine Collard <sabine.collard@gouvy.example>",
        "annulation",
        ("Bonjour,\n\nNous souhaitons annuler notre commande SMART-2023-0002.\n\nSabine Collard"),
        "accept question",
        {},
    ),
    (
        "Jean Simon <jean.simon@etalle.example>",
        "Re: Votre commande",
        "Non, nous ne confirmons pas la commande SMART-2026-0004.",
        "accept question",
        {},
    ),
    (
        "Sabine Collard <sabine.collard@gouvy.example>",
        "fiche",
        (
            "Bonjour, pourriez-vous m'envoyer la fiche du panneau d'affichage "
            "numérique ? Merci. Sabine"
        ),
        "accept catalogue",
        {},
    ),
    (
        "Kim <kim@vlaanderen.example>",
        "catalogus",
        (
            "Geachte, kunt u ons de catalogus van de aankoopcentrale bezorgen? Met "
            "vriendelijke groeten, Kim Peeters"
        ),
        "accept catalogue",
        {"reply.lang": "nl"},
    ),
    (
        "Hans <hans@eupen.example>",
        "Anmeldung",
        (
            "Sehr geehrte Damen und Herren,\n\n"
            "wir möchten die Stadt Eupen bei Ihrer Plattform anmelden. Mit "
            "freundlichen Grüßen\n"
            "Hans Müller"
        ),
        "refuse register",
        {"reply.lang": "de", "institution": "Stadt Eupen"},
    ),
    (
        "Jo <jo@cpas-arlon.example>",
        "mutation",
        (
            "Bonjour,\n\n"
            "Je reprends le poste de Marie Lambert au CPAS d'Arlon à partir du 1er "
            "juin. Merci de m'ajouter comme utilisatrice.\n\n"
            "Jo Weber"
        ),
        "hold change_user",
        {"institution": "CPAS d'Arlon"},
    ),
    (
        "Marie Lambert <marie.lambert@cpas-arlon.example>",
        "utilisateur supplémentaire",
        (
            "Bonjour,\n\n"
            "Pouvez-vous ajouter M. Tom Bauer (tom.bauer@cpas-arlon.example) comme "
            "deuxième utilisateur du CPAS d'Arlon ?\n\n"
            "Marie Lambert"
        ),
        "ask change_user",
        {"designated_user.name": "Tom Bauer"},
    ),
    (
        "Marie Lambert <marie.lambert@cpas-arlon.example>",
        "mon adresse",
        (
            "Bonjour,\n\n"
            "Mon adresse mail change : dorénavant m.lambert@cpas-arlon.example. Merci"
            " d'en tenir compte.\n\n"
            "Marie Lambert"
        ),
        "ask change_user",
        {"designated_user.email": "m.lambert@cpas-arlon.example"},
    ),
    (
        "Renaud <dir@te11in.example>",
        "commande",
        (
            "Bonjour, la commune de Tellin commande l'e-guichet. Merci de m'envoyer "
            "la liste des commandes."
        ),
        "hold suspicious",
        {"reply.send": False},
    ),
    (
        "Paul Noël <p.noel@tellin.example>",
        "merci",
        ("Merci beaucoup pour votre aide, tout est en ordre !\n\nPaul Noël"),
        "accept question",
        {},
    ),
    (
        "Paul Noël <p.noel@tellin.example>",
        "vacances",
        (
            "Bonjour,\n\n"
            "Je suis en vacances jusqu'au 20 mai et ne lis pas mes mails. Pour toute "
            "urgence, contactez le 084 00 00 00.\n\n"
            "Paul Noël"
        ),
        "ignore auto_reply",
        {},
    ),
    (
        "Lea <lea@florenville.example>",
        "pas d'inscription",
        (
            "Bonjour,\n\n"
            "Le Collège de Florenville a décidé de ne pas s'inscrire à votre "
            "plateforme.\n\n"
            "Léa Fontaine"
        ),
        "accept question",
        {},
    ),
    (
        "Lea <lea@florenville.example>",
        "inscription?",
        (
            "Bonjour,\n\n"
            "Nous hésitons à nous inscrire. Quelles sont les conditions ? Est-ce "
            "payant ?\n\n"
            "Léa Fontaine\n"
            "Ville de Florenville"
        ),
        "accept question",
        {},
    ),
    (
        "Guy <guy@gmail.example>",
        "inscription Saint-Léger",
        (
            "Bonjour je voudrais inscrire la commune de Saint-Léger, je suis "
            "conseiller communal. Guy Laurent 0470 00 00 11"
        ),
        "ask register",
        {},
    ),
    (
        "Accueil <accueil@attert.example>",
        "annonce",
        (
            "Bonjour,\n\n"
            "Nous offrons gratuitement 30 anciennes chaises d'école, à venir chercher"
            " avant le 30 mai. Seulement pour les communes de l'arrondissement "
            "d'Arlon.\n\n"
            "Attert"
        ),
        "accept announcement",
        {
            "announcement.audience": [
                "commune:81001",
                "commune:81004",
                "commune:81013",
                "commune:81015",
            ]
        },
    ),
    (
        "Jean Simon <jean.simon@etalle.example>",
        "commande",
        (
            "Bonjour, la commune d'Étalle passe commande de 2 panneaux d'affichage "
            "numérique à 6.000 € HTVA, soit 12.000 € HTVA. Décision du Collège du 20 "
            "avril 2026. Jean Simon"
        ),
        "ask order",
        {"ask_for": None},
    ),
    (
        "OCMW <x@ocmw-hasselt.example>",
        "inschrijving",
        (
            "Geachte, het OCMW van Hasselt wenst zich in te schrijven op uw platform."
            " Groeten, An Smet"
        ),
        "refuse register",
        {"reply.lang": "nl"},
    ),
    (
        "Luc Hardy <luc.hardy@vaux-sur-sure.example>",
        "votre lettre",
        (
            "Bonjour,\n\nLe Collège est d'accord : Vaux-sur-Sûre rejoint le mouvement. Pour toute"
            " la suite, c'est avec moi qu'il faut prendre contact.\n\n"
            "Luc Hardy\nAgent technique\nCommune de Vaux-sur-Sûre\nTél. 061 28 00 41"
        ),
        "accept register",
        {
            "institution": "Commune de Vaux-sur-Sûre",
            "designated_user.email": "luc.hardy@vaux-sur-sure.example",
        },
    ),
    (
        "Secrétariat <secretariat@fauvillers.example>",
        "votre folder",
        (
            "Madame,\n\nFaut-il payer quelque chose ? Si ce n'est pas le cas, la commune de"
            " Fauvillers vous prie de l'inscrire. L'agent reste à désigner.\n\n"
            "Le Directeur général,\nPaul Noël"
        ),
        "ask register",
        {"institution": "Commune de Fauvillers", "ask_for": ["designated_user"]},
    ),
    (
        "Accueil <accueil@leglise.example>",
        "formulaire",
        (
            "Voici le formulaire recopié.\n\n"
            "* Institution *\n   Commune de Léglise\n"
            "* Personne désignée / Nom *\n   MARTIN\n"
            "* Personne désignée / Prénom *\n   Zoé\n"
            "* Courriel *\n   zoe.martin (at) leglise.example\n"
            "* GSM *\n   0470 00 12 34\n"
        ),
        "accept register",
        {
            "institution": "Commune de Léglise",
            "designated_user.name": "Zoé Martin",
            "designated_user.email": "zoe.martin@leglise.example",
        },
    ),
    (
        "Guichet <guichet@wellin.example>",
        "inscription",
        (
            "Bonjour,\n\nLa commune de Wellin s'inscrit à la plateforme. L'accès est à ouvrir au"
            " nom de Madame Anne Collard, garage communal, anne.collard@wellin.example.\n\n"
            "Bien à vous"
        ),
        "accept register",
        {"institution": "Commune de Wellin", "designated_user.name": "Anne Collard"},
    ),
    (
        "CPAS de Gouvy <secretariat@cpas-gouvy.example>",
        "Plateforme : fin de notre participation",
        (
            "Bonjour,\n\nNous arrêtons fin décembre. Je prends ma retraite et personne ne me"
            " remplace.\n\nSabine Noël\nCPAS de Gouvy"
        ),
        "ask leave",
        {"institution": "CPAS de Gouvy"},
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


# -- ways around a letter ---------------------------------------------------------------------

YES = "oui\n\nLe 20 avril 2026, Smart a écrit :\n> Votre commande\n> NON pour annuler"


def test_an_order_is_confirmed_by_the_answer_to_the_address_that_was_given(desk: Desk) -> None:
    (tag,) = desk.world.tags.values()
    found = desk.reads("Jean Simon <jean.simon@etalle.example>", "Re: commande", YES, tag=tag)
    assert (found.facts["action"], found.facts["intent"]) == ("accept", "order_confirm")
    assert changes(found).orders == {"SMART-2026-0004:sent"}


@pytest.mark.parametrize(
    "sender", ["Jean <jean.simon@etaile.example>", "S. Collard <sabine.collard@gouvy.example>"]
)
def test_the_token_of_somebody_else_confirms_nothing(desk: Desk, sender: str) -> None:
    (tag,) = desk.world.tags.values()
    found = desk.reads(sender, "Re: commande", YES, tag=tag)
    assert not changes(found).orders


def test_a_sender_who_is_not_proved_is_asked_first(desk: Desk) -> None:
    found = desk.reads(
        "Jean Simon <jean.simon@etalle.example>",
        "barrières",
        "Pour votre annonce n° 12, nous pouvons prêter 15 barrières. Jean Simon",
        believed=False,
    )
    assert (found.facts["action"], found.facts["reason"]) == ("hold", "sender_not_proved")
    assert not changes(found).anything


FORWARDED = """\
Pour suite utile.

-------- Message transféré --------
De : {name} <{address}>
Objet : plateforme
Date : Mon, 4 May 2026 09:00:00 +0200

Bonjour,

La commune de Daverdisse souhaite s'inscrire à la plateforme. Personne désignée :
Mme Nora Piron, nora.piron@daverdisse.example.

Luc Denis
Directeur général
"""


def test_the_letter_that_a_colleague_passes_on_counts(desk: Desk) -> None:
    text = FORWARDED.format(name="Luc Denis", address="luc.denis@daverdisse.example")
    found = desk.reads("Accueil <accueil@daverdisse.example>", "TR: plateforme", text)
    assert (found.facts["action"], found.facts["intent"]) == ("accept", "register")
    assert found.facts["designated_user"]["email"] == "nora.piron@daverdisse.example"
    assert found.facts["requester"]["name"] == "Luc Denis"


def test_the_letter_that_somebody_else_passes_on_does_not(desk: Desk) -> None:
    text = FORWARDED.format(name="Luc Denis", address="luc.denis@daverdisse.example")
    found = desk.reads("Vendeur <vendeur@logiciels.example>", "TR: plateforme", text)
    assert not changes(found).institutions


def test_an_attached_letter_is_read_like_one_passed_on(desk: Desk) -> None:
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "Luc Denis <luc.denis@daverdisse.example>", "plateforme"
    inner.set_content(FORWARDED.partition("+0200")[2])
    outer = EmailMessage()
    outer["From"] = "Accueil <accueil@daverdisse.example>"
    outer["To"], outer["Subject"] = "plateforme@supracom.example", "TR: plateforme"
    outer["Message-ID"] = "<outer@daverdisse.example>"
    outer.set_content("Bonjour, voir l'annexe. L'accueil")
    outer.add_attachment(inner)
    found = desk.explains(outer.as_bytes())
    assert found.facts["designated_user"]["email"] == "nora.piron@daverdisse.example"
    assert found.facts["attachments_kept"] == ["plateforme.eml"]


ANSWER = """\
BEGIN:VCALENDAR\r
METHOD:REPLY\r
BEGIN:VEVENT\r
ATTENDEE;PARTSTAT={state};CN=Jean Simon:mailto:jean.simon@eta\r
 lle.example\r
UID:rdv-12@supracom.example\r
SUMMARY:Reprise des barrières (annonce 12)\r
DTSTART:20260504T080000Z\r
END:VEVENT\r
END:VCALENDAR\r
"""


@pytest.mark.parametrize("state", ["ACCEPTED", "DECLINED", "TENTATIVE"])
def test_a_calendar_answers_and_is_not_answered(desk: Desk, state: str) -> None:
    mail = EmailMessage()
    mail["From"] = "Jean Simon <jean.simon@etalle.example>"
    mail["To"], mail["Subject"] = "plateforme@supracom.example", "Accepté : Reprise"
    mail["Message-ID"] = "<calendar@etalle.example>"
    mail.set_content("")
    mail.add_alternative(ANSWER.format(state=state).encode(), "text", "calendar")
    facts = desk.explains(mail.as_bytes()).facts
    assert (facts["action"], facts["intent"]) == ("accept", "calendar_reply")
    assert facts["calendar"]["attendee"] == "jean.simon@etalle.example"
    assert facts["calendar"]["partstat"] == state
    assert facts["deliver_to"] == ["accueil@attert.example"]
    assert not facts["reply"]["send"]


def test_explaining_changes_nothing(desk: Desk) -> None:
    letter = LETTERS[0][:3]
    first = desk.reads(*letter)
    again = desk.reads(*letter)
    assert changes(first) == changes(again)
    assert desk.database.run(effects_of) == desk.database.run(effects_of)


def test_a_fact_that_is_withheld_is_nowhere(desk: Desk) -> None:
    text = (
        "Nous cherchons une aide-ménagère du 11 au 22 mai 2026. Elle remplacera Mme Rosa Bodart"
        " (NN 60.13.12-123.45), hospitalisée depuis lundi.\n\nMarie Lambert"
    )
    found = desk.reads("Marie Lambert <marie.lambert@cpas-arlon.example>", "aide", text)
    assert found.facts["action"] == "hold"
    said = " ".join(row["text"] for row in found.rows)
    assert not [word for word in ("Bodart", "60.13.12", "hospitalis") if word in said]


@pytest.mark.parametrize(
    ("text", "expected", "state"),
    [
        ("Bonjour,\n\nC'est tout à fait correct, vous pouvez y aller.\n\nJean", "accept", "sent"),
        ("Bon pour accord.\n\nJean Simon", "accept", "sent"),
        ("Non, merci d'annuler : le Collège a changé d'avis.", "accept", "dropped"),
        ("Oui, mais seulement si le Collège est d'accord lundi.", "ask", None),
        ("C'est bon, mais remplacez la deuxième ligne.", "ask", None),
    ],
)
def test_an_order_is_answered_in_ones_own_words(
    desk: Desk, text: str, expected: str, state: str | None
) -> None:
    (tag,) = desk.world.tags.values()
    found = desk.reads("Jean Simon <jean.simon@etalle.example>", "Re: commande", text, tag=tag)
    assert (found.facts["action"], found.facts["intent"]) == (expected, "order_confirm")
    assert changes(found).orders == ({f"SMART-2026-0004:{state}"} if state else set())


def test_own_words_in_a_new_mail_confirm_nothing(desk: Desk) -> None:
    found = desk.reads(
        "Jean Simon <jean.simon@etalle.example>", "commande", "C'est bon, vous pouvez y aller."
    )
    assert not changes(found).orders


FAILED = "mx.supracom.example; spf=fail smtp.mailfrom=x.example; dmarc=fail header.from={domain}"


@pytest.mark.parametrize(
    "text",
    [
        "Merci de remplacer mon adresse par jean@boite.example.",
        "Pouvez-vous m'envoyer les commandes en cours ?",
    ],
)
def test_a_member_whose_domain_disowns_the_mail_is_asked_whether_it_is_theirs(
    desk: Desk, text: str
) -> None:
    found = desk.reads(
        "Jean Simon <jean.simon@etalle.example>",
        "mise à jour",
        text,
        believed=False,
        Authentication_Results=FAILED.format(domain="etalle.example"),
        Reply_To="jean@boite.example",
    )
    assert (found.facts["action"], found.facts["intent"]) == ("hold", "suspicious")
    assert found.facts["reason"] == "failed_authentication"
    assert found.facts["notify_admin"]
    assert "jean@boite.example" not in {row["destination"] for row in found.rows}
    assert not changes(found).anything


@pytest.mark.parametrize(
    ("sender", "text"),
    [
        (
            "Commune de Gouvy - Direction <dg@boite.example>",
            "Veuillez remplacer l'utilisatrice par M. Jean Petit, dg@boite.example.",
        ),
        (
            "Fournisseur <compta@fournisseur.example>",
            "Notre compte bancaire a changé : payez aujourd'hui même sur le nouveau compte.",
        ),
    ],
)
def test_a_stranger_who_presses_or_pretends_is_not_answered(
    desk: Desk, sender: str, text: str
) -> None:
    found = desk.reads(sender, "Important", text)
    assert (found.facts["action"], found.facts["intent"]) == ("hold", "suspicious")
    assert found.facts["notify_admin"]
    assert not found.facts["reply"]["send"]
    assert not changes(found).anything


def test_advertising_shows_by_its_form(desk: Desk) -> None:
    mail = EmailMessage()
    mail["From"] = "Offres <nadia@mobilier-pro.example>"
    mail["To"], mail["Subject"] = "plateforme@supracom.example", "Bureaux : dès 199 €"
    mail["Message-ID"] = "<offre@mobilier-pro.example>"
    mail.set_content(
        '<table width="600"><tr><td><p>Découvrez nos bureaux.</p>'
        '<p><a href="https://t.mobilier-pro.example/u?1">Me désabonner</a></p>'
        '<img src="https://t.mobilier-pro.example/o.png" width="1" height="1"></td></tr></table>',
        subtype="html",
    )
    found = desk.explains(mail.as_bytes())
    assert (found.facts["action"], found.facts["intent"]) == ("ignore", "bulk")
    assert found.rows == ()


def test_the_same_message_twice_is_told_and_not_answered(desk: Desk) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"] = LETTERS[0][0], "plateforme@supracom.example"
    letter["Subject"], letter["Message-ID"] = LETTERS[0][1], "<once@houffalize.example>"
    letter["Date"] = "Tue, 05 May 2026 10:30:00 +0200"
    letter.set_content(LETTERS[0][2])
    raw = letter.as_bytes()
    reading = Reading(OwnAddress("plateforme@supracom.example"), None, b"")
    first = replace(parse(raw, reading, DAY, "1"), authenticated=True)
    desk.database.run(Dispatcher(desk.platform, everything()).take_one, first, DAY)
    found = explain(desk.database, desk.platform, reading, raw, DAY, believed=True, anew=False)
    assert (found.facts["action"], found.facts["intent"]) == ("ignore", "duplicate")
    assert found.rows == ()
    assert desk.reads(*LETTERS[0][:3]).facts["intent"] == "register"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Suite à l'annonce d'Attert, nous pouvons prêter 20 barrières.", "accept"),
        # Another sort of thing than what Attert asked for: which announcement is meant?
        ("Suite à l'annonce d'Attert, nous pouvons détacher un ouvrier.", "ask"),
        ("Suite à votre annonce, nous pouvons prêter 20 barrières.", "ask"),
    ],
)
def test_an_answer_without_a_number_goes_to_the_only_announcement_it_can_mean(
    desk: Desk, text: str, expected: str
) -> None:
    found = desk.reads("Jean Simon <jean.simon@etalle.example>", "annonce", text)
    assert (found.facts["action"], found.facts["intent"]) == (expected, "announcement_answer")
    assert bool(changes(found).answers) is (expected == "accept")


def test_a_central_is_known_by_its_name(desk: Desk) -> None:
    found = desk.reads(
        "P. Noël <p.noel@tellin.example>",
        "Adhésion à Smart",
        "Veuillez trouver en annexe la décision du Conseil du 9 mars 2026 (réf. 2026/114).",
    )
    assert found.facts["intent"] == "join_central"


MEMBER = "Jean Simon <jean.simon@etalle.example>"


@pytest.mark.parametrize(
    ("writer", "subject", "text"),
    [
        (
            MEMBER,
            "ma collègue",
            (
                "Bonjour, ma collègue Sophie Lambert (s.lambert@etalle.example) voudrait être"
                " invitée à la prochaine séance d'information du 3 juin."
            ),
        ),
        (
            "Anne Thill <anne.thill@wellin.example>",
            "désignation",
            (
                "Bonjour, la commune de Wellin a désigné Paul Remy (p.remy@wellin.example) comme"
                " représentant à l'assemblée générale de l'intercommunale."
            ),
        ),
        (
            MEMBER,
            "engagement",
            (
                "Bonjour, la commune recrute un ouvrier à temps plein. Les candidatures sont"
                " à envoyer pour le 30 juin. Pouvez-vous diffuser ?"
            ),
        ),
    ],
)
def test_what_only_resembles_an_act_changes_nothing(
    desk: Desk, writer: str, subject: str, text: str
) -> None:
    assert not changes(desk.reads(writer, subject, text)).anything


def test_who_relays_for_another_house_is_told_who_has_to_write(desk: Desk) -> None:
    text = FORWARDED.format(name="Luc Denis", address="luc.denis@daverdisse.example")
    found = desk.reads("Vendeur <vendeur@logiciels.example>", "TR: plateforme", text)
    assert found.facts["action"] != "accept" or found.facts["intent"] == "question"
