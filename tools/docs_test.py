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


# The two lists of known defects that docs/defects.md answers, row by row.
LISTS = {"The push guide": 60, "The call-UI plugin": 30}


def row_faults(row, proof, tests):
    """A row is proved by tests, or says why the defect cannot be, or names the folder that is still to be written."""
    open_until = re.findall(r"open until `([\w/]+)`", proof)
    if open_until:
        return [f"{row}: {name} is there now: prove it" for name in open_until if (ROOT / name).exists()]
    names = re.findall(r"`(\w+)`", proof)
    if not names and not re.search(r"\bimpossible: \w+", proof):
        return [f"{row}: neither a test nor 'impossible: why'"]
    return [f"{row}: no test is called {name}" for name in names if name not in tests]


def defect_faults():
    text = "\n".join(path.read_text() for path in sources("*_test.cpp", "*_test.c", "*_test.py", "*Test.java"))
    # Declared, not only mentioned: the second word of TEST(...), a method, a Python function.
    tests = set(re.findall(r"\bTEST(?:_F|_P)?\(\w+,\s*(\w+)\)|\bvoid (\w+)\(|\bdef (\w+)\(", text))
    tests = {name for names in tests for name in names}
    page = (ROOT / "docs/defects.md").read_text()
    faults = []
    still_open = 0
    for title, count in LISTS.items():
        section = page.split(f"## {title}")[-1].split("\n## ")[0] if f"## {title}" in page else ""
        rows = [line for line in section.splitlines() if re.match(r"\| \d+ \|", line)]
        numbers = [int(line.split("|")[1]) for line in rows]
        if numbers != list(range(1, count + 1)):
            missing = sorted(set(range(1, count + 1)) - set(numbers))
            faults.append(f"docs/defects.md, {title}: rows 1 to {count} in order, please; missing: {missing}")
        for line in rows:
            row = f"docs/defects.md, {title}, row {line.split('|')[1].strip()}"
            proof = line.split("|")[-2]
            still_open += "open until" in proof
            faults += row_faults(row, proof, tests)
    return faults, still_open


def main():
    faults, still_open = defect_faults()
    rules = "\n".join(path.read_text() for path in (ROOT / "docs/rules").glob("*.md"))
    for path in sources("*.cpp", "*.hpp", "*.h", "*.kt", "*.java"):
        for rule in sorted(set(re.findall(r"\b(?:IOS|AND)-[A-Z]+-\d+\b", path.read_text()))):
            if f"| {rule} |" not in rules:
                faults.append(f"{path.relative_to(ROOT)}: cites {rule}, which docs/rules does not explain")
    rows = sum(LISTS.values())
    print("\n".join(faults) if faults else
          f"docs: {rows - still_open} of {rows} defects answered, {still_open} wait for a shell; every cited rule explained")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
