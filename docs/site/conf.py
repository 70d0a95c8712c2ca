# SPDX-License-Identifier: GPL-2.0-only
"""Settings of Sphinx for the pages that `stage.py` makes."""

from pyagents import __version__

project = "nru"
author = "The nru contributors"
copyright = author  # noqa: A001 - Sphinx's name for it
version = release = __version__

extensions = ["myst_parser"]
myst_heading_anchors = 4
smartquotes = False

html_theme = "furo"
html_title = "nru"
html_static_path = ["style"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
