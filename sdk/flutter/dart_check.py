# SPDX-License-Identifier: Apache-2.0
"""Misspelt names in the Flutter package, as far as they can be found without a Dart compiler. Standard library only.

    dart_check.py            checks the package and the example
    dart_check.py --mutate   also breaks names on purpose, one at a time, and proves that each is found

What is checked: every channel method that Dart sends is handled by both native halves, and nothing else is; every type of
message that a native half sends is heard in Dart, and the other way round; names of channels; every `words.X.y` is a
constant of the schema; every field of a fact that Dart tells is one of its type in the schema; every word in quotes that
the style tables write to is a member of the style; every named argument and member of our own classes that the sources use
is there; every part of a file that is imported exists; every private name that is used is declared.
"""
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SCHEMA = json.loads((ROOT / "sdk/generated/clarion.schema.json").read_text())["$defs"]
KOTLIN = HERE / "android/src/main/kotlin/io/clarion/flutter/ClarionPlugin.kt"
OBJC = HERE / "ios/Classes/ClarionPlugin.mm"
PHONE = HERE / "ios/Classes/ClarionPhone.mm"
EXAMPLE_LINES = 150
EXAMPLE = ROOT / "examples/flutter/lib/main.dart"


def without_comments(text):
    return re.sub(r"('(?:\\.|[^'\\\n])*')|//[^\n]*|/\*.*?\*/", lambda m: m[1] or "", text, flags=re.S)


def without_strings(text):
    """Literals emptied; what is interpolated stays."""
    return re.sub(r"'(?:\\.|[^'\\\n])*'", lambda m: "'" + " ".join(re.findall(r"\$\{?(\w+(?:\.\w+)*)", m[0])) + "'", text)


class Sources:
    def __init__(self, changed=None):
        paths = sorted((HERE / "lib").rglob("*.dart")) + [KOTLIN, OBJC, PHONE] + [EXAMPLE]
        self.raw = {path: path.read_text() for path in paths} | (changed or {})
        self.text = {path: without_comments(text) for path, text in self.raw.items()}
        self.dart = {path: text for path, text in self.text.items() if path.suffix == ".dart"}
        self.own = {path: text for path, text in self.dart.items() if path.name != "words.dart"}
        self.words = self.text[HERE / "lib/src/words.dart"]
        self.client = self.text[HERE / "lib/src/client.dart"]


# ---- the channel ----------------------------------------------------------------------------------------------------


def channel_faults(all_of):
    sent = set(re.findall(r"_ask\('(\w+)'", all_of.client))
    kotlin = set(re.findall(r'^\s*"(\w+)" ->', all_of.text[KOTLIN], re.M))
    rows = re.findall(r'\{@"(\w+)", @selector\((\w+):result:\)\}', all_of.text[OBJC])
    objc = {name for name, _ in rows}
    defined = set(re.findall(r"^- \(void\)(\w+):\([^)]*\)\w+ result:", all_of.text[OBJC] + all_of.text[PHONE], re.M))
    yield from (f"ios: {name} calls {selector}:result:, which is not there" for name, selector in rows if selector not in defined)
    for half, handled in (("android", kotlin), ("ios", objc)):
        yield from (f"{half}: does not handle the method {name}, which Dart sends" for name in sorted(sent - handled))
        yield from (f"{half}: handles {name}, which Dart never sends" for name in sorted(handled - sent))
    heard = set(re.findall(r"case '(\w+)':", all_of.client))
    said = {
        "android": set(re.findall(r'\bsend\("(\w+)"', all_of.text[KOTLIN])),
        "ios": set(re.findall(r'\btell:@"(\w+)" with:', all_of.text[OBJC])),
    }
    for half, types in said.items():
        yield from (f"{half}: sends {name}, which Dart does not hear" for name in sorted(types - heard))
        yield from (f"{half}: never sends {name}, which Dart waits for" for name in sorted(heard - types))
    names = {
        "dart": set(re.findall(r"Channel\('([\w/]+)'\)", all_of.client)),
        "android": set(re.findall(r'const val \w+ = "(clarion[\w/]*)"', all_of.text[KOTLIN])),
        "ios": set(re.findall(r'ChannelWithName:@"([\w/]+)"', all_of.text[OBJC])),
    }
    if len({frozenset(one) for one in names.values()}) != 1 or not names["dart"]:
        yield f"the halves have other channels: {names}"
    yield from member_faults(all_of)


def member_faults(all_of):
    """The members of messages: what Dart puts into one, a native half may take out, and the other way round."""
    said = set(re.findall(r"'(\w+)':", all_of.client))
    taken = {
        "android": set(re.findall(r'it\.(?:get|opt)String\("(\w+)"', all_of.text[KOTLIN])),
        "ios": set(re.findall(r'(?:message|payload|setup|place)\[@"(\w+)"\]', all_of.text[OBJC] + all_of.text[PHONE])),
    }
    for half, names in taken.items():
        unknown = names - said - {"to_user", "signed_out"}  # A field of the schema; the half's own mark.
        yield from (f"{half}: takes {name} out of a message, which Dart never puts in" for name in sorted(unknown))
    heard = set(re.findall(r"message\['(\w+)'\]", all_of.client)) - {"type"}
    put = {
        "android": set(re.findall(r'"(\w+)" to \w+', all_of.text[KOTLIN])),
        "ios": set(re.findall(r'@\{@"(\w+)" :', all_of.text[OBJC])) - {"type"},
    }
    for half, names in put.items():
        yield from (f"{half}: puts no {name} into a message, which Dart takes out" for name in sorted(heard - names))
        yield from (f"{half}: puts {name} into a message, which Dart does not take out" for name in sorted(names - heard))


# ---- the words of the schema ----------------------------------------------------------------------------------------


def words_of(text):
    """Class or enum -> its constants."""
    found = {}
    for name, body in re.findall(r"^(?:enum|abstract final class) (\w+) \{\n(.*?)\n\}", text, re.S | re.M):
        found[name] = set(re.findall(r"static const \w+ (\w+) =|^  (\w+)\('", body, re.M) and
                          [a or b for a, b in re.findall(r"static const \w+ (\w+) =|^  (\w+)\('", body, re.M)])
        found[name] |= {"values", "from"}
    return found


def word_faults(all_of):
    words = words_of(all_of.words)
    for path, text in all_of.own.items():
        for name, member in re.findall(r"\bwords\.([A-Z]\w*)(?:\.(\w+))?", text):
            if name not in words:
                yield f"{path.name}: words.{name} is not in the schema"
            elif member and member not in words[name]:
                yield f"{path.name}: words.{name}.{member} is not in the schema"


def fields_of(word):
    """Every field of the facts of this type, of the engine's."""
    fields = set()
    for choice in SCHEMA["engine_input"].get("oneOf") or SCHEMA["engine_input"]["anyOf"]:
        properties = SCHEMA[choice["$ref"].rsplit("/", 1)[1]]["properties"]
        if properties["type"]["const"] == word:
            fields |= set(properties)
    return fields


def balanced(text, start):
    """What is inside the bracket that opens at `start`."""
    depth = 0
    for at in range(start, len(text)):
        depth += {"(": 1, "{": 1, "[": 1, ")": -1, "}": -1, "]": -1}.get(text[at], 0)
        if depth == 0:
            return text[start + 1:at]
    return text[start + 1:]


def top_level(body):
    """`body` without what stands in brackets inside it."""
    out, depth = [], 0
    for letter in body:
        depth -= letter in ")]}"
        if depth == 0:
            out.append(letter)
        depth += letter in "([{"
    return "".join(out)


def fact_faults(all_of):
    constants = dict(re.findall(r"static const String (\w+) = '(\w+)';",
                                re.search(r"class EngineInputType \{(.*?)\n\}", all_of.words, re.S)[1]))
    for path, text in all_of.own.items():
        for match in re.finditer(r"(?:say|tell)\(\s*words\.EngineInputType\.(\w+)", text):
            call = balanced(text, text.index("(", match.start()))
            brace = call.find("{")
            if brace < 0 or match[1] not in constants:
                continue
            fields = fields_of(constants[match[1]])
            for field in re.findall(r"'(\w+)':", top_level(balanced(call, brace))):
                if field not in fields:
                    yield f"{path.name}: {constants[match[1]]} has no field {field} in the schema"


def style_faults(all_of):
    path = HERE / "lib/src/callkit_style.dart"
    for table, name, theirs in (("noticeNames", "NoticeStyle", "NotificationParams"),
                                ("androidNames", "AndroidStyle", "AndroidParams"), ("iosNames", "IosStyle", "IOSParams")):
        rows = re.search(table + r" = \[(.*?)\];", all_of.text[path], re.S)[1]
        members = members_of(all_of)[theirs]
        for old, new in re.findall(r"_to\('(\w+)', '(\w+)'", rows):
            if new not in SCHEMA[name]["properties"]:
                yield f"{path.name}: {name} has no member {new}"
            if old not in members:
                yield f"{path.name}: {theirs} has no member {old}"
    for name in re.findall(r"'(\w+)': ", all_of.text[path].split("styleOf", 1)[1]):
        if name not in SCHEMA["CallStyle"]["properties"]:
            yield f"{path.name}: CallStyle has no member {name}"


# Members of messages that Dart reads: of these types of the schema.
READ = ["Event", "Notice", "CallView", "Adoption", "Change", "Statistics", "PartyState", "Invite", "ActiveCall"]


def read_faults(all_of):
    known = {name for type_name in READ for name in SCHEMA[type_name]["properties"]} | {"active"}
    pattern = r"\b(?:event|notice|call|message|change|measured|view|mine|_invite|adoption|its)[?!]?\[\s*'(\w+)'\]"
    for path, text in all_of.own.items():
        if path.name in ("client.dart", "callkit_params.dart"):
            continue
        yield from (f"{path.name}: no message has a member {name}" for name in re.findall(pattern, text) if name not in known)
        yield from (f"{path.name}: no statistics {name}" for name in re.findall(r"number\('(\w+)'\)", text)
                    if name not in SCHEMA["Statistics"]["properties"])


# ---- our own classes ------------------------------------------------------------------------------------------------


def classes_of(text):
    pattern = r"^(?:(?:abstract|sealed|final|base) )*(?:class|enum) (\w+)(?: extends (\w+))?[^{\n]*\{((?:(?!\n).)*(?=\}\n)|.*?^(?=\}))"
    return re.findall(pattern, text, re.S | re.M)


def members_of(all_of):
    """Class -> names of its members and enumerators, with those of its parent."""
    found, parents = {}, {}
    for text in all_of.dart.values():
        for name, parent, body in classes_of(text + "\n"):
            flat = top_level(re.sub(r"'(?:\\.|[^'\\\n])*'", "''", body))
            names = set(re.findall(r"(\w+)\s*(?:\(\)|;|=(?!=)|=>)", flat))
            names |= set(re.findall(r"^  (\w+)(?:\(\))?,?$", flat, re.M)) | set(re.findall(r"\bget (\w+)", flat))
            names |= set(re.findall(re.escape(name) + r"\.(\w+)\(", flat)) | set(re.findall(r"(\w+)\(", flat))
            names |= set(re.findall(r"[{,]\s*(\w+)(?=[,;(} ]|$)", "," + flat)) if re.search(r"enum " + name, text) else set()
            found[name] = names | {"values"}
            parents[name] = parent
    for name in found:
        parent = parents[name]
        while parent in found:
            found[name] |= found[parent]
            parent = parents[parent]
    return found


# Members that everything has, or that belong to Dart and Flutter.
FOREIGN = {"toString", "hashCode", "name", "index", "new"}


def static_faults(all_of):
    """`Class.member` of our own classes."""
    members = members_of(all_of)
    for path, text in all_of.own.items():
        for name, member in re.findall(r"(?<![\w.])([A-Z]\w*)\.(_?[a-z]\w*)", without_strings(text)):
            if name in members and member not in members[name] | FOREIGN:
                yield f"{path.name}: {name} has no member {member}"


def parameters_of(all_of):
    """Class -> names of its constructors' named parameters."""
    found = {}
    for text in all_of.own.values():
        for name, _, body in classes_of(text + "\n"):
            for match in re.finditer(r"(?<![\w.])" + name + r"(\.\w+)?\(", body):
                inside = balanced(body, match.end() - 1)
                brace = inside.find("{")
                if brace < 0 or "this." not in inside:
                    continue
                found.setdefault(name, set()).update(re.findall(r"(?:this\.|\w )(\w+)\s*(?:=|,|$)", balanced(inside, brace), re.M))
    return found


def argument_faults(all_of):
    """Named arguments of our own constructors."""
    parameters = parameters_of(all_of)
    for path, text in all_of.own.items():
        for match in re.finditer(r"(?<![\w.])([A-Z]\w*)\(", text):
            if match[1] not in parameters:
                continue
            inside = top_level(balanced(text, match.end() - 1))
            if "this." in inside or "required " in inside:
                continue  # The declaration itself.
            for name in re.findall(r"(?:^|,)\s*(\w+):", inside):
                if name not in parameters[match[1]]:
                    yield f"{path.name}: {match[1]} has no parameter {name}"


def super_faults(all_of):
    """What a constructor hands to the one above it: `super.name`, and named arguments of `super(...)`."""
    members = members_of(all_of)
    for path, text in all_of.own.items():
        for name, parent, body in classes_of(text + "\n"):
            if parent not in members:
                continue
            handed = set(re.findall(r"\bsuper\.(\w+)", body))
            for match in re.finditer(r"\bsuper\(", body):
                handed |= set(re.findall(r"(?:^|,)\s*(\w+):", top_level(balanced(body, match.end() - 1))))
            yield from (f"{path.name}: {name} hands {one} to {parent}, which has none" for one in sorted(handed - members[parent]))


# An expression that ends so is one of these classes: its members are known.
TYPED = {
    r"Clarion\.instance": "Clarion", r"(?<!\w)_clarion": "Clarion", r"PlanetKitManager\.instance": "PlanetKitManager",
    r"(?<!\w)handler\??": "PlanetKitCallEventHandler PlanetKitBackgroundCallEventHandler PlanetKitMyMediaStatusHandler "
                          "PlanetKitMyMediaStatus",
    r"(?<!\w)param": "PlanetKitMakeCallParam PlanetKitVerifyCallParam", r"(?<!\w)params": "CallKitParams",
    r"(?<!\w)ccParam\??": "PlanetKitCcParam", r"callKitParams": "CallKitParams", r"myMediaStatus": "PlanetKitMyMediaStatus",
}


def instance_faults(all_of):
    members = members_of(all_of)
    for path, text in all_of.own.items():
        plain = re.sub(r"import [^;]*;", "", without_strings(text))
        for pattern, names in TYPED.items():
            known = set().union(*(members[name] for name in names.split())) | FOREIGN
            for member in re.findall(pattern + r"[?!]?\s*\.(\w+)", plain):
                if member not in known | {"call", "listen", "toJson"}:
                    yield f"{path.name}: {names.split()[0]} has no member {member}"


def private_faults(all_of):
    for path, text in all_of.own.items():
        plain = without_strings(text)
        declared = set(re.findall(r"(?:this\.|[\w>\])?}] )(_\w+)\s*(?:\(|;|=|,|\)|\{)|\bget (_\w+)|class (_\w+)|\.(_)\(", plain))
        declared = {name for row in declared for name in row if name} | set(re.findall(r"typedef (_\w+)", plain)) | {"_"}
        declared |= set(re.findall(r"\bthis\.(_\w+)", plain)) | set(re.findall(r"\b\w+\.(_\w*)\(", plain))
        for name in sorted(set(re.findall(r"(?<![\w.])(_[a-z]\w*)", plain)) - declared):
            yield f"{path.name}: {name} is not declared"


def import_faults(all_of):
    for path, text in all_of.own.items():
        for target in re.findall(r"^(?:import|export) '([^':]+\.dart)'", text, re.M):
            if not (path.parent / target).exists():
                yield f"{path.name}: {target} is not there"
        for target in re.findall(r"'package:clarion/([^']+)'", text):
            if not (HERE / "lib" / target).exists():
                yield f"{path.name}: package:clarion/{target} is not there"


CHECKS = [channel_faults, word_faults, fact_faults, style_faults, read_faults, static_faults, argument_faults,
          super_faults, instance_faults, private_faults, import_faults]


def faults(all_of):
    return [fault for check in CHECKS for fault in check(all_of)]


# File, what stands there, what is misspelt instead: one for each kind of name.
MUTATIONS = [
    ("lib/src/client.dart", "'open_invite'", "'open_invit'"),
    ("lib/src/client.dart", "case 'taken_over'", "case 'take_over'"),
    ("lib/src/client.dart", "'clarion/events'", "'clarion/event'"),
    ("lib/src/client.dart", "{'cc_param': ccParam}", "{'ccParam': ccParam}"),
    ("lib/src/client.dart", "message['refused']", "message['refuse']"),
    ("lib/src/client.dart", "'up_to'", "'upto'"),
    ("android/src/main/kotlin/io/clarion/flutter/ClarionPlugin.kt", '"start_fail" ->', '"startFail" ->'),
    ("android/src/main/kotlin/io/clarion/flutter/ClarionPlugin.kt", 'send("event"', 'send("events"'),
    ("android/src/main/kotlin/io/clarion/flutter/ClarionPlugin.kt", 'it.getString("what")', 'it.getString("which")'),
    ("ios/Classes/ClarionPlugin.mm", '@"preflight", @selector(preflight', '@"preflght", @selector(preflight'),
    ("ios/Classes/ClarionPlugin.mm", "@selector(adopt:result:)", "@selector(adapt:result:)"),
    ("ios/Classes/ClarionPlugin.mm", 'tell:@"notice"', 'tell:@"notic"'),
    ("lib/src/callkit.dart", "words.EventKind.callBack", "words.EventKind.callback"),
    ("lib/src/callkit.dart", "EngineInputType.hideRequested", "EngineInputType.hideAsked"),
    ("lib/src/callkit.dart", "'to_name'", "'toName'"),
    ("lib/src/callkit.dart", "event['digits']", "event['digit']"),
    ("lib/src/callkit.dart", "callKitParams.extra", "callKitParams.extras"),
    ("lib/src/callkit.dart", "_clarion.preflight()", "_clarion.preflights()"),
    ("lib/src/callkit.dart", "_idOf(message)", "_idFor(message)"),
    ("lib/src/callkit.dart", "isAccepted: _isAccepted", "accepted: _isAccepted"),
    ("lib/src/callkit.dart", "message['was']", "message['phase_was']"),
    ("lib/src/callkit_events.dart", "{required super.event}", "{required super.events}"),
    ("lib/src/callkit_style.dart", "'sample_rate_hz'", "'sample_rate'"),
    ("lib/src/callkit_style.dart", "'isShowLogo'", "'showLogo'"),
    ("lib/src/planetkit_call.dart", "words.ChangeKind.peerMuted", "words.ChangeKind.peerMute"),
    ("lib/src/planetkit_call.dart", "handler.onPeerUnhold", "handler.onPeerUnheld"),
    ("lib/src/planetkit_call.dart", "number('jitter')", "number('jitterMs')"),
    ("lib/src/planetkit_manager.dart", "param.peerUserId", "param.peerUserID"),
    ("lib/src/planetkit_manager.dart", "PlanetKitStartFailReason.decodeCallParam", "PlanetKitStartFailReason.decodeParam"),
    ("lib/planetkit.dart", "src/planetkit_types.dart", "src/planetkit_type.dart"),
]


def mutate():
    for name, right, wrong in MUTATIONS:
        path = HERE / name
        text = path.read_text()
        if right not in text:
            yield f"{name}: {right} is not there to be broken"
        elif not faults(Sources({path: text.replace(right, wrong, 1)})):
            yield f"{name}: nobody sees that {right} became {wrong}"


def main():
    found = faults(Sources())
    if "--mutate" in sys.argv and not found:
        found = list(mutate())
        print(f"{len(MUTATIONS) - len(found)} of {len(MUTATIONS)} misspelt names are found")
    lines = len(EXAMPLE.read_text().splitlines())
    if lines >= EXAMPLE_LINES:
        found.append(f"{EXAMPLE.name}: {lines} lines; it promises fewer than {EXAMPLE_LINES}")
    print("\n".join(found) if found else "dart: every name that can be checked is there")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
