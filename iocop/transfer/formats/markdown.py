"""A pack as Markdown, with its pictures beside it where it has any."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Final

from iocop.transfer.formats import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from iocop.transfer.blocks import Block, Run, Runs
    from iocop.transfer.pack import Pack

_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>~|])")
_BEGINS: Final = re.compile(r"^(\s*)([#+-]|\d+[.)])(?=\s|$)", re.MULTILINE)
EXTENSIONS: Final = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpg", b"GIF8": "gif", b"RIFF": "webp"}


def written(pack: Pack, pictures: Mapping[int, bytes]) -> tuple[bytes, str]:
    """Return the file and its extension: ``md``, or ``zip`` with the pictures beside the text."""
    names = {key: f"picture-{key}.{extension(content)}" for key, content in pictures.items()}
    text = "\n\n".join(_lines(pack, names)) + "\n"
    if not pictures:
        return text.encode(), "md"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("pack.md", text)
        for key, content in pictures.items():
            packed.writestr(names[key], content, zipfile.ZIP_STORED)
    return out.getvalue(), "zip"


def extension(content: bytes) -> str:
    """Return a picture's extension by its first bytes."""
    return next(name for start, name in EXTENSIONS.items() if content.startswith(start))


def _lines(pack: Pack, names: Mapping[int, str]) -> Iterator[str]:
    yield f"# {_escaped(pack.title)}"
    yield "\n".join(f"- **{_escaped(name)}**: {_escaped(value)}" for name, value in pack.facts)
    for part in pack.parts:
        yield f"## {_escaped(words.part_head(part))}"
        yield from (f"*{_escaped(note)}*" for note in part.notes)
        yield from _joined(words.in_place(part.blocks, names), names)
    if left_out := words.left_out(pack, names):
        yield f"## {_escaped(words.left_out_title())}"
        yield "\n".join(f"- {_escaped(line)}" for line in left_out)
    yield f"## {_escaped(words.check_title())}"
    yield "\n".join(f"- [ ] {_escaped(line)}" for line in pack.check)


def _joined(blocks: Iterator[Block], names: Mapping[int, str]) -> Iterator[str]:
    """Yield blocks, the items of one list and the paragraphs of one quotation without a gap that would end them."""
    held: list[str] = []
    last: Block | None = None
    for block in blocks:
        text = _quoted(_block(block, names), block.quoted)
        if last and not _goes_on(last, block):
            if block.quoted and block.quoted == last.quoted:
                held.append(_quoted("", block.quoted))
            else:
                yield "\n".join(held)
                held = []
        if last and held and not (block.marker and last.marker) and block.kind == last.kind == "item":
            held.append(
                _quoted("", block.quoted)
            )  # a paragraph of an item, and what follows it, stands apart
        held.append(text)
        last = block
    if held:
        yield "\n".join(held)


def _goes_on(last: Block, block: Block) -> bool:
    """Say whether two blocks are items of one list."""
    if not block.kind == last.kind == "item" or block.quoted != last.quoted:
        return False
    return (
        block.level > 1 or not block.marker or last.level > 1 or (block.marker == "•") is (last.marker == "•")
    )


def _quoted(text: str, depth: int) -> str:
    return "\n".join(f"{'> ' * depth}{line}".rstrip() for line in text.split("\n")) if depth else text


def _block(block: Block, names: Mapping[int, str]) -> str:
    if block.kind == "picture":
        return f"![{_escaped(block.text)}]({names[block.picture]})"
    return _KINDS[block.kind](block)


def _code(block: Block) -> str:
    fence = "`" * max(3, 1 + max((len(ticks) for ticks in re.findall("`+", block.text)), default=0))
    return f"{fence}\n{block.text}\n{fence}"


def _paragraph(block: Block) -> str:
    return _begun(_runs(block.runs)).replace("\n", "  \n")


def _heading(block: Block) -> str:
    return f"{'#' * block.level} {_runs(block.runs)}".replace("\n", " ")


def _item(block: Block) -> str:
    indent = "    " * (block.level - 1)
    marker = {"": "    ", "•": "-   "}.get(block.marker, f"{block.marker}  ")
    return f"{indent}{marker}{_begun(_runs(block.runs))}".replace("\n", "\n    " + indent)


def _table(block: Block) -> str:
    rows = block.rows
    width = max(len(row) for row in rows)
    lines = [[_runs(cell).replace("\n", " ") for cell in row] + [""] * (width - len(row)) for row in rows]
    lines.insert(1, ["---"] * width)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


_KINDS: Final[dict[str, Callable[[Block], str]]] = {
    "code": _code,
    "heading": _heading,
    "item": _item,
    "paragraph": _paragraph,
    "rule": lambda _block: "---",
    "table": _table,
}


def _runs(runs: Runs) -> str:
    return "".join(map(_run, runs))


def _run(run: Run) -> str:
    core = run.text.strip()
    if not core:
        return run.text
    start = run.text[: len(run.text) - len(run.text.lstrip())]
    end = run.text[len(run.text.rstrip()) :]
    if run.code:
        ticks = "``" if "`" in core else "`"
        core = f"{ticks}{core}{ticks}"
    else:
        core = _escaped(core)
    for wanted, sign in ((run.bold, "**"), (run.italic, "*"), (run.struck, "~~")):
        core = f"{sign}{core}{sign}" if wanted else core
    if run.href:
        core = f"[{core}](<{run.href.replace('>', '%3E')}>)"
    return f"{start}{core}{end}"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _begun(text: str) -> str:
    """Keep the first characters of a line from being read as a heading or a list."""
    return _BEGINS.sub(lambda match: f"{match[1]}{_held(match[2])}", text)


def _held(sign: str) -> str:
    return f"{sign[:-1]}\\{sign[-1]}"
