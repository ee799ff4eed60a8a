// SPDX-License-Identifier: Apache-2.0
#include "server/app/config.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace clarion::server {
namespace {

class ConfigTest : public ::testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "clarion-config-XXXXXX").string();
        folder_ = mkdtemp(pattern.data());
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::string file(const std::string& name, const std::string& text) {
        const std::string path = folder_ + "/" + name;
        std::ofstream{path} << text;
        return path;
    }

    /// The error of a configuration file with this text; empty when it is good.
    std::string error_of(const std::string& text) {
        ConfigSources sources;
        sources.file = file("clarion.toml", text);
        const auto config = load_config(sources);
        return config ? "" : config.error();
    }

    std::string folder_;
};

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST_F(ConfigTest, NothingAtAllIsAServerOnLoopback) {
    const auto config = load_config({});
    ASSERT_TRUE(config) << config.error();
    EXPECT_EQ(config->listen_address, "127.0.0.1");
    EXPECT_FALSE(config->has_tls());
}

TEST_F(ConfigTest, TheFileIsReadInTablesAndInDottedKeys) {
    ConfigSources sources;
    sources.file = file(
        "clarion.toml",
        "data_dir = \"/tmp/a # b\"\nlog.format = \"json\"\n[listen]\nport = 0\n[apns]\nnow_or_never = true\n"
    );
    const auto config = load_config(sources);
    ASSERT_TRUE(config) << config.error();
    EXPECT_EQ(config->data_dir, "/tmp/a # b");
    EXPECT_EQ(config->listen_port, 0);
    EXPECT_EQ(config->log_format, log::Format::json);
    EXPECT_TRUE(config->push.apns.now_or_never);
}

TEST_F(ConfigTest, ServicesHaveKeysOfTheirOwnAndNothingElse) {
    ConfigSources sources;
    std::filesystem::create_directory(folder_ + "/services");
    sources.file = file(
        "clarion.toml", "push.services_dir = \"" + folder_ +
                            "/services\"\n[apns]\nkey_file = \"k\"\nkey_id = \"K\"\nteam_id = \"T\"\ntopic = \"app\"\n"
    );
    file("services/bank.toml", "[apns]\nkey_file = \"bank.p8\"\nkey_id = \"B\"\n");
    auto config = load_config(sources);
    ASSERT_TRUE(config) << config.error();
    ASSERT_TRUE(config->service_push.contains("bank"));
    const auto& bank = config->service_push.at("bank").apns;
    EXPECT_EQ(bank.key_file, "bank.p8");
    EXPECT_EQ(bank.key_id, "B");
    EXPECT_EQ(bank.team_id, "T") << "what it does not say is the server's";
    file("services/bank.toml", "listen.port = 1\n");
    config = load_config(sources);
    ASSERT_FALSE(config);
    EXPECT_TRUE(says(config.error(), "bank.toml:1")) << config.error();
    file("services/bank.toml", "");
    file("services/no id.toml", "");
    config = load_config(sources);
    ASSERT_FALSE(config);
    EXPECT_TRUE(says(config.error(), "no service id")) << config.error();
}

TEST_F(ConfigTest, WebPushNeedsAnAddressForComplaints) {
    const std::string error = error_of("webpush.key_file = \"k\"\n");
    EXPECT_TRUE(says(error, "webpush.subject")) << error;
}

TEST_F(ConfigTest, FlagsGoBeforeTheEnvironmentAndThatBeforeTheFile) {
    ConfigSources sources;
    sources.file = file("clarion.toml", "listen.port = 1\nring_time_ms = 2000\nhistory_days = 3\n");
    sources.environment = [](const std::string& name) -> std::optional<std::string> {
        if (name == "CLARION_LISTEN_PORT") return "4";
        if (name == "CLARION_RING_TIME_MS") return "5000";
        return std::nullopt;
    };
    sources.flags = {{"listen.port", "6"}};
    const auto config = load_config(sources);
    ASSERT_TRUE(config) << config.error();
    EXPECT_EQ(config->listen_port, 6);
    EXPECT_EQ(config->policy.ring_time_ms, 5'000U);
    EXPECT_EQ(config->history_days, 3U);
}

TEST_F(ConfigTest, AWrongValueNamesFileLineKeyAndWhatIsAllowed) {
    const std::string error = error_of("data_dir = \"/x\"\n\n[listen]\nport = 70000\n");
    EXPECT_TRUE(says(error, "clarion.toml:4: listen.port = \"70000\"")) << error;
    EXPECT_TRUE(says(error, "from 0 to 65535")) << error;
    EXPECT_TRUE(says(error_of("log.level = \"loud\"\n"), "debug, info, warn, error, off"));
    EXPECT_TRUE(says(error_of("listen.address = \"example.com\"\n"), "an IP address"));
    EXPECT_TRUE(says(error_of("apns.endpoint = \"http://push.example.com\"\n"), "https://"));
    EXPECT_TRUE(says(error_of("data_dir = [\"a\", \"b\"]\n"), "takes a text"));
    EXPECT_TRUE(says(error_of("ring_time_ms = 1.5\n"), "takes a text, a number"));
}

TEST_F(ConfigTest, AnUnknownKeyIsAnErrorThatNamesTheNearOnes) {
    const std::string error = error_of("[apns]\nkeyfile = \"x\"\n");
    EXPECT_TRUE(says(error, ":2: there is no setting apns.keyfile")) << error;
    EXPECT_TRUE(says(error, "apns.key_file")) << error;
    EXPECT_TRUE(says(error_of("port = 1\n"), "did you mean listen.port?"));
}

TEST_F(ConfigTest, AFileThatIsNotTomlNamesTheLine) {
    EXPECT_TRUE(says(error_of("data_dir = \"/x\"\nlisten.port 80\n"), "clarion.toml:2: not TOML"));
    ConfigSources missing;
    missing.file = folder_ + "/missing.toml";
    EXPECT_TRUE(says(load_config(missing).error(), "missing.toml: cannot be read"));
    missing.file = folder_;
    EXPECT_TRUE(says(load_config(missing).error(), "cannot be read"));
}

TEST_F(ConfigTest, AWrongVariableOrFlagIsNamed) {
    ConfigSources sources;
    sources.environment = [](const std::string& name) -> std::optional<std::string> {
        return name == "CLARION_HISTORY_DAYS" ? std::optional<std::string>{"soon"} : std::nullopt;
    };
    EXPECT_TRUE(says(load_config(sources).error(), "environment CLARION_HISTORY_DAYS: history_days"));
    ConfigSources flags;
    flags.flags = {{"listen.port", "-1"}};
    EXPECT_TRUE(says(load_config(flags).error(), "flag --listen-port: listen.port"));
}

TEST_F(ConfigTest, OutsideOfLoopbackTlsIsNeeded) {
    // lint-allow: host: only read, nothing listens
    EXPECT_TRUE(says(error_of("listen.address = \"192.0.2.1\"\n"), "tls.certificate and tls.key are needed"));
    EXPECT_TRUE(says(error_of("listen.address = \"::\"\n"), "tls.certificate and tls.key are needed"));
    EXPECT_TRUE(says(error_of("tls.key = \"k\"\n"), "tls.certificate is missing"));
    // lint-allow: host: only read, nothing listens
    EXPECT_EQ(error_of("listen.address = \"192.0.2.1\"\ntls.certificate = \"c\"\ntls.key = \"k\"\n"), "");
    EXPECT_EQ(error_of("listen.address = \"::1\"\n"), "");
}

TEST_F(ConfigTest, TheAdminKeyComesFromItsFileOrTheEnvironmentAndIsNeverShort) {
    ConfigSources sources;
    sources.flags = {{"admin_key_file", file("admin.key", "0123456789abcdef\n")}};
    EXPECT_EQ(load_config(sources)->admin_key.reveal(), "0123456789abcdef");
    sources.flags = {{"admin_key_file", file("short.key", "secret\n")}};
    EXPECT_TRUE(says(load_config(sources).error(), "16 to 256"));
    EXPECT_FALSE(says(load_config(sources).error(), "secret\""));
    sources.flags = {{"admin_key_file", folder_ + "/none.key"}};
    EXPECT_TRUE(says(load_config(sources).error(), "none.key: cannot be read: No such file"));
    ConfigSources environment;
    environment.environment = [](const std::string& name) -> std::optional<std::string> {
        return name == "CLARION_ADMIN_KEY" ? std::optional<std::string>{"fedcba9876543210"} : std::nullopt;
    };
    EXPECT_EQ(load_config(environment)->admin_key.reveal(), "fedcba9876543210");
}

TEST_F(ConfigTest, NoSettingTakesASecretAndEveryOneHasItsHelp) {
    for (const Setting& setting : settings()) {
        EXPECT_FALSE(setting.help.empty()) << setting.key;
        const bool looks_secret =
            says(std::string{setting.key}, "secret") || says(std::string{setting.key}, "password");
        EXPECT_FALSE(looks_secret) << setting.key << ": secrets come from files";
    }
}

TEST_F(ConfigTest, TheOperatorsPageNamesEverySetting) {
    std::ifstream in{CLARION_SOURCE_DIR "/docs/operate.md"};
    const std::string page{std::istreambuf_iterator<char>{in}, {}};
    for (const Setting& setting : settings()) {
        EXPECT_TRUE(says(page, "`" + std::string{setting.key} + "`")) << setting.key;
    }
}

TEST_F(ConfigTest, ApnsNeedsItsIds) {
    EXPECT_TRUE(says(error_of("apns.key_file = \"k.p8\"\n"), "apns.key_id and apns.team_id"));
}

}  // namespace
}  // namespace clarion::server
