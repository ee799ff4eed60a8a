/* SPDX-License-Identifier: Apache-2.0 */
#import "CLRRooms.h"

CLRMessage* CLRRedialOf(NSUserActivity* activity) {
    INStartCallIntent* intent = CLRKind([INStartCallIntent class], activity.interaction.intent);
    NSString* handle = intent.contacts.firstObject.personHandle.value;
    if (handle.length == 0) return nil;
    const BOOL isVideo = intent.callCapability == INCallCapabilityVideoCall;
    return @{
        @"type" : @CLARION_ENGINE_INPUT_REDIAL_ASKED,
        @"handle" : handle,
        @"media" : isVideo ? @CLARION_MEDIA_VIDEO : @CLARION_MEDIA_AUDIO
    };
}
