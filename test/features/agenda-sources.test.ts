import { beforeEach, describe, expect, it } from 'vitest';
import { handbookAgenda } from '../../src/features/handbook/index.js';
import { give } from '../../src/features/recognition/giving/give.js';
import { recognitionAgenda } from '../../src/features/recognition/index.js';
import type { AgendaSource, AgendaSuggestion } from '../../src/people/agenda.js';
import type { WorkContext } from '../../src/people/handlers.js';
import { type BuiltPerson, text } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { keysIn, type TestBot, testBot } from '../support/test-bot.js';

// What features bring to the agenda of a seminar.

const database = useDatabase();
let bot: TestBot;
let boss: BuiltPerson;
let ana: BuiltPerson;
let ben: BuiltPerson;

beforeEach(async () => {
  await database.reset();
  bot = await testBot({ now: '2027-03-01T09:00:00Z', database });
  boss = await bot.person({ name: 'Boss', role: 'manager' });
  ana = await bot.person({ name: 'Ana' });
  ben = await bot.person({ name: 'Ben' });
});

const context = (): WorkContext => ({ ...bot.work, organisation: bot.organisation });
const march = { from: new Date('2027-03-01T00:00:00Z'), to: new Date('2027-04-01T00:00:00Z') };
const february = { from: new Date('2027-02-01T00:00:00Z'), to: march.from };
const suggested = async (source: AgendaSource, period = march) => await source.suggest(context(), period);
const found = async (source: AgendaSource, of: readonly AgendaSuggestion[]) =>
  await source.find(
    context(),
    of.map(({ key }) => key),
  );
const shown = (suggestions: Iterable<AgendaSuggestion>) =>
  [...suggestions].map((one) => [text(one.text), ...(one.detail ? [text(one.detail)] : [])].join(' | '));

/** Publishes a handbook, or a new version of the only one there is. */
async function publish(source: string, title = 'House rules'): Promise<void> {
  const status = await bot.as(boss).command('handbook status');
  const form = JSON.stringify(status).includes('handbook.new')
    ? await bot.as(boss).click('handbook.new', status)
    : await bot.as(boss).command('handbook publish');
  const kept =
    form.kind === 'form' ? Object.fromEntries(form.form.fields.flatMap((f) => ('initial' in f ? [[f.name, f.initial]] : []))) : {};
  const filled = { title, text: source, audience: 'everyone', effective: '2027-03-01', due: '2027-03-15', statement: 'I have read it.' };
  const draft = await bot.as(boss).submit(form, { ...kept, ...filled });
  if (draft.kind === 'errors') throw new Error(JSON.stringify(draft.errors));
  await bot.as(boss).click('handbook.publish', draft);
  await bot.runDue();
  bot.clock.forward({ hours: 1 });
}

async function ask(person: BuiltPerson, clause: string, question: string): Promise<void> {
  const form = await bot.as(person).click('handbook.ask', await bot.as(person).click('handbook.read'));
  if (form.kind !== 'form') throw new Error('No form.');
  const field = form.form.fields.find(({ name }) => name === 'clause');
  const option = field && 'options' in field ? field.options.find(({ label }) => text(label).includes(clause)) : undefined;
  const answer = await bot.as(person).submit(form, { clause: option?.value ?? '', question });
  if (answer.kind === 'errors') throw new Error(JSON.stringify(answer.errors));
}

const FIRST = '# Calls\n\nAnswer within three rings.\n\n# Returns\n\nTake everything back.\n\n# Mail\n\nAnswer within a day.';
const SECOND = '# Calls\n\nAnswer within two rings.\n\n# Mail\n\nAnswer within a day.\n\n# Letters\n\nBy hand.';

describe('the handbook', () => {
  it('brings what was published in the period, with the clauses that changed', async () => {
    await publish(FIRST);
    const [first] = await suggested(handbookAgenda);
    expect(first).toMatchObject({ quote: false, text: { key: 'handbook.agenda.new' } });
    expect(first?.detail).toBeUndefined();
    expect(first?.key).toMatch(/^version:[0-9a-f-]{36}$/);
    await publish(SECOND);
    const [second, before] = await suggested(handbookAgenda);
    expect(before?.key).toBe(first?.key);
    expect(second).toMatchObject({ text: { key: 'handbook.agenda.changed', params: { version: 2 } } });
    // "Mail" only has another number.
    expect(shown(second ? [second] : [])[0]).toMatch(/1 Calls.*3 Letters/);
    expect(shown(second ? [second] : [])[0]).not.toContain('Mail');
    expect(await suggested(handbookAgenda, february)).toEqual([]);
    expect(shown((await found(handbookAgenda, second && first ? [second, first] : [])).values())).toHaveLength(2);
  });

  it('brings the clauses that were asked about most, in their present words, and never a question', async () => {
    await publish(FIRST);
    await ask(ana, 'Returns', 'What about shoes that were worn?');
    await ask(ana, 'Calls', 'Which rings?');
    await ask(ben, 'Calls', 'Which telephone?');
    const asked = async () => (await suggested(handbookAgenda)).filter(({ key }) => key.startsWith('clause:'));
    expect(shown(await asked())).toEqual([
      'handbook.agenda.clause(clause=1 Calls) | House rules · handbook.agenda.asked(count=2)',
      'handbook.agenda.clause(clause=2 Returns) | House rules · handbook.agenda.asked(count=1)',
    ]);
    expect(JSON.stringify(await asked())).not.toMatch(/shoes|rings|telephone/);
    const before = await asked();
    await publish(SECOND);
    // The clause on returns is gone; what was asked on calls is counted for the clause as it stands now.
    expect(shown(await asked())).toEqual(['handbook.agenda.clause(clause=1 Calls) | House rules · handbook.agenda.asked(count=2)']);
    const now = await found(handbookAgenda, before);
    expect([...now.keys()]).toEqual([before[0]?.key]);
    expect(shown(now.values())).toEqual(['handbook.agenda.clause(clause=1 Calls) | House rules']);
  });

  it('says nothing more of what was withdrawn, and nothing of other organisations', async () => {
    await publish(FIRST);
    await ask(ana, 'Calls', 'Which rings?');
    const before = await suggested(handbookAgenda);
    expect(before).toHaveLength(2);
    const elsewhere = await testBot({ now: '2027-03-01T09:00:00Z', database });
    const other = { ...elsewhere.work, organisation: elsewhere.organisation };
    expect(await handbookAgenda.suggest(other, march)).toEqual([]);
    expect(
      (
        await handbookAgenda.find(
          other,
          before.map(({ key }) => key),
        )
      ).size,
    ).toBe(0);
    const status = await bot.as(boss).command('handbook status');
    await bot.as(boss).submit(await bot.as(boss).click('handbook.withdraw', status), { reason: 'It was wrong.' });
    expect(await suggested(handbookAgenda)).toEqual([]);
    expect((await found(handbookAgenda, before)).size).toBe(0);
  });

  it('takes no key that is none of its own', async () => {
    const keys = ['', 'version:', "version:' OR 1=1", 'clause:1', 'kudos:0193b5c0-0000-7000-8000-000000000001', 'nothing'];
    expect((await handbookAgenda.find(context(), keys)).size).toBe(0);
    expect((await recognitionAgenda.find(context(), keys)).size).toBe(0);
  });
});

describe('recognition', () => {
  const kudos = async (words: string, more: object = {}) =>
    await give(context(), {
      giverId: ana.id,
      receiverIds: [ben.id],
      valueId: null,
      words,
      points: 1,
      public: true,
      source: 'peer',
      ...more,
    });

  it('brings the stories that most colleagues joined, as somebody’s own words', async () => {
    const plain = await kudos('For calming a guest who was very angry.');
    const loved = await kudos('For staying late to find the lost bag.');
    await kudos('Between the two of us only, thank you.', { public: false });
    for (const person of [boss, await bot.person({ name: 'Cy' })])
      await bot.as(person).press({ id: 'recognition.join', payload: { kudosId: loved } });
    const stories = await suggested(recognitionAgenda);
    expect(stories.map(({ key }) => key)).toEqual([`kudos:${loved}`, `kudos:${plain}`]);
    expect(stories.every(({ quote }) => quote)).toBe(true);
    expect(stories[0]).toMatchObject({ text: { kind: 'words', words: 'For staying late to find the lost bag.' } });
    expect(keysIn({ kind: 'say', card: { summary: stories[0]?.detail ?? { kind: 'words', words: '' } } })).toEqual([
      'recognition.recap.story',
    ]);
    expect(await suggested(recognitionAgenda, february)).toEqual([]);
    expect((await found(recognitionAgenda, stories)).get(`kudos:${loved}`)).toEqual(stories[0]);
  });

  it('tells no more what was taken back, reported, or given by somebody who was erased', async () => {
    const gone = await kudos('For something that was taken back.');
    const reported = await kudos('For something that was reported.');
    const theirs = await kudos('For something that an erased person said.', { giverId: boss.id });
    const kept = await kudos('For something that everybody may read.');
    const before = await suggested(recognitionAgenda, march);
    expect(before).toHaveLength(3);
    const all = [gone, reported, theirs, kept].map(
      (id) => ({ key: `kudos:${id}`, text: before[0]?.text, quote: true }) as AgendaSuggestion,
    );
    expect((await found(recognitionAgenda, all)).size).toBe(4);
    await database.db.kudos.updateMany({ where: { id: gone }, data: { state: 'taken_back' } });
    const now = bot.clock.now();
    const report = {
      organisationId: bot.organisation.id,
      id: crypto.randomUUID(),
      kudosId: reported,
      reporterId: ben.id,
      words: 'Untrue.',
    };
    await database.db.kudosReport.create({ data: { ...report, state: 'open', createdAt: now } });
    await database.db.person.updateMany({ where: { id: boss.id }, data: { erasedAt: now, status: 'left' } });
    expect([...(await found(recognitionAgenda, all)).keys()]).toEqual([`kudos:${kept}`]);
    expect((await suggested(recognitionAgenda)).map(({ key }) => key)).toEqual([`kudos:${kept}`]);
  });
});
