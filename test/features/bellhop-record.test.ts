import { beforeEach, describe, expect, it } from 'vitest';
import type { Card } from '../../src/core/card.js';
import type { Answer } from '../../src/core/reply.js';
import { words } from '../../src/core/text.js';
import { createBellhopFeature } from '../../src/features/bellhop/index.js';
import { handbook } from '../../src/features/handbook/index.js';
import { feature } from '../../src/people/handlers.js';
import type { BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { buttonsOf, cardsOf, hintOf, keysIn, type TestBot, testBot } from '../support/test-bot.js';

// What every feature keeps of a person, on one card.

const database = useDatabase();
let bot: TestBot;
let ana: BuiltPerson;
let lead: BuiltPerson;
let boss: BuiltPerson;

const SOURCE = '# Calls\n\nAnswer within three rings.\n\n# Returns\n\nTake everything back, kindly.';

/** A second feature, so that a card of several can be seen whatever else there is. */
const minutes = feature({
  name: 'minutes',
  record: async (_, owner) => ({ heading: words('Minutes'), lead: words(`Kept by ${owner.name}: 2`), lines: [{ text: words('A line') }] }),
});

beforeEach(async () => {
  await database.reset();
  bot = await testBot({
    now: '2027-03-01T09:00:00Z',
    database,
    features: [createBellhopFeature({ directories: new Map() }), handbook, minutes],
  });
  lead = await bot.person({ name: 'Lead' });
  ana = await bot.person({ name: 'Ana', lineManager: lead });
  boss = await bot.person({ name: 'Boss', role: 'manager' });
});

/** Publishes one handbook after the other to Ana, who signs them. */
async function sign(titles: readonly string[]): Promise<void> {
  for (const title of titles) {
    const filled = { title, text: SOURCE, audience: 'people', people: [hintOf(ana)], effective: '2027-03-01', due: '2027-03-15' };
    const draft = await bot.as(boss).submit(await bot.as(boss).command('handbook publish'), { ...filled, statement: 'I have read it.' });
    await bot.as(boss).click('handbook.publish', draft);
    await bot.runDue();
    const read = await bot.as(ana).click('handbook.read');
    const done = await bot.as(ana).submit(await bot.as(ana).click('handbook.sign', read), { name: 'Ana', agree: true });
    expect(done.kind).not.toBe('errors');
    bot.clock.forward({ minutes: 5 });
  }
}

/** Every key once: what a notification says stands in the card again. */
const told = (answer: Answer) => [...new Set(keysIn(answer))];
const text = (answer: Answer | Card) => JSON.stringify(answer);
const refs = (answer: Answer) => cardsOf(answer).flatMap((card) => buttonsOf(card).map(({ id }) => id));

describe('/bellhop record', () => {
  it('shows what each feature keeps, the latest of it, and the way to the rest', async () => {
    await sign(['First', 'Second', 'Third', 'Fourth']);
    const mine = await bot.as(ana).command('bellhop record');
    expect(mine.kind).toBe('whisper');
    expect(keysIn(mine)).toEqual(
      expect.arrayContaining(['bellhop.record.title_mine', 'handbook.record.heading', 'handbook.record.lead_mine']),
    );
    expect(text(mine)).toContain('"signed":4,"waiting":0');
    // The latest three; the others stand in the handbook's own list.
    expect(['First', 'Second', 'Third', 'Fourth'].filter((title) => text(mine).includes(`"${title}"`))).toEqual([
      'Second',
      'Third',
      'Fourth',
    ]);
    expect(text(mine)).toContain('Kept by Ana: 2');
    expect(refs(mine)[0]).toBe('handbook.record');
    const all = await bot.as(ana).click('handbook.record', mine);
    expect(text(all)).toContain('"First"');
  });

  it('is open to the line and to owners, and to nobody else', async () => {
    const owner = await bot.person({ name: 'Owner', role: 'owner' });
    const above = await bot.person({ name: 'Above' });
    await database.db.person.updateMany({ where: { id: lead.id }, data: { lineManagerId: above.id } });
    for (const reader of [lead, above, owner]) {
      expect(keysIn(await bot.as(reader).command('bellhop record', { mention: ana }))).toContain('bellhop.record.title');
    }
    const refused = await bot.as(boss).command('bellhop record', { mention: ana });
    expect(told(refused)).toEqual(['people.errors.record_refused']);
    expect(text(refused)).not.toContain('Kept by');
    expect(told(await bot.as(ana).command('bellhop record Lead'))).toEqual(['people.errors.record_refused']);
    // Nor by a button that was made up.
    expect(told(await bot.as(boss).press({ id: 'bellhop.record', payload: { personId: ana.id } }))).toEqual([
      'people.errors.record_refused',
    ]);
  });

  it('is opened from a person’s card, of whoever left too', async () => {
    const owner = await bot.person({ name: 'Owner', role: 'owner' });
    await sign(['First']);
    await database.db.person.updateMany({ where: { id: ana.id }, data: { status: 'left', leftAt: bot.clock.now() } });
    await database.db.account.updateMany({ where: { personId: ana.id }, data: { status: 'left' } });
    const card = await bot.as(owner).command('bellhop people ana');
    expect(keysIn(await bot.as(owner).click('bellhop.record', card))).toContain('handbook.record.lead');
    expect(keysIn(await bot.as(owner).command('bellhop record Ana'))).toContain('handbook.record.line');
    expect(refs(await bot.as(boss).command('bellhop people ana'))).not.toContain('bellhop.record');
    expect(told(await bot.as(owner).press({ id: 'bellhop.record', payload: { personId: bot.organisation.id } }))).toEqual([
      'people.errors.person_gone',
    ]);
  });

  it('asks whom one means, and says when it is nobody', async () => {
    for (const name of ['Eva Ozola', 'Eva Liepa']) await bot.person({ name });
    expect(told(await bot.as(lead).command('bellhop record eva'))).toEqual(['people.errors.person_ambiguous']);
    expect(told(await bot.as(lead).command('bellhop record nobody'))).toEqual(['people.errors.person_unknown']);
  });
});
