# SPDX-License-Identifier: Apache-2.0
# Needs ClarionDoor.xcframework beside it, made on a Mac by ./make-xcframework. Not built here.
Pod::Spec.new do |spec|
  spec.name = 'ClarionShell'
  spec.module_name = 'Clarion'
  spec.version = '0.1.0'
  spec.summary = 'Calls that ring: PushKit and CallKit over the Clarion engine.'
  spec.homepage = 'https://clarion.example.org'
  spec.license = { type: 'Apache-2.0', file: '../../LICENSE' }
  spec.author = 'The Clarion authors'
  spec.source = { path: '.' }
  spec.ios.deployment_target = '15.0'
  spec.swift_version = '5.9'
  spec.source_files = 'Sources/Clarion/**/*.{h,mm}', 'Sources/ClarionSwift/*.swift'
  spec.public_header_files = 'Sources/Clarion/include/*.h'
  spec.vendored_frameworks = 'ClarionDoor.xcframework'
  spec.frameworks = 'CallKit', 'PushKit', 'AVFAudio', 'UserNotifications', 'Intents', 'Network', 'UIKit'
  spec.libraries = 'c++'
  spec.pod_target_xcconfig = {
    'HEADER_SEARCH_PATHS' => '"${PODS_TARGET_SRCROOT}/../.."',
    'CLANG_CXX_LANGUAGE_STANDARD' => 'c++20'
  }
end
