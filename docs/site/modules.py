# SPDX-License-Identifier: GPL-2.0-only
"""Pages of what modules say of themselves: read from their sources, so that nothing is imported."""

import ast
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

from tables import table

_SECTION = re.compile(r"^(Args|Returns|Raises|Yields):\n((?:(?: {4}.*)?\n?)+)", re.MULTILINE)
_ENTRY = re.compile(r"^(\*{0,2}[\w., ]+): ", re.MULTILINE)
_CODE = re.compile(r"(?:\A|(?<=\n\n))((?: {4}.*\n?)+)")

Definition = ast.ClassDef | ast.FunctionDef


def packages(package: Path) -> Iterator[tuple[str, str]]:
    """Name and text of a page a package, with all of its modules."""
    for folder in sorted({path.parent for path in package.rglob("*.py")}):
        name = ".".join(folder.relative_to(package.parent).parts)
        inner = [path for path in sorted(folder.glob("*.py")) if not path.stem.endswith(("__", "_pb2"))]
        parts = [f"# {name}", _said(_parse(folder / "__init__.py"))]
        for path in inner:
            parts += [f"## {name}.{path.stem}", *_module(_parse(path))]
        yield name, "\n\n".join(filter(None, parts)) + "\n"


def _parse(path: Path) -> ast.Module:
    return ast.parse(path.read_bytes())


def _module(tree: ast.Module) -> Iterator[str]:
    yield _said(tree)
    yield _fields(tree)
    for node in tree.body:
        if isinstance(node, Definition) and not node.name.startswith("_"):
            yield f"### {node.name}"
            yield _signature(node)
            yield _said(node)
            if isinstance(node, ast.ClassDef):
                yield _fields(node)
                yield from _methods(node)


def _methods(owner: ast.ClassDef) -> Iterator[str]:
    for node in owner.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            decorators = {ast.unparse(one) for one in node.decorator_list}
            if "property" in decorators:
                yield f"**`{node.name}`**: `{ast.unparse(node.returns) if node.returns else ''}`, read only"
            else:
                yield f"**`{node.name}`**"
                yield _signature(node)
            yield _said(node)


def _signature(node: Definition) -> str:
    if isinstance(node, ast.ClassDef):
        bases = ", ".join(ast.unparse(base) for base in node.bases)
        text = f"class {node.name}" + (f"({bases})" if bases else "")
        made = [one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"]
        return _python(text + "".join("\n" + textwrap.indent(_call(one), "    ") for one in made))
    return _python(_call(node))


def _call(node: ast.FunctionDef) -> str:
    """The head of a function, an argument a line where it is long."""
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    line = f"def {node.name}({ast.unparse(node.args)}){returns}"
    if len(line) <= 90:
        return line
    bare = ast.FunctionDef(**{**vars(node), "body": [ast.Pass()], "decorator_list": []})
    arguments = ast.unparse(bare).partition("(")[2].rpartition(")" + returns)[0]
    return f"def {node.name}(\n" + textwrap.indent(_one_a_line(arguments), "    ") + f"\n){returns}"


def _one_a_line(arguments: str) -> str:
    """Arguments, split at the commas that are in no bracket."""
    depth, lines, quote = 0, [""], ""
    for letter in arguments:
        if quote or letter in "'\"":
            quote = "" if letter == quote else quote or letter
        depth += (letter in "([{") - (letter in ")]}") if not quote else 0
        lines[-1] += letter
        if letter == "," and not depth and not quote:
            lines.append("")
    return "\n".join(line.strip() for line in lines)


def _fields(owner: ast.Module | ast.ClassDef) -> str:
    """What is assigned and described in a class or a module: name, type, value, doc."""
    rows = []
    for node, after in zip(owner.body, [*owner.body[1:], ast.Pass()], strict=True):
        if not isinstance(node, (ast.Assign, ast.AnnAssign)):
            continue
        target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
        if not isinstance(target, ast.Name) or target.id.startswith("_"):
            continue
        match after:
            case ast.Expr(value=ast.Constant(value=str(doc))):
                kind = ast.unparse(node.annotation) if isinstance(node, ast.AnnAssign) else ""
                value = ast.unparse(node.value) if node.value else ""
                cells = [_short(kind), _short(value)]
                rows.append([f"`{target.id}`", *cells, " ".join(doc.split())])
    return table(["", "type", "value", ""], rows) if rows else ""


def _short(code: str) -> str:
    return f"`{code}`" if code and len(code) <= 60 else "`...`" if code else ""


def _said(node: ast.Module | Definition) -> str:
    """A docstring in Google's form as Markdown."""
    text = ast.get_docstring(node) or ""
    text = _CODE.sub(lambda match: _python(textwrap.dedent(match[1]).rstrip()) + "\n", text)
    return _SECTION.sub(_section, text + "\n").strip()


def _section(match: re.Match[str]) -> str:
    name, body = match[1], textwrap.dedent(match[2]).strip()
    entries = re.split(r"\n(?! )", body)
    lines = ["- " + _ENTRY.sub(r"`\1`: ", " ".join(entry.split())) for entry in entries]
    if name in ("Returns", "Yields") or not all(_ENTRY.match(entry) for entry in entries):
        lines = [" ".join(body.split())]
    return f"*{name}*\n\n" + "\n".join(lines) + "\n"


def _python(code: str) -> str:
    return f"```python\n{code}\n```"
