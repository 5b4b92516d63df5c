"""`check`: only what is new, judged before publication; baselines, rules and comments. Real git, a real loopback web."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent.parent / "documents"))

from documents_office import docx, paragraph, run

from citekeeper import documents, pipeline
from citekeeper.cli import main
from citekeeper.config import configure
from citekeeper.demo import Pages, Site, World, failing, missing, page
from citekeeper.errors import ConfigError, InputError, UsageError
from citekeeper.model import Document, State
from citekeeper.pipeline import baseline, checking, loading, markers, waivers
from citekeeper.pipeline.changes import compare
from citekeeper.pipeline.waivers import Waiver
from citekeeper.settings import IgnoreRule, Settings

GOOD, BAD, WALL = "http://good.example/page", "http://bad.example/missing", "http://wall.example/page"
TODAY = date(2026, 11, 22)
TEXT = b"<html><head><title>The bridge</title></head><body><h1>The bridge</h1><p>" + b"It reopened in March. " * 60 + b"</p></body></html>"
SITES: dict[str, Site] = {"good.example": page(TEXT), "bad.example": Pages({"*": missing}), "wall.example": failing(403, "Forbidden", TEXT)}


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World(sites=SITES, scenes=()) as opened:
        yield opened


@pytest.fixture
def settings(world: World, tmp_path: Path) -> Settings:
    overrides = {**world.settings_overrides(), "archives.use": (), "archive": str(tmp_path / "archive"), "max_age": 0}
    return configure(overrides, {}, isolated=True).settings


@pytest.fixture
def flags(world: World, tmp_path: Path) -> list[str]:
    path = tmp_path / "world.toml"
    path.write_text(world.config_toml(), encoding="utf-8")
    return ["-c", str(path), "--archives", "", "--archive", str(tmp_path / "archive"), "--max-age", "0", "-f", "github"]


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in list(os.environ):
        if name.startswith(("GIT_", "CITEKEEPER_")):
            monkeypatch.delenv(name)
    return folder


def git(*arguments: str, at: Path | None = None) -> str:
    identity = ("-c", "user.name=Test", "-c", "user.email=test@test.example", "-c", "commit.gpgsign=false")
    return subprocess.run(["git", *identity, *arguments], check=True, capture_output=True, text=True, cwd=at).stdout


def commit(files: dict[str, str]) -> None:
    if not Path(".git").exists():
        git("init", "-q", "-b", "main")
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(text.encode())
    git("add", "-A")
    git("commit", "-q", "-m", "More")


def new_in(name: str, base: str = "main") -> list[str]:
    """The addresses that `check --base` would look at."""
    document = documents.read(Path(name).read_bytes(), source=name)
    assert isinstance(document, Document)
    [found] = checking.new_ones([document], [loading.extract(document, ())], base, Settings())
    return [reference.address.url or reference.raw for reference in found.references]


# ── what is new ───────────────────────────────────────────────────────────────────────────────


def test_only_references_added_since_the_base_are_new() -> None:
    commit({"a.txt": "[1] https://one.example/a\n"})
    Path("a.txt").write_text("[1] https://one.example/a\n[2] https://two.example/b\n", encoding="utf-8")
    assert new_in("a.txt") == ["https://two.example/b"]


def test_a_changed_address_is_new_and_one_on_a_corrected_line_is_not() -> None:
    commit({"a.txt": "[1] Tpyo, https://one.example/a\n[2] https://two.example/b\n"})
    Path("a.txt").write_text("[1] Typo, https://one.example/a\n[2] https://two.example/c\n", encoding="utf-8")
    assert new_in("a.txt") == ["https://two.example/c"]


def test_a_document_that_was_not_there_is_all_new_also_before_git_knows_it() -> None:
    commit({"a.txt": "[1] https://one.example/a\n"})
    Path("b.txt").write_text("[1] https://one.example/a\n", encoding="utf-8")
    assert new_in("b.txt") == ["https://one.example/a"]
    assert new_in("a.txt") == []


def test_a_renamed_document_is_followed() -> None:
    lines = "".join(f"[{n}] https://site-{n}.example/page\n" for n in range(12))
    commit({"old/a.txt": lines})
    git("switch", "-q", "-c", "branch")
    Path("new").mkdir()
    git("mv", "old/a.txt", "new/b.txt")
    commit({"new/b.txt": lines + "[12] https://added.example/x\n"})
    assert new_in("new/b.txt") == ["https://added.example/x"]


def test_what_the_base_got_since_is_not_counted_against_the_branch() -> None:
    commit({"a.txt": "[1] https://one.example/a\n"})
    git("switch", "-q", "-c", "branch")
    git("switch", "-q", "main")
    commit({"a.txt": "[1] https://other.example/z\n"})
    git("switch", "-q", "branch")
    assert new_in("a.txt") == []


def test_an_address_cited_once_more_is_new_where_the_line_is_new() -> None:
    commit({"a.txt": "[1] https://one.example/a\n"})
    Path("a.txt").write_text("[0] https://one.example/a\n\n[1] https://one.example/a\n", encoding="utf-8")
    document = documents.read(Path("a.txt").read_bytes(), source="a.txt")
    assert isinstance(document, Document)
    [found] = checking.new_ones([document], [loading.extract(document, ())], "main", Settings())
    assert [reference.marker for reference in found.references] == ["0"]


def test_an_address_over_two_lines_is_new_when_its_second_line_changed() -> None:
    commit({"a.txt": "[1] https://one.example/a/long/\npath/that-was\n"})
    Path("a.txt").write_text("[1] https://one.example/a/long/\npath/that-is\n", encoding="utf-8")
    assert new_in("a.txt") == ["https://one.example/a/long/path/that-is"]


@pytest.mark.parametrize("name", ["a b.txt", "-x.txt", "ünï.txt", ":(top)a.txt", "a'b\"c.txt", "new\nline.txt"])
def test_file_names_are_names_and_nothing_else(name: str) -> None:
    commit({name: "[1] https://one.example/a\n", "other.txt": "x"})
    Path(name).write_text("[1] https://one.example/a\n[2] https://two.example/b\n", encoding="utf-8")
    change = compare("main", Path.cwd()).change_of(name, 1_000_000)
    assert change is not None
    assert change.lines == {2}
    assert change.before == b"[1] https://one.example/a\n"


@pytest.mark.parametrize("base", ["--output=x", "-h", "nowhere", "main; touch x", "$(touch x)", ""])
def test_a_base_that_is_none_is_one_clear_line_and_runs_nothing(base: str) -> None:
    commit({"a.txt": "x"})
    with pytest.raises(UsageError, match="no commit"):
        compare(base, Path.cwd())
    assert not Path("x").exists()


def test_a_shallow_clone_says_how_to_get_the_history(tmp_path: Path) -> None:
    commit({"a.txt": "[1] https://one.example/a\n"})
    git("branch", "start")
    commit({"a.txt": "[1] https://one.example/b\n"})
    shallow = tmp_path / "shallow"
    git("clone", "-q", "--depth=1", f"file://{Path.cwd()}", str(shallow))
    with pytest.raises(UsageError, match=r"shallow.*fetch-depth: 0"):
        compare("start", shallow)
    git("fetch", "-q", "--depth=1", "origin", "start:start", at=shallow)
    with pytest.raises(UsageError, match=r"history between.*shallow"):
        compare("start", shallow)


def test_outside_of_a_repository_the_message_says_what_else_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    with pytest.raises(UsageError, match=r"no git repository.*--baseline"):
        compare("main", Path.cwd())


def test_a_file_of_elsewhere_is_refused(tmp_path: Path) -> None:
    commit({"a.txt": "x"})
    (tmp_path / "b.txt").write_text("y", encoding="utf-8")
    with pytest.raises(UsageError, match="not in the repository"):
        compare("main", Path.cwd()).change_of(str(tmp_path / "b.txt"), 1000)


@pytest.mark.parametrize("moved", ["git mv", "mv"])
def test_a_word_file_that_was_renamed_and_changed_is_followed_by_what_it_cites(moved: str) -> None:
    def word(*urls: str) -> bytes:
        return docx("".join(paragraph(run(f"See {url}.")) for url in urls))

    old = [f"https://one.example/{number}" for number in range(4)]
    commit({"other.txt": "x"})
    Path("a.docx").write_bytes(word(*old))
    Path("z.docx").write_bytes(word("https://elsewhere.example/z"))
    git("add", "-A")
    git("commit", "-q", "-m", "Word")
    subprocess.run([*moved.split(), "a.docx", "b.docx"], check=True)
    Path("z.docx").unlink()
    Path("b.docx").write_bytes(word(*old[1:], "https://two.example/new"))
    assert new_in("b.docx", "HEAD") == ["https://two.example/new"]


def test_a_submodule_is_compared_with_the_commit_that_it_was_at(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    git("init", "-q", "-b", "main", str(inner))
    (inner / "a.txt").write_text("[1] https://one.example/a\n", encoding="utf-8")
    git("add", "-A", at=inner)
    git("commit", "-q", "-m", "Inner", at=inner)
    commit({"b.txt": "x"})
    git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "sub")
    commit({})
    Path("sub/a.txt").write_text("[1] https://one.example/a\n[2] https://two.example/b\n", encoding="utf-8")
    change = compare("HEAD", Path.cwd()).change_of("sub/a.txt", 1_000_000)
    assert change is not None
    assert change.lines == {2}
    git("add", "-A", at=Path("sub"))
    git("commit", "-q", "-m", "Inner", at=Path("sub"))
    assert compare("HEAD", Path.cwd()).change_of("sub/a.txt", 1_000_000) == change


def test_what_git_tells_its_hooks_hides_no_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    commit({"texts/a.txt": "[1] https://one.example/a\n"})
    Path("texts/a.txt").write_text("[2] https://two.example/b\n", encoding="utf-8")
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    assert new_in("texts/a.txt", "HEAD") == ["https://two.example/b"]
    monkeypatch.setenv("GIT_WORK_TREE", ".")
    assert new_in("texts/a.txt", "HEAD") == ["https://two.example/b"]


def test_a_folder_that_looks_like_a_repository_runs_nothing(tmp_path: Path) -> None:
    commit({"a.txt": "x"})
    git("init", "-q", "--bare", "trap")
    program = f"touch {tmp_path / 'pwned'}; cat"
    for name, value in (
        ("core.bare", "false"),
        ("core.worktree", str(Path.cwd())),
        ("core.fsmonitor", program),
        ("filter.x.clean", program),
    ):
        git("config", "--file", "trap/config", name, value)
    commit({".gitattributes": "* filter=x\n", "trap/a.txt": "[1] https://one.example/a\n"})
    Path("trap/a.txt").write_text("[1] https://one.example/b\n", encoding="utf-8")
    with pytest.raises(UsageError, match="bare repository"):
        compare("HEAD", Path("trap"))
    assert not (tmp_path / "pwned").exists()


def test_a_push_under_pre_commit_is_compared_with_what_the_other_side_has(
    flags: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commit({"a.md": f"[old]({BAD}?old)\n"})
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", git("rev-parse", "HEAD").strip())
    commit({"a.md": f"[old]({BAD}?old)\n\n[new]({BAD}?new)\n"})
    assert main(["check", "a.md", *flags]) == 1
    assert "1 of 2 references checked" in capsys.readouterr().err
    assert main(["check", "a.md", *flags, "--base", "HEAD"]) == 0
    assert "0 of 2 references checked" in capsys.readouterr().err


# ── what fails ────────────────────────────────────────────────────────────────────────────────


def test_a_missing_page_in_a_new_article_fails_at_once_and_a_wall_never(flags: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.md").write_text(f"[one]({GOOD}) [two]({WALL})\n", encoding="utf-8")
    assert main(["check", "a.md", *flags, "--fail-on", "note"]) == 0
    Path("a.md").write_text(f"[one]({GOOD}) [two]({WALL}) [three]({BAD})\n", encoding="utf-8")
    assert main(["check", "a.md", *flags]) == 1
    captured = capsys.readouterr()
    assert "::error file=a.md,line=1" in captured.out
    assert "3 of 3 references checked; 1 broken" in captured.err


def test_with_a_base_only_what_is_new_fails(flags: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    commit({"a.md": f"[old]({BAD}?old)\n"})
    Path("a.md").write_text(f"[old]({BAD}?old)\n\n[new]({GOOD})\n", encoding="utf-8")
    assert main(["check", "a.md", *flags, "--base", "HEAD"]) == 0
    assert "1 of 2 references checked; 0 broken" in capsys.readouterr().err
    Path("a.md").write_text(f"[old]({BAD}?old)\n\n[new]({BAD}?new)\n", encoding="utf-8")
    assert main(["check", "a.md", *flags, "--base", "HEAD"]) == 1
    assert main(["check", "a.md", *flags, "--base", "nowhere"]) == 2


def test_no_reference_at_all_fails_unless_that_is_allowed(flags: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.md").write_text("Nothing is cited here.\n", encoding="utf-8")
    assert main(["check", "a.md", *flags]) == 2
    assert "--allow-empty" in capsys.readouterr().err
    assert main(["check", "a.md", *flags, "--allow-empty"]) == 0


def test_a_baseline_is_written_read_kept_and_cleaned(flags: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.md").write_text(f"[one]({GOOD}) [two]({BAD}?b) [three]({BAD}?a)\n", encoding="utf-8")
    known = Path("known.toml")
    assert main(["check", "a.md", *flags, "--baseline", "known.toml"]) == 2
    assert main(["check", "a.md", *flags, "--baseline", "known.toml", "--update-baseline"]) == 0
    entries = tomllib.loads(known.read_text(encoding="utf-8"))["known"]
    assert [each["url"] for each in entries] == [f"{BAD}?a", f"{BAD}?b"]
    assert all(each["state"] == "gone" and each["reason"] and each["until"] > date.today() for each in entries)
    assert main(["check", "a.md", *flags, "--baseline", "known.toml"]) == 0
    assert "2 of them waived; 0 broken" in capsys.readouterr().err
    written = known.read_text(encoding="utf-8").replace("known since", "the author was told; known since")
    known.write_text(written, encoding="utf-8")
    assert main(["check", "a.md", *flags, "--baseline", "known.toml", "--update-baseline"]) == 0
    assert known.read_text(encoding="utf-8") == written
    Path("a.md").write_text(f"[one]({GOOD}) [two]({BAD}?b) [three]({BAD}?c)\n", encoding="utf-8")
    assert main(["check", "a.md", *flags, "--baseline", "known.toml"]) == 1


@pytest.mark.parametrize(("name", "more", "said"), [("nowhere/k.toml", ["--update-baseline"], "its folder"), (".", [], "is a folder")])
def test_a_baseline_that_cannot_be_is_said_before_anything_is_visited(
    flags: list[str], capsys: pytest.CaptureFixture[str], name: str, more: list[str], said: str
) -> None:
    Path("a.md").write_text(f"[one]({BAD})\n", encoding="utf-8")
    assert main(["check", "a.md", *flags, "--baseline", name, *more]) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""


def test_an_entry_whose_day_has_passed_counts_again(flags: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.md").write_text(f"[two]({BAD})\n", encoding="utf-8")
    entry = f'[[known]]\nurl = "{BAD}"\nstate = "gone"\nreason = "told"\nuntil = 2020-01-01\n'
    Path("known.toml").write_text(entry, encoding="utf-8")
    assert main(["check", "a.md", *flags, "--baseline", "known.toml"]) == 1
    assert "ended on 2020-01-01" in capsys.readouterr().err


def test_rules_of_the_configuration_waive_in_audit_and_check(settings: Settings) -> None:
    Path("a.md").write_text(f"[one]({BAD}?x)\n", encoding="utf-8")
    rules = (IgnoreRule("http://bad.example/*", "the site moves in May", "gone"),)
    for audit in (
        pipeline.audit(["a.md"], replace(settings, ignore_rules=rules)),
        pipeline.check(["a.md"], replace(settings, ignore_rules=rules)).audit,
    ):
        [finding] = audit.findings
        assert (finding.verdict.state, finding.verdict.level) == (State.GONE, "none")
        assert pipeline.reason_of(finding.verdict) == "the site moves in May"
    last = pipeline.last_audit(replace(settings, ignore_rules=rules), rejudge=True)
    assert last is not None
    assert last.findings[0].verdict.level == "none"


def test_a_rule_for_another_state_or_of_the_past_waives_nothing(settings: Settings) -> None:
    Path("a.md").write_text(f"[one]({BAD}?x)\n", encoding="utf-8")
    rules = (IgnoreRule("*", "no", "parked"), IgnoreRule("*", "over", "gone", date(2020, 1, 1)))
    [finding] = pipeline.check(["a.md"], replace(settings, ignore_rules=rules)).audit.findings
    assert finding.verdict.level == "error"


def test_no_network_is_inconclusive_and_one_unknown_page_is_not(settings: Settings) -> None:
    Path("a.md").write_text("[one](http://wall.example/)\n", encoding="utf-8")
    assert pipeline.check(["a.md"], settings).audit.conclusive
    assert not pipeline.check(["a.md"], replace(settings, offline=True, archive="empty")).audit.conclusive
    Path("b.md").write_text("none", encoding="utf-8")
    with pytest.raises(InputError, match="no reference found"):
        pipeline.check(["b.md"], settings)


# ── baselines and rules as text ───────────────────────────────────────────────────────────────

TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30)


@hypothesis_settings(max_examples=60)
@given(st.lists(st.tuples(TEXTS, TEXTS, st.sampled_from(State), st.none() | st.dates()), max_size=5))
def test_a_baseline_reads_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[str, str, State, date | None]]
) -> None:
    entries = [Waiver(url, reason + ".", state, until, is_pattern=False) for url, reason, state, until in told]
    path = tmp_path_factory.getbasetemp() / f"known-{os.getpid()}.toml"
    renewal = baseline.renew(entries, [], [], TODAY)
    baseline.write(path, renewal.text)
    assert sorted(baseline.read(path), key=str) == sorted(entries, key=str)
    assert baseline.renew(baseline.read(path), [], [], TODAY).text == renewal.text


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("known = 3", "is not a baseline"),
        ("[[knwon]]\nurl='x'", "is not a baseline"),
        ("[[known]]\nurl='x'\nstate='gone'", "needs url, state and reason"),
        ("[[known]]\nurl='x'\nstate='gnoe'\nreason='r'", "did you mean gone"),
        ("[[known]]\nurl='x'\nstate='gone'\nreason='r'\nuntil='2027-01-01'", "until must be a date"),
        ("[[known]]\nurl='x'\nstate='gone'\nreason='r'\nsince=3", "only"),
        ("[[known", "not valid TOML"),
    ],
)
def test_a_baseline_that_is_not_sound_is_refused_with_its_entry(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "known.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=complaint):
        baseline.read(path)


@pytest.mark.parametrize(
    "rule", ["url = 'x'", "url = 'x'\nreason = ' '", "url = 'x'\nreason = 'r'\nstat = 'gone'", "url = 3\nreason = 'r'"]
)
def test_a_rule_needs_an_address_and_a_reason(tmp_path: Path, rule: str) -> None:
    (tmp_path / "citekeeper.toml").write_text(f"[[ignore_rules]]\n{rule}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="ignore_rules"):
        configure({}, {}, folder=tmp_path)


def test_a_rule_for_a_state_that_there_is_not_names_the_nearest() -> None:
    with pytest.raises(ConfigError, match="did you mean soft_404"):
        waivers.from_rules([IgnoreRule("*", "r", "soft404")])


# ── comments ──────────────────────────────────────────────────────────────────────────────────


def left_in(text: str, name: str) -> list[str]:
    document = documents.read(text.encode(), source=name)
    assert isinstance(document, Document)
    return [each.address.url or "" for each in loading.extract(document, ()).references]


def test_a_comment_on_the_line_or_alone_before_it_leaves_a_reference_out() -> None:
    text = (
        "[a](https://a.example/) <!-- citekeeper: ignore -->\n\n[b](https://b.example/)\n\n"
        "<!-- citekeeper: ignore: for members -->\n[c](https://c.example/)\n[d](https://d.example/)\n"
    )
    assert left_in(text, "a.md") == ["https://b.example/", "https://d.example/"]


def test_empty_lines_behind_a_comment_that_stands_alone_do_not_count() -> None:
    text = "<!-- citekeeper: ignore -->\r\n \r\n[a](https://a.example/)\r\n[b](https://b.example/)\r\n<!-- citekeeper: ignore -->"
    assert left_in(text, "a.md") == ["https://b.example/"]


def test_a_comment_in_html_does_the_same() -> None:
    text = '<!doctype html><p><a href="https://a.example/">a</a><!-- CiteKeeper: ignore -->\n<p><a href="https://b.example/">b</a>'
    assert left_in(text, "a.html") == ["https://b.example/"]


def test_plain_text_has_no_comments() -> None:
    assert left_in("https://a.example/ <!-- citekeeper: ignore -->", "a.txt") == ["https://a.example/"]


def test_latex_comments_begin_with_a_percent_sign_that_is_not_escaped() -> None:
    text = "\\url{https://a.example/} % citekeeper: ignore\n\\url{https://b.example/} 5\\% citekeeper: ignore\n"
    document = Document("a.tex", "latex", text, text)
    assert markers.ignored_lines(document) == {1}


def test_a_megabyte_of_comments_that_never_end_is_read_in_time() -> None:
    for text in ("<!-- citekeeper: ignore " * 40_000, "% citekeeper: ignore" * 40_000, "<!--" + " " * 1_000_000):
        for format in ("markdown", "latex", "rst"):
            markers.ignored_lines(Document("a", format, text, text))
