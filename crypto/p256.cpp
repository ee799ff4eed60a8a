// SPDX-License-Identifier: Apache-2.0
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>

#include <memory>

#include "crypto/detail_p256.hpp"

namespace clarion::crypto {
namespace {

constexpr const char* kGroup = "prime256v1";

template <auto kFree>
struct Free {
    void operator()(auto* object) const { kFree(object); }
};
using Group = std::unique_ptr<EC_GROUP, Free<EC_GROUP_free>>;
using Point = std::unique_ptr<EC_POINT, Free<EC_POINT_free>>;
using Number = std::unique_ptr<BIGNUM, Free<BN_clear_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Free<OSSL_PARAM_free>>;
using ParamsBuilder = std::unique_ptr<OSSL_PARAM_BLD, Free<OSSL_PARAM_BLD_free>>;
using Context = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>>;

Pkey make(BytesView point, const BIGNUM* scalar) {
    const ParamsBuilder builder{OSSL_PARAM_BLD_new()};
    const Context context{EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr)};
    if (!builder || !context ||
        OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, kGroup, 0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1 ||
        (scalar != nullptr && OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, scalar) != 1)) {
        return {};
    }
    const Params params{OSSL_PARAM_BLD_to_param(builder.get())};
    EVP_PKEY* key = nullptr;
    const int selection = scalar != nullptr ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
    if (!params || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, selection, params.get()) != 1) {
        ERR_clear_error();
        return {};
    }
    return Pkey{key};
}

}  // namespace

Pkey p256_from_point(BytesView point) {
    if (point.size() != P256Point{}.size() || point[0] != 0x04) return {};
    return make(point, nullptr);  // Refuses what is not on the curve.
}

Pkey p256_from_scalar(BytesView scalar) {
    const Group group{EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1)};
    const Number number{BN_bin2bn(scalar.data(), static_cast<int>(scalar.size()), nullptr)};
    if (scalar.size() != P256Scalar{}.size() || !group || !number || BN_is_zero(number.get()) ||
        BN_cmp(number.get(), EC_GROUP_get0_order(group.get())) >= 0) {
        return {};
    }
    const Point at{EC_POINT_new(group.get())};
    P256Point point{};
    if (!at || EC_POINT_mul(group.get(), at.get(), number.get(), nullptr, nullptr, nullptr) != 1 ||
        EC_POINT_point2oct(group.get(), at.get(), POINT_CONVERSION_UNCOMPRESSED, point.data(), point.size(), nullptr) !=
            point.size()) {
        ERR_clear_error();
        return {};
    }
    return make(point, number.get());
}

Pkey p256_generate() { return Pkey{EVP_EC_gen(kGroup)}; }

std::optional<P256Point> p256_point(const EVP_PKEY* key) {
    P256Point point{};
    std::size_t length = 0;
    const int found =
        EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, point.data(), point.size(), &length);
    if (found != 1 || length != point.size()) {
        ERR_clear_error();
        return std::nullopt;
    }
    return point;
}

std::optional<P256Scalar> p256_agree(EVP_PKEY* own, EVP_PKEY* peer) {
    const Context context{EVP_PKEY_CTX_new(own, nullptr)};
    P256Scalar shared{};
    std::size_t length = shared.size();
    if (!context || EVP_PKEY_derive_init(context.get()) != 1 ||
        EVP_PKEY_derive_set_peer_ex(context.get(), peer, 0) != 1 ||
        EVP_PKEY_derive(context.get(), shared.data(), &length) != 1 || length != shared.size()) {
        ERR_clear_error();
        return std::nullopt;
    }
    return shared;
}

}  // namespace clarion::crypto
