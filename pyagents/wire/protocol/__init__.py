# SPDX-License-Identifier: GPL-2.0-only
"""What is said: spaces, their values, and the messages that carry both. Knows nothing of sockets."""
