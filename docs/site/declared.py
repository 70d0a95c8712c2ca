# SPDX-License-Identifier: GPL-2.0-only
"""Tables of what the code declares: fields with their facts, options with their ranges, metrics, agents."""

import ast
import dataclasses
import inspect
import itertools
import math
import re
import textwrap
from collections.abc import Iterable, Mapping
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from tables import table

from pyagents.core.family import load_place
from pyagents.core.metrics import Metric
from pyagents.core.snapshot import Facts

_PLACE = re.compile(r"^<!-- declared: (\S+) -->$", re.MULTILINE)


def fill_in(text: str) -> str:
    """Replace each line `<!-- declared: PLACE -->` of a page by a table of what is at the place."""
    return _PLACE.sub(lambda match: tell(load_place(match[1])), text)


def tell(thing: Any) -> str:
    """Markdown of a declaration.

    Args:
        thing: a class with fields that have `Facts`, another dataclass with fields that say what they are,
            presets or metrics by name, or anything else, whose docstring is shown.
    """
    if inspect.isclass(thing) and hasattr(thing, "facts"):
        return facts(thing)
    if inspect.isclass(thing) and _docs(thing):
        return options(thing)
    if isinstance(thing, Mapping):
        values = list(thing.values())
        return metrics(values) if isinstance(values[0], Metric) else presets(thing)
    text = inspect.getdoc(thing) or ""
    return re.split(r"^(?:Args|Returns|Raises):$", text, maxsplit=1, flags=re.MULTILINE)[0]


def facts(kind: Any) -> str:
    """Fields of a Snapshot or an Action: shape, unit, range, who knows them."""
    docs = _docs(kind)
    known: Mapping[str, Facts] = kind.facts()
    is_seen = any(one.known_to for one in known.values())
    rows = [
        [
            f"`{name}`",
            f"[{', '.join(one.axes)}]" if one.axes else "",
            one.unit,
            f"{_bound(one.low)} to {_bound(one.high)}",
            *([", ".join(sorted(one.known_to)) or "nobody"] if is_seen else []),
            _body(docs[name]),
        ]
        for name, one in known.items()
    ]
    return table(["field", "shape", "unit", "range", *(["known to"] if is_seen else []), ""], rows)


def options(kind: Any) -> str:
    """Fields of a dataclass: default, what is allowed."""
    docs, hints = _docs(kind), get_type_hints(kind)
    rows = [
        [
            f"`{field.name}`",
            f"`{_default(field)}`",
            _allowed(hints[field.name], field),
            docs.get(field.name, ""),
        ]
        for field in dataclasses.fields(kind)
    ]
    return table(["field", "default", "allowed", ""], rows)


def presets(known: Mapping[str, Any]) -> str:
    """Presets, and in what they differ from the defaults."""
    rows = []
    for name, preset in known.items():
        own = {
            field.name: getattr(preset, field.name)
            for field in dataclasses.fields(preset)
            if getattr(preset, field.name) != _default(field)
        }
        rows.append(
            [f"`{name}`", ", ".join(f"`{key}={value!r}`" for key, value in own.items()) or "the defaults"]
        )
    return table(["preset", "differs from the defaults by"], rows)


def metrics(known: Iterable[Metric]) -> str:
    """Metrics of a run: unit, which way is better."""
    rows = [
        [
            f"`{one.name}`",
            one.label + (f", {one.over}" if one.over else ""),
            one.unit or "1",
            one.better or "-",
        ]
        for one in known
    ]
    return table(["metric", "is", "shown in", "better"], rows)


def _docs(kind: Any) -> dict[str, str]:
    """What is said below each field of a dataclass and of its bases."""
    found: dict[str, str] = {}
    for base in filter(dataclasses.is_dataclass, reversed(inspect.getmro(kind))):
        body = ast.parse(textwrap.dedent(inspect.getsource(base))).body[0].body  # type: ignore[attr-defined]
        for node, after in itertools.pairwise(body):
            match node, after:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(doc))):
                    found[name] = " ".join(doc.split())
    return found


def _body(text: str) -> str:
    """A doc without the shape that it begins with, which has a column of its own."""
    return re.sub(r"^\[[^\]]*\] ", "", text)


def _bound(bound: float | str) -> str:
    if isinstance(bound, str):
        return f"{bound} - 1"
    exact = f"{bound:.0f}" if float(bound).is_integer() else f"{bound:g}"
    return {math.inf: "∞", -math.inf: "-∞"}.get(bound, exact)


def _default(field: dataclasses.Field[Any]) -> Any:
    return field.default if field.default_factory is dataclasses.MISSING else field.default_factory()


def _allowed(hint: Any, field: dataclasses.Field[Any]) -> str:
    if get_origin(hint) is UnionType:
        parts = [part for part in get_args(hint) if part is not NoneType]
        return " or ".join(["None", *(_allowed(part, field) for part in parts)])
    if get_origin(hint) is Literal:
        return ", ".join(f"`{choice}`" for choice in get_args(hint))
    if hint is bool:
        return "True, False"
    if "low" not in field.metadata or field.metadata["low"] == -math.inf:
        return getattr(hint, "__name__", str(hint))
    low, high, above = (field.metadata[key] for key in ("low", "high", "above"))
    return f"{'above ' if above else ''}{_bound(low)} to {_bound(high)}"


def summary(thing: Any) -> str:
    """First paragraph of a docstring, cut where it is long."""
    return textwrap.shorten((inspect.getdoc(thing) or "").partition("\n\n")[0], 200, placeholder=" ...")
