// swift-tools-version:5.9
// SPDX-License-Identifier: Apache-2.0
// Needs ClarionDoor.xcframework beside it, made on a Mac by ./make-xcframework. Not built here.
import PackageDescription

let package = Package(
    name: "Clarion",
    platforms: [.iOS(.v15)],
    products: [
        .library(name: "Clarion", targets: ["ClarionSwift"]),
        .library(name: "ClarionWebRTC", targets: ["ClarionWebRTC"]),  // Optional: voice and video.
    ],
    dependencies: [
        .package(url: "https://github.com/stasel/WebRTC.git", from: "125.0.0")  // Only for ClarionWebRTC. BSD-3-Clause.
    ],
    targets: [
        .binaryTarget(name: "ClarionDoor", path: "ClarionDoor.xcframework"),
        .target(
            name: "Clarion",
            dependencies: ["ClarionDoor"],
            path: "Sources/Clarion",
            publicHeadersPath: "include",
            cxxSettings: [.headerSearchPath("../../../.."), .unsafeFlags(["-fobjc-arc", "-std=c++20"])],
            linkerSettings: [
                .linkedFramework("CallKit"), .linkedFramework("PushKit"), .linkedFramework("AVFAudio"),
                .linkedFramework("UserNotifications"), .linkedFramework("Intents"), .linkedFramework("Network"),
                .linkedFramework("UIKit"), .linkedLibrary("c++"),
            ]
        ),
        .target(
            name: "ClarionWebRTC",
            dependencies: ["Clarion", .product(name: "WebRTC", package: "WebRTC")],
            path: "Sources/ClarionWebRTC",
            publicHeadersPath: "include",
            cxxSettings: [.headerSearchPath("../../../.."), .unsafeFlags(["-fobjc-arc", "-std=c++20"])],
            linkerSettings: [.linkedFramework("AVFoundation"), .linkedFramework("CoreMedia")]
        ),
        .target(name: "ClarionSwift", dependencies: ["Clarion"], path: "Sources/ClarionSwift"),
    ],
    cxxLanguageStandard: .cxx20
)
