"""Words in capitals that stand for nothing that a plan would have to spell out."""

import re

from babel.core import get_global

__all__ = ["CURRENCIES", "EVERYDAY", "is_name"]

EVERYDAY = frozenset(
    re.findall(
        r"\w+",
        """
        ADN COVID DDT DNA HIV PCR SIDA AIDS TB VIH
        AC AI CD LED HP UV
        API CSV DOC DOCX DVD EPUB GIF GIS GPS HTML HTTP HTTPS ICT ID IP IT JPG JSON KML MP ODT PC PDF PIN PNG PPTX QR
        RSS RTF SIG SIM SMS SQL SVG TI TIC TICS TIFF TV TXT URL US USB WEB WIFI WWW XLS XLSX XML ZIP
        CEO CV FAQ IVA ISO NB OK PIB GDP PS SA VAT VIP
        BY CC NC ND
        EUR USD
        CUI CUIT CURP DNI DPI NIT NIF RFC RUC RUT SSN
        SOS
        FM HF UHF VHF
        AM PM EST GMT UTC TBA TBC TBD
        LGBTIQ LGBTQ LGBTQI LGBTQIA
        GOOGLE META SKYPE TEAMS TIKTOK TWITTER YOUTUBE ZOOM
        EUROPOL INTERPOL OMS UNESCO WHO
        ODS SDG SDGS
        all and any are both but by can cannot each ever every few from how if into is its may more most must
        never new no none nor not now off one only or our own same should some such than that their then these
        they this those two under until very what when where which who why will with without you your
        ahora antes cada como cual cuando deben debe dos donde ellos entre esta este hoy jamas mas mismo mucho
        muy nada nadie ninguna ninguno ni nueva nuevo nunca otra otro pero poco primero segun ser si siempre
        solamente solo sus tambien toda todas todo todos tres unica unico usted ya
        """.upper(),
    )
)
"""Those that everyone knows: of health; of computers, devices, their files; of business; of licences; of money; the
numbers that States give people; of the clock and the calendar; of people; names of services, of bodies that go by no
other, and of the goals of all States; and small words that are written large so that nobody overlooks them."""

CURRENCIES = frozenset(
    code
    for codes in get_global("territory_currencies").values()
    for code, begun, ended, is_tender in codes
    if begun and not ended and is_tender
)
"""The codes of the currencies of today, by Unicode's CLDR."""

_LEAST = 8
_VOWEL = re.compile(r"[AEIOUYÁÉÍÓÚÜ]")
_UNSAYABLE = re.compile(r"[^AEIOUYÁÉÍÓÚÜ]{4}")


def is_name(letters: str) -> bool:
    """Whether capitals are long and can be read as a word, as names are (FACEBOOK, MERCOSUR) and few initials."""
    return (
        len(letters) >= _LEAST and 3 * len(_VOWEL.findall(letters)) >= len(letters) and not _UNSAYABLE.search(letters)
    )
