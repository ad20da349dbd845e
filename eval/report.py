"""One HTML file about one run or two, without an outside address: what was concluded and from where, then why."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

from eval.case import Case, Moment, Query, Scene
from eval.cassette import write_whole
from eval.compare import Change, Comparison, Verdict, compare
from eval.scorers import LOWER_IS_BETTER, SCORERS
from eval.subject import named
from eval.totals import (
    ALL,
    Metric,
    Row,
    Run,
    is_share,
    metric_of,
    metrics_of,
    scores_by_case,
    split_gap,
    unscored_rows,
)

PAGE = Path(__file__).with_name("report.html")
NOT_ASKED = -1
LEFT, RIGHT, WIDTH = 8.0, 182.0, 190.0
"""Of the little plots, in pixels."""
TONE = {Verdict.BETTER: "good", Verdict.WORSE: "bad", Verdict.REFUSED: "", Verdict.INCONCLUSIVE: ""}


def write_report(path: Path, cases: Sequence[Case], runs: Sequence[Run], command: str) -> None:
    """`runs`: one, or A and B."""
    found = compare(runs[0], runs[1]) if len(runs) == 2 else None
    title = " against ".join(run.subject for run in reversed(runs)) if found else runs[0].subject
    parts = {
        "TITLE": escape(f"{title}: evaluation"),
        "SHORT": escape(_in_short(runs, found)),
        "HEAD": head(runs, found, command),
        "DATA": data(cases, runs),
    }
    html = PAGE.read_text("utf-8")
    for name, text in parts.items():  # the data last: nothing in it is looked at for a placeholder
        before, after = html.split(f"@{name}@", 1)
        html = before + text + after
    write_whole(path, html)


# Above the cases


def head(runs: Sequence[Run], found: Comparison | None, command: str) -> str:
    parts = [
        '<div class="top"><div>',
        f"<h1>{escape(_title(runs))}</h1>",
        "</div>",
        '<button id="theme">Light or dark</button></div>',
    ]
    parts += [_verdict(runs, found), _provenance(runs), "<h2>Metrics</h2>", _forest(runs, found), _spent(runs)]
    parts += [_unscored(runs), "<h2>Made by</h2>", f"<pre><code>{escape(command)}</code></pre>"]
    return "\n".join(parts)


def _title(runs: Sequence[Run]) -> str:
    return (
        f"Is {runs[1].subject} better than {runs[0].subject}?" if len(runs) == 2 else f"How good is {runs[0].subject}?"
    )


def _verdict(runs: Sequence[Run], found: Comparison | None) -> str:
    tone = TONE[found.verdict] if found else ""
    said, why = _concluded(runs, found)
    origin = f"Provenance: {escape(_origin(runs))}"
    return f'<div class="verdict {tone}"><p class="dim">{origin}</p><p><b>{escape(said)}.</b> {escape(why)}</p></div>'


def _origin(runs: Sequence[Run]) -> str:
    return " and ".join(dict.fromkeys(run.provenance for run in runs))


def _concluded(runs: Sequence[Run], found: Comparison | None) -> tuple[str, str]:
    """What it says at most, and why."""
    if found:
        return found.verdict.value.capitalize(), f"{found.why[:1].upper()}{found.why[1:]}."
    metric = metrics_of(runs[0].rows)[ALL]
    if metric.value is None or metric.low is None or metric.high is None:
        return "No message to judge", ""
    share = f"{metric.value:.1%} of {metric.n} cases pass every check"
    return share, f"95 % interval {metric.low:.1%} to {metric.high:.1%}"


def _in_short(runs: Sequence[Run], found: Comparison | None) -> str:
    """For a list of reports."""
    last = runs[-1]
    cases = f"{last.totals['cases']} cases ({' and '.join(last.manifest['splits'])})"
    return f"{_concluded(runs, found)[0]}. Provenance: {_origin(runs)}. {cases}."


def _provenance(runs: Sequence[Run]) -> str:
    lines = []
    for at, run in enumerate(runs):
        gap = split_gap(run.rows)
        facts = [
            f"{run.totals['cases']} cases ({', '.join(run.manifest['splits'])})",
            f"commit {str(run.manifest['commit'])[:10]}{' with changes' if run.manifest['changed'] else ''}",
            *([f"development less sealed {gap:+.3f}"] if gap is not None else []),
        ]
        name = f"{'AB'[at]} {run.subject}" if len(runs) == 2 else run.subject
        tags = "".join(f'<span class="tag">{escape(fact)}</span>' for fact in facts)
        lines.append(f'<p><span class="{"ab"[at] if len(runs) == 2 else ""}"><b>{escape(name)}</b></span> {tags}</p>')
    return "".join(lines)


def _forest(runs: Sequence[Run], found: Comparison | None) -> str:
    metrics = paired_metrics(runs) if found else [metrics_of(runs[0].rows)]
    changes = {change.metric: change for change in found.changes} if found else {}
    names = list(metrics[0])
    columns = "".join(
        f'<th class="n {"ab"[at] if len(runs) == 2 else ""}">{"AB"[at] if len(runs) == 2 else "value"}</th>'
        for at in range(len(runs))
    )
    extra = (
        '<th class="n">change, 95 %</th><th class="n">lost</th><th class="n">won</th><th class="n">p (Holm)</th>'
        if found
        else ""
    )
    rows = "".join(_metric_row(name, metrics, changes.get(name), bool(found)) for name in names)
    note = (
        f" Lower is better for {', '.join(sorted(LOWER_IS_BETTER))}. All of it is of the cases that both were scored on; the change is "
        "above 0 where B is better."
        if found
        else ""
    )
    return (
        f'<div class="scroll" tabindex="0"><table><thead><tr><th>metric</th>{columns}<th>0 to 1, 95 % interval</th>{extra}'
        f'<th class="n">scored</th><th class="n">unscored</th></tr></thead><tbody>{rows}</tbody></table></div>'
        f'<p class="dim">Shares have Wilson intervals, means those of a cluster bootstrap.{note} Unscored is not 0: it could not be judged.</p>'
    )


def paired_metrics(runs: Sequence[Run]) -> list[dict[str, Metric]]:
    """Of the cases that both sides were scored on, so that a row's values and its change speak of the same; the others are unscored."""
    asked = {name for run in runs for row in run.rows for name in row.scores}
    found: list[dict[str, Metric]] = [{} for _ in runs]
    for name in (ALL, *(name for name in SCORERS if name in asked)):
        whole = {row.case for run in runs for row in run.rows if name == ALL or name in row.scores}
        both = set.intersection(*(set(scores_by_case(run.rows, name)) for run in runs))
        for side, run in zip(found, runs, strict=True):
            metric = metric_of(name, [row for row in run.rows if row.case in both])
            side[name] = replace(metric, unscored=len(whole) - len(both))
    return found


def _metric_row(name: str, metrics: Sequence[Mapping[str, Any]], change: Change | None, paired: bool) -> str:
    own = [one.get(name) for one in metrics]
    values = "".join(f'<td class="n">{"–" if m is None or m.value is None else f"{m.value:.3f}"}</td>' for m in own)
    counted = own[-1]
    extra = (
        (_change_cells(name, change) if change else '<td colspan="4" class="dim">not scored on both</td>')
        if paired
        else ""
    )
    n, unscored = (counted.n, counted.unscored) if counted else (0, 0)
    return f'<tr><th>{escape(name)}</th>{values}<td>{_plot(own)}</td>{extra}<td class="n">{n}</td><td class="n">{unscored}</td></tr>'


def _change_cells(name: str, change: Change) -> str:
    tone = "" if change.p >= 0.05 else "good-text" if change.change > 0 else "bad-text"
    at = "" if name == ALL else str(_columns([]).index(name))
    buttons = "".join(
        f'<td class="n"><button data-metric="{at}" data-outcome="{which}" aria-label="{which} at {escape(name)}">{len(some)}</button></td>'
        if some
        else '<td class="n">0</td>'
        for which, some in (("lost", change.lost), ("won", change.won))
    )
    return f'<td class="n {tone}">{change.change:+.3f} [{change.low:+.3f}, {change.high:+.3f}]</td>{buttons}<td class="n">{_p(change.p)}</td>'


def _p(value: float) -> str:
    return "&lt; .0001" if value < 0.0001 else f"{value:.4f}"


def _plot(metrics: Sequence[Any]) -> str:
    """A line for the interval and a dot for the value, one under the other."""
    marks = []
    for at, metric in enumerate(metrics):
        if metric is None or metric.value is None:
            continue
        y, colour = (8 + 10 * at, "ab"[at]) if len(metrics) == 2 else (13, "b")
        if metric.low is not None:
            marks.append(
                f'<line x1="{_x(metric.low)}" x2="{_x(metric.high)}" y1="{y}" y2="{y}" stroke="var(--{colour})" stroke-width="2"/>'
            )
        marks.append(f'<circle cx="{_x(metric.value)}" cy="{y}" r="4" fill="var(--{colour})"/>')
    rule = "".join(f'<line x1="{_x(v)}" x2="{_x(v)}" y1="0" y2="26" stroke="var(--line)"/>' for v in (0, 0.5, 1))
    said = "; ".join(f"{m.value:.3f}" for m in metrics if m is not None and m.value is not None) or "not scored"
    return f'<svg viewBox="0 0 {WIDTH:.0f} 26" role="img" aria-label="{said}">{rule}{"".join(marks)}</svg>'


def _x(value: float) -> float:
    return round(LEFT + (RIGHT - LEFT) * min(max(value, 0.0), 1.0), 1)


def _spent(runs: Sequence[Run]) -> str:
    rows = "".join(
        f"<tr><th>{escape(run.subject)}</th>{''.join(f'<td class=n>{escape(cell)}</td>' for cell in _spent_by(run))}</tr>"
        for run in runs
    )
    return (
        '<h2>Tokens, cost, latency</h2><div class="scroll" tabindex="0"><table><thead><tr><th>subject</th>'
        '<th class="n">tokens in</th><th class="n">tokens out</th>'
        '<th class="n">cost at list price</th><th class="n">latency, median</th>'
        '<th class="n">95 %</th><th class="n">no whole answer</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _spent_by(run: Run) -> list[str]:
    taken = sorted(row.output.latency_ms for row in run.rows if row.output.latency_ms is not None)
    quantiles = (
        [f"{taken[min(int(share * len(taken)), len(taken) - 1)]:,} ms" for share in (0.5, 0.95)]
        if taken
        else ["–", "–"]
    )
    return [*_tokens(run, bool(taken)), *quantiles, str(run.totals["errors"])]


def _tokens(run: Run, asked: bool) -> list[str]:
    """In, out and their price; where a server did not count them for every answer that is said, never a sum of some."""
    if not asked:
        return ["–", "–", "–"]
    counted = sum(row.output.tokens_in is not None for row in run.rows)
    if counted < len(run.rows):
        said = f"counted for {counted} of {len(run.rows)}"
        return [said, said, "not known"]
    return [f"{run.totals['tokens_in']:,}", f"{run.totals['tokens_out']:,}", _cost(run)]


def _cost(run: Run) -> str:
    """In US dollars, by the price list that the app shows costs by; a model that is not on it has no known price."""
    from coach.budget import cost
    from coach.endpoint import OPENAI, Endpoint

    model = named(run.subject).model
    dollars = cost(Endpoint(url=OPENAI, model=model), run.totals["tokens_in"], run.totals["tokens_out"])
    return "not known" if dollars is None else f"${dollars:,.2f}"


def _unscored(runs: Sequence[Run]) -> str:
    """Why some checks could not be judged: each reason with its checks, and how often on each side."""
    sides = [_reasons(run) for run in runs]
    found = dict.fromkeys(key for side in sides for key in side)
    if not found:
        return ""
    together: dict[tuple[str, tuple[int, ...]], list[str]] = {}
    for name, why in found:
        together.setdefault((why, tuple(side.get((name, why), 0) for side in sides)), []).append(name)
    rows = "".join(
        f'<tr><td class="wrap">{escape(why)}</td><td class="wrap">{escape(", ".join(names))}</td>'
        f"{''.join(f'<td class=n>{count}</td>' for count in counts)}</tr>"
        for (why, counts), names in sorted(together.items(), key=lambda pair: -sum(pair[0][1]))
    )
    heads = "".join(f'<th class="n">{"AB"[at] if len(runs) == 2 else "cases"}</th>' for at in range(len(runs)))
    return (
        '<h2>Unscored</h2><div class="scroll" tabindex="0"><table><thead><tr><th>could not be judged because</th><th>checks</th>'
        f"{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
        '<p class="dim">Cases each. Which they are: choose the check and “Has unscored checks” below.</p>'
    )


def _reasons(run: Run) -> dict[tuple[str, str], int]:
    """(check, why) -> cases."""
    return Counter((name, why) for _, name, why in unscored_rows(run.rows))


# The cases


def data(cases: Sequence[Case], runs: Sequence[Run]) -> str:
    """As JSON that may stand inside a script element."""
    columns = _columns(runs)
    by_case = [{row.case: row for row in run.rows} for run in runs]
    used = [at for at, name in enumerate(columns) if any(name in row.scores for run in runs for row in run.rows)]
    rows = [
        _case(case, [one.get(case.id) for one in by_case], columns)
        for case in cases
        if any(case.id in one for one in by_case)
    ]
    whole = {
        "names": [f"{run.subject} ({run.provenance})" for run in runs],
        "metrics": columns,
        "used": used,
        "shares": [is_share(name) for name in columns],
        "lower": sorted(LOWER_IS_BETTER),
        "cases": rows,
    }
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _columns(_: Sequence[Run]) -> list[str]:
    return list(SCORERS)


def _case(case: Case, rows: Sequence[Row | None], columns: Sequence[str]) -> dict[str, Any]:
    return {
        "id": case.id,
        "suite": case.suite.value,
        "split": case.split.value,
        "tags": list(case.tags),
        "about": _about(case),
        "input": case.input_text,
        "notes": [[note.private, note.text] for note in case.notes],
        "gold": list(_gold(case)),
        "relevant": case.gold.relevant,
        "sides": [None if row is None else _side(row, columns) for row in rows],
    }


def _about(case: Case) -> str:
    if isinstance(case.input, Moment):
        return f"{case.input.kind.value} to {case.input.to}, {case.input.channel.value}"
    return case.input.to if isinstance(case.input, Query | Scene) else ""


def _gold(case: Case) -> Iterable[str]:
    gold = case.gold
    if gold.facts:
        yield "Facts: " + "; ".join(wordings[0] for wordings in gold.facts)
    if gold.must:
        yield "Must: " + "; ".join(wordings[0] for wordings in gold.must)
    if gold.must_not or gold.canaries:
        yield "Must not: " + "; ".join([*gold.must_not, *gold.canaries])
    if gold.missing is not None:
        yield "Has to ask for: " + (", ".join(gold.missing) or "nothing")


def _side(row: Row, columns: Sequence[str]) -> dict[str, Any]:
    """A score for each column; NOT_ASKED where the case does not ask for it, and trailing ones left off."""
    scores = [row.scores.get(name, NOT_ASKED) for name in columns]
    while scores and scores[-1] == NOT_ASKED:
        scores.pop()
    return {
        "message": row.output.message,
        "error": row.output.error,
        "all": row.score(ALL),
        "scores": scores,
        "why": {str(columns.index(name)): why for name, why in row.why.items() if name in columns},
        "marks": [[*_utf16(row.output.message, mark.start, mark.end), mark.code, mark.advice] for mark in row.marks],
        "ranked": list(row.output.ranked),
        "questions": list(row.output.questions),
        "retrieved": [*row.output.principles, *row.output.used],
    }


def _utf16(text: str, start: int, end: int) -> tuple[int, int]:
    """Code points to the units in which a browser counts."""
    before, inside = text[:start], text[start:end]
    opened = len(before.encode("utf-16-le", "surrogatepass")) // 2
    return opened, opened + len(inside.encode("utf-16-le", "surrogatepass")) // 2
