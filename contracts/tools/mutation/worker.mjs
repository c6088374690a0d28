// One worker: a copy of the contracts, a warm compiler and forge. It is told a point, makes the change in its copy,
// lets the tests run until one fails, and takes the change back.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apply } from './points.mjs';
import { serve } from './compiler.mjs';

const [root, forge] = process.argv.slice(2);
const LIMIT_MS = 300_000;
const UNLINKED = {
  FOUNDRY_DYNAMIC_TEST_LINKING: 'false', FOUNDRY_OUT: '../.cache/forge/unlinked/out', FOUNDRY_CACHE_PATH: '../.cache/forge/unlinked/cache',
};
const kills = new Map(); // file → suite → how many mutants of that file it has killed
let suites = [];
let excluded = []; // tests that fail on the unchanged contracts
let broken = []; // suites that do not even start there

const scratch = mkdtempSync(join(tmpdir(), 'mutants-'));
const server = await serve(root, join(scratch, 'solc.sock'), join(root, 'solc'));

/** Runs forge in the copy. */
function run(args, extra = {}) {
  return new Promise((done) => {
    const child = spawn(forge, args, {
      cwd: root, detached: true, stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, FOUNDRY_PROFILE: 'mutants', NO_COLOR: '1', ...extra },
    });
    let [out, err, late] = ['', '', false];
    child.stdout.on('data', (data) => (out += data));
    child.stderr.on('data', (data) => (err += data));
    const timer = setTimeout(() => {
      late = true;
      process.kill(-child.pid, 'SIGKILL');
    }, LIMIT_MS);
    child.on('close', (code) => {
      clearTimeout(timer);
      done({ code, out, err, late });
    });
  });
}

/** The results of a test run: [{suite, test, passed}]. */
function results(out) {
  const start = out.indexOf('{');
  if (start < 0) return [];
  const all = [];
  for (const [suite, { test_results: tests }] of Object.entries(JSON.parse(out.slice(start)))) {
    for (const [test, { status }] of Object.entries(tests)) {
      all.push({ suite: suite.split(':').at(-1), test: test.split('(')[0], passed: status !== 'Failure' });
    }
  }
  return all;
}

/** Runs some tests until one fails; returns which, or nothing. */
async function failing(filters, extra) {
  const without = broken.length > 0 ? ['--no-match-contract', names(broken)] : [];
  const tests = await run(['test', '--json', '--fail-fast', ...filters, ...without], extra);
  if (tests.late) return { suite: '', test: 'time limit' };
  if (tests.code === 0) return undefined;
  const failed = results(tests.out).find((result) => !result.passed);
  if (!failed && /No tests (match|found)/i.test(tests.out + tests.err)) return undefined;
  return failed ?? { suite: '', test: 'forge ended with ' + tests.code };
}

// forge compares contracts by name, tests by their signature.
const names = (list) => `^(${list.join('|')})$`;
const invariants = ['--match-test', '^invariant'];
const others = () => ['--no-match-test', ['^invariant', ...excluded.map((test) => `^${test}\\(`)].join('|')];

/** Suites that probably kill a mutant of this file: those that did, else those that are named alike. */
function likely(file) {
  const counts = kills.get(file) ?? new Map();
  const learned = [...counts].sort((a, b) => b[1] - a[1]).map(([suite]) => suite);
  const stem = file.split('/').at(-1).replace('.sol', '').replace('Smartnodes', '').toLowerCase();
  const alike = suites.filter((suite) => suite.toLowerCase().includes(stem) || stem.includes(suite.toLowerCase().replace('test', '')));
  return [...new Set([...learned, ...alike])].slice(0, 3);
}

const killed = ({ suite, test }) => ({ status: 'killed', killer: [suite, test].filter(Boolean).join('.') });

async function judge(point) {
  const path = join(root, point.file);
  const before = readFileSync(path, 'utf8');
  writeFileSync(path, apply(before, point));
  try {
    const build = await run(['build']);
    if (build.code !== 0) {
      return { status: 'invalid', reason: (build.out + build.err).split('\n').find((line) => line.includes('Error (')) ?? 'does not compile' };
    }
    const first = likely(point.file);
    const stages = [...(first.length > 0 ? [['--match-contract', names(first), ...others()]] : []), others(), invariants];
    for (const filters of stages) {
      const killer = await failing(filters);
      if (!killer) continue;
      if (killer.suite) {
        if (!kills.has(point.file)) kills.set(point.file, new Map());
        const counts = kills.get(point.file);
        counts.set(killer.suite, (counts.get(killer.suite) ?? 0) + 1);
      }
      return killed(killer);
    }
    // A creation that should revert and does not goes unnoticed in tests that are linked when they run: once more.
    const killer = await failing(others(), UNLINKED);
    return killer ? killed(killer) : { status: 'survived' };
  } finally {
    writeFileSync(path, before);
  }
}

async function baseline() {
  const build = await run(['build']);
  if (build.code !== 0) return { error: 'the unchanged contracts do not compile:\n' + build.out + build.err };
  const tests = await run(['test', '--json']);
  const all = results(tests.out);
  if (all.length === 0) return { error: 'no tests ran:\n' + tests.err };
  const failed = all.filter((result) => !result.passed);
  const dead = ({ test }) => test === 'setUp' || test === 'constructor';
  broken = [...new Set(failed.filter(dead).map((result) => result.suite))];
  suites = [...new Set(all.map((result) => result.suite))].filter((suite) => !broken.includes(suite));
  excluded = [...new Set(failed.filter((result) => !dead(result)).map((result) => result.test))];
  if (excluded.some((test) => test.startsWith('invariant'))) {
    return { error: 'the unchanged contracts fail ' + excluded.join(', ') };
  }
  // Otherwise every mutant would be killed by what fails without it.
  const still = (await failing(others())) ?? (await failing(invariants));
  if (still) return { error: `the unchanged contracts fail ${still.suite}.${still.test}` };
  return { tests: all.length - failed.length, excluded: [...broken, ...excluded] };
}

process.on('SIGINT', () => {}); // the one who started this ends it

process.on('message', async ({ type, id, point }) => {
  if (type === 'end') {
    server.close();
    rmSync(scratch, { recursive: true, force: true });
    process.exit(0);
  }
  const started = Date.now();
  try {
    const answer = type === 'baseline' ? await baseline() : await judge(point);
    process.send({ id, ...answer, ms: Date.now() - started });
  } catch (failure) {
    process.send({ id, error: failure.stack, ms: Date.now() - started });
  }
});
