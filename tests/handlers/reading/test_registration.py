"""Mails that ask to register, in the many ways in which people write them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from config.territory import load_territory
from handlers.reading.letter import open_letter
from handlers.reading.people import Gender
from handlers.reading.registration import Missing, Registration, read_registration

TERRITORY = load_territory("luxembourg_be")


@dataclass(frozen=True)
class Mail:
    """A mail and what must be read in it."""

    subject: str
    text: str
    address: str
    shown: str = ""
    institution: str | None = None
    user: str | None = None
    email: str = ""
    phone: str = ""
    missing: tuple[Missing, ...] = ()


U, INST, E = Missing.USER, Missing.INSTITUTION, Missing.EMAIL

MAILS = {
    "sentence, passive": Mail(
        "Inscription",
        "Bonjour,\n\nLa commune de Tellin souhaite s'inscrire à la plateforme.\n"
        "Madame Hélène Lambiotte est désignée comme utilisatrice "
        "(helene.lambiotte@tellin.example, 084/00 07 41).\n\nBien à vous,\n\nPaul Servais\n"
        "Directeur général",
        "secretariat@tellin.example", "Secrétariat Tellin",
        "Commune de Tellin", "Hélène Lambiotte", "helene.lambiotte@tellin.example", "+3284000741",
    ),
    "label": Mail(
        "Demande d'inscription",
        "Notre administration communale de Gouvy demande son inscription.\n"
        "Utilisateur désigné : M. Jean Dupont, jean.dupont@gouvy.example, tél. 080/01.23.45\n"
        "Cordialement",
        "info@gouvy.example", "Commune de Gouvy",
        "Commune de Gouvy", "Jean Dupont", "jean.dupont@gouvy.example", "+3280012345",
    ),
    "self": Mail(
        "plateforme",
        "Bonjour,\n\nLe CPAS de Bertrix aimerait rejoindre votre plateforme. C'est moi-même qui "
        "m'occuperai de la plateforme.\n\nCordialement,\nSophie Mernier\nEmployée "
        "d'administration\n"
        "CPAS de Bertrix\nTél. 061/02 03 04 - Fax 061/02 03 05",
        "s.mernier@cpas-bertrix.example", "Sophie Mernier",
        "CPAS de Bertrix", "Sophie Mernier", "s.mernier@cpas-bertrix.example", "+3261020304",
    ),
    "self, je serai": Mail(
        "Inscription de la zone de police Gaume",
        "Bonjour,\nSuite à la décision du Collège de police, je serai l'utilisateur désigné pour "
        "la "
        "zone de police Gaume.\n\nBien à vous\n\nKevin Marchal\nConseiller logistique\nGSM "
        "0470/00.11.22",
        "kevin.marchal@zpgaume.example", "MARCHAL Kevin",
        "Zone de police Gaume", "Kevin Marchal", "kevin.marchal@zpgaume.example", "+32470001122",
    ),
    "active sentence": Mail(
        "e-plateforme",
        "Madame, Monsieur,\n\nLe Collège communal de Nassogne a désigné Monsieur Luc Hardy, chef "
        "de "
        "service, en qualité d'utilisateur de la plateforme. Son adresse : "
        "l.hardy@nassogne.example.\n\n"
        "Salutations distinguées,\n\nPour le Collège,\nLa Directrice générale,\nAnne Collard",
        "direction@nassogne.example", "Direction générale",
        "Commune de Nassogne", "Luc Hardy", "l.hardy@nassogne.example", "",
    ),
    "capitals without accents": Mail(
        "INSCRIPTION PLATEFORME",
        "BONJOUR\n\nLA COMMUNE DE NEUFCHATEAU DESIRE S INSCRIRE A VOTRE PLATEFORME\n"
        "UTILISATEUR DESIGNE : PIERRE LAMBERT\nTEL 061/27.00.11\n"
        "PIERRE.LAMBERT@NEUFCHATEAU.EXAMPLE\n\nMERCI",
        "ACCUEIL@NEUFCHATEAU.EXAMPLE", "",
        "Commune de Neufchâteau", "Pierre Lambert", "pierre.lambert@neufchateau.example",
        "+3261270011",
    ),
    "street of another commune": Mail(
        "Inscription",
        "Bonjour,\nNous désirons nous inscrire. L'utilisatrice désignée est Julie Noël.\n\n"
        "Bien à vous,\n\nJulie Noël\nAdministration communale de Paliseul\nRue de Bouillon 12\n"
        "6850 Paliseul\nTél : 061 27 59 01",
        "julie.noel@paliseul.example", "Julie Noël",
        "Commune de Paliseul", "Julie Noël", "julie.noel@paliseul.example", "+3261275901",
    ),
    "statement wins over street and post": Mail(
        "Affiliation",
        "Bonjour,\nLa zone de police Famenne-Ardenne souhaite s'affilier à la plateforme.\n"
        "Personne désignée : Mme Carine Theis (carine.theis@zpfa.example).\n\nCordialement,\n"
        "Le chef de corps\nRue de Marche 3\n6940 Durbuy",
        "direction@zpfa.example", "Direction",
        "Zone de police Famenne-Ardenne", "Carine Theis", "carine.theis@zpfa.example", "",
    ),
    "other institution in passing": Mail(
        "Inscription",
        "Bonjour,\nNos voisins de Chiny nous ont parlé de votre plateforme. La commune de "
        "Florenville "
        "souhaite donc s'inscrire, comme la commune de Virton. L'agent désigné est Marc Jadot "
        "(marc.jadot@florenville.example).\nMerci\n",
        "info@florenville.example", "",
        "Commune de Florenville", "Marc Jadot", "marc.jadot@florenville.example", "",
    ),
    "cpas, commune already in": Mail(
        "Inscription CPAS",
        "Bonjour,\nLa commune de Manhay est déjà membre. Le CPAS de Manhay souhaite à présent "
        "s'inscrire aussi. Utilisatrice : Nadia Grosjean, "
        "nadia.grosjean@cpas-manhay.example\nBien à vous",
        "nadia.grosjean@cpas-manhay.example", "Nadia Grosjean",
        "CPAS de Manhay", "Nadia Grosjean", "nadia.grosjean@cpas-manhay.example", "",
    ),
    "ville": Mail(
        "Demande d'adhésion à la plateforme",
        "La Ville de Marche-en-Famenne souhaite participer à la plateforme supracommunale.\n"
        "Notre agent de référence sera Olivier Gérard (o.gerard@marche.example – 084/32 00 11).\n"
        "Salutations",
        "o.gerard@marche.example", "Olivier Gérard",
        "Commune de Marche-en-Famenne", "Olivier Gérard", "o.gerard@marche.example", "+3284320011",
    ),
    "rescue zone": Mail(
        "Inscription",
        "Bonjour,\nLa zone de secours Luxembourg s'inscrit à la plateforme. Le point de contact "
        "est "
        "Capitaine Vincent Lejeune, vincent.lejeune@zslux.example.\nBien cordialement",
        "vincent.lejeune@zslux.example", "Lejeune Vincent",
        "Zone de secours Luxembourg", "Vincent Lejeune", "vincent.lejeune@zslux.example", "",
    ),
    "province": Mail(
        "Inscription",
        "Bonjour,\nLa Province de Luxembourg souhaite également figurer parmi les membres.\n"
        "Utilisatrice désignée : Claire Wanlin (c.wanlin@prov.example)\nCordialement",
        "c.wanlin@prov.example", "",
        "Province de Luxembourg", "Claire Wanlin", "c.wanlin@prov.example", "",
    ),
    "province only as host": Mail(
        "Inscription à la plateforme de la Province de Luxembourg",
        "Bonjour,\nNous souhaitons inscrire le CPAS de Vielsalm à la plateforme de la Province. "
        "La personne désignée sera M. Bruno Lacasse, b.lacasse@cpas-vielsalm.example\nBien à vous",
        "b.lacasse@cpas-vielsalm.example", "",
        "CPAS de Vielsalm", "Bruno Lacasse", "b.lacasse@cpas-vielsalm.example", "",
    ),
    "at form": Mail(
        "Inscription",
        "La commune d'Etalle s'inscrit. Utilisateur désigné : Thierry Maillen, "
        "thierry.maillen(at)etalle.example, 063 45 00 12.\nMerci d'avance",
        "commune@etalle.example", "",
        "Commune d'Etalle", "Thierry Maillen", "thierry.maillen@etalle.example", "+3263450012",
    ),
    "form": Mail(
        "Formulaire",
        "Institution : Commune de Rouvroy\nNom et prénom : DELMEE Fanny\nFonction : employée\n"
        "E-mail : fanny.delmee@rouvroy.example\nTéléphone : 063/57.00.01\nFax : 063/57.00.02",
        "accueil@rouvroy.example", "Accueil",
        "Commune de Rouvroy", "Fanny Delmee", "fanny.delmee@rouvroy.example", "+3263570001",
    ),
    "form with two cells": Mail(
        "Inscription",
        "Organisme : CPAS de Tintigny\nNom : PONCIN\nPrénom : Marie-Ange\nGrade : graduée\n"
        "Courriel : ma.poncin@cpas-tintigny.example\nGSM : 0470 11 22 33",
        "accueil@cpas-tintigny.example", "",
        "CPAS de Tintigny", "Marie-Ange Poncin", "ma.poncin@cpas-tintigny.example", "+32470112233",
    ),
    "institution only in signature": Mail(
        "Inscription à l'e-plateforme",
        "Bonjour,\n\nPouvez-vous nous inscrire à votre plateforme ? L'utilisateur désigné est "
        "Monsieur Alain Gofflot (alain.gofflot@meix.example).\n\nD'avance merci,\n\n"
        "Administration communale de Meix-devant-Virton\nRue de Gérouville 5\n6769 "
        "Meix-devant-Virton",
        "secretariat@meix.example", "",
        "Commune de Meix-devant-Virton", "Alain Gofflot", "alain.gofflot@meix.example", "",
    ),
    "institution only in the shown name": Mail(
        "Inscription",
        "Bonjour, nous voudrions nous inscrire. Utilisatrice désignée : Mme Rita Pirotte, "
        "rita.pirotte@daverdisse.example. Bonne journée",
        "info@daverdisse.example", "Commune de Daverdisse",
        "Commune de Daverdisse", "Rita Pirotte", "rita.pirotte@daverdisse.example", "",
    ),
    "institution only in the domain": Mail(
        "Inscription",
        "Bonjour,\nje souhaite m'inscrire à la plateforme, je suis l'utilisatrice désignée.\n\n"
        "Bien à vous,\nLaura Hubert",
        "laura.hubert@wellin.example", "Laura Hubert",
        "Commune de Wellin", "Laura Hubert", "laura.hubert@wellin.example", "",
    ),
    "cpas by the domain": Mail(
        "Inscription",
        "Bonjour,\nnotre CPAS souhaite rejoindre la plateforme. Je suis la personne désignée.\n\n"
        "Bien à vous,\nEric Saudmont\nHouffalize",
        "eric.saudmont@cpas-houffalize.example", "Eric Saudmont",
        "CPAS de Houffalize", "Eric Saudmont", "eric.saudmont@cpas-houffalize.example", "",
    ),
    "subject only": Mail(
        "Inscription commune de Léglise, utilisateur désigné : Denis Adam "
        "(denis.adam@leglise.example)",
        "", "denis.adam@leglise.example", "Denis Adam",
        "Commune de Léglise", "Denis Adam", "denis.adam@leglise.example", "",
    ),
    "abbreviations": Mail(
        "inscription",
        "Bjr, l'adm. comm. de St-Léger désire s'inscrire svp. Utilisatrice : Mme Aline Fery "
        "aline.fery@saint-leger.example\nmerci",
        "aline.fery@saint-leger.example", "",
        "Commune de Saint-Léger", "Aline Fery", "aline.fery@saint-leger.example", "",
    ),
    "vaux s/ sure": Mail(
        "Inscription",
        "La commune de Vaux s/ Sûre demande son inscription, agent désigné : Guy Maréchal, "
        "guy.marechal@vaux.example.",
        "guy.marechal@vaux.example", "",
        "Commune de Vaux-sur-Sûre", "Guy Maréchal", "guy.marechal@vaux.example", "",
    ),
    "roche": Mail(
        "Inscription",
        "Bonjour,\nLa commune de La Roche en Ardenne souhaite être membre. Notre utilisateur sera "
        "Didier Van den Broeck, d.vandenbroeck@laroche.example.\nMerci",
        "d.vandenbroeck@laroche.example", "",
        "Commune de La Roche-en-Ardenne", "Didier Van den Broeck",
        "d.vandenbroeck@laroche.example", "",
    ),
    "colleague is designated, not the writer": Mail(
        "Inscription",
        "Bonjour,\nLa commune de Libramont-Chevigny souhaite s'inscrire. Notre collègue Fabienne "
        "Mouzon (fabienne.mouzon@libramont.example, 061/51.00.22) est désignée.\n\n"
        "Cordialement,\n\nHenri Lecomte\nBourgmestre\n061/51.00.01",
        "henri.lecomte@libramont.example", "Henri Lecomte",
        "Commune de Libramont-Chevigny", "Fabienne Mouzon",
        "fabienne.mouzon@libramont.example", "+3261510022",
    ),
    "colleague without address": Mail(
        "Inscription",
        "Bonjour,\nLa commune de Habay souhaite s'inscrire. Mme Véronique Thiry est désignée comme "
        "utilisatrice.\n\nCordialement,\n\nHenri Lecomte\nDirecteur général",
        "h.lecomte@habay.example", "Henri Lecomte",
        "Commune de Habay", "Véronique Thiry", "", "", (E,),
    ),
    "no user": Mail(
        "Inscription", "Bonjour,\nLa commune de Martelange souhaite s'inscrire à la "
                       "plateforme.\nMerci",
        "info@martelange.example", "Commune de Martelange",
        "Commune de Martelange", None, missing=(U,),
    ),
    "user to be designated": Mail(
        "Inscription",
        "La commune de Messancy souhaite s'inscrire. L'utilisateur sera désigné lors du prochain "
        "Collège.\n\nPour le Collège,\nLe Directeur général,          Le Bourgmestre,\n"
        "Jules Remy          Roger Kirsch",
        "info@messancy.example", "", "Commune de Messancy", None, missing=(U,),
    ),
    "no institution": Mail(
        "Inscription",
        "Bonjour,\nNous souhaitons nous inscrire à la plateforme. Utilisateur désigné : Jean Petit "
        "(jean.petit@mailbox.example).\nMerci",
        "jean.petit@mailbox.example", "Jean Petit", None, "Jean Petit",
        "jean.petit@mailbox.example", "", (INST,),
    ),
    "nothing": Mail("Inscription", "Bonjour, je voudrais m'inscrire. Merci",
                    "x123@mailbox.example", "", None, None, missing=(INST, U)),
    "two institutions in one sentence": Mail(
        "Inscription",
        "La commune de Rendeux et le CPAS de Rendeux souhaitent s'inscrire.",
        "x@mailbox.example", "", None, None, missing=(INST, U),
    ),
    "namur is elsewhere": Mail(
        "Inscription", "La ville de Namur souhaite s'inscrire à la plateforme.",
        "info@namur.example", "", None, None, missing=(INST, U),
    ),
    "deputy is not the user": Mail(
        "Inscription",
        "La commune de Musson s'inscrit. Utilisatrice désignée : Odette Gillet "
        "(odette.gillet@musson.example) ; suppléant : Marc Roland (marc.roland@musson.example).",
        "info@musson.example", "", "Commune de Musson", "Odette Gillet",
        "odette.gillet@musson.example", "",
    ),
    "deputy named first": Mail(
        "Inscription",
        "La commune de Musson s'inscrit. Suppléant : Marc Roland (marc.roland@musson.example). "
        "Utilisatrice désignée : Odette Gillet (odette.gillet@musson.example).",
        "info@musson.example", "", "Commune de Musson", "Odette Gillet",
        "odette.gillet@musson.example", "",
    ),
    "only a deputy is named": Mail(
        "Inscription",
        "La commune de Musson s'inscrit. La personne suppléante désignée est Marc Roland "
        "(marc.roland@musson.example).",
        "info@musson.example", "", "Commune de Musson", None, missing=(U,),
    ),
    "switchboard is nobody's": Mail(
        "Inscription",
        "La commune d'Attert souhaite s'inscrire. Je serai l'utilisateur.\n\nBien à vous,\n\n"
        "Simon Weber\nCommune d'Attert\nStandard : 063/24.00.00\nFax : 063/24.00.09",
        "simon.weber@attert.example", "Simon Weber", "Commune d'Attert", "Simon Weber",
        "simon.weber@attert.example", "",
    ),
    "former commune": Mail(
        "Inscription", "Bonjour, la commune de Bertogne souhaite s'inscrire. Agent désigné : "
        "Louis Gaspard, louis.gaspard@bastogne.example.", "info@bastogne.example", "",
        "Commune de Bastogne", "Louis Gaspard", "louis.gaspard@bastogne.example", "",
    ),
    "erezée without accent": Mail(
        "inscription erezee", "bonjour la commune d erezee veut s inscrire\nutilisateur designe "
        ": Michel Bodson michel.bodson@erezee.example 0470/12 34 56\nmerci",
        "michel.bodson@erezee.example", "", "Commune d'Erezée", "Michel Bodson",
        "michel.bodson@erezee.example", "+32470123456",
    ),
    "forwarded": Mail(
        "TR: inscription", "Voir ci-dessous.\n\nDe : Nathalie Burton "
                           "<n.burton@tenneville.example>\n"
        "Envoyé : lundi 23 mars 2026 10:00\nÀ : Info\nObjet : inscription\n\nBonjour,\nLa "
        "commune de "
        "Tenneville souhaite s'inscrire. L'utilisatrice désignée est Mme Nathalie Burton, "
        "n.burton@tenneville.example.\n", "info@tenneville.example", "Info Tenneville",
        "Commune de Tenneville", "Nathalie Burton", "n.burton@tenneville.example", "",
    ),
    "quotation is not read": Mail(
        "Re: plateforme", "La commune d'Aubange s'inscrit. Je serai la personne désignée.\n\n"
        "Cordialement,\nIrène Lux\n\nLe 12 mars 2026 à 10:00, CPAS de Virton a écrit :\n"
        "> Le CPAS de Virton souhaite s'inscrire.", "irene.lux@aubange.example", "Irène Lux",
        "Commune d'Aubange", "Irène Lux", "irene.lux@aubange.example", "",
    ),
    "police zone by number": Mail(
        "Affiliation ZP 5297", "Bonjour,\nLa zone de police Arlon/Attert/Habay/Martelange (5297) "
        "souhaite adhérer à la plateforme. Utilisatrice désignée : Mme Paule Étienne, "
        "paule.etienne@zp5297.example, +32 (0)63 60 00 85.", "paule.etienne@zp5297.example", "",
        "Zone de police Arlon/Attert/Habay/Martelange", "Paule Étienne",
        "paule.etienne@zp5297.example", "+3263600085",
    ),
    "long form of cpas": Mail(
        "Inscription", "Le Centre public d'action sociale de Sainte-Ode souhaite s'inscrire.\n"
        "Personne de contact : Mlle Eva Lambin, eva.lambin@cpas-ste-ode.example",
        "eva.lambin@cpas-ste-ode.example", "", "CPAS de Sainte-Ode", "Eva Lambin",
        "eva.lambin@cpas-ste-ode.example", "",
    ),
}  # fmt: skip


def _read(mail: Mail) -> Registration:
    return read_registration(
        open_letter(mail.subject, mail.text, mail.address, mail.shown), TERRITORY
    )


@pytest.mark.parametrize("mail", MAILS.values(), ids=MAILS.keys())
def test_institution(mail: Mail) -> None:
    found = _read(mail).institution
    assert (found.name if found else None) == mail.institution


@pytest.mark.parametrize("mail", MAILS.values(), ids=MAILS.keys())
def test_user(mail: Mail) -> None:
    user = _read(mail).user
    assert (user.name if user else None) == mail.user


@pytest.mark.parametrize("mail", MAILS.values(), ids=MAILS.keys())
def test_contacts_of_the_user(mail: Mail) -> None:
    user = _read(mail).user
    assert (user.email if user else "", user.phone if user else "") == (mail.email, mail.phone)


@pytest.mark.parametrize("mail", MAILS.values(), ids=MAILS.keys())
def test_what_is_missing(mail: Mail) -> None:
    assert _read(mail).missing == mail.missing


def test_title_gender_and_role() -> None:
    user = _read(MAILS["active sentence"]).user
    assert user is not None
    assert (user.gender, user.role) == (Gender.MASCULINE, "chef de service")


def test_the_writer_is_told_apart() -> None:
    read = _read(MAILS["colleague is designated, not the writer"])
    assert read.requester is not None
    assert (read.requester.name, read.requester.role) == ("Henri Lecomte", "Bourgmestre")


def test_a_user_announced_for_later() -> None:
    assert _read(MAILS["user to be designated"]).pending


def test_both_institutions_are_candidates() -> None:
    read = _read(MAILS["two institutions in one sentence"])
    names = {candidate.authority.name for candidate in read.candidates}
    assert names == {"Commune de Rendeux", "CPAS de Rendeux"}


def test_an_authority_outside_the_territory_is_named() -> None:
    assert _read(MAILS["namur is elsewhere"]).outside == "ville de Namur"
