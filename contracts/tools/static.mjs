#!/usr/bin/env node
// What slither found, against the answers in static-answers.json: a finding without an answer is an error, and so is an
// answer without a finding, so that the list stays true.
import { readFileSync } from 'node:fs';

const answers = JSON.parse(readFileSync(new URL('static-answers.json', import.meta.url), 'utf8'));
const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
if (!report.success) {
  console.error(`smartnodes: slither failed: ${report.error}`);
  process.exit(1);
}
const found = (report.results.detectors ?? []).map((finding) => ({
  check: finding.check,
  impact: finding.impact,
  text: finding.description.trim().split('\n')[0].replace(/\s*\([^()]*\.sol#[\d-]+\)/g, ''),
  where: finding.first_markdown_element,
}));
const used = new Set();
const open = found.filter(({ check, text }) => {
  const answer = answers.find((each) => each.check === check && new RegExp(each.where).test(text));
  if (answer) used.add(answer);
  return !answer;
});
for (const { check, impact, text, where } of open) console.log(`${impact} ${check}: ${text}\n  ${where}`);
const idle = answers.filter((answer) => !used.has(answer));
for (const { check, where } of idle) console.log(`answered, but not found any more: ${check} ${where}`);
console.log(`${found.length} findings, ${found.length - open.length} answered, ${open.length} open`);
process.exitCode = open.length + idle.length === 0 ? 0 : 1;
