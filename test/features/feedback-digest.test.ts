import { beforeEach, describe, expect, it } from 'vitest';
import { openCase } from '../../src/features/feedback/cases/open-case.js';
import { inTransaction } from '../../src/people/db.js';
import { aChannel, type BuiltPerson } from '../support/builders.js';
import { accepted, type CustomerCompany, contextOf, customerCompany, type SaidOverrides, said } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { buttonsOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();
let company: CustomerCompany;
beforeEach(async () => {
  await database.reset();
  // Monday 1 March 2027, 10:00 in Riga: an hour after the time of the digest.
  company = await customerCompany(database, '2027-03-01T08:00:00Z');
});

let told = 0;
async function complaint(overrides: SaidOverrides = {}): Promise<string> {
  // The same words again would look like spam.
  told += 1;
  const { caseId } = await said(company.bot, {
    stars: 2,
    words: `Number ${told} was too slow.`,
    locationId: company.location.id,
    ...overrides,
  });
  if (caseId === null) throw new Error('No case was opened.');
  return caseId;
}

async function at(instant: string): Promise<void> {
  company.bot.clock.to(instant);
  await company.bot.runDue();
}

const isDigest = ({ card }: { card: unknown }) =>
  keysIn((card as { title?: unknown }).title).some((key) => /^feedback\.digest\.(own_)?title$/.test(key));
const digests = (channel = company.channel) => company.bot.messagesIn(channel).filter(isDigest);
const own = (person: BuiltPerson) => company.bot.messagesTo(person).filter(isDigest);
const set = async (caseId: string, data: object) => await database.db.feedbackCase.updateMany({ where: { id: caseId }, data });

describe('The daily digest', () => {
  it('lists once a day what is due and overdue, the oldest first', async () => {
    const [first, second, third] = [await complaint(), await complaint(), await complaint()];
    await set(first, { dueAt: new Date('2027-03-02T12:00:00Z') });
    await set(second, { dueAt: new Date('2027-03-01T12:00:00Z') });
    await set(third, { dueAt: new Date('2027-03-03T08:00:00Z') });
    await at('2027-03-02T06:59:00Z');
    expect(digests()).toHaveLength(0);
    await at('2027-03-02T07:00:00Z');
    await at('2027-03-02T07:01:00Z');
    await at('2027-03-02T12:30:00Z');
    expect(digests()).toHaveLength(1);
    const card = digests()[0]?.card;
    expect(card?.lead).toMatchObject({ items: [{ params: { count: 1 } }, { params: { count: 1 } }] });
    expect(card?.rows?.map(({ action }) => action?.ref.payload.caseId)).toEqual([second, first]);
    expect(keysIn(card?.rows?.[0]?.detail)).toContain('feedback.digest.row_overdue');
    await at('2027-03-03T07:00:00Z');
    expect(digests()).toHaveLength(2);
    expect(digests()[1]?.card.rows).toHaveLength(3);
  });

  it('says nothing when nothing is due, when it is turned off, on days off and on holidays', async () => {
    const caseId = await complaint();
    await set(caseId, { dueAt: new Date('2027-03-12T12:00:00Z') });
    await at('2027-03-02T07:00:00Z');
    expect(digests()).toHaveLength(0);
    await set(caseId, { dueAt: new Date('2027-03-05T12:00:00Z') });
    // Saturday, then Good Friday.
    await at('2027-03-06T08:00:00Z');
    await at('2027-03-26T08:00:00Z');
    expect(digests()).toHaveLength(0);
    await database.db.feedbackSettings.updateMany({ data: { digestMinutes: null } });
    await at('2027-03-30T08:00:00Z');
    expect(digests()).toHaveLength(0);
  });

  it('is for each channel by what was posted there, and never tells a channel of what is private', async () => {
    const other = await aChannel(database.db, company.bot.organisation, { name: 'spa', members: [company.owner] });
    const [here, there] = [await complaint(), await complaint()];
    const moved = await database.db.feedbackCase.findFirstOrThrow({ where: { id: there } });
    await database.db.feedback.updateMany({ where: { id: moved.feedbackId }, data: { channelId: other.id } });
    const secret = await complaint({ concernIds: [company.ana.id], kind: 'complaint' });
    await set(secret, { ownerId: company.boss.id, state: 'claimed' });
    await at('2027-03-10T07:00:00Z');
    const cases = (shown: ReturnType<typeof digests>) =>
      shown.flatMap(({ card }) => card.rows?.map(({ action }) => action?.ref.payload.caseId) ?? []);
    expect(cases(digests())).toEqual([here]);
    expect(cases(digests({ ...other, name: 'spa' }))).toEqual([there]);
    expect(cases(own(company.boss))).toEqual([secret]);
    expect(own(company.ana)).toHaveLength(0);
  });

  it('offers what may be closed, and leaves out what rests', async () => {
    const [resolved, paused] = [await complaint(), await complaint()];
    await set(resolved, { state: 'resolved', resolvedAt: new Date('2027-02-15T08:00:00Z'), closableAt: new Date('2027-03-01T08:00:00Z') });
    await set(paused, { pausedUntil: new Date('2027-04-01T08:00:00Z'), pausedAt: new Date('2027-03-01T08:00:00Z') });
    await at('2027-03-10T07:00:00Z');
    const card = digests()[0]?.card;
    expect(card?.rows?.map(({ action }) => action?.ref.payload.caseId)).toEqual([resolved]);
    expect(keysIn(card?.rows)).toContain('feedback.digest.row_closable');
  });

  it('has seven rows and tells how many there are', async () => {
    const context = await contextOf(company.bot);
    for (let index = 0; index < 9; index++) {
      const { id } = await accepted(company.bot, { stars: 3, words: `Number ${index}` });
      await inTransaction(database.db, async (tx) => {
        const of = { id, locationId: null, stars: 3, kind: 'comment', source: 'page', private: false } as const;
        await openCase(context, tx, of, company.bot.clock.now());
      });
    }
    await at('2027-03-10T07:00:00Z');
    const card = digests()[0]?.card;
    expect(card?.rows).toHaveLength(7);
    expect(card?.footer).toMatchObject({ params: { shown: 7, total: 9 } });
    expect(card && buttonsOf(card)).toContainEqual({ id: 'feedback.open', payload: { offset: 0 } });
  });

  it('brings only today’s after a standstill, and none in the evening', async () => {
    await complaint();
    await at('2027-03-09T16:00:00Z');
    expect(digests()).toHaveLength(0);
    await at('2027-03-12T09:00:00Z');
    expect(digests()).toHaveLength(1);
  });
});
