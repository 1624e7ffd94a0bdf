import { beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/core/reply.js';
import type { Text } from '../../src/core/text.js';
import { feedbackAgenda } from '../../src/features/feedback/index.js';
import { type AgendaSuggestion, agendaDaysBefore } from '../../src/people/agenda.js';
import { text } from '../support/builders.js';
import { accepted, type CustomerCompany, contextOf, customerCompany, type SaidOverrides, said } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { aSeries, theDates, theFirstDate } from '../support/seminar-company.js';
import { cardsOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();
let company: CustomerCompany;
beforeEach(async () => {
  await database.reset();
  company = await customerCompany(database);
});

const suggest = async () => {
  return await feedbackAgenda.suggest(await contextOf(company.bot), lately());
};
const lately = () => agendaDaysBefore(new Date(company.bot.clock.now().getTime() + 1));
const find = async (...keys: string[]) => await feedbackAgenda.find(await contextOf(company.bot), keys, lately());
const shown = ({ text: said, detail }: AgendaSuggestion) => `${text(said)} | ${detail ? text(detail) : ''}`;
const bad = async (words: string, more: SaidOverrides = {}) => await said(company.bot, { stars: 2, words, ...more });
/** The same of many at once. */
const many = async (stars: number, ...words: string[]) => {
  for (const one of words) await accepted(company.bot, { stars, words: one });
  await company.bot.runDue();
};
/** What an agenda says of waiting, as one text. */
const waiting = (answer: Answer): Text => {
  const row = cardsOf(answer)[0]?.rows?.find((each) => keysIn(each.text).includes('feedback.theme.waiting'));
  return row?.detail ?? { kind: 'words', words: 'nothing' };
};
const themeKey = async (key: string) => `theme:${(await database.db.feedbackTheme.findFirstOrThrow({ where: { key } })).id}`;

describe('what feedback brings to an agenda', () => {
  it('is what came back, the most complained about first, with counts, and a few quotes', async () => {
    const { bot } = company;
    await bad('We waited an hour.');
    bot.clock.forward({ days: 32 });
    const waited = ['The queue never moved.', 'I waited for ages.', 'Slow, slow, slow.'];
    await many(2, ...waited, 'The toilet was dirty.', 'Sticky tables here.', 'The invoice was wrong.');
    await many(5, 'Delicious soup!', 'Delicious meal!');
    const found = await suggest();
    expect(found.filter(({ quote }) => !quote).map(shown)).toEqual([
      expect.stringMatching(/feedback\.theme\.waiting.*\| feedback\.agenda\.times.*3.*1/),
      expect.stringMatching(/feedback\.theme\.cleanliness.*\| feedback\.agenda\.times.*2.*0/),
    ]);
    const quotes = found.filter(({ quote }) => quote);
    const told = quotes.map(({ text: words }) => text(words));
    expect(told).toHaveLength(3);
    expect(waited).toContain(told[0]);
    expect(['The toilet was dirty.', 'Sticky tables here.']).toContain(told[1]);
    // As they are now, of other features' keys and of nonsense nothing.
    const again = await find(...found.map(({ key }) => key), 'theme:x', 'kudos:1', `quote:${bot.organisation.id}`);
    expect(again.size).toBe(found.length);
    for (const one of found) expect(again.get(one.key)).toEqual(one);
    bot.clock.forward({ days: 70 });
    expect(keysIn([...(await find(await themeKey('waiting'))).values()])).toContain('feedback.agenda.quiet');
    expect(await suggest()).toEqual([]);
  });

  it('quotes nothing that is private, held, doubtful, spam, removed, passed to few, or that names a colleague', async () => {
    const { bot, ana, managers } = company;
    const open = await bad('We waited an hour.');
    const others = await Promise.all(
      ['We waited two hours.', 'We waited three hours.', 'We waited four hours.', 'We waited five hours.', 'We waited six hours.'].map(
        async (words) => await bad(words),
      ),
    );
    const data = [
      { state: 'private' },
      { state: 'held' },
      { state: 'doubtful' },
      { words: [], strippedAt: bot.clock.now() },
      { channelId: managers.id },
    ] as const;
    for (const [index, change] of data.entries()) {
      await database.db.feedback.updateMany({ where: { id: others[index]?.id ?? '' }, data: change });
    }
    const named = await bad('We waited at the desk of Zaiga Zeltina.');
    const about = await bad('We waited, as always.');
    await database.db.feedbackConcern.create({
      data: { organisationId: bot.organisation.id, feedbackId: about.id, personId: ana.id, how: 'chosen', addedAt: bot.clock.now() },
    });
    const keys = [open, ...others, named, about].map(({ id }) => `quote:${id}`);
    const quotes = async () => (await suggest()).filter(({ quote }) => quote).map(({ key }) => key);
    expect((await quotes()).toSorted()).toEqual([`quote:${open.id}`, `quote:${named.id}`].toSorted());
    // Somebody of that name begins to work here.
    await bot.person({ name: 'Zaiga Zeltina' });
    expect(await quotes()).toEqual([`quote:${open.id}`]);
    expect([...(await find(...keys)).keys()]).toEqual([`quote:${open.id}`]);
    // The channel is made a private one.
    await database.db.channel.updateMany({ data: { isPrivate: true } });
    expect(await find(...keys)).toEqual(new Map());
  });

  it('counts no complaint about a colleague', async () => {
    const { ana } = company;
    for (const words of ['Anna Kalna was slow.', 'We waited for Anna Kalna.']) await bad(words, { concernIds: [ana.id] });
    expect(await suggest()).toEqual([]);
    await bad('The queue never moved.');
    expect(await suggest()).toEqual([]);
    await bad('The queue is still there.');
    expect((await suggest()).map(shown)[0]).toMatch(/agenda\.times.*2/);
  });
});

describe('a seminar', () => {
  it('tells what came in since the one before it, beside as long a time before, until it begins', async () => {
    const { bot, boss, channel } = company;
    await database.db.organisation.updateMany({ data: { announcementsChannelId: channel.id } });
    const [march, april] = await theDates(bot, (await aSeries(bot, { hostId: boss.id })).id);
    const editor = async (dateId = april?.id ?? '') =>
      text(waiting(await bot.as(boss).press({ id: 'seminars.agenda', payload: { dateId, offset: 0 } })));
    // Before that of 9 March, nearer to it than to that of 13 April, and longer ago.
    bot.clock.to('2027-03-03T08:00:00Z');
    await many(2, 'We waited an hour.', 'The queue never moved.', 'Slow, slow, slow.');
    bot.clock.to('2027-03-09T07:30:00Z');
    expect(await editor(march?.id)).toMatch(/agenda\.heading\(days=30\).*agenda\.times\(recent=3, before=0\)/);
    bot.clock.to('2027-04-05T08:00:00Z');
    await many(2, 'I waited for ages.', 'Waited for two hours.');
    bot.clock.forward({ minutes: 5 });
    const since = /agenda\.heading_since\(day=2027-03-09\).*/.source;
    expect(await editor()).toMatch(new RegExp(`${since}recent=2, before=3`));
    expect(await editor(march?.id)).toContain('recent=3, before=0');
    // Told in the channel as it is by then.
    await many(2, 'The queue is still there.');
    bot.clock.to('2027-04-12T07:00:00Z');
    await bot.runDue();
    expect(await editor()).toMatch(/recent=3, before=3/);
    // Afterwards it stays what was talked about.
    bot.clock.to('2027-04-20T08:00:00Z');
    await many(2, 'We waited an hour again.');
    expect(await editor()).toMatch(new RegExp(`${since}recent=3, before=3`));
  });

  it('shows it as a section of its own; quotes once a manager ticked them, until they are taken back', async () => {
    const { bot, boss, ana, channel } = company;
    await database.db.organisation.updateMany({ data: { announcementsChannelId: channel.id } });
    const entries = [await bad('The queue never moved.'), await bad('I waited for ages.')];
    bot.clock.forward({ minutes: 5 });
    const { id: dateId } = await theFirstDate(bot, (await aSeries(bot, { hostId: boss.id })).id);
    await bot.as(ana).press({ id: 'seminars.topic_open', payload: { dateId } });
    await bot.runDue();
    const post = () => bot.messagesIn(channel).find(({ card }) => keysIn(card).includes('seminars.date.when'))?.card;
    const refresh = async () => {
      for (let round = 0; round < 2; round++) {
        bot.clock.forward({ seconds: 4 });
        await bot.runDue();
      }
    };
    const headings = () => (post()?.body ?? []).flatMap((block) => (block.kind === 'heading' ? keysIn(block) : []));
    expect(headings().slice(-2)).toEqual(['seminars.agenda.title', 'feedback.agenda.heading']);
    expect(keysIn(post()?.body)).toContain('feedback.theme.waiting');
    expect(JSON.stringify(post()?.body)).not.toContain('waited for ages');
    const editor = await bot.as(boss).press({ id: 'seminars.agenda', payload: { dateId, offset: 0 } });
    const rows = cardsOf(editor)[0]?.rows ?? [];
    expect(rows.every(({ detail }) => keysIn(detail).includes('feedback.agenda.heading'))).toBe(true);
    for (const row of rows.filter(({ text: said }) => !keysIn(said).includes('feedback.theme.waiting'))) {
      await bot.as(boss).click('seminars.item_take', await bot.as(boss).press(row.action?.ref ?? null));
    }
    await refresh();
    expect(JSON.stringify(post()?.body)).toContain('waited for ages');
    // It turns out to be about a colleague.
    const form = await bot.as(boss).press({ id: 'feedback.concerns_open', payload: { feedbackId: entries[1]?.id ?? '' } });
    await bot.as(boss).submit(form, { people: [{ by: 'account', externalId: ana.externalId }], kind: 'complaint' });
    await refresh();
    expect(JSON.stringify(post()?.body)).not.toContain('waited for ages');
    expect(JSON.stringify(post()?.body)).toContain('queue never moved');
  });
});
