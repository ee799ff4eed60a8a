// SPDX-License-Identifier: Apache-2.0
#include "sdk/media/gst_runtime.hpp"

#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace clarion::media {
namespace {

namespace fs = std::filesystem;

struct NeededPlugin {
    const char* file;     // in the plugin directory
    const char* element;  // one element of it that the call uses
    const char* package;  // Debian 12
    bool optional;
};

// Only these are given to GStreamer: loading what a full system has installed takes half a second and 30 MB.
constexpr std::array kPlugins{
    NeededPlugin{"libgstcoreelements.so", "tee", "libgstreamer1.0-0", false},
    NeededPlugin{"libgstapp.so", "appsrc", "gstreamer1.0-plugins-base", false},
    NeededPlugin{"libgstaudioconvert.so", "audioconvert", "gstreamer1.0-plugins-base", false},
    NeededPlugin{"libgstaudioresample.so", "audioresample", "gstreamer1.0-plugins-base", false},
    NeededPlugin{"libgstopus.so", "opusenc", "gstreamer1.0-plugins-base", false},
    NeededPlugin{"libgstrtp.so", "rtpopuspay", "gstreamer1.0-plugins-good", false},
    NeededPlugin{"libgstrtpmanager.so", "rtpbin", "gstreamer1.0-plugins-good", false},
    NeededPlugin{"libgstnice.so", "nicesrc", "gstreamer1.0-nice", false},
    NeededPlugin{"libgstdtls.so", "dtlssrtpdec", "gstreamer1.0-plugins-bad", false},
    NeededPlugin{"libgstsrtp.so", "srtpdec", "gstreamer1.0-plugins-bad", false},
    NeededPlugin{"libgstwebrtc.so", "webrtcbin", "gstreamer1.0-plugins-bad", false},
    NeededPlugin{"libgstwebrtcdsp.so", "webrtcdsp", "gstreamer1.0-plugins-bad", true},
    NeededPlugin{"libgstpulseaudio.so", "pulsesrc", "gstreamer1.0-plugins-good", true},
    NeededPlugin{"libgstalsa.so", "alsasrc", "gstreamer1.0-alsa", true},
};

MediaError missing(const NeededPlugin& plugin) {
    return {
        MediaErrorCode::missing_package,
        std::string("voice needs the Debian package ") + plugin.package + " (no " + plugin.element +
            "): sdk/media/install.sh, or apt-get install --no-install-recommends " + plugin.package
    };
}

// The system's directory, the one that fetch-plugins.sh fills, and one that the environment names.
std::vector<fs::path> plugin_directories() {
    std::vector<fs::path> directories;
    if (const char* named = std::getenv("CLARION_GST_PLUGINS"); named != nullptr && *named != '\0') {
        directories.emplace_back(named);
    }
    directories.emplace_back(CLARION_GST_PLUGIN_DIR);
    directories.emplace_back("/usr/local/lib/clarion/gstreamer-1.0");
    return directories;
}

std::expected<std::vector<fs::path>, MediaError> find_plugins() {
    std::vector<fs::path> found;
    const auto directories = plugin_directories();
    for (const NeededPlugin& plugin : kPlugins) {
        bool here = false;
        for (const fs::path& directory : directories) {
            std::error_code ignored;
            if (fs::exists(directory / plugin.file, ignored)) {
                found.push_back(directory / plugin.file);
                here = true;
                break;
            }
        }
        if (!here && !plugin.optional) {
            return std::unexpected(missing(plugin));
        }
    }
    return found;
}

// FNV-1a: names the directory after its content, so that two versions of a system never fight over one directory.
std::string digest(const std::vector<fs::path>& paths) {
    std::uint64_t hash = 0xCBF29CE484222325ULL;
    for (const fs::path& path : paths) {
        for (const char c : path.string() + "\n") {
            hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
        }
    }
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string text;
    for (int shift = 60; shift >= 0; shift -= 4) {
        text += kHex[(hash >> shift) & 0xFU];
    }
    return text;
}

// Other processes may do the same at the same moment: every step succeeds when its result is already there.
bool fill(const fs::path& directory, const std::vector<fs::path>& plugins) {
    std::error_code error;
    fs::create_directories(directory / "plugins", error);
    if (error || ::access((directory / "plugins").c_str(), W_OK | X_OK) != 0) {
        return false;
    }
    fs::permissions(directory, fs::perms::owner_all, error);
    for (const fs::path& plugin : plugins) {
        const fs::path link = directory / "plugins" / plugin.filename();
        fs::create_symlink(plugin, link, error);
        if (error && fs::read_symlink(link, error) != plugin) {
            return false;
        }
    }
    return true;
}

// A directory under /tmp that lives as long as the process.
struct TemporaryDirectory {
    fs::path path;
    ~TemporaryDirectory() {
        if (!path.empty()) {
            std::error_code ignored;
            fs::remove_all(path, ignored);
        }
    }
};

std::optional<fs::path> make_plugin_home(const fs::path& wanted, const std::vector<fs::path>& plugins) {
    fs::path base = wanted;
    if (base.empty()) {
        const char* cache = std::getenv("XDG_CACHE_HOME");
        const char* home = std::getenv("HOME");
        if (cache != nullptr && *cache == '/') {
            base = fs::path(cache) / "clarion";
        } else if (home != nullptr && *home == '/') {
            base = fs::path(home) / ".cache" / "clarion";
        }
    }
    if (!base.empty()) {
        const fs::path directory = base / ("gstreamer-" + digest(plugins));
        if (fill(directory, plugins)) {
            return directory;
        }
    }
    static TemporaryDirectory temporary;
    std::string name = "/tmp/clarion-gstreamer-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) {
        return std::nullopt;
    }
    temporary.path = name;
    return fill(temporary.path, plugins) ? std::optional(temporary.path) : std::nullopt;
}

// Sets a variable and puts the old value back: child processes must not inherit our registry.
class ScopedVariable {
  public:
    ScopedVariable(const char* name, const std::string& value) : name_(name) {
        if (const char* old = std::getenv(name)) {
            old_ = old;
        }
        ::setenv(name, value.c_str(), 1);
    }
    ScopedVariable(const ScopedVariable&) = delete;
    ScopedVariable& operator=(const ScopedVariable&) = delete;
    ~ScopedVariable() {
        if (old_) {
            ::setenv(name_, old_->c_str(), 1);
        } else {
            ::unsetenv(name_);
        }
    }

  private:
    const char* name_;
    std::optional<std::string> old_;
};

std::expected<void, MediaError> initialise(const fs::path& cache_directory) {
    if (gst_is_initialized() == FALSE) {  // else the application did it, with plugins of its own choice
        const auto plugins = find_plugins();
        if (!plugins) {
            return std::unexpected(plugins.error());
        }
        const auto home = make_plugin_home(cache_directory, *plugins);
        if (!home) {
            return std::unexpected(
                MediaError{MediaErrorCode::library, "neither the cache directory nor /tmp can be written"}
            );
        }
        const ScopedVariable system("GST_PLUGIN_SYSTEM_PATH_1_0", (*home / "plugins").string());
        const ScopedVariable extra("GST_PLUGIN_PATH_1_0", "");
        const ScopedVariable registry("GST_REGISTRY_1_0", (*home / "registry.bin").string());
        const ScopedVariable fork("GST_REGISTRY_FORK", "no");
        GError* error = nullptr;
        if (gst_init_check(nullptr, nullptr, &error) == FALSE) {
            std::string text = error != nullptr ? error->message : "no reason given";
            g_clear_error(&error);
            return std::unexpected(MediaError{MediaErrorCode::library, "GStreamer does not start: " + text});
        }
    }
    for (const NeededPlugin& plugin : kPlugins) {
        if (!plugin.optional && !has_element(plugin.element)) {
            return std::unexpected(missing(plugin));
        }
    }
    return {};
}

}  // namespace

std::expected<void, MediaError> initialise_gstreamer(const fs::path& cache_directory) {
    static const std::expected<void, MediaError> result = initialise(cache_directory);
    return result;
}

bool has_element(const char* name) {
    GstElementFactory* factory = gst_element_factory_find(name);
    if (factory == nullptr) {
        return false;
    }
    gst_object_unref(factory);
    return true;
}

ElementPtr element_of(GstElement* bin, const char* name) { return ElementPtr(gst_bin_get_by_name(GST_BIN(bin), name)); }

}  // namespace clarion::media
