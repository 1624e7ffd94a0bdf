import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { FormValues } from '../../src/core/form.js';
import { createRegistry } from '../../src/core/registry.js';
import type { Answer } from '../../src/core/reply.js';
import { refresh } from '../../src/delivery/enqueue.js';
import { createFeatures } from '../../src/features/index.js';
import { ensureFirstOwner } from '../../src/people/claim.js';
import { inTransaction } from '../../src/people/db.js';
import { aChannel, type BuiltPerson, manyPeople, type OrganisationOverrides } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { hostile, hostileDocument, hostileName } from '../support/hostile.js';
import { CHAT_ADAPTERS } from '../support/platforms.js';
import { buttonsOf, cardsOf, fileOf, hintOf, keysIn, type TestBot, type TestBotOptions, testBot } from '../support/test-bot.js';
import {
  feedbackStories,
  handbookStories,
  noteAnswer,
  pressEverything,
  recognitionStories,
  type Seen,
  type Stage,
  seminarStories,
  traced,
  wholeTour,
} from '../support/tour.js';
import { tourRecap } from '../support/tour-recognition-recap.js';

/**
 * The contract of chat adapters: every card and form of the registry is shown on every platform in every language, within
 * the platform's limits, with what people typed standing there as typed, and what its buttons send is what they were
 * given (test/support/platform-check.ts, which looks at everything that a testBot shows). The stories below tour the whole
 * registry with content of the worst sort; the last test names whatever they have not seen.
 */
const database = useDatabase();
const seen: Seen = new Set();
const features = traced(createFeatures({ directories: new Map() }), seen);
const registry = createRegistry(features);

let bot: TestBot;

async function begin(now: string, organisation: OrganisationOverrides = {}, setup: TestBotOptions['setup'] = {}): Promise<void> {
  await database.reset();
  bot = await testBot({ now, database, features, organisation, mail: 'recording', setup, watch: (answer) => noteAnswer(seen, answer) });
}

/** Composes every card anew that lies in a chat, whatever has become of what it is about. */
async function refreshAll(): Promise<void> {
  const { db } = database;
  const sent = await db.delivery.findMany({ where: { state: 'sent' } });
  for (const row of sent) seen.add(`message ${row.message}`);
  const keys = sent.map((row) => row.subjectKey);
  bot.clock.forward({ minutes: 1 });
  await inTransaction(db, async (tx) => await refresh(tx, bot.organisation.id, keys, bot.clock.now()));
  await bot.runDue();
  const stale = new Set(bot.messages().flatMap((message) => (message.updates === 0 ? [message.deliveryId] : [])));
  for (const row of sent) if (!stale.has(row.id)) seen.add(`message ${row.message} refreshed`);
}

/** Reads on to the last page, and returns it. */
async function turnPages(person: BuiltPerson, from: Answer): Promise<Answer> {
  for (let page = from; ; ) {
    const next = cardsOf(page)[0]?.actions?.find((action) => keysIn(action.label)[0] === 'handbook.action.next');
    if (next?.kind !== 'button') return page;
    page = await bot.as(person).press(next.ref);
  }
}

const lying = (person: BuiltPerson) => bot.messagesTo(person).map((message) => message.card);

const everyPlatform = CHAT_ADAPTERS.map((adapter) => adapter.platform);

/** Milliseconds: each story is long. */
const LONG = 120_000;

describe.each(everyPlatform)('on %s', { timeout: LONG }, (platform) => {
  const someone = async (index: number, more: Parameters<TestBot['person']>[0] = {}) =>
    await bot.person({ platform, name: hostileName(index), ...more });
  const press = async (person: BuiltPerson, from: Parameters<typeof pressEverything>[3], except: readonly string[] = []) =>
    await pressEverything(bot, registry, person, from, except);

  it('the bot is set up by people with names of every sort', async () => {
    await begin('2027-03-01T09:00:00Z', { firstRunDone: false });
    const { db } = database;
    await db.organisation.updateMany({ data: { firstRunAskedAt: null } });
    const code = await ensureFirstOwner(bot.work, bot.organisation.id);
    const owner = await someone(0);
    await bot.as(owner).command(`bellhop claim ${hostile(1000)}`);
    await bot.as(owner).command(`bellhop claim ${code}`);
    const boss = await someone(1, { role: 'manager' });
    const former = await someone(11, { status: 'left' });
    for (let index = 2; index < 10; index++) await someone(index, { role: 'manager', unreachableReason: 'app_not_installed' });
    const crowd = await manyPeople(db, bot.organisation, 100);
    await db.person.updateMany({ where: { id: { in: crowd.map((person) => person.id) } }, data: { name: hostileName(77) } });
    for (let index = 0; index < 9; index++) await aChannel(db, bot.organisation, { platform, name: hostile(80).slice(index) });
    const hands = bot.as(owner);
    await bot.runDue();
    await press(owner, [...lying(owner), await hands.home()]);

    const settings = await hands.command('bellhop settings');
    const wrong = { zone: hostile(64), country: '<>', announcements: hostile(60), locale: hostile(50), daily_cap: hostile(10) };
    const times = { start: '09:00', end: '08:00', days: ['1'] };
    await hands.submit(settings, { ...times, ...wrong });
    await hands.submit(settings, { ...times, end: '17:00', zone: 'Europe/Riga', locale: 'en', daily_cap: '5', guests: true });

    for (let index = 0; index < 9; index++) {
      const form = await hands.press({ id: 'bellhop.location_open', payload: { locationId: null } });
      await hands.submit(form, { name: `${index} ${hostile(70)}`, zone: 'Asia/Kolkata', country: 'IN' });
    }
    const place = async (person: BuiltPerson | undefined) =>
      await hands.press({ id: 'bellhop.place_open', payload: { personId: person?.id ?? '' } });
    for (const [index, person] of crowd.slice(0, 8).entries()) {
      await hands.submit(await place(person), { line_manager: [hintOf(boss)], team: `${index} ${hostile(70)}` });
    }
    // All hundred have this name.
    await hands.submit(await place(crowd[0]), { line_manager: [{ by: 'typed', typed: hostileName(77) }], team: hostile(3000) });
    await hands.submit(await place(crowd[1]), { line_manager: [{ by: 'typed', typed: hostile(3000) }], location: hostile(100) });
    await hands.command(`bellhop people ${hostileName(77)}`);
    await hands.command(`bellhop language ${hostile(1000)}`);
    await hands.click('bellhop.erase', await hands.command('bellhop erase x', { mention: former }));
    await bot.as(crowd[0] as BuiltPerson).command(`bellhop ${hostile(500)}`);
    const lines = crowd.map((_, index) => `${hostile(90).replaceAll(/[",\n]/g, '')} ${index},${hostile(40).replaceAll(/[",\n]/g, '')}`);
    await hands.command('bellhop people import', { files: [fileOf('people.csv', `name,role\n${lines.join('\n')}`)] });
    await hands.command('bellhop people export');
    await hands.submit(await hands.press({ id: 'bellhop.role_open', payload: { personId: crowd[0]?.id ?? '' } }), { role: 'manager' });
    await hands.submit(await hands.press({ id: 'bellhop.role_open', payload: { personId: owner.id } }), { role: 'employee' });
    await bot.runDue();
    await refreshAll();

    await db.delivery.updateMany({
      data: { state: 'dead', lastError: 'refused', lastErrorDetail: hostile(90), settledAt: bot.clock.now() },
    });
    for (const person of [owner, boss]) {
      const answers: Answer[] = [];
      for (const [name, command] of registry.commands) {
        for (const verb of command.verbs) {
          answers.push(await bot.as(person).command(`${name} ${verb.name}`));
        }
      }
      await press(person, [await bot.as(person).home(), ...answers]);
    }
    await bot.runDue();
  });

  it('a handbook is published, read, asked about, declined, signed', async () => {
    await begin('2027-03-01T09:00:00Z');
    const boss = await someone(1, { role: 'manager' });
    const owner = await someone(2, { role: 'owner' });
    const [ana, ben, cy] = [await someone(3, { lineManager: boss }), await someone(4, { lineManager: boss }), await someone(5)];
    // On Teams people are named by names, which these have in common: there everyone is asked.
    const crowd = await manyPeople(database.db, bot.organisation, platform === 'slack' ? 100 : 8);
    await database.db.person.updateMany({ where: { id: { in: crowd.map((one) => one.id) } }, data: { name: hostileName(77) } });
    const text = hostileDocument(3);
    const filled: FormValues = {
      document: 'new',
      source: 'own',
      title: hostile(150),
      text,
      audience: 'people',
      people: [ana, ben, cy, boss, ...crowd.slice(0, 8)].map(hintOf),
      effective: '2027-03-01',
      due: '2027-03-15',
      statement: hostile(1000),
    };
    const hands = bot.as(boss);
    const opened = await hands.command('handbook publish');
    for (const wrong of [
      { due: '2020-01-01', people: [{ by: 'typed' as const, typed: hostile(200) }] },
      { people: [{ by: 'typed' as const, typed: hostileName(77) }], title: hostile(300), statement: hostile(3000) },
      { audience: hostile(100), text: '', channel: hostile(20) },
      { source: hostile(20), text: hostile(3000) },
    ]) {
      expect(await hands.submit(opened, { ...filled, ...wrong })).toMatchObject({ kind: 'errors' });
    }
    await hands.submit(opened, { ...filled, people: [ana, ...crowd].map(hintOf) });
    const audience = platform === 'teams' ? { audience: 'everyone', people: [] } : {};
    const draft = await hands.submit(opened, { ...filled, ...audience });
    await press(boss, [draft], ['handbook.publish', 'handbook.discard']);
    await hands.click('handbook.publish', draft);
    await bot.runDue();

    const request = bot.messagesTo(ana)[0]?.card;
    if (!request) throw new Error('Nothing was asked.');
    const page = await bot.as(ana).click('handbook.read', request);
    const asking = await bot.as(ana).click('handbook.ask', page);
    if (asking.kind !== 'form') throw new Error('No form.');
    const clause = asking.form.fields.flatMap((field) => (field.kind === 'choice' ? [field.initial] : []))[0];
    for (let index = 0; index < 9; index++) await bot.as(ana).submit(asking, { clause, question: hostile(2000) });
    expect(await bot.as(ana).submit(asking, { clause: hostile(100), question: hostile(3000) })).toMatchObject({ kind: 'errors' });
    const declining = await bot.as(ben).click('handbook.decline');
    expect(await bot.as(ben).submit(declining, { reason: hostile(3000) })).toMatchObject({ kind: 'errors' });
    await bot.as(ben).submit(declining, { reason: hostile(1000) });
    await bot.runDue();
    await refreshAll();

    await press(ana, [request, page, await bot.as(ana).command('handbook'), await bot.as(ana).home()]);
    const signing = await bot.as(ana).click('handbook.sign', await turnPages(ana, page));
    expect(await bot.as(ana).submit(signing, { name: `${hostile(250)} https://a.example`, agree: false })).toMatchObject({
      kind: 'errors',
    });
    expect(keysIn(await bot.as(ana).submit(signing, { name: 'Ána *Ozola* &amp; {{DATE(2027-01-01)}} أنا రాజు 🛎️', agree: true }))).toContain(
      'handbook.receipt.lead',
    );

    const asked = bot.messagesTo(boss).find((message) => buttonsOf(message.card).some((button) => button.id === 'handbook.answer'));
    if (!asked) throw new Error('Nobody was told of the question.');
    await hands.submit(await hands.click('handbook.answer', asked.card), { answer: hostile(2000) });
    await bot.runDue();
    await refreshAll();

    const command = async (person: BuiltPerson, words: string, mention?: BuiltPerson) =>
      await bot.as(person).command(words, mention && { mention });
    const status = await command(boss, 'handbook status');
    await press(
      boss,
      [status, await command(boss, 'bellhop record', ana), await command(boss, 'handbook questions'), await hands.home(), ...lying(boss)],
      ['handbook.publish', 'handbook.discard'],
    );
    await press(
      owner,
      [await command(owner, 'handbook record', ana), await command(owner, 'bellhop record', ana), await bot.as(owner).home()],
      ['handbook.publish', 'handbook.discard', 'handbook.remind_now'],
    );
    for (const person of [ana, ben, cy]) await press(person, [...lying(person), await bot.as(person).home()]);
    expect(await hands.submit(await hands.click('handbook.exempt', status), { reason: hostile(3000) })).toMatchObject({ kind: 'errors' });
    await hands.submit(await hands.click('handbook.exempt', status), { reason: hostile(1000) });
    await hands.submit(await hands.click('handbook.extend', status), { due: '2027-03-16' });
    const second = await hands.submit(await hands.click('handbook.new', status), {
      ...filled,
      ...audience,
      document: undefined,
      title: 'Second',
    });
    await press(boss, [second], ['handbook.publish', 'handbook.discard']);
    await hands.click('handbook.publish', second);
    await bot.runDue();
    bot.clock.to('2027-03-22T11:00:00Z');
    await bot.runDue();
    await refreshAll();
    await hands.submit(await hands.click('handbook.withdraw', await command(boss, 'handbook status')), { reason: hostile(1000) });
    await bot.runDue();
    const third = await hands.submit(opened, { ...filled, ...audience, due: '2027-04-15' });
    await hands.click('handbook.discard', third);
    await refreshAll();
    for (const person of [ana, ben, cy, boss]) await press(person, [...lying(person), await bot.as(person).home()], ['handbook.publish']);
  });
});

describe.each(everyPlatform)('recaps on %s', { timeout: LONG }, (platform) => {
  it('a month’s kudos, and a month without any', async () => {
    await begin('2027-02-10T10:00:00Z', { zone: 'Europe/Riga' });
    await tourRecap({ bot, database, platform, refreshAll });
  });
});

describe.each(everyPlatform)('stories on %s', { timeout: LONG }, (platform) => {
  const press: Stage['press'] = async (person, from, except = []) => await pressEverything(bot, registry, person, from, except);

  it.each([...handbookStories, ...recognitionStories, ...seminarStories, ...feedbackStories])('$name', async ({ now, publicUrl, tell }) => {
    await begin(now, {}, { publicUrl });
    await tell({ bot, database, platform, refreshAll, press, lying });
  });
});

describe('with a daily cap of one', { timeout: LONG }, () => {
  it('reminders, overdue requests and many messages in one', async () => {
    await begin('2027-03-01T09:00:00Z', { dailyCap: 1 });
    const lead = await bot.person({ name: hostileName(1), role: 'manager' });
    const [one] = [
      await bot.person({ name: hostileName(2), lineManager: lead }),
      await bot.person({ name: hostileName(3), lineManager: lead }),
    ];
    for (let index = 0; index < 9; index++) {
      const opened = await bot.as(lead).command('handbook publish');
      // Three for the manager too: with the digest of who is overdue they fit into one message.
      const audience = index < 3 ? 'everyone' : 'role:employee';
      const rest = { source: 'own', text: hostile(200), audience, effective: '2027-03-01', due: '2027-03-10' };
      const draft = await bot.as(lead).submit(opened, { ...rest, title: `${index} ${hostile(148)}`, statement: hostile(1000) });
      if (index < 8) await bot.as(lead).click('handbook.publish', draft);
    }
    await bot.runDue();
    for (const day of ['03', '10', '15']) {
      bot.clock.to(`2027-03-${day}T11:00:00Z`);
      await bot.runDue();
      await refreshAll();
      for (const person of [lead, one]) {
        const answers = [
          await bot.as(person).home(),
          await bot.as(person).command('handbook'),
          await bot.as(person).command('handbook status'),
        ];
        await pressEverything(bot, registry, person, [...lying(person), ...answers], ['handbook.publish', 'handbook.remind_now']);
      }
    }
  });
});

describe('documents of every size', { timeout: LONG }, () => {
  const publish = async (text: string) => {
    await begin('2027-03-01T09:00:00Z');
    const boss = await bot.person({ role: 'manager', name: hostileName(1) });
    const ana = await bot.person({ name: hostileName(2) });
    const filled = {
      source: 'own',
      title: hostile(150),
      file: [fileOf('a.md', text)],
      audience: 'everyone',
      effective: '2027-03-01',
      due: '2027-03-15',
    };
    const draft = await bot.as(boss).submit(await bot.as(boss).command('handbook publish'), { ...filled, statement: 'I will.' });
    await bot.as(boss).click('handbook.publish', draft);
    await bot.runDue();
    return { boss, ana };
  };
  it.each([
    ['1,000 clauses', Array.from({ length: 1000 }, (_, n) => `## Rule ${n} <!here>\n\nSay *hello* to guest ${n}.`).join('\n\n')],
    ['100 KB in one clause', `## All of it\n\n${`${hostile(1000)}\n\n`.repeat(100)}`],
    ['a word of 20 KB', `## Long\n\n${'గా'.repeat(10_000)}`],
  ])('%s', async (_, text) => {
    const { boss, ana } = await publish(text);
    const first = await bot.as(ana).click('handbook.read');
    await pressEverything(bot, registry, ana, [first], ['handbook.read']);
    expect(keysIn(await turnPages(ana, first))).toContain('handbook.page.all_opened');
    await pressEverything(bot, registry, boss, [await bot.as(boss).command('handbook status')], ['handbook.new']);
  });
});

describe('the registry', () => {
  it('was shown as a whole: every message sent and composed anew, every form opened and come back, every button pressed', () => {
    expect(wholeTour(registry).filter((what) => !seen.has(what))).toEqual([]);
  });

  it('has an adapter under this contract for each chat', () => {
    const chats = readdirSync(new URL('../../adapters', import.meta.url), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && readdirSync(`${entry.parentPath}/${entry.name}`).includes('chat.ts'))
      .map((entry) => entry.name);
    expect(chats.sort()).toEqual([...everyPlatform].sort());
  });
});
