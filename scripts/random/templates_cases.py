"""Random templates beside jinja2: scripts/jinja-goldens makes them, and a test of the tree renders them."""
import json
import os
import re
import subprocess
import sys


def compare(comparison):
    root, folder = comparison.root, comparison.folder / "jinja"
    subprocess.run(
        [sys.executable, root / "scripts/jinja-goldens", "--random", str(comparison.cases), "--seed", str(comparison.seed),
         "--out", folder], check=True)
    comparison.count = len(json.loads((folder / "random.json").read_text())["cases"])
    if comparison.count < comparison.cases:
        comparison.refused["rendered to addresses, or for too long, by jinja2"] = comparison.cases - comparison.count
    run_test(comparison, "JinjaTests.GoldenTests", {"STAGECOACH_JINJA_GOLDENS": str(folder)})


def run_test(comparison, name, variables):
    """Runs a test that lists what differs as its issues."""
    result = subprocess.run(
        ["swift", "test", "-c", "release", "-Xswiftc", "-enable-testing", "--skip-build", "--disable-xctest", "--filter", name],
        cwd=comparison.root, env=os.environ | variables, capture_output=True, text=True)
    lines = (result.stdout + result.stderr).splitlines()
    comparison.differences += [re.sub(r"^.*recorded an issue at ", "", line) for line in lines if "recorded an issue" in line]
    if result.returncode and not comparison.differences:
        sys.exit(f"the test {name} did not run: {result.stderr[-2000:]}")
