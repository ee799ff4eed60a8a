/* SPDX-License-Identifier: Apache-2.0 */
#import <Foundation/Foundation.h>

NS_ASSUME_NONNULL_BEGIN

/// Declines a call with one HTTP request and the ticket of its push: for a notification extension, or any process that
/// does not live long enough for a connection. `invite`: the opened invite. May be repeated. `done`, on any thread: the
/// HTTP status, or 0 when the server was not reached.
void CLRDeclineOnce(
    NSURLSession* session,
    NSURL* server,
    NSDictionary<NSString*, id>* invite,
    BOOL isBusy,
    void (^done)(NSInteger status)
);

NS_ASSUME_NONNULL_END
