// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace clarion::net::testing {

/// A certificate authority and a leaf (EC P-256, valid one day, for `host`, or else for localhost, 127.0.0.1 and ::1,
/// and for the hosts of FCM, which some clients insist on) made on the spot in a private temporary folder that the
/// destructor removes. Throws std::runtime_error when it cannot.
class TestCertificate {
  public:
    TestCertificate();
    explicit TestCertificate(const std::string& host);
    ~TestCertificate();
    TestCertificate(const TestCertificate&) = delete;
    TestCertificate& operator=(const TestCertificate&) = delete;

    [[nodiscard]] const std::string& folder() const { return folder_; }

    [[nodiscard]] std::string ca_file() const { return folder_ + "/ca.pem"; }

    [[nodiscard]] std::string certificate_file() const { return folder_ + "/leaf.pem"; }

    [[nodiscard]] std::string key_file() const { return folder_ + "/leaf.key"; }

  private:
    std::string folder_;
};

}  // namespace clarion::net::testing
