#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whether the README says how large the shell is: lines that are neither blank nor a comment alone, of each of its parts; and of
its own logic those that do something when they run: no import, no declaration, no bracket alone (as Android's README counts)."""
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


PASSIVE = re.compile(r"#\w+.*|@(end|interface|implementation|property|class|protocol)\b.*|namespace\b.*|[\])};,>]+( *//.*)?|NS_ASSUME.*")


def code_of(file):
    lines = (line.strip() for line in file.read_text().splitlines())
    return [line for line in lines if line and not line.startswith(("//", "/*"))]


def size_of(file):
    return len(code_of(file))


def logic():
    apart = {name for names in PARTS.values() for name in names}
    own = (file for file in SOURCES.rglob("*.mm") if str(file.relative_to(SOURCES)) not in apart)
    return sum(1 for file in own for line in code_of(file) if not PASSIVE.fullmatch(line))


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
    if f"{logic()} of them do something when they run" not in readme:
        wrong.append(f"own logic: {logic()} lines do something when they run")
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
