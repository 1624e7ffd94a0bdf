import { beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/core/reply.js';
import { showReference } from '../../src/features/feedback/intake/reference.js';
import { to } from '../../src/features/feedback/refs.js';
import { newId } from '../../src/people/ids.js';
import { aChannel, type BuiltPerson } from '../support/builders.js';
import { type CustomerCompany, customerCompany } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { aCase, aPrivateCase, someCases } from '../support/feedback-cases.js';
import { buttonsOf, cardsOf, hintOf, keysIn, leadOf } from '../support/test-bot.js';

const database = useDatabase();

let company: CustomerCompany;
beforeEach(async () => {
  await database.reset();
  company = await customerCompany(database);
});

/** Numbers of the cases in a list, and of whatever else a card leads to. */
const listed = (answer: Answer) =>
  cardsOf(answer).flatMap((card) => (card.rows ?? []).map((row) => Number(/"words":"(\d+)"/.exec(JSON.stringify(row.text))?.[1])));
const see = async (person: BuiltPerson, filter?: string) =>
  filter === undefined
    ? await company.bot.as(person).command('customer open')
    : await company.bot.as(person).press({ id: 'feedback.open', payload: { offset: 0, filter } });
const WORDS = [
  'soup',
  'coat',
  'floor',
  'phone',
  'price',
  'lamp',
  'door',
  'chair',
  'bread',
  'music',
  'stairs',
  'coffee',
  'window',
  'parking',
  'cloakroom',
  'kettle',
];
const many = async (count: number) =>
  await someCases(
    database,
    company,
    WORDS.slice(0, count).map((word) => `The ${word} was bad.`),
  );

describe('the list of open cases', () => {
  it.each(['open', 'mine', 'themes', 'talks', 'rules', 'settings', 'pages', 'questions', 'keys'])(
    'and what “customer %s” shows stands where it was asked for',
    async (verb) => {
      expect((await company.bot.as(company.owner).command(`customer ${verb}`)).kind).toBe('whisper');
    },
  );

  it('has what is due first above, what rests below, and turns its pages', async () => {
    const { bot, ana } = company;
    const cases = await many(9);
    const at = async (index: number, data: { dueAt?: string; pausedUntil?: string; pausedAt?: string }) =>
      await database.db.feedbackCase.update({
        where: { organisationId_id: { organisationId: bot.organisation.id, id: cases[index]?.id ?? '' } },
        data,
      });
    await at(6, { dueAt: '2027-02-26T08:00:00Z' });
    await at(2, { dueAt: '2027-02-27T08:00:00Z' });
    await at(0, { dueAt: '2027-02-20T08:00:00Z', pausedUntil: '2027-03-20T08:00:00Z', pausedAt: '2027-02-20T08:00:00Z' });
    const first = await see(ana);
    expect(listed(first)).toEqual([7, 3, 2, 4, 5, 6, 8]);
    expect(keysIn(cardsOf(first)[0]?.rows?.[0])).toContain('feedback.case.overdue_since');
    expect(JSON.stringify(cardsOf(first)[0]?.rows?.[0]?.detail)).toMatch(/The \w+ was bad\./);
    const more = cardsOf(first)
      .flatMap(buttonsOf)
      .find((button) => button.id === 'feedback.open' && button.payload.offset === 7);
    const second = await bot.as(ana).press(more ?? null);
    expect(listed(second)).toEqual([9, 1]);
    expect(keysIn(cardsOf(second)[0]?.rows?.[1])).toContain('feedback.case.rests_until');
    expect(listed(await see(ana, 'overdue'))).toEqual([7, 3]);
    // A page that has emptied meanwhile.
    expect(listed(await bot.as(ana).press(to.open(700)))).toEqual([9, 1]);
    expect(leadOf(await see(ana, 'closable'))).toBe('feedback.list.none.closable');
  });

  it('tells honestly that there are more than it has counted', async () => {
    const { bot, boss } = company;
    await many(1);
    const feedback = await database.db.feedback.findFirstOrThrow();
    const model = await database.db.feedbackCase.findFirstOrThrow();
    const organisationId = bot.organisation.id;
    await database.db.feedbackCase.createMany({
      data: Array.from({ length: 120 }, (_, index) => ({
        ...model,
        organisationId,
        id: newId(bot.clock.now()),
        number: index + 2,
        feedbackId: feedback.id,
      })),
    });
    expect(keysIn(cardsOf(await see(boss))[0])).toEqual(
      expect.arrayContaining(['feedback.list.count_more', 'feedback.list.shown_of_more']),
    );
    const later = await bot.as(boss).press(to.open(112));
    expect(listed(later)).toHaveLength(7);
    expect(keysIn(cardsOf(later)[0])).not.toContain('feedback.list.count_more');
    expect(keysIn(await bot.as(boss).command('customer'))).toContain('feedback.list.waits.unowned_more');
  });

  it('is filtered: nobody’s, one’s own, those that somebody else may close', async () => {
    const { bot, ana, ben } = company;
    const [one, two] = await many(3);
    await bot.as(ana).press(to.claim(one?.id ?? ''));
    await bot.as(ben).press(to.claim(two?.id ?? ''));
    expect(listed(await see(ana, 'unowned'))).toEqual([3]);
    expect(listed(await see(ana, 'mine'))).toEqual([1]);
    await bot.as(ana).submit(await bot.as(ana).press(to.resolve(one?.id ?? '')), { cause: 'x', action: 'y' });
    expect(listed(await see(ana))).toEqual([2, 3]);
    expect(listed(await see(ana, 'closable'))).toEqual([]);
    expect(listed(await see(ben, 'closable'))).toEqual([1]);
  });

  it('shows one’s own cases first thing, and at home what is due by tomorrow', async () => {
    const { bot, ana, ben } = company;
    expect(leadOf(await bot.as(ana).command('customer'))).toBe('feedback.list.none.mine');
    const [one, two] = await many(3);
    for (const each of [one, two]) await bot.as(ana).press(to.claim(each?.id ?? ''));
    const mine = await bot.as(ana).command('customer mine');
    expect(listed(mine)).toEqual([1, 2]);
    expect(keysIn(cardsOf(mine)[0]?.body)).toContain('feedback.list.waits.unowned');
    expect(keysIn(await bot.as(ana).home())).not.toContain('feedback.list.home_due');
    bot.clock.to('2027-03-02T12:00:00Z');
    expect(keysIn(await bot.as(ana).home())).toContain('feedback.list.home_due');
    expect(keysIn(await bot.as(ben).home())).not.toContain('feedback.list.home_due');
  });

  it('finds a case by its number and by its customer’s reference, however they are written', async () => {
    const { bot, ana } = company;
    const { case: opened, said } = await aCase(database, company);
    const title = cardsOf(await bot.as(ana).press(to.case(opened.id)))[0]?.title;
    const reference = showReference(said.reference);
    for (const typed of [
      '1',
      '#1',
      'Nr. 1',
      '№1',
      '“1”',
      '1.',
      said.reference,
      reference,
      reference.toLowerCase(),
      reference.replace('-', ' '),
    ]) {
      expect(cardsOf(await bot.as(ana).command(`customer case ${typed}`))[0]?.title, typed).toEqual(title);
    }
    for (const typed of ['2', '999999999', '99999999999', 'AAAA-AAAA'])
      expect(leadOf(await bot.as(ana).command(`customer case ${typed}`))).toBe('feedback.errors.case_gone');
    for (const typed of ['', 'x', '1e3', "1' OR 1=1", '-1'])
      expect(leadOf(await bot.as(ana).command(`customer case ${typed}`))).toBe('feedback.errors.case_how');
  });
});

describe('what somebody may not read', () => {
  /** Everything by which a case could be come at. */
  const cracks = (id: string, number: number, reference: string) => [
    ['command', `customer case ${number}`],
    ['command', `customer case ${reference}`],
    ...[
      'case',
      'claim',
      'give_back',
      'resume',
      'close',
      'note_open',
      'assign_open',
      'pause_open',
      'priority_open',
      'merge_open',
      'resolve_open',
    ].map((verb) => ['press', `feedback.${verb}`, id]),
    ['press', 'feedback.history', id],
  ];
  const tried = async (person: BuiltPerson, [how, what = '', id]: readonly (string | undefined)[]) =>
    how === 'command'
      ? await company.bot.as(person).command(what)
      : await company.bot.as(person).press({ id: what, payload: { caseId: id ?? '', ...(what === 'feedback.history' && { offset: 0 }) } });

  it('is nowhere: a complaint about a colleague is for the line and owners, never for whom it is about', async () => {
    const { bot, owner, boss, ana, ben } = company;
    const other = await bot.person({ name: 'Other Manager', role: 'manager' });
    const chief = await bot.person({ name: 'Chief', role: 'employee' });
    await database.db.person.update({
      where: { organisationId_id: { organisationId: bot.organisation.id, id: boss.id } },
      data: { lineManagerId: chief.id },
    });
    const { case: hidden, said } = await aPrivateCase(database, company, ana);
    expect(hidden.private).toBe(true);
    for (const reads of [owner, boss, chief]) {
      expect(listed(await see(reads)), reads.name).toEqual([1]);
      expect(leadOf(await bot.as(reads).command('customer case 1')), reads.name).not.toBe('feedback.errors.case_gone');
    }
    const unknown = await bot.as(ana).command('customer case 4711');
    for (const kept of [ana, ben, other]) {
      for (const filter of ['all', 'unowned', 'overdue', 'mine', 'closable'])
        expect(listed(await see(kept, filter)), kept.name).toEqual([]);
      for (const crack of cracks(hidden.id, 1, said.reference)) {
        // In the same words as what was never there.
        expect(await tried(kept, crack), `${kept.name} ${crack.join(' ')}`).toEqual(unknown);
      }
      expect(keysIn(await bot.as(kept).command('customer'))).not.toContain('feedback.list.waits.unowned');
      expect(JSON.stringify(await bot.as(kept).home())).not.toContain('shouted');
    }
    bot.clock.to('2027-04-20T08:00:00Z');
    await bot.runDue();
    for (const kept of [ana, ben, other]) expect(JSON.stringify(bot.messagesTo(kept))).not.toContain('shouted');
    expect(listed(await see(ana, 'overdue'))).toEqual([]);
    expect(listed(await see(boss, 'overdue'))).toEqual([1]);
  });

  it('stays with the line while a manager still has to say whether it is about that colleague', async () => {
    const { bot, boss, ana } = company;
    const other = await bot.person({ name: 'Other Manager', role: 'manager' });
    const { case: hidden, said } = await aPrivateCase(database, company, ana);
    await database.db.feedback.updateMany({ where: { id: said.id }, data: { state: 'held' } });
    for (const kept of [ana, other]) {
      expect(listed(await see(kept))).toEqual([]);
      expect(leadOf(await bot.as(kept).press(to.claim(hidden.id)))).toBe('feedback.errors.case_gone');
    }
    expect(listed(await see(boss))).toEqual([1]);
    expect(leadOf(await bot.as(boss).press(to.claim(hidden.id)))).toBe('feedback.case.yours');
  });

  it('is offered to nobody: neither to merge with nor to look after', async () => {
    const { bot, owner, boss, ana, ben } = company;
    const { case: hidden } = await aPrivateCase(database, company, ana);
    const { case: open } = await aCase(database, company, { words: 'She shouted at me, we waited.' });
    const form = await bot.as(boss).press(to.merge(open.id));
    expect(JSON.stringify(form)).not.toContain(hidden.id);
    await bot.as(ben).press(to.claim(open.id));
    const byBen = await bot.as(ben).press(to.merge(open.id));
    expect(JSON.stringify(byBen)).not.toContain(hidden.id);
    const guessed = await bot.as(ben).submit(byBen, { number: '1' });
    const unknown = await bot.as(ben).submit(byBen, { number: '4711' });
    expect(guessed.kind === 'errors' && keysIn(guessed.errors)).toEqual(unknown.kind === 'errors' && keysIn(unknown.errors));
    expect(unknown.kind).toBe('errors');

    const assign = async (to_: BuiltPerson) =>
      await bot.as(owner).submit(await bot.as(owner).press(to.assign(hidden.id)), { person: [hintOf(to_)] });
    for (const person of [ana, ben]) {
      const answer = await assign(person);
      expect(answer.kind === 'errors' && keysIn(answer.errors.person)[0], person.name).toBe('feedback.errors.assign_private');
    }
    expect(leadOf(await assign(boss))).toBe('feedback.assign.assigned');
    await bot.runDue();
    expect(keysIn(bot.messagesTo(boss).at(-1)?.card)).toContain('feedback.news.assigned');
    // Also with a form that was opened before it was about them.
    await database.db.feedbackConcern.updateMany({ data: { personId: boss.id } });
    bot.clock.forward({ minutes: 1 });
    await bot.runDue();
    expect((await database.db.feedbackCase.findFirstOrThrow({ where: { id: hidden.id } })).ownerId).toBeNull();
    expect(leadOf(await bot.as(boss).command('customer case 1'))).toBe('feedback.errors.case_gone');
  });

  it('went to a channel that they aren’t in, unless they are managers or have it', async () => {
    const { bot, boss, ana, ben } = company;
    const closed = await aChannel(database.db, bot.organisation, { name: 'night-shift', members: [ana] });
    await database.db.channel.update({
      where: { organisationId_id: { organisationId: bot.organisation.id, id: closed.id } },
      data: { isPrivate: true },
    });
    const { case: opened, said } = await aCase(database, company);
    await database.db.feedback.updateMany({ where: { id: said.id }, data: { channelId: closed.id } });
    expect(listed(await see(ana))).toEqual([1]);
    expect(listed(await see(boss))).toEqual([1]);
    expect(listed(await see(ben))).toEqual([]);
    expect(leadOf(await bot.as(ben).press(to.case(opened.id)))).toBe('feedback.errors.case_gone');
    await bot.as(boss).submit(await bot.as(boss).press(to.assign(opened.id)), { person: [hintOf(ben)] });
    expect(listed(await see(ben))).toEqual([1]);
    expect(leadOf(await bot.as(ben).press(to.case(opened.id)))).not.toBe('feedback.errors.case_gone');
  });
});
