/* SPDX-License-Identifier: Apache-2.0 */
#import "lab/ios/iphone.h"

using clarion::lab::IPhone;

@implementation UNNotificationSound
+ (UNNotificationSound*)defaultSound {
    return [UNNotificationSound new];
}
- (id)copyWithZone:(NSZone*)zone {
    return self;
}
@end

@implementation UNNotificationContent
@end

@implementation UNMutableNotificationContent
@synthesize title = _newTitle;
@synthesize body = _newBody;
@synthesize categoryIdentifier = _newCategoryIdentifier;
@synthesize badge = _newBadge;
@synthesize sound = _newSound;
@end

@implementation UNNotificationRequest
+ (instancetype)requestWithIdentifier:(NSString*)identifier
                              content:(UNNotificationContent*)content
                              trigger:(UNNotificationTrigger*)trigger {
    UNNotificationRequest* request = [self new];
    request->_identifier = [identifier copy];
    request->_content = content;
    return request;
}
@end

@interface UNNotification ()
- (instancetype)initWithLabRequest:(UNNotificationRequest*)request;
@end

@implementation UNNotification {
    UNNotificationRequest* _labRequest;
}
- (instancetype)initWithLabRequest:(UNNotificationRequest*)request {
    if ((self = [super init])) _labRequest = request;
    return self;
}
- (UNNotificationRequest*)request {
    return _labRequest;
}
@end

@implementation UNNotificationResponse {
    UNNotification* _labNotification;
    NSString* _labAction;
}
- (instancetype)initWithLabRequest:(UNNotificationRequest*)request action:(NSString*)action {
    if ((self = [super init])) {
        _labNotification = [[UNNotification alloc] initWithLabRequest:request];
        _labAction = action;
    }
    return self;
}
- (UNNotification*)notification {
    return _labNotification;
}
- (NSString*)actionIdentifier {
    return _labAction;
}
@end

@implementation UNNotificationAction
+ (instancetype)actionWithIdentifier:(NSString*)identifier
                               title:(NSString*)title
                             options:(UNNotificationActionOptions)options {
    UNNotificationAction* action = [self new];
    action->_title = [title copy];
    return action;
}
@end

@implementation UNNotificationCategory
+ (instancetype)categoryWithIdentifier:(NSString*)identifier
                               actions:(NSArray<UNNotificationAction*>*)actions
                     intentIdentifiers:(NSArray<NSString*>*)intentIdentifiers
                               options:(UNNotificationCategoryOptions)options {
    UNNotificationCategory* category = [self new];
    category->_identifier = [identifier copy];
    category->_actions = [actions copy];
    return category;
}
@end

@implementation UNNotificationSettings {
    UNAuthorizationStatus _authorizationStatus;
}
- (instancetype)initWithLabStatus:(UNAuthorizationStatus)status {
    if ((self = [super init])) _authorizationStatus = status;
    return self;
}
- (UNAuthorizationStatus)authorizationStatus {
    return _authorizationStatus;
}
@end

@implementation UNUserNotificationCenter
+ (UNUserNotificationCenter*)currentNotificationCenter {
    static UNUserNotificationCenter* current = [UNUserNotificationCenter new];
    return current;
}
- (BOOL)enters {
    return IPhone::current().enters(IPhone::current().generation());
}
- (UNAuthorizationStatus)status {
    auto& phone = IPhone::current();
    if (phone.allows_notifications) return UNAuthorizationStatusAuthorized;
    return phone.was_asked("notifications") ? UNAuthorizationStatusDenied : UNAuthorizationStatusNotDetermined;
}
- (void)getNotificationSettingsWithCompletionHandler:(void (^)(UNNotificationSettings*))completionHandler {
    if (![self enters]) return;
    UNNotificationSettings* settings = [[UNNotificationSettings alloc] initWithLabStatus:[self status]];
    IPhone::current().post(IPhone::current().generation(), ^{
      completionHandler(settings);
    });
}
- (void)requestAuthorizationWithOptions:(UNAuthorizationOptions)options
                      completionHandler:(void (^)(BOOL, NSError*))completionHandler {
    if (![self enters]) return;
    auto& phone = IPhone::current();
    if ([self status] == UNAuthorizationStatusNotDetermined) phone.allows_notifications = phone.ask("notifications");
    phone.post(phone.generation(), ^{
      completionHandler(IPhone::current().allows_notifications, nil);
    });
}
- (void)addNotificationRequest:(UNNotificationRequest*)request
         withCompletionHandler:(void (^)(NSError*))completionHandler {
    if (![self enters]) return;
    auto& phone = IPhone::current();
    NSError* error = nil;
    if (phone.allows_notifications) {
        phone.notices[request.identifier.UTF8String] = request;
        [phone.service noticed:request];
    } else {
        error = [NSError errorWithDomain:@"UNErrorDomain" code:1 userInfo:nil];
    }
    phone.post(phone.generation(), ^{
      completionHandler(error);
    });
}
- (void)removePendingNotificationRequestsWithIdentifiers:(NSArray<NSString*>*)identifiers {
}
- (void)removeDeliveredNotificationsWithIdentifiers:(NSArray<NSString*>*)identifiers {
    if (![self enters]) return;
    for (NSString* identifier in identifiers) IPhone::current().notices.erase(identifier.UTF8String);
}
- (void)setNotificationCategories:(NSSet<UNNotificationCategory*>*)categories {
    if ([self enters]) IPhone::current().categories = categories;
}
- (void)getNotificationCategoriesWithCompletionHandler:(void (^)(NSSet<UNNotificationCategory*>*))completionHandler {
    auto& phone = IPhone::current();
    phone.post(phone.generation(), ^{
      completionHandler(IPhone::current().categories);
    });
}
@end
