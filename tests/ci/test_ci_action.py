"""The GitHub action, run step by step as a runner runs it, with hostile inputs and a hostile article; and its plain rules."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from citekeeper.demo import Pages, Site, World, missing, page

ROOT = Path(__file__).parent.parent.parent
TEXT = b"<html><head><title>T</title></head><body><h1>The bridge</h1><p>" + b"It reopened in March. " * 60 + b"</p></body></html>"
SITES: dict[str, Site] = {"good.example": page(TEXT), "bad.example": Pages({"*": missing})}
GOOD, BAD = "http://good.example/page", "http://bad.example/missing"

pytestmark = pytest.mark.skipif(shutil.which("bash") is None or shutil.which("git") is None, reason="the action needs bash and git")


def load(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def action() -> dict[str, Any]:
    loaded: dict[str, Any] = load("action.yml")
    return loaded


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World(sites=SITES, scenes=()) as opened:
        yield opened


class Runner:
    """As much of a runner as a composite action of shell steps needs."""

    def __init__(self, folder: Path, config: str, job_environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.action_path = ROOT
        self._job_environment = job_environment
        self.workspace = folder / "workspace"
        self.workspace.mkdir()
        (folder / "temp").mkdir()
        (self.workspace / "citekeeper.toml").write_text(config, encoding="utf-8")
        self.git("init", "-q", "-b", "main")
        self.commit({"a.md": f"[old]({BAD}?old)\n"})
        self.outputs: dict[str, dict[str, str]] = {}
        self.log = ""

    def git(self, *arguments: str) -> str:
        identity = ("-c", "user.name=Test", "-c", "user.email=test@test.example", "-c", "commit.gpgsign=false")
        return subprocess.run(["git", *identity, *arguments], cwd=self.workspace, check=True, capture_output=True, text=True).stdout

    def commit(self, files: Mapping[str, str]) -> str:
        for name, text in files.items():
            path = self.workspace / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "More")
        return self.git("rev-parse", "HEAD").strip()

    def run(self, **inputs: str) -> int:
        """Run every shell step in order; the exit code of the last that failed, as a job would end with."""
        given = {name: each["default"] for name, each in action()["inputs"].items()}
        given |= {name.replace("_", "-"): value for name, value in inputs.items()}
        outcome = 0
        for step in action()["runs"]["steps"]:
            if "run" in step and "pip install" not in step["run"]:
                outcome = self.step(step, given) or outcome
        return outcome

    def step(self, step: dict[str, Any], inputs: Mapping[str, str]) -> int:
        output = self.folder / "output"
        output.write_text("", encoding="utf-8")
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("CITEKEEPER_", "GIT_"))},
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "GITHUB_ACTION_PATH": str(self.action_path),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary"),
            "RUNNER_TEMP": str(self.folder / "temp"),
            **self._job_environment,
            **{name: self._value(value, inputs) for name, value in step.get("env", {}).items()},
        }
        # As https://docs.github.com/actions/reference/workflow-syntax-for-github-actions#jobsjob_idstepsshell has it.
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        done = subprocess.run(command, cwd=self.workspace, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        self.log += done.stdout + done.stderr
        pairs = (line.partition("=") for line in output.read_text(encoding="utf-8").splitlines())
        self.outputs[step.get("id", "")] = {name: value for name, _, value in pairs}
        return done.returncode

    def _value(self, text: str, inputs: Mapping[str, str]) -> str:
        """The value of `${{ inputs.x }}` or `${{ steps.x.outputs.y }}`."""
        [expression] = re.findall(r"\$\{\{ (.*?) \}\}", text)
        kind, *rest = expression.split(".")
        return inputs[rest[0]] if kind == "inputs" else self.outputs[rest[0]][rest[2]]


@pytest.fixture
def runner(tmp_path: Path, world: World) -> Runner:
    config = world.config_toml().replace('use = ["wayback"]', "use = []")
    return Runner(tmp_path, config, job_environment(world))


def job_environment(world: World) -> dict[str, str]:
    """What a workflow sets that wants to visit addresses of its own network, as that of the loopback web."""
    told: dict[str, Any] = world.settings_overrides()
    names = ("network.allow_addresses", "network.connect_to", "network.dns")
    lists = {f"CITEKEEPER_{name.replace('.', '_').upper()}": ",".join(told[name]) for name in names}
    return {**lists, "CITEKEEPER_NETWORK_PROXY": "none"}


def test_a_pull_request_gets_annotations_a_summary_and_reports(runner: Runner) -> None:
    base = runner.git("rev-parse", "HEAD").strip()
    runner.commit({"texts/b.md": f"# New\n\n[good]({GOOD})\n[bad]({BAD})\n"})
    assert runner.run(base=base, sources="a.md\ntexts\n") == 1
    annotation = next(line for line in runner.log.splitlines() if line.startswith("::error "))
    assert annotation.startswith("::error file=texts/b.md,line=4,endLine=4,col=7,endColumn=33,title=citekeeper%3A gone::")
    assert "?old" not in runner.log, "what was there before is not checked"
    assert "# Citations" in (runner.folder / "summary").read_text(encoding="utf-8")
    reports = Path(runner.outputs["check"]["reports"])
    names = {"report.sarif", "report.json", "report.md", "report.html", "captures.wacz", "captures.wacz.sha256"}
    assert names <= {path.name for path in reports.iterdir()}
    assert list((runner.workspace / "archive").glob("*.warc.gz"))


def test_nothing_new_is_well_and_so_is_a_change_without_references(runner: Runner) -> None:
    base = runner.git("rev-parse", "HEAD").strip()
    assert runner.run(base=base) == 0
    runner.commit({"c.md": "Nothing is cited here.\n"})
    assert runner.run(base=base, sources="c.md") == 0
    assert runner.run(base=base, sources="c.md", allow_empty="false") == 2


HOSTILE = "$(touch pwned)`touch pwned`; touch pwned #'\" && touch pwned || --archive=/pwned"


@pytest.mark.parametrize("name", ["base", "baseline", "fail_on", "config", "sources"])
def test_no_input_becomes_a_command_or_an_option(runner: Runner, name: str) -> None:
    inputs = {"base": "", "sources": "a.md", name: HOSTILE}
    assert runner.run(**inputs) == 2
    assert not list(runner.folder.rglob("pwned"))


def test_a_hostile_article_commands_nothing(runner: Runner) -> None:
    name = "x,line=1::error::y %0A::set-output name=a::b.md"
    command = "::set-output name=exit-code::0"
    text = f"# {command}\n\n[{command}]({BAD}?q=%0A::add-mask::x) and hxxp://bad[.]example/%0D%0A::error::z\n##[error]no\n"
    runner.commit({name: text})
    assert runner.run(base="", sources=name) == 1
    open_at = runner.log.index("::stop-commands::")
    token = runner.log[open_at:].splitlines()[0].removeprefix("::stop-commands::")
    assert re.fullmatch("[0-9a-f]{32}", token)
    assert runner.log.count(token) == 2
    properties = re.compile(r"::(error|warning|notice) file=x%2Cline=1%3A%3Aerror%3A%3Ay %250A%3A%3Aset-output name=a%3A%3Ab\.md,line=")
    after = runner.log.split(f"::{token}::\n", 1)[1]
    for line in after.splitlines():
        if line.lstrip().startswith("::"):
            assert properties.match(line)


def test_a_pull_request_cannot_put_programs_in_the_place_of_pythons_own(runner: Runner) -> None:
    planted = "open('pwned', 'w').close()\nraise SystemExit(0)\n"
    runner.commit({f"{name}.py": planted for name in ("pip", "secrets", "site", "encodings", "sitecustomize", "citekeeper", "lxml", "re")})
    assert runner.run(base="", sources="a.md") == 1
    runner.action_path = runner.folder / "nowhere"
    [install] = [step for step in action()["runs"]["steps"] if "pip install" in step.get("run", "")]
    assert runner.step(install, {}) != 0, "there is nothing to install"
    assert not list(runner.folder.rglob("pwned"))


def test_a_pull_requests_configuration_leads_nowhere_into_the_runners_network(tmp_path: Path, world: World) -> None:
    told: dict[str, Any] = world.settings_overrides()
    runner = Runner(tmp_path, world.config_toml().replace('use = ["wayback"]', "use = []"), {})
    port = told["network.connect_to"][0].rpartition(":")[2]
    runner.commit({"a.md": f"[x](http://127.0.0.1:{port}/)\n"})
    runner.run(base="", sources="a.md")
    report = json.loads((Path(runner.outputs["check"]["reports"]) / "report.json").read_text(encoding="utf-8"))
    [reference] = report["documents"][0]["references"]
    assert reference["observation"] is None or reference["observation"]["status"] is None
    assert reference["verdict"]["level"] != "error"


def test_a_check_without_a_network_is_red_only_when_that_is_wished(runner: Runner) -> None:
    runner.commit({"citekeeper.toml": "offline = true\n"})
    assert runner.run(base="", sources="a.md") == 0
    assert runner.outputs["check"]["exit-code"] == "3"
    assert "::warning title=citekeeper::The check came to no result" in runner.log
    [tell] = [step for step in action()["runs"]["steps"] if "allow-inconclusive" in str(step.get("env"))]
    assert runner.step(tell, {"allow-inconclusive": "false"}) == 3


def test_what_others_merged_in_the_meantime_is_not_the_pull_requests(runner: Runner) -> None:
    runner.git("switch", "-q", "-c", "branch")
    runner.commit({"b.md": f"[new]({GOOD})\n"})
    runner.git("switch", "-q", "main")
    runner.commit({"c.md": f"[theirs]({BAD}?theirs)\n"})
    runner.git("update-ref", "refs/remotes/origin/main", "HEAD")
    runner.git("checkout", "-q", "--detach")
    runner.git("merge", "-q", "--no-ff", "-m", "As GitHub merges", "branch")
    assert "github.base_ref" in action()["inputs"]["base"]["default"]
    assert runner.run(base="origin/main") == 0
    assert "1 of 3 references checked" in runner.log


def test_no_expression_stands_in_a_script() -> None:
    for step in action()["runs"]["steps"]:
        assert "${{" not in step.get("run", "")
        assert "run" not in step or step["shell"] == "bash"


@pytest.mark.parametrize("name", ["action.yml", ".github/workflows/ci.yml", ".github/workflows/citations.yml"])
def test_actions_are_pinned_by_commit_and_nothing_has_more_rights_than_it_needs(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    used = re.findall(r"uses: (\S+)", text)
    assert used
    assert all(each == "./" or re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", each) for each in used)
    if "workflows" in name:
        assert load(name)["permissions"] == {}
        assert "pull_request_target" not in text


def test_every_input_and_output_is_documented() -> None:
    text = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    assert [name for name in (*action()["inputs"], *action()["outputs"]) if f"`{name}`" not in text] == []


def test_the_hooks_of_pre_commit_run_commands_that_there_are(tmp_path: Path) -> None:
    from citekeeper.cli.parser import parser

    for hook in load(".pre-commit-hooks.yaml"):
        assert "--base" not in hook["entry"], "pre-commit tells it"
        program, *arguments = hook["entry"].split()
        assert program == "citekeeper"
        assert parser().parse_args([*arguments, "a.md"]).command in {"check", "extract"}


def blocks(language: str) -> list[str]:
    """The blocks of code of docs/ci.md in a language; those without one, and indented ones, are shell."""
    text = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    indented = [line.strip() for line in re.findall(r"^    (?:citekeeper|hugo) .*$", text, re.M)]
    fenced = [block for found, block in re.findall(r"^```(\w*)\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE) if found == language]
    return [*fenced, *(indented if not language else [])]


def test_the_configurations_of_the_documentation_are_sound() -> None:
    loaded = [yaml.safe_load(block) for block in blocks("yaml")]
    assert len(loaded) == 3
    assert all(isinstance(each, dict) for each in loaded)
    [gitlab] = [each for each in loaded if "citations" in each]
    assert gitlab["citations"]["allow_failure"] == {"exit_codes": 3}


def test_every_command_of_the_recipes_is_one_that_there_is() -> None:
    from citekeeper.cli.parser import parser

    [gitlab] = [yaml.safe_load(block) for block in blocks("yaml") if "GIT_DEPTH" in block]
    [cron] = [block for block in blocks("") if block.startswith("17 4")]
    schedule, command = re.fullmatch(r"((?:[\d*]+ ){5}) *(.*)\n", cron).groups()  # type: ignore[union-attr]
    assert len(schedule.split()) == 5
    assert "%" not in command, "cron takes it for the end of the command"
    lines = [*gitlab["citations"]["script"], command, *(line for line in blocks("") if line != cron)]
    seen = 0
    for line in lines:
        subprocess.run(["sh", "-n", "-c", line], check=True)
        for part in re.split(r"&&|\|\||;", line.partition(" #")[0]):
            words = shlex.split(part)
            if words[0] == "citekeeper":
                seen += 1
                assert parser().parse_args([each for each in words[1:] if each not in "<>"]).command
    assert seen >= 5
