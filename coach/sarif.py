"""Findings as a SARIF 2.1.0 log, which editors and code hosts read (OASIS standard, 27 March 2020)."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from coach import __version__
from coach.faults import Fault, Severity, read_faults

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVEL = {Severity.BLOCK: "error", Severity.WARN: "warning", Severity.HINT: "note"}


def sarif(message: str, findings: Sequence[Mapping[str, Any]], where: str) -> dict[str, Any]:
    """`findings` as `coach check` replies with them; `where`: the file's name, or "stdin"."""
    faults = list(read_faults().values())
    order = {fault.code: at for at, fault in enumerate(faults)}
    driver = {"name": "coach", "version": __version__, "rules": [_rule(fault) for fault in faults]}
    results = [_result(message, finding, order, where) for finding in findings]
    # Offsets are code points, as everywhere in Coach; SARIF would take them for UTF-16 units.
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(fault: Fault) -> dict[str, Any]:
    return {
        "id": fault.code,
        "shortDescription": {"text": fault.means},
        "defaultConfiguration": {"level": LEVEL[fault.severity]},
    }


def _result(message: str, finding: Mapping[str, Any], order: Mapping[str, int], where: str) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(where)}}
    if finding["start"] is not None:
        place["region"] = _region(message, finding["start"], finding["end"]) | {"snippet": {"text": finding["text"]}}
    result: dict[str, Any] = {
        "ruleId": finding["code"],
        "ruleIndex": order[finding["code"]],
        "level": LEVEL[Severity(finding["severity"])],
        "message": {"text": finding["advice"]},
        "locations": [{"physicalLocation": place}],
        "properties": {"why": finding["why"]},
    }
    if finding["fix"]:
        result["fixes"] = [_fix(message, finding["fix"], where)]
    return result


def _fix(message: str, fix: Mapping[str, Any], where: str) -> dict[str, Any]:
    change = {
        "deletedRegion": _region(message, fix["start"], fix["end"]),
        "insertedContent": {"text": fix["text"]},
    }
    return {"artifactChanges": [{"artifactLocation": {"uri": quote(where)}, "replacements": [change]}]}


def _region(message: str, start: int, end: int) -> dict[str, int]:
    """Lines and columns count from 1; the end column is the one after the last character."""
    (first, left), (last, right) = _line(message, start), _line(message, end)
    return {
        "startLine": first,
        "startColumn": left,
        "endLine": last,
        "endColumn": right,
        "charOffset": start,
        "charLength": end - start,
    }


def _line(message: str, at: int) -> tuple[int, int]:
    return message.count("\n", 0, at) + 1, at - (message.rfind("\n", 0, at) + 1) + 1
