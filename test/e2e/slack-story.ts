import { expect } from 'vitest';
import { verifyChain } from '../../src/features/handbook/index.js';
import type { TestDatabase } from '../support/database.js';
import { english } from '../support/english.js';
import { MANAGER, nameOf, type SlackCompany, textOf } from '../support/slack-company.js';
import { until } from '../support/until.js';

/** The members were read: everybody of the company can be asked. */
export async function everybodyKnown({ slack }: SlackCompany, database: TestDatabase): Promise<void> {
  const people = slack.users.length - 1;
  await until(async () => (await database.db.person.count()) >= people, `${people} people read`);
}

/** A manager publishes, everybody is asked, reads and signs; then status, CSV and chain are looked at. */
export async function readAndSignStory(company: SlackCompany, database: TestDatabase): Promise<void> {
  const { slack, employees } = company;
  const everybody = [MANAGER, ...employees];
  const name = (id: string) => (id === MANAGER ? 'Ann Ozola' : nameOf(employees.indexOf(id)));
  await everybodyKnown(company, database);
  const manager = company.at(MANAGER);
  const card = await manager.publish();
  expect(textOf(card)).toContain(english('handbook.published.title'));

  const receipts = await Promise.all(everybody.map((id) => company.at(id).readAndSign(name(id))));
  for (const receipt of receipts) expect(textOf(receipt)).toContain(english('handbook.receipt.lead'));
  for (const id of employees) expect([id, company.at(id).seen.length]).toEqual([id, 1]);

  const status = await manager.shown(() => manager.command('handbook status'));
  expect(textOf(status)).toContain(english('handbook.status.nobody_waiting'));
  const total = everybody.length;
  expect(textOf(status)).toContain(english('handbook.status.progress', { signed: total, asked: total }));

  await manager.press(status, 'handbook.csv');
  const upload = await until(() => slack.of('files.completeUploadExternal')[0], 'The CSV');
  const lines = String(upload.answer.content).trim().split('\r\n');
  expect(lines).toHaveLength(total + 1);
  for (const id of everybody) expect(lines.filter((line) => line.startsWith(`${name(id)},`))).toHaveLength(1);

  const organisation = await database.db.organisation.findFirstOrThrow();
  expect(await verifyChain(database.db, organisation.id)).toEqual({ count: total });
  expect(await database.db.delivery.count({ where: { state: { notIn: ['sent', 'merged'] } } })).toBe(0);
  expect(slack.refusedAsTooFast).toEqual([]);
  expect(
    slack.calls.filter(({ answer }) => answer.ok !== true && answer.error !== undefined).map(({ method, answer }) => [method, answer]),
  ).toEqual([]);
}
