"""The columns of a plan, and the words by which a heading says which it is."""

import re
from typing import NamedTuple

from crmgraph.reading.folding import key

__all__ = ["COLUMNS", "SPANISH", "Meaning", "column_of", "is_number", "is_of_status", "meaning"]

COLUMNS = ("themes", "objectives", "actions", "activities", "schedule")
"""The columns of a plan, from left to right."""

SPANISH = dict(zip(COLUMNS, ("temas", "objetivos", "acciones", "actividades", "calendario"), strict=True))
"""How they are called in Spanish."""


class Meaning(NamedTuple):
    """What a heading says: which column it is, or may be.

    It is none where it says something else, such as who is responsible. `is_open` where a plan may as well call
    another level so: what the words mean then depends on the headings beside them.
    """

    columns: tuple[str, ...]
    is_open: bool = False


def _words(*words: str) -> re.Pattern[str]:
    return re.compile(rf"\b({'|'.join(words)})\b")


# In English, Spanish, French and Portuguese, without accents.
_MEANINGS = (
    (
        Meaning(("themes",)),
        _words(
            "temas?", "themes?", "tematicas?", "thematiques?", "ejes?", "eixos?", "axes?", "axis", "pilar", "pilares",
            "pillars?", "piliers?", "areas?", "ambitos?", "domaines?", "dominios?", "domains?", "componentes?",
            "components?", "composantes?", "(lineas?|linhas?) estrategicas?", "lignes? strategiques?",
            "strategic lines?",
        ),
    ),
    (Meaning(("objectives",)), _words("objetivos?", "objectives?", "objectifs?", "aims?")),
    (Meaning(("actions",)), _words("accion", "acciones", "acao", "acoes", "actions?")),
    (
        Meaning(("activities",)),
        _words("actividad", "actividades", "atividades?", "activity", "activities", "activites?"),
    ),
    (
        Meaning(("schedule",)),
        _words(
            "calendarios?", "calendriers?", "calendars?", "cronogramas?", "chronogrammes?", "schedules?", "timetables?",
            "time ?frames?", "timing", "plazos?", "prazos?", "delais?", "fechas?", "(due|target) dates?",
            "dates?", "datas? (limite|prevista|de).*", "deadlines?", "echeances?", "echeanciers?", "periodos?",
            "periods?", "periodes?", "when", "cuando", "quando", "quand", "time ?(lines?|scales?)", "^due$",
            "due (by|on)", "complete(d)? (by|on)", "completion dates?", "vencimientos?", "vencimentos?",
            "temporalidad(es?)?", "temporalites?", "^tiempos?$", "tiempos? (de (ejecucion|cumplimiento)|estimados?)",
            "horizontes? (de tiempo|temporal|temporais)", "horizons? temporels?", "time horizons?",
        ),
    ),
    (Meaning(("themes", "objectives"), is_open=True), _words("goals?", "metas?")),
    (
        Meaning(("objectives",), is_open=True),
        _words("resultados?", "resultats?", "results?", "outcomes?", "propositos?"),
    ),
    (
        Meaning(("actions", "themes"), is_open=True),
        _words("lineas? de accion", "linhas? de acao", "lignes? d.action", "lines? of action", "action lines?"),
    ),
    (
        Meaning(("actions",), is_open=True),
        _words("outputs?", "productos?", "produtos?", "produits?", "estrategias?", "strategy", "strategies?"),
    ),
    (Meaning(("actions", "activities"), is_open=True), _words("measures?", "medidas?", "mesures?")),
    (
        Meaning(("activities",), is_open=True),
        _words("tareas?", "tasks?", "tarefas?", "taches?", "steps?", "etapas?", "etapes?", "pasos?"),
    ),
    (
        Meaning(()),
        _words(
            r"(objective|action|activity|task|measure|goal)s? (leads?|leaders?|owners?|managers?|status|budgets?|costs?"
            r"|indicators?)",
            "description of the goal", "other information",
            "area responsable", "area encargada", "responsables?", "responsible", "responsavel", "responsaveis",
            "encargad[oa]s?", "lead(s|ers?)?", "owners?", "who", "quien(es)?", "quem", "qui", "socios?", "aliados?",
            "partners?", "parceiros?", "partenaires?", "actors?", "actores", "atores", "acteurs?", "stakeholders?",
            "instituc?ion(es)?", "instituicao", "instituicoes", "institutions?", "organi[sz]a(c|t)i?on(s|es)?",
            "agency", "agencies", "agencias?", "agences?", "entidad(es)?", "pais(es)?", "country", "countries", "pays",
            "presupuestos?", "budgets?", "orcamentos?", "cost[oe]?s?", "couts?", "financ.*", "fund(s|ing)", "fuentes?",
            "sources?", "fontes?", "montos?", "amounts?", "montants?", "recursos?", "resources?", "ressources?",
            "indicador(es)?", "indicators?", "indicateurs?", "medios? de verificacion", "means of verification",
            "verificacion", "linea (de )?base", "baselines?", "targets?", "observacion(es)?", "observacoes",
            "observations?", "comentarios?", "comments?", "commentaires?", "remarks?", "remarques?", "notas?", "notes?",
            "estado", "status", "statut", "situacao", "avances?", "progress", "progres", "riesgos?", "risks?",
            "riscos?", "risques?", "supuestos?", "assumptions?", "contact.*", "beneficiar.*",
            "poblacion.*", "grupos? meta", "lugar", "lugares", "places?", "locations?", "ubicacion", "lieux?", "locais",
        ),
    ),
)  # fmt: skip
_LONGEST = 60
_LONGEST_IN_ALL = 120
_STATUS = re.compile(
    r"(estado|situacion|situacao)( (actual|atual|d[aeo].* (accion|actividad|avance|cumplimiento|ejecucion"
    r"|implementacion|acao|atividade|execucao)))?|(estatus|status|statut|avances?|progress|progreso|progresso|progres)"
    r"( .*)?"
)
_NUMBER = re.compile(r"(n|no|nº|n°|num|numero|number|#|id|code|cod|codigo)[.ºo°]*(\s.*)?")


def meaning(heading: str) -> Meaning | None:
    """What a heading says, if it says anything; what is as long as a sentence is no heading.

    In two languages (“Goal / Meta”) it says what both do, and nothing where they say different things.
    """
    parts = re.split(r"[/|\n]", heading)
    if len(heading) >= _LONGEST_IN_ALL or any(len(part) >= _LONGEST for part in parts):
        return None
    found = [said for part in parts if (said := _said(key(part))) is not None]
    plain = {said for said in found if not said.is_open}
    if plain or not found:
        return plain.pop() if len(plain) == 1 else None
    shared = tuple(name for name in found[0].columns if all(name in said.columns for said in found))
    return Meaning(shared, is_open=True) if shared else None


def column_of(heading: str) -> str | None:
    """The column of a plan that a heading says, if it says one; the likeliest, where it may say several."""
    said = meaning(heading)
    return said.columns[0] if said and said.columns else None


def is_number(heading: str) -> bool:
    """Whether it is the heading of a column of numbers."""
    return _NUMBER.fullmatch(key(heading)) is not None


def is_of_status(heading: str) -> bool:
    """Whether it is the heading of a column that says how things stand."""
    return _STATUS.fullmatch(key(heading)) is not None


def _said(words: str) -> Meaning | None:
    """What the first word says that says anything, the longest phrase that begins there."""
    found = [
        (match.start(), -match.end(), place)
        for place, (_, pattern) in enumerate(_MEANINGS)
        if (match := pattern.search(words))
    ]
    return _MEANINGS[min(found)[2]][0] if found else None
