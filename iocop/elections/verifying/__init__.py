"""Verifying an archive: everything docs/ballot-protocol.md promises of it, checked anew from its files alone. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iocop.elections import archiving, tallying
from iocop.elections.sealing import freezing
from iocop.elections.sealing.canonical import digest
from iocop.elections.sealing.refusals import Refused
from iocop.elections.verifying import box, chains, officers
from iocop.elections.verifying.report import Finding, Report, Unusable, document, part

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from iocop.elections.sealing.freezing import Freeze
    from iocop.elections.sealing.opening import Opened

    Progress = Callable[[int, int], None]

__all__ = ["Finding", "Report", "verify"]


def verify(
    archive: Mapping[str, bytes],
    progress: Progress = lambda _done, _all: None,
    jobs: int = 1,
    mailed: str | None = None,
) -> Report:
    """Check an archive.

    Args:
        archive: its files by name, as `archiving.read` returns them.
        progress: told (ballots done, ballots in all) every now and then.
        jobs: processes to share the ballots.
        mailed: text with lines of heads.txt as somebody got them by mail; they have to be of this board.

    Returns:
        What was found. Where a file is too wrong to go on, the report ends with it.
    """
    report = Report()
    try:
        _verify(archive, report, progress, jobs, mailed)
    except Unusable as stopped:
        report.findings.append(stopped.finding)
        report.remarks.append(f"What builds on {stopped.finding.file} was not checked.")
    return report


def _verify(
    parts: Mapping[str, bytes], report: Report, progress: Progress, jobs: int, mailed: str | None
) -> None:
    freeze = _freeze(parts)
    _files(parts, freeze, report)
    leaves = chains.roll(parts, freeze, report)
    officers.openings(parts, freeze, report)
    issues = chains.register(parts["issues.bin"], leaves, freeze, report)
    board = chains.board(parts, freeze, report)
    cast = box.read(parts["ballots.bin"], freeze, board, report)
    _numbers(cast, len(issues) - 1, len(leaves), report)
    sealed_hash = officers.sealed(parts, freeze, board, issues, report)
    chains.told_heads(parts["heads.txt"], board.heads, issues, sealed_hash, report)
    if mailed is not None:
        chains.mailed_heads(mailed, board.heads, issues, sealed_hash, report)
    keys = officers.keys(parts, freeze, sealed_hash, report)
    seed = officers.seed(freeze, keys)
    done = _Done(len(cast.ballots), progress)
    box.open_all(cast, freeze, keys, report, jobs, done.more)
    by_server = sum(ballot.origin for ballot in cast.ballots.values())
    _result(parts, freeze, cast.opened, seed, sealed_hash, by_server, report)
    papers = sum(one.state in tallying.COUNTING for one in cast.opened)
    report.numbers = {
        "roll": len(leaves), "tokens": len(issues) - 1, "ballots": len(cast.ballots), "papers": papers,
    }  # fmt: skip


class _Done:
    """Adds up what is done for whoever looks on."""

    def __init__(self, everything: int, progress: Progress) -> None:
        self.everything, self.progress, self.done = everything, progress, 0
        progress(0, everything)

    def more(self, ballots: int) -> None:
        """Say that so many more are done."""
        self.done += ballots
        self.progress(self.done, self.everything)


def _freeze(parts: Mapping[str, bytes]) -> Freeze:
    data = part(parts, "freeze.json")
    try:
        return freezing.read(data)
    except Refused as refused:
        raise Unusable("freeze.json", "", str(refused)) from refused


def _papers_file(freeze: Freeze) -> str:
    return "answers.csv" if freeze.ballot_kind == freezing.ANSWERS else "election.blt"


def _files(parts: Mapping[str, bytes], freeze: Freeze, report: Report) -> None:
    wanted = {*archiving.ALWAYS, _papers_file(freeze)}
    for name in sorted(wanted):
        part(parts, name)
    for name in sorted(set(parts) - wanted):
        report.wrong(name, "", "this file does not belong here")
    if digest(parts["booth.html"]) != freeze.booth:
        report.wrong("booth.html", "", "this is not the page whose hash stands in freeze.json")
    if parts["verify.py"] != archiving.VERIFIER.read_bytes():
        report.remarks.append("verify.py is another one than this version ships: do not trust what it says.")
    if parts["README.txt"] != archiving.readme(freeze):
        report.remarks.append("README.txt says something else than this version writes.")


def _numbers(cast: box.Box, issued: int, roll: int, report: Report) -> None:
    """Check that the keys on the board are at most the tokens issued, and these at most the roll."""
    keys = len({ballot.key for ballot in cast.ballots.values()})
    if keys > issued:
        report.wrong(box.FILE, "", f"{keys} voters' keys are on the board, but {issued} tokens were issued")
    if issued > roll:
        report.wrong("issues.bin", "", f"{issued} tokens were issued to a roll of {roll}")


def _result(
    parts: Mapping[str, bytes], freeze: Freeze, opened: Sequence[Opened], seed: bytes, sealed_hash: bytes,
    by_server: int, report: Report,
) -> None:  # fmt: skip
    """Check that opened.csv, the papers and result.json are what the ballots come to."""
    try:
        expected = tallying.tally(freeze, opened, seed, sealed_hash, by_server).documents
    except (KeyError, TypeError, ValueError) as problem:
        raise Unusable("freeze.json", "rules", f"nothing can be counted by them: {problem!r}") from problem
    for name, content in expected.items():
        if not name.endswith(".json"):
            report.compare_lines(name, content, parts[name])
        elif content != parts[name]:
            report.compare(name, "", document(name, content), document(name, parts[name]))
