/* SPDX-License-Identifier: Apache-2.0 */
#import <Foundation/Foundation.h>

NS_ASSUME_NONNULL_BEGIN

/// Apple's constants in the engine's words: numbers by NSNumber, names as they are.
typedef NSDictionary<id<NSCopying>, NSString*> CLRWords;

CLRWords* CLRReportResults(void);     ///< CXErrorCodeIncomingCallError (IOS-CK-02).
CLRWords* CLRStartResults(void);      ///< CXErrorCodeRequestTransactionError, of a CXStartCallAction.
CLRWords* CLREndReasons(void);        ///< CXCallEndedReason.
CLRWords* CLRToneKinds(void);         ///< CXPlayDTMFCallActionType.
CLRWords* CLRHandleTypes(void);       ///< CXHandleType.
CLRWords* CLRAudioModes(void);        ///< AVAudioSessionMode.
CLRWords* CLRAudioRoutes(void);       ///< AVAudioSessionPort.
CLRWords* CLRSignallingFaults(void);  ///< Close codes, above 0, and NSURLError.

/// The constant of a word; `otherwise`: of none.
id CLRConstantOf(CLRWords* words, NSString* _Nullable word, id otherwise);

NS_ASSUME_NONNULL_END
