#!/usr/bin/env bash
# What the action runs: one citekeeper check, its reports into a folder, annotations and summary for GitHub.
# Every input comes as a variable and is used as one argument, whatever stands in it.
set -euo pipefail

# The configuration is the pull request's too. What it may not do is lead citekeeper into the runner's own network;
# a workflow that wants that sets these variables itself.
export CITEKEEPER_NETWORK_ALLOW_PRIVATE="${CITEKEEPER_NETWORK_ALLOW_PRIVATE-false}"
export CITEKEEPER_NETWORK_ALLOW_ADDRESSES="${CITEKEEPER_NETWORK_ALLOW_ADDRESSES-}"
export CITEKEEPER_NETWORK_CONNECT_TO="${CITEKEEPER_NETWORK_CONNECT_TO-}"
export CITEKEEPER_NETWORK_DNS="${CITEKEEPER_NETWORK_DNS-}"
export CITEKEEPER_NETWORK_PROXY="${CITEKEEPER_NETWORK_PROXY-}"

arguments=(--archive="$INPUT_ARCHIVE")
[ -z "$INPUT_BASE" ] || arguments+=(--base="$INPUT_BASE")
[ -z "$INPUT_BASELINE" ] || arguments+=(--baseline="$INPUT_BASELINE")
[ -z "$INPUT_FAIL_ON" ] || arguments+=(--fail-on="$INPUT_FAIL_ON")
[ -z "$INPUT_CONFIG" ] || arguments+=(--config="$INPUT_CONFIG")
[ "$INPUT_ALLOW_EMPTY" != true ] || arguments+=(--allow-empty)

sources=()
while IFS= read -r line; do
  [ -z "$line" ] || sources+=("$line")
done <<< "$INPUT_SOURCES"

reports=$(mktemp -d "${RUNNER_TEMP:-/tmp}/citekeeper.XXXXXXXX")
annotations="$reports/annotations.txt"

# Between these lines the runner obeys no command, whatever an article makes citekeeper say.
# https://docs.github.com/actions/reference/workflow-commands-for-github-actions#stopping-and-starting-workflow-commands
# -I: without it, a file secrets.py of the pull request would be run.
token=$(python -I -c "import secrets; print(secrets.token_hex(16))")
echo "::stop-commands::$token"
code=0
citekeeper check "${arguments[@]}" -f github="$annotations" -f markdown="$reports/report.md" -f html="$reports/report.html" \
  -f sarif="$reports/report.sarif" -f json="$reports/report.json" -- "${sources[@]}" || code=$?
if compgen -G "$INPUT_ARCHIVE/*.warc.gz" > /dev/null; then
  citekeeper export --archive="$INPUT_ARCHIVE" -o "$reports/captures.wacz" || echo "The captures were not packed; they are in the archive folder."
fi
echo "::$token::"

# These lines are commands on purpose; citekeeper has escaped all that came from outside.
[ ! -f "$annotations" ] || cat "$annotations"
rm -f "$annotations"
# GitHub refuses a summary of more than 1 MiB.
[ ! -f "$reports/report.md" ] || head -c 1000000 "$reports/report.md" >> "$GITHUB_STEP_SUMMARY"
{
  echo "exit-code=$code"
  echo "reports=$reports"
} >> "$GITHUB_OUTPUT"
