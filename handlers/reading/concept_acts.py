"""What letters say of things and people: groups of words that say the same, in four languages.

Over levelled text, one group of alternatives a line; an indented line goes on with the one above.
"""

from __future__ import annotations

ACTS = {
    "join": r"""
        inscri\w+|(?:re)?affili\w+|adher\w+|adhesions?|rejoi\w+|integr(?:er|ons)|embarqu\w+
        particip(?:er|e|ons|ation|era|erons)|prend(?:re|s|ra|rons|ons)? part|enregistr\w+
        (?:faire|fait|font|fassions|fasse|fera|ferait|ferons|ferions|feront|etre|soyons)
            [ ]partie|fai(?:re|t|sons) plus partie
            |en etre|des votres
        (?:devenir|etre|comme|deviens?|devient|nouveaux?) (?:\w+ )?(?:membres?|menbres?|adherent\w*
            |participant\w*)
        compt\w+ (?:nous )?parmi|repris\w* (?:parmi|dans|sur)|ajout(?:er|ez|e)|(?:le|y) devenir
        inschrij\w+|ingeschreven|in te schrijven|aangemeld|schrij\w+ .{0,40}\bin|aangesloten
        aansluit\w+|toe te treden|toetred\w+|toetreedt
        lid (?:te |willen )?(?:worden|zijn)|als lid|deelne\w+|deel te nemen
        registre(?:er|ren)\w*|registrier\w*|aanmeld\w+
        anmeld\w+|beitret\w+|beizutreten|beitritt|mitglied\w*|teilnehm\w+|teilzunehmen|aufnahme
        anschlie(?:ß|ss)\w*|schlie(?:ß|ss)\w+ .{0,30}\ban\b|mitmach\w+|mee te doen|meedoen
        join(?:s|ed|ing)?|sign (?:us|me) up|sign up|enrol\w*|register\w*|become a member|take part
        demand\w+ (?:notre |son |l'|une )?inscription|acces (?:aux|a la|a l')
        lid|deel (?:van )?uit\s?(?:te )?mak\w+|toe te voegen|become a participant|(?:mettez
            |mettre) .{0,40}sur la liste
        entree dans|y entrer|entrer dans|devenir (?:un )?(?:membre|adherent)|le devenir
            |faites de nous
    """,
    "designate": r"""
        design(?:e|ee|es|ons|er|ation|ent)|chois(?:i|ie|it|issons)|mandat(?:e|ee|ons)
        nomm(?:e|ee|ons)|charg(?:e|ee|eons) d
        (?:nous|la|le) representer|s'occup\w+|m'occup\w+|nous occup\w+|suiv(?:ra|rai|re|i|ie)
        suit
        recev(?:ra|rai|oir)|assur(?:e|era|erai)|gere\w*|sera|serai|aanduid\w+|duiden .{0,40}\baan
        wij duiden|benenn\w+|benannt|bestimm\w+|appoint\w*|designat\w+|will be|zal|wird|ist
        confi(?:e|er|ons|ee)|(?:personne|agente?) habilitee?
    """,
    "me": r"""
        c'est (?:bibi|ma pomme|votre serviteur|votre servante|moi)|moi-meme|ce sera moi
        votre serv(?:ante|iteur)
        a moi qu'il faut|je (?:serai|suivrai|m'occuperai|me charge|soussigne\w*)|ik ben|ich bin
        i will be|i am
        me soussigne\w*|je,? soussigne\w*
    """,
    "unjoin": r"""
        desinscri\w+|desaffili\w+|radi(?:er|ez|ation|ons)|ray(?:er|ez|ons|e)|enlev(?:er|ez)
        effac(?:er|ez)|supprim(?:er|ez|e|ee|ons)|retir(?:er|ez|e|ons)|retrait
        quitt(?:er|e|ons|ent)|sort(?:ir|ons|ie|irons)|sort
        (?:mett\w+|met|mis) (?:fin|un terme)|(?:mette|prend) fin|clotur\w+|ferm(?:er|ez)
        resili\w+|renon\w+|cess(?:er|e|ons|ation)|arret\w*|stopp\w*|annul(?:er|ez|e|ee|ation)
        demission\w*|uitschrij\w+|schrijf .{0,40}\buit|uit te schrijven|schrap\w*|verwijder\w*
        stop(?:t|pen|zet\w*)?|opzeg\w*|zeg .{0,40}\bop|beeindig\w*|stap\w* .{0,30}\buit
        streichen|abmeld\w+|abzumelden|melde\w* .{0,40}\bab|austret\w+|austritt
        treten .{0,30}\baus
        kundig\w+|beend\w+|losch\w+|entfern\w+|remov\w+|withdraw\w*|leav(?:e|ing)|cancel\w*
        unsubscrib\w+|unregister\w*|opt out|resign\w*
        (?:notifi\w+|annonce\w*|signifi\w+) .{0,20}(?:retrait|depart)|retrait de (?:notre|la|l')
        on arrete|arretons|arreter la|tablier|denonc\w+|y mettre (?:fin|un terme)|(?:veut|veulent
            |voulons|veux) plus (?:en )?etre
        suprim\w+|desabonn\w+|fermer (?:notre|nos|l'|le) ?(?:acces|compte)|continuer
    """,
    "no_more": r"""
        ne (?:\w+ ){0,4}?(?:plus|pas poursuivre|pas continuer)\b
        plus (?:interess\w+|envie|besoin|utile)
        n'\w+ plus|niet (?:langer|meer)|nicht (?:mehr|langer|weiter)|no longer
        not .{0,20}any more
        n'(?:y )?\w+ plus|ne pas (?:poursuivre|continuer|reconduire|renouveler)
        geen .{0,20}\bmeer|plus de raison d'etre|pas continuer
    """,
    "take_over": r"""
        remplac\w+|succed\w+|success\w+
        (?:a|en) (?:la|sa|ma|leur|lieu et|mon) (?:place|remplacement)
        a la place|au lieu|repren(?:d|ds|dra|dre|nd|nent)|repr(?:ise|end)
        (?:prend(?:re|s|ra)?|prenne|assur\w+|pass\w+|fai\w+|le) (?:le |du )?relais?
        (?<!etre\s)(?<!soit\s)(?<!soient\s)(?<!soyons\s)(?<!serait\s)repris\w*
        releve|vervang\w*|opvolg\w*|volgt .{0,30}\bop|overne(?:men|emt)|neemt .{0,60}\bover
        nachfolg\w*|ersetz\w*|ubernimmt|ubernehm\w*
        replac\w*|success\w*|tak(?:e|es|ing) over
        (?:met(?:s|tre|tez)?|not(?:er|ez)|indiqu(?:er|ez)|inscri(?:re|vez)) .{0,60}(?:a
            |en) (?:la|sa|ma|leur|mon) place
        prend(?:re|ra)? (?:la|ma|sa) succession
    """,
    "new": r"""
        nouve(?:au|l|lle|aux|lles)|desormais|dorenavant|a (?:present|l'avenir|dater)|maintenant
        a partir d(?:e|u)|des (?:le|lundi|demain|maintenant)|chang(?:e|ent|er|ement|ements)
        plutot|modif\w+|mise a jour|mettre a jour|nieuwe?|voortaan|vanaf|gewijzigd|verandert?
        neue?[rnms]?|kunftig|ab sofort
        gewechselt|geandert|new|changed?|from now on|updated?
    """,
    "second": r"""
        (?:deuxieme|second|seconde|2e|2eme|autre|supplementaire) (?:utilisat\w+|personne|agent
            |contact|adresse|collegue|compte|acces)
        (?:personne|utilisat\w+|agent|contact|adresse|compte) (?:supplementaire|en plus)
        en plus de (?:moi|mon|m\.)
        tweede (?:gebruiker|contact\w*)|zweite[rn]? (?:benutzer\w*|ansprech\w*)
        (?:second|another|additional) (?:user|contact)
    """,
    "gone": r"""
        (?:a|ai|avez|avoir|va|vais) quitte\w*
        quitt(?:e|ons|era|erai) (?:l'administration|la commune
            le cpas|mes|ses|la ville|son|mon|notre|le service|la zone)|part(?:ie?|ira
            ant)|depart
        pension\w*|retraite\w*|mute\w*|mutation
        (?:change|changer) (?:de |d'affectation)(?:service|poste|fonction)?
        (?:ne travaille|n'est|ne fait|n'est donc|ne sera|ne suis|n'occupe|ne suit|ne s'occupe) plus
        plus (?:en fonction|en service|chez nous|parmi nous)|(?:autres|nouvelles) fonctions
        decede\w*
        met pensioen|pensioen|werkt niet meer|weg|in rente|ruhestand|verlassen|nicht mehr
        left|retire[sd]?|no longer
        chang(?:e|er|erai|eons) de (?:service|poste|fonction|departement|employeur|metier)
    """,
    "absence": r"""
        absen\w+|conges?|vacances|maternite|hospitalis\w+|malad(?:e|ie)|en formation|interim\w*
        temporair\w+|provisoir\w+|en mon nom|back-?up|suppl[ae]a?n\w+|procuration|delegation
        je delegue|pour la duree
        jusqu'(?:au|a|en)|d'ici la|entre-?temps|pas la|permanence
        ces (?:deux|trois|quelques) semaines
        (?:durant|pendant) (?:cette|ces|mon|ma|mes|la|les|l')|cette periode
        verlof|afwezig\w*|vakantie|plaatsvervang\w*|tijdelijk|urlaub\w*|abwesen\w*|vertret\w*
        vertritt|voruber\w+
        (?:on|my) leave|away|deput\w+|stand(?:s|ing)? in|temporar\w+|in my absence|holidays?
        (?:du|van) \d{1,2}.{0,25}\b(?:au|tot) \d{1,2}
        (?:pendant|durant) ce temps|entre-?temps|incapacite|congé|en attendant son retour
            |hospitalisation|revalidation|tot \d{1,2}
    """,
    "act_for": r"""
        (?:a|en) ma place|en mon (?:nom|absence)|me remplac\w+
        (?:prend|prendra|assure\w*|prenne) (?:le |la |l')?(?:relais?|releve|interim|suivi
            |permanence)
        s'occupe\w*|gere\w*|traite\w*|repond\w*|peut (?:agir|publier|repondre|commander|signer)
        pourra (?:agir|publier|repondre|commander|signer|confirmer)|autoris\w+|habilit\w+
        mandat\w+
        vervang\w*|neemt .{0,60}\bover|mag|vertr\w+|ubernimmt|darf|acts?|stands? in|replac\w*
        adresser a|contacter|joindre|prenez contact
        carte blanche|fai(?:t|re) le relais|pren(?:dre|d|dra) la main|adressez-vous
            |accepter (?:les|ses) (?:messages|demandes|mails)
    """,
    "back": r"""
        je (?:reviens|serai de retour|rentre)|je reprends (?:le \d|la main|le travail|tout
            |le service|mes fonctions|a partir)|a mon retour|de retour le|ben terug
        terug op
        zuruck|back on|i return
        ben ik terug|je reviens|(?:elle|il) (?:rentre|revient)
    """,
    "buy": r"""
        command(?:e|ons|er|ent|ez)|acqueri\w+|acquisition|achet\w+|achat|souscri\w+
        (?:nous )prenons|on prend(?! part| le rel| la rel| en)
        opt(?:e|ons|ent) pour|choisi\w*|retient|retenons|livr(?:er|ez)|fourni(?:r|ssez)
        bestel(?:len|t|d)?|bestell\w*|order|buy|purchase
        on y va pour|lance[rz]|bien vouloir (?:lui |nous )?(?:fournir|livrer)|pour execution
    """,
    "confirm": r"""
        confirm\w*|valid(?:e|ons|er|ez|ation)|bon pour accord|(?:d'|notre |mon )accord
        (?:est|tout est|sont) (?:bien )?(?:correct|exact|juste|conforme|en ordre)s?
        allez-y|vous pouvez (?:y aller|lancer|proceder|l'envoyer|envoyer)|proceder|feu vert
        ^\W*oui
        bevestig\w*|akkoord|bestatig\w*|einverstanden|approved?|go ahead|^\W*(?:ja|yes)
    """,
    "decision": r"""
        delibera\w+|decision\w*|decid\w+|seance|approuv\w+|vot(?:e|ee|er)
        marqu\w+ (?:son|leur|notre) accord
        besluit\w*|beslis\w*|goedgekeurd|beschl\w+|decided|decision|resolution
    """,
    "wish": r"""
        souhait\w*|desir\w*|voudr\w+|veu(?:t|x|lent)|voulons|aimer\w+|sollicit\w*
        demand(?:e|ons)|merci de
        veuillez|priere de|pri(?:e|ons)|gelieve|graag|wensen?|willen|wil|hierbij|hiermee
        mochten?|gerne?|hiermit|beantrag\w+|bitte|wish\w*|want\w*|would like|please|hereby
            |soussigne\w*
    """,
    "wish_off": r"""
        notifi\w+|vous (?:annonce|informe|signale)\w*|retrait de (?:notre|la|l')|treten
        stappen|quittons
    """,
    "stand_in": r"""
        procuration|delegation|back-?up|suppl[ae]a?n\w+|en mon nom|peut (?:agir|signer|publier
            |repondre|commander)
        plaatsvervang\w*
        vertret\w+|deputy|stand-in
    """,
    "by_hand": r"""
        (?:geree?|suivie?|traitee?|assuree?|relevee?|reprise?|prise?)s? (?:en charge )?par
        worden .{0,40}(?:behandeld|opgevolgd) door|(?:werden|wird) .{0,40}von .{0,60}(?:bearbeitet
            |betreut|ubernommen)|(?:handled|dealt with|followed) by
    """,
    "temporary": r"""
        temporair\w+|provisoir\w+|momentan\w+|tijdelijk\w*|voruber\w+|temporar\w+
    """,
    "person": r"""
        (?:m\.|mr|mme|mlle|monsieur|madame|mon collegue|ma collegue|mij|mevrouw|de heer|herrn?
            |frau|me)
        (?:met(?:s|tez|tre)?|mettez) \w+ (?:a|en) (?:la|sa|ma) place|succession de
    """,
    "could_spare": r"""
        pourri\w+ .{0,30}(?:partager|preter|liberer|mettre|detacher|ceder)
        n'a(?:vons)? plus l'usage
        dont (?:il|elle|nous|on) n'.{0,30}(?:plus|pas)|ne .{0,20}ser(?:t|vent) (?:plus|pas)
    """,
    "blocked": r"""
        a l'arret|coinc\w+|bloque\w*|dans l'embarras|plus personne|appel a l'aide|paralys\w+
    """,
    "price": r"""
        combien|prix|tarifs?|cout\w*|coute\w*|prijs|prijzen|kost|preise?|kosten|kostet|price\w*
        how much|quel montant
    """,
    "wares": r"""
        produits|solutions?|marches|catalog\w*|oplossing\w*|losung\w*|central\w*|zentrale
    """,
    "other_matter": r"""
        formation\w*|cours|seances?|reunion\w*|journees?|colloque|newsletter|webinaire|evenement
        commandes?|visite|stage|atelier|salon|conference
    """,
    "job": r"""
        (?:un |d'|l')?emplois?|postuler|candidatures?|mon cv|curriculum\w*
        (?:un|de|en|mon) stage|(?:mon |un )?memoire
        etudiante? (?:et|en)|solliciter pour|vacature|bewerbung|job (?:offer|application)
    """,
    "until": r"""
        jusqu'a quand|jusque quand|jusqu'a quelle date
        quand (?:finit|prend fin|se termine|expire|echoit|s'arrete)
        quand .{0,30}(?:termine|expire|fini)\w*|encore (?:couverte?s?|valables?|valides?)
        date (?:de fin|d'echeance|butoir)
        fin d(?:u|e) (?:contrat|marche)|echeance|tot wanneer|wanneer .{0,40}(?:af|eindigt)
        bis wann
        wann .{0,40}(?:endet|lauft)|until when|when does .{0,40}(?:end|expire)|combien de temps
    """,
    "sell": r"""
        (?:je|nous|on|beau-frere|collegue|mari|femme|voisin\w*|fils|fille|soeur|frere|pere|mere
            |ami\w*) (?:se )?vend(?:s|ons)?
        a vendre|vente d(?:e|')|en vente|te koop|zu verkaufen|for sale
    """,
    "mine": r"""
        je|j'\w+|me|moi|mon|ma|mes|m'\w+|ik|mij|mijn|ich|mich|mir|mein\w*|i|my
    """,
    "for_you": r"""
        ce (?:qu'il|que|dont) vous (?:faut|cherch\w+|recherch\w+|manque\w*|demand\w+|avez besoin)
        (?:pouvons|pourrions|peut|peux|pourrait|possible de) vous (?:aider|depanner|preter
            |envoyer|detacher|ceder
            |fournir|proposer|mettre)
        vous (?:preter|depanner|detacher)|solution pour vous|est a vous
        wat u zoekt|u (?:kunnen )?helpen|jullie helpen|was sie suchen|ihnen (?:helfen|leihen
            |ausleihen)
        what you need|help you(?: out)?|lend you
        u mag (?:gebruiken|hebben)|kom ze (?:gerust )?halen|venez (?:avec|les|la|le|chercher)
            |a votre service
    """,
    "who_seeks": r"""
        (?:commune|cpas|zone|ville|collegue|administration|institution)s? qui (?:recherch|cherch
            |demand|propos
            |offr|pret|a besoin|aurait besoin|met)\w*
        gemeente die .{0,20}(?:zoekt|vraagt)|gemeinde,? die .{0,20}sucht
    """,
    "know": r"""
        savoir|connaitre|list|overview|lijst|ubersicht|infos?|informations?|renseign\w+|liste
        prix|tarifs?|couts?|coute\w*|combien
        apercu|descripti\w*|detail\w*|fiche\w*|quels?|quelles?|que propose|qu'est-ce que
        dispose\w*|existe\w*|plus sur
        wat|welke?|hoeveel|prijs|prijzen|kost|was|welche?|wie viel|preise?|what|which|how much
        price\w*
        catalogus|preis|kosten|aan welke|quel document|lequel|utile
    """,
    "offered": r"""
        propos\w+|offr\w+|vend\w*|fourni\w*|conti(?:ent|enne)|peut acheter|peut commander
        au catalogue
        catalogues?|offre|aanbied\w*|biedt|bieden|anbiet\w*|bietet|offers?
        produits|proposes|gamme
    """,
    "thanks_no": r"""
        malheureusement|desole\w*|regret\w*|helas|ne pouvons|n'avons|pas en mesure
        pas disponible
        helaas|leider|unfortunately|sorry
        pas de (?:personnel|materiel|possibilite)|rien a (?:vous )?proposer|nihil|niet mogelijk
        nicht moglich|not (?:able|possible)|cannot|can't
        pourra pas|ne sera pas pour nous|utilisons tous|bonne chance
    """,
    "seen": r"""
        (?:ai|avons|a|avez) (?:bien )?(?:vu|lu|recu|pris connaissance)|vu passer|suite (?:a|au)
        en reponse
        concernant|au sujet|par rapport|(?:fais|donne|donnons|faisons) suite|repond\w*
        pour (?:votre|l'|la)
        gelezen|naar aanleiding|in antwoord|betreffend|gesehen|auf (?:ihre|den|die)|seen|saw
        read|regarding|in reply
    """,
    "take": r"""
        interess\w*|preneu\w+|prendri\w+|reserv(?:er|ons|e)|partants?|volontiers
        tombe\w* (?:a pic|bien)
        toujours (?:disponible|libre|d'actualite|possible)|comptez|candidat\w*
        nog (?:beschikbaar|vrij)|interesse\w*|noch (?:verfugbar|frei)|still available|interested
        prendrait|empruntr?i\w+|est-il (?:encore )?libre|partants?|reserver|graag gebruik
        wurden gern
    """,
    "yours": r"""
        votre|vos|vous|ton|ta|tes|te|leur|leurs|uw|jullie|u|ihre?[nmrs]?|ihnen|your|you
    """,
    "give": r"""
        pret(?:er|ons|ent|erions|erait|erai)
        (?:nous|je|on|commune|cpas|ville|zone)(?: vous| volontiers)? prete
        (?:a|a la|a votre|a leur|votre|leur) disposition|disponibles?
        libres?|liber(?:er|e|ons)|ced(?:er|e|ons)|detach\w+|donn(?:er|ons)
        offr(?:ons|e|ir|irait)
        propos(?:e|ons|er)|mettre a|en trop|inutilise\w*|partag(?:er|eons)|consacrer|aider
        depann\w+
        (?:en |de )surplus|excedent\w*|n'a(?:vons)? plus l'usage|venir chercher|avis aux amateurs
        ne (?:nous |lui )?ser(?:t|vent) (?:plus|pas)|envoyer|fournir
        (?:peu(?:t|vent)|pourrai(?:t|ent)) (?:encore |donc |aussi )?(?:servir|etre utiles?
            |rendre service|profiter)
        a (?:louer|ceder|donner|reprendre|preter|emporter|enlever)|en pret|l'emprunter
        en profiter
        uitlen\w+|lenen|ter beschikking|(?:heeft|hebben) .{0,40}\bover|vrij|beschikbaar|leihen
        verleih\w*|zur verfugung|verfugbar|ubrig|frei
        vend(?:s|re|ons)?|a vendre|te koop|zu verkaufen|for sale
        lend|available|spare|can (?:offer|send|provide)
        a (?:vous|eux|la communaute)|pouvons (?:vous )?(?:aider|mettre)|peut (?:aider|mettre)
        uit te lenen|mis(?:e)?s? a
        en surnombre|lenen .{0,60}\buit|peu(?:t|vent) s'y joindre|ouverte?s? (?:a tous|aux autres
            |a toutes)|avancer
    """,
    "need": r"""
        (?:re)?cherch\w+|besoins?|manqu\w+|manque|emprunt\w+
        il (?:nous|me|lui) fau\w+
        qui (?:peut|pourrait|aurait|a|dispose\w*|saurait)|quelqu'un|quelle commune|quel cpas
        une commune
        (?:un|d'autres|quel|quelle|une autre) (?:cpas|zone|commune|ville|administration|collegue)s?
        coinc\w+|bloqu\w+|a l'arret|en panne|accueilleri\w+
        serions? (?:preneu|content|heureu)\w*
        renforts?|coup de main|appel a|sos|urgence|a court|debord\w+
        nous (?:preter|aider|depanner|detacher)
        zoek\w*|nodig|heeft (?:iemand|er)|wie (?:heeft|kan)|iemand|tekort
        such\w*|brauch\w*|benotig\w*|wer (?:hat|kann)|jemand|look(?:ing)? for|need\w*
        any(?:one|body)|could .{0,20}lend
        accueill\w+ (?:volontiers )?|dans l'embarras|sommes sans|n'avons (?:plus|pas)
        plus personne|arbeitskraft\w*|lend us|help us|could anyone
        serait (?:la bienvenue|bienvenue|le bienvenu|utile)|quelle (?:administration|zone)|fehlt
        ontbreken|short of
        qui a deja|y en a-t-il|parmi vous|d'entre vous|confreres?|homologues?|un voisin|nous avancer
    """,
    "others": r"""
        autres? (?:communes?|administrations?|cpas|zones?|institutions?|pouvoirs)
        communes? (?:voisines?|interessees?|de la province)
        (?:zones|cpas|administrations) (?:voisin\w+|interess\w+)|voisin\w*|aux communes
        les communes|tous les membres|d'autres
        a tous|aux membres|(?:aan )?andere gemeenten|anderen? gemeinden
        other (?:municipalities|communes)|aux (?:autres|amateurs)
        (?:toutes les|l'une des) communes|chez l'un de vous|l'un d'entre vous|andere besturen
    """,
    "relay": r"""
        relay\w+|diffus\w+|publi(?:er|ez|e)|fai(?:re|tes) (?:savoir|circuler|passer)|transmet\w+
        lancer
        verspreid\w*|doorsturen|veroffentlich\w*|weiterleit\w*|publish|circulate|pass on
    """,
    "join_in": r"""
        repond(?:ons|ent|ra|rons)? presente?s?|comptez (?:sur|avec) (?:nous|la|le|notre)
            |compter sur (?:nous|la|le|notre)|a bord
        (?:mont(?:e|er|ons) dans|prend(?:re|s|ons)? |rate\w* )le train|rall(?:ie|ions|ier
            |ient)\w*|une? (?:petite )?place (?:dans|parmi|pour)
        (?:etre|sera|serons|serions|serait|sommes|est) (?:aussi )?des votres|(?:etre|sera|serons
            |serait|sommes|est) de la partie
        ok pour (?:nous|moi|la plate\w*|l'inscription|participer)|d'accord pour (?:participer
            |l'inscription|la plate\w*|s'inscrire|nous inscrire)
        partants?|candidature|embarqu\w+|l'aventure|prononce\w* favorablement|emboit\w+ le pas
            |nous joign\w+|se joint|joindre a vous
        (?:reponse est|dit|disons|dire) oui|marqu\w+ (?:son|notre|leur|mon) interet
        doen (?:graag )?mee|meedoen|mee te doen|sind dabei|machen (?:gerne )?mit|mitmachen
            |count us in|on board
        s'y retrouver|nous y retrouver|en etre aussi|(?:y )?figurer|(?:trouver|prendre) (?:sa
            |notre) place parmi
    """,
    "account": r"""
        (?:un|notre|nos|le|d'un|des|son|l') ?(?:login|compte|acces
            |identifiants?)(?! a (?:la )?(?:rue|voirie))
        account|zugang|toegang|aanmelding
    """,
    "present": r"""
        (?:repr[eé]sent[eé]e?s?) par|agente? (?:traitante?|designee?|referente?)|agente? ?:
            |responsable ?:|contact ?:|detent(?:eur|rice)
        habilitee?|titulaire|notez|(?:avec|a|sous) mon nom|au nom d|sera (?:le|la|l'|notre)
            |responsable|se chargera|s'en chargera
    """,
    "mail_address": r"""
        [\w.+-]{1,60}@[\w.-]+|(?:\+32|0032|0)\d[\d ./]{6,14}
    """,
    "waiting": r"""
        toujours (?:rien|pas)|ca avance|avance\w*-t-il|ou (?:cela |ca )?en (?:est|sont|sommes)
            |silence radio|des nouvelles|sans nouvelles?|aucune nouvelle
        quel(?:s)? delais?|bien recu (?:notre|nos|le|la)|attribu(?:e|ee|es|tion)|adjudicataire
            |etat d'avancement|depuis (?:lors )?,? ?(?:plus )?rien|(?:cela|ca) coince
            |esperer une suite|faites-nous signe|est (?:bien )?part(?:i|ie) chez vous
        hoe ?ver|hoever|stand van zaken|wie weit|noch nichts|nog niets|any news|still (?:no|waiting)
    """,
    "supplier": r"""
        prestataires?|fournisseurs?|editeurs?|qui (?:fournit|livre|vend|propose)|chez qui
            |leverancier\w*|anbieter|lieferant\w*|suppliers?|who supplies|vendors?
    """,
    "have": r"""
        avez[- ]vous|auriez[- ]vous|existe\w*|y a-t-il|quelque chose|qqch|disposez|proposez
            |hebben jullie|hebt u|heeft u|haben sie|gibt es|do you have|is there
    """,
}
