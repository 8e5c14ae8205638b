"""Words of Spanish and English, folded, that tell what has been: participles and verbs in the past."""

__all__ = [
    "IRREGULAR_PARTICIPLES",
    "IRREGULAR_PASTS",
    "NO_PARTICIPLES",
    "ONLY_PAST",
    "OTHER_PASTS",
    "PEOPLE",
    "YET_TO_COME",
]

YET_TO_COME = (
    r"(?:(?:previst|programad|planificad|planead|proyectad|esperad|calendarizad|convocad)[oa]s?"
    r"|planned|scheduled|foreseen|expected|intended)"
)
"""Participles of what has not been yet."""
NO_PARTICIPLES = (
    r"(?:(?:alcantarillad|alumbrad|certificad|comunicad|condad|contenid|diplomad|estad|ganad|grad|juzgad|listad|mercad"
    r"|partid|pedid|poblad|posgrad|postgrad|recorrid|senad|sentid|sonid|tejad|tejid|tratad|vestid)os?"
    r"|(?:bebid|caminat|comid|corrid|cruzad|decad|entrad|jornad|llamad|llegad|medid|parad|partid|salid|temporad|velad"
    r"|vid)as?|cada|nada|(?:bed|breed|deed|feed|need|reed|seed|shed|speed|weed)s?)"
)
"""Nouns and others that end as participles do."""
IRREGULAR_PARTICIPLES = (
    r"(?:(?:abiert|cubiert|dich|dispuest|escrit|expuest|hech|impres|inscrit|propuest|puest|rot|suscrit|vist)[oa]s?"
    r"|begun|bought|broken|brought|built|burnt|caught|chosen|dealt|done|drawn|driven|fought|frozen|given|grown|held|kept"
    r"|laid|left|lent|lost|made|paid|said|seen|sent|set|shown|sold|spent|stolen|struck|sunk|swept|taken|taught|thrown"
    r"|told|torn|undertaken|won|worn|written)"
)
PEOPLE = (
    r"(?:(?:abogad|afiliad|aliad|asociad|delegad|desplazad|diputad|emplead|graduad|invitad|jubilad|refugiad|retornad"
    r"|soldad)[oa]s?)"
)
"""People who are called by a participle."""
_HAVING = r"(?:was|were|has|have|had|han?)(?! (?:to|de|que)\b)"
ONLY_PAST = (
    rf"(?:became|began|broke|came|chose|did|drew|drove|fought|froze|gave|grew|knew|ran|sank|shook|stole|threw|took|tore"
    rf"|went|wore|wrote|{_HAVING})"
)
"""Pasts of English that are nothing else besides."""
OTHER_PASTS = (
    r"(?:bought|brought|built|burnt|caught|dealt|fell|felt|found|held|kept|laid|led|left|lent|lost|made|met|paid|rose"
    r"|saw|sent|sold|spent|spoke|stood|struck|swept|taught|told|won)"
)
"""Pasts that may be participles, nouns or infinitives as well."""
IRREGULAR_PASTS = (
    rf"(?:{ONLY_PAST}|{OTHER_PASTS}|dio|dijo|fue(?:ron)?|hizo|hubo|pudo|puso|quiso|supo|trajo|tuvo|vino|vio)"
)
"""Pasts that a clause may have, where it is known to be one."""
