# SPDX-License-Identifier: GPL-2.0-only
"""Lays out what Sphinx reads: the repository's pages where they are, and those that are made from the code.

A page keeps its path, so that its links lead where they lead in the repository; only the README is
`index.md`. Other files that pages link to get a page under `files/` that shows them.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from declared import fill_in
from links import START, follow
from modules import packages
from reference import command_line, family_pages
from tables import table

CONTENTS: dict[str, list[str]] = {
    "Step by step": [
        "docs/tutorials/agent",
        "docs/tutorials/figure",
        "docs/tutorials/learner",
        "docs/tutorials/scenario",
    ],
    "How to": [
        "docs/running",
        "docs/environments",
        "docs/ns3gym",
        "docs/add-a-family",
        "docs/clusters",
        "docker/README",
    ],
    "How it works": [
        "docs/model",
        "docs/mock",
        "docs/iot-edge",
        "docs/sliced-network",
        "docs/paper-regime",
        "docs/ladder",
        "docs/reproduction",
        "docs/tuning",
        "docs/federation",
    ],
    "What came out": ["docs/results/README", "docs/weights/mappo", "docs/weights/dqn-mlb"],
    "Reference": [
        "reference/commands",
        "reference/families/index",
        "reference/modules/index",
        "docs/glossary",
    ],
    "The project": ["CONTRIBUTING", "CHANGELOG"],
}
"""Headings of the site, each with its pages, in the order of reading; a page that is in none comes last."""

LANGUAGES = {".py": "python", ".cc": "cpp", ".h": "cpp", ".toml": "toml", ".sh": "sh", ".yaml": "yaml"}
SHOWN = {*LANGUAGES, ".csv", ".md", ".cff", ".txt", ""}


def stage(root: Path, out: Path) -> None:
    """Write all pages; one that says what it said keeps its time, so that Sphinx does not read it again.

    Args:
        root: the repository.
        out: a folder for them, of which nothing else is left.

    Raises:
        DeadLinkError: a page links to what is not there.
    """
    sources = {PurePosixPath(path.relative_to(root)) for path in _pages(root)}
    shown = Shown(root)
    pages = dict(_generated(root))
    for page in sources:
        text = fill_in((root / page).read_text(encoding="utf-8"))
        text = follow(text, page, root, sources, shown.show)
        pages[str(page)] = text
    pages[START] = pages.pop("README.md") + _contents(pages)
    files = {name: text.encode() for name, text in (pages | shown.pages).items()}
    for image in [*root.glob("docs/**/*.png"), *root.glob("docs/**/*.gif")]:
        files[str(image.relative_to(root))] = image.read_bytes()
    _write(out, files)


class Shown:
    """Pages under `files/`, each of a file or a folder that some page links to."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.pages: dict[str, str] = {}
        """Text of the pages by their path on the site."""

    def show(self, path: Path) -> str:
        """Make the page of a file or a folder, if there is none yet.

        Returns:
            Its path on the site.
        """
        place = path.relative_to(self._root)
        page = f"files/{place}/index.md" if path.is_dir() else f"files/{place}.md"
        if page not in self.pages:
            self.pages[page] = f"---\norphan: true\n---\n\n# {place}\n\n{self._body(path)}\n"
        return page

    def _body(self, path: Path) -> str:
        if path.is_dir():
            inner = sorted(one for one in path.iterdir() if one.suffix in SHOWN and one.is_file())
            up = "../" * (len(path.relative_to(self._root).parts) + 1)
            return table(["in this folder"], [[f"[{one.name}]({up}{self.show(one)})"] for one in inner])
        fence, language = "`" * 6, LANGUAGES.get(path.suffix, "text")
        return f"{fence}{language}\n{path.read_text(encoding='utf-8').rstrip()}\n{fence}"


def _pages(root: Path) -> list[Path]:
    return [*root.glob("*.md"), *root.glob("docker/*.md"), *root.glob("docs/**/*.md")]


def _contents(pages: Iterable[str]) -> str:
    listed = {page for group in CONTENTS.values() for page in group}
    names = [page.removesuffix(".md") for page in pages if not page.startswith("reference/")]
    groups = CONTENTS | {"More": sorted(set(names) - listed)}
    return "".join(_tree(group, "hidden:", f"caption: {name}") for name, group in groups.items() if group)


def _tree(pages: list[str], *options: str) -> str:
    """A table of contents of these pages."""
    return "\n".join(["", "```{toctree}", *(f":{option}" for option in options), "", *pages, "```", ""])


def _generated(root: Path) -> Iterator[tuple[str, str]]:
    """Path and text of the pages that are made from the code."""
    yield "reference/commands.md", command_line()
    yield "reference/families/index.md", "# Families\n" + _tree(["*"], "glob:", "maxdepth: 1")
    for name, text in family_pages():
        yield f"reference/families/{name}.md", text
    yield "reference/modules/index.md", "# Modules\n" + _tree(["*"], "glob:", "maxdepth: 1")
    for name, text in packages(root / "pyagents"):
        yield f"reference/modules/{name}.md", text


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make the folder hold these files, and write only what differs."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_bytes() != content:
            path.write_bytes(content)
    for path in folder.rglob("*"):
        if path.is_file() and str(path.relative_to(folder)) not in files:
            path.unlink()
