// SPDX-License-Identifier: Apache-2.0
// @parse/node-apn against the lab's APNs.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { Lab } from './lab.mjs';

const apn = createRequire(process.env.INTEROP_MODULES)('@parse/node-apn');
let lab;
let apns;
let provider;

const makeProvider = (token = {}) =>
  new apn.Provider({
    address: 'localhost',
    port: Number(new URL(apns.endpoint).port),
    ca: lab.ca,
    token: { key: apns.key_file, keyId: apns.key_id, teamId: apns.team_id, ...token },
  });

const note = (fields = {}) =>
  Object.assign(new apn.Notification(), {
    topic: `${apns.bundle_id}.voip`, pushType: 'voip', priority: 10, expiry: 0, payload: { call: 'c1' }, ...fields,
  });

/** One push; its error as the client tells it, or '' when it was sent. */
async function send(fields, token = apns.voip_token, by = provider) {
  const { sent, failed } = await by.send(note(fields), token);
  if (failed.length === 0) return sent.length === 1 ? '' : 'neither sent nor failed';
  const { status, response, error } = failed[0];
  return response ? `${status} ${response.reason}` : `error ${error?.message}`;
}

before(async () => {
  lab = await Lab.start();
  apns = lab.ready.apns;
  provider = makeProvider();
});
after(async () => {
  await provider.shutdown();
  await lab.stop();
});

test('a VoIP push arrives as it was sent', async () => {
  assert.equal(await send({ id: '0b0b6f0e-8a3c-4c3e-9a0a-2f6b4e1d7c55' }), '');
  const push = await lab.push('apns');
  assert.equal(push.push_type, 'voip');
  assert.equal(push.expires_ms, 0);
  assert.equal(push.priority, '10');
  assert.equal(push.id, '0b0b6f0e-8a3c-4c3e-9a0a-2f6b4e1d7c55');
  assert.equal(push.payload.call, 'c1');
});

test('a hundred at once are all sent', async () => {
  const { sent, failed } = await provider.send(note(), Array(100).fill(apns.voip_token));
  assert.deepEqual([sent.length, failed.length], [100, 0]);
  for (let i = 0; i < 100; ++i) await lab.push('apns');
});

test('alert and background pushes go to the alert token', async () => {
  const topic = apns.bundle_id;
  assert.equal(await send({ topic, pushType: 'alert', alert: 'Missed call', collapseId: 'c1' }, apns.alert_token), '');
  assert.equal((await lab.push('apns')).collapse_id, 'c1');
  const silent = { topic, pushType: 'background', priority: 5, contentAvailable: true };
  assert.equal(await send(silent, apns.alert_token), '');
  await lab.push('apns');
  assert.equal(await send({ ...silent, priority: 10 }, apns.alert_token), '400 BadPriority');
});

test('each refusal reaches the client with its reason', async () => {
  assert.equal(await send({}, 'ab'.repeat(32)), '400 BadDeviceToken');
  assert.equal(await send({}, apns.alert_token), '400 DeviceTokenNotForTopic');
  assert.equal(await send({ pushType: 'alert' }), '400 InvalidPushType');
  assert.equal(await send({ topic: undefined }), '400 MissingTopic');
  assert.equal(await send({ topic: 'no topic' }), '400 BadTopic');
  assert.equal(await send({ collapseId: 'x'.repeat(65) }), '400 BadCollapseId');
  assert.equal(await send({ payload: { fill: 'x'.repeat(5121) } }), '413 PayloadTooLarge');
});

test('a wrong key and a wrong team are told apart from a good one', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
  for (const token of [{ key }, { teamId: 'OTHERTEAM1' }, { keyId: 'OTHERKEY01' }]) {
    const other = makeProvider(token);
    assert.equal(await send({}, apns.voip_token, other), '403 InvalidProviderToken');
    await other.shutdown();
  }
});

test('a device that removed the app is 410 with a moment', async () => {
  await lab.play(`apns ${apns.alert_token} gone`);
  const { failed } = await provider.send(note({ topic: apns.bundle_id, pushType: 'alert' }), apns.alert_token);
  assert.equal(failed[0].status, 410);
  assert.equal(failed[0].response.reason, 'Unregistered');
  assert.ok(Math.abs(failed[0].response.timestamp - Date.now()) < 60_000);
});

test('the client retries what it calls retriable, then tells the reason', async () => {
  await lab.play('apns * times 2 status 503 ServiceUnavailable');
  assert.equal(await send(), '');
  await lab.push('apns');
  await lab.play('apns * times 4 throttle 1');
  assert.equal(await send(), '429 TooManyRequests');
  await lab.play('apns * times 4 status 500 InternalServerError');
  assert.match(await send(), /^500 InternalServerError|^error Error 500/);
  assert.equal(await send(), '');
  await lab.push('apns');
});

test('slow answers and a phone that is away are good answers', async () => {
  await lab.play('apns * slow 200');
  assert.equal(await send(), '');
  await lab.push('apns');
  await lab.play(`apns ${apns.voip_token} away`);
  assert.equal(await send({ payload: { call: 'never' } }), '');
  assert.equal(await send({ expiry: Math.floor(Date.now() / 1000) + 60, payload: { call: 'later' } }), '');
  await lab.play(`apns ${apns.voip_token} back`);
  assert.equal((await lab.push('apns')).payload.call, 'later');
});

test('after lost connections and refused streams the next push goes through', async () => {
  for (const fault of ['drop', 'refuse', 'reset', 'goaway Shutdown', 'last-words Shutdown']) {
    await lab.play(`apns * ${fault}`);
    const outcome = await send();
    if (fault.startsWith('last-words')) assert.equal(outcome, '');
    const fresh = makeProvider();
    assert.equal(await send({ payload: { after: fault } }, apns.voip_token, fresh), '', fault);
    await lab.next((event) => event.event === 'push' && event.payload.after === fault);
    await fresh.shutdown();
  }
});

test('a clock that is wrong is an expired provider token', async () => {
  const fresh = makeProvider();
  await lab.play('apns * skew 7200');
  assert.match(await send({}, apns.voip_token, fresh), /ExpiredProviderToken|TooManyProviderTokenUpdates/);
  await lab.play('apns * skew 0');
  await fresh.shutdown();
});
