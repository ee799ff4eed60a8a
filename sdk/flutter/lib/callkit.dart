// SPDX-License-Identifier: Apache-2.0

/// The names of flutter_callkit_incoming over Clarion: an app changes the import and signs in to its Clarion server, whose
/// pushes ring. Not for calls of another server. docs/platforms/flutter.md says what each name is here.
library clarion.callkit;

export 'src/callkit.dart';
export 'src/callkit_events.dart';
export 'src/callkit_params.dart';
