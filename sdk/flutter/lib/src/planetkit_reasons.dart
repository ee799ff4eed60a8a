// SPDX-License-Identifier: Apache-2.0
import 'words.dart' as words;

/// Why a call ended.
enum PlanetKitDisconnectReason {
  normal(words.EndReason.normal),
  decline(words.EndReason.decline),
  cellCall(words.EndReason.cellCall),
  internalError(words.EndReason.internalError),
  userError(words.EndReason.userError),
  internalKitError(words.EndReason.internalKitError),
  micNoSource(words.EndReason.micNoSource),
  cancel(words.EndReason.cancel),
  busy(words.EndReason.busy),
  noAnswer(words.EndReason.noAnswer),
  alreadyGotACall(words.EndReason.alreadyGotACall),
  multiDeviceInUse(words.EndReason.multiDeviceInUse),
  multiDeviceAnswer(words.EndReason.multiDeviceAnswer),
  multiDeviceDecline(words.EndReason.multiDeviceDecline),
  maxCallTimeExceeded(words.EndReason.maxCallTimeExceeded),
  networkUnstable(words.EndReason.networkUnstable),
  pushError(words.EndReason.pushError),
  authError(words.EndReason.authError),
  releasedCall(words.EndReason.releasedCall),
  serverInternalError(words.EndReason.serverInternalError),
  unavailableNetwork(words.EndReason.unavailableNetwork),
  appDestroy(words.EndReason.appDestroy),
  systemSleep(words.EndReason.systemSleep),
  systemLogOff(words.EndReason.systemLogOff),
  mtuExceeded(words.EndReason.mtuExceeded),
  appServerDataError(words.EndReason.appServerDataError),
  desktopScreenLocked(words.EndReason.desktopScreenLocked),
  roomIsFull(words.EndReason.roomIsFull),
  aloneKickOut(words.EndReason.aloneKickOut),
  roomNotFound(words.EndReason.roomNotFound),
  anotherInstanceTryToJoin(words.EndReason.anotherInstanceTryToJoin),
  serviceAccessTokenError(words.EndReason.serviceAccessTokenError),
  serviceInvalidID(words.EndReason.serviceInvalidId),
  serviceMaintenance(words.EndReason.serviceMaintenance),
  serviceBusy(words.EndReason.serviceBusy),
  serviceInternalError(words.EndReason.serviceInternalError),
  serviceHttpError(words.EndReason.serviceHttpError),
  serviceHttpConnectionTimeOut(words.EndReason.serviceHttpConnectionTimeOut),
  serviceHttpInvalidPeerCert(words.EndReason.serviceHttpInvalidPeerCert),
  serviceHttpConnectFail(words.EndReason.serviceHttpConnectFail),
  serviceHttpInvalidUrl(words.EndReason.serviceHttpInvalidUrl),
  serviceIncompatiblePlanetKitVer(words.EndReason.serviceIncompatibleVersion),
  serviceTooManyRequests(words.EndReason.serviceTooManyRequests),
  unknown(words.EndReason.unknown);

  const PlanetKitDisconnectReason(this.reason);

  final words.EndReason reason;

  int get intValue => reason.number;

  /// A word that this version does not know is `unknown`.
  static PlanetKitDisconnectReason from(Object? word) =>
      values.firstWhere((one) => one.reason.word == word, orElse: () => unknown);

  static PlanetKitDisconnectReason fromInt(int value) =>
      values.firstWhere((one) => one.intValue == value, orElse: () => unknown);
}

/// Why a call was not started. `unknown` stands for every number that this version does not know: none of them is success.
enum PlanetKitStartFailReason {
  none(words.StartFail.none),
  invalidParam(words.StartFail.invalidParam),
  alreadyExist(words.StartFail.alreadyExist),
  decodeCallParam(words.StartFail.decodeCallParam),
  memoryError(words.StartFail.memoryError),
  idConflict(words.StartFail.idConflict),
  reuse(words.StartFail.reuse),
  invalidUserId(words.StartFail.invalidUserId),
  invalidServiceId(words.StartFail.invalidServiceId),
  invalidAPIKey(words.StartFail.invalidApiKey),
  invalidRoomId(words.StartFail.invalidRoomId),
  tooLongAppServerData(words.StartFail.tooLongAppServerData),
  notInitialized(words.StartFail.notInitialized),
  kitUnknownMediaType(words.StartFail.kitUnknownMediaType),
  kitInvalidRoomId(words.StartFail.kitInvalidRoomId),
  kitInvalidPeerId(words.StartFail.kitInvalidPeerId),
  kitInvalidPushMessage(words.StartFail.kitInvalidPushMessage),
  kitNoMetalDevice(words.StartFail.kitNoMetalDevice),
  kitInvalidAuthentication(words.StartFail.kitInvalidAuthentication),
  kitInternalInitializationError(words.StartFail.kitInternalInitializationError),
  kitNoPermissionRecordAudio(words.StartFail.kitNoPermissionRecordAudio),
  kitMyUserIdBlank(words.StartFail.kitMyUserIdBlank),
  kitMyServiceIdBlank(words.StartFail.kitMyServiceIdBlank),
  kitPeerUserIdBlank(words.StartFail.kitPeerUserIdBlank),
  kitPeerServiceIdBlank(words.StartFail.kitPeerServiceIdBlank),
  kitInvalidStateToMakeCall(words.StartFail.kitInvalidStateToMakeCall),
  kitCannotCreateNewSession(words.StartFail.kitCannotCreateNewSession),
  kitInvalidStateToJoinConference(words.StartFail.kitInvalidStateToJoinConference),
  kitRoomIdBlank(words.StartFail.kitRoomIdBlank),
  kitRoomServiceIdBlank(words.StartFail.kitRoomServiceIdBlank),
  kitNoPermissionReadPhoneState(words.StartFail.kitNoPermissionReadPhoneState),
  kitInternalUnknownExceptionAtVerifyCall(words.StartFail.kitInternalUnknownExceptionAtVerifyCall),
  kitInternalJNIEnv(words.StartFail.kitInternalJniEnv),
  kitInternalJNIHandleNullptr(words.StartFail.kitInternalJniHandleNullptr),
  kitInternalJNIObjNullptr(words.StartFail.kitInternalJniObjNullptr),
  kitInternalJNIClassNullptr(words.StartFail.kitInternalJniClassNullptr),
  kitInternalUndefined(words.StartFail.kitInternalUndefined),
  unknown(words.StartFail.unknown);

  const PlanetKitStartFailReason(this.reason);

  final words.StartFail reason;

  int get intValue => reason.number;

  static PlanetKitStartFailReason fromInt(int value) =>
      values.firstWhere((one) => one.intValue == value, orElse: () => unknown);
}

/// Who ended a call.
enum PlanetKitDisconnectSource {
  undefined(words.EndSource.undefined),
  callee(words.EndSource.callee),
  caller(words.EndSource.caller),
  participant(words.EndSource.participant),
  cloudServer(words.EndSource.cloudServer),
  appServer(words.EndSource.appServer);

  const PlanetKitDisconnectSource(this.source);

  final words.EndSource source;

  int get intValue => index;

  static PlanetKitDisconnectSource from(Object? word) =>
      values.firstWhere((one) => one.source.word == word, orElse: () => undefined);

  static PlanetKitDisconnectSource fromInt(int rawValue) =>
      rawValue >= 0 && rawValue < values.length ? values[rawValue] : undefined;
}
