#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whether the README says how large the shell is: lines that are neither blank nor a comment alone, of each of its parts."""
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
SOURCES = HERE / "Sources" / "Clarion"
PARTS = {  # What a row of the README's table begins with, and its files. What is nowhere here is the shell's own logic.
    "door": ["CLREngine.mm"],
    "tables": ["CLRWords.mm"],
    "handed in": ["CLRInviteBox.mm", "CLRDecline.mm", "device/CLRDeviceSystem.mm"],
    "declarations": ["CLREngine.h", "CLRRoom.h", "CLRRooms.h", "CLRStore.h", "CLRWords.h"],
    "public headers": [f"include/{name.name}" for name in (SOURCES / "include").glob("*.h")],
}


def size_of(file):
    lines = (line.strip() for line in file.read_text().splitlines())
    return sum(1 for line in lines if line and not line.startswith(("//", "/*")))


def sizes():
    found = {str(file.relative_to(SOURCES)): size_of(file) for file in SOURCES.rglob("*") if file.suffix in (".mm", ".h")}
    of_parts = {part: sum(found.pop(name) for name in names) for part, names in PARTS.items()}
    of_parts["ClarionWebRTC"] = sum(size_of(file) for file in (HERE / "Sources" / "ClarionWebRTC").rglob("*.mm"))
    return {"own logic": sum(found.values())} | of_parts


def main():
    readme = (HERE / "README.md").read_text()
    wrong = []
    for part, size in sizes().items():
        row = re.search(rf"^\| {part}\b.*\| ([0-9,]+) \|$", readme, re.MULTILINE)
        said = int(row[1].replace(",", "")) if row else None
        if said != size:
            wrong.append(f"{part}: {size} lines, README.md says {said}")
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
