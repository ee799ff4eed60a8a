// SPDX-License-Identifier: Apache-2.0
import { ca, deviceToken, measure, payload, require, task } from './common.mjs';

const apn = require('@parse/node-apn');
const provider = new apn.MultiProvider({
  clientCount: task.connections, address: 'localhost', port: task.port, ca,
  token: { key: `${task.directory}/AuthKey_BENCHKEY01.p8`, keyId: 'BENCHKEY01', teamId: 'BENCHTEAM1' },
});
const note = Object.assign(new apn.Notification(), {
  topic: 'com.example.app.voip', pushType: 'voip', priority: 10, payload,
  expiry: Math.floor(Date.now() / 1000) + 45,
});
measure(async (number) => (await provider.send(note, deviceToken(number))).sent.length === 1);
