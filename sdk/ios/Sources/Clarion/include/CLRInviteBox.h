/* SPDX-License-Identifier: Apache-2.0 */
#import "CLRPorts.h"

NS_ASSUME_NONNULL_BEGIN

/// Opens invites with this device's key (X25519, made on the device, never leaves it) and the server's (Ed25519).
/// crypto/invite_box.hpp says what is inside. The key is a file that can be read before the first unlock, when pushes
/// come already (IOS-PK-11), and that no backup carries to another phone.
@interface CLRInviteBox : NSObject <CLRInviteOpener>
/// Reads the key in `directory`, or makes one. `verifyKeys`: of the server, 43 characters of base64url each; several
/// while a key rotates. nil: `error` names the file, or the key that is none.
- (nullable instancetype)initWithDirectory:(NSURL*)directory
                                verifyKeys:(NSArray<NSString*>*)verifyKeys
                                     error:(NSError**)error;
/// What the app server registers for this device as its box key.
@property(nonatomic, readonly) NSString* publicKey;
@end

NS_ASSUME_NONNULL_END
