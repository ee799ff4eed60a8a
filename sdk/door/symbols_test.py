#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The shared library exports exactly the symbols of symbols.txt, and clarion.h declares exactly those.

    symbols_test.py libclarion.so
"""
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).parent


def listed():
    lines = (HERE / "symbols.txt").read_text().splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def declared():
    text = re.sub(r"/\*.*?\*/", "", (HERE / "clarion.h").read_text(), flags=re.S)
    return set(re.findall(r"\b(clarion_[a-z_]+)\s*\(", text))


def exported(library):
    nm = shutil.which("nm") or shutil.which("llvm-nm-19")
    output = subprocess.run([nm, "-D", "--defined-only", library], check=True, capture_output=True, text=True).stdout
    symbols = [line.split() for line in output.splitlines()]
    # "A" is the version node itself.
    return {fields[2] for fields in symbols if len(fields) == 3 and fields[1] != "A"}


def main():
    names = listed()
    faults = []
    for what, found in (
        ("clarion.h declares", declared()),
        ("the library exports", {name.split("@")[0] for name in exported(sys.argv[1])}),
    ):
        faults += [f"{what} {name}, which symbols.txt does not list" for name in sorted(found - names)]
        faults += [f"{what} no {name}, which symbols.txt lists" for name in sorted(names - found)]
    for name in exported(sys.argv[1]):
        if "@@CLARION_0" not in name:
            faults.append(f"{name} has not the symbol version CLARION_0")
    for fault in faults:
        print(fault)
    sys.exit(1 if faults else 0)


main()
