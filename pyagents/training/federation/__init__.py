# SPDX-License-Identifier: GPL-2.0-only
"""Learning without bringing data together: clients learn in processes of their own, weights are averaged."""
