// SPDX-License-Identifier: Apache-2.0
#include "core/engine/engine.hpp"

#include <utility>

#include "core/engine/machine.hpp"

namespace clarion::engine {

struct Engine::Impl {
    Machine machine;

    Impl(Config config, Instant now, std::uint64_t seed) : machine{std::move(config), now, seed} {}
    explicit Impl(Machine&& made) : machine{std::move(made)} {}
};

Engine::Engine(Config config, Instant now, std::uint64_t seed)
    : impl_{std::make_unique<Impl>(std::move(config), now, seed)} {}

Engine::Engine(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;
Engine::~Engine() = default;

std::expected<void, InputError> Engine::handle_input(Instant now, const Input& input) {
    return impl_->machine.handle_input(now, input);
}

std::expected<void, InputError> Engine::handle_timeout(Instant now) { return impl_->machine.handle_timeout(now); }

std::optional<Output> Engine::poll_output() { return impl_->machine.poll_output(); }

Deadline Engine::next_deadline() const { return impl_->machine.next_deadline(); }

Snapshot Engine::snapshot() const { return impl_->machine.snapshot(); }

std::expected<Engine, RestoreError> Engine::resume(Config config, const Snapshot& snapshot) {
    auto machine = resume_machine(std::move(config), snapshot);
    if (!machine) return std::unexpected{machine.error()};
    return Engine{std::make_unique<Impl>(std::move(*machine))};
}

std::expected<Engine, RestoreError> Engine::restore(
    Config config, const Snapshot& snapshot, Instant now, WallTime wall_now, bool same_boot
) {
    auto machine = restore_machine(std::move(config), snapshot, now, wall_now, same_boot);
    if (!machine) return std::unexpected{machine.error()};
    return Engine{std::make_unique<Impl>(std::move(*machine))};
}

// ---- views ----

std::vector<CallView> Engine::calls() const { return impl_->machine.calls(); }

Adoption Engine::adopt(const CallId& call) const { return impl_->machine.adopt(call); }

StartFail Engine::start_fail(const PlaceRequested& request) const { return impl_->machine.start_fail(request); }

}  // namespace clarion::engine
