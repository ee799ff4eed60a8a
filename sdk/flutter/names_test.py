# SPDX-License-Identifier: Apache-2.0
"""The tables "coming from" of docs/platforms/flutter.md, made of names/*.tsv and of the Dart sources. Standard library only.

    names_test.py            exit status 1 when a name has neither a place nor a reason, when a member that is promised is
                             not in the source, when the source has a public name that no row explains, or when the page is stale
    names_test.py --write    writes the tables into the page
"""
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
PAGE = HERE.parent.parent / "docs/platforms/flutter.md"
FACES = {"flutter_callkit_incoming": "callkit.dart", "planetkit_flutter": "planetkit.dart"}
REASON = "not applicable because "
# What a face has beside the peer's names: of Dart, of this package, and constructors.
OWN = {"toString", "values", "from", "fromInt", "intValue", "reason", "source", "eventName", "hear", "notice", "state", "text",
       "isIncoming", "isPreparing", "isSpeaker", "catchUp", "liveCalls", "handler", "toJson"}

sys.path.insert(0, str(HERE))
from dart_check import classes_of, top_level, without_comments  # noqa: E402


def face_sources(entry):
    """The files that a face exports, itself included."""
    path = HERE / "lib" / entry
    exported = re.findall(r"^export '([^']+)';", path.read_text(), re.M)
    return [path.parent / name for name in exported]


def declared(entry):
    """Class -> its members, declared in the files of this face; typedefs have none."""
    found = {}
    for path in face_sources(entry):
        text = without_comments(path.read_text()) + "\n"
        for name, parent, body in classes_of(text):
            flat = top_level(re.sub(r"'(?:\\.|[^'\\\n])*'", "''", body))
            members = set(re.findall(r"^  (?! )(?:@override\n  )?(?:static |const |final |late |factory )*[\w<>?,. ]*?(\w+)\s*"
                                     r"(?:=>|=(?!=)|;|\(\)|\(\) async|<\w+>\(\))", flat, re.M))
            members |= set(re.findall(r"\bget (\w+)", flat)) | set(re.findall(re.escape(name) + r"\.(\w+)\(", flat))
            members |= set(re.findall(r"^  (\w+)(?:\(\))?[,;]?$", flat, re.M)) | set(re.findall(r"\)\? (\w+);", flat))
            if re.search(r"\benum " + name + r"\b", text):
                members |= set(re.findall(r"\w+", top_level(body).split(";")[0]))
            found.setdefault(name, (members, parent))
        for name in re.findall(r"^typedef (\w+)", text, re.M):
            found[name] = (set(), "")

    def with_parents(name):
        members, parent = found.get(name, (set(), ""))
        return members | with_parents(parent) if parent else members

    return {name: with_parents(name) for name in found}


def rows_of(peer):
    for number, line in enumerate((HERE / "names" / f"{peer}.tsv").read_text().splitlines(), 1):
        if line.startswith("#\t"):
            yield number, None, line[2:]
        elif not line.startswith("#"):
            name, _, what = line.partition("\t")
            yield number, name, what


def faults_of(peer, entry, sources=None):
    there = sources or declared(entry)
    seen = set()
    for number, name, what in rows_of(peer):
        if name is None:
            continue
        where = f"names/{peer}.tsv:{number}: {name}"
        if name in seen:
            yield f"{where}: twice"
        seen.add(name)
        if not what.strip():
            yield f"{where}: neither a place nor a reason"
        if what.startswith(REASON):
            if len(what) < len(REASON) + 10:
                yield f"{where}: because of what?"
            continue
        holder, _, member = name.partition(".")
        if holder not in there:
            yield f"{where}: no {holder} in the package"
        elif member and member not in there[holder] and member != "fromJson":
            yield f"{where}: {holder} has no {member}"
    explained = {name.split(".")[-1] for name in seen} | OWN
    holders = {name.split(".")[0] for name in seen}
    for holder, members in there.items():
        if holder.startswith("_"):
            continue
        if holder not in holders:
            yield f"{entry}: {holder} is public, and no row of names/{peer}.tsv explains it"
        for member in sorted(members):
            if not member.startswith("_") and member != "async" and f"{holder}.{member}" not in seen and member not in explained and member[0].islower():
                yield f"{entry}: {holder}.{member} is public, and no row of names/{peer}.tsv explains it"


def table(peer):
    lines = []
    for _, name, what in rows_of(peer):
        if name is None:
            lines += ["", f"**{what}**", "", "| theirs | here |", "| --- | --- |"]
        else:
            cell = what.replace("|", "\\|")
            lines.append(f"| `{name}` | {cell} |")
    return "\n".join(lines[1:])


def with_tables(page):
    for peer in FACES:
        begin, end = f"<!-- names: {peer} -->", "<!-- end -->"
        if begin not in page:
            raise SystemExit(f"{PAGE.name}: no place for the table of {peer}")
        head, rest = page.split(begin, 1)
        page = head + begin + "\n" + table(peer) + "\n" + end + rest.split(end, 1)[1]
    return page


def self_test():
    """The check sees a member that is gone, and a name without a row."""
    for peer, entry in FACES.items():
        there = declared(entry)
        holder, member = next(name for _, name, what in rows_of(peer) if name and "." in name and not what.startswith(REASON)).split(".")
        without = {**there, holder: there[holder] - {member}}
        if not list(faults_of(peer, entry, without)):
            yield f"nobody sees that {holder}.{member} is gone"
        if not list(faults_of(peer, entry, {**there, "Unexplained": set()})):
            yield "nobody sees a class without a row"


def main():
    found = [fault for peer, entry in FACES.items() for fault in faults_of(peer, entry)]
    page = PAGE.read_text()
    if "--write" in sys.argv:
        PAGE.write_text(with_tables(page))
    elif with_tables(page) != page:
        found.append(f"{PAGE.name} is stale: sdk/flutter/names_test.py --write")
    found += self_test()
    count = sum(1 for peer in FACES for _, name, _ in rows_of(peer) if name)
    print("\n".join(found) if found else f"names: {count}, each with a place or a reason")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
