# SPDX-License-Identifier: Apache-2.0
"""Whether words.txt says of every input and output of the door what the iOS shell does with it, and says the truth."""
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
SCHEMA = HERE.parent / "generated" / "clarion.schema.json"


def words_of_schema(union):
    definitions = json.loads(SCHEMA.read_text())["$defs"]
    choices = definitions[union]
    names = [choice["$ref"].rsplit("/", 1)[1] for choice in choices.get("oneOf") or choices["anyOf"]]
    return {definitions[name]["properties"]["type"]["const"] for name in names}


def schema():
    """The engine's words; of the call screen alone what goes in and the engine has not. What comes out is the engine's."""
    words = {"input": words_of_schema("engine_input"), "output": words_of_schema("engine_output")}
    words["alone"] = words_of_schema("callui_input") - words["input"]
    return words


def rows():
    for line in (HERE / "words.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            kind, word, place, *reason = line.split(" ", 3)
            yield kind, word, place, reason


def sources_of(module):
    return "".join(file.read_text() for file in sorted((HERE / "Sources" / module).glob("*.mm")))


def performed_in(sources):
    """The outputs that have a method: performReportIncoming: is report_incoming's."""
    names = re.findall(r"^- \(void\)perform((?:[A-Z][a-z]+)+):\(CLRMessage\*\)", sources, re.MULTILINE)
    return [re.sub(r"(?<=.)([A-Z])", r"_\1", name).lower() for name in names if name != "Media"]


def main():
    sources = sources_of("Clarion")
    performed = {"shell": performed_in(sources), "media": performed_in(sources_of("ClarionWebRTC"))}
    readme = (HERE / "README.md").read_text()
    wrong = []
    said = {"input": set(), "output": set(), "alone": set()}
    wrong += [f"output {word}: only the call screen alone has it" for word in words_of_schema("callui_output") - schema()["output"]]
    for kind, word, place, reason in rows():
        said[kind].add(word)
        prefix = "CALLUI_INPUT" if kind == "alone" else f"ENGINE_{kind.upper()}"
        is_used = f"@CLARION_{prefix}_{word.upper()}" in sources
        if kind == "output":
            for part, words in performed.items():
                if words.count(word) != (place == part):
                    wrong.append(f"output {word}: {words.count(word)} methods perform it ({part}), words.txt says `{place}`")
            is_used = place == "shell"
        if place == "none" and not reason:
            wrong.append(f"{kind} {word}: why not?")
        if place == "shell" and not is_used:
            wrong.append(f"{kind} {word}: words.txt says that the shell has it, the sources do not")
        if place != "shell" and is_used:
            wrong.append(f"{kind} {word}: the sources have it, words.txt says `{place}`")
        if (place == "shell" or kind == "output" and place != "none") and f"`{word}`" not in readme:
            wrong.append(f"{kind} {word}: not in the tables of README.md")
        if kind == "output" and place not in ("shell", "media", "none"):
            wrong.append(f"output {word}: the shell performs it, the media, or it says why not, not `{place}`")
        if place not in ("shell", "media", "app", "none"):
            wrong.append(f"{kind} {word}: what is `{place}`?")
    for part, words in performed.items():
        wrong += [f"{word}: a method of no output ({part})" for word in set(words) - schema()["output"]]
    for kind in said:
        known = schema()[kind]
        wrong += [f"{kind} {word}: new in the schema; say in words.txt what the shell does" for word in known - said[kind]]
        wrong += [f"{kind} {word}: not in the schema" for word in said[kind] - known]
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
