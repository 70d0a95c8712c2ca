# SPDX-License-Identifier: GPL-2.0-only
"""What goes wrong between a checkout and a program that runs."""


class ToolchainError(Exception):
    """Something that building the C++ side needs is missing, or the build failed.

    Attributes:
        remedy: what the user can do about it; empty when the message says it all.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(f"{message}\n{remedy}" if remedy else message)
        self.remedy = remedy
