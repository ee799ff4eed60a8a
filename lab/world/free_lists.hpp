// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace clarion::lab::world {

/// While one lives, small blocks that this thread allocates come from lists of those that were freed, and go back
/// there: a simulated world makes and drops the same small things again and again. At most one a thread. Whoever links
/// this has its operator new; other threads, and large blocks, have malloc as before. Nothing of it in sanitized
/// builds.
///
/// Threads: a block may be freed by any thread and is then that thread's; its memory is not given back to the system.
class FreeLists {
  public:
    FreeLists();
    ~FreeLists();
    FreeLists(const FreeLists&) = delete;
    FreeLists& operator=(const FreeLists&) = delete;
};

}  // namespace clarion::lab::world
