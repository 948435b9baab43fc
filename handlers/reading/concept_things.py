"""The things that letters speak of: groups of words that say the same, in four languages.

Over levelled text, one group of alternatives a line; an indented line goes on with the one above.
"""

from __future__ import annotations

THINGS = {
    "platform": r"""
        site d'(?:entr?-?aide|echanges?)
        plate-?\s?formes?|platformes?|e-plate\w*|reseau|dispositif|initiative|projet|mouvement
        aventure
        systeme d'(?:echange|entraide)|platt?forms?|netwerk|netzwerk|network
        experience
        outil|systeme|portail|portaal|portal
    """,
    "list": r"""
        listes?|fichiers?|registre des \w+|banques? de donnees|base de donnees|repertoire
        annuaire
        (?:vos|les|des|aux?|nos) (?:membres|participants|adherents|affilies|inscrits|utilisateurs)
        ledenlijst|adressenlijst|mitgliederliste|verteiler|mailing ?list|lijst|liste
    """,
    "messages": r"""
        (?:vos|les|des|tous les|ces|nos) (?:messages?|mails?|e-mails?|courriels?|courriers?|annonces
            |demandes|notifications|avis|envois)
        uw (?:berichten|mails)|ihre (?:nachrichten|mails)|your (?:messages|mails)
    """,
    "ours": r"""
        nous|notre|nos|commune|ville|cpas|zone|administration|institution|province|college
        conseil
        bureau permanent|collectivite|organisme|pouvoir local
        gemeente|ocmw|stad|politiezone|ons|onze|wij|we|gemeinde|oshz|stadt|polizeizone|wir|uns
        unsere?\w*|municipality|our|council|us
    """,
    "contact": r"""
        utilisat(?:eur|rice)s?|users?|gebruik(?:er|ster)s?|benutzer\w*|nutzer\w*
        personne (?:designee|de contact|de reference|ressource|relais|renseignee|responsable
            |mandatee|inscrite|habilitee)
        referente?s?|correspondante?s?|interlocut\w+
        (?:point|agent|adresse) (?:de contact|relais
            |referent|de reference)
        contactpersoon|contactpersonen|aanspreekpunt|ansprechpartner\w*|kontaktperson\w*
        contact (?:person|point)|point of contact|representante?|agent designe
    """,
    "central": r"""
        centrales?(?: d'achats?| de marches| commune)?|aankoop\s?centrale|einkaufszentrale\w*
        beschaffungszentrale\w*|purchasing (?:central|body)|central purchasing
    """,
    "order_word": r"""
        commandes?|bons? de commande|bdc|bestelling\w*|bestelbons?|bestellung\w*
        bestellschein\w*
        (?:purchase )?orders?|cmd-[\d-]+
        (?:notre|le|votre|un) bon(?! (?:sens|usage|jour|etat))|b\.?c\.? ?\d[\d/-]*
    """,
    "solution": r"""
        solutions?|e-?guichets?|applications? mobiles?|appli|prise de rendez-vous|modules?
        licences?
        logiciels?|budget participatif|consultation citoyenne|signalement des incivilites
        reservation (?:et|des|de)|tournees du service|informatisation|oplossing\w*|losung\w*
        e-loket|mobiele app
    """,
    "announce_word": r"""
        annonces?|appels?|demande|demandes|offres?|propositions?|recherches?|besoins?|message
        oproep\w*|aankondiging\w*|aanbod|aanvraag|vraag|anzeigen?|anfragen?|angebot\w*|aufruf\w*
        requests?|announcements?|offers?|calls?
    """,
    "model": r"""
        quels? (?:document|formulaire|contrat|papier)s?
        modeles?|canevas|gabarits?|types?|standards?|exemples?|formulaires?|sjablo\w+|model\w*
        muster\w*|vorlagen?|templates?
        tout prets?|papiers? types?|exemplaires? types?|standaard\w*
    """,
    "document": r"""
        conventions?|contrats?|cahiers? (?:special |speciaux )?des charges|csc|documents?
        deliberations?|reglements?|formulaires?|courriers?|overeenkomst\w*|vereinbarung\w*
        contracts?
        agreements?|baux|bail|bordereaux?|canevas|marches? (?:de faible montant|public)
            |faible montant
    """,
    "thing": r"""
        agent(?:e|s|es)?|employ(?:e|ee|es|ees)|personnel|ouvri(?:er|ers|ere|eres)|renforts?
        secretaires?
        comptables?|puericultric\w+|infirmi\w+
        aides?-?\s?(?:soignante?s?|menager\w*|familiale?s?)
        assistante?s? socia\w+|educat\w+|cuisini\w+|jobistes?|etudiante?s?|ecopasseur|conduct\w+
        chauffeurs?|architectes?|juristes?|geometres?|conseill\w+|informatici\w+|fossoyeurs?
        surveillant\w*
        accueillant\w*|main[- ]d'oeuvre|bras|gradue\w*|bachelier\w*|inspecteurs?|policiers?
        equipes?
        jardini\w+|electrici\w+|menuisi\w+|macons?|graphistes?|archivistes?|bibliothecaires?
        gardiens?
        traduct\w+|formateurs?|agent constatateur|stagiaires?|collaborat\w+|titulaire|receveur
        bediende\w*|medewerk\w+|arbeider\w*|personeel|boekhoud\w+|verpleeg\w+|fahrer\w*
        \w*mitarbeit\w+
        buchhalt\w+|personal|arbeiter\w*|pfleg\w+|staff|workers?|employees?|accountants?|nurses?
        drivers?|clerks?
        materiel\w*|mobilier|armoires?|bureaux|machines?|camions?\w*|camionnettes?|tracteurs?\w*
        vehicules?
        chapiteaux?|tonnelles?|chaises?|tables?|podiums?|barrieres?|nadars?|balayeuses?
        broyeurs?|nacelles?
        lames? (?:a neige|de deneigement)|saleuses?|epandeuses?|sel|remorques?|grues?|tondeuses?
        pell\w+
        mini-?pelle|compresseurs?|groupes? electrogenes?|generat\w+|ordinateurs?|ecrans?
        imprimantes?|scanners?
        projecteurs?|beamers?|sono\w*|radars?|afficheurs?|panneaux?|cones?|signalisation|urnes?
        isoloirs?|lits?
        fauteuils?|lave-\w+|frigos?|fours?|salles?|locaux|stocks?|equipements?|outil\w*
        echafaudages?
        echelles?|pompes?|rouleaux?|minibus|bus|cars?|velos?|tentes?|gobelets|vaisselle
        defibrillateurs?|drones?
        cabines?|sacs de sable|bacs?|plaques? vibrantes?|dameuses?|karchers?|nettoyeurs?
        tronconneuses?|bennes?
        conteneurs?|containers?|citernes?|chars?|scenes?|gradins|micros?|extincteurs?|cameras?
        gilets
        graafmachine\w*|minigravers?|grasmaaier\w*|maaimachine\w*|vrachtwagen\w*|bestelwagen\w*
        tractor\w*|traktor\w*|heftruck\w*|strooi(?:er|wagen)\w*|sneeuwploeg\w*|stroomgroep\w*
        hoogwerker\w*|waterpomp\w*|versnipperaar\w*|ladders?|zaal|zalen|vergaderzaal
        minibagger|radlader|lkw|lieferwagen|schneepflug\w*|hacksler|rasenmaher\w*|pumpen?|leitern?
        hebebuhne\w*|saal|lautsprecher\w*
        materiaal|voertuig\w*|tafels?|stoelen|veegmachine\w*|kehrmaschine\w*|aanhangwagen\w*
        tent(?:en)?|zelte?
        fahrzeug\w*|tische|stuhle|anhanger|bagger|buhne|equipment|chairs|vehicles?|sweepers?
        stages?|trailers?
        (?:un|des|quelques|nos) conseils|expertise|experience|savoir-faire|formations?
        retour d'experience|bonnes? pratiques?
        reglements?|exemples?|competences?
        \w*tenten?|\d+ (?:tonnes?|m3|litres?|palettes?|pieces?|exemplaires?)|permis|installation
    """,
    "products": r"""
        produits?|fonctionnalit\w+|solutions?|outils?|marches?|software|products?|oplossing\w*
            |losung\w*
    """,
    "amount": r"""
        \d[\d. ]{0,12}(?:,\d\d)? ?(?:€|eur\b|euros?)|(?:€|eur) ?\d
    """,
}
