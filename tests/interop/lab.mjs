// SPDX-License-Identifier: Apache-2.0
// The lab's push services (clarion-lab push) as a test steers them.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const patience = 10_000;

export class Lab {
  static async start(...options) {
    const lab = new Lab();
    lab.process = spawn(process.env.CLARION_LAB, ['push', ...options], { stdio: ['pipe', 'pipe', 'inherit'] });
    lab.events = [];
    lab.waiting = [];
    createInterface({ input: lab.process.stdout }).on('line', (line) => lab.#take(JSON.parse(line)));
    lab.process.on('exit', () => lab.#take({ event: 'exit' }));
    lab.ready = await lab.next((event) => event.event === 'ready' || event.event === 'exit');
    if (lab.ready.event === 'exit') throw new Error('clarion-lab push did not start');
    lab.ca = readFileSync(lab.ready.ca_file);
    return lab;
  }

  #take(event) {
    const at = this.waiting.findIndex(({ wanted }) => wanted(event));
    if (at < 0) this.events.push(event);
    else this.waiting.splice(at, 1)[0].resolve(event);
  }

  /** The first event, past or to come, that is wanted. */
  next(wanted) {
    const at = this.events.findIndex(wanted);
    if (at >= 0) return Promise.resolve(this.events.splice(at, 1)[0]);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no such event: ${wanted}`)), patience);
      this.waiting.push({ wanted, resolve: (event) => (clearTimeout(timer), resolve(event)) });
    });
  }

  push(service) {
    return this.next((event) => event.event === 'push' && event.service === service);
  }

  /** Plays one line of fault script and waits until the lab has taken it. */
  async play(line) {
    this.process.stdin.write(`${line}\n`);
    const answer = await this.next((event) => event.line === line);
    if (answer.event === 'error') throw new Error(answer.error);
  }

  async stop() {
    const exit = this.next((event) => event.event === 'exit');
    this.process.stdin.end();
    await exit;
  }
}
