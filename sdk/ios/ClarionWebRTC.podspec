# SPDX-License-Identifier: Apache-2.0
# Optional: the media of ClarionShell's calls over WebRTC.framework. Not built here.
Pod::Spec.new do |spec|
  spec.name = 'ClarionWebRTC'
  spec.version = '0.1.0'
  spec.summary = 'Voice and video of Clarion calls over WebRTC.'
  spec.homepage = 'https://clarion.example.org'
  spec.license = { type: 'Apache-2.0', file: '../../LICENSE' }
  spec.author = 'The Clarion authors'
  spec.source = { path: '.' }
  spec.ios.deployment_target = '15.0'
  spec.source_files = 'Sources/ClarionWebRTC/**/*.{h,mm}'
  spec.public_header_files = 'Sources/ClarionWebRTC/include/*.h'
  spec.frameworks = 'AVFoundation', 'CoreMedia'
  spec.dependency 'ClarionShell', '0.1.0'
  spec.dependency 'WebRTC-SDK', '~> 125.6422' # BSD-3-Clause.
  spec.pod_target_xcconfig = {
    'HEADER_SEARCH_PATHS' => '"${PODS_TARGET_SRCROOT}/../.."',
    'CLANG_CXX_LANGUAGE_STANDARD' => 'c++20'
  }
end
