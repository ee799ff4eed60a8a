// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <utility>

namespace clarion::net {

namespace detail {

/// What an Operation can do to the thing it started.
class Cancellable {
  public:
    virtual ~Cancellable() = default;
    virtual void cancel() = 0;
};

}  // namespace detail

/// A handle to something under way (a request, a connect). Dropping it changes nothing.
/// Thread: the loop's.
class Operation {
  public:
    Operation() = default;

    explicit Operation(std::weak_ptr<detail::Cancellable> target) : target_(std::move(target)) {}

    /// Stops it; its callback is never called afterwards. Harmless when it is already over.
    void cancel() {
        if (auto target = target_.lock()) target->cancel();
        target_.reset();
    }

  private:
    std::weak_ptr<detail::Cancellable> target_;
};

}  // namespace clarion::net
