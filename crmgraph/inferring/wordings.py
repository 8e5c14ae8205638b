"""What each rule says, in a sentence for people, in both languages."""

from types import MappingProxyType

from crmgraph.wording import Bilingual

__all__ = ["WORDINGS"]

_EQUIVALENT = Bilingual("what is equivalent holds of the same", "lo equivalente vale para lo mismo")
_SAME = Bilingual(
    "what holds of a thing holds of what is the same as it", "lo que vale para algo vale para lo que es lo mismo"
)
_INVERSE = Bilingual(
    "a property and its inverse say the same the other way round", "una propiedad y su inversa dicen lo mismo al revés"
)
_SELF = Bilingual(
    "each class and property is a special case of itself",
    "toda clase y toda propiedad es un caso particular de sí misma",
)
_ONE = Bilingual(
    "two values of a property that takes one are the same thing",
    "dos valores de una propiedad que admite uno solo son la misma cosa",
)
_BOUNDS = Bilingual(
    "what is said of the subjects or the objects of a property holds for a narrower property and by a wider class",
    "lo que se dice de los sujetos o de los objetos de una propiedad vale para otra más estrecha y con otra clase más "
    "amplia",
)
_RESTRICTIONS = Bilingual(
    "a condition that asks for more is a special case of one that asks for less",
    "una condición que pide más es un caso particular de otra que pide menos",
)
_MEMBERS = Bilingual(
    "an intersection is a special case of each of its parts, and each part of a union is a special case of the union",
    "una intersección es un caso particular de cada una de sus partes, y cada parte de una unión lo es de la unión",
)
_TERMS = Bilingual("what OWL itself says of its terms", "lo que OWL dice de sus propios términos")

WORDINGS = MappingProxyType(
    {
        "eq-sym": Bilingual("sameness goes both ways", "la identidad vale en los dos sentidos"),
        "eq-trans": Bilingual(
            "what is the same as the same is the same", "lo que es lo mismo que lo mismo es lo mismo"
        ),
        "eq-rep-s": _SAME,
        "eq-rep-p": _SAME,
        "eq-rep-o": _SAME,
        "prp-ap": _TERMS,
        "prp-dom": Bilingual(
            "whatever has the property is of the class that its subjects are of",
            "lo que tiene la propiedad es de la clase de los sujetos de esta",
        ),
        "prp-rng": Bilingual(
            "whatever is a value of the property is of the class that its values are of",
            "lo que es valor de la propiedad es de la clase de los valores de esta",
        ),
        "prp-fp": _ONE,
        "prp-ifp": Bilingual(
            "two things that share a value which identifies them are the same",
            "dos cosas que comparten un valor que las identifica son la misma",
        ),
        "prp-symp": Bilingual("the property goes both ways", "la propiedad vale en los dos sentidos"),
        "prp-trp": Bilingual(
            "the property passes from link to link", "la propiedad se transmite de eslabón en eslabón"
        ),
        "prp-spo1": Bilingual(
            "a special case of a property implies the property",
            "el caso particular de una propiedad implica la propiedad",
        ),
        "prp-spo2": Bilingual(
            "if a chain of properties ties two things together, this property ties them directly",
            "si una cadena de propiedades une dos cosas, esta propiedad las une directamente",
        ),
        "prp-eqp1": _EQUIVALENT,
        "prp-eqp2": _EQUIVALENT,
        "prp-inv1": _INVERSE,
        "prp-inv2": _INVERSE,
        "prp-key": Bilingual(
            "two things of the class with the same key are the same",
            "dos cosas de la clase con la misma clave son la misma",
        ),
        "cls-thing": _TERMS,
        "cls-nothing1": _TERMS,
        "cls-int1": Bilingual(
            "what belongs to every part of an intersection belongs to it",
            "lo que pertenece a todas las partes de una intersección pertenece a ella",
        ),
        "cls-int2": Bilingual(
            "what belongs to an intersection belongs to each of its parts",
            "lo que pertenece a una intersección pertenece a cada una de sus partes",
        ),
        "cls-uni": Bilingual(
            "what belongs to a part of a union belongs to the union",
            "lo que pertenece a una parte de una unión pertenece a la unión",
        ),
        "cls-svf1": Bilingual(
            "it has a value of the kind that the class asks for", "tiene un valor del tipo que la clase pide"
        ),
        "cls-svf2": Bilingual("it has a value, as the class asks", "tiene un valor, como la clase pide"),
        "cls-avf": Bilingual(
            "all values of a member of the class are of this kind",
            "todos los valores de un miembro de la clase son de este tipo",
        ),
        "cls-hv1": Bilingual("each member of the class has this value", "todo miembro de la clase tiene este valor"),
        "cls-hv2": Bilingual(
            "whatever has this value belongs to the class", "lo que tiene este valor pertenece a la clase"
        ),
        "cls-maxc2": _ONE,
        "cls-maxqc3": _ONE,
        "cls-maxqc4": _ONE,
        "cls-oo": Bilingual(
            "it is listed among the members of the class", "figura en la lista de los miembros de la clase"
        ),
        "cax-sco": Bilingual(
            "what belongs to a class belongs to every wider one",
            "lo que pertenece a una clase pertenece a toda clase más amplia",
        ),
        "cax-eqc1": _EQUIVALENT,
        "cax-eqc2": _EQUIVALENT,
        "scm-cls": _SELF,
        "scm-sco": Bilingual("wider than wider is wider", "lo más amplio que algo más amplio es más amplio"),
        "scm-eqc1": _EQUIVALENT,
        "scm-eqc2": Bilingual("each is a special case of the other", "cada una es un caso particular de la otra"),
        "scm-op": _SELF,
        "scm-dp": _SELF,
        "scm-spo": Bilingual("wider than wider is wider", "lo más amplio que algo más amplio es más amplio"),
        "scm-eqp1": _EQUIVALENT,
        "scm-eqp2": Bilingual("each is a special case of the other", "cada una es un caso particular de la otra"),
        "scm-dom1": _BOUNDS,
        "scm-dom2": _BOUNDS,
        "scm-rng1": _BOUNDS,
        "scm-rng2": _BOUNDS,
        "scm-hv": _RESTRICTIONS,
        "scm-svf1": _RESTRICTIONS,
        "scm-svf2": _RESTRICTIONS,
        "scm-avf1": _RESTRICTIONS,
        "scm-avf2": _RESTRICTIONS,
        "scm-int": _MEMBERS,
        "scm-uni": _MEMBERS,
        "dt-type1": _TERMS,
    }
)
