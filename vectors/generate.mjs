// Golden vectors of the protocol, computed from docs/protocol alone: a third implementation beside Java and Solidity.
// `node vectors/generate.mjs` writes vectors/protocol.json, `--check` only tells whether it is current.
// Integers are decimal strings, bytes are 0x-hex. Needs `npm ci` in contracts/.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../contracts/package.json', import.meta.url));
const { keccak_256 } = require('@noble/hashes/sha3');
const { secp256k1 } = require('@noble/curves/secp256k1');

// ---- bytes ----
const hex = (bytes) => '0x' + Buffer.from(bytes).toString('hex');
const raw = (text) => Buffer.from(text.slice(2), 'hex');
const text = (value) => Buffer.from(value, 'utf8');
const keccak = (...parts) => hex(keccak_256(Buffer.concat(parts.map((p) => (typeof p === 'string' ? raw(p) : p)))));
const uint = (value) => raw('0x' + BigInt(value).toString(16).padStart(64, '0'));
const left = (value) => raw('0x' + value.slice(2).padStart(64, '0')); // addresses, as abi.encode pads them
const named = (name) => keccak(text(name));
const address = (name) => '0x' + named(name).slice(26);
const ZERO_ADDRESS = '0x' + '0'.repeat(40);
const ZERO = '0x' + '0'.repeat(64);

// ---- EIP-712, from the structs as the documentation states them ----
const structs = {};
const page = readFileSync(new URL('../docs/protocol/1-structs.md', import.meta.url), 'utf8');
for (const [, block] of page.matchAll(/```\n(\w+\([^`]*\))\n```/g)) {
  for (const [, name, fields] of block.matchAll(/(\w+)\(([^)]*)\)/g)) {
    const parsed = fields.split(',').map((field) => ({ type: field.split(' ')[0], name: field.split(' ')[1] }));
    if (structs[name] && JSON.stringify(structs[name]) !== JSON.stringify(parsed)) throw new Error(`two ${name}`);
    structs[name] = parsed;
  }
}
const base = (type) => type.replace('[]', '');
const referenced = (name, seen = new Set()) => {
  for (const { type } of structs[name]) {
    if (structs[base(type)] && !seen.has(base(type))) referenced(base(type), seen.add(base(type)));
  }
  return seen;
};
const one = (name) => `${name}(${structs[name].map((f) => `${f.type} ${f.name}`).join(',')})`;
const encodeType = (name) => one(name) + [...referenced(name)].sort().map(one).join('');
const typeHash = (name) => named(encodeType(name));
const encode = (type, value) => {
  if (type.endsWith('[]')) return raw(keccak(...value.map((item) => encode(base(type), item))));
  if (structs[type]) return raw(hashStruct(type, value));
  if (type === 'string') return raw(keccak(text(value)));
  if (type === 'bytes') return raw(keccak(value));
  if (type === 'bytes32') return raw(value);
  if (type === 'address') return left(value);
  return uint(value);
};
const hashStruct = (name, value) =>
  keccak(typeHash(name), ...structs[name].map((field) => encode(field.type, value[field.name])));

// ---- 1.1 domain ----
structs.EIP712Domain = [
  { type: 'string', name: 'name' },
  { type: 'string', name: 'version' },
  { type: 'uint256', name: 'chainId' },
  { type: 'address', name: 'verifyingContract' },
];
const core = address('core');
const domain = { name: 'Smartnodes', version: '1', chainId: '31337', core };
domain.separator = hashStruct('EIP712Domain', { ...domain, verifyingContract: core });
const typedDataHash = (structHash) => keccak(text('\x19\x01').subarray(0, 2), domain.separator, structHash);

// ---- 1.4 job ----
const jobSpec = {
  user: address('user'),
  home: address('home'),
  network: named('wasm'),
  moduleHash: named('module'),
  unitCount: '256',
  inputsRoot: named('inputs'),
  fuelLimitPerUnit: '1000000000',
  maxPrice: (3n * 10n ** 18n).toString(),
  asset: address('sno'),
  deadline: '1800000000',
  nonce: '18446744073709551615',
};
jobSpec.hash = hashStruct('JobSpec', jobSpec);

// ---- 1.6 update and vote ----
const keys = [1, 2, 3, 4].map((i) => named(`node key ${i}`));
const publicKeys = keys.map((key) => hex(secp256k1.getPublicKey(raw(key), false).slice(1)));
const nodeAddresses = publicKeys.map((key) => '0x' + keccak(key).slice(26));
const operators = [1, 2, 3, 4].map((i) => address(`operator ${i}`));
const set = '0x' + nodeAddresses.map((node, i) => node.slice(2) + operators[i].slice(2)).join('');
const validatorSet = { nodeKeys: keys, publicKeys, nodeAddresses, operators, set, hash: keccak(set) };

const totals = (asset, balances, payouts, heldBack, burnt, minted) => ({
  asset,
  balances: BigInt(balances).toString(),
  payouts: BigInt(payouts).toString(),
  heldBack: BigInt(heldBack).toString(),
  burnt: BigInt(burnt).toString(),
  minted: BigInt(minted).toString(),
});
const update = {
  epoch: '7',
  previousStateRoot: named('previous state'),
  stateRoot: named('state'),
  bodyHash: named('body'),
  inboxCount: '3',
  inboxHash: named('inbox'),
  asOf: '1790000000',
  totals: [totals(ZERO_ADDRESS, 5, 4, 3, 0, 0), totals(address('sno'), 2n ** 200n, 10n ** 18n, 1, 2, 2n ** 201n)],
  ejections: [operators[1], operators[2]],
  slashes: [{ operator: operators[3], amount: (10n ** 21n).toString(), evidenceId: named('evidence') }],
  nextSetHash: validatorSet.hash,
};
update.digest = hashStruct('Update', update);
const emptyUpdate = { ...update, totals: [], ejections: [], slashes: [] };
emptyUpdate.digest = hashStruct('Update', emptyUpdate);

// A struct as one of the keys signs it: hashes, the plain signature and its compact form (EIP-2098).
const sign = (name, value, key, address) => {
  const structHash = hashStruct(name, value);
  const typed = typedDataHash(structHash);
  const signature = secp256k1.sign(raw(typed), raw(key), { lowS: true });
  const rs = hex(signature.toCompactRawBytes());
  const s = BigInt('0x' + rs.slice(66)) | (BigInt(signature.recovery) << 255n);
  return {
    ...value,
    structHash,
    typedDataHash: typed,
    privateKey: key,
    signer: address,
    signature: rs + (27 + signature.recovery).toString(16),
    compact: rs.slice(0, 66) + s.toString(16).padStart(64, '0'),
  };
};
const vote = sign('Vote', { epoch: '7', round: '2', digest: update.digest }, keys[0], nodeAddresses[0]);
const otherVote = sign('Vote', { epoch: '7', round: '2', digest: emptyUpdate.digest }, keys[0], nodeAddresses[0]);

// ---- 1.3 a node key proves that it wants to serve an operator ----
const nodeKeyProof = sign(
  'NodeKeyProof',
  {
    operator: operators[0],
    nodeKeyX: publicKeys[0].slice(0, 66),
    nodeKeyY: '0x' + publicKeys[0].slice(66),
  },
  keys[0],
  nodeAddresses[0],
);

// ---- 1.4 two receipts of one lease that one witness acknowledges: equivocation ----
const receipt = (resultsRoot, drawHeight) => {
  const value = {
    jobId: jobSpec.hash,
    lease: '9',
    first: '32',
    count: '16',
    fuel: '16',
    resultsRoot,
    drawHeight,
  };
  return { ...value, hash: hashStruct('JobReceipt', value) };
};
const jobReceipt = receipt(named('results'), '1234');
const otherReceipt = receipt(named('other results'), '1240');
const acknowledge = (of) =>
  sign('Ack', { jobId: of.jobId, lease: of.lease, receiptHash: of.hash }, keys[0], nodeAddresses[0]);
const ack = acknowledge(jobReceipt);
const otherAck = acknowledge(otherReceipt);

// ---- 2.1.1 state tree ----
const bit = (path, depth) => (BigInt(path) >> BigInt(255 - depth)) & 1n;
const path = (leaf) => keccak(uint(leaf.type), leaf.key);
const leafHash = (leaf) => keccak(keccak(uint(leaf.type), leaf.key, leaf.structHash));
const subtree = (leaves, depth = 0) => {
  if (leaves.length === 0) return ZERO;
  if (leaves.length === 1) return leafHash(leaves[0]);
  const sides = [0n, 1n].map((side) => subtree(leaves.filter((leaf) => bit(path(leaf), depth) === side), depth + 1));
  return keccak(...sides);
};
const prove = (leaves, wanted, depth = 0) => {
  if (leaves.length === 1) return [];
  const side = bit(path(wanted), depth);
  const same = leaves.filter((leaf) => bit(path(leaf), depth) === side);
  const other = leaves.filter((leaf) => bit(path(leaf), depth) !== side);
  return [...prove(same, wanted, depth + 1), subtree(other, depth + 1)];
};
const payoutLeaf = (payout) => ({
  type: 5,
  key: keccak(left(payout.account), left(payout.asset)),
  structHash: hashStruct('Payout', payout),
});
const others = [1, 2, 3, 4, 6, 7, 8, 9, 10].map((type) => ({
  type,
  key: type === 8 || type === 10 ? ZERO : named(`key ${type}`),
  structHash: named(`leaf ${type}`),
}));
// A proof with empty siblings is the interesting one: take the first account whose path runs beside another's.
let payoutProof;
for (let i = 0; payoutProof === undefined; i++) {
  const payout = {
    account: address(`worker ${i}`),
    asset: address('sno'),
    payout: address('payout'),
    cumulative: (2n ** 90n + 12345n).toString(),
  };
  const leaf = payoutLeaf(payout);
  const leaves = [...others, leaf];
  const siblings = prove(leaves, leaf);
  if (siblings.length < 8 || siblings.filter((sibling) => sibling === ZERO).length < 3) continue;
  payoutProof = { ...payout, structHash: leaf.structHash, siblings, root: subtree(leaves), leaves };
}

const leafOf = (type, name, key, value) => ({ type, key, structHash: hashStruct(name, value) });

// ---- 1.8 leaves that Core pays from while nobody can vote: an allotment, a free one, a job ----
const allotmentKey = (leaf) => keccak(left(leaf.account), left(leaf.asset), left(leaf.home));
const allotments = [operators[0], ZERO_ADDRESS].map((home, i) => ({
  account: address('user'),
  asset: address('sno'),
  home,
  amount: (5n * 10n ** 18n + BigInt(i)).toString(),
  releasing: (10n ** 18n).toString(),
  releaseAt: String(9 - 9 * i),
}));
const job = {
  jobId: jobSpec.hash,
  user: jobSpec.user,
  home: jobSpec.home,
  asset: jobSpec.asset,
  held: (2n * 10n ** 18n).toString(),
  unitCount: '256',
  deadline: jobSpec.deadline,
  anchoredAt: '5',
  closingAt: '0',
  settledCount: '9',
  settled: '0xff01' + '00'.repeat(30),
};
const escapeLeaves = [
  ...others.filter((leaf) => leaf.type !== 2 && leaf.type !== 3),
  ...allotments.map((leaf) => leafOf(2, 'Allotment', allotmentKey(leaf), leaf)),
  leafOf(3, 'Job', job.jobId, job),
  payoutLeaf({ account: address('user'), asset: address('sno'), payout: address('user'), cumulative: '77' }),
];
const proven = (name, type, key, value) => {
  const leaf = leafOf(type, name, key, value);
  return { ...value, key, structHash: leaf.structHash, siblings: prove(escapeLeaves, leaf) };
};
const escapeProofs = {
  root: subtree(escapeLeaves),
  leaves: escapeLeaves,
  allotment: proven('Allotment', 2, allotmentKey(allotments[0]), allotments[0]),
  free: proven('Allotment', 2, allotmentKey(allotments[1]), allotments[1]),
  job: proven('Job', 3, job.jobId, job),
};

// ---- 1.8 a validator that rotated its key, the head and the parameters ----
const validator = {
  operator: operators[0],
  publicKey: publicKeys[1],
  formerKey: publicKeys[0],
  payout: address('payout'),
  seat: named('seat'),
  ordinal: '261',
  eligibleAt: '1790000000',
  since: '7',
  until: '12',
  sampleCommitment: ZERO,
  status: '3',
};
validator.hash = hashStruct('Validator', validator);
const head = { epoch: '7', asOf: '1790000000', inboxCount: '3', inboxHash: named('inbox'), drainedAt: '4' };
head.hash = hashStruct('Head', head);
const parameters = {
  version: '2',
  values: [
    ...[600, 120, 12, 300, 10n ** 16n, 950_000, 4, 4, 30, 2, 6, 2, BigInt(address('treasury')), 1_700_000_000],
    ...[65_536, 1_024, 10n ** 19n],
  ].map(String),
};
parameters.hash = hashStruct('Parameters', parameters);

// ---- 2.7 the set after one joins, and after another leaves ----
const joinerKey = named('node key 5');
const joinerPublic = hex(secp256k1.getPublicKey(raw(joinerKey), false).slice(1));
const joiner = {
  privateKey: joinerKey,
  publicKey: joinerPublic,
  nodeAddress: '0x' + keccak(joinerPublic).slice(26),
  operator: address('operator 5'),
};
const entries = nodeAddresses.map((node, i) => node.slice(2) + operators[i].slice(2));
const joinedEntries = [...entries, joiner.nodeAddress.slice(2) + joiner.operator.slice(2)];
const setOf = (list) => '0x' + list.join('');
const leftEntries = joinedEntries.filter((_, i) => i !== 1);
const setChange = {
  before: set,
  joiner,
  joined: setOf(joinedEntries),
  joinedHash: keccak(setOf(joinedEntries)),
  leaver: operators[1],
  left: setOf(leftEntries),
  leftHash: keccak(setOf(leftEntries)),
};

// ---- 2.2 chance ----
const seed = { previous: named('seed'), prevrandao: named('randao'), epoch: '7' };
seed.seed = keccak(seed.previous, seed.prevrandao, uint(seed.epoch));

const seats = Array.from({ length: 9 }, (_, i) => keccak(left(address(`operator ${i}`)), seed.previous));
const pick = { purposeName: 'smartnodes.jury', purpose: named('smartnodes.jury'), id: named('id'), seats };
pick.seed = seed.previous;
pick.operators = Array.from({ length: 9 }, (_, i) => address(`operator ${i}`));
const ascending = (list, key) =>
  list.map((_, i) => i).sort((a, b) => (BigInt(key(list[a])) < BigInt(key(list[b])) ? -1 : 1));
pick.order = ascending(seats, (seat) => keccak(pick.purpose, pick.id, seat)).map(String);

const proposers = { seed: seed.previous, operators };
proposers.order = ascending(operators, (operator) =>
  keccak(named('smartnodes.proposer'), seed.previous, left(operator))).map((i) => operators[i]);

// ---- 2.3 inbox ----
const item = (kind, account, asset, amount, target, data) => ({ kind: String(kind), account, asset, amount, target, data });
const inbox = [
  item(1, address('user'), ZERO_ADDRESS, (2n ** 80n).toString(), operators[0], ZERO),
  item(1, address('other user'), ZERO_ADDRESS, '1', ZERO_ADDRESS, ZERO),
  item(2, address('user'), ZERO_ADDRESS, '1000', operators[0], ZERO),
  item(5, operators[2], address('sno'), (2n ** 256n - 1n).toString(), nodeAddresses[2], named('rotation')),
].map((fields, i) => ({ index: String(i), ...fields }));
inbox.reduce((rolling, next) => {
  next.itemHash = hashStruct('InboxItem', next);
  return (next.hash = keccak(rolling, next.itemHash));
}, ZERO);

const key = { x: joinerPublic.slice(0, 66), y: '0x' + joinerPublic.slice(66) };
const number = (value) => '0x' + BigInt(value).toString(16).padStart(40, '0');
const word = (value) => hex(uint(value));
const inboxKinds = [
  item(3, joiner.operator, number(1_790_000_000), BigInt(key.x).toString(), address('payout'), key.y),
  item(4, joiner.operator, ZERO_ADDRESS, '0', ZERO_ADDRESS, word(1)),
  item(5, operators[0], ZERO_ADDRESS, BigInt(key.x).toString(), address('payout'), key.y),
  item(6, ZERO_ADDRESS, ZERO_ADDRESS, (10n ** 19n).toString(), ZERO_ADDRESS, word(16)),
  item(7, address('user'), address('sno'), allotments[0].amount, operators[0], ZERO),
  item(7, address('user'), address('sno'), job.held, job.home, job.jobId),
  item(8, address('owner'), number(1), BigInt(named('pictures')).toString(), ZERO_ADDRESS, named('manifest')),
].map((fields, i) => ({ index: String(i + 4), ...fields }));
inboxKinds.reduce((rolling, next) => {
  next.itemHash = hashStruct('InboxItem', next);
  return (next.hash = keccak(rolling, next.itemHash));
}, inbox.at(-1).hash);

// ---- 2.4 emission ----
const YEAR = 31_536_000n;
const upTo = (seconds) => {
  let total = 0n;
  let hourly = 5625n * 10n ** 18n;
  const tail = 420n * 10n ** 18n;
  for (let rest = seconds; ; rest -= YEAR) {
    if (rest < YEAR) return total + (hourly * rest) / 3600n;
    total += hourly * 8760n;
    const next = (hourly * 6n) / 10n;
    hourly = next < tail ? tail : next;
  }
};
const years = [1n, 2n, 3n, 4n, 5n, 6n, 7n, 20n, 1000n].map((year) => year * YEAR);
const emission = [0n, 1n, 7n, 600n, 3599n, 3600n, ...years.flatMap((t) => [t - 1n, t, t + 1n])].map((seconds) => ({
  seconds: seconds.toString(),
  amount: upTo(seconds).toString(),
}));

const typeHashes = Object.fromEntries(Object.keys(structs).sort().map((name) => [name, typeHash(name)]));
const vectors = {
  domain,
  typeHashes,
  jobSpec,
  jobReceipt,
  otherReceipt,
  ack,
  otherAck,
  validatorSet,
  setChange,
  nodeKeyProof,
  update,
  emptyUpdate,
  vote,
  otherVote,
  payoutProof,
  escapeProofs,
  validator,
  head,
  parameters,
  pick,
  proposers,
  seed,
  emission,
  inbox,
  inboxKinds,
};
const target = new URL('protocol.json', import.meta.url);
const content = JSON.stringify(vectors, null, 2) + '\n';
if (!process.argv.includes('--check')) {
  writeFileSync(target, content);
} else if (readFileSync(target, 'utf8') !== content) {
  process.stderr.write('vectors/protocol.json is not what vectors/generate.mjs computes\n');
  process.exitCode = 1;
}
