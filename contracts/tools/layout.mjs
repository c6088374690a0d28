#!/usr/bin/env node
// The storage layout and the size of every contract, from forge's artifacts. `--update` writes contracts/storage, without
// it any difference is an error: a layout changes on purpose only, and no contract may exceed what a chain accepts.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const MOST_BYTES = 24_576; // EIP-170
const MOST_CREATION_BYTES = 49_152; // EIP-3860
const contracts = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(contracts, 'storage');
const update = process.argv.includes('--update');

function sources(path) {
  return readdirSync(join(contracts, path), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? sources(join(path, entry.name)) : entry.name.endsWith('.sol') ? [join(path, entry.name)] : []);
}

/** What can be deployed: [{name, file, runtime, creation, layout}]. Libraries of internal functions leave a stump. */
function deployable() {
  return sources('src').flatMap((file) => {
    const text = readFileSync(join(contracts, file), 'utf8');
    return [...text.matchAll(/^contract (\w+)/gm)].map(([, name]) => {
      const artifact = JSON.parse(readFileSync(join(contracts, 'out', basename(file), `${name}.json`), 'utf8'));
      const size = (code) => (code.object.length - 2) / 2;
      return { name, file, runtime: size(artifact.deployedBytecode), creation: size(artifact.bytecode), layout: artifact.storageLayout };
    });
  }).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Type names carry ids of the compiler's tree, which change with every edit. */
const plain = (type) => type.replace(/\)\d+_storage/g, ')').replace(/\((\w+)\)\d+/g, '($1)');

function table(rows) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  return rows.map((row) => row.map((cell, i) => cell.padEnd(widths[i])).join('  ').trimEnd()).join('\n');
}

function variables(list, types) {
  const rows = list.map(({ slot, offset, label, type }) => [slot, String(offset), types[type].numberOfBytes, label, types[type].label]);
  return table([['slot', 'offset', 'bytes', 'name', 'type'], ...rows]);
}

function describe({ name, file, layout }) {
  const types = layout.types ?? {};
  const parts = [`${name} (${file})`, layout.storage.length === 0 ? 'no storage' : variables(layout.storage, types)];
  const structs = Object.values(types).filter((type) => type.members).sort((a, b) => (a.label < b.label ? -1 : 1));
  for (const struct of structs) parts.push(`${plain(struct.label)}, ${struct.numberOfBytes} bytes\n${variables(struct.members, types)}`);
  return parts.join('\n\n') + '\n';
}

const all = deployable();
let wrong = 0;
const complain = (text) => {
  console.error(`smartnodes: ${text}`);
  wrong++;
};

if (update) rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const contract of all) {
  const path = join(folder, `${contract.name}.txt`);
  const text = describe(contract);
  if (update) writeFileSync(path, text);
  else if (!existsSync(path)) complain(`the storage layout of ${contract.name} is not recorded; './smartnodes test contracts --storage-update' does`);
  else if (readFileSync(path, 'utf8') !== text) complain(`the storage layout of ${contract.name} is not the one in contracts/storage; './smartnodes test contracts --storage-update' if that is meant`);
  if (contract.runtime > MOST_BYTES) complain(`${contract.name} has ${contract.runtime} bytes of code, ${MOST_BYTES} at most`);
  if (contract.creation > MOST_CREATION_BYTES) complain(`${contract.name} needs ${contract.creation} bytes to be created, ${MOST_CREATION_BYTES} at most`);
}
const known = new Set(all.map(({ name }) => `${name}.txt`));
for (const file of readdirSync(folder)) if (!known.has(file)) complain(`contracts/storage/${file} is of no contract`);
console.log(table([['contract', 'bytes of code', 'left'], ...all.map(({ name, runtime }) => [name, String(runtime), String(MOST_BYTES - runtime)])]));
process.exitCode = wrong === 0 ? 0 : 1;
