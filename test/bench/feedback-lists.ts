import { performance } from 'node:perf_hooks';
import { systemClock } from '../../src/core/clock.js';
import { createRegistry } from '../../src/core/registry.js';
import { createFeatures } from '../../src/features/index.js';
import type { Db } from '../../src/people/db.js';
import type { HandlerContext } from '../../src/people/handlers.js';
import { findPerson } from '../../src/people/people.js';
import { aChannel, anOrganisation, aPerson, aWork } from '../support/builders.js';
import { type Figure, percentile } from './figures.js';
import { withDatabase } from './own-database.js';
import { seedFeedback } from './seed-feedback.js';

const ENTRIES = 1_000_000;
const MONTHS = 24;
const OPEN = 5_000;
const LISTS = 200;
const REPORTS = 20;

/** What somebody waits for with 1,000,000 pieces of feedback: the open cases, a case, the report of the month. In this process, at the store. */
export async function lists(): Promise<Figure[]> {
  return await withDatabase(measure);
}

async function measure(db: Db): Promise<Figure[]> {
  const organisation = await anOrganisation(db, { zone: 'Europe/Riga' });
  const built = await aPerson(db, organisation, { name: 'Boss Berzs', role: 'manager' });
  const channel = await aChannel(db, organisation, { name: 'front-desk', members: [built] });
  const now = systemClock.now();
  const began = performance.now();
  await seedFeedback(db, organisation.id, { entries: ENTRIES, months: MONTHS, openCases: OPEN, channelId: channel.id, now });
  console.log(`feedback: ${ENTRIES.toLocaleString('en')} entries made in ${Math.round((performance.now() - began) / 1_000)} s`);
  const person = await findPerson(db, organisation.id, built.id);
  if (!person) throw new Error('The manager is gone.');
  const registry = createRegistry(createFeatures({ directories: new Map() }));
  const context: HandlerContext = {
    ...aWork(db, { clock: systemClock }),
    organisation,
    person,
    role: 'manager',
    reader: { locale: 'en', zone: 'Europe/Riga' },
    actor: { platform: 'slack', workspaceExternalId: 'T1', externalId: built.externalId },
    accountId: built.accountId,
    workspaceId: built.workspaceId,
    place: { kind: 'direct' },
    registry,
  };
  const verbs = registry.commands.get('customer')?.verbs ?? [];
  const ask = async (verb: string, text = '', times = LISTS): Promise<readonly number[]> => {
    const found = verbs.find(({ name }) => name === verb);
    if (!found) throw new Error(`There is no verb ${verb}.`);
    const took: number[] = [];
    for (let time = 0; time < times; time++) {
      const since = performance.now();
      await found.run(context, { text, tokens: [], files: [] });
      took.push(performance.now() - since);
    }
    return took;
  };
  // As in a program that has been running: connections are open, statements planned.
  await ask('open', '', 10);
  const { number } = await db.feedbackCase.findFirstOrThrow({ orderBy: { number: 'desc' }, select: { number: true } });
  const [open, one, report] = [await ask('open'), await ask('case', String(number)), await ask('report', '', REPORTS)];
  return [
    { name: `entries, with four ratings each`, unit: 'count', measured: await db.feedback.count(), exactly: ENTRIES },
    { name: `/customer open with ${OPEN.toLocaleString('en')} open cases: p99`, unit: 'ms', measured: percentile(open, 0.99), atMost: 100 },
    { name: 'the same: median', unit: 'ms', measured: percentile(open, 0.5) },
    { name: '/customer case: p99', unit: 'ms', measured: percentile(one, 0.99), atMost: 100 },
    { name: 'the monthly report: p99', unit: 's', measured: percentile(report, 0.99) / 1_000, atMost: 2 },
    { name: 'the same: median', unit: 's', measured: percentile(report, 0.5) / 1_000 },
  ];
}
