"""Cues of purchasing: to join a central, to order, to ask for the catalogue or a template."""

from __future__ import annotations

from handlers.reading.cue import ASKED, OPEN, SAID, WISHED, Intent, cue

JOINING = (
    cue(Intent.JOIN_CENTRAL, 4, SAID, r"""
        (?:adhe\w+|rejoi\w+|membre|inscri\w+|affili\w+|particip(?!ati[fv])\w+|convention
            |recour\w+).{0,60}\bcentrale\b
        centrale\b.{0,60}(?:adhes\w+|adhere\w*)
        (?:aansluit|toetred)\w+ .{0,60}(?:aankoop)?centrale\b
        (?:beitret\w+|beitritt|anschluss) .{0,60}(?:einkaufs)?zentrale\b
        (?:join|membership) .{0,40}(?:purchasing|central)
    """),
)  # fmt: skip
ORDER = (
    cue(Intent.ORDER, 3, SAID, r"""
        pass(?:e|er|ons|ent) (?:la |une |notre |la presente )?commande
        (?:lancer|lancez|enregistrer|enregistrez|acter|actez|noter|notez|traiter|valider
            |introdui\w+
            |transmets?|transmettre|transmettons|adresser|adresse|adressons|envoie|envoyons
            |effectuer|trouver) GAPcommande\b
        prendre (?:bonne )?(?:acte|note) de GAPcommande\b
        bons? de commande
        (?:vaut|vaudra|valant|(?:tien\w+|tenant) lieu de|fai\w+ office de) (?:bon de )?commande
        (?:annexe|joint|voici) (?:le|notre) bon (?:signe|dument|approuve)
        (?:ci-joint|ci-annexe|en annexe|en pj|voici|trouver)\w* .{0,40}\bbdc\b
            |\bbdc\b .{0,30}(?:annexe|joint|pj|signe)
        (?:nous |je |on )?command(?:ons|er)\b
        (?:nous|on) (?:vous )?(?:en )?command(?:e|erions|erait)\b
        je (?:vous )?commande\b
        commandent\s
        (?:commune|ville|cpas|zone|province|administration)\b[^.;?]{0,50}? commande (?:l'|\d)
        (?:commune|ville|cpas|zone|province)\b[^.;?]{0,50}? commande (?:la|le|les|une?|deux|via)\b
        (?:notre|nouvelle|ma|presente) commande\b(?! (?:cmd|n|du))
        ^commande\b(?!s)(?!.{0,25}\bcmd-)(?! (?:en cours|du|n)\b)
        commande (?:suivante|ci-dessous|ci-apres|ferme|officielle|urgente)
        (?:souhait|desir|voudr|aimer)\w* (?:pouvoir )?(?:command|acqueri|achete|souscri)\w*
        commande d[e']\s
        (?:beneficier|disposer|equiper|doter|beneficie) (?:de |d')(?:la |l'|le |une )?(?:solution
            |e-guichet|application|module|logiciel)
        souscri(?:re|vons|t|ption) (?:a|au) .{0,30}(?:solution|application|e-guichet|module)
        (?:gelieve|graag) .{0,30}bestelling|(?:wij|we|ik) bestel\w*|bestellen (?:wij|we|wir)
            |hierbij bestel\w*|bestelbon
            |bestelling (?:plaatsen|geplaatst)
        (?:wir|ich) bestell\w*|bestellung auf(?:geben)?|bestellschein
        (?:place|placing) (?:an|the|our) order|purchase order|(?:would like|want|wish) to order
    """.replace("GAP", r"(?:(?:de|la|une|notre|nos|votre|presente|ci-joint|ci-apres|en annexe"
        r"|ci-dessous|bonne note de|note de)\s)*")),
)  # fmt: skip
STATUS = (
    cue(Intent.ORDER_STATUS, 3, WISHED, r"""
        ou (?:cela |ca )?en (?:est|sont|sommes)
        attend\w* .{0,40}(?:livraison|attribution|suite) .{0,60}(?:command|solution|guichet)
        (?:contrat|marche|licence).{0,60}(?:jusque? quand|jusqu'a quand|court encore|court-il)
        combien de temps .{0,40}(?:contrat|marche|licence|commande)
        (?:jusqu'a|jusque) quand .{0,60}(?:contrat|marche|licence)
        (?:etat (?:d'avancement )?|suivi |statut |point |nouvelles? )(?:d|s|c|p|r
            |a)[\w']*.{0,25}commande
        (?:quand|date|jour).{0,80}(?:attribu|echeance|livr|fin d|terme|expir|se termin
            |prend[\w-]* fin)
        (?:quand|date|jour).{0,80}(?:echoi|finit|s'acheve|cess|renouvel|reconduct|prolong)
        (?:echeance|fin|terme|duree|expiration|reconduction) d[eu].{0,25}(?:contrat|marche|licence)
        (?:prolongation|renouvellement|date de fin) d[eu].{0,25}(?:contrat|marche|licence|commande)
        ^\W*(?:echeance|expiration|date de fin)\b.{0,60}$
        arrive a (?:son )?(?:terme|echeance)|vient a echeance
        (?:contrat|marche|commande).{0,60}(?:se termine|prend fin|expire|echoit)
        commande.{0,80}(?:toujours (?:pas|rien)|sans nouvelles?|aucune nouvelle)
        (?:toujours (?:pas|rien)|sans nouvelles?|aucune nouvelle
            |toujours en attente).{0,80}commande
        (?:liste|releve|recapitulatif|apercu) d[eu]s? (?:nos |mes |vos )?(?:commandes|contrats)
        (?:nos|mes) (?:commandes|contrats) en cours
        (?:status|stand van zaken) .{0,25}bestelling|waar blijft .{0,20}bestelling
        wanneer .{0,60}(?:loopt|verloopt|eindigt|afloopt|geleverd)|einddatum
        wann .{0,60}(?:endet|lauft|geliefert|ablauft)|stand .{0,15}bestellung|wie weit (?:ist
            |sind)\s
        (?:status of|where is) .{0,15}order|when .{0,60}(?:contract|order) .{0,20}(?:end|expire)\w*
    """),
    cue(Intent.ORDER_STATUS, 2, ASKED, r"""
        (?:notre|nos|ma|mes|cette|la|sa) (?:\w+ )?commandes?\b
        cmd-
    """),
)  # fmt: skip
INFORMATION = (
    cue(Intent.CATALOGUE, 3, WISHED, r"""
        catalogue
        (?:quelles?|toutes les|vos|les differentes) solutions?
        liste .{0,25}solutions?
        (?:apercu|vue d'ensemble|presentation) (?:des|de vos) (?:\w+ )?solutions
        solutions? .{0,20}(?:disponibles?|proposees?|offertes?|existantes?)
        solutions? (?:de|dans|via) (?:la|votre) centrale
        (?:quels?|quelles?) (?:\w+ ){0,3}(?:produits?|logiciels?|outils?|applications?|marches?
            |services).{0,40}(?:propos|dispon|centrale|offr|couver)\w*
        que propose.{0,20}centrale|que (?:peut-on|pouvons-nous) (?:y )?(?:acheter|commander
            |trouver)
        qu'est-ce que .{0,20}centrale .{0,15}propose
        liste des (?:prestataires|prix|tarifs)|grille tarifaire|vos (?:prix|tarifs)
        (?:catalogus|katalog|prijslijst|preisliste|price list)\b
        (?:welke|overzicht van de) oplossingen|(?:welche|liste der) losungen|(?:which
            |list of) solutions
    """),
    cue(Intent.SHEET, 3.5, WISHED, r"""
        fiches? (?!de paie|de poste|d'(?:inscri|adhes|ident)|utilisat|signal|de (?:renseig
            |contact|membre)|(?:est\s
            |se trouve )?(?:ci-|jointe|en annexe|annexee)|.{0,30}\b(?:jointe?|annexee?|en annexe
            |ci-jointe)\b)
        ^\W*fiches?$
        descriptif
        (?:en savoir plus|details?) (?:sur|concernant) .{0,12}(?:solution|e-guichet|application)
        (?:informations?|renseignements?) (?:sur|concernant) .{0,12}(?:solution|e-guichet
            |application|logiciel|module)
    """),
    cue(Intent.STATISTICS, 3.5, OPEN, r"""
        statisti\w+
        combien d[\w']* ?(?:communes|cpas|membres|institutions|commandes|annonces|demandes
            |inscrits)
        (?:les|vos|des|quelques) chiffres
        (?:montant|prix|cout) (?:moyen|total|global) (?:d|par)|moyenne d|(?:de|uw|jullie) cijfers\b
        taux de (?:participation|couverture)
        nombre (?:de|d') ?(?:communes|membres|commandes|institutions|inscrits)
        hoeveel (?:gemeenten|leden|bestellingen)|wie viele (?:gemeinden|mitglieder|bestellungen)
        how many (?:municipalit\w+|members|orders|communes)
    """),
    cue(Intent.TEMPLATE_REQUEST, 2.5, WISHED, r"""
        modeles?\s
        modeles?$
        canevas|gabarit|clausier
        documents? (?:de marche|tout prets?|standards?)|(?:papier|exemplaire|document)s? types?
        standaarddocument\w*|model voor een
        convention[- ]type|documents?[- ]types?
        (?:cahier|clauses?|deliberation|reglement|contrat|courrier)s?[- ]types?
        cahier (?:special )?des charges[- ]types?
        (?:convention|deliberation|reglement|contrat) (?:\w+ ){0,3}types?\b
        exemples? d[e'] ?(?:convention|deliberation|cahier|reglement|contrat|bon)
        (?:envoy|recev|obten|transmet|fourni|procur|avoir|disposer)\w* (?:\w+ ){0,3}convention
        conventions? (?:de |d')(?:pret|soutien|mise a disposition|echange)
        (?:sjablo\w+|model\s?overeenkomst|modelbestek|musterv\w+|vorlage|template)\b
    """),
)  # fmt: skip
