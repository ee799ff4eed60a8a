// SPDX-License-Identifier: Apache-2.0
// Plays conformance traces (traces/README.md) through the door of clarion.wasm, as a page would: no C library of the
// host, no package, integers of 64 bits as BigInt.
//
//     node wasm_traces.mjs MODULE FILE...      exit status 1 when the module answers otherwise
//
// Node 18 or later. Text is read, handed over and compared as bytes (latin1), so nothing is put right on its way.
import { readFileSync } from 'node:fs';

const HEAD = 'clarion-trace 1';
const OK = 0;
const NEVER = 2n ** 63n - 1n;
const BAD_DESCRIPTOR = 8; // WASI's errno; the module has no files.

/** A module that imports more than a page gives does not load. */
async function load(file) {
  const refuse = () => BAD_DESCRIPTOR;
  const wasi = { fd_close: refuse, fd_seek: refuse, fd_write: refuse };
  const { instance } = await WebAssembly.instantiate(readFileSync(file), { wasi_snapshot_preview1: wasi });
  instance.exports._initialize();
  return instance.exports;
}

/** The door's functions with text instead of addresses. Memory may grow in any call: views are made when needed. */
class Door {
  constructor(exports) {
    this.c = exports;
    this.out = exports.malloc(16); // Where functions leave what they hand out.
  }

  view() {
    return new DataView(this.c.memory.buffer);
  }

  text(address, length) {
    return Buffer.from(this.c.memory.buffer, address, length).toString('latin1');
  }

  /** Calls with (address, length) of each text, and takes the copies back. */
  lend(texts, call) {
    const lent = texts.map((text) => {
      const address = this.c.malloc(text.length || 1);
      Buffer.from(this.c.memory.buffer, address, text.length).write(text, 'latin1');
      return [address, text.length];
    });
    const code = call(...lent.flat());
    for (const [address] of lent) this.c.free(address);
    return code;
  }

  /** The code of a function with (handle, out text, out length), and the text if there is one. */
  take(name, handle) {
    const code = this.c[name](handle, this.out, this.out + 4);
    if (code !== OK) return [code];
    return [code, this.text(this.view().getUint32(this.out, true), this.view().getUint32(this.out + 4, true))];
  }

  handle() {
    return this.view().getUint32(this.out, true);
  }

  deadline(handle) {
    this.view().setBigInt64(this.out, NEVER, true);
    this.c.clarion_next_deadline(handle, this.out, this.out + 8);
    const at = this.view().getBigInt64(this.out, true);
    if (at === NEVER) return 'none';
    const timer = this.view().getUint32(this.out + 8, true);
    const bytes = new Uint8Array(this.c.memory.buffer);
    return `${at} ${this.text(timer, bytes.indexOf(0, timer) - timer)}`;
  }
}

/** One engine and what it answers to a step. */
class Player {
  engine = 0;
  config = '';

  constructor(door) {
    this.door = door;
  }

  play(line) {
    const { c, out } = this.door;
    const [step, ...words] = line.split(' ');
    const rest = (count) => words.slice(count).join(' ');
    const number = (index) => BigInt(words[index]);
    let code;
    if (step === 'calls') return ['value ' + (this.door.take('clarion_calls', this.engine)[1] ?? '[]')];
    if (step === 'engine') {
      this.config = rest(2);
      code = this.open([this.config], (...config) => c.clarion_create(...config, number(0), number(1), out));
    } else if (step === 'send') {
      code = this.door.lend([rest(1)], (...input) => c.clarion_send(this.engine, number(0), ...input));
    } else if (step === 'timeout') {
      code = c.clarion_handle_timeout(this.engine, number(0));
    } else if (step === 'restart') {
      code = this.restart(number(0), number(1), rest(2) === 'same_boot' ? 1 : 0);
    } else {
      throw new Error('unknown step');
    }
    return [...(code === OK ? [] : [`code ${code}`]), ...this.settle()];
  }

  settle() {
    const answers = [];
    for (;;) {
      const [code, output] = this.door.take('clarion_receive', this.engine);
      if (code !== OK) break;
      answers.push('out ' + output);
    }
    answers.push('deadline ' + this.door.deadline(this.engine));
    return answers;
  }

  /** A refusal leaves the engine as it was. */
  open(texts, make) {
    const code = this.door.lend(texts, make);
    if (code !== OK) return code;
    const made = this.door.handle();
    this.close();
    this.engine = made;
    return OK;
  }

  restart(now, wall, sameBoot) {
    const { c, out } = this.door;
    const [code, snapshot] = this.door.take('clarion_snapshot', this.engine);
    if (code !== OK) return code;
    this.close();
    return this.open([this.config, snapshot], (...texts) => c.clarion_restore(...texts, now, wall, sameBoot, out));
  }

  close() {
    this.door.c.clarion_destroy(this.engine);
    this.engine = 0;
  }
}

const isAnswer = (line) => /^(code|out|deadline|value) /.test(line);

function say(text) {
  process.stderr.write(Buffer.from(text + '\n', 'latin1'));
  return 0;
}

/** The file as the module answers it, and the number of its steps. Throws at a step that it cannot play. */
function answered(door, recorded) {
  const player = new Player(door);
  const lines = [];
  let steps = 0;
  for (const line of recorded.slice(0, -1)) {
    if (isAnswer(line)) continue;
    lines.push(line);
    if (line === HEAD || line === '' || line.startsWith('#')) continue;
    try {
      lines.push(...player.play(line));
    } catch (error) {
      throw new Error(`${error.message}: ${line}`);
    }
    ++steps;
  }
  player.close();
  lines.push(''); // The last line ends too.
  return { lines, steps };
}

/** The number of steps; 0 when the module answers otherwise. */
function check(door, file) {
  const recorded = readFileSync(file, 'latin1').split('\n');
  if (recorded[0] !== HEAD) return say(`${file}: the first line is not "${HEAD}"`);
  try {
    const { lines, steps } = answered(door, recorded);
    const end = Math.max(lines.length, recorded.length);
    for (let at = 0; at < end; ++at) {
      if (recorded[at] === lines[at]) continue;
      return say(`${file}:${at + 1}:\n  recorded  ${recorded[at] ?? ''}\n  answered  ${lines[at] ?? ''}`);
    }
    return steps;
  } catch (error) {
    return say(`${file}: ${error.message}`);
  }
}

const [module, ...files] = process.argv.slice(2);
if (files.length === 0) {
  say('usage: node wasm_traces.mjs MODULE FILE...');
  process.exit(2);
}
const door = new Door(await load(module));
const steps = files.map((file) => check(door, file));
if (steps.includes(0)) process.exit(1);
console.log(`${module}: ${files.length} traces, ${steps.reduce((sum, one) => sum + one)} steps, byte for byte`);
