"""Cues of exchange: help, surveys, answers to announcements."""

from __future__ import annotations

from handlers.reading.cue import ASKED, DENIED, OPEN, SAID, Intent, cue

HELP = (
    cue(Intent.HELP, 3, ASKED, r"""
        comment (?:faire|participer|fonctionne|adherer|ca marche|utiliser|publier|poster|commander)
        comment (?:s'inscrire|m'inscrire|nous inscrire|devenir|proceder|se desinscrire|s'y prendre)
        comment (?:faut-il|puis-je|peut-on|peut on|pouvons|dois-je|doit-on|fait-on|ca fonctionne)
        comment (?:on |je |nous )(?:fait|fais|faisons|publie|poste|depose|utilise|s'inscrit)
        comment (?:deposer|repondre|introduire|envoyer|ecrire|consulter|marche|fonctionnent)\s
        .{0,40}\b(?:marche a suivre|procedures?\b|mode d'emploi|conditions d)
        qu'est-ce que (?:je|nous|on) (?:peu|pouvons|doi|devons)\w*\s
        quelles (?:sont les )?commandes (?:possibles|disponibles|existent|puis|peut)
        (?:a quoi sert|c'est quoi|que peut-on vous demander|qu'on peut (?:vous )?(?:demander
            |faire))\s
        comment (?:\w+ )?march\w+|comment s'y prendre|(?:petit )?guide (?:pour|du|de l)
        que (?:dois-je|faut-il|puis-je|peut-on)\s
        (?:hoe (?:werkt|kan|kunnen|moet)|wie (?:funktioniert|kann|konnen)|how (?:do|does|can
            |should))\s
    """),
    cue(Intent.HELP, 3, SAID, r"""
        ne (?:sai|voi|comprend)\w* (?:pas |plus )?(?:bien |tres bien )?comment
    """),
    cue(Intent.HELP, 2, SAID, r"""
        mode d'emploi
        explications? (?:sur|pour|concernant) (?!.{0,20}facture)
        (?:la )?marche a suivre
        (?:guide|manuel) (?:d'utilisation|de l'utilisateur|utilisateur)|tutoriel
        (?:m'|nous |me )(?:expliqu|montr)\w+ (?:le fonctionnement|comment)
        handleiding|anleitung|gebrauchsanweisung|user (?:guide|manual)
    """),
)  # fmt: skip
SURVEY = (
    cue(Intent.SURVEY_ANSWER, 4, SAID, r"""
        (?:reponses?|repond\w*|repons\w+) .{0,30}(?:enquete|sondage|questionnaire)
        (?:nos|mes|voici) .{0,40}(?:enquete|sondage|questionnaire)(?! d'inscription)
        (?:rempli\w*|complet\w+) .{0,30}(?:enquete|sondage|questionnaire)(?! d'inscription)
        (?:enquete|sondage|questionnaire) (?:\w+ ){0,3}(?:complete|rempli|en retour|ci-joint
            |en annexe)
        (?:antwoord\w*|ingevuld\w*) .{0,30}(?:enquete|bevraging|vragenlijst)
        (?:antwort\w*|ausgefullt\w*) .{0,30}(?:umfrage|fragebogen)
        (?:answers?|completed) .{0,30}(?:survey|questionnaire)
    """),
)  # fmt: skip
ANSWERS = (
    cue(Intent.ANNOUNCEMENT_ANSWER, 4, OPEN | DENIED, r"""
        (?:suite a|en reponse a|concernant|par rapport a|au sujet de|vu|lu
            |repond\w*) (?:a )?(?:votre|l'|ton|cette|leur) ?(?:annonce|appel)
        (?:en reponse a|repond\w* a) (?:votre|ta|leur|la|l') ?(?:demande|offre) (?:d[eu']|publiee
            |diffusee)
        (?:naar aanleiding van|in antwoord op) (?:uw|jullie|de) (?:aankondiging|oproep|vraag)
        (?:auf|zu) (?:ihre|eure) (?:anzeige|anfrage)
        (?:in reply to|regarding) your (?:announcement|request for)
    """),
)  # fmt: skip
