// SPDX-License-Identifier: Apache-2.0
// What every peer is measured by: the same counts, clocks and JSON line as clarion-push-bench.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [directory, port, count, inFlight, connections] = process.argv.slice(2);
export const task = {
  directory, port: Number(port), count: Number(count), inFlight: Number(inFlight), connections: Number(connections),
};
export const ca = readFileSync(`${directory}/ca.pem`);
export const require = createRequire(process.env.INTEROP_MODULES);
export const payload = { cc_param: 'x'.repeat(300), type: 'ring' };
export const deviceToken = (number) => (number + 0x1000000).toString(16).padStart(64, '0');

/** `inFlight` at any moment; sendOne resolves to whether the push was accepted. */
async function run(total, sendOne) {
  let started = 0;
  let accepted = 0;
  const worker = async () => {
    while (started < total) if (await sendOne(started++).catch(() => false)) ++accepted;
  };
  await Promise.all(Array.from({ length: task.inFlight }, worker));
  return accepted;
}

export async function measure(sendOne) {
  await run(Math.max(1, Math.floor(task.count / 10)), sendOne);
  const cpu = process.cpuUsage();
  const start = performance.now();
  const accepted = await run(task.count, sendOne);
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const rss = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ count: task.count, accepted, seconds, cpu: (user + system) / 1e6, rss_mb: rss }));
  process.exit(0);
}
