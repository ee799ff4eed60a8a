// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "core/engine/engine.hpp"
#include "core/routing/routing.hpp"

namespace clarion::lab::world {

/// A bug, at the seams where the world hands things between the machines: the machines themselves are the product's.
/// The default is no bug. Deterministic: it may remember, but not guess.
class Mutation {
  public:
    virtual ~Mutation() = default;

    [[nodiscard]] virtual std::string_view name() const = 0;

    // The host of routing
    [[nodiscard]] virtual bool compares_and_sets() const { return true; }
    [[nodiscard]] virtual bool keeps(const routing::Effect&) { return true; }
    [[nodiscard]] virtual bool keeps_documents() const { return true; }  // Over a restart of the server.
    [[nodiscard]] virtual bool replays_events() const { return true; }   // To a device that resumes.

    // The shell of an engine
    [[nodiscard]] virtual bool keeps(const engine::Input&) { return true; }
    virtual void change(engine::Input&) {}
    [[nodiscard]] virtual int copies(const engine::Output&) { return 1; }  // 0: dropped; 2: performed twice.
    [[nodiscard]] virtual bool fires(engine::TimerId) const { return true; }
    virtual void on_restore(engine::Snapshot&) {}
    [[nodiscard]] virtual bool persists() { return true; }
    /// After every step: true when it changed the state, and the engine goes on from that.
    [[nodiscard]] virtual bool changes_state() const { return false; }
    virtual void change(engine::Snapshot&) {}
};

}  // namespace clarion::lab::world
