// SPDX-License-Identifier: Apache-2.0
// firebase-admin against the lab's FCM and its token endpoint. The client insists on Google's hosts: tls.connect, which
// lies under HTTP/1.1 and HTTP/2 alike, leads them to the lab. The certificate has their names.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import tls from 'node:tls';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Lab } from './lab.mjs';

const require = createRequire(process.env.INTEROP_MODULES);
const { initializeApp, cert, deleteApp } = require('firebase-admin/app');
const { getMessaging } = require('firebase-admin/messaging');
let lab;
let fcm;
let app;
let messaging;

function leadToLab() {
  const connect = tls.connect;
  tls.connect = (...arguments_) => {
    const options = arguments_.find((one) => typeof one === 'object' && one !== null) ?? {};
    const host = options.servername || options.host || arguments_.find((one) => typeof one === 'string');
    if (!/(^|\.)googleapis\.com$/.test(host ?? '')) throw new Error(`a test reaches for ${host}`);
    const callback = arguments_.find((one) => typeof one === 'function');
    const local = { ...options, host: 'localhost', port: Number(new URL(fcm.endpoint).port), servername: host };
    return connect({ ...local, path: undefined, ca: lab.ca }, callback);
  };
}

const ring = (fields = {}) => ({
  token: fcm.token, data: { type: 'ring', call: 'c1' }, android: { priority: 'high', ttl: 30_000 }, ...fields,
});

/** The code that the client gives to a failed push; '' when it was sent. */
const code = (message, dry = false) =>
  messaging.send(message, dry).then(() => '', (error) => error.code ?? error.message);

before(async () => {
  lab = await Lab.start();
  fcm = lab.ready.fcm;
  leadToLab();
  app = initializeApp({ credential: cert(JSON.parse(readFileSync(fcm.service_account_file, 'utf8'))) });
  messaging = getMessaging(app);
});
after(async () => {
  await deleteApp(app);
  await lab.stop();
});

test('a data message arrives as it was sent', async () => {
  const name = await messaging.send(ring());
  assert.match(name, new RegExp(`^projects/${fcm.project_id}/messages/0:`));
  const push = await lab.push('fcm');
  assert.deepEqual(push.payload, { type: 'ring', call: 'c1' });
  assert.equal(push.priority, 'HIGH');
  assert.equal(push.id, name);
  assert.ok(Math.abs(push.expires_ms - Date.now() - 30_000) < 5_000);
});

test('a batch over HTTP/2 and a batch over HTTP/1.1 are all sent', async () => {
  const batch = await messaging.sendEach(Array(50).fill(ring()));
  assert.deepEqual(batch.responses.filter(({ success }) => !success).map(({ error }) => error), []);
  assert.equal(batch.successCount, 50);
  messaging.enableLegacyHttpTransport();
  const legacy = await messaging.sendEachForMulticast({ tokens: [fcm.token, fcm.token], data: { a: 'b' } });
  assert.equal(legacy.successCount, 2);
  for (let i = 0; i < 52; ++i) await lab.push('fcm');
});

test('a dry run is checked and not delivered', async () => {
  assert.match(await messaging.send(ring(), true), /fake_message_id$/);
  assert.equal(await code(ring({ token: 'not a token' }), true), 'messaging/invalid-argument');
});

test('each refusal has the code that the client promises', async () => {
  assert.equal(await code(ring({ token: `${'x'.repeat(22)}:APA91b${'y'.repeat(100)}` })),
    'messaging/registration-token-not-registered');
  assert.equal(await code(ring({ token: 'not a token' })), 'messaging/invalid-argument');
  assert.equal(await code(ring({ data: { big: 'x'.repeat(4097) } })), 'messaging/invalid-argument');
  assert.equal(await code(ring({ data: { 'google.x': 'y' } })), 'messaging/invalid-argument');
  await lab.play('fcm * throttle 60');
  assert.equal(await code(ring()), 'messaging/message-rate-exceeded');
  await lab.play('fcm * status 500 INTERNAL');
  assert.equal(await code(ring()), 'messaging/internal-error');
});

test('the client waits as Retry-After says and sends again', async () => {
  await lab.play('fcm * status 503 UNAVAILABLE retry-after 1');
  const start = Date.now();
  assert.equal(await code(ring()), '');
  assert.ok(Date.now() - start >= 900);
  await lab.push('fcm');
});

test('a phone that is away gets the newest of a collapse key', async () => {
  await lab.play(`fcm ${fcm.token} away`);
  const android = { collapseKey: 'k', ttl: 60_000 };
  assert.equal(await code(ring({ data: { n: '1' }, android })), '');
  assert.equal(await code(ring({ data: { n: '2' }, android })), '');
  assert.equal(await code(ring({ data: { n: 'never' }, android: { ttl: 0 } })), '');
  await lab.play(`fcm ${fcm.token} back`);
  assert.deepEqual((await lab.push('fcm')).payload, { n: '2' });
  assert.equal(lab.events.length, 0);
});

test('a removed app is told by its code', async () => {
  await lab.play(`fcm ${fcm.token} gone`);
  assert.equal(await code(ring()), 'messaging/registration-token-not-registered');
});

test('an access token that is revoked is refused', async () => {
  await lab.play('oauth T gone');
  assert.equal(await code(ring()), 'messaging/third-party-auth-error');
});

test('an account that the token endpoint refuses is told as such', async () => {
  const other = JSON.parse(readFileSync(fcm.service_account_file, 'utf8'));
  const stranger = initializeApp({ credential: cert({ ...other, client_email: 'nobody@example.com' }) }, 'stranger');
  await assert.rejects(getMessaging(stranger).send(ring()), /account not found|invalid_grant/);
  await deleteApp(stranger);
});
