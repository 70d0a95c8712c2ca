# SPDX-License-Identifier: GPL-2.0-only
"""How agents of the IoT edge learn; torch is loaded here alone."""
