# SPDX-License-Identifier: GPL-2.0-only
"""`python -m pyagents.cli` is `nru`."""

import sys

from pyagents.cli import main

sys.exit(main())
