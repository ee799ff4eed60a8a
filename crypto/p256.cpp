// SPDX-License-Identifier: Apache-2.0
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>

#include <memory>

#include "crypto/detail_p256.hpp"

namespace clarion::crypto {
namespace {

using Group = std::unique_ptr<EC_GROUP, OpensslFree<EC_GROUP_free>>;
using Workspace = std::unique_ptr<BN_CTX, OpensslFree<BN_CTX_free>>;
using Params = std::unique_ptr<OSSL_PARAM, OpensslFree<OSSL_PARAM_free>>;
using ParamsBuilder = std::unique_ptr<OSSL_PARAM_BLD, OpensslFree<OSSL_PARAM_BLD_free>>;
using Context = std::unique_ptr<EVP_PKEY_CTX, OpensslFree<EVP_PKEY_CTX_free>>;

/// Never changes: any thread may read it.
const EC_GROUP* curve() {
    static const Group group{EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1)};
    return group.get();
}

/// The pair of a scalar that is in range.
P256Pair with_point(BigNumber secret) {
    P256Pair pair;
    const EcPoint at{EC_POINT_new(curve())};
    const Workspace workspace{BN_CTX_new()};
    if (!secret || !at || !workspace) return {};
    BN_set_flags(secret.get(), BN_FLG_CONSTTIME);
    const bool is_good =
        EC_POINT_mul(curve(), at.get(), secret.get(), nullptr, nullptr, workspace.get()) == 1 &&
        EC_POINT_point2oct(
            curve(), at.get(), POINT_CONVERSION_UNCOMPRESSED, pair.point.data(), pair.point.size(), workspace.get()
        ) == pair.point.size();
    if (is_good) {
        pair.secret = std::move(secret);
    } else {
        ERR_clear_error();
    }
    return pair;
}

}  // namespace

EcPoint p256_peer(BytesView point) {
    if (point.size() != P256Point{}.size() || point[0] != 0x04 || curve() == nullptr) return {};
    EcPoint peer{EC_POINT_new(curve())};
    // Refuses what is not on the curve.
    if (peer && EC_POINT_oct2point(curve(), peer.get(), point.data(), point.size(), nullptr) == 1) return peer;
    ERR_clear_error();
    return {};
}

P256Pair p256_pair(BytesView scalar) {
    if (scalar.size() != P256Scalar{}.size() || curve() == nullptr) return {};
    BigNumber secret{BN_bin2bn(scalar.data(), static_cast<int>(scalar.size()), nullptr)};
    if (!secret || BN_is_zero(secret.get()) || BN_cmp(secret.get(), EC_GROUP_get0_order(curve())) >= 0) return {};
    return with_point(std::move(secret));
}

P256Pair p256_generate() {
    BigNumber secret{BN_new()};
    if (!secret || curve() == nullptr) return {};
    do {
        if (BN_priv_rand_range(secret.get(), EC_GROUP_get0_order(curve())) != 1) return {};
    } while (BN_is_zero(secret.get()));
    return with_point(std::move(secret));
}

std::optional<P256Scalar> p256_agree(const P256Pair& own, const EcPoint& peer) {
    const EcPoint at{EC_POINT_new(curve())};
    const BigNumber x{BN_new()};
    const Workspace workspace{BN_CTX_new()};
    P256Scalar shared{};
    const bool is_good =
        at && x && workspace &&
        EC_POINT_mul(curve(), at.get(), nullptr, peer.get(), own.secret.get(), workspace.get()) == 1 &&
        EC_POINT_get_affine_coordinates(curve(), at.get(), x.get(), nullptr, workspace.get()) == 1 &&
        BN_bn2binpad(x.get(), shared.data(), static_cast<int>(shared.size())) == static_cast<int>(shared.size());
    if (is_good) return shared;
    ERR_clear_error();
    return std::nullopt;
}

Pkey p256_signing_key(BytesView scalar) {
    const P256Pair pair = p256_pair(scalar);
    const ParamsBuilder builder{OSSL_PARAM_BLD_new()};
    const Context context{EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr)};
    if (!pair || !builder || !context ||
        OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(
            builder.get(), OSSL_PKEY_PARAM_PUB_KEY, pair.point.data(), pair.point.size()
        ) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, pair.secret.get()) != 1) {
        return {};
    }
    const Params params{OSSL_PARAM_BLD_to_param(builder.get())};
    EVP_PKEY* key = nullptr;
    if (!params || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, params.get()) != 1) {
        ERR_clear_error();
        return {};
    }
    return Pkey{key};
}

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

}  // namespace clarion::crypto
