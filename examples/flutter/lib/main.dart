// SPDX-License-Identifier: Apache-2.0
// Everything that the two documents about push and call screens do by hand: rings with the app killed, answers, declines,
// holds, mutes, connects, hears why a call ended, finds the call when opened late, places calls.
import 'package:clarion/callkit.dart';
import 'package:clarion/clarion.dart';
import 'package:clarion/planetkit.dart';
import 'package:flutter/material.dart';

const serverUrl = 'https://calls.example.com';

Future<void> main() async {
  WidgetsFlutterBinding.ensureInitialized();
  // Once a user is known; kept on the device. From then on native code rings, whatever becomes of Dart.
  final publicKey = await Clarion.instance.signIn(ClarionSetup(
    server: serverUrl,
    service: 'acme',
    user: await Account.userId,
    device: await Account.deviceId,
    verifyKeys: const ['…'],
    parts: 'CallMedia', // The native class with your WebRTC.
  ));
  await Account.register(boxKey: publicKey);
  runApp(MaterialApp(home: const PhonePage()));
}

/// Only where the app has a messaging service of its own (FirebaseMessaging.onBackgroundMessage); in any isolate.
@pragma('vm:entry-point')
Future<void> onPush(Map<String, dynamic> data) => FlutterCallkitIncoming.showCallkitIncoming(CallKitParams(
      id: data['call_id'] as String? ?? '',
      extra: data, // With its cc_param: what proves that somebody calls.
      missedCallNotification: const NotificationParams(subtitle: 'You missed a call', callbackText: 'Call back'),
      android: const AndroidParams(backgroundColor: '#0955fa', textAccept: 'Accept', textDecline: 'Decline'),
      ios: const IOSParams(iconName: 'CallKitLogo', supportsVideo: true),
    ));

class PhonePage extends StatefulWidget {
  const PhonePage({super.key});

  @override
  State<PhonePage> createState() => _PhonePageState();
}

class _PhonePageState extends State<PhonePage> {
  PlanetKitCall? current;
  String line = 'nobody calls';

  @override
  void initState() {
    super.initState();
    // A push token for the app server, and how a call looks on its way: taps of the system's screen need no code here.
    FlutterCallkitIncoming.onEvent.listen((event) async {
      switch (event) {
        case CallEventActionDidUpdateDevicePushTokenVoip _:
          await Account.register(pushToken: await FlutterCallkitIncoming.getDevicePushTokenVoIP());
        case CallEventActionCallIncoming(callKitParams: final params):
          setState(() => line = '${params.nameCaller} calls');
          await adopt(params.id);
        case CallEventActionCallTimeout _:
          setState(() => line = 'a missed call');
        case CallEventActionCallCallback(id: final id):
          setState(() => line = 'call back: $id');
        case _:
          break;
      }
    });
    Clarion.instance.tokensWanted.listen((_) async => Clarion.instance.supplyToken(await Account.token));
    start();
  }

  Future<void> start() async {
    for (final missing in await Clarion.instance.preflight()) {
      await Clarion.instance.ask(missing);
    }
    final isReady = await PlanetKitManager.instance.initializePlanetKit(const PlanetKitInitParam(
      logSetting: PlanetKitLogSetting(
        enabled: true,
        logLevel: PlanetKitLogLevel.simple,
        logSizeLimit: PlanetKitLogSizeLimit.small,
      ),
      serverUrl: serverUrl,
    ));
    setState(() => line = isReady ? line : 'not signed in');
    // Opened late, from a notification or the lock screen: what lives is there.
    for (final call in await FlutterCallkitIncoming.activeCalls()) {
      await adopt(call.id);
    }
  }

  Future<void> adopt(String id) async {
    final call = await PlanetKitManager.instance.adoptBackgroundCall(id, handler);
    if (call != null) setState(() => current = call);
  }

  late final handler = PlanetKitCallEventHandler(
    onWaitConnected: (call) => setState(() => line = 'it rings there'),
    onVerified: (call, isPrepared) => setState(() => line = 'the call is real'),
    onConnected: (call, isPreparing, shouldFinish) => setState(() => line = 'connected'),
    onPeerHold: (call, reason) => setState(() => line = 'on hold: ${reason ?? ''}'),
    onPeerUnhold: (call) => setState(() => line = 'connected'),
    onNetworkUnavailable: (call, isPeer, left) => setState(() => line = 'the network is gone'),
    onDisconnected: (call, reason, source, code, byRemote) => setState(() {
      line = 'over: ${reason.name}';
      current = null;
    }),
  );

  Future<void> callAlice() async {
    final param = PlanetKitMakeCallParamBuilder()
        .setMyUserId(await Account.userId)
        .setMyServiceId('acme')
        .setPeerUserId('alice')
        .setPeerServiceId('acme')
        .setAccessToken(await Account.token)
        .build();
    final result = await PlanetKitManager.instance.makeCall(param, handler);
    setState(() {
      current = result.call;
      line = result.reason == PlanetKitStartFailReason.none ? 'calling' : result.reason.name;
    });
  }

  @override
  Widget build(BuildContext context) {
    final call = current;
    return Scaffold(
      body: Column(children: [
        Text(line),
        if (call == null) TextButton(onPressed: callAlice, child: const Text('Call Alice')),
        if (call != null) ...[
          TextButton(onPressed: () => call.acceptCall(), child: const Text('Accept')),
          TextButton(onPressed: () => call.endCall(), child: const Text('Decline, hang up')),
          TextButton(onPressed: () async => call.muteMyAudio(!await call.isMyAudioMuted), child: const Text('Mute')),
          TextButton(onPressed: () async => await call.isOnHold ? call.unhold() : call.hold(), child: const Text('Hold')),
          TextButton(onPressed: () async => call.speakerOut(!await call.isSpeakerOut), child: const Text('Speaker')),
        ],
      ]),
    );
  }
}

/// Yours: who is signed in, and the app server that registers devices and makes access tokens.
abstract final class Account {
  static Future<String> get userId async => 'bob';
  static Future<String> get deviceId async => 'bob-phone';
  static Future<String> get token async => '…';
  static Future<void> register({String? boxKey, String? pushToken}) async {}
}
