// SPDX-License-Identifier: Apache-2.0

/// The names of PlanetKit Flutter's calls over Clarion: an app changes the import and signs in once.
/// docs/platforms/flutter.md says what each name is here.
library clarion.planetkit;

export 'src/planetkit_call.dart';
export 'src/planetkit_manager.dart';
export 'src/planetkit_params.dart';
export 'src/planetkit_reasons.dart';
export 'src/planetkit_types.dart';
