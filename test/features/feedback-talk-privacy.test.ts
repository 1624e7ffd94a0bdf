import { beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/core/reply.js';
import { feedbackAgenda } from '../../src/features/feedback/index.js';
import type { Said } from '../../src/features/feedback/model.js';
import type { BuiltPerson } from '../support/builders.js';
import { type CustomerCompany, contextOf, customerCompany, said } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { keysIn } from '../support/test-bot.js';

// A complaint about a colleague: everything that anybody else can press, type or be sent, and nothing of it is there.

const database = useDatabase();
let company: CustomerCompany;
/** A manager who isn't Anna's line. */
let mara: BuiltPerson;
let entry: Said;
let caseNumber: number;

const SECRET = 'zirgbesis';
const WORDS = `Anna Kalna called me a ${SECRET} and made me wait for an hour.`;

beforeEach(async () => {
  await database.reset();
  company = await customerCompany(database);
  mara = await company.bot.person({ name: 'Mara Osis', role: 'manager' });
  entry = await said(company.bot, { stars: 1, words: WORDS, contact: { name: 'Carla', email: 'carla@example.com' } });
  const followed = await database.db.feedbackCase.findFirstOrThrow();
  caseNumber = followed.number;
});

const shows = (value: unknown): boolean =>
  JSON.stringify(value, (_, each) => (each instanceof Uint8Array ? Buffer.from(each).toString('utf8') : each)).includes(SECRET);
/** Whoever has no business with it: the one it is about, a colleague, another manager. */
const outsiders = () => [company.ana, company.ben, mara];
const sent = (person: BuiltPerson) => company.bot.messagesTo(person).map(({ card, posted }) => ({ card, posted }));
const inChannels = () => company.bot.messages().filter(({ to }) => to.kind === 'channel');

/** Goes through months of digests, escalations, reports and reminders. */
async function muchLater(): Promise<void> {
  for (const day of ['2027-03-02', '2027-03-03', '2027-03-09', '2027-03-15', '2027-04-01', '2027-04-02', '2027-05-03']) {
    company.bot.clock.to(`${day}T08:30:00Z`);
    await company.bot.runDue();
  }
}

describe('a complaint about a colleague', () => {
  it('is private from the beginning, for the line and owners', async () => {
    const { ana, boss } = company;
    expect(entry).toMatchObject({ state: 'private', channelId: null, concerns: [{ personId: ana.id }] });
    expect(await database.db.feedbackCase.findFirstOrThrow()).toMatchObject({ private: true });
    expect(shows(sent(boss))).toBe(true);
  });

  it('is sent to no channel and to nobody else, whatever comes due', async () => {
    const quiet = await said(company.bot, { stars: 1, words: 'The soup was cold.' });
    expect(quiet.state).toBe('passed');
    await muchLater();
    expect(inChannels().length).toBeGreaterThan(0);
    expect(shows(inChannels())).toBe(false);
    for (const person of outsiders()) expect(shows(sent(person)), person.name).toBe(false);
  });

  it('is in no list, case, report, export, theme or home of anybody else', async () => {
    const { bot } = company;
    const commands = [
      'open',
      'mine',
      `case ${caseNumber}`,
      `find ${entry.reference}`,
      'waiting',
      'themes',
      'talks',
      'report',
      'export',
      'rules',
    ];
    const { id: themeId } = await database.db.feedbackTheme.findFirstOrThrow({ where: { key: 'waiting' } });
    for (const person of outsiders()) {
      const hands = bot.as(person);
      const answers: Answer[] = [await hands.home()];
      for (const typed of commands) answers.push(await hands.command(`customer ${typed}`));
      for (const id of ['theme', 'theme_said', 'theme_led'])
        answers.push(await hands.press({ id: `feedback.${id}`, payload: { themeId, offset: 0 } }));
      await bot.runDue();
      expect(answers.filter(shows), person.name).toEqual([]);
      expect(shows(sent(person)), person.name).toBe(false);
    }
  });

  it('is opened by no button that somebody else presses', async () => {
    const { bot } = company;
    const { id: talkId } = await database.db.feedbackTalk.findFirstOrThrow();
    const [feedbackId, caseId] = [entry.id, entry.caseId ?? ''];
    const ofFeedback = [
      'entry',
      'about',
      'contact_open',
      'contact',
      'concerns_open',
      'clear',
      'real',
      'spam',
      'case_open',
      'waiting_entry',
    ];
    const ofCase = [
      'case',
      'claim',
      'history',
      'note_open',
      'assign_open',
      'pause_open',
      'merge_open',
      'resolve_open',
      'reply_open',
      'priority_open',
    ];
    const ofTalk = ['talk', 'talk_done', 'talk_later', 'talk_not', 'talk_view'];
    for (const person of outsiders()) {
      const presses = [
        ...ofFeedback.map((id) => ({ id: `feedback.${id}`, payload: { feedbackId, offset: 0 } })),
        ...ofCase.map((id) => ({ id: `feedback.${id}`, payload: { caseId, offset: 0 } })),
        ...ofTalk.map((id) => ({ id: `feedback.${id}`, payload: { talkId } })),
      ];
      for (const ref of presses) {
        const answer = await bot.as(person).press(ref);
        expect(shows(answer), `${person.name}: ${ref.id}`).toBe(false);
        expect(answer.kind, `${person.name}: ${ref.id}`).not.toBe('form');
      }
    }
    expect(await database.db.feedback.findFirstOrThrow({ where: { id: entry.id } })).toMatchObject({ state: 'private' });
    expect(await database.db.feedbackTalk.findFirstOrThrow()).toMatchObject({ state: 'open' });
    expect(shows(inChannels())).toBe(false);
  });

  it('is neither counted nor quoted on an agenda', async () => {
    const { bot } = company;
    await said(bot, { stars: 1, words: `Anna Kalna, that ${SECRET}, kept us in the queue.` });
    const context = await contextOf(bot);
    const period = { from: new Date(0), to: new Date(context.clock.now().getTime() + 1) };
    expect(await feedbackAgenda.suggest(context, period)).toEqual([]);
    expect(await feedbackAgenda.find(context, [`quote:${entry.id}`])).toEqual(new Map());
  });

  it('is on the record for the line and owners; the person finds there what was held', async () => {
    const { bot, boss, ana, owner, ben } = company;
    const record = async (person: BuiltPerson) => keysIn(await bot.as(person).command('bellhop record', { mention: ana }));
    const own = async () => keysIn(await bot.as(ana).command('bellhop record'));
    for (const person of [boss, owner]) expect(await record(person)).toContain('feedback.talks.record_open');
    for (const person of [ben, mara]) expect(await record(person)).not.toContain('feedback.talks.record');
    expect(await own()).toContain('feedback.talks.record_none');
    expect(await own()).not.toContain('feedback.talks.record_open');
    await bot.as(boss).submit(await bot.as(boss).click('feedback.talk_done'), { agreed: 'Count to ten.' });
    await bot.runDue();
    expect(await own()).toContain('feedback.talks.record_held');
    expect(await record(owner)).toContain('feedback.talks.record_held');
    expect(shows(await bot.as(ana).command('bellhop record'))).toBe(false);
    expect(shows(await bot.as(ana).command('customer talks'))).toBe(false);
    expect(keysIn(await bot.as(ana).command('customer talks'))).toContain('feedback.talks.row_own');
    expect(shows(sent(ana))).toBe(false);
  });

  it('has its talks listed for the line and owners, and waits on their home', async () => {
    const { bot, boss, owner, ana, ben } = company;
    for (const person of [boss, owner]) {
      expect(keysIn(await bot.as(person).command('customer talks')), person.name).toContain('feedback.talks.lead.open');
    }
    // It waits for whoever is nearest in line.
    expect(keysIn(await bot.as(boss).home())).toContain('feedback.talks.home_title');
    expect(keysIn(await bot.as(owner).home())).not.toContain('feedback.talks.home_title');
    for (const person of [ana, ben, mara]) {
      expect(keysIn(await bot.as(person).command('customer talks')), person.name).toContain('feedback.talks.none');
      expect(keysIn(await bot.as(person).home()), person.name).not.toContain('feedback.talks.home_title');
    }
  });

  it('about a manager is hidden from that manager, and from the manager’s own line below', async () => {
    const { bot, boss, owner, ana } = company;
    const other = await said(bot, { stars: 1, words: `Viktors Berzs is a ${SECRET}, too.` });
    expect(other).toMatchObject({ state: 'private', concerns: [{ personId: boss.id }] });
    await muchLater();
    for (const person of [ana, mara]) expect(shows(sent(person))).toBe(false);
    expect(JSON.stringify(sent(boss))).not.toContain(', too.');
    expect(JSON.stringify(sent(owner))).toContain(', too.');
    const answers = [
      await bot.as(boss).command(`customer find ${other.reference}`),
      await bot.as(boss).command('customer open'),
      await bot.as(boss).command('customer talks'),
      await bot.as(boss).command('bellhop record'),
    ];
    expect(JSON.stringify(answers)).not.toContain(', too.');
    const { id: talkId } = await database.db.feedbackTalk.findFirstOrThrow({ where: { personId: boss.id } });
    expect(keysIn(await bot.as(boss).press({ id: 'feedback.talk', payload: { talkId } }))).toContain('feedback.errors.talk_gone');
  });
});
