// SPDX-License-Identifier: Apache-2.0
// npm web-push against the lab's Web Push and UnifiedPush.
import assert from 'node:assert/strict';
import https from 'node:https';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { Lab } from './lab.mjs';

const webPush = createRequire(process.env.INTEROP_MODULES)('web-push');
let lab;
let agent;
const keys = webPush.generateVAPIDKeys();
const vapidDetails = { subject: 'mailto:ops@example.com', ...keys };

/** A subscription that only `key` may use: RFC 8292 section 4.1. */
function subscribeBound(key) {
  return new Promise((resolve, reject) => {
    const request = https.request(`${lab.ready.web.origin}/subscribe`, {
      method: 'POST', agent, headers: { 'content-type': 'application/webpush-options+json' },
    }, (reply) => {
      reply.resume();
      resolve({ endpoint: /<([^>]+)>/.exec(reply.headers.link)[1], keys: lab.ready.web.keys });
    });
    request.on('error', reject);
    request.end(JSON.stringify({ vapid: key }));
  });
}

const send = (subscription, text = 'ring', options = {}) =>
  webPush.sendNotification(subscription, text, { agent, vapidDetails, TTL: 30, ...options });

/** The status that the client throws, 0 when it does not. */
const status = (...arguments_) => send(...arguments_).then(() => 0, (error) => error.statusCode ?? error.message);

before(async () => {
  lab = await Lab.start();
  agent = new https.Agent({ keepAlive: true, ca: lab.ca });
});
after(async () => {
  agent.destroy();
  await lab.stop();
});

test('a message is created, delivered and opened', async () => {
  const reply = await send(lab.ready.web, '{"type":"ring"}', { urgency: 'high', topic: 'call-1' });
  assert.equal(reply.statusCode, 201);
  assert.match(reply.headers.location, /\/message\//);
  assert.equal(reply.headers.ttl, '30');
  const push = await lab.push('web');
  assert.equal(push.plain, '{"type":"ring"}');
  assert.equal(push.priority, 'high');
  assert.equal(push.collapse_id, 'call-1');
});

test('a bound subscription takes its own key only', async () => {
  const bound = await subscribeBound(keys.publicKey);
  assert.equal(await status(bound), 0);
  assert.equal((await lab.push('web')).plain, 'ring');
  const others = { subject: 'mailto:ops@example.com', ...webPush.generateVAPIDKeys() };
  assert.equal(await status(bound, 'x', { vapidDetails: others }), 403);
  assert.equal(await status(bound, 'x', { vapidDetails: null }), 401);
});

test('refusals reach the client', async () => {
  assert.equal(await status({ ...lab.ready.web, endpoint: `${lab.ready.web.origin}/wpush/v1/nobody` }), 404);
  // 3993 bytes fill a body of 4096.
  assert.equal(await status(lab.ready.web, 'x'.repeat(3993)), 0);
  assert.equal((await lab.push('web')).plain.length, 3993);
  assert.equal(await status(lab.ready.web, 'x'.repeat(3994)), 413);
  await lab.play('web * throttle 7');
  await assert.rejects(send(lab.ready.web), (error) => error.statusCode === 429 && error.headers['retry-after'] === '7');
  await lab.play('web * status 503 later');
  assert.equal(await status(lab.ready.web), 503);
  await lab.play('web * skew 90000');
  assert.equal(await status(lab.ready.web), 403);
  await lab.play('web * skew 0');
});

test('a browser that is away gets the newest of a topic within its TTL', async () => {
  await lab.play(`web ${lab.ready.web.id} away`);
  await send(lab.ready.web, 'never', { TTL: 0 });
  await send(lab.ready.web, 'ring', { topic: 't' });
  await send(lab.ready.web, 'missed', { topic: 't' });
  await lab.play(`web ${lab.ready.web.id} back`);
  assert.equal((await lab.push('web')).plain, 'missed');
  assert.equal(lab.events.length, 0);
});

test('a lost connection is an error, and the next message goes through', async () => {
  await lab.play('web * drop');
  assert.match(String(await status(lab.ready.web)), /socket hang up|ECONNRESET/);
  assert.equal(await status(lab.ready.web), 0);
  await lab.push('web');
});

test('UnifiedPush takes the same message', async () => {
  assert.equal((await send(lab.ready.up, 'hello')).statusCode, 201);
  assert.equal((await lab.push('up')).plain, 'hello');
});

test('a subscription that ended is 410', async () => {
  await lab.play(`web ${lab.ready.web.id} gone`);
  assert.equal(await status(lab.ready.web), 410);
});
