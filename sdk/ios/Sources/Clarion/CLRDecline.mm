/* SPDX-License-Identifier: Apache-2.0 */
#import "include/CLRDecline.h"

#import "CLRRoom.h"

void CLRDeclineOnce(
    NSURLSession* session,
    NSURL* server,
    NSDictionary<NSString*, id>* invite,
    BOOL isBusy,
    void (^done)(NSInteger status)
) {
    NSURL* address = [NSURL URLWithString:CLRAddress(server, @"/v1/decline")];
    NSMutableURLRequest* request = [NSMutableURLRequest requestWithURL:address];
    request.HTTPMethod = @"POST";
    request.timeoutInterval = 10;  // An extension lives about 30 s.
    [request setValue:@"application/json" forHTTPHeaderField:@"Content-Type"];
    NSDictionary* body = @{
        @"call_id" : invite[@"call"] ?: @"",
        @"device" : invite[@"dev"] ?: @"",
        @"ticket" : invite[@"tkt"] ?: @"",
        @"reason" : isBusy ? @CLARION_END_REASON_BUSY : @CLARION_END_REASON_DECLINE
    };
    request.HTTPBody = [NSJSONSerialization dataWithJSONObject:body options:0 error:nil];
    [[session dataTaskWithRequest:request
                completionHandler:^(NSData* data, NSURLResponse* response, NSError* error) {
                  NSHTTPURLResponse* answer = CLRKind([NSHTTPURLResponse class], response);
                  done(answer.statusCode);
                }] resume];
}
