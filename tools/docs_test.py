#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the docs promise is there: tests named in docs/defects.md, OS rules that the code cites."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def sources(*patterns):
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split()]


def main():
    faults = []
    tests = "\n".join(path.read_text() for path in sources("*_test.cpp"))
    rows = 0
    for line in (ROOT / "docs/defects.md").read_text().splitlines():
        if not re.match(r"\| \d+ \|", line):
            continue
        rows += 1
        names = re.findall(r"`(Defect\w+)`", line)
        if not names:
            faults.append(f"docs/defects.md: row without a proof: {line[:60]}")
        faults += [f"docs/defects.md: no test is called {name}" for name in names if name not in tests]
    if rows == 0:
        faults.append("docs/defects.md: no rows found")

    rules = "\n".join(path.read_text() for path in (ROOT / "docs/rules").glob("*.md"))
    for path in sources("*.cpp", "*.hpp", "*.h"):
        for rule in sorted(set(re.findall(r"\b(?:IOS|AND)-[A-Z]+-\d+\b", path.read_text()))):
            if f"| {rule} |" not in rules:
                faults.append(f"{path.relative_to(ROOT)}: cites {rule}, which docs/rules does not explain")
    print("\n".join(faults) if faults else f"docs: {rows} defects proved, every cited rule explained")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
