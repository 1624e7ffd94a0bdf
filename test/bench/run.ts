import { existsSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { clicks } from './clicks.js';
import { delivery } from './delivery.js';
import { feedback } from './feedback.js';
import { type Figure, isMissed, table } from './figures.js';
import { memory } from './memory.js';
import { publish } from './publish.js';
import { recognition } from './recognition.js';
import { seminars } from './seminars.js';
import { sign } from './sign.js';
import { start } from './start.js';

/** npm run bench [-- part ...]: measures the program as it is built, and ends with 1 when a target is missed. */
const PARTS: Readonly<Record<string, () => Promise<Figure[]>>> = {
  start,
  memory,
  clicks,
  publish,
  sign,
  delivery,
  recognition,
  seminars,
  feedback,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in PARTS));
if (unknown.length > 0 || !existsSync(fileURLToPath(new URL('../../dist/src/main.js', import.meta.url)))) {
  console.error(
    unknown.length > 0
      ? `There is no part ${unknown.join(', ')}; there are ${Object.keys(PARTS).join(', ')}.`
      : 'Build it first: npm run build',
  );
  process.exit(2);
}

const began = performance.now();
const figures: Figure[] = [];
console.log(
  `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.version}, load before ${loadavg()[0]?.toFixed(1)}`,
);
for (const [name, part] of Object.entries(PARTS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const since = performance.now();
  figures.push(...(await part()));
  console.log(`${name}: measured in ${Math.round((performance.now() - since) / 1_000)} s`);
}
console.log(`\n${table(figures)}\n`);
const missed = figures.filter(isMissed);
console.log(missed.length === 0 ? 'Every target is reached.' : `Missed: ${missed.map(({ name }) => name).join('; ')}.`);
console.log(`${Math.round((performance.now() - began) / 1_000)} s in all, load after ${loadavg()[0]?.toFixed(1)}`);
process.exit(missed.length === 0 ? 0 : 1);
