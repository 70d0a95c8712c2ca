# SPDX-License-Identifier: GPL-2.0-only
"""Builds the documentation site of this checkout: `./nru docs`."""

import argparse
import sys
from pathlib import Path

from sphinx.cmd.build import main as sphinx

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(ROOT)]

from stage import stage  # noqa: E402 - found by the line above


def main(arguments: list[str]) -> int:
    """Build the site; a warning is an error.

    Args:
        arguments: the folder to build in.

    Returns:
        The exit code: 0 done, 1 if anything was amiss.
    """
    parser = argparse.ArgumentParser(prog="nru docs", add_help=False)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "site")
    out: Path = parser.parse_args(arguments).out.resolve()
    pages, doctrees, html = out / "pages", out / "doctrees", out / "html"
    stage(ROOT, pages)
    options = ["--fail-on-warning", "--keep-going", "--quiet", "--jobs", "1"]
    status = sphinx([*options, "-c", str(HERE), "-d", str(doctrees), str(pages), str(html)])
    if status == 0:
        print(html / "index.html")  # noqa: T201 - what it is for
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
