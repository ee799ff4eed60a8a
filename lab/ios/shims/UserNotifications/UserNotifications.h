/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#import <Foundation/Foundation.h>

NS_ASSUME_NONNULL_BEGIN

typedef NS_ENUM(NSUInteger, UNNotificationActionOptions) { UNNotificationActionOptionForeground = 4 };
typedef NS_ENUM(NSUInteger, UNNotificationCategoryOptions) { UNNotificationCategoryOptionCustomDismissAction = 1 };
typedef NS_OPTIONS(NSUInteger, UNAuthorizationOptions) {
    UNAuthorizationOptionSound = 2,
    UNAuthorizationOptionAlert = 4
};
typedef NS_ENUM(NSInteger, UNAuthorizationStatus) {
    UNAuthorizationStatusNotDetermined = 0,
    UNAuthorizationStatusDenied = 1,
    UNAuthorizationStatusAuthorized = 2,
};

@interface UNNotificationSettings : NSObject
@property(nonatomic, readonly) UNAuthorizationStatus authorizationStatus;
@end

@interface UNNotificationSound : NSObject
+ (UNNotificationSound*)defaultSound;
@end

@interface UNNotificationContent : NSObject
@property(nonatomic, readonly, copy) NSString* title;
@property(nonatomic, readonly, copy) NSString* body;
@property(nonatomic, readonly, copy) NSString* categoryIdentifier;
@property(nonatomic, readonly, copy, nullable) NSNumber* badge;
@property(nonatomic, readonly, copy, nullable) UNNotificationSound* sound;
@end

@interface UNMutableNotificationContent : UNNotificationContent
@property(nonatomic, copy) NSString* title;
@property(nonatomic, copy) NSString* body;
@property(nonatomic, copy) NSString* categoryIdentifier;
@property(nonatomic, copy, nullable) NSNumber* badge;
@property(nonatomic, copy, nullable) UNNotificationSound* sound;
@end

@class UNNotificationTrigger;

@interface UNNotificationRequest : NSObject
+ (instancetype)requestWithIdentifier:(NSString*)identifier
                              content:(UNNotificationContent*)content
                              trigger:(nullable UNNotificationTrigger*)trigger;
@property(nonatomic, readonly, copy) NSString* identifier;
@property(nonatomic, readonly, copy) UNNotificationContent* content;
@end

@interface UNNotification : NSObject
@property(nonatomic, readonly, copy) UNNotificationRequest* request;
@end

@interface UNNotificationResponse : NSObject
@property(nonatomic, readonly, copy) UNNotification* notification;
@property(nonatomic, readonly, copy) NSString* actionIdentifier;
@end

@interface UNNotificationAction : NSObject
+ (instancetype)actionWithIdentifier:(NSString*)identifier
                               title:(NSString*)title
                             options:(UNNotificationActionOptions)options;
@property(nonatomic, readonly, copy) NSString* title;
@end

@interface UNNotificationCategory : NSObject
+ (instancetype)categoryWithIdentifier:(NSString*)identifier
                               actions:(NSArray<UNNotificationAction*>*)actions
                     intentIdentifiers:(NSArray<NSString*>*)intentIdentifiers
                               options:(UNNotificationCategoryOptions)options;
@property(nonatomic, readonly, copy) NSString* identifier;
@property(nonatomic, readonly, copy) NSArray<UNNotificationAction*>* actions;
@end

@interface UNUserNotificationCenter : NSObject
+ (UNUserNotificationCenter*)currentNotificationCenter;
- (void)getNotificationSettingsWithCompletionHandler:(void (^)(UNNotificationSettings* settings))completionHandler;
- (void)requestAuthorizationWithOptions:(UNAuthorizationOptions)options
                      completionHandler:(void (^)(BOOL granted, NSError* _Nullable error))completionHandler;
- (void)addNotificationRequest:(UNNotificationRequest*)request
         withCompletionHandler:(nullable void (^)(NSError* _Nullable error))completionHandler;
- (void)removePendingNotificationRequestsWithIdentifiers:(NSArray<NSString*>*)identifiers;
- (void)removeDeliveredNotificationsWithIdentifiers:(NSArray<NSString*>*)identifiers;
- (void)setNotificationCategories:(NSSet<UNNotificationCategory*>*)categories;
- (void)getNotificationCategoriesWithCompletionHandler:(void (^)(NSSet<UNNotificationCategory*>* categories)
                                                       )completionHandler;
@end

NS_ASSUME_NONNULL_END
