// SPDX-License-Identifier: Apache-2.0
// Parses sources by tree-sitter's grammars and says where they are not the language. Types are not checked.
//
//   node parse.mjs MODULES FILE...      exit status 1 when something does not parse
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [modules, ...files] = process.argv.slice(2);
const require = createRequire(join(modules, 'package.json'));
const { Parser, Language } = require('web-tree-sitter');
const grammars = { dart: 'dart', kt: 'kotlin', kts: 'kotlin', swift: 'swift' };

await Parser.init();
const languages = new Map();
let broken = 0;

for (const file of files) {
  const grammar = grammars[file.split('.').pop()];
  if (!languages.has(grammar)) {
    const wasm = join(modules, 'node_modules/tree-sitter-wasms/out', `tree-sitter-${grammar}.wasm`);
    languages.set(grammar, await Language.load(wasm));
  }
  const parser = new Parser();
  parser.setLanguage(languages.get(grammar));
  const tree = parser.parse(readFileSync(file, 'utf8'));
  for (const node of faults(tree.rootNode)) {
    broken += 1;
    const what = node.isMissing ? `missing ${node.type}` : `not understood: ${node.text.split('\n')[0].slice(0, 60)}`;
    console.log(`${file}:${node.startPosition.row + 1}:${node.startPosition.column + 1}: ${what}`);
  }
}
console.log(`${files.length} files, ${broken} faults`);
process.exit(broken ? 1 : 0);

/** The outermost nodes that are errors. */
function* faults(node) {
  if (node.isError || node.isMissing) yield node;
  else if (node.hasError) for (const child of node.children) yield* faults(child);
}
