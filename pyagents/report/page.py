# SPDX-License-Identifier: GPL-2.0-only
"""The page: what was run, each figure with its claims and verdicts, and what the paper does not show."""

from collections import Counter
from collections.abc import Sequence
from html import escape
from pathlib import Path

from pyagents import __version__
from pyagents.figures.curve import Curve
from pyagents.report.air import air
from pyagents.report.beyond import beyond
from pyagents.report.choices import choices_table, find_document
from pyagents.report.claims import (
    answers,
    checks_table,
    claims_rows,
    claims_table,
    found,
    summary_markdown,
)
from pyagents.report.html import Cell, details, interval, number, picture, table, text
from pyagents.report.ladder import ladder
from pyagents.report.ranking import (
    condition_table,
    conditions,
    describe,
    duels_table,
    pick,
    ranked,
    ranking_table,
)
from pyagents.report.readings import readings
from pyagents.reproduction.checks import check_all
from pyagents.reproduction.drawing import Drawing
from pyagents.reproduction.experiment import Experiment, load_contenders, load_experiments
from pyagents.reproduction.outcomes import Outcomes
from pyagents.reproduction.verdict import MIN_SEEDS, Verdict, judge
from pyagents.runs.store import to_csv, write_whole
from pyagents.runs.sweep import Failure
from pyagents.scenarios.indoor_factory.figures.hearing_runs import Hearing
from pyagents.scenarios.indoor_factory.metrics import SATISFIED_SHARE_OF_DEMAND, STARVED_SHARE_OF_DEMAND

_HERE = Path(__file__).parent

PAPER = (
    "Seyoum et al., <i>NR-U Network Load Balancing: A Game Theoretic Reinforcement Learning Approach</i>, "
    'Electronics 2025, 14(20), 3986, <a href="https://doi.org/10.3390/electronics14203986">'
    "doi:10.3390/electronics14203986</a>"
)

_CITE = """@article{{seyoum2025nru,
  title   = {{NR-U Network Load Balancing: A Game Theoretic Reinforcement Learning Approach}},
  author  = {{Seyoum and others}},
  journal = {{Electronics}},
  volume  = {{14}}, number = {{20}}, pages = {{3986}}, year = {{2025}},
  doi     = {{10.3390/electronics14203986}}
}}

@software{{nru,
  title   = {{nru: load balancing in unlicensed 5G (NR-U) factory networks on ns-3}},
  author  = {{{{The nru contributors}}}},
  version = {{{version}}},
  note    = {{results made with {build}}}
}}"""


def write_report(
    outcomes: Outcomes,
    drawings: Sequence[Drawing],
    failures: Sequence[Failure],
    folder: Path,
    hearing: Hearing | None = None,
) -> Path:
    """Write `index.html`, which needs no other file, and beside it `claims.csv` and `summary.md`.

    The same runs give the same bytes.

    Args:
        outcomes: what runs came to.
        drawings: of the experiments.
        failures: runs that could not be played.
        folder: where the files go.
        hearing: picture of who hears whom; None: the page has none.

    Returns:
        The page.
    """
    folder.mkdir(parents=True, exist_ok=True)
    verdicts = [
        judge(claim, experiment, outcomes)
        for experiment in outcomes.plan.experiments
        for claim in experiment.claims
    ]
    sections = [
        ("claims", "The claims", _claims(verdicts, outcomes)),
        ("figures", "The figures", "".join(_figure(d, verdicts, outcomes) for d in drawings)),
        ("ranks", "How the agents rank", _ranks(outcomes)),
        ("air", "Packets, Wi-Fi, and who hears whom", air(outcomes, hearing)),
        ("readings", "What each reading of GT-RL does", readings(outcomes)),
        ("literal", "GT-RL at its word", _literal(outcomes)),
        ("ladder", "Which assumption breaks which claim", ladder(folder.parent / "ladder")),
        ("beyond", "Beyond the paper", beyond(outcomes)),
        ("checks", "Internal checks", _checks(outcomes)),
        ("runs", "What was run", _runs(outcomes, failures)),
        ("open", "What the paper leaves open", _open()),
        ("cite", "How to cite", _cite(outcomes)),
    ]
    sections = [(name, title, body) for name, title, body in sections if body]
    nav = "".join(f'<a href="#{name}">{escape(title)}</a>' for name, title, _ in sections)
    body = "".join(
        f'<section id="{name}"><h2>{escape(title)}</h2>{content}</section>'
        for name, title, content in sections
    )
    page = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="data:,"><title>GT-RL for NR-U, reproduced</title>'
        f"<style>{_part('page.css')}</style></head><body>"
        f"<h1>GT-RL for NR-U, reproduced</h1>{_lead(outcomes, verdicts)}<nav>{nav}</nav>{body}"
        f"<script>{_part('sort.js')}</script></body></html>\n"
    )
    path = folder / "index.html"
    write_whole(path, page)
    if verdicts:
        write_whole(folder / "claims.csv", to_csv(claims_rows(verdicts)))
        write_whole(folder / "summary.md", summary_markdown(verdicts, outcomes, _what(outcomes)))
    return path


def _part(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _what(outcomes: Outcomes) -> str:
    """What was run, in a sentence."""
    plan = outcomes.plan
    seeds = sorted({len(plan.seeds_of(experiment)) for experiment in plan.experiments})
    steps = sorted({run.scenario.steps for run in plan.runs.values()})
    return (
        f"{outcomes.count - outcomes.missing} runs of {' or '.join(map(str, steps))} SIBx periods "
        f"on {_build(outcomes)}, "
        f"{' or '.join(map(str, seeds))} seed{'s' if seeds[-1] > 1 else ''} at each point, nru {__version__}."
    )


def _build(outcomes: Outcomes) -> str:
    return next((run.code["simulator"] for run in outcomes.plan.runs.values()), outcomes.plan.simulator)


def _lead(outcomes: Outcomes, verdicts: Sequence[Verdict]) -> str:
    tally: Counter[str] = Counter(verdict.answer for verdict in verdicts)
    boxes = "".join(
        f"<div><b>{tally[answer]}</b><span>claim{'s' if tally[answer] != 1 else ''} {word}</span></div>"
        for answer, word in (("holds", "hold"), ("does not hold", "do not hold"), ("undecided", "undecided"))
    )
    notes = []
    if outcomes.missing:
        notes.append(f"{outcomes.missing} runs of {outcomes.count} are missing.")
    if outcomes.plan.quick:
        notes.append("A quick reproduction: shorter runs, fewer points and seeds than the full one.")
    if outcomes.plan.simulator != "ns3":
        notes.append("Not made with ns-3, but with its fast twin: for a look, not for a conclusion.")
    warning = f"<p><b>{escape(' '.join(notes))}</b></p>" if notes else ""
    return (
        f'<p class="lead">What {PAPER} shows, run again and held against its claims. '
        f"{escape(_what(outcomes))}</p>"
        f'{warning}<div class="tally">{boxes}</div>'
    )


def _claims(verdicts: Sequence[Verdict], outcomes: Outcomes) -> str:
    if not verdicts:
        return ""
    labels = outcomes.plan.labels
    return (
        "<p>Each sentence of the paper with a number or an order is a check. A gain is a share of the"
        " other's mean, with its 95 % bootstrap interval, paired over the seeds. A claim <i>holds</i>"
        " if all of its intervals say so, <i>does not hold</i> if one of them excludes it, and is "
        f"<i>undecided</i> otherwise; also with fewer than {MIN_SEEDS} seeds, and where an agent it "
        "names was not played. Intervals are of each comparison, not corrected for their number. "
        "Where medians over the seeds would answer otherwise than "
        "means, both answers stand. "
        "&ldquo;About 5 %&rdquo; holds if the interval contains it and leaves out 0. Headings "
        "sort.</p>" + claims_table(verdicts, labels, name="claims-table")
    )


def _figure(drawing: Drawing, verdicts: Sequence[Verdict], outcomes: Outcomes) -> str:
    experiment = drawing.experiment
    labels = outcomes.plan.labels
    mine = [verdict for verdict in verdicts if verdict.experiment.name == experiment.name]
    title = f"Figure {experiment.number}: {experiment.title}" if experiment.number else experiment.title
    heading = f'<h3 id="{experiment.name}">{escape(title)}</h3>'
    said = "".join(
        f"<p>{answers(v.answer, v.answer_by_medians).html} {escape(v.claim.says)}<br>"
        f'<span class="lead">{escape(found(v, labels))}</span></p>'
        + (details("Each comparison", checks_table(v)) if v.checks else "")
        for v in mine
    )
    if not experiment.number:
        said = "<p>The paper does not show this.</p>"
    image = picture(drawing.png, f"{title}. {experiment.y_label} against {experiment.x_label}.")
    return f"{heading}<figure>{image}</figure>{said}{details('The numbers', _numbers(drawing))}"


def _numbers(drawing: Drawing) -> str:
    experiment = drawing.experiment
    rows = [
        [text(curve.label), _place(curve, index, experiment), interval(e, ".4g", experiment.y_factor)]
        for curve in drawing.curves
        for index, e in enumerate(curve.estimates)
        if experiment.sweep or curve.names or index % 5 == 0
    ]
    return table(["Agent", experiment.x_label, f"{experiment.y_label} (95 % interval)"], rows)


def _place(curve: Curve, index: int, experiment: Experiment) -> Cell:
    place = curve.places[index]
    return text(place) if isinstance(place, str) else number(place * experiment.x_factor)


def _ranks(outcomes: Outcomes) -> str:
    places = ranked(outcomes)
    heaviest = pick(outcomes, ("fig5", None), ("fig7", 100), ("fig10", 0.4), ("fig13", 10), ("fig13", 6))
    tables = "".join(
        f"<h3>{escape(describe(e, v))}</h3>{condition_table(outcomes, e, v)}" for e, v in heaviest
    )
    scenario = heaviest[0][0].scenario(heaviest[0][1])
    interruption, window = (
        f"{x:g}" for x in (scenario.handover_interruption_ms, scenario.ping_pong_window_s)
    )
    return (
        f"<p>Mean rank over the {len(places)} conditions and all seeds, 1 is best. Equals share a rank.</p>"
        f"{ranking_table(outcomes)}<h3>Where GT-RL wins, and where it does not</h3>"
        "<p>GT-RL beside whichever other method of the paper has the lowest mean load variance there, with "
        "what UEs know of loads there, and what either pays in handovers.</p>"
        f"{duels_table(outcomes)}<h3>What evenness costs</h3>"
        f"<p>The paper counts no handovers. Each one interrupts its UE for {interruption} ms, and one that "
        f"comes back within {window} s is a ping-pong. Jain's index is 1 where all gNBs are loaded alike. Of "
        "the load variance of a run there are the mean over its second half, the median step, and the worst, "
        "with 95 % intervals over the seeds. A gNB is overloaded above load 1. A UE is satisfied with "
        f"{100 * SATISFIED_SHARE_OF_DEMAND:g} % of its demand within the delay budget, and starves below "
        f"{100 * STARVED_SHARE_OF_DEMAND:g} %.</p>{tables}"
    )


def _literal(outcomes: Outcomes) -> str:
    name = "gt-rl-letter"
    if name not in {contender.name for contender in outcomes.plan.contenders}:
        return ""
    places = pick(outcomes, ("fig5", None), ("fig6", None), ("fig7", 100))
    tables = "".join(
        f"<h3>{escape(describe(e, v))}</h3>{condition_table(outcomes, e, v, ('gt-rl', 'max-rsrp', name))}"
        for e, v in places
    )
    return (
        "<p>By the sign of the paper's Eq. (7) a UE earns the cost of the cell that it goes to minus "
        "that of the one it leaves, and its algorithm takes the largest reward, which is the most "
        "loaded cell's. It also leaves out the choice to stay, and the mover's own load. "
        "<code>gt-rl-letter</code> does what is printed; <code>gt-rl</code> reads the reward as cost "
        "saved.</p>" + tables
    )


def _checks(outcomes: Outcomes) -> str:
    rows = [
        [
            text(check.what),
            text(check.found),
            Cell(
                html=f'<span class="badge {"holds" if check.passed else "does-not-hold"}">'
                f"{'&#10003;&nbsp;passed' if check.passed else '&#10007;&nbsp;failed'}</span>",
                key="passed" if check.passed else "failed",
            ),
        ]
        for check in check_all(outcomes)
    ]
    return "<p>What must be so whatever agents do.</p>" + table(
        ["What must be so", "Looked at", "Result"], rows, name="checks-table", wide=True
    )


def _runs(outcomes: Outcomes, failures: Sequence[Failure]) -> str:
    plan = outcomes.plan
    agents: dict[str, list[Cell]] = {}
    for run in plan.runs.values():
        config = ", ".join(f"{k}={v}" for k, v in run.agent_config.items()) or "no options"
        agents.setdefault(run.agent, [text(run.agent), text(run.code["agent"]), text(config)])
    places = [
        [text(describe(e, v)), text(e.preset), text(plan.scenario(e, v).key[:16])]
        for e, v in conditions(outcomes)
    ]
    left_out = "".join(
        f"<li>Without {escape(contender.label)}: {escape(why)}</li>"
        for contender, why in plan.left_out.items()
    )
    failed = "".join(
        f"<li>Failed three times: {escape(f.task.label)}; log {escape(f.log.name)}</li>" for f in failures
    )
    notes = f"<ul>{left_out}{failed}</ul>" if left_out or failed else ""
    return (
        f"<p>{escape(_what(outcomes))} Means of each run are over its second half; handovers over all of it. "
        f"Metrics {escape(next((r.code['metrics'] for r in plan.runs.values()), ''))}. By the command</p>"
        f"<pre>{escape(_command(outcomes))}</pre>{notes}"
        f"<h3>Agents</h3>{table(['Agent', 'Source', 'Options'], list(agents.values()), wide=True)}"
        f"<h3>Conditions</h3>{table(['Condition', 'Preset', 'Scenario'], places, wide=True)}"
    )


def _command(outcomes: Outcomes) -> str:
    """What to type to get this page."""
    plan = outcomes.plan
    figures = [experiment.name for experiment in plan.experiments]
    agents = [contender.name for contender in (*plan.contenders, *plan.left_out)]
    declared = [contender.name for contender in load_contenders()]
    return "./nru reproduce" + "".join(
        (
            "" if figures == list(load_experiments()) else f" {' '.join(figures)}",
            "" if plan.simulator == "ns3" else f" --simulator {plan.simulator}",
            "" if set(agents) == set(declared) else f" --agents {','.join(agents)}",
            " --quick" if plan.quick else "",
            f" --seeds {len(plan.seeds)}",
        )
    )


def _open() -> str:
    document = find_document()
    if document is None:
        return ""
    return (
        "<p>What the paper does not say had to be chosen, from standards, sources and physics, before any "
        "agent was compared. Sources marked &deg; were not at hand to be read.</p>" + choices_table(document)
    )


def _cite(outcomes: Outcomes) -> str:
    return f"<pre>{escape(_CITE.format(version=__version__, build=_build(outcomes)))}</pre>"
