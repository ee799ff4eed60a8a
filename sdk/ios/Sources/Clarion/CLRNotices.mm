/* SPDX-License-Identifier: Apache-2.0 */
#import "CLRRooms.h"

namespace {

NSString* const kPrefix = @"clarion.missed.";
NSString* const kCallBack = @"clarion.call_back";

}  // namespace

@implementation CLRNotices

- (void)performShowMissedCall:(CLRMessage*)command {
    CLRMessage* style = command[@"style"][@"missed"];
    UNMutableNotificationContent* content = [UNMutableNotificationContent new];
    content.title = command[@"name"] ?: @"";
    content.body = style[@"text"] ?: @"";
    content.sound = [UNNotificationSound defaultSound];
    if ([style[@"count"] integerValue] > 1) content.badge = style[@"count"];
    content.categoryIdentifier = [self addCategory:style];
    NSString* identifier = [kPrefix stringByAppendingString:command[@"call_id"]];
    UNNotificationRequest* request = [UNNotificationRequest requestWithIdentifier:identifier
                                                                          content:content
                                                                          trigger:nil];
    [[UNUserNotificationCenter currentNotificationCenter]
        addNotificationRequest:request
         withCompletionHandler:^(NSError* error) {
           if (error == nil) return;
           [self later:^(CLRNotices* notices) {
             [notices.shell note:@"the system refused a missed-call notice: is there a permission?"];
           }];
         }];
}

/// A category, beside those of the app, says which button a notice has, and in which words.
- (NSString*)addCategory:(CLRMessage*)style {
    const BOOL hasButton = [style[@"action"] boolValue];
    NSString* identifier = hasButton ? @"clarion.missed.with_call_back" : @"clarion.missed.plain";
    UNNotificationAction* callBack = [UNNotificationAction actionWithIdentifier:kCallBack
                                                                          title:style[@"action_text"] ?: @""
                                                                        options:UNNotificationActionOptionForeground];
    UNNotificationCategory* ours =
        [UNNotificationCategory categoryWithIdentifier:identifier
                                               actions:hasButton ? @[ callBack ] : @[]
                                     intentIdentifiers:@[]
                                               options:UNNotificationCategoryOptionCustomDismissAction];
    UNUserNotificationCenter* center = [UNUserNotificationCenter currentNotificationCenter];
    [center getNotificationCategoriesWithCompletionHandler:^(NSSet<UNNotificationCategory*>* categories) {
      NSPredicate* isOther = [NSPredicate predicateWithFormat:@"identifier != %@", identifier];
      [center setNotificationCategories:[[categories filteredSetUsingPredicate:isOther] setByAddingObject:ours]];
    }];
    return identifier;
}

- (void)performHideMissedCall:(CLRMessage*)command {
    NSArray* identifiers = @[ [kPrefix stringByAppendingString:command[@"call_id"]] ];
    UNUserNotificationCenter* center = [UNUserNotificationCenter currentNotificationCenter];
    [center removePendingNotificationRequestsWithIdentifiers:identifiers];
    [center removeDeliveredNotificationsWithIdentifiers:identifiers];
}

- (BOOL)didReceiveResponse:(UNNotificationResponse*)response {
    NSString* identifier = response.notification.request.identifier;
    if (![identifier hasPrefix:kPrefix]) return NO;
    NSString* call = [identifier substringFromIndex:kPrefix.length];
    NSString* type = [response.actionIdentifier isEqualToString:kCallBack] ? @CLARION_ENGINE_INPUT_USER_CALLED_BACK
                                                                           : @CLARION_ENGINE_INPUT_MISSED_SEEN;
    [self later:^(CLRNotices* notices) {
      [notices tell:type call:call with:@{}];
    }];
    return YES;
}

@end
