/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#import "lab/ios/shell_test.hpp"

namespace clarion::lab {

/// Bob's iPhone with an app whose voice service is its own: the call screen alone, no Clarion server anywhere. The app
/// is dead at first.
struct OwnServiceTest : ShellTest {
    OwnServiceTest();
    [[nodiscard]] CLRConfiguration* configuration_of(LabApp* made, id<CLRSystem> system) const override;

    /// The payload of a push that says this fact.
    [[nodiscard]] static NSDictionary* saying(NSString* type, NSDictionary* fields);
    /// A push of the app's backend: Alice calls for 30 s. `call` is the backend's id, here a UUID in either case.
    [[nodiscard]] static NSDictionary* ringing(NSString* call = kCall);
    void rings(NSString* call = kCall) { push(ringing(call)); }
    /// Rings, is answered, the voice service has joined.
    void talks(NSString* call = kCall);
    /// The app tells a fact of a call; what came of it.
    int tell(NSString* type, NSDictionary* fields = @{}, NSString* call = kCall);
    /// The app's process dies and the user opens it.
    void open_again();
    [[nodiscard]] bool was_told(bool is_active) const;  ///< The last word on the audio session.
};

}  // namespace clarion::lab
