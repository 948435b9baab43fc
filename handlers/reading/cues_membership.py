"""Cues of membership: to register, to change or add a user, to name a deputy, to leave."""

from __future__ import annotations

from handlers.reading.cue import DENIED, SAID, Intent, cue

REGISTER = (
    cue(Intent.REGISTER, 3, SAID, r"""
        demande d'(?:inscription|affiliation|adhesion a PLATFORM)
        (?:s'|nous |m'|vous )inscri(?:re|t|vons|s|vent)\b
        etre (?:inscrit|repris|affilie|ajoute|enregistre|admis)e?s? (?:sur|a|au|dans|parmi|chez) \w
        bulletin d'inscription
        (?:formulaire|fiche|talon|coupon|document) d'(?:inscription|affiliation|adhesion)
        (?:candidature|adhesion|acces) a PLATFORM
        (?:rejoi\w+|integr\w+) (?:le (?:groupe|mouvement|cercle)|la (?:communaute|dynamique|bande)
            |l'aventure|vos rangs)
        (?:demand\w+|pri\w+) de (?:bien vouloir )?(?:l'|nous |la |le |m')?inscrire\b
    """),
    cue(Intent.REGISTER, 3.5, SAID, r"""
        (?:inscrivez|enregistrez|affiliez)(?: donc| bien)?(?:-nous| la commune| la ville| notre
            | le cpas
            | la zone| l'administration)\b
    """),
    cue(Intent.REGISTER, 2, SAID, r"""
        inscri(?:ptions?|re|te?s?|vez|vons|t)\b
        affili(?:ation|er|ee?s?|ons)\b
        enregistre[rz]?\b.{0,40}(?:plate|commune|ville|cpas|zone|membre|adherent)
        (?:ajout|compt|repren|not|accueill)\w+ (?:notre|la|le|nous) .{0,40}(?:parmi|au nombre)
        (?:comme|en qualite d'|en tant qu'?(?:e )?)\s?utilisat(?:eur|rice)
        (?:devenir|deviens|devient|etre|soyons|soit) (?:un |des )?(?:menbre|membre|adherent
            |affilie)
        (?:comme|en tant que) (?:menbre|membre|adherent|affilie)
        (?:rejoi\w+|integr\w+|adhe\w+|particip\w+) (?:d|a|dans|de|au|l|v|n|s)\w*'? ?PLATFORM
        (?:membre|entrer|acces|prendre part) (?:d|a|dans|sur|de|au|l|v|n|s)\w*'? ?PLATFORM
        (?:y|desire|souhaite) (?:participer|adherer)
        en faire partie|en etre|faire partie d|fass\w+ partie d
        fer(?:a|ait|ons|ions|ont) partie d(?:e|u|'|es) (?:votre|ce|cette|vos|la|le|l'|reseau|plat)
        vous rejoindre|adherer a l'e-
            |beneficier d
        (?:compter|accueillir|admettre|ajouter|reprendre) parmi (?:vos|les) (?:membres|adherents
            |participants)
        nous joindre a vous|prendre part a PLATFORM
        (?:etre|serons|sommes|sera|serait|soyons) (?:donc |enfin )?des votres
        (?:ouvr|cre|activ)\w+ (?:nous )?un (?:compte|acces)
    """),
    cue(Intent.REGISTER, 2, SAID, r"""
        (?:voici|ci-dessous|ci-apres|communiqu\w+|transmet\w+|trouver\w*) .{0,60}(?:utilisat
            |personne designee)
    """),
    cue(Intent.REGISTER, 1.5, SAID, r"""
        WISH .{0,40}\b(?:adhe\w+|rejoindre|particip\w+)
        (?:confirm|decid|accord|interess|pret|veuillez|merci|accept)\w* .{0,40}\badhe\w+
        (?:confirm|decid|accord|interess|pret|veuillez|merci|accept)\w* .{0,40}\b(?:rejoindre)
        (?:confirm|decid|accord|interess|pret|veuillez|merci|accept)\w* .{0,40}\bparticip\w+
        utilisat(?:eur|rice) (?:designee?|sera|est|:)
        adhesion
        (?:in te schrijven|inschrij\w+|aansluit\w+|deelne\w+|toetred\w+|lid (?:te )?worden)\b
        (?:anmeld\w+|beizutreten|beitret\w+|beitritt|teilnehm\w+|beteilig\w+
            |mitglied (?:zu )?werden)\b
        (?:register|registration|sign up|enrol\w*|(?:to )?join (?:the|your|you)|become a member)\b
    """),
)  # fmt: skip
PEOPLE = (
    cue(Intent.CHANGE_USER, 4, SAID, r"""
        remplac\w+ .{0,80}(?:CONTACT|adresse|coordonnees)
        remplac\w+ (?:mon|ma|notre|l') ?(?:ancienne? )?(?:collegue|adresse|mail|e-mail)
        (?:nouve(?:l|lle|au)|autre) ?(?:CONTACT|adresse)
        changement (?:d[eu']|de la) ?(?:CONTACT|adresse|coordonnees)
        (?:chang|modifi|actualis)\w+ (?:de |d'|l'|la |le |notre |nos )*(?:CONTACT|coordonnees)
        mise a jour (?:de |des )?(?:mes |nos |ses )?(?:coordonnees|CONTACT)
        (?:mes|nos|ses) (?:nouvelles )coordonnees
        (?:n'est plus|ne sera plus|cesse d'etre) (?:notre |l'|la |le )?CONTACT
        (?:quitte|pension|retraite|mute|depart|ne travaille plus).{0,120}(?:remplac|succ|CONTACT)
        (?:quitte|pension|retraite|mute|depart|ne travaille plus).{0,120}(?:designe|repren)
        (?:not|mett|inscri|indiqu|enregistr|repren|design)\w* .{0,60}a (?:sa|ma) place
        (?:a (?:sa|ma) place|en lieu et place|en remplacement).{0,60}CONTACT
        (?:desormais|dorenavant|a l'avenir|a present).{0,60}CONTACT
        (?:ancien|precedent|actuel)\w* CONTACT
        (?:plate-?forme|annonces).{0,60}(?:desormais|dorenavant|a l'avenir|a present)
        CONTACT.{0,60}(?:desormais|dorenavant|a l'avenir|a present)
        ajout\w+ .{0,80}CONTACT
        ajout\w+ .{0,120}(?:comme|en tant que|en qualite de) (?:notre |ma |mon |une? )?(?:adjointe?
            |suppleante?|seconde?\b|deuxieme)
        (?:deuxieme|second|seconde|autre) CONTACT
        nouve(?:au|lle) (?:responsable|gestionnaire|titulaire|collegue) .{0,40}(?:plate-?forme
            |dossier)
        (?:desormais|dorenavant|a l'avenir|a present).{0,80}(?:plate-?forme|annonces
            |en remplacement)
        (?<!je\s)repren\w+ (?:la|cette) (?:plate-?forme|mission|tache).{0,20}(?:a partir|des le
            |au \d)
        m'ajouter\b.{0,40}utilisat
        (?:mon|son|notre) adresse (?:mail |e-mail |de courriel |electronique )?(?:change|a change)
        vervang\w+ .{0,60}CONTACT|nieuwe CONTACT
        neue[nr]? CONTACT|nachfolger\w*
        new (?:user|CONTACT)|replac\w+ .{0,40}(?:user|CONTACT)
    """),
    cue(Intent.CHANGE_USER, 4, DENIED | SAID, r"""
        (?:n'est plus|ne sera plus|n'occupe plus|cesse d'etre) .{0,20}CONTACT(?![^?]*\?)
        (?:ne travaille plus|n'est plus en service).{0,60}(?:remplac|succ|CONTACT)(?![^?]*\?)
    """),
    cue(Intent.CHANGE_USER, 3, SAID, r"""
        remplac\w+ (?:m\.|mr|mme|mlle|monsieur|madame|mon collegue|ma collegue) .{0,40} par\b
        CONTACT.{0,80}(?:mutee?|partie?|pensionnee?|retraitee?)\b
        (?<!je\s)repren\w+ (?:le poste|la fonction|les fonctions|la succession)
        (?<!je\s)repren\w+ (?:le|les|ses|mes|son|sa) (?:dossiers?|taches?|attributions?|travail)
        (?:j'ai|a|ai) repris (?:le|les|ses|mes|son|sa) (?:dossiers?|taches?|attributions?|poste)
        (?:me|lui) succed\w+|prend(?:s|ra)? (?:ma|sa) succession
        (?:son|mon|sa|ma|notre) (?:successeur|successrice) (?:est|sera)
        (?:volgt mij op|opvolger|opvolgster)
    """),
    cue(Intent.DEPUTY, 4, SAID, r"""
        a ma place (?:du|pendant|pour|jusqu|durant|entre)
        ABSENT.{0,160}(?:a ma place|remplac|suppl|pourra|repondra|peut|ger|assur|suivr|s'occup)
        ABSENT.{0,160}(?:prend|relais|releve|interim|habilit|autoris|design|mandat|traiter)
        (?:a ma place|remplac\w+|suppl\w+|ger\w+|assur\w+|interim|autoris\w+
            |mandat\w+).{0,120}ABSENT
        (?:me|la|le) remplac\w+ (?:du|pendant|durant|jusqu|entre|temporairement|provisoirement)
        (?:me|la|le) remplac\w+.{0,40} (?:du \d|jusqu'|entre le \d|pendant|durant)
        (?:comme|ma|mon|une?|notre|sa|son) suppl[ae]+nte?
        (?:habilit|autoris|mandat)ee?s? a \w+ (?:en mon nom|a ma place|pour mon compte)
        RUNS .{0,80}\b(?:durant|pendant) (?:ces|cette|mon|mes|la|les)
        RUNS .{0,80}\b(?:du \d{1,2}.{0,25} au \d|jusqu'(?:au|a) )
        (?:assur|prend|fera)\w* (?:l'interim|la permanence)
        (?:absent|conge|hospitalis|en arret|en formation|indisponible|ne reviend|repos
            |incapacite)\w*.{0,160}BYHAND
        tijdens mijn (?:afwezigheid|verlof|vakantie).{0,120}(?:vervang|mag|kan|neemt)
        du \d{1,2}.{0,80}me remplac\w+
        (?:peut|pourra|habilitee?|autorisee?) .{0,60}(?:en mon nom|a ma place|en notre nom)
        (?:publier|repondre|confirmer|agir|signer) (?:\w+ ){0,3}(?:pour nous|pour moi|en mon nom)
        vervangt (?:mij|me)\b|(?:mijn|als) (?:plaatsvervang\w+|back-?up)
        wahrend meine[srm]\w* .{0,120}(?:vertr|ubernimmt|darf|kann)
        vertritt mich|(?:meine|als) (?:stell)?vertret\w+
        (?:in my absence|while i am (?:away|on leave)).{0,120}(?:will|can|may)
        (?:stand|step)s? in for me|my deputy
    """.replace("BYHAND", r"(?:ser(?:a|ont)|est|sont) (?:\w+ )?(?:geree?|suivie?"
        r"|traitee?|assuree?|relevee?|reprise?|prise?)s? (?:en charge )?par\b"
    ).replace("RUNS", r"(?:gere|gerera|assure|assurera|suit|suivra|reprend|reprendra"
        r"|prend|prendra"
        r"|traite|traitera|tient|tiendra|s'occupe|s'occupera)\s.{0,40}(?:plate-?forme|dossiers?"
        r"|releve|relais|suivi|gestion|annonces|courriers?|demandes|boite|flambeau)"
    ).replace("ABSENT", r"(?:en|pendant|durant|lors de|suite a)\s(?:mon|ma|mes|notre|cette|ces)"
        r"\s(?:\w+\s){0,2}?(?:absences?|conges?|vacances|ecartement|indisponibilite|periode"
        r"|semaines?|formation|hospitalisation|maternite)")),
    cue(Intent.DEPUTY, 2.5, SAID, r"""
        (?:delegation|delegue(?! (?:a la protection|a l|syndical|general))|interim|back-?up
            |suppl[ae]+ance)\b
        suppl[ae]+nte?\b
        (?<!un\s)(?<!une\s)(?<!de\s)remplacante?\b
    """),
)  # fmt: skip
LEAVE = (
    cue(Intent.LEAVE, 4, SAID, r"""
        (?:nous |me |se |de |la |notre )?desinscri\w+
        (?:mettre|mettons|met|mettra) (?:un terme|fin) a (?:la|notre|sa|son|l') ?MEMBERSHIP
        (?:quitt|sort)\w+ (?:d\w* )?(?:la |votre |cette |le |l'|du )REGISTERED
        (?:nous retirer|nous retirons|se retire|retirer (?:notre|la|le) BODY)
        retir\w+ (?!a )(?:nous )?.{0,60}(?:la |votre )?(?:liste|membres|plate-?forme|reseau)
        retir\w+ (?:notre|sa|la) MEMBERSHIP
        (?:ray|supprim|enlev|efface|radi)\w+ .{0,60}(?:liste|membres|plate-?forme|reseau
            |participants)
        (?:plus|cesser) (?:d'?)?(?:etre|faire) (?:membre|inscrit|partie)
        (?:cesse\w*|arret\w+|stopp\w+|interromp\w+) (?:de participer|(?:la|notre|sa) MEMBERSHIP)
        (?:annuler|resilier|resilions|supprimer) (?:notre|sa|la) MEMBERSHIP
        clotur\w+ (?:de )?(?:notre|son|le) (?:compte|acces|inscription)
        (?:notre|le|son) (?:retrait|depart) d[eu] .{0,20}(?:plate-?forme|reseau)
        (?:retirez|desinscrivez|supprimez|rayez)[- ]nous
        (?:la )?(?:fin|cessation|arret) de (?:notre|sa|la) MEMBERSHIP
        WISH .{0,20}(?:en sortir|nous en retirer|s'en retirer|la quitter)
        ^PLATFORM\W{1,5}(?:fin|arret|cessation|sortie|depart)\b
        ^(?:fin|arret|cessation) .{0,40}PLATFORM
        (?:nous|on) (?:cessons|cesse|arretons|arrete) .{0,25}PLATFORM
        (?:se |nous )?desaffili\w+
        demission\w* (?:d[eu]|comme) .{0,20}(?:plate|membre|reseau)
        radiation d[eu] (?:notre|la|l') ?(?:BODY|inscription|PLATFORM)
        uit te schrijven|uitschrij\w+|deelname (?:stop|beeindig)\w*
            |lidmaatschap .{0,20}op\s?te?\s?zeg
        abmeld\w+|austret\w+|austritt|mitgliedschaft .{0,30}(?:kundig|beend)\w*
        (?:withdraw|leave|unregister) (?:from )?(?:the |your )?platform|cancel our (?:member
            |regist)\w+
    """.replace("MEMBERSHIP", "(?:participation|inscription|adhesion|affiliation|collaboration)")),
    cue(Intent.LEAVE, 3, SAID, r"""
        ^\W*resiliation\W*$
        resili\w+ .{0,30}(?:inscription|adhesion|affiliation|participation|plate-?forme)
        ^\W*(?:depart|sortie|retrait) (?:d[eu]|de la|du reseau).{0,40}$
    """),
    cue(Intent.LEAVE, 4, DENIED, r"""
        (?:ne )?plus (?:participer|faire partie|etre (?:membre|inscrit|affilie|repris))(?![^?]*\?)
        ne WISH plus (?:y )?(?:participer|faire partie|etre|rester|poursuivre)(?![^?]*\?)
        ne WISH plus (?:y )?(?:figurer|continuer|beneficier)(?![^?]*\?)
        ne (?:participe|fait|fera|participera|faisons
            |participons)\w* plus .{0,30}PLATFORM(?![^?]*\?)
        (?:pas|plus) (?:renouvel|reconduire|poursuivre|continuer|prolonger).{0,40}MEMBERSHIP
        renonc\w+ .{0,30}(?:notre|sa|la) MEMBERSHIP
        renonc\w+ a (?:faire partie|participer|etre membre)
        annul\w+ (?:notre|sa|la) MEMBERSHIP
        niet (?:meer|langer) .{0,40}(?:deelne\w+|lid|meedoen)
        nicht (?:mehr|langer) .{0,40}(?:teilnehmen|mitglied|beteiligen)
    """.replace("MEMBERSHIP", "(?:participation|inscription|adhesion|affiliation|collaboration)")),
    cue(Intent.LEAVE, 4, SAID, r"""
        no longer (?:wish|want|like)\w* to (?:participate|be (?:a )?member|take part)
    """),
)  # fmt: skip
