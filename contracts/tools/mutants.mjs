#!/usr/bin/env node
// Changes the contracts in one place after the other and expects the tests to notice. See docs/development/contract-tests.md.
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { apply, GUARDS, points, storageIds } from './mutation/points.mjs';
import { compile, standardInput } from './mutation/compiler.mjs';

const contracts = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const cache = process.env.SMARTNODES_CACHE ?? join(contracts, '..', '.cache');
const explainedFile = join(contracts, 'tools', 'mutants-explained.json');
const USAGE = `./smartnodes test contracts --mutants [options]
  --sample N     how many changes of operators, constants, conditions and statements (default 200; all: every one)
  --limit N      a sample of N of everything, guards included
  --seed S       which sample (default 1)
  --file F       only files whose path contains F; may be repeated
  --only KIND    only guards (guard, modifier, cast) or another kind; may be repeated
  --retry REPORT only what survived in that report
  --jobs N       copies that work at the same time (default 2)
  --list         shows the changes and makes none
  --report FILE  where the JSON report goes (default .cache/mutants.json)
  -o json        the report on standard output`;

let options;
try {
  options = parseArgs({
    options: {
      sample: { type: 'string', default: '200' }, limit: { type: 'string' }, seed: { type: 'string', default: '1' },
      file: { type: 'string', multiple: true, default: [] }, only: { type: 'string', multiple: true, default: [] },
      retry: { type: 'string' }, jobs: { type: 'string', default: '2' }, list: { type: 'boolean' }, help: { type: 'boolean', short: 'h' },
      report: { type: 'string', default: join(cache, 'mutants.json') }, output: { type: 'string', short: 'o', default: 'text' },
    },
  }).values;
} catch (problem) {
  console.error(`smartnodes: ${problem.message}\n${USAGE}`);
  process.exit(2);
}
if (options.help) {
  console.log(USAGE);
  process.exit(0);
}

const say = (text) => process.stderr.write(text);
const rank = (point) => createHash('sha256').update(`${options.seed}|${point.key}`).digest('hex');
const pick = (list, n) =>
  [...list].sort((a, b) => (rank(a) < rank(b) ? -1 : 1)).slice(0, n);

function sources(folder) {
  return readdirSync(join(contracts, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? sources(join(folder, entry.name)) : entry.name.endsWith('.sol') ? [join(folder, entry.name)] : []);
}

/** All points of the sources, from the compiler's syntax trees. */
function allPoints() {
  const files = sources('src').sort();
  const answer = compile(contracts, standardInput(contracts, files, { '*': { '': ['ast'] } }, { enabled: false }));
  const errors = (answer.errors ?? []).filter((error) => error.severity === 'error');
  if (errors.length > 0) throw new Error(errors.map((error) => error.formattedMessage).join('\n'));
  const trees = files.map((file) => answer.sources[file].ast);
  const storage = storageIds(trees);
  return files.flatMap((file, i) => points(file, trees[i], readFileSync(join(contracts, file), 'utf8'), storage));
}

function chosen(all) {
  if (options.retry !== undefined) {
    const { list } = JSON.parse(readFileSync(options.retry, 'utf8'));
    const keys = new Set(list.filter(({ status }) => status === 'survived').map(({ key }) => key));
    return all.filter((point) => keys.has(point.key));
  }
  const inFiles = all.filter((point) => options.file.length === 0 || options.file.some((file) => point.file.includes(file)));
  const wanted = inFiles.filter((point) =>
    options.only.length === 0 || options.only.some((kind) => kind === point.kind || (kind === 'guards' && GUARDS.includes(point.kind))));
  if (options.limit !== undefined) return pick(wanted, Number(options.limit));
  const guards = wanted.filter((point) => GUARDS.includes(point.kind));
  const others = wanted.filter((point) => !GUARDS.includes(point.kind));
  return [...guards, ...(options.sample === 'all' ? others : pick(others, Number(options.sample)))];
}

/** A copy in which the tree stays as it is. */
function copy(number) {
  const root = join(cache, 'mutants', String(number));
  rmSync(root, { recursive: true, force: true });
  mkdirSync(join(root, 'contracts'), { recursive: true });
  for (const part of ['src', 'test', 'foundry.toml', 'package.json', 'script', 'script-data']) {
    if (existsSync(join(contracts, part))) cpSync(join(contracts, part), join(root, 'contracts', part), { recursive: true });
  }
  symlinkSync(join(contracts, 'node_modules'), join(root, 'contracts', 'node_modules'));
  cpSync(join(contracts, '..', 'vectors'), join(root, 'vectors'), { recursive: true });
  return join(root, 'contracts');
}

function start(number) {
  const worker = fork(fileURLToPath(new URL('mutation/worker.mjs', import.meta.url)), [copy(number), process.env.SMARTNODES_FORGE ?? 'forge']);
  let waiting;
  worker.on('message', (answer) => waiting.done(answer));
  worker.on('exit', (code) => waiting?.failed(new Error(`a worker ended with ${code}`)));
  worker.ask = (message) => new Promise((done, failed) => {
    waiting = { done, failed };
    worker.send(message);
  });
  return worker;
}

/** Whether the optimized code is the same with the change: then no test can tell. */
function equivalent(point) {
  const selection = { '*': { '*': ['evm.bytecode.object'] } };
  const input = standardInput(contracts, sources('src'), selection, { enabled: true, runs: 200 });
  const code = () => JSON.stringify(Object.values(compile(contracts, input).contracts));
  const before = code();
  input.sources[point.file].content = apply(input.sources[point.file].content, point);
  return before === code();
}

async function judgeAll(list) {
  const workers = Array.from({ length: Math.min(Number(options.jobs), list.length) }, (_, i) => start(i));
  const judged = [];
  const queue = [...list];
  const started = Date.now();
  // Whoever has seen enough gets a report of what was done until then.
  process.once('SIGINT', () => queue.splice(0));
  process.once('SIGTERM', () => queue.splice(0));
  try {
    const bases = await Promise.all(workers.map((worker) => worker.ask({ type: 'baseline' })));
    for (const base of bases) if (base.error) throw new Error(base.error);
    say(`${bases[0].tests} tests pass on the unchanged contracts${bases[0].excluded.length ? `; left out, as they fail without the optimizer: ${bases[0].excluded.join(', ')}` : ''}\n`);
    await Promise.all(workers.map(async (worker) => {
      for (let point; (point = queue.shift()) !== undefined; ) {
        const answer = await worker.ask({ type: 'judge', point });
        if (answer.error) throw new Error(`${point.key}: ${answer.error}`);
        if (answer.status === 'survived' && equivalent(point)) answer.status = 'equivalent';
        judged.push({ ...point, ...answer, id: undefined });
        if (answer.status === 'survived') say(`survived: ${point.file}:${point.line} ${point.function}: ${point.mutation}\n`);
        const left = Math.round(((Date.now() - started) / judged.length) * queue.length / 60000);
        if (process.stderr.isTTY) say(`${judged.length} of ${list.length}, about ${left} min left \r`);
        else if (judged.length % 25 === 0) say(`${judged.length} of ${list.length}, about ${left} min left\n`);
      }
    }));
  } finally {
    workers.forEach((worker) => worker.connected && worker.send({ type: 'end' }));
  }
  return judged;
}

function report(judged, seconds) {
  const explained = new Map(
    (existsSync(explainedFile) ? JSON.parse(readFileSync(explainedFile, 'utf8')) : []).map((entry) => [entry.key, entry.reason]));
  for (const point of judged) {
    if (point.status === 'survived' && explained.has(point.key)) Object.assign(point, { status: 'explained', reason: explained.get(point.key) });
  }
  const count = (status, list = judged) => list.filter((point) => point.status === status).length;
  const statuses = ['killed', 'survived', 'explained', 'equivalent', 'invalid'];
  const result = {
    seed: options.seed, seconds, mutants: judged.length,
    ...Object.fromEntries(statuses.map((status) => [status, count(status)])),
    staleExplanations: [...explained.keys()].filter((key) => judged.some((point) => point.key === key && point.status === 'killed')),
    list: judged.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.start - b.start))
      .map(({ key, kind, file, line, status, killer, reason, ms }) => ({ key, kind, file, line, status, killer, reason, ms })),
  };
  mkdirSync(dirname(resolve(options.report)), { recursive: true });
  writeFileSync(options.report, JSON.stringify(result, null, 2) + '\n');
  if (options.output === 'json') console.log(JSON.stringify(result, null, 2));
  else print(result, judged, count, statuses);
  return result.survived === 0 ? 0 : 1;
}

function print(result, judged, count, statuses) {
  const rows = [...new Set(judged.map((point) => point.file))].map((file) => {
    const list = judged.filter((point) => point.file === file);
    return [file, ...statuses.map((status) => count(status, list))];
  });
  rows.push(['all', ...statuses.map((status) => count(status))]);
  const width = Math.max(...rows.map((row) => row[0].length));
  console.log(''.padEnd(width) + statuses.map((status) => status.padStart(11)).join(''));
  for (const row of rows) console.log(row[0].padEnd(width) + row.slice(1).map((n) => String(n).padStart(11)).join(''));
  for (const point of judged.filter((each) => each.status === 'survived')) {
    console.log(`\nsurvived ${point.file}:${point.line}\n  ${point.key}`);
  }
  for (const key of result.staleExplanations) console.log(`\nexplained, but killed now: ${key}`);
  console.log(`\n${result.mutants} mutants in ${Math.round(result.seconds / 60)} min; the report is ${relative(process.cwd(), resolve(options.report)) || options.report}`);
}

const list = chosen(allPoints());
if (options.list) {
  for (const point of list) console.log(`${point.kind.padEnd(9)} ${point.file}:${point.line} ${point.function}: ${point.mutation}`);
  say(`${list.length} mutants\n`);
} else if (list.length === 0) {
  say('smartnodes: nothing to change matches\n');
  process.exitCode = 2;
} else {
  const started = Date.now();
  say(`${list.length} mutants\n`);
  const judged = await judgeAll(list);
  process.exitCode = report(judged, Math.round((Date.now() - started) / 1000));
}
