#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The example's Info.plist declares what calls need and nothing else: a mode too many is asked about in the store's
review, a text that is missing ends the app at its first use of the camera."""
import pathlib
import plistlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
GUIDE = ROOT / "docs/platforms/ios.md"
NEEDED = ["UIBackgroundModes", "NSUserActivityTypes", "NSMicrophoneUsageDescription", "NSCameraUsageDescription"]


def TheExampleDeclaresWhatCallsNeedAndNothingElse():
    with open(ROOT / "examples/ios/Info.plist", "rb") as file:
        plist = plistlib.load(file)
    faults = []
    if sorted(plist.pop("UIBackgroundModes", [])) != ["audio", "voip"]:
        faults.append("UIBackgroundModes: voip and audio, no fetch, no remote-notification")
    if plist.pop("NSUserActivityTypes", []) != ["INStartCallIntent"]:
        faults.append("NSUserActivityTypes: INStartCallIntent, for Recents")
    for key in NEEDED[2:]:
        if not plist.pop(key, "").strip():
            faults.append(f"{key}: iOS ends an app that has none")
    guide = GUIDE.read_text()
    faults += [f"{GUIDE.relative_to(ROOT)} does not name {key}" for key in NEEDED if key not in guide]
    return faults + [f"{key}: calls do not need it" for key in plist]


if __name__ == "__main__":
    found = TheExampleDeclaresWhatCallsNeedAndNothingElse()
    print("\n".join(found) if found else "the example's Info.plist is minimal and complete")
    sys.exit(1 if found else 0)
