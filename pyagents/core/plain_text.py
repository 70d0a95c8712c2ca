# SPDX-License-Identifier: GPL-2.0-only
"""Text of others as a terminal may show it: what would steer the terminal is spelt out, as in Python."""

_STEERING = (
    *(code for code in range(0x20) if chr(code) not in "\n\t"),
    *range(0x7F, 0xA0),
    *(0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)),  # which turn the direction of writing
)
_SPELT = {code: f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" for code in _STEERING}


def plain(text: str) -> str:
    """The text with control characters, but for newlines and tabs, in Python's spelling."""
    return text.translate(_SPELT)


def plain_bytes(text: bytes) -> bytes:
    """The same of a file in UTF-8; bytes that are none become U+FFFD."""
    return plain(text.decode(errors="replace")).encode()
