# SPDX-License-Identifier: Apache-2.0
# The plugin half; the shell is the pod ClarionShell of sdk/ios (`Clarion` would be one folder with this one on a Mac), named by path in the app's Podfile. Never run by CocoaPods.
Pod::Spec.new do |spec|
  spec.name = 'clarion'
  spec.version = '0.1.0'
  spec.summary = 'Flutter messages over the iOS shell of Clarion.'
  spec.homepage = 'https://clarion.example.org'
  spec.license = { type: 'Apache-2.0', file: '../../../LICENSE' }
  spec.author = 'The Clarion authors'
  spec.source = { path: '.' }
  spec.ios.deployment_target = '15.0'
  spec.source_files = 'Classes/**/*.{h,mm}'
  spec.public_header_files = 'Classes/ClarionPlugin.h'
  spec.dependency 'Flutter'
  spec.dependency 'ClarionShell'
end
