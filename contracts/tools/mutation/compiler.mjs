// A compiler that stays warm: forge asks it through a socket instead of starting the JavaScript compiler anew, which
// halves the time of a mutant.
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

const require = createRequire(new URL('../../package.json', import.meta.url));
const solc = require('solc');

/** The text of a file as the compiler names it. */
export function source(root, path) {
  const places = path.startsWith('@') ? [resolve(root, 'node_modules', path)] : [resolve(root, path)];
  const hit = places.find(existsSync);
  return hit ? { contents: readFileSync(hit, 'utf8') } : { error: `not found: ${path}` };
}

/** Compiles standard JSON; returns the parsed answer. */
export function compile(root, input) {
  return JSON.parse(solc.compile(JSON.stringify(input), { import: (path) => source(root, path) }));
}

/** The input for some files with the settings of the project. */
export function standardInput(root, files, selection, optimizer) {
  return {
    language: 'Solidity',
    sources: Object.fromEntries(files.map((file) => [file, { content: readFileSync(resolve(root, file), 'utf8') }])),
    settings: {
      remappings: ['@openzeppelin/contracts/=node_modules/@openzeppelin/contracts/'],
      optimizer, evmVersion: 'cancun', metadata: { bytecodeHash: 'none', appendCBOR: false }, outputSelection: selection,
    },
  };
}

/** Serves the compiler at a socket and writes the client that forge runs. */
export async function serve(root, socket, client) {
  const server = createServer({ allowHalfOpen: true }, (connection) => {
    const chunks = [];
    connection.on('data', (chunk) => chunks.push(chunk));
    connection.on('error', () => connection.destroy());
    connection.on('end', () => {
      connection.end(solc.compile(Buffer.concat(chunks).toString(), { import: (path) => source(root, path) }));
    });
  });
  await new Promise((done) => server.listen(socket, done));
  const version = solc.version().replace('.Emscripten.clang', '.Linux.g++');
  writeFileSync(client, `#!/usr/bin/env node
if (process.argv.includes('--version')) {
  process.stdout.write('solc, the solidity compiler commandline interface\\nVersion: ${version}\\n');
} else {
  const connection = require('net').connect(${JSON.stringify(socket)});
  process.stdin.pipe(connection);
  connection.pipe(process.stdout);
}
`, { mode: 0o755 });
  return server;
}
