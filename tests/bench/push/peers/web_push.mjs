// SPDX-License-Identifier: Apache-2.0
import { createECDH, randomBytes } from 'node:crypto';
import https from 'node:https';
import { ca, measure, payload, require, task } from './common.mjs';

const webPush = require('web-push');
const agent = new https.Agent({ keepAlive: true, maxSockets: task.connections, ca });
const vapidDetails = { subject: 'mailto:ops@example.com', ...webPush.generateVAPIDKeys() };
const browser = createECDH('prime256v1');
const keys = { p256dh: browser.generateKeys('base64url'), auth: randomBytes(16).toString('base64url') };
const text = JSON.stringify(payload);
measure(async (number) => {
  const endpoint = `https://localhost:${task.port}/wpush/v2/${number}`;
  const { statusCode } = await webPush.sendNotification({ endpoint, keys }, text, { agent, vapidDetails, TTL: 45 });
  return statusCode === 201;
});
