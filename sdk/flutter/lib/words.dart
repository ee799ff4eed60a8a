// SPDX-License-Identifier: Apache-2.0

/// Every word of Clarion's messages as a constant; import it with a prefix, some names are Flutter's too.
library clarion.words;

export 'src/words.dart';
