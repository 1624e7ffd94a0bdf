import { beforeEach, describe, expect, it } from 'vitest';
import type { Card } from '../../src/core/card.js';
import type { FormValues } from '../../src/core/form.js';
import { createFeatures } from '../../src/features/index.js';
import { inTransaction } from '../../src/people/db.js';
import { erasePerson } from '../../src/people/erase.js';
import { type BuiltPerson, text } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { hostile } from '../support/hostile.js';
import { aSeries, contextOf, type SeminarCompany, seminarCompany, theFirstDate } from '../support/seminar-company.js';
import { buttonsOf, cardsOf, keysIn, refusedWith } from '../support/test-bot.js';

const database = useDatabase();

let company: SeminarCompany;
let dateId: string;
beforeEach(async () => {
  await database.reset();
  company = await seminarCompany(database);
  const series = await aSeries(company.bot, { hostId: company.host.id });
  dateId = (await theFirstDate(company.bot, series.id)).id;
  await company.bot.runDue();
});

const bodyOf = (card: Card | undefined) => JSON.stringify(card?.body ?? []);
const post = () => company.bot.messagesIn(company.channel).at(-1)?.card;
const refresh = async () => {
  company.bot.clock.forward({ seconds: 4 });
  await company.bot.runDue();
};
const open = async (person: BuiltPerson) => await company.bot.as(person).press({ id: 'seminars.topic_open', payload: { dateId } });
const suggest = async (person: BuiltPerson, values: FormValues) => await company.bot.as(person).submit(await open(person), values);
const agenda = async (person: BuiltPerson, offset = 0) =>
  cardsOf(await company.bot.as(person).press({ id: 'seminars.agenda', payload: { dateId, offset } }))[0];
const rowsOf = (card: Card | undefined) =>
  (card?.rows ?? []).map((row) => `${text(row.text)}${row.detail ? ` | ${text(row.detail)}` : ''}`);

describe('a topic', () => {
  it('is proposed by anyone, decided by the host, and its proposer hears once what came of it', async () => {
    const { bot, host, ana, ben } = company;
    const thanks = await suggest(ana, { topic: 'Late dishes', why: 'Guests ask every day.' });
    expect(keysIn(thanks)[0]).toBe('seminars.topic.thanks');
    await suggest(ben, { topic: 'New till' });
    await bot.runDue();
    const told = bot.messagesTo(host).map((message) => keysIn(message.card)[0]);
    expect(told).toEqual(['seminars.topic.line_by', 'seminars.topic.line_by']);
    const about = (person: BuiltPerson, words: string) => {
      const found = bot.messagesTo(person).find((message) => JSON.stringify(message.card).includes(words));
      if (!found) throw new Error(`Nobody told ${person.name} of ${words}.`);
      return found.card;
    };
    expect(bodyOf(about(host, 'Late dishes'))).toContain('Guests ask every day.');
    expect(bodyOf(post())).not.toContain('Late dishes');

    const taken = await bot.as(host).click('seminars.item_take', about(host, 'Late dishes'));
    expect(keysIn(taken)[0]).toBe('seminars.topic.lead_accepted');
    const leaving = await bot.as(host).click('seminars.item_leave', about(host, 'New till'));
    await bot.as(host).submit(leaving, { answer: 'We got one in May.' });
    await refresh();
    expect(bodyOf(post())).toContain('Late dishes');
    expect(bodyOf(post())).not.toContain('New till');
    expect(keysIn(bot.messagesTo(ana).at(-1)?.card)[0]).toBe('seminars.topic.taken_up');
    expect(keysIn(bot.messagesTo(ben).at(-1)?.card)[0]).toBe('seminars.topic.not_this_time');
    expect(bodyOf(bot.messagesTo(ben).at(-1)?.card)).toContain('We got one in May.');
    expect(keysIn(about(host, 'New till'))[0]).toBe('seminars.topic.lead_declined');

    // Taken up after all: the card says so, and nobody hears twice.
    const left = await database.db.seminarAgendaItem.findFirstOrThrow({ where: { state: 'declined' } });
    await bot.as(host).press({ id: 'seminars.item_take', payload: { itemId: left.id, from: 'declined', here: true } });
    await refresh();
    expect(bot.messagesTo(ben).filter((message) => keysIn(message.card)[0]?.startsWith('seminars.topic.'))).toHaveLength(1);
    expect(keysIn(bot.messagesTo(ben).at(-1)?.card)[0]).toBe('seminars.topic.taken_up');
    expect(bodyOf(post())).toContain('New till');
  });

  it('of a host is on the agenda at once, and its order is the host’s', async () => {
    const { bot, host, boss, ana } = company;
    await suggest(host, { topic: 'One' });
    await suggest(boss, { topic: 'Two' });
    await suggest(host, { topic: 'Three' });
    const shown = await agenda(host);
    expect(rowsOf(shown).map((row) => row.split('item=')[1]?.slice(0, 4))).toEqual(['One)', 'Two)', 'Thre']);
    expect(bot.messagesTo(host).filter((message) => keysIn(message.card)[0]?.startsWith('seminars.topic'))).toEqual([]);
    const third = shown?.rows?.[2]?.action?.ref;
    const item = await bot.as(host).press(third ?? null);
    const moved = await bot.as(host).click('seminars.item_up', item);
    expect(moved.kind).toBe('update');
    expect(rowsOf(await agenda(ana)).map((row) => row.split('item=')[1]?.slice(0, 4))).toEqual(['One)', 'Thre', 'Two)']);
    const top = await bot.as(host).press(cardsOf(moved)[0]?.rows?.[0]?.action?.ref ?? null);
    expect(
      cardsOf(top)
        .flatMap(buttonsOf)
        .map((ref) => ref.id),
    ).not.toContain('seminars.item_up');
    await bot.as(host).click('seminars.item_leave', top);
    await refresh();
    expect(bodyOf(post())).not.toContain('One');
    expect(bodyOf(post()).indexOf('Three')).toBeLessThan(bodyOf(post()).indexOf('Two'));
  });

  it('is nobody’s business but its own until it is taken up', async () => {
    const { bot, host, ana, ben } = company;
    await suggest(ana, { topic: 'Quiet corner' });
    expect(JSON.stringify(await agenda(ben))).not.toContain('Quiet corner');
    expect(rowsOf(await agenda(ana))).toEqual([expect.stringContaining('Quiet corner | seminars.agenda.waits_for')]);
    expect(rowsOf(await agenda(host))).toEqual([expect.stringContaining('seminars.agenda.waits')]);
    const item = await database.db.seminarAgendaItem.findFirstOrThrow();
    for (const id of ['seminars.item', 'seminars.item_up']) {
      expect(keysIn(await bot.as(ben).press({ id, payload: { itemId: item.id } }))[0]).toBe('seminars.errors.not_host');
    }
    for (const id of ['seminars.item_take', 'seminars.item_leave']) {
      const payload = { itemId: item.id, from: 'proposed' };
      expect(keysIn(await bot.as(ana).press({ id, payload }))[0]).toBe('seminars.errors.not_host');
    }
    expect((await database.db.seminarAgendaItem.findFirstOrThrow()).state).toBe('proposed');
  });

  it('stands as it was decided first', async () => {
    const { bot, host, boss, ana } = company;
    await suggest(ana, { topic: 'Twice' });
    const { id: itemId } = await database.db.seminarAgendaItem.findFirstOrThrow();
    await bot.as(host).press({ id: 'seminars.item_take', payload: { itemId, from: 'proposed' } });
    const late = await bot.as(boss).press({ id: 'seminars.item_leave', payload: { itemId, from: 'proposed' } });
    expect(keysIn(late)[0]).toBe('seminars.topic.lead_accepted');
    expect((await database.db.seminarAgendaItem.findFirstOrThrow()).state).toBe('accepted');
  });

  it.each([
    ['blanks', { topic: '  ' }, { topic: 'seminars.errors.topic_missing' }],
    ['nothing visible', { topic: '\u200b\u200b' }, { topic: 'seminars.errors.topic_missing' }],
    ['a long one', { topic: 'x'.repeat(201) }, { topic: 'seminars.errors.topic_long' }],
    ['a long reason', { topic: 'x', why: 'y'.repeat(501) }, { why: 'seminars.errors.topic_long' }],
    ['one that is there', { topic: 'ONE ' }, { topic: 'seminars.errors.topic_again' }],
  ])('that can’t be taken is told at its field: %s', async (_, values, errors) => {
    await suggest(company.ana, { topic: 'One' });
    const answer = await suggest(company.ben, values);
    expect(refusedWith(answer)).toEqual(errors);
    expect(answer.kind === 'errors' && answer.values).toEqual(values);
    expect(await database.db.seminarAgendaItem.count()).toBe(1);
  });

  it('is one of a few that wait at once', async () => {
    for (let index = 0; index < 5; index++) await suggest(company.ana, { topic: `Topic ${index}` });
    expect(refusedWith(await suggest(company.ana, { topic: 'One more' }))).toEqual({ topic: 'seminars.errors.topics_waiting' });
    expect((await suggest(company.host, { topic: 'One more' })).kind).toBe('say');
  });

  it('of a cancelled date or a past one is refused, from old cards and open forms too', async () => {
    const { bot, ana, host } = company;
    const form = await open(ana);
    await suggest(ana, { topic: 'Waiting' });
    const { id: itemId } = await database.db.seminarAgendaItem.findFirstOrThrow();
    const taking = { id: 'seminars.item_take', payload: { itemId, from: 'proposed' } };
    await database.db.seminarDate.updateMany({ where: { id: dateId }, data: { state: 'cancelled' } });
    expect(keysIn(await open(ana))[0]).toBe('seminars.errors.topic_cancelled');
    expect(refusedWith(await bot.as(ana).submit(form, { topic: 'Late' }))).toEqual({ form: 'seminars.errors.topic_cancelled' });
    expect(keysIn(await bot.as(host).press(taking))[0]).toBe('seminars.errors.agenda_closed');
    await database.db.seminarDate.updateMany({ where: { id: dateId }, data: { state: 'planned' } });
    bot.clock.to('2027-03-09T08:00:00Z');
    expect(keysIn(await open(ana))[0]).toBe('seminars.errors.topic_late');
    bot.clock.to('2027-03-09T09:00:00Z');
    expect(keysIn(await bot.as(host).press(taking))[0]).toBe('seminars.errors.agenda_closed');
    await bot.runDue();
    expect(keysIn(bot.messagesTo(host).map((message) => message.card))).not.toContain('seminars.topic.lead_by');
  });
});

it('waits on the host’s home, and on nobody else’s', async () => {
  const { bot, host, boss, ana } = company;
  await suggest(ana, { topic: 'Quiet corner' });
  for (const person of [boss, ana]) expect(keysIn(await bot.as(person).home())).not.toContain('seminars.topic.home_lead');
  const home = await bot.as(host).home();
  expect(keysIn(home)).toContain('seminars.topic.home_lead');
  const item = await bot.as(host).click('seminars.item', home);
  expect([item.kind, keysIn(cardsOf(item)[0]?.lead)[0]]).toEqual(['whisper', 'seminars.topic.lead_by']);
  await bot.as(host).click('seminars.item_take', item);
  expect(keysIn(await bot.as(host).home())).not.toContain('seminars.topic.home_lead');
});

it('shows a dozen in the post, long ones shortened, and all of them on the agenda', async () => {
  const { bot, host, boss, ana } = company;
  for (let index = 0; index < 15; index++) await suggest(host, { topic: `${index} ${'long '.repeat(36)}finish` });
  await suggest(boss, { topic: hostile(190) });
  await refresh();
  const lines = post()?.body?.flatMap((block) => (block.kind === 'paragraph' ? [text(block.text)] : [])) ?? [];
  expect(lines.join('\n').match(/seminars\.agenda\.line\(/g)).toHaveLength(12);
  expect(lines.join('\n')).toContain('…');
  expect(lines.join('\n')).not.toContain('finish');
  expect(lines.at(-1)).toBe('seminars.agenda.more(count=4)');
  const first = await agenda(ana);
  const second = cardsOf(await bot.as(ana).click('seminars.agenda', first))[0];
  expect([first?.rows?.length, second?.rows?.length]).toEqual([7, 7]);
  expect(rowsOf(await agenda(ana, 14)).at(-1)).toContain('<!channel>');
});

it('forgets what an erased person proposed and answered', async () => {
  const { bot, host, boss, ana, ben } = company;
  await suggest(ana, { topic: 'Anas secret' });
  await suggest(ben, { topic: 'Bens idea' });
  await bot.runDue();
  const [anas, bens] = await database.db.seminarAgendaItem.findMany({ orderBy: { position: 'asc' } });
  await bot.as(host).press({ id: 'seminars.item_take', payload: { itemId: anas?.id ?? '', from: 'proposed' } });
  const form = await bot.as(host).press({ id: 'seminars.item_leave', payload: { itemId: bens?.id ?? '', from: 'proposed' } });
  await bot.as(host).submit(form, { answer: 'Hosts words' });
  await refresh();
  expect(bodyOf(post())).toContain('Anas secret');
  const context = await contextOf(bot);
  const seminars = createFeatures({ directories: new Map() }).find((feature) => feature.name === 'seminars');
  for (const person of [ana, host]) {
    await database.db.person.updateMany({ where: { id: person.id }, data: { status: 'left' } });
    await inTransaction(database.db, async (tx) => {
      await erasePerson(tx, bot.organisation.id, person.id, bot.clock.now());
      await seminars?.erase?.({ ...context, tx }, person.id);
    });
  }
  await refresh();
  expect(bodyOf(post())).not.toContain('Anas secret');
  expect(JSON.stringify(bot.messagesTo(ben).at(-1)?.card)).toContain('Bens idea');
  expect(JSON.stringify(bot.messagesTo(ben).at(-1)?.card)).not.toContain('Hosts words');
  expect(rowsOf(await agenda(boss))).toEqual([expect.stringContaining('Bens idea')]);
  expect(JSON.stringify(await database.db.seminarAgendaItem.findMany())).not.toMatch(/Anas secret|Hosts words/);
});
