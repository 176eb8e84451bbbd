"""Finds street addresses, dates of birth and numbers of records, insurance and identity cards, by shape and surroundings."""

import itertools
import re

from comments.screening.details import IDENTITY, with_digits, without_overlap
from comments.screening.folding import Folded
from comments.screening.numerals import spelled_in

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
SMALL = re.compile(
    r"(?:live|living|lives|im|i am|address|addres|addr|send|mail|ship|come|house|home|place|stay|visit|at|to|is|"
    r"im at|find me)\b[^.!?\n\d]{0,24}"
    r"(?<![\w$./-])(\d{1,5}[a-z]? (?!(?:minute|hour|mile|way|block|day|step|min|km|month|week|year|people|in|mg|"
    r"of|and|or|to|the|more|foot|hr|times|am|pm)s?\b)"
    r"(?:(?!on |the |in |at )[a-z'-]{1,18}\.? ){1,3}(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|court|ct|"
    r"close|terrace|boulevard|blvd|crescent|mews|way|place|parkway|circle)"
    r"\b\.?(?:,? ?(?:(?:apt|apartment|unit|flat)\.? ?#?|#)[\w-]{1,5})?(?:,? (?:[a-z]{2,16} ){1,3}[a-z]{2},? \d{5})?)",
    re.IGNORECASE,
)
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

MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|"
    r"jun|jul|aug|sept?|oct|nov|dec|"
    r"enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre|ene|abr|ago|dic)"
)
YEAR = r"(?:(?:18|19|20)\d\d|['’]?\d\d)"
DAY = r"(?:\d{1,2}(?:st|nd|rd|th|o)?)"
DAY_WORD = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|"
    r"fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|"
    r"twentieth|thirtieth|(?:twenty|thirty)[ -](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|"
    r"primero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|"
    r"doce|trece|catorce|quince|dieciseis|diecisiete|dieciocho|diecinueve|veinte|veinti\w{3,7}|treinta(?: y uno)?)"
)
YEAR_WORD = (
    r"(?:nineteen[ -](?:hundred (?:and )?)?\w{3,9}(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?|"
    r"two thousand(?: (?:and )?\w{3,9})?|"
    r"mil novecientos(?: \w{4,11}(?: y \w{3,6})?)?|dos mil(?: \w{3,11})?)"
)
DATE = re.compile(
    rf"(?<![\w./-])(?:(?:the )?{DAY}[ ./-]{{1,2}}(?:(?:day of|of|de) )?{MONTH}"
    rf"\.?,?[ ./-]{{1,2}}(?:(?:de|del|of|del ano|in) )?{YEAR}(?!\d)"
    rf"|{MONTH}\.?[ ./-]{{1,2}}(?:the )?{DAY}(?:,|,? of)?[ ./-]{{1,2}}{YEAR}(?!\d)"
    rf"|\d{{4}}[ ./-]{{1,2}}(?:\d{{1,2}}|{MONTH})[ ./-]{{1,2}}\d{{1,2}}(?!\d)"
    r"|\d{1,2} ?[./\\ -] ?\d{1,2} ?[./\\ -] ?(?:\d{4}|\d{2})(?![\d/])"
    r"|\d{1,2}[ ./-]{1,2}(?:i{1,3}|i?v|vi{1,3}|i?x|xi{1,2})[ ./-]{1,2}(?:19|20)\d\d(?!\d)"
    r"|\d(?: \d)? ?[./-] ?\d(?: \d)? ?[./-] ?\d \d \d \d(?!\d)"
    r"|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?!\d)|(?:[0-2]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d{2}(?!\d)"
    rf"|(?:the )?{DAY} (?:of |de )?{MONTH},? (?:of |de |del |in )?{YEAR_WORD}"
    rf"|(?:the )?{DAY_WORD} (?:of |de )?{MONTH},? (?:of |de |del |in )?(?:{YEAR_WORD}|(?:19|20)\d\d)"
    rf"|{MONTH} (?:the )?{DAY_WORD},? (?:{YEAR_WORD}|(?:19|20)\d\d))",
    re.IGNORECASE,
)
BIRTH = re.compile(
    r"(?:\bborn\b|\bbirth|\bbirthday|\bbday|\bb-day|\bd\.? ?o\.? ?b\b\.?|\bnaci\b|\bnacio\b|\bnacid[oa]s?\b|"
    r"\bnacimiento|\bnac\.|\bfec\w* nac|\bf\.? ?(?:de )?nac|\bfdn\b|"
    r"\bcumple\b|\bcumpleanos|\bcumplo\b|\bsoy del?\b|(?:^|[^\w.])b\. ?$|\bcame into (?:the|this) world|"
    r"\bvin[eo] al mundo|\bvio la luz|\bnatal|\bhappy \d+(?:st|nd|rd|th)\b|\btwins\b|\b(?:gemel|melliz|trilliz)[ao]s\b|\bcumpl[ei]|\b(?:would|will) (?:be|turn|have turned) \d|"
    r"\b(?:aries|taurus|tauro|gemini|geminis|a leo|es leo|soy leo|virgo|libra|scorpio|escorpio|sagittarius|sagitario|capricorn|capricornio|"
    r"aquarius|acuario|pisces|piscis)\b)",
    re.IGNORECASE,
)
NOT_BIRTH = re.compile(
    r"(?:diagnos|\bdx\b|since|desde|flare|brote|biops|surger|cirug|operat|operar|trans?plant|trasplant|appointment|\bcitas?\b|visit|"
    r"died|death|muri|fallec|passed|buried|funeral|married|wedding|casamos|case\b|boda|anniversar|aniversario|start|began|begin|empec|empez|"
    r"comen[cz]|labs?\b|result|analisis|\btest|prueba|scan|\bmri\b|resonancia|admitted|ingres|discharg|alta\b|infus|dose|dosis|vaccin|vacuna|"
    r"publish|publica|article|articulo|stud(?:y|ies)|estudio|trial|updat|posted|expire|expir|caduc|vence|sober|quit|deje|retire|jubil|moved|mud[ae]|"
    r"approved|aprob|version|until|hasta|valid|visa|hired|fired|day of my|was the day|last (?:day|time)|ultim[ao] (?:vez|dia)|first day|primer dia|guarantee|warranty)",
    re.IGNORECASE,
)
# A day in years of which most people are born and few remember another day by its number.
LONG_AGO = re.compile(
    r"nineteen (?:hundred|[a-z]{3,7}ty|[a-z]{3,9}teen)|mil novecientos|(?:19[2-9]\d|200\d)(?!\d)|(?<=\d) ?1 9 \d \d"
)
# Nobody was born so often.
MOST_DATES = 100
# Six digits in a row are a date only right behind the word.
SAID = re.compile(r"\b(?:d\.?o\.?b\.?|fdn|born|birth ?date|nacimiento)(?!\w)", re.IGNORECASE)
BARE = re.compile(r"^[ :#.-]{0,3}(?:is |es )?(?:(?:0[1-9]|[12]\d|3[01]){2}\d\d)(?!\d)")
ENDS = re.compile(r"[!?\n]|\.(?= [A-Z])")

KIND = re.compile(
    r"(?<!\w)(?:m\.?r\.?n\.?|medical record|health record|(?:chart|plan|docket|folder)(?: number| no| num| #| id)?|record (?:number|no|num|#|"
    r"id)|patient (?:id|number|no|num|ref\w*)|hospital (?:number|no|id)|nhs(?: number| no)?|"
    r"insurance(?: member| policy| card)? (?:id|number|no|num|#|card|policy|is)|health (?:card|plan|"
    r"insurance)(?: id| number| no)?|member(?:ship)? (?:id|number|no|num|#)|policy(?: holder| id| number| no| num|"
    r" #)?|"
    r"policyholder|claims?(?: file)?(?: id| number| no| num| #| ref\w*)?|group(?: number| no| id| #)?|subscriber(?: id|"
    r" number| no)?|medicare(?: id| number| no| card)?|medicaid(?: id| number| no)?|"
    r"ssn|s\.s\.n\.?|ss ?#|soc(?:ial)?\.? ?sec\w*(?: number| no| num| #)?|my social|social (?:number|is|ends)|"
    r"id card|identity card|passport(?: number| no)?|driver'?s? licen[cs]e|licen[cs]e (?:number|no)|"
    r"national id|national insurance(?: number| no)?|ni number|tax id|case(?: number| no| id| #)?|caso|file (?:number|no|"
    r"id|#)|account (?:number|no|#)|(?:prior )?auth(?:orization)? (?:number|no|code|#)|"
    r"reference (?:number|no|#)|ref(?:erence)? number|beneficiary (?:id|number)|enrollee id|rx ?bin|id number|"
    r"ohip|aadhaar|abha|va file|authorization|radicado|under file|wristband|accession|appeal(?: ref\w*| number| no)?|hospital (?:card|band)|medical aid|asegurad[oa]|"
    r"ficha(?: clinica| medica)?|tramite(?: del? \w+)?|beneficiary|police report|visit number|cip|subject|pip reference|tribunal reference|msp|phn|"
    r"id no\.?|id #|my id|patient id|mychart id|pps(?: number| no)?|iban|"
    r"(?:no|num|numero|nro|n)?\.? ?(?:de )?expediente(?: clinico| medico)?|historia (?:clinica|medica)|"
    r"historial(?: clinico)?|h\.?c\.?|n\.?s\.?s\.?|(?:numero de )?seguro social|seguridad social|numero de seguro|"
    r"(?:numero de )?afiliacion|afiliad[oa]|"
    r"poliza|curp|r\.?f\.?c\.?|d\.?n\.?i\.?|n\.?i\.?e\.?|nif|cedula|c\.?c\.?|cuil|cuit|rut|run|pasaporte|ine|"
    r"credencial(?: de elector)?|clave de elector|tarjeta sanitaria|tarjeta de (?:salud|seguro)|"
    r"numero de (?:paciente|socio|asegurad[oa]|reclamo|siniestro|historia|tarjeta|identidad|identificacion|"
    r"registro|control|beneficiari[oa]|caso|cuenta)|(?:mi )?reclamo|siniestro|folio|carnet|carne de identidad|"
    r"identificacion|ident\.|matricula|registro (?:medico|clinico)|documento(?: de identidad)?|documento nacional|"
    r"sisben|eps|issste|imss|obra social|prepaga|isapre|fonasa)(?!\w)",
    re.IGNORECASE,
)
IDENTIFIER = re.compile(
    r"(?<![\w$.,])(?:[A-Z]{1,4}[-/ ]|[A-Za-z]{1,6}-?)?\d[\dA-Za-z]*(?:[-./ ]{1,2}[\dA-Za-z]*\d[\dA-Za-z]*|"
    r" ?- ?[A-Z](?: ?[A-Z]){0,3}(?: ?- ?\d(?: ?\d){0,5})?\b){0,7}(?!\w)|(?<!\w)[A-Za-z]{2,6}\d[\dA-Za-z-]{3,20}"
)
FILLER = re.compile(
    r"^(?:[\s:#.,=()\-]|\b(?:is|es|el|la|mi|my|the|no|num|numero|nro|number|id|de|del|are|was|it|its|son|era|n|"
    r"con|clinico|card|tarjeta|says|reads|starts|with|code|ref|and|y|for|patient|identidad|social|policy|member|"
    r"medico|medica|clinica|que|tengo|dice|ends|in|sanitaria|seguro|salud|tutela|quote|reclamacion|approved|under|lo|me|asi|dictaron|wants|pone|call|told|they|new|old)\b){0,14}$",
    re.IGNORECASE,
)
SHAPES = re.compile(
    r"(?<![\w-])(?:\d{3}[- ]\d{2}[- ]\d{4}|[A-Z]{4}\d{6}[HMX][A-Z]{5}[A-Z0-9]\d|\d{8}-?[A-HJ-NP-TV-Z]|"
    r"[XYZ]-?\d{7}-?[A-Z]|\d[A-Z][A-Z0-9]\d-[A-Z][A-Z0-9]\d-[A-Z]{2}\d{2}|"
    r"[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]|\d{1,2}\.\d{3}\.\d{3}-[\dkK])(?![\w-])"
)
NO_RECORD = re.compile(
    r"^ ?(?:mg|weeks?|months?|days?|years?|hours?|semanas|meses|dias|anos|horas|pages|people|dollars|pesos|"
    r"dolares|%|times|veces|minutes|calls|forms|lbs|kg|euros)\b",
    re.IGNORECASE,
)


def addresses_in(seen: Folded) -> list[tuple[int, int]]:
    """Return where street addresses and box numbers stand, as places of the folded text."""
    text = seen.text
    if not re.search(
        r"\d|\b(?:One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Eleven|Twelve|Nineteen|Twenty)\b|hundred|ty-", text
    ):
        return []
    places = [match.span() for pattern in (ENGLISH, FRENCH, GERMAN, BOX, SPANISH_TURNED) for match in pattern.finditer(text)]
    places += [match.span(1) for match in SMALL.finditer(text)]
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


def birthdates_in(seen: Folded) -> list[tuple[int, int]]:
    """Return where dates of birth (day, month and year) stand, as places of the folded text."""
    text = with_digits(seen.text)
    dates = itertools.islice(DATE.finditer(text), MOST_DATES)
    if not BIRTH.search(text):
        dates = [match for match in dates if LONG_AGO.search(match.group())]
    places = [match.span() for match in dates if _is_birth(match, text)]
    for said in SAID.finditer(text):
        if bare := BARE.match(text[said.end() : said.end() + 20]):
            places.append((said.end() + bare.end() - 6, said.end() + bare.end()))
    return without_overlap(places)


def _is_birth(match, text):
    before = ENDS.split(text[max(0, match.start() - 60) : match.start()])[-1]
    said = [found.end() for found in BIRTH.finditer(before)]
    if said:
        return not NOT_BIRTH.search(before[said[-1] :])
    after = ENDS.split(text[match.end() : match.end() + 34])[0]
    if NOT_BIRTH.search(before):
        return False
    return bool(BIRTH.search(after) or (LONG_AGO.search(match.group()) and not NOT_BIRTH.search(after)))


def records_in(seen: Folded) -> list[tuple[int, int]]:
    """Return where numbers of records, insurance and identity cards stand, as places of the folded text."""
    text = seen.text
    places = [match.span() for match in SHAPES.finditer(text)]
    for kind in KIND.finditer(text):
        window = text[kind.end() : kind.end() + 60]
        for found in IDENTIFIER.finditer(window):
            if not FILLER.match(window[: found.start()]):
                break
            if _is_identifier(found.group(), window[found.end() :]):
                places.append((kind.end() + found.start(), kind.end() + found.end()))
                break
    for start, end, digits in spelled_in(text):
        if len(digits) >= 4 and IDENTITY.search(text[max(0, start - 48) : start]):
            places.append((start, end))
    return without_overlap(places)


def _is_identifier(found, after):
    digits = sum(sign.isdigit() for sign in found)
    if digits < 4 or NO_RECORD.match(after):
        return False
    return digits > 4 or not re.fullmatch(r"(?:19|20)\d\d", found)
