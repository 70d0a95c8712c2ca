# SPDX-License-Identifier: GPL-2.0-only
"""Things that can play a Scenario: `ns3`."""
