# SPDX-License-Identifier: GPL-2.0-only
"""What `nru new-agent` copies: an agent to start from, and its test."""
