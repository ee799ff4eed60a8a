/* SPDX-License-Identifier: Apache-2.0 */
#import "include/CLRDecline.h"

#import "sdk/generated/clarion_words.h"

void CLRDeclineOnce(
    NSURLSession* session,
    NSURL* server,
    NSDictionary<NSString*, id>* invite,
    BOOL isBusy,
    void (^done)(NSInteger status)
) {
    NSString* base = [server.absoluteString
        stringByTrimmingCharactersInSet:[NSCharacterSet characterSetWithCharactersInString:@"/"]];
    NSMutableURLRequest* request =
        [NSMutableURLRequest requestWithURL:[NSURL URLWithString:[base stringByAppendingString:@"/v1/decline"]]];
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
                  const BOOL isAnswer = [response isKindOfClass:[NSHTTPURLResponse class]];
                  done(isAnswer ? ((NSHTTPURLResponse*)response).statusCode : 0);
                }] resume];
}
