import { expect } from 'vitest';
import { key } from '../../src/core/text.js';
import { printed, scanned } from '../support/paper.js';
import { confirmedStory } from './feedback-case.js';
import { praiseStory, privateStory, unconfirmedStory, unhappyStory } from './feedback-endings.js';
import type { Office } from './feedback-office.js';

/** What customers say, from the page on their phones to the end that they, or somebody else, give it. */
export async function feedbackStory(office: Office): Promise<void> {
  const { database, dace, laura } = office;
  const { db } = database;
  await listening(office);
  const { address, printedAddress } = await pageStory(office);
  const { id: organisationId } = await db.organisation.findFirstOrThrow();
  await db.person.update({ where: { organisationId_id: { organisationId, id: dace.personId } }, data: { lineManagerId: laura.personId } });
  await confirmedStory(office, address);
  await unhappyStory(office, address);
  await unconfirmedStory(office, printedAddress);
  await privateStory(office, address);
  await praiseStory(office, address);
  expect(await db.delivery.count({ where: { state: 'dead' } })).toBe(0);
  expect(await db.feedback.count({ where: { state: 'fresh' } })).toBe(0);
}

/** A manager says where feedback and kudos go. */
async function listening({ manager, shows, postIn, album, raw }: Office): Promise<void> {
  const card = await manager.command('customer settings', shows(key('feedback.settings.lead')));
  const form = await manager.open(card, 'feedback.where_open');
  const saved = await form.send({ channel: postIn }, shows(key('feedback.settings.saved')));
  await album.card('settings', raw(saved));
  const kudos = await manager.command('kudos settings', shows(key('recognition.settings.title')));
  const other = await manager.open(kudos, 'recognition.settings_open');
  await other.send({ channel: postIn }, shows(key('recognition.settings.saved')));
}

/** The page that was there from the start, and its complaint card: printed, and its QR code read by a camera. */
async function pageStory(office: Office): Promise<{ readonly address: string; readonly printedAddress: string }> {
  const { manager, shows, album, raw, phone } = office;
  const list = await manager.command('customer pages', shows(key('feedback.pages.lead')));
  const page = await manager.press(list, 'feedback.page', shows(key('feedback.pages.is_open')));
  await album.card('survey-page', raw(page));
  const [address = ''] = /http:\/\/\S+?\/f\/[a-z0-9-]+/.exec(page.text()) ?? [];
  const form = await manager.open(page, 'feedback.paper_open');
  await form.send({ language: 'en', layout: 'a6' }, shows(key('feedback.paper.ready')));
  const [front, back] = await printed(await office.lastFile());
  if (!front || !back) throw new Error('The card has two sides.');
  await album.picture('paper-front', front.picture);
  await album.picture('paper-back', back.picture);
  const printedAddress = scanned(front.picture) ?? '';
  expect(printedAddress).toBe(`${address}?via=card`);
  const opened = await phone.open(printedAddress);
  expect(await opened.text()).toContain(shows(key('feedback.survey.title')));
  await opened.close();
  return { address, printedAddress };
}
