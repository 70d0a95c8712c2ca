# SPDX-License-Identifier: GPL-2.0-only
"""From a text in Markdown, with blocks that are filled in, to a page that needs no other file."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from jinja2 import TemplateError
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup

from pyagents.report.html import TEMPLATES

_HERE = Path(__file__).parent
_MARKDOWN = MarkdownIt("commonmark").enable("table")
_RENDERER = RendererHTML()


@dataclass(frozen=True, kw_only=True)
class _Section:
    """What stands below a heading of the second level, with it."""

    name: str
    """Its id in the page."""
    title: str
    """Heading of the page."""
    html: Markup
    """All of it."""


def render_page(text: Path, names: Mapping[str, Any]) -> str:
    """Make the page of a text: its first heading is the title, those of the second level make sections.

    Raises ValueError, which says where, for a block that is malformed or names what there is not.
    """
    try:
        markdown = TEMPLATES.from_string(text.read_text(encoding="utf-8")).render(names)
    except TemplateError as error:
        line = getattr(error, "lineno", None) or _find_line(error)
        raise ValueError(f"report {text}{f', line {line}' if line else ''}: {error.message}") from error
    tokens = _MARKDOWN.parse(markdown)
    for opening, heading in pairwise(tokens):
        if opening.type == "heading_open":
            opening.attrSet("id", _slug(_plain(heading)))
    starts = [i for i, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h2"]
    sections = [_section(tokens[i:end]) for i, end in zip(starts, [*starts[1:], len(tokens)], strict=True)]
    lead = tokens[: starts[0]] if starts else tokens
    title = next((_plain(lead[i + 1]) for i, token in enumerate(lead) if token.tag == "h1"), "")
    return TEMPLATES.get_template("page.html").render(
        title=title,
        lead=_to_html(lead),
        sections=sections,
        style=Markup((_HERE / "page.css").read_text(encoding="utf-8")),
        script=Markup((_HERE / "page.js").read_text(encoding="utf-8")),
    )


def inline(markdown: str) -> Markup:
    """Render a line of Markdown without a paragraph, and of links their texts: the page needs no file."""
    (line,) = _MARKDOWN.parseInline(markdown)
    kept = [token for token in line.children or () if not token.type.startswith("link_")]
    return Markup(_RENDERER.renderInline(kept, _MARKDOWN.options, {}))


def tables(markdown: str) -> list[list[list[str]]]:
    """Read the tables of a document: rows of cells, each in Markdown; the first row is the head."""
    found: list[list[list[str]]] = []
    for token, content in pairwise(_MARKDOWN.parse(markdown)):
        if token.type == "table_open":
            found.append([])
        elif token.type == "tr_open":
            found[-1].append([])
        elif token.type in ("th_open", "td_open"):
            found[-1][-1].append(content.content)
    return found


def _section(tokens: Sequence[Token]) -> _Section:
    """Its id passes from the heading to the section."""
    name = str(tokens[0].attrs.pop("id"))
    return _Section(name=name, title=_plain(tokens[1]), html=_to_html(tokens))


def _to_html(tokens: Sequence[Token]) -> Markup:
    return Markup(_RENDERER.render(tokens, _MARKDOWN.options, {}))


def _plain(heading: Token) -> str:
    """A heading without its marks."""
    return "".join(part.content for part in heading.children or ())


def _slug(title: str) -> str:
    """Words of a heading joined by hyphens."""
    return "-".join(re.findall(r"[a-z0-9]+", title.lower()))


def _find_line(error: TemplateError) -> int | None:
    """Line of the text in which an error came up as it was filled in."""
    frame, line = error.__traceback__, None
    while frame is not None:
        if frame.tb_frame.f_code.co_filename == "<template>":
            line = frame.tb_lineno
        frame = frame.tb_next
    return line
