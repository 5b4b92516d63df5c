"""The only door to git: what a file was at another commit, and which of its lines are new since.

git is run with lists of arguments, never through a shell; a name or a revision cannot become an option.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from citekeeper.errors import UsageError

_SECONDS = 120
_MOST_VANISHED = 20
# A pull request can hold a folder that looks like a bare repository, with a configuration that names programs to run:
# https://git-scm.com/docs/git-config#Documentation/git-config.txt-safebareRepository
_SAFE = ("-c", "core.fsmonitor=false", "-c", "safe.bareRepository=explicit")
_HUNK = re.compile(rb"@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@")
_MISSING_HINT = "get the history: git fetch --unshallow, or fetch-depth: 0 for actions/checkout, or GIT_DEPTH: 0 in GitLab"


@dataclass(frozen=True, slots=True)
class Change:
    """How one file differs from what it was."""

    before: bytes | None
    """What it held, under whatever name it had; None when it did not exist, or held more than may be read."""
    lines: frozenset[int]
    """The lines (1-based) that were added or changed; empty when git cannot tell, as of a PDF."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The working tree against the commit where its branch left `base`."""

    top: Path
    commit: str
    renamed: Mapping[str, str]
    """Changed files by their present name: the name they had."""
    existing: frozenset[str]
    """Every file of the commit."""
    vanished: tuple[str, ...] = ()
    """Files of the commit that are there no more under any name that git knows."""
    submodules: Mapping[str, str] = field(default_factory=dict)
    """The folder of each submodule of the commit: the commit of its own that it was at."""
    nested: dict[str, Comparison] = field(default_factory=dict, compare=False)
    """The comparisons of submodules made so far."""

    def change_of(self, path: str, max_bytes: int) -> Change | None:
        """How the file at `path` changed; None when it did not. UsageError when it lies outside of the repository."""
        name = _name_in(self.top, path)
        for folder, commit in self.submodules.items():
            if name.startswith(f"{folder}/"):
                if folder not in self.nested:
                    self.nested[folder] = _since(self.top / folder, commit)
                return self.nested[folder].change_of(path, max_bytes)
        if name in self.renamed:
            before = self.renamed[name]
            return Change(self._content(before, max_bytes), frozenset(self._added(before, name)))
        return None if name in self.existing else Change(None, frozenset())

    def vanished_like(self, path: str, max_bytes: int) -> Iterator[bytes]:
        """What files held that may have been renamed to `path` unknown to git, because they are packed or not added yet."""
        ending = Path(path).suffix.lower()
        for name in [each for each in self.vanished if Path(each).suffix.lower() == ending][:_MOST_VANISHED]:
            content = self._content(name, max_bytes)
            if content is not None:
                yield content

    def _content(self, name: str, max_bytes: int) -> bytes | None:
        if name not in self.existing:
            return None
        blob = f"{self.commit}:{name}"
        size = _git(self.top, "cat-file", "-s", blob)
        return _git(self.top, "cat-file", "blob", blob) if int(size) <= max_bytes else None

    def _added(self, before: str, name: str) -> Iterator[int]:
        shown = _git(self.top, *_DIFF, "--unified=0", self.commit, "--", *dict.fromkeys((before, name)))
        for line in shown.split(b"\n"):
            if hunk := _HUNK.match(line):
                first = int(hunk[1])
                yield from range(first, first + int(hunk[2] if hunk[2] is not None else 1))


def compare(base: str, folder: Path) -> Comparison:
    """Compare the working tree around `folder` with the commit where HEAD left `base`.

    Raises UsageError when there is no git, no repository, no such revision, or when a shallow clone lacks the history.
    """
    top = Path(os.fsdecode(_repository(folder)))
    return _since(top, _merge_base(top, _commit(top, base), base))


def _since(top: Path, commit: str) -> Comparison:
    """Compare the working tree at `top` with a commit; UsageError when it is not there."""
    if _run(top, "cat-file", "-e", f"{commit}^{{commit}}").returncode != 0:
        raise UsageError(f"the commit {commit[:12]} is missing here", where=str(top), hint=_MISSING_HINT)
    existing: list[str] = []
    submodules: dict[str, str] = {}
    for entry in _git(top, "ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0"):
        about, _, name = entry.partition(b"\t")
        if about.startswith(b"160000 "):
            submodules[os.fsdecode(name)] = about.split()[-1].decode()
        elif name:
            existing.append(os.fsdecode(name))
    changed, vanished = _changed(_git(top, *_DIFF, "--raw", "-z", "--no-abbrev", commit, "--"))
    return Comparison(top, commit, changed, frozenset(existing), vanished, submodules)


# Neither a colour, an external differ nor a converter of the user's may change what is read here.
_DIFF = ("diff", "--no-color", "--no-ext-diff", "--no-textconv", "--find-renames", "--ignore-submodules=all")


def _changed(raw: bytes) -> tuple[dict[str, str], tuple[str, ...]]:
    """The former name of each changed file by its present one, and the files that are gone, from `git diff --raw -z`."""
    changed: dict[str, str] = {}
    vanished: list[str] = []
    fields = iter(raw.split(b"\0"))
    for about in fields:
        if not about.startswith(b":"):
            continue
        status = about.rpartition(b" ")[2]
        before = os.fsdecode(next(fields))
        now = os.fsdecode(next(fields)) if status[:1] in b"RC" else before
        if status[:1] == b"D":
            vanished.append(before)
        else:
            changed[now] = before
    return changed, tuple(vanished)


def _repository(folder: Path) -> bytes:
    done = _run(folder, "rev-parse", "--show-toplevel")
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ").split("\n")[0]
        hint = "--base compares with the history of a git repository; --baseline FILE needs none"
        raise UsageError(f"no git repository can be used here: {said}", where=str(folder), hint=hint)
    return done.stdout.rstrip(b"\n")


def _commit(top: Path, base: str) -> str:
    done = _run(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{base}^{{commit}}")
    if done.returncode == 0:
        return done.stdout.decode().strip()
    if _is_shallow(top):
        raise UsageError(f"no commit {base!r} in this shallow clone", where="--base", hint=_MISSING_HINT)
    raise UsageError(
        f"no commit {base!r} in this repository", where="--base", hint="git fetch it, or name a branch, tag or commit that is here"
    )


def _merge_base(top: Path, commit: str, base: str) -> str:
    done = _run(top, "merge-base", commit, "HEAD")
    if done.returncode == 0:
        return done.stdout.decode().split()[0]
    if _is_shallow(top):
        raise UsageError(f"the history between {base!r} and HEAD is missing in this shallow clone", where="--base", hint=_MISSING_HINT)
    raise UsageError(f"{base!r} and HEAD have no history in common", where="--base", hint="name the branch that this one was made from")


def _is_shallow(top: Path) -> bool:
    return _run(top, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true"


def _name_in(top: Path, path: str) -> str:
    try:
        return Path(os.path.realpath(path)).relative_to(os.path.realpath(top)).as_posix()
    except ValueError as error:
        raise UsageError("is not in the repository that --base looks at", where=path, hint=f"name files below {top}") from error


def _git(top: Path, *arguments: str) -> bytes:
    done = _run(top, *arguments)
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().split("\n")[0]
        raise UsageError(f"git {arguments[0]} failed: {said}", where=str(top), hint="run git status there")
    return done.stdout


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command: Sequence[str] = ["git", "--no-pager", "--literal-pathspecs", *_SAFE, *arguments]
    environment = {**_environment(), "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    try:
        return subprocess.run(  # noqa: S603 - a fixed program, a list of arguments, no shell
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS, check=False
        )
    except FileNotFoundError as error:
        raise UsageError("git is not installed here", where="--base", hint="install git, or use --baseline FILE") from error
    except subprocess.TimeoutExpired as error:
        raise UsageError(f"git {arguments[0]} took more than {_SECONDS} seconds", where=str(folder), hint="run git status there") from error


def _environment() -> dict[str, str]:
    """What git hands to its hooks is meant for the folder they start in; left as it is, no other folder would have a repository.

    Whoever names a work tree of their own means it: https://git-scm.com/docs/githooks
    """
    if "GIT_WORK_TREE" in os.environ:
        return {**os.environ, **{name: os.path.abspath(os.environ[name]) for name in ("GIT_DIR", "GIT_WORK_TREE") if name in os.environ}}
    return {name: value for name, value in os.environ.items() if name not in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_PREFIX")}
