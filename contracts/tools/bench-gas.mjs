#!/usr/bin/env node
// What every transaction costs, whole: 21,000, the data of the call, and its execution. See docs/development/contract-tests.md.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const contracts = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const goalsFile = join(contracts, '..', 'bench', 'gas-goals.json');
const snapshots = join(contracts, '..', '.cache', 'forge', 'bench', 'snapshots', 'gas.json');
const USAGE = `./smartnodes bench gas [options]
  --only REGEX      only benchmarks of test contracts that match (Execute4, Execute16, Execute64, Execute128, CallsBench)
  -o, --output json prints JSON {name: gas}; so does output that is no terminal
  -o, --output FILE writes that JSON to a file, too
Goals are printed beside the numbers; a missed goal is no error.`;

let options;
try {
  options = parseArgs({ options: { only: { type: 'string' }, output: { type: 'string', short: 'o' }, help: { type: 'boolean', short: 'h' } } }).values;
} catch (problem) {
  console.error(`smartnodes: ${problem.message}\n${USAGE}`);
  process.exit(2);
}
if (options.help) {
  console.log(USAGE);
  process.exit(0);
}

rmSync(snapshots, { force: true });
const filter = options.only ? ['--match-contract', options.only] : [];
const run = spawnSync(process.env.SMARTNODES_FORGE ?? 'forge', ['test', ...filter], {
  cwd: contracts, encoding: 'utf8', maxBuffer: 1 << 28, env: { ...process.env, FOUNDRY_PROFILE: 'bench', NO_COLOR: '1' },
});
if (run.status !== 0) {
  console.error(run.stdout.split('\n').slice(-40).join('\n') + run.stderr);
  console.error('smartnodes: the benchmark failed');
  process.exit(1);
}

const natural = new Intl.Collator('en', { numeric: true });
const gas = Object.fromEntries(
  Object.entries(JSON.parse(readFileSync(snapshots, 'utf8'))).map(([name, value]) => [name, Number(value)]).sort((a, b) => natural.compare(a[0], b[0])));
const goals = JSON.parse(readFileSync(goalsFile, 'utf8'));
const json = JSON.stringify(gas, null, 2) + '\n';
const judged = Object.entries(goals).filter(([name]) => name in gas)
  .map(([name, goal]) => ({ name, goal, missed: gas[name] > goal }));

if (options.output && options.output !== 'json') writeFileSync(options.output, json);
if (options.output === 'json' || !process.stdout.isTTY) {
  process.stdout.write(json);
  for (const { name, goal, missed } of judged) if (missed) console.error(`goal missed: ${name}: ${gas[name]}, goal ${goal}`);
} else {
  const width = Math.max(...Object.keys(gas).map((name) => name.length));
  for (const [name, value] of Object.entries(gas)) {
    const judgement = judged.find((each) => each.name === name);
    const note = judgement ? `  goal ${judgement.goal.toLocaleString('en')}: ${judgement.missed ? 'missed' : 'met'}` : '';
    console.log(`${name.padEnd(width)} ${value.toLocaleString('en').padStart(12)}${note}`);
  }
}
