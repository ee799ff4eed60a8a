# SPDX-License-Identifier: Apache-2.0
"""Whether every name of the WebRTC shims, and every number of their enumerations, is published (webrtc_names.txt).

Selectors are compared whole, enumerators by value; types of arguments are not.
"""
import pathlib
import re
import sys

import sdk_names_test as sdk

HERE = pathlib.Path(__file__).resolve().parent


def names_of(text):
    """As webrtc_names.txt writes them."""
    for name, body in re.findall(r"@(?:interface|protocol) (\w+)[^\n]*\n(.*?)@end", text, re.S):
        yield name
        body = re.sub(r"//[^\n]*|@optional|@required", "", body)
        for statement in body.split(";"):
            line = " ".join(statement.split())
            if line.startswith("@property"):
                yield f"{name} {line.split()[-1].lstrip('*')}"
            elif line.startswith(("-", "+")):
                yield f"{name} {sdk.selector_of(line)}"
    for name, body in re.findall(r"NS_ENUM\(\w+, (\w+)\)\s*\{(.*?)\}", text, re.S):
        yield name
        for member, value in re.findall(r"(\w+)\s*=\s*(\d+)", body):
            yield f"{name} {member} = {value}"
    yield from re.findall(r"NSString\* const (k\w+);", text)


def main():
    published = {line for line in (HERE / "webrtc_names.txt").read_text().splitlines() if not line.startswith("#")}
    used = set(names_of((HERE / "shims/WebRTC/WebRTC.h").read_text()))
    wrong = sorted(used - published)
    for name in wrong:
        print(f"{name}: WebRTC.framework has no such name")
    print(f"{len(used)} names compared, {len(wrong)} wrong")
    return 1 if wrong or len(used) < 120 else 0


if __name__ == "__main__":
    sys.exit(main())
