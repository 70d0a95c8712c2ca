# SPDX-License-Identifier: GPL-2.0-only
"""Links between pages that are written for a repository, and that a site has to follow, too."""

import os
import re
from collections.abc import Callable, Set
from pathlib import Path, PurePosixPath

_LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)")
_FENCE = re.compile(r"^(```.*?^```$)", re.MULTILINE | re.DOTALL)
START = "index.md"
"""Page that the README is on the site."""


class DeadLinkError(ValueError):
    """A page links to what is not there."""


def follow(
    text: str, page: PurePosixPath, root: Path, pages: Set[PurePosixPath], show: Callable[[Path], str]
) -> str:
    """Rewrite the links of a page.

    A link to another page stays. One to any other file of the repository leads to a page that shows it.

    Args:
        text: Markdown.
        page: its path in the repository.
        root: the repository.
        pages: paths in it of all that are pages.
        show: makes the page of a file or folder, and gives its path on the site.

    Raises:
        DeadLinkError: there is no such file.
    """
    here = page.parent

    def rewrite(match: re.Match[str]) -> str:
        image, label, target = match.groups()
        if re.match(r"[a-z]+:|#", target):
            return match[0]
        path, mark, heading = target.partition("#")
        place = PurePosixPath(os.path.normpath(here / path))
        if not (root / place).exists():
            raise DeadLinkError(f"{page}: there is no {target}")
        if image:
            return match[0]
        if place / "README.md" in pages:
            place = place / "README.md"
        if place not in pages:
            place = PurePosixPath(show(root / place))
        elif place == PurePosixPath("README.md"):
            place = PurePosixPath(START)
        return f"[{label}]({os.path.relpath(place, here)}{mark}{heading})"

    parts = _FENCE.split(text)
    return "".join(part if part.startswith("```") else _LINK.sub(rewrite, part) for part in parts)
