// SPDX-License-Identifier: Apache-2.0
#include "sdk/media/similarity.hpp"
namespace clarion::media {
Similarity compare(const WavAudio&, const WavAudio&) { return {}; }
}
