import { beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/core/reply.js';
import { words } from '../../src/core/text.js';
import { clausesChangedFor, handbook, handbookAgenda } from '../../src/features/handbook/index.js';
import type { AgendaPeriod, AgendaSource, AgendaSuggestion } from '../../src/people/agenda.js';
import { type BuiltPerson, text } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { cardsOf, keysIn, refusedWith, type TestBot, testBot } from '../support/test-bot.js';

// What clauses of a version were changed for, and what asks for it afterwards.

const database = useDatabase();

/** A feature that the handbook knows nothing of, as customer feedback is. */
let stock: AgendaSuggestion[];
let asked: AgendaPeriod[];
const unknown: AgendaSource = {
  name: 'feedback',
  suggest: async (_, period) => {
    asked.push(period);
    return stock;
  },
  find: async (_, keys) => new Map(stock.flatMap((one) => (keys.includes(one.key) ? [[one.key, one] as const] : []))),
};
const theme = (name: string): AgendaSuggestion => ({ key: `theme:${name}`, text: words(`theme ${name}`), quote: false });

const FIRST = '# Calls\n\nAnswer within three rings.\n\n# Returns\n\nTake everything back.\n\n# Mail\n\nAnswer within a day.';
const SECOND = '# Calls\n\nAnswer within two rings.\n\n# Mail\n\nAnswer within a day.\n\n# Letters\n\nBy hand.';

let bot: TestBot;
let boss: BuiltPerson;
let ana: BuiltPerson;
beforeEach(async () => {
  await database.reset();
  stock = [theme('waiting'), theme('attitude'), { ...theme('slow'), key: 'quote:slow', quote: true }];
  asked = [];
  bot = await testBot({ now: '2027-03-01T09:00:00Z', database, features: [handbook], setup: { agenda: [handbookAgenda, unknown] } });
  boss = await bot.person({ name: 'Boss', role: 'manager' });
  ana = await bot.person({ name: 'Ana Ozola' });
});

const filled = (source: string) => ({
  title: 'House rules',
  text: source,
  source: 'own',
  audience: 'everyone',
  effective: '2027-03-01',
  due: '2027-03-15',
  statement: 'I have read it.',
});

/** A draft of a text: the first version, or one that follows what is published. */
async function draft(source: string): Promise<Answer> {
  const status = await bot.as(boss).command('handbook status');
  const following = JSON.stringify(status).includes('"handbook.extend"');
  const form = following ? await bot.as(boss).click('handbook.new', status) : await bot.as(boss).command('handbook publish');
  const [current] = await database.db.document.findMany();
  return await bot.as(boss).submit(form, { ...filled(source), document: following ? (current?.id ?? '') : 'new' });
}

async function publish(drafted: Answer): Promise<Answer> {
  const published = await bot.as(boss).click('handbook.publish', drafted);
  await bot.runDue();
  bot.clock.forward({ hours: 1 });
  return published;
}

const optionsOf = (form: Answer, name: string) => {
  const field = form.kind === 'form' ? form.form.fields.find((each) => each.name === name) : undefined;
  return field && 'options' in field ? field.options.map(({ value, label }) => ({ value, label: text(label) })) : [];
};
const clauseIds = (form: Answer, ...names: string[]) =>
  optionsOf(form, 'clauses').flatMap(({ value, label }) => (names.some((name) => label.includes(name)) ? [value] : []));
const rowsOf = (answer: Answer) =>
  (cardsOf(answer)[0]?.rows ?? []).map((row) => `${text(row.text)} | ${row.detail ? text(row.detail) : ''}`);
/** Says that clauses of the draft are changed for something. */
async function say(drafted: Answer, reason: string, ...clauses: string[]): Promise<Answer> {
  const form = await bot.as(boss).press({ id: 'handbook.reason', payload: versionOf(drafted) });
  return await bot.as(boss).submit(form, { reason, clauses: clauseIds(form, ...clauses) });
}
const changedFor = async (of: string, paging = { offset: 0, limit: 7 }) =>
  await clausesChangedFor(database.db, bot.organisation.id, 'feedback', of, paging);
const WAITING = 'feedback theme:waiting';

describe('what a version is for', () => {
  it('is chosen of what features brought up in twelve months, and of the clauses that are different', async () => {
    await publish(await draft(FIRST));
    const form = await bot.as(boss).click('handbook.reason', await draft(SECOND));
    // Never somebody’s words, nor that something was published.
    expect(optionsOf(form, 'reason').map(({ value }) => value)).toEqual([WAITING, 'feedback theme:attitude']);
    // “Mail” only has another number.
    expect(optionsOf(form, 'clauses').map(({ label }) => label)).toEqual(['1 Calls', '3 Letters']);
    expect(asked).toEqual([{ from: new Date('2026-03-01T10:00:00Z'), to: new Date('2027-03-01T10:00:00Z') }]);
  });

  it('stands on the draft, can be changed and taken off there, and on what is published', async () => {
    await publish(await draft(FIRST));
    const drafted = await draft(SECOND);
    const said = await say(drafted, WAITING, 'Calls', 'Letters');
    expect(rowsOf(said)).toEqual([expect.stringMatching(/theme waiting.* \| .*1 Calls.*3 Letters/)]);
    bot.clock.forward({ minutes: 1 });
    const twice = await say(said, 'feedback theme:attitude', 'Letters');
    expect(rowsOf(twice)).toHaveLength(2);
    // The row's own form has the clauses ticked; without one the reason is gone.
    const change = await bot.as(boss).press(cardsOf(twice)[0]?.rows?.[1]?.action?.ref ?? null);
    expect(optionsOf(change, 'reason')).toEqual([]);
    expect(change).toMatchObject({ form: { fields: [{ name: 'clauses', initial: clauseIds(change, 'Letters') }] } });
    expect(rowsOf(await bot.as(boss).submit(change, { clauses: clauseIds(change, 'Calls') }))).toEqual([
      expect.stringContaining('waiting'),
      expect.stringMatching(/attitude.* \| (?!.*Letters).*Calls/),
    ]);
    expect(rowsOf(await bot.as(boss).submit(change, {}))).toEqual([expect.stringContaining('waiting')]);
    const published = await publish(drafted);
    for (const shown of [published, await bot.as(boss).click('handbook.status', published)]) {
      const line = cardsOf(shown)[0]?.body?.find((block) => keysIn(block).includes('handbook.reasons.line'));
      expect(JSON.stringify(line)).toMatch(/theme waiting.*1 Calls.*3 Letters/);
    }
    // Employees sign the text; what it is for is the managers' own matter.
    expect(JSON.stringify(bot.messagesTo(ana))).not.toContain('theme waiting');
    expect(await database.db.auditEvent.count({ where: { verb: 'handbook.reason_set', actorId: boss.id } })).toBe(4);
  });

  it('can still be said of what is published, and of nothing that was withdrawn', async () => {
    const published = await publish(await draft(FIRST));
    const status = await bot.as(boss).click('handbook.status', published);
    const form = await bot.as(boss).click('handbook.reason', status);
    // A first version is new in every clause.
    expect(optionsOf(form, 'clauses').map(({ label }) => label)).toEqual(['1 Calls', '2 Returns', '3 Mail']);
    expect(keysIn(await bot.as(boss).submit(form, { reason: WAITING, clauses: clauseIds(form, 'Mail') }))).toContain(
      'handbook.reasons.line',
    );
    expect((await changedFor('theme:waiting')).total).toBe(1);
    await bot.as(boss).submit(await bot.as(boss).click('handbook.withdraw', status), { reason: 'A mistake' });
    expect(keysIn(await bot.as(boss).submit(form, { reason: WAITING, clauses: clauseIds(form, 'Calls') }))).toContain(
      'handbook.status.withdrawn',
    );
    expect(keysIn(await bot.as(boss).click('handbook.reason', status))).toContain('handbook.status.withdrawn');
    expect(await changedFor('theme:waiting')).toEqual({ rows: [], total: 0 });
    expect(await database.db.clauseReason.count()).toBe(1);
  });

  it('goes with the clause when the draft gets another text, and with the draft when it is discarded', async () => {
    await publish(await draft(FIRST));
    const drafted = await draft(SECOND);
    await say(drafted, WAITING, 'Calls', 'Letters');
    const [document] = await database.db.document.findMany();
    const rewrite = async (source: string) => {
      const form = await bot.as(boss).click('handbook.change', drafted);
      return await bot.as(boss).submit(form, { ...filled(source), document: document?.id ?? '' });
    };
    const again = await rewrite('# Visits\n\nOpen the door.\n\n# Calls\n\nAnswer within one ring.\n\n# Mail\n\nAnswer within a day.');
    expect(rowsOf(again)).toEqual([expect.stringMatching(/waiting.* \| (?!.*Letters).*2 Calls/)]);
    // The clause as it was: it isn't changed for anything any more.
    const back = await rewrite(`${FIRST}\n\n# New\n\nA line.`);
    expect(rowsOf(back)).toEqual([]);
    await say(back, WAITING, 'New');
    expect(await database.db.clauseReason.count()).toBe(1);
    await bot.as(boss).click('handbook.discard', drafted);
    expect(await database.db.clauseReason.count()).toBe(0);
  });

  it('is left out once its feature no longer tells it', async () => {
    const drafted = await draft(FIRST);
    await say(drafted, WAITING, 'Calls');
    const change = await bot.as(boss).press({ id: 'handbook.draft', payload: versionOf(drafted) });
    stock = [];
    expect(rowsOf(await bot.as(boss).press({ id: 'handbook.draft', payload: versionOf(drafted) }))).toEqual([]);
    const form = await bot.as(boss).press(cardsOf(change)[0]?.rows?.[0]?.action?.ref ?? null);
    expect(rowsOf(await bot.as(boss).submit(form, {}))).toEqual([]);
    expect(keysIn(await bot.as(boss).click('handbook.reason', drafted))).toContain('handbook.errors.reasons_none');
  });

  it('can be a question that people asked of the handbook itself', async () => {
    await publish(await draft(FIRST));
    const asking = await bot.as(ana).click('handbook.ask', await bot.as(ana).click('handbook.read'));
    await bot.as(ana).submit(asking, { clause: optionsOf(asking, 'clause')[0]?.value ?? '', question: 'Three rings?' });
    const said = await say(await draft(SECOND), await ownOption(), 'Calls');
    expect(rowsOf(said)).toEqual([expect.stringContaining('handbook.agenda.clause')]);
  });
});

const versionOf = (drafted: Answer): { versionId: string } => {
  const action = cardsOf(drafted)[0]?.actions?.find((each) => each.kind === 'button' && each.ref.id === 'handbook.reason');
  return { versionId: action?.kind === 'button' ? String(action.ref.payload.versionId) : '' };
};
const ownOption = async () => {
  const [clause] = await database.db.clause.findMany({ where: { heading: 'Calls' } });
  return `handbook clause:${clause?.id}`;
};

describe('what can’t be', () => {
  it('is said at its field', async () => {
    const drafted = await draft(FIRST);
    const form = await bot.as(boss).click('handbook.reason', drafted);
    const refused = async (values: object) => refusedWith(await bot.as(boss).submit(form, { ...values }));
    const clauses = clauseIds(form, 'Calls');
    expect(await refused({})).toEqual({ reason: 'handbook.errors.reason_unchosen', clauses: 'handbook.errors.reason_clauses' });
    for (const reason of ['feedback quote:slow', 'feedback theme:none', 'nobody x', 'x', `handbook version:${boss.id}`]) {
      expect(await refused({ reason, clauses })).toEqual({ reason: 'handbook.errors.reason_gone' });
    }
    expect(await refused({ reason: WAITING, clauses: [...clauses, boss.id] })).toEqual({ clauses: 'handbook.errors.clauses_other' });
    expect(await refused({ reason: WAITING, clauses: ["'; DROP TABLE person"] })).toEqual({ clauses: 'handbook.errors.clauses_other' });
    stock = Array.from({ length: 8 }, (_, index) => theme(String(index)));
    for (let index = 0; index < 7; index++) await bot.as(boss).submit(form, { reason: `feedback theme:${index}`, clauses });
    expect(await refused({ reason: 'feedback theme:7', clauses })).toEqual({ reason: 'handbook.errors.reasons_many' });
    expect(keysIn(await bot.as(boss).click('handbook.reason', drafted))).toContain('handbook.errors.reasons_many');
    expect(await database.db.clauseReason.count()).toBe(7);
  });

  it('is refused where no clause is different, and to whoever is no manager', async () => {
    await publish(await draft(FIRST));
    const drafted = await draft(FIRST);
    expect(keysIn(await bot.as(boss).click('handbook.reason', drafted))).toContain('handbook.errors.nothing_changed');
    const answer = await bot.as(ana).press({ id: 'handbook.reason', payload: versionOf(drafted) });
    expect(keysIn(answer)).toContain('core.errors.role_needed');
  });
});

describe('what followed from it', () => {
  it('is told with the clauses, and how many signed again', async () => {
    await publish(await draft(FIRST));
    const drafted = await draft(SECOND);
    await say(drafted, WAITING, 'Calls', 'Letters');
    // A draft is nothing yet.
    expect(await changedFor('theme:waiting')).toEqual({ rows: [], total: 0 });
    const publishedAt = bot.clock.now();
    await publish(drafted);
    const asking = { title: 'House rules', version: 2, state: 'published', publishedAt, asked: 2, signed: 0 };
    const { rows, total } = await changedFor('theme:waiting');
    expect(total).toBe(2);
    expect(rows).toMatchObject([
      { number: '1', heading: 'Calls', ...asking },
      { number: '3', heading: 'Letters', ...asking },
    ]);
    const page = await bot.as(ana).click('handbook.read');
    await bot.as(ana).submit(await bot.as(ana).click('handbook.sign', page), { name: 'Ana Ozola', agree: true });
    expect(await changedFor('theme:waiting', { offset: 1, limit: 1 })).toMatchObject({
      rows: [{ heading: 'Letters', ...asking, signed: 1 }],
      total: 2,
    });
    await publish(await draft(FIRST));
    expect((await changedFor('theme:waiting')).rows).toMatchObject([
      { state: 'superseded', version: 2, signed: 1 },
      { state: 'superseded', version: 2, signed: 1 },
    ]);
    expect((await changedFor('theme:attitude')).total).toBe(0);
    const elsewhere = await clausesChangedFor(database.db, boss.id, 'feedback', 'theme:waiting', { offset: 0, limit: 7 });
    expect(elsewhere).toEqual({ rows: [], total: 0 });
  });
});
