"""A healed step in the report: what it was when it was taught beside what was found again, with both screens.

Read from the run's own notes (`healed`), which may be damaged or a stranger's: what does not fit is left out.
"""

from __future__ import annotations

from typing import Any

from replay.report.markup import quoted, text
from replay.report.sheet import Sheet
from replay.timeline import Moment, Timeline
from replay.trace import Note

_PARTS = {"target": "What it touches", "before": "The page it is done on", "after": "The page it leads to"}


def healed(moment: Moment, sheet: Sheet, then: Timeline | None) -> str:
    """Every part of the step that was found again; "" if none was."""
    notes = [note for note in moment.notes if note.topic == "healed"]
    return "".join(_one(note, moment, sheet, then) for note in notes)


def _one(note: Note, moment: Moment, sheet: Sheet, then: Timeline | None) -> str:
    data: Any = note.data
    part = str(data.get("part", ""))
    screen, point = data.get("screen"), data.get("point")
    place = (point[0], point[1]) if _is_place(point) else None
    now = sheet.figure(
        "found again", screen if isinstance(screen, int) else None, sheet.box_of(screen, data.get("element")), place
    )
    was = _taught(part, moment, sheet, then)
    arrow = "<span class='arrow' aria-hidden='true'>→</span>" if was else ""
    by = data.get("by")
    told = ", ".join(map(str, by)) if isinstance(by, list | tuple) else ""
    return (
        f"<div class='healed'><h3>{_PARTS.get(part, 'It')} was found again <span class='badge warn'>healed</span></h3>"
        f"<p>{quoted(note.says, 400)}{f' (by {text(told, 80)})' if told else ''}</p>"
        f"<div class='cols'><div class='screens'>{was}{arrow}{now}</div>{_evidence(data.get('evidence'))}</div></div>"
    )


def _taught(part: str, moment: Moment, sheet: Sheet, then: Timeline | None) -> str:
    if then is None:
        return ""
    old = next((one for one in then.moments if one.index == moment.index), None)
    if old is None:
        return ""
    number = old.after if part == "after" else old.before
    shown = sheet.foreign("then", then.screens, number, old.target if part == "target" else None)
    return f"<figure>{shown}<figcaption>when it was taught</figcaption></figure>" if shown else ""


def _evidence(evidence: object) -> str:
    if not isinstance(evidence, list | tuple):
        return ""
    rows = [one for one in evidence if isinstance(one, list | tuple) and len(one) == 4]
    if not rows:
        return ""
    cells = "".join(
        f"<tr><th>{text(piece, 30)}</th><td>{quoted(was, 120)}</td><td>{quoted(now, 120)}</td>"
        f"<td>{text(fit, 20)}</td></tr>"
        for piece, fit, was, now in rows
    )
    head = "<tr><th></th><th>was</th><th>is</th><th></th></tr>"
    return f"<div class='facts'><table>{head}{cells}</table></div>"


def _is_place(point: object) -> bool:
    return isinstance(point, list | tuple) and len(point) == 2 and all(isinstance(one, int) for one in point)
