import { beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/core/reply.js';
import { newSalt } from '../../src/features/handbook/chain.js';
import { verifyChain } from '../../src/features/handbook/index.js';
import { sign } from '../../src/features/handbook/store-reading.js';
import type { BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { keysIn, type TestBot, testBot } from '../support/test-bot.js';

const database = useDatabase({ poolSize: 10 });
let bot: TestBot;
let boss: BuiltPerson;

async function begin(now: string): Promise<void> {
  await database.reset();
  bot = await testBot({ now, database });
  boss = await bot.person({ name: 'Boss', role: 'manager', zone: 'Europe/Riga' });
}

async function publish(due: string, audience = 'role:employee'): Promise<Answer> {
  const opened = await bot.as(boss).command('handbook publish');
  const draft = await bot
    .as(boss)
    .submit(opened, { title: 'Rules', text: 'Smile.', audience, effective: '2027-03-01', due, statement: 'I will.' });
  const answer = await bot.as(boss).click('handbook.publish', draft);
  await bot.runDue();
  return answer;
}

const said = (person: BuiltPerson) => bot.messagesTo(person).map((message) => keysIn(message.posted)[0]?.replace('handbook.', ''));

describe('reminders', () => {
  beforeEach(async () => await begin('2027-03-01T09:00:00Z'));

  it('go out at 10:00 of each person, over the change of clocks, until signed', async () => {
    const riga = await bot.person({ zone: 'Europe/Riga' });
    const york = await bot.person({ zone: 'America/New_York' });
    // Monday 15 March: New York has summer time since Sunday, Riga gets it on the 28th.
    await publish('2027-03-15');
    const at = { riga: [] as string[], york: [] as string[] };
    for (const day of ['08', '14', '15', '16', '17', '18', '19', '22', '28', '29']) {
      for (const hour of ['07', '08', '13', '14', '15']) {
        bot.clock.to(`2027-03-${day}T${hour}:00:00Z`);
        const before = { riga: bot.messagesTo(riga).length, york: bot.messagesTo(york).length };
        await bot.runDue();
        if (bot.messagesTo(riga).length > before.riga) at.riga.push(`${day}T${hour}`);
        if (bot.messagesTo(york).length > before.york) at.york.push(`${day}T${hour}`);
      }
    }
    // 7 days before; the 14th is a Sunday, so the 15th says it; daily on working days; the week after, in summer time.
    expect(at.riga).toEqual(['08T08', '15T08', '16T08', '17T08', '18T08', '19T08', '22T08', '29T07']);
    expect(at.york).toEqual(['08T15', '15T14', '16T14', '17T14', '18T14', '19T14', '22T14', '29T14']);
  }, 60_000);

  it('after three days of standstill only the latest stage goes out', async () => {
    const ana = await bot.person({ zone: 'Europe/Riga' });
    await publish('2027-03-16');
    bot.clock.to('2027-03-09T10:00:00Z');
    await bot.runDue();
    bot.clock.to('2027-03-18T10:00:00Z');
    await bot.runDue();
    expect(said(ana)).toEqual(['request.summary', 'reminder.before_summary', 'reminder.overdue_summary']);
    expect(
      (await database.db.delivery.findMany({ where: { state: 'skipped' }, orderBy: { subjectKey: 'asc' } })).map((row) =>
        row.subjectKey.split(':').at(-1),
      ),
    ).toEqual(['2', '3', '4']);
    // Nothing comes twice.
    await bot.runDue();
    expect(bot.messagesTo(ana)).toHaveLength(3);
  });

  it('overdue by three days: one digest for the line manager, and one for the owners', async () => {
    const lead = await bot.person({ name: 'Lead', zone: 'Europe/Riga', role: 'manager' });
    const owner = await bot.person({ name: 'Owner', role: 'owner', zone: 'Europe/Riga' });
    for (const name of ['A', 'B', 'C']) await bot.person({ name, lineManager: lead, zone: 'Europe/Riga' });
    await bot.person({ name: 'D', zone: 'Europe/Riga' });
    await publish('2027-03-08');
    bot.clock.to('2027-03-10T10:00:00Z');
    await bot.runDue();
    expect(said(lead)).toEqual([]);
    bot.clock.to('2027-03-11T08:00:00Z');
    await bot.runDue();
    expect(said(lead)).toEqual(['overdue.lead']);
    expect(bot.messagesTo(lead)[0]?.card.rows).toHaveLength(3);
    expect(bot.messagesTo(owner)[0]?.card.rows).toHaveLength(1);
    bot.clock.to('2027-03-12T08:00:00Z');
    await bot.runDue();
    expect(said(lead)).toEqual(['overdue.lead']);
  });

  it('a joiner is asked with a due date of its own; who leaves is let off; who comes back is asked again', async () => {
    const ana = await bot.person({ zone: 'Europe/Riga' });
    await publish('2027-03-15');
    bot.clock.to('2027-03-20T08:00:00Z');
    const joiner = await bot.person({ name: 'New', zone: 'Europe/Riga' });
    await bot.runDue();
    const due = async (person: BuiltPerson) => await database.db.assignment.findFirstOrThrow({ where: { personId: person.id } });
    expect(await due(joiner)).toMatchObject({ state: 'open', dueOn: new Date('2027-04-03') });
    const setStatus = async (status: 'active' | 'left') =>
      await database.db.person.update({
        where: { organisationId_id: { organisationId: bot.organisation.id, id: ana.id } },
        data: { status },
      });
    await setStatus('left');
    await bot.runDue();
    expect(await due(ana)).toMatchObject({ state: 'left', nextStage: null });
    await setStatus('active');
    await bot.runDue();
    expect(await due(ana)).toMatchObject({ state: 'open', dueOn: new Date('2027-04-03') });
  });
});

describe('many', () => {
  const crowd = async (count: number) => {
    const workspace = await database.db.workspace.findFirstOrThrow();
    await database.pool.query(
      `INSERT INTO person ("organisationId", id, name, "joinedAt") SELECT $1, gen_random_uuid(), 'P' || n, now() FROM generate_series(1, $2::int) n`,
      [bot.organisation.id, count],
    );
    await database.pool.query(
      `INSERT INTO account ("organisationId", id, "workspaceId", "personId", "externalId", name, "seenAt")
       SELECT "organisationId", gen_random_uuid(), $2, id, 'U' || name, name, now() FROM person WHERE "organisationId" = $1 AND name ~ '^P[0-9]'`,
      [bot.organisation.id, workspace.id],
    );
  };

  it('can sign at once: each has a record, and the chain is unbroken', async () => {
    await begin('2027-03-01T09:00:00Z');
    await crowd(200);
    await publish('2027-03-15');
    await database.pool.query(`UPDATE handbook_assignment SET "pagesOpened" = '{1}', "lastViewedAt" = now()`);
    const open = await database.db.assignment.findMany();
    const now = bot.clock.now();
    const detail = {
      salt: newSalt(),
      typedName: 'Ana',
      profileName: 'Ana',
      workspaceExternalId: 'T',
      accountExternalId: 'U',
      statement: 'I will.',
      agreement: 'Yes.',
    };
    const one = (row: { id: string; personId: string }) =>
      sign(database.db, {
        organisationId: bot.organisation.id,
        assignmentId: row.id,
        personId: row.personId,
        platform: 'slack',
        consentedAt: now,
        signedAt: now,
        detail,
      });
    // Everyone twice: a double click.
    const signed = await Promise.all([...open, ...open].map(one));
    expect(signed.filter((signature) => signature !== undefined)).toHaveLength(open.length);
    expect(await verifyChain(database.db, bot.organisation.id)).toEqual({ count: open.length });
  }, 60_000);
});
