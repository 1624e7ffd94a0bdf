import { beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/core/reply.js';
import { takeBack } from '../../src/features/recognition/giving/close.js';
import { give } from '../../src/features/recognition/giving/give.js';
import { auditLedger, balanceOf } from '../../src/features/recognition/ledger/store-ledger.js';
import type { WorkContext } from '../../src/people/handlers.js';
import { newId } from '../../src/people/ids.js';
import { aChannel, type BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { hostile } from '../support/hostile.js';
import { buttonsOf, cardsOf, keysIn, type TestBot, testBot } from '../support/test-bot.js';

const database = useDatabase();
let bot: TestBot;
let boss: BuiltPerson;
let ana: BuiltPerson;
let ben: BuiltPerson;
let cy: BuiltPerson;
let channel: { readonly id: string; readonly externalId: string };

beforeEach(async () => {
  await database.reset();
  // Wednesday 10 March 2027, 11:00 in Riga.
  bot = await testBot({ now: '2027-03-10T09:00:00Z', database });
  boss = await bot.person({ name: 'Boss', role: 'manager' });
  ana = await bot.person({ name: 'Ana' });
  ben = await bot.person({ name: 'Ben' });
  cy = await bot.person({ name: 'Cy' });
  channel = await aChannel(database.db, bot.organisation, { members: [ana, ben, cy] });
  await database.db.organisation.updateMany({ data: { announcementsChannelId: channel.id } });
});

/** What lies in a person's chat, without the monthly report that a manager gets by itself. */
const mail = (person: BuiltPerson) =>
  bot.messagesTo(person).filter((message) => !keysIn(message.card)[0]?.startsWith('recognition.fairness.'));
const context = async (): Promise<WorkContext> => ({
  ...bot.work,
  organisation: { ...bot.organisation, announcementsChannelId: channel.id },
});
const kudos = async (from: BuiltPerson, to: BuiltPerson, more: { words?: string; public?: boolean } = {}) => {
  const id = await give(await context(), {
    giverId: from.id,
    receiverIds: [to.id],
    valueId: null,
    words: 'for calming an upset guest',
    points: 10,
    public: true,
    source: 'peer',
    ...more,
  });
  await bot.runDue();
  return id;
};
const reportAs = async (person: BuiltPerson, kudosId: string, words = 'This never happened.') => {
  const form = await bot.as(person).press({ id: 'recognition.report', payload: { kudosId } });
  if (form.kind !== 'form') return form;
  const answer = await bot.as(person).submit(form, { words });
  await bot.runDue();
  return answer;
};
const decideAs = async (person: BuiltPerson, remove: boolean, words?: string) => {
  const card = mail(person).find((one) => buttonsOf(one.card).some(({ id }) => id === 'recognition.report_decide'))?.card;
  const ref = card && buttonsOf(card).find((one) => one.payload.remove === remove);
  const form = await bot.as(person).press(ref ?? null);
  const answer = form.kind === 'form' ? await bot.as(person).submit(form, words === undefined ? {} : { words }) : form;
  await settle();
  return answer;
};
/** Cards are composed again three seconds after they were shown. */
const settle = async () => {
  await bot.runDue();
  bot.clock.forward({ seconds: 5 });
  await bot.runDue();
};
const told = (person: BuiltPerson) => mail(person).map((message) => keysIn(message.card)[0]);
const balance = async (person: BuiltPerson) =>
  (await balanceOf(database.db, bot.organisation.id, { kind: 'balance', owner: person.id })) ?? 0;
const shownTo = (person: BuiltPerson) => JSON.stringify(mail(person).map((message) => message.card));

describe('a report', { timeout: 60_000 }, () => {
  it('from the channel’s card ends in a decision that the reporter hears: it stays', async () => {
    await kudos(ana, ben);
    const form = await bot.as(cy).click('recognition.report', bot.messagesIn(channel)[0]?.card);
    const receipt = await bot.as(cy).submit(form, { words: 'This never happened.' });
    expect(keysIn(receipt)[0]).toBe('recognition.report.receipt');
    await bot.runDue();
    expect(told(boss)).toEqual(['recognition.report.lead']);
    expect(shownTo(boss)).toContain('This never happened.');
    await decideAs(boss, false, 'Ben told me of it.');
    expect(told(cy)).toEqual(['recognition.report.decided_kept']);
    expect(shownTo(cy)).toContain('Ben told me of it.');
    expect(told(boss)).toEqual(['recognition.report.kept']);
    // Neither the giver nor the receiver heard of any of it.
    expect(shownTo(ana) + shownTo(ben)).not.toContain('Cy');
    expect(await balance(ben)).toBe(10);
  });

  it('that is upheld takes the kudos down and its points back; everybody concerned is told', async () => {
    await kudos(ana, ben, { words: 'for words that nobody should read' });
    await reportAs(cy, (await database.db.kudos.findFirstOrThrow()).id);
    await decideAs(boss, true);
    expect(await balance(ben)).toBe(0);
    expect(told(ana)).toContain('recognition.removed.giver');
    const last = mail(ben).at(-1)?.card;
    expect(keysIn(last)[0]).toBe('recognition.removed.receiver');
    expect(JSON.stringify(last)).not.toContain('nobody should read');
    expect(told(cy)).toEqual(['recognition.report.decided_removed']);
    expect(keysIn(bot.messagesIn(channel)[0]?.card)).toEqual(['recognition.card.removed', 'recognition.card.removed']);
    const movement = await database.db.ledgerMovement.findFirstOrThrow({ where: { kind: 'take_back' } });
    expect(movement).toMatchObject({ actorId: boss.id, reason: 'report_upheld' });
    expect(await auditLedger(database.db, bot.organisation.id)).toEqual([]);
    const verbs = await database.db.auditEvent.findMany({ where: { verb: { startsWith: 'recognition.' } } });
    expect(verbs.map((event) => event.verb).sort()).toEqual(['recognition.kudos_reported', 'recognition.report_decided']);
  });

  it('is joined by others, who end together; managers have one card of it', async () => {
    const id = await kudos(ana, ben);
    const dora = await bot.person({ name: 'Dora' });
    await reportAs(cy, id, 'First.');
    await reportAs(dora, id, 'Second.');
    await settle();
    expect(mail(boss)).toHaveLength(1);
    expect(shownTo(boss)).toContain('Second.');
    await decideAs(boss, false);
    expect([...told(cy), ...told(dora)]).toEqual(['recognition.report.decided_kept', 'recognition.report.decided_kept']);
    expect(await database.db.kudosReport.count({ where: { state: 'open' } })).toBe(0);
  });

  it('is decided once, although two managers decide at the same time', async () => {
    const vera = await bot.person({ name: 'Vera', role: 'manager' });
    await reportAs(cy, await kudos(ana, ben));
    const { id: reportId } = await database.db.kudosReport.findFirstOrThrow();
    const form = async (manager: BuiltPerson, remove: boolean) =>
      await bot.as(manager).press({ id: 'recognition.report_decide', payload: { reportId, remove } });
    const [first, second] = [await form(boss, true), await form(vera, false)];
    const answers = await Promise.all([bot.as(boss).submit(first, {}), bot.as(vera).submit(second, {})]);
    await settle();
    const report = await database.db.kudosReport.findFirstOrThrow();
    const removed = report.state === 'removed';
    expect((await database.db.kudos.findFirstOrThrow()).state).toBe(removed ? 'removed' : 'given');
    // Both, and both managers' cards, tell the one decision.
    const said = removed ? 'recognition.report.removed' : 'recognition.report.kept';
    expect([...answers.map((answer) => keysIn(answer)[0]), ...told(boss), ...told(vera)]).toEqual([said, said, said, said]);
    expect(told(cy)).toHaveLength(1);
    // A late press on an old card shows it too.
    expect(keysIn(await form(vera, true))[0]).toBe(said);
  });

  it('is never judged by whoever gave, got or reported the kudos', async () => {
    const vera = await bot.person({ name: 'Vera', role: 'manager' });
    await reportAs(cy, await kudos(boss, ben));
    const { id: reportId } = await database.db.kudosReport.findFirstOrThrow();
    expect(mail(boss)).toHaveLength(0);
    expect(told(vera)).toEqual(['recognition.report.lead']);
    for (const id of ['recognition.report_show', 'recognition.report_decide']) {
      const answer = await bot.as(boss).press({ id, payload: { reportId, remove: false } });
      expect(keysIn(answer)[0]).toBe('recognition.errors.report_not_yours');
      expect(JSON.stringify(answer)).not.toContain('Cy');
    }
    const form = await bot.as(vera).press({ id: 'recognition.report_decide', payload: { reportId, remove: false } });
    expect(await bot.as(boss).submit(form, {})).toMatchObject({ kind: 'errors' });
    expect(keysIn(await bot.as(boss).command('kudos reports'))[0]).toBe('recognition.reports.lead');
    expect(cardsOf(await bot.as(boss).command('kudos reports'))[0]?.rows).toEqual([]);
    expect(cardsOf(await bot.as(vera).command('kudos reports'))[0]?.rows).toHaveLength(1);
    // A manager who reports it too is a judge of it no more.
    await reportAs(vera, (await database.db.kudos.findFirstOrThrow()).id);
    await settle();
    expect(told(vera)[0]).toBe('recognition.errors.report_not_yours');
  });

  it('goes to the owners where no manager is left, and says so where nobody is', async () => {
    const id = await kudos(ana, boss);
    expect(keysIn(await reportAs(cy, id))[0]).toBe('recognition.report.receipt_nobody');
    const owner = await bot.person({ name: 'Owner', role: 'owner' });
    expect(keysIn(await reportAs(ben, id))[0]).toBe('recognition.report.receipt');
    expect(told(owner)).toEqual(['recognition.report.lead']);
    expect(shownTo(owner)).toContain('Cy');
  });

  it('is refused for one’s own, for private, for what is gone, and twice', async () => {
    const id = await kudos(ana, ben);
    const refused = async (person: BuiltPerson, kudosId: string) => keysIn(await reportAs(person, kudosId))[0];
    expect(await refused(ana, id)).toBe('recognition.errors.report_own');
    expect(await refused(cy, await kudos(ana, ben, { public: false }))).toBe('recognition.errors.kudos_gone');
    expect(await refused(cy, '0199a5a0-0000-7000-8000-000000000000')).toBe('recognition.errors.kudos_gone');
    expect(await refused(cy, id)).toBe('recognition.report.receipt');
    expect(await refused(cy, id)).toBe('recognition.errors.report_again');
    await decideAs(boss, false);
    expect(await refused(cy, id)).toBe('recognition.errors.report_decided');
    // Whoever gets them may report them too; at the same time it counts once.
    const form = await bot.as(ben).press({ id: 'recognition.report', payload: { kudosId: id } });
    const twice = await Promise.all([bot.as(ben).submit(form, { words: 'Not me.' }), bot.as(ben).submit(form, { words: 'Not me.' })]);
    expect(twice.map((answer) => answer.kind).sort()).toEqual(['errors', 'say']);
  });

  it('asks for words, and shows them as they were typed', async () => {
    const id = await kudos(ana, ben);
    const form = await bot.as(cy).press({ id: 'recognition.report', payload: { kudosId: id } });
    for (const words of ['', ' ... ', '🛎️']) {
      expect(await bot.as(cy).submit(form, { words })).toMatchObject({ errors: { words: { key: 'recognition.errors.report_words' } } });
    }
    expect(await bot.as(cy).submit(form, { words: 'x'.repeat(1001) })).toMatchObject({
      errors: { words: { key: 'recognition.errors.words_long' } },
    });
    await reportAs(cy, id, hostile(1000));
    expect(shownTo(boss)).toContain(JSON.stringify(hostile(1000)).slice(1, 200));
    await decideAs(boss, false, hostile(1000));
    expect(told(cy)).toEqual(['recognition.report.decided_kept']);
  });

  it('ends by itself when the giver takes the kudos back', async () => {
    const id = await kudos(ana, ben);
    await reportAs(cy, id);
    await takeBack(await context(), id, { personId: ana.id }, 'taken_back', 'giver');
    await settle();
    expect(told(cy)).toEqual(['recognition.report.decided_gone']);
    expect(told(boss)).toEqual(['recognition.report.gone']);
    expect(cardsOf(await bot.as(boss).home()).flatMap(keysIn)).not.toContain('recognition.fair.home_title');
  });

  it('is listed page by page for managers, and stands on their home', async () => {
    const id = await kudos(ana, ben);
    await reportAs(cy, id);
    const [one, got, reported] = [
      await database.db.kudos.findFirstOrThrow(),
      await database.db.kudosReceiver.findFirstOrThrow(),
      await database.db.kudosReport.findFirstOrThrow(),
    ];
    for (let index = 0; index < 8; index++) {
      const kudosId = newId(bot.clock.now());
      await database.db.kudos.create({ data: { ...one, id: kudosId } });
      await database.db.kudosReceiver.create({ data: { ...got, kudosId } });
      await database.db.kudosReport.create({ data: { ...reported, id: newId(bot.clock.now()), kudosId } });
    }
    const list = await bot.as(boss).command('kudos reports');
    expect(cardsOf(list)[0]?.rows).toHaveLength(7);
    const more = await bot.as(boss).click('recognition.reports', list);
    expect(cardsOf(more)[0]?.rows).toHaveLength(2);
    expect(keysIn(await bot.as(boss).click('recognition.report_show', more))[0]).toBe('recognition.report.lead');
    expect(cardsOf(await bot.as(boss).home()).flatMap(keysIn)).toContain('recognition.fair.home_title');
    for (const command of ['reports', 'flags', 'settings', 'praise']) {
      expect(keysIn(await bot.as(ana).command(`kudos ${command}`))).toContain('core.errors.role_needed');
    }
    expect(cardsOf(await bot.as(ana).home()).flatMap(keysIn)).not.toContain('recognition.fair.home_title');
  });

  it('loses its words when somebody in it is erased; the ledger stays', async () => {
    const owner = await bot.person({ name: 'Owner', role: 'owner' });
    await reportAs(cy, await kudos(ana, ben), 'Ben was away.');
    await decideAs(boss, true, 'Ben, indeed.');
    await database.db.person.updateMany({ where: { id: ben.id }, data: { status: 'left', leftAt: new Date('2027-03-10T10:00:00Z') } });
    const asked: Answer = await bot.as(owner).command('bellhop erase Ben');
    await bot.as(owner).click('bellhop.erase', asked);
    expect(await database.db.kudosReport.findFirstOrThrow()).toMatchObject({ words: '', decisionWords: null, state: 'removed' });
    expect(await auditLedger(database.db, bot.organisation.id)).toEqual([]);
  });
});
