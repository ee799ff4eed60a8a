// SPDX-License-Identifier: Apache-2.0
// sendEach(500): the way of this client that keeps one HTTP/2 session for many messages.
import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import { ca, deviceToken, measure, payload, require, task } from './common.mjs';

const { initializeApp, cert } = require('firebase-admin/app');
const { getMessaging } = require('firebase-admin/messaging');
const connect = tls.connect;
tls.connect = (...arguments_) => {
  const options = arguments_.find((one) => typeof one === 'object' && one !== null) ?? {};
  const servername = options.servername || options.host || arguments_.find((one) => typeof one === 'string');
  const callback = arguments_.find((one) => typeof one === 'function');
  return connect({ ...options, path: undefined, host: 'localhost', port: task.port, servername, ca }, callback);
};
const account = JSON.parse(readFileSync(`${task.directory}/bench-service-account.json`, 'utf8'));
const messaging = getMessaging(initializeApp({ credential: cert(account) }));
const batch = 500;
const message = (number) => ({
  token: deviceToken(number), data: payload, android: { priority: 'high', ttl: 45_000 },
});
// The unit is a push: one batch is sent for the first of each 500, the others come with it.
let current;
task.inFlight = batch;
measure((number) => {
  if (number % batch === 0) {
    current = messaging.sendEach(Array.from({ length: batch }, (_, i) => message(number + i)));
  }
  const mine = current;
  return mine.then(({ responses }) => responses[number % batch].success);
});
