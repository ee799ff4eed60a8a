// SPDX-License-Identifier: Apache-2.0
// A real clariond on loopback with a VAPID key of its own, and the command that steers it.
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const patience = 30_000;

export class Server {
  /** `ca`: the file with the authority of the push services that it may reach on this machine. */
  static async start(ca) {
    const server = new Server();
    server.folder = mkdtempSync(join(tmpdir(), 'clarion-server-'));
    const file = (name) => join(server.folder, name);
    server.vapidKey = (await server.clarion('push', 'vapid-key', file('vapid.key'))).trim().split(/\s+/).at(-1);
    writeFileSync(file('admin.key'), 'an-admin-key-for-one-browser-test-0001\n', { mode: 0o600 });
    writeFileSync(file('clariond.toml'), [
      `data_dir = "${file('data')}"`, `admin_key_file = "${file('admin.key')}"`,
      '[webpush]', `key_file = "${file('vapid.key')}"`, 'subject = "mailto:ops@example.com"',
      `ca_file = "${ca}"`, 'allow_private = true', '',
    ].join('\n'));
    const options = ['--config', file('clariond.toml'), '--port', '0', '--port-file', file('port')];
    server.process = spawn(process.env.CLARIOND, options, { stdio: ['ignore', 'ignore', 'inherit'] });
    server.url = `http://127.0.0.1:${await server.#port(file('port'))}`;
    await server.clarion('service', 'add', 'demo', '--admin-key-file', file('admin.key'));
    return server;
  }

  /** The file is there, whole, once the server listens. */
  #port(file) {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error('clariond did not start')), patience);
      const look = () => {
        if (!existsSync(file)) return setTimeout(look, 20);
        clearTimeout(limit);
        return resolve(readFileSync(file, 'utf8').trim());
      };
      this.process.on('exit', () => reject(new Error('clariond ended')));
      look();
    });
  }

  /** What the command says; an error with its words when it fails. */
  clarion(...words) {
    const env = { ...process.env, CLARION_SERVER: this.url ?? '', CLARION_PROFILE: join(this.folder, 'profile.json') };
    return new Promise((resolve, reject) => {
      execFile(process.env.CLARION, words, { env, timeout: patience }, (error, stdout, stderr) => {
        if (error) reject(new Error(`clarion ${words.join(' ')}: ${stdout}${stderr}`));
        else resolve(stdout);
      });
    });
  }

  async stop() {
    const exit = new Promise((resolve) => this.process.on('exit', resolve));
    this.process.kill('SIGTERM');
    await exit;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
