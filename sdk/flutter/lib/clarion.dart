// SPDX-License-Identifier: Apache-2.0

/// Calls in a Flutter app: the native shells hold them, Dart listens and taps. The words of messages: `words.dart`.
library clarion;

export 'src/client.dart';
