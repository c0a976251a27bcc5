"""Dutch descriptions of the answer's parts, for the OpenAPI document.

Goes in: nothing. Comes out: per type of the answer what it is, and what each of its fields is: the same name can mean
something else in another type. Must not know: how the answer is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

Texts = tuple[str, Mapping[str, str]]
"""What a type is, and what each of its fields is."""
_NORM: Final = "De code van de norm, zoals VSV-1; GET /beleid/{norm} toont de regels."
_SOURCES: Final = "Waar dit staat; de wet eerst."
_UNTIL: Final = "De laatste dag waarop dit oordeel zeker geldt als alleen de tijd verandert; null is altijd."
_MISSING: Final = (
    "Een kleinste stel open punten dat de deling toegestaan maakt, op welke norm dan ook. "
    "Leeg als het oordeel vaststaat."
)
_FIELDS: Final = "De plaatsen in de vraag waar dit op rust, in de vorm van feit onder ontbrekend."
_STATUS: Final = "voldaan, niet_voldaan, of open: dan hangt het af van wat onbekend is."

TEXTS: Final[Mapping[str, Texts]] = {
    "Advies": (
        "Het antwoord op één vraag.",
        {
            "id": "Het id van dit advies; GET /adviezen/{id} geeft het later terug. Null bij een proef.",
            "voorlopig": "Alleen bij een proef: dit antwoord is niet vastgelegd. Vraag zonder proef voordat u deelt.",
            "kenmerk": "Uw eigen kenmerk, zoals u het stuurde.",
            "peildatum": "De dag waarvan het recht geldt.",
            "beleid": "De regels en feiten waarmee is beslist.",
            "jongere": "Wat er over de jongere volgt.",
            "taken": "Wat een partij zeker moet of mag doen.",
            "adviezen": "Per deling en gegeven één, in de volgorde van de vraag.",
            "stromen": "Zonder delingen, of met stromen=ja: alle stromen die mogen of kunnen op een wettelijke grond.",
        },
    ),
    "Afleiding": (
        "Alles achter een advies.",
        {
            "bewijs": "Per grondslag die delen toestaat: de redenen, tot en met wat u zelf opgaf.",
            "waarom_niet": "Per andere norm over deze deling: waarom die delen niet of nog niet toestaat.",
            "teksten": "De officiële tekst van elk artikel hierachter; alleen als deze dienst wetteksten bewaart.",
        },
    ),
    "Wettekst": (
        "De officiële tekst van een artikel of een lid, op de peildatum.",
        {
            "titel": "De naam van de wet.",
            "artikel": "Het artikel, en soms het lid.",
            "juriconnect": "De verwijzing als Juriconnect, zoals bij de bronnen.",
            "tekst": "De tekst, een regel per lid, onderdeel of alinea.",
            "vanaf": "De dag sinds wanneer de wet als geheel deze tekst heeft.",
        },
    ),
    "Alternatief": (
        "Een ander gegeven of een andere weg naar hetzelfde doel; één van beide is gevuld.",
        {
            "toelichting": "Waarom dit een alternatief is.",
            "gegeven": "Het gegeven dat u in plaats hiervan kunt delen.",
            "route": "De andere weg, of de partij waarlangs u kunt delen.",
        },
    ),
    "Antwoord": (
        "Waarden voor de variabelen waarmee alle voorwaarden zeker of mogelijk gelden.",
        {
            "waarden": "Per variabele een waarde; een datum is een getal. Null: een getal of datum die niemand noemde.",
            "zekerheid": "zeker: wat ook onbekend is. mogelijk: het kan, afhankelijk van wat onbekend is.",
            "afleiding": "Per voorwaarde van de vraag de reden; een vergelijking heeft er geen.",
        },
    ),
    "VragenAntwoord": (
        "De antwoorden op een vraag met variabelen.",
        {
            "kenmerk": "Uw eigen kenmerk, zoals u het stuurde.",
            "peildatum": "De dag waarvan het recht geldt.",
            "beleid": "De regels en feiten waarmee is beslist.",
            "vraag": "De vraag zoals die begrepen is.",
            "variabelen": "De variabelen, in de volgorde van de vraag.",
            "antwoorden": "De antwoorden, op volgorde van hun waarden.",
            "meer": "Of er meer antwoorden zijn dan hier staan.",
        },
    ),
    "Beleid": (
        "De regels en feiten waarmee is beslist.",
        {
            "versie": (
                "De editie van alle regels en feiten, voor mensen: de eerste dag van de jongste regeling, en het begin "
                "van de vingerafdruk van alles bij elkaar."
            ),
            "hash": "De vingerafdruk van de regels en feiten die op de peildatum gelden.",
        },
    ),
    "Bereik": (
        "Een bereik van goede getallen of datums, grenzen meegerekend.",
        {
            "vanaf": "De laagste goede waarde; null is geen grens.",
            "tot": "De hoogste goede waarde; null is geen grens.",
        },
    ),
    "Bewijs": (
        "Een feit in woorden, de regel die het geeft, en waar die op rust.",
        {
            "feit": "Het feit, in woorden.",
            "uitleg": "Waarom het zo is: de uitleg van de regel, of dat u het zelf opgaf.",
            "norm": "De norm van de regel; null voor wat u opgaf en voor feiten van de woordenlijst.",
            "bronnen": _SOURCES,
            "geldigheid": "Wanneer de regel geldt; null waar er geen regel is.",
            "premissen": "De feiten waar dit op rust.",
            "velden": _FIELDS,
        },
    ),
    "Bron": (
        "Een vindplaats in een wet of ander stuk.",
        {
            "titel": "De officiële titel.",
            "artikel": "De plaats erin: een artikel of een paragraaf.",
            "url": "Een adres om de bron te lezen; null als er geen is.",
            "juriconnect": "De Juriconnect-verwijzing (jci 1.3); null als er geen is.",
        },
    ),
    "DelingAdvies": (
        "Het advies over één deling van één gegeven.",
        {
            "deling": "De deling waar het over gaat.",
            "oordeel": "Wat er met de deling mag. Bij onder_voorwaarden zegt 'ontbrekend' wat er nodig is.",
            "grondslagen": "De grondslagen waarvan alle vier de stappen voldaan zijn; gevuld bij toegestaan.",
            "samenvatting": "Wat er mag, in één korte zin.",
            "wegen": "Per norm die de deling toestaat of nog kan toestaan één weg, met wat daarvoor ontbreekt."
            " Eerst de wet, toestemming als laatste; uitzonderlijke wegen staan achteraan.",
            "geldig_tot_reden": "Wat er op de dag na geldig_tot verandert; null als geldig_tot null is.",
            "wacht_op": "Waar de eerste open weg op wacht: het zwaarste wat ontbreekt; null als er niets ontbreekt.",
            "stappen": "De vier stappen van de norm van de eerste weg; zonder weg van de norm waar de vraag over gaat.",
            "ontbrekend": _MISSING,
            "verplichtingen": "Wat u altijd moet doen als u deelt.",
            "voor_de_jongere": "Wat u de jongere kunt vertellen of geven bij toegestaan. Null als de jongere zelf geeft"
            " of krijgt, en bij geanonimiseerde informatie.",
            "alternatieven": "Andere gegevens of andere wegen naar hetzelfde doel.",
            "kanttekeningen": "Wat een jurist erbij zou zeggen.",
            "geldig_tot": _UNTIL,
            "toelichting": "Het advies in één alinea, in gewone taal.",
            "kantelpunten": (
                "Alleen met ?kantelpunten=ja: de velden van de vraag waarvan een andere waarde dit oordeel verandert; "
                "hooguit twintig velden."
            ),
            "afleiding": "Alleen met ?uitleg=volledig: alles achter dit advies.",
        },
    ),
    "VoorDeJongere": (
        "Wat u de jongere kunt vertellen of geven (AVG artikel 13 en 14).",
        {
            "tekst": "Wie wat aan wie geeft, waarvoor, op welke grond, en welke rechten er zijn: aan de jongere.",
            "rechten": "De rechten van de jongere bij deze deling, op de eerste grond die haar draagt.",
        },
    ),
    "DelingVraag": (
        "De deling waar het over gaat, van één gegeven.",
        {
            "verstrekker": "Wie het gegeven geeft.",
            "ontvanger": "Wie het gegeven krijgt.",
            "gegeven": "Wat er gedeeld wordt.",
            "doel": "Waarvoor.",
        },
    ),
    "Geldigheid": (
        "Wanneer een regel geldt.",
        {"vanaf": "De eerste dag; null is altijd al.", "tot": "De laatste dag; null is zonder einde."},
    ),
    "Grondslag": (
        "Een grondslag waarvan alle vier de stappen voldaan zijn.",
        {
            "grondslag": "De grondslag.",
            "avg": "De plaats in de AVG; null als er geen is.",
            "norm": _NORM,
            "bronnen": _SOURCES,
        },
    ),
    "JongereBeeld": (
        "Wat er over de jongere volgt.",
        {
            "leeftijd": "De leeftijd op de peildatum, opgegeven of afgeleid; null als die onbekend is.",
            "voortijdig_schoolverlater": "Of de jongere een voortijdig schoolverlater is; 'onbekend' waar dat open is.",
            "loopbaanbegeleiding": "De aanvullende loopbaanbegeleiding.",
            "rol_doorstroompunt": "De rol van het Doorstroompunt voor deze jongere; 'onbekend' waar die open is.",
        },
    ),
    "Kantelpunt": (
        "Een veld van de vraag met een andere waarde, en het oordeel dat er dan is.",
        {
            "veld": "De plek in de vraag.",
            "waarde": "De andere waarde: true, false of een woord, zoals die in de vraag zou staan.",
            "oordeel": "Het oordeel over deze deling met die waarde, als al het andere gelijk blijft.",
        },
    ),
    "Kanttekening": (
        "Wat een jurist erbij zou zeggen.",
        {"kanttekening": "De code.", "toelichting": "De kanttekening, in gewone taal."},
    ),
    "Loopbaanbegeleiding": (
        "De aanvullende loopbaanbegeleiding.",
        {
            "aanbod": "Of de school die moet of mag aanbieden; 'onbekend' waar dat open is.",
            "tot": "De laatste dag; null als die niet vaststaat.",
        },
    ),
    "NormUitleg": (
        "Waarom een norm het delen niet of nog niet toestaat.",
        {
            "norm": _NORM,
            "titel": "De naam van de norm.",
            "grondslag": "De grondslag waar de norm op steunt.",
            "status": "niet_voldaan, of open: dan hangt het af van wat onbekend is.",
            "stappen": "De vier stappen, als voorwaarden.",
        },
    ),
    "Ontbrekend": (
        "Iets wat nog onbekend is en de deling toegestaan kan maken.",
        {
            "feit": "De plek in de vraag waar het antwoord hoort.",
            "soort": "feit: zoek het op. handeling: doe of vraag het.",
            "gunstig": "De waarden die helpen: een lijst, of een bereik. Is de plek een lijst, dan wat erbij moet.",
            "vraag": "De vraag om te stellen, in gewone taal.",
        },
    ),
    "NormWeg": (
        "De weg naar toestaan op één norm: met deze antwoorden is op die norm aan alle vier de stappen voldaan.",
        {
            "norm": _NORM,
            "grondslag": "De grondslag waar de norm op steunt.",
            "status": "voldaan: de norm staat het toe. open: er ontbreekt nog iets.",
            "ontbrekend": "Het kleinste stel open punten waarmee deze norm het toestaat; leeg als dat al zo is.",
            "uitzonderlijk": "Of de norm alleen dicht is omdat een uitzondering niet is opgegeven. Wat u dan moet"
            " opgeven, staat vooraan. Zo'n weg verandert het oordeel niet.",
        },
    ),
    "Reden": (
        "Een voorwaarde van de vraag, en waarom die geldt of kan gelden.",
        {
            "voorwaarde": "De voorwaarde, zoals die begrepen is.",
            "zekerheid": "zeker: wat ook onbekend is. mogelijk: het kan, afhankelijk van wat onbekend is.",
            "bewijs": "De redenen.",
        },
    ),
    "Stap": (
        "Een van de vier stappen van het stappenplan, voor één norm.",
        {
            "stap": "Het nummer: 1 tot en met 4.",
            "naam": "grondslag, doel, proportionaliteit of subsidiariteit.",
            "status": _STATUS,
            "toelichting": "Waarom deze stap zo uitkomt.",
            "velden": _FIELDS,
        },
    ),
    "Stroom": (
        "Een stroom die mag of kan op een wettelijke grond, met alle gegevens waarvoor hetzelfde geldt.",
        {
            "norm": _NORM,
            "grondslag": "De grondslag waar de norm op steunt.",
            "verstrekker": "Wie de gegevens geeft.",
            "ontvanger": "Wie de gegevens krijgt.",
            "doel": "Waarvoor.",
            "gegevens": "De gegevens waarvoor dit geldt.",
            "oordeel": "toegestaan of onder_voorwaarden.",
            "ontbrekend": "Een kleinste stel open punten dat deze stroom op deze norm toegestaan maakt.",
            "wacht_op": "Het zwaarste wat ontbreekt; null als er niets ontbreekt.",
            "geldig_tot": _UNTIL,
        },
    ),
    "Taak": (
        "Wat een partij zeker moet of mag doen.",
        {
            "partij": "Wie de taak heeft.",
            "taak": "De taak.",
            "aard": "Of de taak moet of mag.",
            "tot": "De laatste dag; null als die niet vaststaat.",
            "bronnen": _SOURCES,
        },
    ),
    "Voorwaarde": (
        "Een voorwaarde in woorden, en of eraan voldaan is.",
        {
            "feit": "De voorwaarde, in woorden.",
            "status": _STATUS,
            "uitleg": "Waarom.",
            "wegen": "De regels die de voorwaarde kunnen geven.",
            "velden": _FIELDS,
        },
    ),
    "Weg": (
        "Een regel die een voorwaarde kan geven.",
        {
            "norm": "De norm van de regel.",
            "bronnen": _SOURCES,
            "geldigheid": "Wanneer de regel geldt.",
            "voorwaarden": "Wat er voor die regel nodig is.",
        },
    ),
}
