"""The documents that are made from the code: ``python -m tests.documents`` writes them, a test compares them."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import Flask

from iocop import FEATURES, create_app
from iocop.core import events
from iocop.search.touched import TOUCHES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

ROOT = Path(__file__).parents[1]
IOCOP = ROOT / "iocop"
MADE = "It is made from the code by `python -m tests.documents`; a test compares the two.\n"


def events_document(_app: Flask) -> str:
    """Return docs/events.md: every event, what it tells, who listens."""
    lines = [
        "# Events\n",
        "What can happen, lowest feature first. An event names its actor (a member, or nobody where the site acts by",
        "itself) and what was acted upon, by ids. *Within* listens in the same transaction, *after* is told by the",
        f"worker once it is committed, and *index* is the search index, which reads the same table. {MADE}",
    ]
    for feature in FEATURES:
        rows = [
            _event_row(kind) for kind in events.Event.kinds.values() if _feature(kind.__module__) == feature
        ]
        if rows:
            lines += [
                f"## {feature}\n",
                "| event | tells | names | listening |",
                "|---|---|---|---|",
                *rows,
                "",
            ]
    return "\n".join(lines)


def _event_row(kind: type[events.Event]) -> str:
    within = [f"{_listener(handler)} (within)" for handler in events._within[kind] if _is_own(handler)]
    after = [
        f"{_listener(listener.tell)} (after)"
        for listener in events.listeners().values()
        if kind.__name__ in listener.kinds and _is_own(listener.tell)
    ]
    index = ["index"] if kind.__name__ in TOUCHES else []
    named = ", ".join(f"`{name}`" for name in kind.resources())
    told = ", ".join([*sorted(within), *sorted(after), *index]) or "–"
    return f"| `{kind.__name__}` | {_sentence(kind)} | {named} | {told} |"


def _listener(handler: Callable[..., object]) -> str:
    return f"{_feature(handler.__module__)}.{handler.__name__}"


def _feature(module: str) -> str:
    parts = module.split(".")
    return parts[1] if parts[0] == "iocop" else ""


def _is_own(thing: Callable[..., object]) -> bool:
    """Say whether it is the site's and no test's."""
    return bool(_feature(thing.__module__))


def _sentence(kind: type) -> str:
    """Return a docstring's first paragraph on one line; a name that says all has none."""
    words = inspect.getdoc(kind) or ""
    if words.startswith(f"{kind.__name__}("):  # what a dataclass writes for itself
        words = re.sub(r"(?<!^)(?=[A-Z])", " ", kind.__name__).capitalize() + "."
    return " ".join(words.split("\n\n")[0].split()).replace("|", "\\|")


def permissions_document(_app: Flask) -> str:
    """Return docs/permissions.md: every question of policy, and the reasons a refusal gives."""
    lines = [
        "# Permissions\n",
        "Every question that is asked before something is read or done, and each reason a refusal gives, as members",
        f"read it. Page, service and JSON ask the same function. {MADE}",
    ]
    for feature in FEATURES:
        policies = sorted((IOCOP / feature).rglob("policy.py"), key=lambda path: (len(path.parts), path))
        rows = [f"| `{name}` | {reasons} |" for path in policies for name, reasons in _questions(path)]
        if rows and feature != "core":
            lines += [f"## {feature}\n", "| question | refused because |", "|---|---|", *rows, ""]
    return "\n".join(lines)


def _questions(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each `may_…` of a policy with its reasons, those of its own helpers and constants among them."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named: dict[str, ast.AST] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            named[node.name] = node
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            named[node.targets[0].id] = node.value
    for name, part in named.items():
        if name.startswith("may_"):
            reasons = dict.fromkeys(_reasons(part, named, {name}))
            yield name, " · ".join(reasons) or "–"


def _reasons(node: ast.AST, named: dict[str, ast.AST], seen: set[str]) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id == "_l":
            yield str(ast.literal_eval(part.args[0]))
        elif isinstance(part, ast.Attribute) and part.attr.startswith("may_"):
            yield f"as {ast.unparse(part)} says"
        elif isinstance(part, ast.Name) and part.id in named and part.id not in seen:
            seen.add(part.id)
            public = part.id.startswith("may_")
            yield from [f"as {part.id} says"] if public else _reasons(named[part.id], named, seen)


def commands_document(app: Flask) -> str:
    """Return docs/commands.md: every command with its help."""
    lines = ["# Commands\n", f"`iocop COMMAND --help` says the same. {MADE}"]
    for name, command in _commands(app.cli.commands, ""):
        lines += [f"## iocop {name}\n", " ".join((command.help or "").split()), ""]
        lines += [f"- {option}" for option in _options(command)] + [""] * bool(command.params)
    return "\n".join(lines)


def _commands(commands: Mapping[str, click.Command], before: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in sorted(commands.items()):
        if name == "limiter":
            continue  # the library's own
        if isinstance(command, click.Group):
            yield from _commands(command.commands, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def _options(command: click.Command) -> Iterable[str]:
    for parameter in command.params:
        words = getattr(parameter, "help", None) or ""
        name = (
            ", ".join(parameter.opts)
            if isinstance(parameter, click.Option)
            else parameter.human_readable_name
        )
        yield f"`{name}` {words}".strip()


DOCUMENTS: dict[str, Callable[[Flask], str]] = {
    "events.md": events_document,
    "permissions.md": permissions_document,
    "commands.md": commands_document,
}


def write(app: Flask) -> None:
    for name, made in DOCUMENTS.items():
        (ROOT / "docs" / name).write_text(made(app).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(create_app())
