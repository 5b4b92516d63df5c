"""Settings: where they come from, in which order, and what is said of wrong ones."""

from __future__ import annotations

import contextlib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citekeeper.config import configure
from citekeeper.errors import ConfigError
from citekeeper.settings import Settings, options


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_without_anything_said_every_setting_has_its_default(tmp_path: Path) -> None:
    configured = configure({}, {}, folder=tmp_path)
    assert configured.settings == Settings()
    assert configured.origins == {}


def test_flags_win_over_the_environment_and_the_environment_over_the_file(tmp_path: Path) -> None:
    write(tmp_path, "citekeeper.toml", "[network]\ntimeout = 1\nmax_retries = 1\nmax_redirects = 1\n")
    environ = {"CITEKEEPER_NETWORK_TIMEOUT": "2", "CITEKEEPER_NETWORK_MAX_RETRIES": "2", "HOME": "/nowhere"}
    configured = configure({"network.timeout": "3"}, environ, folder=tmp_path)
    network = configured.settings.network
    assert (network.timeout, network.max_retries, network.max_redirects) == (3.0, 2, 1)
    assert configured.origins["network.timeout"] == "--timeout"
    assert configured.origins["network.max_retries"] == "CITEKEEPER_NETWORK_MAX_RETRIES"
    assert configured.origins["network.max_redirects"].endswith("citekeeper.toml")


def test_a_file_is_found_in_a_folder_above(tmp_path: Path) -> None:
    write(tmp_path, "citekeeper.toml", "archive = 'elsewhere'")
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert configure({}, {}, folder=below).settings.archive == "elsewhere"


def test_pyproject_counts_only_with_a_table_of_ours(tmp_path: Path) -> None:
    below = tmp_path / "project"
    below.mkdir()
    write(tmp_path, "citekeeper.toml", "archive = 'above'")
    write(below, "pyproject.toml", "[tool.other]\nx = 1")
    assert configure({}, {}, folder=below).settings.archive == "above"
    write(below, "pyproject.toml", "[tool.citekeeper]\narchive = 'ours'\n[tool.citekeeper.archives.wayback]\nurl = 'http://a.example'")
    settings = configure({}, {}, folder=below).settings
    assert (settings.archive, settings.archives.wayback.url) == ("ours", "http://a.example")


def test_isolated_reads_no_file(tmp_path: Path) -> None:
    write(tmp_path, "citekeeper.toml", "archive = 'elsewhere'")
    assert configure({}, {}, folder=tmp_path, isolated=True).settings.archive == "archive"


def test_dashes_in_keys_are_as_good_as_underscores(tmp_path: Path) -> None:
    write(tmp_path, "citekeeper.toml", "[network]\nmax-concurrency = 7")
    assert configure({}, {}, folder=tmp_path).settings.network.max_concurrency == 7


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[network]\ntimeuot = 3", "did you mean network.timeout?"),
        ("[network]\ntimeout = 'soon'", "'soon' is not a duration"),
        ("[network]\ntimeout = true", "True is not a duration"),
        ("[network]\nengine = 'crul'", "did you mean curl?"),
        ("[network]\nmax_concurrency = 0", "0 is less than 1"),
        ("max_unknown = 7", "7 is more than 1"),
        ("article_url = 'foo'", "'foo' is not a web address"),
        ("article_url = 'ftp://one.example/a'", "is not a web address"),
        ("as_of = 'yesterday'", "is not a date"),
        ("exit_zero = 'perhaps'", "is not true or false"),
        ("archive = 3", "3 is not text"),
        ("archive = ", "not valid TOML"),
        ("network = 3", "unknown key 'network'"),
    ],
)
def test_a_wrong_file_is_told_in_one_line_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    path = write(tmp_path, "citekeeper.toml", text)
    with pytest.raises(ConfigError) as caught:
        configure({}, {}, folder=tmp_path)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_configuration_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"absent\.toml"):
        configure({}, {}, file=tmp_path / "absent.toml")


def test_a_misspelt_variable_is_not_silently_ignored(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="did you mean CITEKEEPER_NETWORK_TIMEOUT"):
        configure({}, {"CITEKEEPER_NETWORK_TIMEOT": "3"}, folder=tmp_path)


@pytest.mark.parametrize(("text", "seconds"), [("500ms", 0.5), ("30", 30), ("1.5s", 1.5), ("5m", 300), ("2h", 7200), ("7d", 604800)])
def test_durations_have_units(text: str, seconds: float) -> None:
    assert configure({"network.timeout": text}, {}, isolated=True).settings.network.timeout == seconds


def test_sizes_have_units() -> None:
    assert configure({}, {"CITEKEEPER_NETWORK_MAX_BODY_BYTES": "2M"}, isolated=True).settings.network.max_body_bytes == 2 * 1024**2


def test_dates_and_lists_are_read_from_text_and_from_toml(tmp_path: Path) -> None:
    write(tmp_path, "citekeeper.toml", "as_of = 2020-11-13\nignore = ['a', 'b']")
    settings = configure({"archives.use": "wayback, local"}, {}, folder=tmp_path).settings
    assert settings.as_of == date(2020, 11, 13)
    assert settings.ignore == ("a", "b")
    assert settings.archives.use == ("wayback", "local")


def test_every_option_has_a_help_a_unique_variable_and_a_unique_flag() -> None:
    found = options()
    assert all(option.help for option in found)
    assert len({option.variable for option in found}) == len(found)
    flags = [option.flag for option in found if option.flag]
    assert len(set(flags)) == len(flags)


VARIABLES = st.sampled_from([option.variable for option in options()])
TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))


@given(VARIABLES, TEXTS)
def test_no_text_in_a_variable_raises_anything_but_a_configuration_error(variable: str, text: str) -> None:
    with contextlib.suppress(ConfigError):
        configure({}, {variable: text}, isolated=True)


@pytest.mark.parametrize(
    ("given", "kept"), [("", ""), ("HTTPS://One.example/A", "https://One.example/A"), ("http://one.example", "http://one.example")]
)
def test_a_web_address_is_kept_as_it_is_with_its_scheme_in_small_letters(given: str, kept: str) -> None:
    assert configure({"article_url": given}, {}, isolated=True).settings.article_url == kept
