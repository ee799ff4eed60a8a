/* SPDX-License-Identifier: Apache-2.0 */
#import "CLRWords.h"

#import <AVFAudio/AVFAudio.h>
#import <CallKit/CallKit.h>

#import "sdk/generated/clarion_words.h"

CLRWords* CLRReportResults(void) {
    return @{
        @(CXErrorCodeIncomingCallErrorUnentitled) : @CLARION_REPORT_RESULT_NOT_ALLOWED,
        @(CXErrorCodeIncomingCallErrorCallUUIDAlreadyExists) : @CLARION_REPORT_RESULT_ALREADY_EXISTS,
        @(CXErrorCodeIncomingCallErrorFilteredByDoNotDisturb) : @CLARION_REPORT_RESULT_FILTERED_BY_FOCUS,
        @(CXErrorCodeIncomingCallErrorFilteredByBlockList) : @CLARION_REPORT_RESULT_FILTERED_BY_BLOCK_LIST,
        @(CXErrorCodeIncomingCallErrorFilteredDuringRestrictedSharingMode) : @CLARION_REPORT_RESULT_FILTERED_BY_FOCUS,
        @(CXErrorCodeIncomingCallErrorCallIsProtected) : @CLARION_REPORT_RESULT_NOT_ALLOWED,
        @(CXErrorCodeIncomingCallErrorFilteredBySensitiveParticipants) : @CLARION_REPORT_RESULT_FILTERED_BY_BLOCK_LIST,
    };
}

CLRWords* CLRStartResults(void) {
    return @{
        @(CXErrorCodeRequestTransactionErrorUnentitled) : @CLARION_REPORT_RESULT_NOT_ALLOWED,
        @(CXErrorCodeRequestTransactionErrorMaximumCallGroupsReached) : @CLARION_REPORT_RESULT_LIMIT_REACHED,
        @(CXErrorCodeRequestTransactionErrorCallIsProtected) : @CLARION_REPORT_RESULT_NOT_ALLOWED,
    };
}

CLRWords* CLREndReasons(void) {
    return @{
        @(CXCallEndedReasonFailed) : @CLARION_SYSTEM_END_REASON_FAILED,
        @(CXCallEndedReasonRemoteEnded) : @CLARION_SYSTEM_END_REASON_REMOTE_ENDED,
        @(CXCallEndedReasonUnanswered) : @CLARION_SYSTEM_END_REASON_UNANSWERED,
        @(CXCallEndedReasonAnsweredElsewhere) : @CLARION_SYSTEM_END_REASON_ANSWERED_ELSEWHERE,
        @(CXCallEndedReasonDeclinedElsewhere) : @CLARION_SYSTEM_END_REASON_DECLINED_ELSEWHERE,
    };
}

CLRWords* CLRToneKinds(void) {
    return @{
        @(CXPlayDTMFCallActionTypeSingleTone) : @CLARION_TONE_KIND_SINGLE_TONE,
        @(CXPlayDTMFCallActionTypeSoftPause) : @CLARION_TONE_KIND_SOFT_PAUSE,
        @(CXPlayDTMFCallActionTypeHardPause) : @CLARION_TONE_KIND_HARD_PAUSE,
    };
}

CLRWords* CLRHandleTypes(void) {
    return @{
        @(CXHandleTypePhoneNumber) : @CLARION_HANDLE_TYPE_PHONE_NUMBER,
        @(CXHandleTypeEmailAddress) : @CLARION_HANDLE_TYPE_EMAIL,
    };
}

CLRWords* CLRAudioModes(void) {
    return @{
        AVAudioSessionModeDefault : @CLARION_AUDIO_MODE_STANDARD,
        AVAudioSessionModeGameChat : @CLARION_AUDIO_MODE_GAME_CHAT,
        AVAudioSessionModeMeasurement : @CLARION_AUDIO_MODE_MEASUREMENT,
        AVAudioSessionModeMoviePlayback : @CLARION_AUDIO_MODE_MOVIE_PLAYBACK,
        AVAudioSessionModeSpokenAudio : @CLARION_AUDIO_MODE_SPOKEN_AUDIO,
        AVAudioSessionModeVideoChat : @CLARION_AUDIO_MODE_VIDEO_CHAT,
        AVAudioSessionModeVideoRecording : @CLARION_AUDIO_MODE_VIDEO_RECORDING,
        AVAudioSessionModeVoiceChat : @CLARION_AUDIO_MODE_VOICE_CHAT,
        AVAudioSessionModeVoicePrompt : @CLARION_AUDIO_MODE_VOICE_PROMPT,
    };
}

CLRWords* CLRAudioRoutes(void) {
    return @{
        AVAudioSessionPortBuiltInReceiver : @CLARION_AUDIO_ROUTE_EARPIECE,
        AVAudioSessionPortBuiltInSpeaker : @CLARION_AUDIO_ROUTE_SPEAKER,
        AVAudioSessionPortHeadphones : @CLARION_AUDIO_ROUTE_WIRED,
        AVAudioSessionPortUSBAudio : @CLARION_AUDIO_ROUTE_WIRED,
        AVAudioSessionPortBluetoothHFP : @CLARION_AUDIO_ROUTE_BLUETOOTH,
        AVAudioSessionPortBluetoothA2DP : @CLARION_AUDIO_ROUTE_BLUETOOTH,
        AVAudioSessionPortBluetoothLE : @CLARION_AUDIO_ROUTE_BLUETOOTH,
        AVAudioSessionPortCarAudio : @CLARION_AUDIO_ROUTE_CAR,
    };
}

CLRWords* CLRSignallingFaults(void) {
    constexpr NSInteger kReplaced = 4001;  // The server's own close codes (docs/protocol.md).
    constexpr NSInteger kRefused = 4003;
    return @{
        @(NSURLSessionWebSocketCloseCodeProtocolError) : @CLARION_SIGNALLING_FAULT_PROTOCOL_ERROR,
        @(NSURLSessionWebSocketCloseCodeInvalidFramePayloadData) : @CLARION_SIGNALLING_FAULT_PROTOCOL_ERROR,
        @(NSURLSessionWebSocketCloseCodeMessageTooBig) : @CLARION_SIGNALLING_FAULT_PROTOCOL_ERROR,
        @(kReplaced) : @CLARION_SIGNALLING_FAULT_REPLACED,
        @(kRefused) : @CLARION_SIGNALLING_FAULT_REFUSED,
        @(NSURLErrorTimedOut) : @CLARION_SIGNALLING_FAULT_TIMED_OUT,
        @(NSURLErrorNetworkConnectionLost) : @CLARION_SIGNALLING_FAULT_CLOSED,
        @(NSURLErrorSecureConnectionFailed) : @CLARION_SIGNALLING_FAULT_TLS_UNTRUSTED,
        @(NSURLErrorServerCertificateHasBadDate) : @CLARION_SIGNALLING_FAULT_TLS_UNTRUSTED,
        @(NSURLErrorServerCertificateUntrusted) : @CLARION_SIGNALLING_FAULT_TLS_UNTRUSTED,
        @(NSURLErrorServerCertificateHasUnknownRoot) : @CLARION_SIGNALLING_FAULT_TLS_UNTRUSTED,
        @(NSURLErrorServerCertificateNotYetValid) : @CLARION_SIGNALLING_FAULT_TLS_UNTRUSTED,
    };
}

id CLRConstantOf(CLRWords* words, NSString* word, id otherwise) {
    return (word == nil ? nil : [words allKeysForObject:word].firstObject) ?: otherwise;
}
