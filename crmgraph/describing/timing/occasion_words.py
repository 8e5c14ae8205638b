"""Words of Spanish and English, folded, that say when or how things stand, and are neither a date nor a status."""

from crmgraph.describing.timing.calendar_words import any_of, month_names, weekday_names
from crmgraph.describing.timing.past_words import NO_PARTICIPLES

__all__ = ["ANYWHERE", "OPENING", "WHOLE"]

_MONTHS = any_of(name for name in month_names() if len(name) > len("sept") or name in ("mayo", "june", "july"))
_DAYS = any_of(weekday_names())
_ORDINAL = (
    r"(?:(?:primer|segund|tercer|cuart|quint|sext|septim|octav|noven|decim|ultim|proxim|siguient)[aoe]?|first|second"
    r"|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|next|[ivxl]+|\d{1,3}(?:\.?[oa]|°|st|nd|rd|th))"
)
_EVENT = (
    r"(?:asambleas?|conferencias?|congresos?|cumbres?|cursos?|elecci(?:on|ones)|encuentros?|ferias?|foros?|jornadas?"
    r"|reuni(?:on|ones)|sesi(?:on|ones)|talleres|taller|crm|assembl(?:y|ies)|conferences?|congress(?:es)?|courses?"
    r"|elections?|fairs?|forums?|meetings?|sessions?|summits?|workshops?|rcm)"
)
_FEAST = (
    r"(?:adviento|ano nuevo|carnaval(?:es)?|christmas|cuaresma|diwali|easter|eid|hanukkah|navidad(?:es)?|new year"
    r"|pascuas?|passover|pentecost(?:es)?|ramadan|semana santa|thanksgiving)"
)
_SEASON = (
    r"(?:primavera|verano|otono|invierno|spring|summer|autumn|winter|estiaje|zafra|monsoons?|monzon(?:es)?|vacaciones"
    r"|holidays|(?:epoca|temporada) [a-z]+|estacion (?:calida|fria|humeda|lluviosa|seca)"
    r"|(?:breeding|dry|fire|fishing|flood|growing|harvest|high|hunting|hurricane|lean|low|off|planting|rainy|rains?|sowing"
    r"|tourist|wet)[ -]season)"
)
_FARMING = r"(?:cosechas?|siembras?|harvests?|lluvias|rains|sequias?|droughts?)"
_MEANS = (
    r"(?:demandas?|encargos?|pedidos?|solicitud(?:es)?|peticion(?:es)?|requerimientos?|requer(?:ido|ida|irse)|requieran?"
    r"|soliciten?|necesidad(?:es)?|necesari[oa]s?|necesiten?|disponibilidad|disponibles?|disponga|existencias?|fondos"
    r"|recursos|presupuesto|financiamiento|financiacion|permitan?|posible|proceda|corresponda|amerite|aprob\w{1,20}"
    r"|demand|orders?|requests?|requested|needs?|needed|necessary|required|require|appropriate|available|availability"
    r"|funds?|funding|resources|budget|possible|permits?|arises?|approv\w{1,5})"
)
_AS = (
    r"(?:segun|conforme a|de acuerdo (?:a|con)|en funcion de|dependiendo de|depende de|sujet[oa]s? a"
    r"|condicionad[oa]s? a)"
)
_GIVEN = (
    rf"(?:{_AS}|al?|bajo|cuando|mientras|previa|por|si|subject to|depending on|dependent on|according to"
    r"|in line with|as|when|where|whenever|if|on|per|upon)"
)
_PART = r"(?:a medias|a medio|almost|casi|half|largely|mostly|nearly|parcialmente|partially|partly|practicamente)"
_REFERENCE = (
    r"(?:\d|accion|action|actividad|activity|anterior|anexo|annex|above|abajo|arriba|below|calendario|not[ae]|punto)"
)

OPENING = (
    r"(?:a medida que|al (?:[a-z]+[aei]r(?:se)?|inicio|termino|final|cierre|comienzo)|antes de|apenas|cada vez que"
    r"|conforme|cuando|desde|despues de|durante|en cuanto|en caso de|hasta|luego de|mientras|siempre que|tan pronto"
    r"|tras|una vez|after|as long as|as soon as|as (?!an? )[a-z]+|before|by the time|during|in case"
    r"|once|pending|provided|since|throughout|till|unless|until|upon|when|whenever|while|if|si)"
)
"""What, with another word behind it, begins to say when or on what condition."""
WHOLE = (
    r"(?:asap|always|siempre|nunca|never|now|ya|ahora|hoy|today|manana|tomorrow|soon|pronto|urgent(?:e|emente|ly)?"
    r"|de inmediato|al instante|idem|ditto|id|na|no (?:aplica|procede|corresponde|aplicable)|not applicable"
    r"|later|eventually|luego|despues|entretanto|no change|sin (?:cambios|novedad)|open-ended|desiert[oa]s?"
    r"|(?:on a )?rolling(?: basis)?"
    rf"|(?!{NO_PARTICIPLES}\b)(?:[a-z]{{2,}}[ai]d[oa]s?|[a-z]{{3,}}ed)"
    rf"|list[oa]s?|ready|frozen|{_FEAST}|{_SEASON}|{_FARMING})"
)
"""What says when or how things stand where it is all that is said."""
ANYWHERE = (
    r"(?<![/.-]\d[/.-])(?<![/.-]\d\d[/.-])(?:19|20)\d\d",
    rf"(?:{_MONTHS})", rf"(?:{_DAYS})", _FEAST, _SEASON, r"fy ?\d\d",
    r"\d+ ?(?:%|por ciento|per ?cent)",
    r"(?:cuatri|tri|bi|se)mestres?|quarters?|semesters?|semanas?|quincenas?|mes(?:es)?|anos?|dias?|decadas?"
    r"|days?|weeks?|fortnights?|months?|years?|decades?",
    r"(?:within|in|dentro de|en) (?:(?:the|las?) )?(?:[a-z]+|\d+) (?:hours?|horas?|minutes?|minutos?)",
    r"(?:conforme|segun) (?:se )?vayan?",
    r"antes del?|despues del?|tras|before|after|following|upon",
    r"diari[oa]s?|daily|a diario|semianual(?:es)?|24/7|constantemente|constantly"
    r"|frecuentemente|con frecuencia|frequently|often|esporadicamente|a veces|sometimes|de vez en cuando"
    r"|from time to time|periodic(?:o|a|os|as|amente|al|ally)|regular(?:mente|ly)?|ocasional(?:es|mente)?"
    r"|occasional(?:ly)?",
    r"(?:una|dos|tres|varias) (?:sola |unica )?ve(?:z|ces)|unica vez|puntual(?:mente)?|one[- ](?:off|time)|once only"
    r"|only once|just once|twice|(?:several|three) times",
    r"(?:corto|mediano|medio|largo|inmediato) plazo|plazos?|inmediat[oa]s?|inmediatamente|proxim[oa]s?|siguientes?"
    r"|(?:short|medium|mid|long|near)[ -](?:and[ -](?:medium|long)[ -])?(?:term|run)|immediate(?:ly)?|next"
    r"|as soon as|lo antes posible|cuanto antes|a la brevedad|asap",
    rf"{_GIVEN} (?:[^ ]+ ){{0,4}}{_MEANS}",
    rf"{_AS} ?(?:la?|el|los|las|lo|un|una|cada|sus?)",
    r"as (?:agreed|decided|determined|directed|planned|foreseen|per)|(?:according|subject) to"
    r"|in (?:accordance|line|keeping) with|depending on|based on",
    r"(?:en|in|under|bajo) (?:espera|retraso|curso|marcha|tramite|estudio|analisis|diseno|consultas?|debate|desarrollo"
    r"|[^ ]+[cs]ion|review|study|design|course|[a-z]+(?:ing|[cst]ion|ment))"
    r"(?: (?:por|by|del?|of|desde|since)|[ .;,:()]*$)",
    r"(?:por|sin) [^ ]+[aei]r(?:se)?[ .;]*$",
    r"(?:en|in|under|bajo) (?:etapa|fase|proceso|vias?|camino|the process|process) (?:del?|of)",
    r"(?:en|in|under|bajo) (?:negociaci|conversaci|discusi|revisi|licitaci|contrataci|consulta|tramite|dialogo"
    r"|negotiation|discussion|consultation)\w*",
    r"(?:se )?estan? [^ ]+ndo|(?:is|are) (?:being|[a-z]+ing)|being [a-z]+",
    r"vigencia|vigentes?|en vigor|in force|throughout|(?:life|lifetime|duration|term|implementation) of"
    r"|tod[oa] (?:el|la) (?:plan|ejecucion|duracion)|calendarios?|cronogramas?|calendars?|schedules?|timetables?",
    r"delayed|overdue|(?:re|a)trasad[oa]s?|demorad[oa]s?|stalled|blocked|estancad[oa]s?|bloquead[oa]s?|avanzad[oa]s?"
    r"|on (?:track|time|course|target)|in hand|in the pipeline|(?:on|behind|ahead of) schedule|al dia",
    rf"(?:{_PART}) (?:[a-z]+(?:[ai]d|st|ch)[oa]s?|[a-z]+ed|done|made|ready|built|written)",
    r"(?:borrador(?:es)?|informes?|mapas?|textos?|version(?:es)?|drafts?|reports?|maps?|texts?) (?:list[oa]s?|ready)"
    r"|(?:esta|estan|is|are) (?:ya |casi |now |almost )?(?:list[oa]s?|ready)",
    r"\d+ (?:de|del|of|out of|sobre) (?:l[oa]s |the )?\d+|(?<!/)\d+/\d+(?![\d/])",
    r"to be (?:[a-z]+ed|done|held|set|made|sent|given)",
    r"se han? [^ ]+(?:[ai]d|t|ch|est|iert|ot)[oa]s?|se \w{2,}(?:o|aron|ieron|jeron|yeron)",
    rf"(?:en|durante|para|previo a|hasta|at|during|by|until|in) "
    rf"(?:la|el|las|los|cada|una|the|each|every)(?: [^ ]+){{0,2}} {_EVENT}",
    rf"{_ORDINAL} (?:[a-z]+ )?{_EVENT}",
    rf"(?:entre|between) (?:(?:l[oa]s?|el|the|una?) )?(?:[a-z]+ )?(?:{_EVENT}|{_SEASON}|{_FEAST}|{_FARMING})",
    r"a (?:comienzos|finales|fines|inicios|mediados|principios) del?|mas adelante|oportunamente|en su momento"
    r"|a su debido tiempo|entre tanto|in due course|in the meantime|(?:at|by) the latest",
    r"(?:by|en|in|por) (?:[a-z\d]+ )?(?:etapas?|fases?|phases?|stages?|tramos?)"
    r"|(?:etapa|fase|paso|phase|stage|step|tramo) (?:\d+|[ivx]+)|gradual(?:ly|mente)?|paso a paso|step by step",
    r"indefinidamente|indefinite(?:ly)?",
    rf"(?:at|cada|con|each|en|every|post|por|pre|with)[ -](?:(?:cada|each|every|la|las|the) )?{_FARMING}",
    r"una vez|al (?:termino|inicio|final|cierre|comienzo|concluir|finalizar|iniciar|terminar)|once"
    r"|at the (?:end|beginning|start|close)",
    rf"(?:ver|vease|veanse|see|cf\.?|idem|ditto|as in|como en) (?:(?:la|el|lo|en|the|al?) ){{0,2}}{_REFERENCE}",
    r"(?:lo )?(?:igual|mismo) que (?:el |la |lo |en )?(?:anterior|arriba|\d|[a-z]+ \d)|same as"
    r"|(?:como|as) (?:el |la |lo )?(?:anterior|above|arriba)",
    r"n/a|n\.a\.|no aplica|not applicable|no procede",
)  # fmt: skip
"""What says when or how things stand wherever it is."""
