// SPDX-License-Identifier: Apache-2.0
// Apart from the store, because the templates of the codec take the longest to compile.
#include "server/adapters/sqlite/document_codec.hpp"

#include "core/codec/described.hpp"
#include "core/routing/described.hpp"
#include "server/ports/policy_described.hpp"

namespace clarion::server::sqlite {

std::string encode_document(const routing::CallDocument& document) { return codec::encode(document); }

std::expected<routing::CallDocument, std::string> decode_document(std::string_view text) {
    auto document = codec::decode<routing::CallDocument>(text, routing::kDocumentLengthMax);
    if (!document) return std::unexpected{document.error().message()};
    return std::move(*document);
}

std::string encode_policy(const ServicePolicy& policy) { return codec::encode(policy); }

std::expected<ServicePolicy, std::string> decode_policy(std::string_view text) {
    auto policy = codec::decode<ServicePolicy>(text);
    if (!policy) return std::unexpected{policy.error().message()};
    return *policy;
}

}  // namespace clarion::server::sqlite
