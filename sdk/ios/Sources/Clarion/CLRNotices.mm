/* SPDX-License-Identifier: Apache-2.0 */
#import "CLRNotices.h"

namespace {

NSString* const kPrefix = @"clarion.missed.";
NSString* const kCallBack = @"clarion.call_back";

/// A category says which button a notification has; iOS takes the words from the category.
NSString* category_of(CLRMessage* style) {
    return [style[@"action"] boolValue] ? @"clarion.missed.with_call_back" : @"clarion.missed.plain";
}

}  // namespace

@implementation CLRNotices {
    __weak id<CLRFacts> _facts;
}

- (instancetype)initWithFacts:(id<CLRFacts>)facts {
    if ((self = [super init])) _facts = facts;
    return self;
}

- (BOOL)perform:(CLRMessage*)command {
    return CLRPerform(
        self,
        {
            {@CLARION_ENGINE_OUTPUT_SHOW_MISSED_CALL, @selector(show:)},
            {@CLARION_ENGINE_OUTPUT_HIDE_MISSED_CALL, @selector(hide:)},
        },
        command
    );
}

- (void)show:(CLRMessage*)command {
    CLRMessage* style = command[@"style"][@"missed"];
    UNMutableNotificationContent* content = [UNMutableNotificationContent new];
    content.title = command[@"name"] ?: @"";
    content.body = style[@"text"] ?: @"";
    content.sound = [UNNotificationSound defaultSound];
    content.categoryIdentifier = category_of(style);
    if ([style[@"count"] integerValue] > 1) content.badge = style[@"count"];
    [self addCategory:content.categoryIdentifier style:style];
    NSString* identifier = [kPrefix stringByAppendingString:command[@"call_id"]];
    UNNotificationRequest* request = [UNNotificationRequest requestWithIdentifier:identifier
                                                                          content:content
                                                                          trigger:nil];
    __weak id<CLRFacts> facts = _facts;
    id<CLRSystem> system = _facts.system;
    [[UNUserNotificationCenter currentNotificationCenter]
        addNotificationRequest:request
         withCompletionHandler:^(NSError* error) {
           if (error == nil) return;
           [system post:^{
             [facts note:@"the system refused a missed-call notice: is there a permission?"];
           }];
         }];
}

/// Beside those of the app.
- (void)addCategory:(NSString*)identifier style:(CLRMessage*)style {
    UNNotificationAction* callBack = [UNNotificationAction actionWithIdentifier:kCallBack
                                                                          title:style[@"action_text"] ?: @""
                                                                        options:UNNotificationActionOptionForeground];
    UNNotificationCategory* ours =
        [UNNotificationCategory categoryWithIdentifier:identifier
                                               actions:[style[@"action"] boolValue] ? @[ callBack ] : @[]
                                     intentIdentifiers:@[]
                                               options:UNNotificationCategoryOptionCustomDismissAction];
    UNUserNotificationCenter* center = [UNUserNotificationCenter currentNotificationCenter];
    [center getNotificationCategoriesWithCompletionHandler:^(NSSet<UNNotificationCategory*>* categories) {
      NSMutableSet* all = [NSMutableSet setWithObject:ours];
      for (UNNotificationCategory* one in categories) {
          if (![one.identifier isEqualToString:identifier]) [all addObject:one];
      }
      [center setNotificationCategories:all];
    }];
}

- (void)hide:(CLRMessage*)command {
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
    __weak id<CLRFacts> facts = _facts;
    [_facts.system post:^{
      [facts feed:@{@"type" : type, @"call_id" : call}];
    }];
    return YES;
}

@end
