"""Words in capitals that stand for nothing that a plan would have to spell out."""

import re

__all__ = ["EVERYDAY", "is_name"]

EVERYDAY = frozenset(
    re.findall(
        r"\w+",
        """
        ADN COVID DNA HIV PCR SIDA AIDS VIH
        API CD CSV DOC DOCX DVD EPUB GIF GIS GPS HTML HTTP HTTPS ICT ID IP IT JPG JSON KML MP ODT PC PDF PIN PNG PPTX QR
        RSS RTF SIG SIM SMS SQL SVG TI TIC TICS TIFF TV TXT URL US USB WEB WIFI WWW XLS XLSX XML ZIP
        CEO CV IVA ISO NB OK PIB GDP PS SA VAT VIP
        EUR USD
        CUI CUIT CURP DNI DPI NIT NIF RFC RUC RUT SSN
        AM PM EST GMT UTC TBA TBC TBD
        LGBTIQ LGBTQ LGBTQI LGBTQIA
        GOOGLE META SKYPE TEAMS TIKTOK TWITTER YOUTUBE ZOOM
        EUROPOL INTERPOL
        """,
    )
)
"""Those that everyone knows: of health; of computers, their files and devices; of business; of money; the numbers that
States give people; of the clock and the calendar; of people; names of services, and of bodies that go by no other."""

_LEAST = 8
_VOWEL = re.compile(r"[AEIOUYÁÉÍÓÚÜ]")
_UNSAYABLE = re.compile(r"[^AEIOUYÁÉÍÓÚÜ]{4}")


def is_name(letters: str) -> bool:
    """Whether capitals are long and can be read as a word, as names are (FACEBOOK, MERCOSUR) and few initials."""
    return (
        len(letters) >= _LEAST and 3 * len(_VOWEL.findall(letters)) >= len(letters) and not _UNSAYABLE.search(letters)
    )
