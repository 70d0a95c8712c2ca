# SPDX-License-Identifier: GPL-2.0-only
"""What the text below each field of a dataclass says of it."""

import ast
import inspect
import textwrap
from collections.abc import Mapping
from functools import cache
from itertools import pairwise


@cache
def field_docs(cls: type) -> Mapping[str, str]:
    """The docstrings of a class's fields and of those that it inherits, each in one line, by name."""
    docs: dict[str, str] = {}
    for base in reversed(cls.__mro__[:-1]):
        for field, below in pairwise(_body(base)):
            match field, below:
                case (
                    ast.AnnAssign(target=ast.Name(id=name)),
                    ast.Expr(value=ast.Constant(value=str(text))),
                ):
                    docs[name] = " ".join(text.split())
    return docs


def _body(cls: type) -> list[ast.stmt]:
    """The statements of a class; none where its source is not at hand."""
    try:
        (found,) = ast.parse(textwrap.dedent(inspect.getsource(cls))).body
    except (OSError, TypeError, ValueError):
        return []
    return found.body if isinstance(found, ast.ClassDef) else []
