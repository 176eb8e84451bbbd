"""Finds street addresses and box numbers, by shape and surroundings."""

import re

from comments.screening.emails_and_phones import without_overlap
from comments.screening.text.folding import Folded, words_in

STREET = (
    r"(?:Street|St|Avenue|Ave|Av|Road|Rd|Lane|Ln|Drive|Dr|Court|Ct|Close|Mews|Terrace|Place|Pl|Way|Boulevard|Blvd|"
    r"Crescent|Cres|Square|Sq|Row|"
    r"Hill|Gardens|Gdns|Grove|Walk|Parkway|Pkwy|Circle|Cir|Trail|Trl|Highway|Hwy|View|Alley|Path|Rise|Vale|Yard|"
    r"Wharf|Loop|Run|Bend|"
    r"Hollow|Ridge|Crossing|Heights|Parade|Esplanade|Green|Park|Turnpike|Pike|Quay|Broadway|Cottages|Villas|Plaza|"
    r"Track|Tr|Ter|Bank|Point|Cove|Landing|Glen|Meadow|Meadows)"
)
NAMED = r"(?:(?:[A-Z][a-z'’-]{0,20}\.?|\d{1,3}(?:st|nd|rd|th)|of|the|[NSEW]\.?|[NS][EW]) ){1,4}"
NUMBER = (
    r"(?:\d{1,5}(?:[A-Za-z]|-\d{1,4}[A-Za-z]?)?|(?:One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Eleven|Twelve|"
    r"Nineteen|Twenty|Thirty|Forty|Fifty)|[A-Za-z]{3,9} hundred(?: and)? [a-z]{3,9}|(?i:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-[a-z]{3,5})"
)
UNIT = r"(?:,? ?(?:apt|apartment|unit|suite|ste|flat|floor|no|#|lot)\.? ?#?[\w-]{1,6})?"
# What may follow a street: towns, states, postal codes, one after the other.
TOWN = (
    r"(?:,? ?(?!(?:Tel|Phone|Call|Text|Email|Thanks|I|But|And|So|The|My|We|Cel|Gracias|Mi|Me|Y|Pero|Ahi|Es|Por|Cerca|Bell|Asoc)\b)"
    r"(?:(?<=, )[A-Z][\w'-]{1,20}(?: (?:de |del |la |on |upon )?[A-Z][\w'-]{1,20}){0,3}|(?<= )[A-Z]{2}\b|"
    r"\d{5}(?:-\d{4})?(?!\d)(?: [A-Z][\w'-]{1,20}){0,3}|"
    r"[A-Z]{1,2}\d{1,2}[A-Z]? ?\d[A-Z]{2}\b|(?<= )[A-Z]{2,3} \d{4}\b)){0,4}"
)
BEFORE = r"(?:(?:flat|apt|apartment|unit|suite|lot) ?#?[\w-]{1,5},? (?:[a-z][\w'-]{1,15}(?: [a-z][\w'-]{1,15}){0,2}, )?)?"
ENGLISH = re.compile(rf"(?<![\w$.,/-])(?i:{BEFORE}){NUMBER},? {NAMED}{STREET}\b\.?(?: \d{{1,4}}\b)?(?i:{UNIT}){TOWN}")
FRENCH = re.compile(
    r"(?<![\w.,/-])\d{1,4}(?: ?bis| ?ter)?,? (?:rue|avenue|boulevard|chemin|impasse|allee|quai) (?:(?:de|des|du|la|le|les|d'|l') ?){0,3}[A-Z][\w'-]{1,20}(?: [A-Z][\w'-]{1,20}){0,2}"
    + TOWN
)
# "Lindenweg 14, 80331 München": the house comes last, and the kind of street is the end of its name.
GERMAN = re.compile(r"(?<!\w)[A-Z][a-z-]{2,24}(?:weg|strasse|str\.|gasse|platz|allee|ring|damm|ufer) \d{1,4} ?[a-z]?\b" + TOWN)
SMALL_STREET = (
    r"(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|court|ct|"
    r"close|terrace|boulevard|blvd|crescent|mews|way|place|parkway|circle)"
)
SMALL = re.compile(
    r"(?:live|living|lives|im|i am|address|addres|addr|send|mail|ship|come|house|home|place|stay|visit|at|to|is|"
    r"im at|find me)\b[^.!?\n\d]{0,24}"
    r"(?<![\w$./-])(\d{1,5}[a-z]? (?!(?:minute|hour|mile|way|block|day|step|min|km|month|week|year|people|in|mg|"
    r"of|and|or|to|the|more|foot|hr|times|am|pm)s?\b)"
    r"(?:(?!on |the |in |at )[a-z'-]{1,18}\.? ){1,3}"
    + SMALL_STREET
    + r"\b\.?(?:,? ?(?:(?:apt|apartment|unit|flat)\.? ?#?|#)[\w-]{1,5})?(?:,? (?:[a-z]{2,16} ){1,3}[a-z]{2},? \d{5})?)",
    re.IGNORECASE,
)
# What every such address holds; quickly looked for.
SMALL_AT_ALL = re.compile(rf"\d[a-z]? (?:[a-z'-]{{1,18}}\.? ){{1,3}}{SMALL_STREET}\b", re.IGNORECASE)
BOX = re.compile(
    r"(?<!\w)(?i:(?:P\.? ?O\.? ?B(?:ox\b|\.)|post office box|postal box|box number|pobox|apartado(?: postal| de correos?|"
    r" aereo)?|apdo\.?|casilla(?: postal| de correos?)?|"
    r"codigo apartado|a\.p\.|(?<=to )box|(?<=at )box|(?:rr|psc|cmr|unit|site) \d{1,5},? (?:site \d{1,4},? )?box)(?: (?:no|num|numero|number|nro|n)\.?| #| is| es(?: el)?)?[ :#]{1,2}\d{1,7}\b)"
    + TOWN,
)
VIA = (
    r"(?:calle|c/|c\.|avenida|avda\.?|av\.?|carrera|cra\.?|kra\.?|kr\.?|cll?\.?|calzada|calz\.?|paseo|pasaje|"
    r"psje\.?|plaza|jr\.?|jiron|camino|carretera|ronda|travesia|callejon|"
    r"privada|priv\.?|prolongacion|prol\.?|boulevard|bulevar|blvd\.?|diagonal|transversal|circuito|cerrada|"
    r"andador|rambla|glorieta|urbanizacion|urb\.?|"
    r"colonia|vereda|retorno|eje|manzana|mz\.?|sector|conjunto|residencial)"
)
SIGN = r"(?:,? ?(?:no\.?|num\.?|numero|nro\.?|n\.?[oº]?|#|casa|lote|lt\.?|km\.?|edificio|ext\.?|portal)[ :.]{0,2})"
HOUSE = r"(?:s/n\b|(?:dieci\w{3,6}|veinti\w{3,6}|doce|trece|catorce|quince)\b|\d{1,5}(?:-[A-Z]\b|[A-Za-z])?(?: ?- ?\d{1,4}[A-Za-z]?){0,3}(?: ?# ?\d{1,4}[A-Za-z]?(?: ?- ?\d{1,4})?)?)"
REST = (
    r"(?:,? (?:int\.?|interior|piso|depto\.?|dpto\.?|departamento|apto\.?|apartamento|puerta|pta\.?|planta|col\.?|"
    r"colonia|barrio|urb\.?|urbanizacion|fracc\.?|"
    r"fraccionamiento|sector|bloque|torre|esc\.?|escalera|casa|local|cp|c\.p\.|delegacion|"
    r"municipio|km|parcela|bajo|portal) [\w.]{1,14}(?: [A-Z][\w]{1,16}){0,3}|,? \d{1,2}[oaºª]\.? ?[A-Za-z]?\b){0,4}"
)
SPANISH = re.compile(
    rf"(?<!\w)(?i:{VIA}) (?:"
    rf"\d{{1,3}}[A-Za-z]?(?: (?i:bis|sur|norte|este|oeste))?{SIGN}{HOUSE}"
    rf"|(?:(?i:de|del|la|las|los|el|san|santa|sta\.?|dr\.?|gral\.?|\d{{1,2}}) ){{0,3}}"
    rf"(?:[\w'-]{{2,18}}[.,]? ){{1,5}}?{SIGN}?{HOUSE})"
    rf"(?! ?(?:anos|ano|horas|minutos|metros|cuadras|km|dias|meses|personas|veces|mg|"
    rf"de la (?:manana|tarde|noche)|pm|am|%)\b)(?i:{REST}){TOWN}"
    # Blocks and plots of Peru and Mexico, houses of India.
    rf"|(?<!\w)(?i:(?:mz|mza|manzana)\.? \w{{1,3}},? (?:lt|lote)\.? \d{{1,4}}(?:,? urb\.? [\w ]{{3,24}})?|h\.? ?no\.? ?\d[\d/-]{{1,12}}(?:, street no\.? ?\d{{1,3}})?){TOWN}"
)
SPANISH_TURNED = re.compile(
    r"(?<!\w)(?:numero|num\.?|no\.?|el|al|en el) \d{1,5} de (?:la )?(?:calle|avenida|av\.?|plaza|"
    r"carrera) [\w]{2,18}(?: [A-Z]\w{1,16}){0,3}",
    re.IGNORECASE,
)
# In small letters or as the start of a common word these need more than a number behind them.
VAGUE = re.compile(
    r"^(?:carrera|paseo|camino|carretera|ronda|plaza|sector|colonia|eje|c\.|cl|residencial|conjunto|urbanizacion|"
    r"vereda|retorno|manzana|calle|av|avenida) ",
    re.IGNORECASE,
)
A_YEAR = re.compile(r"(?:\b(?:en|de|del|in|desde|hasta) )(?:19|20)\d\d$")
LIVES = re.compile(
    r"\b(?:viv\w+|direccion|domicilio|casa|mand\w+|envi\w+|en|a|al|es|hasta|frente|queda|ubicad\w+|vengan|"
    r"visit\w+|reunim\w+|estoy|la|mi)\W*(?:la |el )?$",
    re.IGNORECASE,
)

# One word of these stands in what the pattern beside them finds: most texts have none, and need no slow search.
DIGIT = re.compile(r"\d")
NUMBERS = frozenset(re.findall(r"[A-Z][a-z]+", NUMBER))
STREETS = frozenset(re.findall(r"\w+", STREET))
SMALL_STREETS = frozenset(re.findall(r"\w+", SMALL_STREET))
RUES = frozenset(("rue", "avenue", "boulevard", "chemin", "impasse", "allee", "quai"))
WEGE = ("weg ", "strasse ", "str. ", "gasse ", "platz ", "allee ", "ring ", "damm ", "ufer ")
BOXES = frozenset(("box", "b", "pob", "pobox", "ob", "obox", "apartado", "apdo", "casilla", "p"))
VIAS = frozenset(re.findall(r"[a-z]+", VIA)) | {"cl", "mza", "h"}


def addresses_in(seen: Folded) -> list[tuple[int, int]]:
    """Return where street addresses and box numbers stand, as places of the folded text."""
    text = seen.text
    typed, small = words_in(text), words_in(text.lower())
    if not (DIGIT.search(text) or typed & NUMBERS or "hundred" in text or "ty-" in text):
        return []
    places = []
    if typed & STREETS:
        places += [match.span() for match in ENGLISH.finditer(text)]
    if typed & RUES:
        places += [match.span() for match in FRENCH.finditer(text)]
    if any(ending in text for ending in WEGE):
        places += [match.span() for match in GERMAN.finditer(text)]
    if small & BOXES:
        places += [match.span() for match in BOX.finditer(text)]
    if small & SMALL_STREETS and SMALL_AT_ALL.search(text):
        places += [match.span(1) for match in SMALL.finditer(text)]
    if small & VIAS:
        places += [match.span() for match in SPANISH_TURNED.finditer(text)]
        places += [match.span() for match in SPANISH.finditer(text) if _is_spanish_address(match, text)]
    return without_overlap(places)


def _is_spanish_address(match, text):
    found = match.group()
    if A_YEAR.search(found):
        return False
    if not VAGUE.match(found) or "#" in found or re.search(r" (?:no|num|numero|nro)\b", found, re.IGNORECASE):
        return True
    name = found.split(" ", 1)[1].split(" ")[0]
    return (
        name[:1].isupper()
        or bool(LIVES.search(text[max(0, match.start() - 30) : match.start()]))
        or found.lower().startswith("calle")
    )
