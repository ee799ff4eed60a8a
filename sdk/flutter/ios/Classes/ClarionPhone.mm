/* SPDX-License-Identifier: Apache-2.0 */
#import "CLRDeviceSystem.h"
#import "CLRInviteBox.h"
#import "ClarionPlugin.h"

@implementation ClarionPlugin (Phone)

+ (void)start {
    NSURL* support = [[NSFileManager defaultManager] URLForDirectory:NSApplicationSupportDirectory
                                                            inDomain:NSUserDomainMask
                                                   appropriateForURL:nil
                                                              create:YES
                                                               error:nil];
    NSURL* directory = [support URLByAppendingPathComponent:@"clarion"];
    [self startWithSystem:[CLRDeviceSystem new]
                directory:directory
                   opener:^(NSDictionary* setup) {
                     return [[CLRInviteBox alloc] initWithDirectory:directory
                                                         verifyKeys:setup[@"verify_keys"]
                                                              error:nil];
                   }];
}

+ (NSString*)publicKeyOf:(id<CLRInviteOpener>)opener {
    return ((CLRInviteBox*)opener).publicKey;
}

@end
