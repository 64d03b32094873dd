"""The report: one HTML file with every step, its screens with the target marked, its checks, and where it parted.

Works from a folder with no network and is readable with scripts off: then all steps stand one below the other, and the
filmstrip's links lead to them. With scripts on, keys move the timeline and words are searched. A content policy in the
page lets nothing load and only our own script run. Every text is a stranger's and escaped (`replay.report.markup`).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from replay.divergence import Parting, parting_in
from replay.errors import ReplayError
from replay.private_files import write_private
from replay.report.healed import healed
from replay.report.markup import quoted, text
from replay.report.salvage import Salvaged, salvage
from replay.report.sheet import Sheet
from replay.timeline import CheckLine, Moment, Timeline, timeline
from replay.trace import Note, Trace

_HERE = Path(__file__).parent
_OUTCOMES = {"done": "good", "stopped": "bad", "failed": "bad", "asked": "warn", "cancelled": "warn"}
_RESULTS = {"done": "good", "skipped": "calm", "failed": "bad", "unclear": "warn"}
_HELD = {True: ("good", "✓"), False: ("bad", "✗"), None: ("calm", "?")}


def write_report(path: Path, target: Path, *, taught: Trace | None = None, replace: bool = False) -> Salvaged:
    """Writes the report of the trace at `path` to `target` (mode 0600), damaged or not; says what was salvaged.

    Args:
        taught: the demonstration the run was replayed from, to show expected beside seen.

    Raises:
        TraceDamaged: there is no trace at all. TraceTooNew, TraceHostile: as for `read_trace`.
        ReplayError: the file exists and `replace` is False.
    """
    salvaged = salvage(path)
    document = page(salvaged, taught=taught)
    try:
        write_private(target, document, replace=replace)
    except FileExistsError as error:
        raise ReplayError(f"{target} exists already", next_step="Choose another name, or add --force.") from error
    return salvaged


def page(salvaged: Salvaged, *, taught: Trace | None = None) -> str:
    """The report as one HTML document."""
    told = timeline(salvaged.trace)
    then = None if taught is None else timeline(taught)
    parting = parting_in(told, then)
    sheet = Sheet(told.screens)
    body = [
        _header(salvaged, told),
        _problems((*salvaged.problems, *told.problems)),
        _filmstrip(told.moments, sheet, parting),
        "<main id='steps'>",
        *(_section(moment, sheet, len(told.moments), then) for moment in told.moments),
        _parting_section(parting, sheet, then),
        _ending(told),
        "</main>",
    ]
    return _document(salvaged.trace, sheet.symbols(), "\n".join(body))


def _document(trace: Trace, symbols: str, body: str) -> str:
    style = (_HERE / "report.css").read_text(encoding="utf-8")
    script = (_HERE / "report.js").read_text(encoding="utf-8")
    policy = (
        f"default-src 'none'; img-src data:; style-src 'sha256-{_sha(style)}'; script-src 'sha256-{_sha(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        "<!doctype html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>\n"
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        "<meta name='viewport' content='width=device-width, initial-scale=1'>\n"
        "<meta name='color-scheme' content='light dark'>\n"
        "<meta name='referrer' content='no-referrer'>\n<link rel='icon' href='data:,'>\n"
        f"<title>{text(trace.header.name, 120)} – MobiMem trace</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f"<svg id='screens' width='0' height='0' aria-hidden='true'><defs>{symbols}</defs></svg>\n{body}\n"
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


def _sha(data: str) -> str:
    return base64.b64encode(hashlib.sha256(data.encode("utf-8")).digest()).decode("ascii")


def _header(salvaged: Salvaged, told: Timeline) -> str:
    trace = salvaged.trace
    header, end = trace.header, trace.end
    outcome = "cut off" if end is None else str(end.outcome)
    device = header.device if hasattr(header.device, "get") else {}
    seconds = sum(moment.duration_s for moment in told.moments)
    facts = [
        ("started", header.started_at),
        ("device", " ".join(str(device.get(key, "")) for key in ("model", "serial")).strip()),
        ("source", header.source),
        ("steps", f"{len(told.moments)}, {seconds:.1f} s in them"),
        *((f"slot {slot}", value) for slot, value in _pairs(header.values)),
        ("made from", header.parent[:16]),
        ("content hash", trace.content_hash[:16] + ("" if salvaged.verified else " (not verified)")),
    ]
    rows = "".join(f"<div><dt>{text(name, 60)}</dt><dd>{quoted(said, 200)}</dd></div>" for name, said in facts if said)
    reason = "" if end is None or not end.reason else f"<p class='reason'>{quoted(end.reason)}</p>"
    return (
        f"<header><div class='title'><h1>{quoted(header.name, 120)}</h1>"
        f"<span class='badge {_OUTCOMES.get(outcome, 'warn')}'>{text(outcome, 20)}</span></div>"
        f"<p class='task'>{quoted(header.task, 400)}</p>{reason}<dl class='facts'>{rows}</dl>"
        "<div class='tools' hidden><label>Search <input id='search' type='search' placeholder='words, result, id' "
        "autocomplete='off'></label><span id='found' role='status'></span><button id='theme' type='button'>Light / dark"
        "</button><span class='keys'><kbd>←</kbd> <kbd>→</kbd> step · <kbd>Home</kbd> <kbd>End</kbd> · <kbd>/</kbd> "
        "search · <kbd>a</kbd> all</span></div></header>"
    )


def _pairs(values: object) -> Iterable[tuple[str, str]]:
    return ((str(slot), str(value)) for slot, value in dict(values).items()) if hasattr(values, "items") else ()  # type: ignore[call-overload]


def _problems(problems: Sequence[str]) -> str:
    if not problems:
        return ""
    rows = "".join(f"<li>{quoted(problem, 300)}</li>" for problem in dict.fromkeys(problems))
    return f"<aside class='problems'><h2>Not everything of this trace is there</h2><ul>{rows}</ul></aside>"


def _filmstrip(moments: Sequence[Moment], sheet: Sheet, parting: Parting | None) -> str:
    frames = [
        f"<li><a href='#step-{moment.number}' data-step='{moment.number}' title='{text(moment.says, 160)}'>"
        f"{sheet.use(moment.before, moment.target, moment.point, small=True)}"
        f"<span class='number {_RESULTS.get(moment.result, 'warn')}'>{moment.number}</span></a></li>"
        for moment in moments
    ]
    if parting is not None:
        film = sheet.use(parting.now_number, None, None, small=True)
        frames.append(
            f"<li><a href='#parting' data-step='parting' title='Where it parted'>{film}"
            "<span class='number bad'>✗</span></a></li>"
        )
    return f"<nav aria-label='Steps'><ol class='film'>{''.join(frames)}</ol></nav>"


def _section(moment: Moment, sheet: Sheet, total: int, then: Timeline | None) -> str:
    badges = [(moment.result, _RESULTS.get(moment.result, "warn")), (moment.level, "calm")]
    if moment.irreversible:
        badges.append(("cannot be undone", "warn"))
    marks = "".join(f"<span class='badge {kind}'>{text(name, 30)}</span>" for name, kind in badges)
    at = "" if moment.at_s is None else f"at {moment.at_s:.1f} s, "
    before = sheet.figure("before", moment.before, moment.target, moment.point)
    after = sheet.figure("after", moment.after, None, None)
    return (
        f"<section class='step' id='step-{moment.number}' data-step='{moment.number}' tabindex='-1'>"
        f"<h2><span class='count'>{moment.number}<small>/{total}</small></span> {quoted(moment.says, 300)} {marks}</h2>"
        f"<p class='time'>{at}took {moment.duration_s:.2f} s</p>"
        f"<div class='cols'><div class='screens'>{before}<span class='arrow' aria-hidden='true'>→</span>{after}</div>"
        f"<div class='facts'>{_notes(moment.notes)}{_action(moment)}{_checks(moment.checks)}{_reasons(moment.reasons)}"
        f"</div></div>{healed(moment, sheet, then)}</section>"
    )


def _action(moment: Moment) -> str:
    if moment.action is None:
        return "<h3>Action</h3><p>Nothing was sent.</p>"
    rows = []
    for key, value in moment.action.items():
        if key == "action":
            continue
        place = hasattr(value, "get") and "x_px" in value
        said = f"{value.get('x_px')}, {value.get('y_px')} px" if place else value
        rows.append(f"<tr><th>{text(key, 40)}</th><td>{quoted(said, 400)}</td></tr>")
    target = moment.step.target if moment.step is not None else None
    if target is not None:
        evidence = {"id": target.entry, "text": target.text, "described": target.description, "near": target.near}
        rows += [f"<tr><th>{name}</th><td>{quoted(said, 200)}</td></tr>" for name, said in evidence.items() if said]
    return f"<h3>{text(str(moment.action.get('action', '?')).replace('_', ' '), 40)}</h3><table>{''.join(rows)}</table>"


def _checks(checks: Sequence[CheckLine]) -> str:
    if not checks:
        return ""
    rows = []
    for check in checks:
        kind, sign = _HELD[check.holds]
        rows.append(
            f"<li class='{kind}'><b>{sign}</b> <span>{quoted(check.says, 300)} <small>{check.when}; "
            f"{quoted(check.seen, 200)}</small></span></li>"
        )
    return f"<h3>Checks</h3><ul class='checks'>{''.join(rows)}</ul>"


def _reasons(reasons: Sequence[str]) -> str:
    rows = "".join(f"<li>{quoted(reason, 400)}</li>" for reason in reasons)
    return f"<h3>Why this element</h3><ul>{rows}</ul>" if rows else ""


def _notes(notes: Sequence[Note]) -> str:
    rows = "".join(map(_note, notes))
    return f"<h3>Before it</h3><ul class='notes'>{rows}</ul>" if rows else ""


def _note(note: Note) -> str:
    return f"<li><span class='badge calm'>{text(note.topic, 30)}</span> {quoted(note.says, 400)}</li>"


def _parting_section(parting: Parting | None, sheet: Sheet, then: Timeline | None) -> str:
    if parting is None:
        return ""
    other = "" if then is None else sheet.foreign("then", then.screens, parting.then_number)
    expected = f"<figure>{other}<figcaption>when it was taught</figcaption></figure>" if other else ""
    seen = sheet.figure("seen", parting.now_number, None, None)
    rows = [("expected", parting.wanted), ("seen", parting.seen)]
    if parting.closest:
        rows.append(("closest", f"{parting.closest.get('name', '?')}, score {parting.closest.get('score', '?')}"))
        rows.append(("not it, because", str(parting.closest.get("ruled_out", ""))))
    rows += [(piece, f"{found!r} instead of {wanted!r}") for piece, wanted, found in parting.differing]
    rows += [("could be", one) for one in parting.candidates] + [("tried", one) for one in parting.tried]
    table = "".join(f"<tr><th>{text(name, 60)}</th><td>{quoted(said, 400)}</td></tr>" for name, said in rows if said)
    return (
        "<section class='step parting' id='parting' data-step='parting' tabindex='-1'><h2>"
        f"<span class='count'>✗</span> It parted at step {parting.index + 1}: {quoted(parting.says, 300)}</h2>"
        f"<div class='cols'><div class='screens'>{expected}{seen}</div>"
        f"<div class='facts'><table>{table}</table></div></div></section>"
    )


def _ending(told: Timeline) -> str:
    rows = [_note(note) for note in told.notes]
    rows += [
        f"<li><span class='badge warn'>unclear</span> {quoted(intent.says, 300)}: nobody knows whether it happened</li>"
        for intent in told.doubtful
    ]
    end = told.trace.end
    receipt = "" if end is None else "".join(
        f"<tr><th>{text(name, 60)}</th><td>{quoted(said, 200)}</td></tr>" for name, said in _pairs(end.receipt)
    )  # fmt: skip
    if not rows and not receipt:
        return ""
    table = f"<table>{receipt}</table>" if receipt else ""
    return f"<section class='ending'><h2>At the end</h2><ul class='notes'>{''.join(rows)}</ul>{table}</section>"
