#!/usr/bin/env node
// Coverage of contracts/src from forge's LCOV report: a table, what is not covered, and an exit code.
import { readFileSync } from 'node:fs';

const LEAST = 95; // percent, of lines and of branches
const files = [];
for (const line of readFileSync(process.argv[2], 'utf8').split('\n')) {
  const [tag, rest] = [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)];
  if (tag === 'SF') files.push({ name: rest, lines: new Map(), branches: [] });
  else if (tag === 'DA') {
    const [number, hits] = rest.split(',').map(Number);
    files.at(-1).lines.set(number, (files.at(-1).lines.get(number) ?? 0) + hits);
  } else if (tag === 'BRDA') {
    const [number, , , hits] = rest.split(',');
    files.at(-1).branches.push({ number: Number(number), hit: hits !== '-' && Number(hits) > 0 });
  }
}
const own = files.filter(({ name }) => /^(.*\/)?src\//.test(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
const share = (hit, all) => (all === 0 ? 100 : (100 * hit) / all);
const cell = (hit, all) => `${share(hit, all).toFixed(1)} % (${hit}/${all})`.padStart(20);
const sum = { lines: [0, 0], branches: [0, 0] };
const width = Math.max(...own.map(({ name }) => name.length));
console.log(''.padEnd(width) + 'lines'.padStart(20) + 'branches'.padStart(20));
for (const { name, lines, branches } of own) {
  const l = [[...lines.values()].filter((hits) => hits > 0).length, lines.size];
  const b = [branches.filter(({ hit }) => hit).length, branches.length];
  for (const i of [0, 1]) {
    sum.lines[i] += l[i];
    sum.branches[i] += b[i];
  }
  console.log(name.padEnd(width) + cell(...l) + cell(...b));
}
console.log('all'.padEnd(width) + cell(...sum.lines) + cell(...sum.branches));
for (const { name, lines, branches } of own) {
  const missed = [...lines].filter(([, hits]) => hits === 0).map(([number]) => number);
  const one = [...new Set(branches.filter(({ hit }) => !hit).map(({ number }) => number))];
  if (missed.length > 0) console.log(`${name}: lines without a test: ${missed.join(', ')}`);
  if (one.length > 0) console.log(`${name}: lines with a branch without a test: ${one.join(', ')}`);
}
if (own.length === 0 || share(...sum.lines) < LEAST || share(...sum.branches) < LEAST) {
  console.error(`smartnodes: ${LEAST} % of the lines and of the branches must be covered`);
  process.exitCode = 1;
}
