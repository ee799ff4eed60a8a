// SPDX-License-Identifier: Apache-2.0
#include "net/testing/test_certificate.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>

namespace clarion::net::testing {
namespace {

struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};

struct FreeCertificate {
    void operator()(X509* certificate) const { X509_free(certificate); }
};

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using Certificate = std::unique_ptr<X509, FreeCertificate>;

void require(bool is_good, const char* what) {
    if (!is_good) throw std::runtime_error(std::string("test certificate: ") + what);
}

Key make_key() {
    Key key(EVP_EC_gen("P-256"));
    require(key != nullptr, "key");
    return key;
}

void extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    require(extension != nullptr, value.c_str());
    const bool is_added = X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    require(is_added, value.c_str());
}

Certificate make_certificate(const Key& key, const char* name, long serial) {
    Certificate certificate(X509_new());
    require(certificate != nullptr, "memory");
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 86400);
    X509_NAME_add_entry_by_txt(
        X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name), -1,
        -1, 0
    );
    require(X509_set_pubkey(certificate.get(), key.get()) == 1, "public key");
    return certificate;
}

void write(const std::string& path, auto&& put) {
    std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "wb"));
    require(file != nullptr && put(file.get()) == 1, path.c_str());
}

std::string make_folder() {
    std::string path = (std::filesystem::temp_directory_path() / "clarion-cert-XXXXXX").string();
    require(::mkdtemp(path.data()) != nullptr, "temporary folder");
    return path;
}

void make_all(const std::string& folder, const std::string& names) {
    const auto ca_key = make_key();
    const auto ca = make_certificate(ca_key, "Clarion test authority", 1);
    X509_set_issuer_name(ca.get(), X509_get_subject_name(ca.get()));
    extend(ca.get(), ca.get(), NID_basic_constraints, "critical,CA:TRUE");
    extend(ca.get(), ca.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    require(X509_sign(ca.get(), ca_key.get(), EVP_sha256()) > 0, "sign authority");
    const auto leaf_key = make_key();
    const auto leaf = make_certificate(leaf_key, "clarion-test", 2);
    X509_set_issuer_name(leaf.get(), X509_get_subject_name(ca.get()));
    extend(leaf.get(), ca.get(), NID_basic_constraints, "critical,CA:FALSE");
    extend(leaf.get(), ca.get(), NID_ext_key_usage, "serverAuth,clientAuth");
    extend(leaf.get(), ca.get(), NID_subject_alt_name, names);
    require(X509_sign(leaf.get(), ca_key.get(), EVP_sha256()) > 0, "sign leaf");
    write(folder + "/ca.pem", [&](std::FILE* file) { return PEM_write_X509(file, ca.get()); });
    write(folder + "/leaf.pem", [&](std::FILE* file) { return PEM_write_X509(file, leaf.get()); });
    write(folder + "/leaf.key", [&](std::FILE* file) {
        return PEM_write_PrivateKey(file, leaf_key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
}

}  // namespace

TestCertificate::TestCertificate() : folder_(make_folder()) {
    make_all(
        folder_,
        "DNS:localhost,IP:127.0.0.1,IP:::1,DNS:fcm.googleapis.com,DNS:oauth2.googleapis.com,DNS:www.googleapis.com"
    );
}

TestCertificate::TestCertificate(const std::string& host) : folder_(make_folder()) { make_all(folder_, "DNS:" + host); }

TestCertificate::~TestCertificate() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

}  // namespace clarion::net::testing
