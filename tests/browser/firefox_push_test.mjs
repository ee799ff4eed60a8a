// SPDX-License-Identifier: Apache-2.0
// A real browser's subscription: Firefox subscribes at the lab's Web Push service with the key of a real clariond, gets
// what that sent, and opens it. No automation: a page and its service worker do it, and tell this process by fetch.
// npm's web-push sends what clariond never would.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Lab } from '../interop/lab.mjs';
import { Server } from './server.mjs';

const webPush = createRequire(process.env.INTEROP_MODULES)('web-push');
const patience = 60_000; // The first start of a browser on a busy machine.
const stranger = { subject: 'mailto:ops@example.com', ...webPush.generateVAPIDKeys() };

const worker = `
  self.addEventListener('install', () => self.skipWaiting());
  self.addEventListener('push', (event) => event.waitUntil(
    fetch('/told/push', { method: 'POST', body: event.data ? event.data.text() : '(nothing)' })));
`;
const page = (key) => `<!doctype html><title>push</title><script>
  const key = '${key}';
  const bytes = Uint8Array.from(atob(key.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
  // What is asked before Firefox has started its push service is never answered: ask again.
  const late = () => new Promise((resolve, reject) => setTimeout(reject, 2000, 'late'));
  const subscribe = (ready) => Promise.race([
    ready.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes }), late(),
  ]).catch((error) => { if (error !== 'late') throw error; return subscribe(ready); });
  navigator.serviceWorker.register('/worker.js').then(() => navigator.serviceWorker.ready).then(subscribe)
    .then((made) => fetch('/told/subscription', { method: 'POST', body: JSON.stringify(made) }))
    .catch((error) => fetch('/told/failure', { method: 'POST', body: String(error) }));
</script>`;

let lab;
let server;
let site;
let firefox;
let profile;
let agent;
let subscription;
const told = [];
const waiting = [];

function tell(what, body) {
  const at = waiting.findIndex((one) => one.what === what || what === 'failure');
  if (at >= 0) waiting.splice(at, 1)[0].resolve({ what, body });
  else told.push({ what, body });
}

/** What the page or the worker says next of that kind. */
async function hear(what) {
  const at = told.findIndex((one) => one.what === what || one.what === 'failure');
  const heard = at >= 0 ? told.splice(at, 1)[0] : await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`Firefox did not say '${what}'`)), patience);
    waiting.push({ what, resolve: (one) => (clearTimeout(timer), resolve(one)) });
  });
  if (heard.what === 'failure') throw new Error(`in Firefox: ${heard.body}`);
  return heard.body;
}

function serve(request, response) {
  if (request.url.startsWith('/told/')) {
    let body = '';
    request.on('data', (more) => { body += more; });
    request.on('end', () => { response.end(); tell(request.url.slice('/told/'.length), body); });
    return;
  }
  const isWorker = request.url === '/worker.js';
  response.setHeader('content-type', isWorker ? 'text/javascript' : 'text/html');
  response.end(isWorker ? worker : page(server.vapidKey));
}

function startFirefox(address) {
  profile = mkdtempSync(join(tmpdir(), 'clarion-firefox-'));
  const preferences = {
    'dom.push.serverURL': lab.ready.web.door,
    'dom.push.connection.enabled': true,
    'dom.push.alwaysConnect': true,
    'dom.push.testing.allowInsecureServerURL': true,
    'dom.push.testing.ignorePermission': true,
    'permissions.default.desktop-notification': 1,
    'browser.shell.checkDefaultBrowser': false,
    'browser.aboutwelcome.enabled': false,
    'datareporting.policy.dataSubmissionEnabled': false,
    'toolkit.telemetry.enabled': false,
    'app.normandy.enabled': false,
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
    'browser.region.network.url': '',
    'extensions.systemAddon.update.enabled': false,
    'browser.safebrowsing.downloads.remote.enabled': false,
    'extensions.getAddons.cache.enabled': false,
  };
  const lines = Object.entries(preferences).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`);
  writeFileSync(join(profile, 'user.js'), `${lines.join('\n')}\n`);
  firefox = spawn(process.env.FIREFOX, ['--headless', '--no-remote', '--profile', profile, address], {
    stdio: 'ignore', env: { ...process.env, HOME: profile, MOZ_CRASHREPORTER_DISABLE: '1' },
  });
}

/** One push by clariond to what Firefox subscribed to; the server's words about it. */
async function send(...words) {
  const { endpoint, keys } = subscription;
  const where = ['--provider', 'webpush', '--token', endpoint, '--p256dh', keys.p256dh, '--auth', keys.auth];
  return JSON.parse(await server.clarion('push', 'send', ...where, ...words, '--json'));
}

before(async () => {
  lab = await Lab.start('--dialect', 'mozilla');
  server = await Server.start(lab.ready.ca_file);
  agent = new https.Agent({ ca: lab.ca });
  site = http.createServer(serve);
  await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve));
  startFirefox(`http://127.0.0.1:${site.address().port}/`);
  subscription = JSON.parse(await hear('subscription'));
});
after(async () => {
  if (firefox && firefox.exitCode === null) {
    const exit = new Promise((resolve) => firefox.on('exit', resolve));
    firefox.kill('SIGKILL');
    await exit;
  }
  site?.close();
  site?.closeAllConnections();
  await server?.stop();
  await lab.stop();
  if (profile) rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

test('a message of clariond reaches the worker, opened', async () => {
  assert.ok(subscription.endpoint.startsWith(lab.ready.web.origin));
  await send('--title', 'Hello', '--body', 'It works', '--data', 'n=17');
  const opened = JSON.parse(await hear('push'));
  assert.deepEqual([opened.n, opened.title, opened.body], ['17', 'Hello', 'It works']);
});

test('the longest message reaches it too', async () => {
  const longest = 'é'.repeat(1940);
  await send('--data', `x=${longest}`);
  assert.equal(JSON.parse(await hear('push')).x, longest);
});

test('a ring of clariond reaches it', async () => {
  const { endpoint, keys } = subscription;
  await server.clarion('user', 'add', 'bob');
  await server.clarion('device', 'add', 'bob', 'bob-browser', '--platform', 'web', '--state', join(server.folder, 'bob'),
    '--push-provider', 'webpush', '--push-token', endpoint, '--push-p256dh', keys.p256dh, '--push-auth', keys.auth);
  // The worker shows no call screen, so the test ring says that the device did not ring.
  const trace = await server.clarion('push', 'test', 'bob', 'bob-browser', '--for', '1s').catch((error) => error.message);
  assert.match(trace, /push_accepted|Web Push: 201/);
  const ring = JSON.parse(await hear('push'));
  assert.equal(ring.type, 'ring');
  assert.ok(ring.cc_param.length > 40 && ring.call_id.length === 36);
  const cancel = JSON.parse(await hear('push'));
  assert.deepEqual([cancel.type, cancel.call_id], ['cancel', ring.call_id]);
});

test('another key may not send to it', async () => {
  const options = { agent, vapidDetails: stranger, TTL: 30 };
  await assert.rejects(webPush.sendNotification(subscription, 'x', options), (error) => error.statusCode === 401);
});

test('a message that its service damaged does not reach it', async () => {
  await lab.play('web * damage');
  await send('--data', 'n=damaged');
  await send('--data', 'n=after');
  assert.equal(JSON.parse(await hear('push')).n, 'after');
});
