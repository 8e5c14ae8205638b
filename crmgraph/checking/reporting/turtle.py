"""The report as a SHACL validation report in Turtle.

It is written by hand, for a library that writes Turtle takes longer to import than the whole report takes.
"""

from collections.abc import Iterator

from crmgraph.checking.findings import Acceptance, Finding, Spot
from crmgraph.checking.reporting.report import Report
from crmgraph.errors import UsageError
from crmgraph.namespaces import ONTOLOGY, PREFIXES

__all__ = ["as_turtle"]

_Pairs = Iterator[tuple[str, str]]
_SEVERITY = {"violation": "sh:Violation", "warning": "sh:Warning", "info": "sh:Info"}
_ESCAPES = str.maketrans(
    {
        **{chr(code): f"\\u{code:04X}" for code in (*range(0x20), 0x7F)},
        "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t",
    }
)  # fmt: skip
_NOT_IN_AN_IRI = '<>"{}|^`\\'


def as_turtle(report: Report, base: str) -> str:
    """A sh:ValidationReport whose results are the findings, each under its address in the graph; `base` as there.

    The passages of their words are in it too. What is accepted is in it as any other, and says who accepted it.
    Raises UsageError where two files are plans of one name, for their findings would have the same addresses.
    """
    _check_names(report)
    prefixes = [f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in ("cg", "sh", "xsd")]
    whole = f"{base}id/validation-report"
    found = sorted({finding.iri: finding for finding in report.findings}.items())
    blocks = [_block(whole, _report(iri for iri, _ in found))]
    blocks += [_block(iri, _result(finding)) for iri, finding in found]
    spots = [spot for finding in report.findings for spot in (finding.spot, finding.other) if spot is not None]
    passages = {spot.passage: spot for spot in spots if spot.passage is not None}
    blocks += [_block(iri, _passage(spot)) for iri, spot in sorted(passages.items())]
    return "".join(prefixes) + "\n" + "\n".join(blocks).rstrip("\n")


def _check_names(report: Report) -> None:
    files: dict[str | None, set[str | None]] = {}
    for finding in report.findings:
        files.setdefault(finding.spot.plan, set()).add(finding.file)
        if finding.spot.plan is not None and len(files[finding.spot.plan]) > 1:
            named = " and ".join(sorted(str(file) for file in files[finding.spot.plan]))
            raise UsageError(f"{named} are both the plan {finding.spot.plan}; rename one, or check one at a time")


def _report(results: Iterator[str]) -> _Pairs:
    iris = [_iri(iri) for iri in results]
    yield "a", "sh:ValidationReport"
    yield "sh:conforms", "false" if iris else "true"
    yield from (("sh:result", iri) for iri in iris)


def _result(finding: Finding) -> _Pairs:
    spot, other = finding.spot, finding.other
    shape = _iri(f"{ONTOLOGY}/shapes#{finding.code}")
    yield "a", "sh:ValidationResult , cg:Finding"
    yield "sh:focusNode", _iri(spot.element)
    yield "sh:resultSeverity", _SEVERITY[finding.severity]
    yield "sh:sourceShape", shape
    # What contradicts the ontology breaks no constraint of SHACL: the check stands for one.
    yield "sh:sourceConstraintComponent", shape if finding.triples else f"sh:{finding.constraint}"
    if other is not None:
        yield "sh:value", _iri(other.element)
    elif spot.exact is not None:
        yield "sh:value", _literal(spot.exact)
    for language in ("es", "en"):
        yield "sh:resultMessage", f"{_literal(finding.message(language))}@{language}"
    yield "cg:code", _literal(finding.code)
    yield "cg:severity", _iri(f"{ONTOLOGY}/severity#{finding.severity}")
    for seen, element, passage in (
        (spot, "cg:element", "cg:passage"),
        (other, "cg:relatedElement", "cg:relatedPassage"),
    ):
        if seen is not None:
            yield element, _iri(seen.element)
            if seen.passage is not None:
                yield passage, _iri(seen.passage)
    if finding.accepted is not None:
        yield from _acceptance(finding.accepted)


def _acceptance(accepted: Acceptance) -> _Pairs:
    yield "cg:acceptedBy", _literal(accepted.by)
    yield "cg:acceptedOn", f"{_literal(accepted.on)}^^xsd:date"
    yield "cg:acceptedBecause", f"{_literal(accepted.reason_es)}@es"
    yield "cg:acceptedBecause", f"{_literal(accepted.reason_en)}@en"


def _passage(spot: Spot) -> _Pairs:
    yield "a", "cg:Passage"
    yield "cg:source", _iri(str(spot.passage).rpartition("/")[0])
    yield "cg:start", str(spot.start)
    yield "cg:end", str(spot.end)
    yield "cg:exact", _literal(spot.exact or "")


def _block(subject: str, pairs: _Pairs) -> str:
    return f"{_iri(subject)}\n    " + " ;\n    ".join(f"{predicate} {value}" for predicate, value in pairs) + " .\n"


def _iri(iri: str) -> str:
    kept = "".join(
        f"\\u{ord(character):04X}" if character in _NOT_IN_AN_IRI or character <= " " else character
        for character in iri
    )
    return f"<{kept}>"


def _literal(text: str) -> str:
    return f'"{text.translate(_ESCAPES)}"'
