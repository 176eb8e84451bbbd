"""Finds numbers of records, insurance and identity cards, by shape and surroundings."""

import re

from comments.screening.emails_and_phones import IDENTITY, without_overlap
from comments.screening.text.folding import Folded
from comments.screening.text.numerals import spelled_in

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
# Four digits that may belong together: without them there is no number of a record, and most texts have none.
DENSE = re.compile(
    r"\d(?:(?:[A-Za-z]*+[-./ ]{0,4}+[A-Za-z]*+| ?- ?[A-Z](?: ?[A-Z]){0,3} ?- ?)\d){3}",
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


def records_in(seen: Folded) -> list[tuple[int, int]]:
    """Return where numbers of records, insurance and identity cards stand, as places of the folded text."""
    text = seen.text
    dense = bool(DENSE.search(text))
    places = [match.span() for match in SHAPES.finditer(text)] if dense else []
    for kind in KIND.finditer(text) if dense else ():
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
