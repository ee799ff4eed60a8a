# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Shared by ./test, ./check and ./demo. Source it; it changes into the repository's root.
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

# As many jobs as cores, but no more than memory holds: a compiler on Boost.Beast takes up to 0.8 GB.
jobs_that_fit() {
    local cores memory_gb
    cores=$(nproc)
    memory_gb=$(awk '/^MemAvailable:/ {print int($2 / 900000)}' /proc/meminfo)
    if ((memory_gb < 1)); then memory_gb=1; fi
    echo $((cores < memory_gb ? cores : memory_gb))
}

# build PRESET [TARGET...]: configure (quietly, unless it fails) and build with ninja's progress.
build() {
    local preset=$1 log
    shift
    mkdir -p "build/$preset"
    log="build/$preset/configure.log"
    if ! cmake --preset "$preset" >"$log" 2>&1; then
        cat "$log" >&2
        echo "cmake --preset $preset failed (above)" >&2
        return 1
    fi
    cmake --build "build/$preset" -j "$(jobs_that_fit)" ${@:+--target "$@"}
}
