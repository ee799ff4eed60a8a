# SPDX-License-Identifier: Apache-2.0
"""Whether every name and number of the shims is one of Apple's SDK, by the declarations in npm's @nativescript/types-ios.

    sdk_names_test.py FOLDER      FOLDER keeps the package; exit 77 when npm cannot give it

Members are compared by name (colons dropped, as the declarations do it), enumerators by value; types of arguments are not.
"""
import pathlib
import re
import subprocess
import sys
import tarfile

SHIMS = pathlib.Path(__file__).resolve().parent / "shims"
HEADERS = ["CallKit", "PushKit", "AVFAudio", "AVFoundation", "UserNotifications", "Intents"]
PACKAGE = "@nativescript/types-ios@9.1.2"
# Declarations of the shims that stand for members of Foundation's classes.
FOUNDATION = SHIMS / "foundation_extras.h"


def declarations(folder):
    folder.mkdir(parents=True, exist_ok=True)
    archives = list(folder.glob("*.tgz"))
    if not archives:
        try:
            subprocess.run(["npm", "pack", PACKAGE], cwd=folder, check=True, capture_output=True, timeout=120)
        except (OSError, subprocess.SubprocessError):
            return None
        archives = list(folder.glob("*.tgz"))
    text = ""
    with tarfile.open(archives[0]) as archive:
        for member in archive.getmembers():
            name = member.name.rsplit("/", 1)[-1]
            if re.fullmatch(r"objc!(CallKit|PushKit|AVFAudio|AVFoundation|UserNotifications|Intents|Foundation)\.d\.ts", name):
                text += archive.extractfile(member).read().decode()
    return text


def types_of(text):
    """name -> (kind, body)"""
    found = {}
    pattern = r"(?:declare class|interface|declare const enum) (\w+)[^{]*\{(.*?)\n\}"
    for match in re.finditer(pattern, text, re.S):
        found.setdefault(match[1], "")
        found[match[1]] += match[2]
    return found


def joined(selector):
    parts = [part for part in selector.split(":") if part]
    return parts[0] + "".join(part[0].upper() + part[1:] for part in parts[1:])


def selector_of(line):
    """The selector of a method declaration on one line."""
    rest = re.sub(r"^[-+]\s*\((?:[^()]|\([^()]*\))*\)\s*", "", line).rstrip(";")
    while re.search(r"\([^()]*\)", rest):
        rest = re.sub(r"\([^()]*\)", "", rest)
    if ":" not in rest:
        return rest.strip().split()[0]
    return "".join(word + ":" for word in re.findall(r"(\w+)\s*:", rest))


def members_of(body):
    body = re.sub(r"//[^\n]*|/\*.*?\*/", "", body, flags=re.S)
    for statement in body.split(";"):
        line = " ".join(statement.split())
        line = re.sub(r"^(?:@optional|@required)\s*", "", line)
        if line.startswith("@property"):
            yield re.search(r"(\w+)$", line)[1]
        elif line.startswith(("-", "+")):
            yield joined(selector_of(line))


def enumerators_of(name, body):
    for member, value in re.findall(r"(\w+)\s*=\s*(0x[0-9a-fA-F]+|\d+)", body):
        prefix = name if member.startswith(name) else name.removesuffix("s")  # Options lose their plural.
        yield member.removeprefix(prefix), int(value, 0)


def check(header, sdk, wrong):
    text = header.read_text()
    seen = 0
    for kind, name, body in re.findall(r"@(interface|protocol) (\w+)[^\n]*\n(.*?)@end", text, re.S):
        if name.startswith("OS_"):
            continue
        if name not in sdk:
            wrong.append(f"{header.parent.name}: no type {name} in the SDK")
            continue
        for member in members_of(body):
            seen += 1
            if not re.search(rf"\b{member}\b", sdk[name]):
                wrong.append(f"{name}: no member {member} in the SDK")
    for name, body in re.findall(r"NS_(?:ENUM|OPTIONS)\(\w+, (\w+)\)\s*\{(.*?)\}", text, re.S):
        if name not in sdk:
            wrong.append(f"{header.parent.name}: no enumeration {name} in the SDK")
            continue
        values = {member: int(value) for member, value in re.findall(r"(\w+) = (\d+)", sdk[name])}
        for member, value in enumerators_of(name, body):
            seen += 1
            if values.get(member) != value:
                wrong.append(f"{name}: {member} is {values.get(member)} in the SDK, not {value}")
    return seen


def main():
    text = declarations(pathlib.Path(sys.argv[1]))
    if text is None:
        print(f"skipped: npm cannot give {PACKAGE}")
        return 77
    sdk = types_of(text)
    wrong = []
    seen = sum(check(SHIMS / name / f"{name}.h", sdk, wrong) for name in HEADERS)
    seen += check(FOUNDATION, sdk, wrong)
    for line in wrong:
        print(line)
    print(f"{seen} names compared, {len(wrong)} wrong")
    return 1 if wrong or seen < 100 else 0


if __name__ == "__main__":
    sys.exit(main())
