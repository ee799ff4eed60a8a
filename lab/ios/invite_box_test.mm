/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/invite_box.hpp"

#import "lab/ios/shell_test.hpp"
#import "sdk/ios/Sources/Clarion/include/CLRInviteBox.h"

/// The keys of the device, with the server's own sealing.
namespace clarion::lab {
namespace {

struct IosInviteBox : ShellTest {
    crypto::SigningKey server_key = crypto::SigningKey::generate();

    CLRInviteBox* open() {
        NSError* error = nil;
        return [[CLRInviteBox alloc] initWithDirectory:directory
                                            verifyKeys:@[ @(server_key.verify_key().text().c_str()) ]
                                                 error:&error];
    }

    NSString* seal(CLRInviteBox* box, const crypto::SigningKey& signer) const {
        const auto device = crypto::BoxPublic::parse(box.publicKey.UTF8String);
        return @(crypto::seal_invite(R"({"v":1})", signer, &*device)->c_str());
    }
};

TEST_F(IosInviteBox, OpensWhatTheServerSealedWithTheSameKeyInTheNextProcessAndBeforeTheFirstUnlock) {
    phone.open_app();
    CLRInviteBox* box = open();
    ASSERT_NE(box, nil);
    NSString* sealed = seal(box, server_key);
    phone.is_unlocked_since_boot = false;  // IOS-PK-11
    CLRInviteBox* next = open();
    ASSERT_NE(next, nil);
    NSString* fault = nil;
    EXPECT_TRUE([[next openInvite:sealed fault:&fault] isEqualToString:@"{\"v\":1}"]);
}

TEST_F(IosInviteBox, SaysWhyAnInviteDoesNotOpen) {
    phone.open_app();
    CLRInviteBox* box = open();
    const auto fault_of = [box](NSString* text) {
        NSString* fault = nil;
        EXPECT_EQ([box openInvite:text fault:&fault], nil);
        return std::string{fault.UTF8String};
    };
    EXPECT_EQ(fault_of(seal(box, crypto::SigningKey::generate())), "bad_signature");
    EXPECT_EQ(fault_of(@"s9.AAAA"), "unsupported_version");
    EXPECT_EQ(fault_of(@"nonsense"), "malformed");
    EXPECT_EQ(fault_of([@"s1." stringByPaddingToLength:403 withString:@"A" startingAtIndex:0]), "not_for_this_device");
}

TEST_F(IosInviteBox, ADamagedKeyIsSaidAndNotReplaced) {
    phone.open_app();
    ASSERT_NE(open(), nil);
    NSString* file = [directory URLByAppendingPathComponent:@"box.key"].path;
    [@"x" writeToFile:file atomically:YES encoding:NSUTF8StringEncoding error:nil];
    EXPECT_EQ(open(), nil);
    EXPECT_TRUE([[NSString stringWithContentsOfFile:file encoding:NSUTF8StringEncoding
                                              error:nil] isEqualToString:@"x"]);
}

}  // namespace
}  // namespace clarion::lab
