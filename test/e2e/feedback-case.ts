import { expect } from 'vitest';
import { key, person, type Text, words } from '../../src/core/text.js';
import { type Case, type Priority, subject } from '../../src/features/feedback/model.js';
import type { Colleague, Opened, Shown } from '../support/colleague.js';
import type { ReceivedMail } from '../support/fake-smtp.js';
import type { OpenPage } from '../support/phone.js';
import { until } from '../support/until.js';
import type { Office } from './feedback-office.js';

/** From the customer's sending to the channel, when nothing waits. */
const HEARD_WITHIN_MS = 2_000;

/** What a customer types into the survey page. */
export interface Visit {
  readonly stars: number;
  readonly words: string;
  /** What they call it. */
  readonly kind?: Text;
  readonly contact?: { readonly name: string; readonly email: string };
}

/** A customer's words on their way: what they were told, and the case that follows them. */
export interface Told {
  readonly id: string;
  /** As the customer reads it. */
  readonly reference: string;
}

export const caseText = (number: number) => key('feedback.case.name', { number: words(String(number)) });

/** Fills in the survey page on a phone and sends it. @returns what the page said about it */
export async function tell(
  office: Office,
  address: string,
  { stars, words: typed, kind, contact }: Visit,
  picture?: string,
): Promise<Told> {
  const { phone, album, database } = office;
  const page = await phone.open(address);
  if (picture) await album.page(`${picture}-page`, page.tab);
  await page.rate(key('feedback.question.overall'), stars);
  await page.write(key('feedback.question.do_better'), typed);
  if (kind) await page.choose(kind);
  if (contact) {
    await page.write(key('feedback.survey.name'), contact.name);
    await page.write(key('feedback.survey.email'), contact.email);
    await page.tick(key('feedback.survey.consent'));
  }
  if (picture) await album.page(`${picture}-filled`, page.tab);
  await page.send(key('feedback.survey.send'), key('feedback.survey.thanks'));
  if (picture) await album.page(`${picture}-thanks`, page.tab);
  const shown = await page.text();
  const [reference = ''] = /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(shown) ?? [];
  await page.close();
  const { id } = await database.db.feedback.findFirstOrThrow({ where: { reference: reference.replace('-', '') } });
  return { id, reference };
}

/** The same, and the card in the channel that it becomes. */
export async function tellChannel(office: Office, address: string, visit: Visit, picture?: string): Promise<Told & { post: Shown }> {
  const { database, album, raw } = office;
  const told = await tell(office, address, visit, picture);
  const post = await office.post(visit.words);
  expect(post.text()).toContain(told.reference);
  if (picture) await album.card(`${picture}-card`, raw(post));
  const { receivedAt } = await database.db.feedback.findFirstOrThrow({ where: { id: told.id } });
  const subjectKey = subject.post(told.id);
  const sentAt = await until(
    async () => (await database.db.delivery.findFirst({ where: { subjectKey } }))?.sentAt ?? undefined,
    'It noted as sent',
  );
  expect(sentAt.getTime() - receivedAt.getTime()).toBeLessThan(HEARD_WITHIN_MS);
  return { ...told, post };
}

/** The case that follows some feedback, as the database has it. */
export const caseOf = async ({ database }: Office, { id }: Told) =>
  await database.db.feedbackCase.findFirstOrThrow({ where: { feedbackId: id } });

/** The n-th e-mail to a customer; waits for it. */
export async function mailTo({ smtp }: Office, address: string, count: number): Promise<ReceivedMail> {
  return await until(() => smtp.mailsTo(address)[count - 1], `E-mail ${count} to ${address}`);
}

/** The private link of an e-mail, opened on the customer's phone. */
export async function follow({ phone }: Office, mail: ReceivedMail): Promise<OpenPage> {
  const [address] = /http:\/\/\S+\/c\/[0-9a-f.-]+/.exec(mail.text) ?? [];
  if (!address) throw new Error(`There is no link in ${mail.text}`);
  return await phone.open(address);
}

/** Somebody takes a case from the channel's card. @returns their own card of it */
export async function claim({ shows }: Office, who: Colleague, post: Shown, number: number): Promise<Shown> {
  return await who.press(post, 'feedback.claim', shows(key('feedback.case.yours', { case: caseText(number) })));
}

/** Fills in the form by which a case is resolved. @returns the card then */
export async function resolve(
  { shows }: Office,
  form: Opened,
  { number, asks, action }: { readonly number: number; readonly asks: boolean; readonly action: string },
): Promise<Shown> {
  const says = key(asks ? 'feedback.resolve.resolved_asked' : 'feedback.resolve.resolved', { case: caseText(number) });
  return await form.send({ cause: 'Two colleagues were ill, and nobody was called in.', action }, shows(says));
}

/** A complaint followed to its end: claimed, looked up, noted, answered, put right, confirmed; and its history. */
export async function confirmedStory(office: Office, address: string): Promise<void> {
  const { marta, bruno, shows, album, raw, smtp } = office;
  const email = 'ilze@example.org';
  const said = 'Forty minutes in the queue, and the room was not ready. Nobody told us why.';
  const told = await tellChannel(office, address, { stars: 2, words: said, contact: { name: 'Ilze Bērza', email } }, 'complaint');
  const { number } = await caseOf(office, told);
  expect(told.post.text()).toContain(shows(caseText(number)));
  // Whoever reads the channel learns what happened, not whom to call.
  expect(office.everInChannel()).not.toContain(email);

  const own = await claim(office, marta, told.post, number);
  await album.card('claimed', raw(own));
  await until(() => told.post.text().includes(marta.name), 'The channel sees who looks after it');
  await album.card('channel-claimed', raw(told.post));
  expect(told.post.actions()).not.toContain('feedback.claim');
  await bruno.forge('feedback.claim', { caseId: (await caseOf(office, told)).id }, marta.name);

  await contactShown(office, told, email);
  const note = await marta.open(own, 'feedback.note_open');
  expect(Object.keys(await note.refused({ note: ' ' }))).toContain('note');
  const noted = await note.send({ note: 'The late shift was two short.' }, shows(key('feedback.note.noted', { case: caseText(number) })));
  await album.card('noted', raw(noted));

  const reply = await marta.open(noted, 'feedback.reply_open');
  const answer = 'We are sorry, Ilze. Your room is ready now, and this night is on us.';
  await reply.send({ words: answer }, shows(key('feedback.reply.sent', { case: caseText(number) })));
  const mail = await mailTo(office, email, 1);
  for (const part of [answer, said, told.reference]) expect(mail.text).toContain(part);
  for (const inside of [marta.name, 'The late shift was two short.']) expect(mail.text).not.toContain(inside);
  await answeredByLink(office, told, mail);

  const card = await marta.command(`customer case ${number}`, shows(caseText(number)));
  await album.card('case', raw(card));
  const form = await marta.open(card, 'feedback.resolve_open');
  expect(Object.keys(await form.refused({ cause: '', action: '' })).sort()).toEqual(expect.arrayContaining(['action', 'cause']));
  await resolve(office, form, { number, asks: true, action: 'The night is not charged, and the rota was changed.' });
  const page = await follow(office, await mailTo(office, email, 2));
  await album.page('asked', page.tab);
  await page.choose(key('feedback.link.right_yes'));
  await page.rate(key('feedback.link.field_rating'), 5);
  await page.send(key('feedback.link.send'), key('feedback.link.done_confirmed'));
  await album.page('confirmed', page.tab);
  await page.close();

  await album.card(
    'news-confirmed',
    raw(await marta.hears(shows(key('feedback.news.confirmed', { case: caseText(number), person: words('') })))),
  );
  await until(() => told.post.text().includes(shows(key('feedback.case.state.confirmed'))), 'The end on the channel’s card');
  await album.card('channel-confirmed', raw(told.post));
  expect(await caseOf(office, told)).toMatchObject({ state: 'closed', outcome: 'confirmed', satisfaction: 5, ownerId: marta.personId });
  expect(smtp.mailsTo(email)).toHaveLength(2);
  await historyTells(office, told, number);
}

/** The contact is shown for a reason, to whoever gave it alone; that it was is written down. */
async function contactShown(office: Office, { id, post }: Told & { readonly post: Shown }, email: string): Promise<void> {
  const { marta, bruno, shows, database, album, raw, chatOf } = office;
  const form = await marta.open(post, 'feedback.contact_open');
  expect(Object.keys(await form.refused({ reason: '' }))).toContain('reason');
  const shown = await form.send({ reason: 'To call about the room' }, shows(key('feedback.posting.contact.lead')));
  for (const part of [email, 'Ilze Bērza']) expect(shown.text()).toContain(part);
  await album.card('contact', raw(shown));
  expect([chatOf(bruno).includes(email), office.everInChannel().includes(email)]).toEqual([false, false]);
  const views = await database.db.feedbackContactView.findMany({ where: { feedbackId: id } });
  expect(views.map(({ personId, reason }) => [personId, reason])).toEqual([[marta.personId, 'To call about the room']]);
}

/** The customer opens the link of the answer and writes back; whoever looks after the case hears of it. */
async function answeredByLink(office: Office, told: Told, mail: ReceivedMail): Promise<void> {
  const { marta, shows, album, raw } = office;
  const { number } = await caseOf(office, told);
  const page = await follow(office, mail);
  await album.page('link', page.tab);
  expect(await page.text()).toContain('this night is on us');
  await page.write(key('feedback.link.field_answer'), 'Thank you. Please also tell the others who waited.');
  await page.send(key('feedback.link.send'), key('feedback.link.done_answered'));
  await album.page('link-answered', page.tab);
  await page.close();
  const news = await marta.hears(shows(key('feedback.news.answered', { case: caseText(number), person: words('') })));
  expect(news.text()).toContain('Please also tell the others who waited.');
  await album.card('news-answered', raw(news));
}

/** One readable history, the latest first: what happened, by whom, in whose words; nothing of the contact. */
async function historyTells(office: Office, told: Told, number: number): Promise<void> {
  const { bruno, marta, shows, album, raw } = office;
  const card = await bruno.command(`customer case ${number}`, shows(key('feedback.case.state.confirmed')));
  const title = shows(key('feedback.history.title', { case: caseText(number) }));
  const history = await bruno.press(card, 'feedback.history', title);
  await album.card('history', raw(history));
  const by = { person: person(marta.name) };
  const newest = [
    key('feedback.event.confirmed'),
    key('feedback.event.asked'),
    key('feedback.event.resolved', by),
    key('feedback.event.answered'),
    key('feedback.event.replied', by),
    key('feedback.event.noted', by),
    key('feedback.event.claimed', by),
  ].map((text) => shows(text));
  const text = history.text();
  const places = newest.map((line) => text.indexOf(line));
  expect(places.every((place) => place >= 0)).toBe(true);
  expect(places).toEqual([...places].sort((one, other) => one - other));
  for (const typed of ['The late shift was two short.', 'Please also tell the others who waited.', 'the rota was changed'])
    expect(text).toContain(typed);
  expect(text).not.toContain('ilze@example.org');
  const rest = await bruno.press(history, 'feedback.history', shows(key('feedback.event.opened')));
  await album.card('history-first', raw(rest));
  expect(await office.database.db.feedbackCaseEvent.count({ where: { caseId: (await caseOf(office, told)).id } })).toBe(8);
}

/** How a case stands, for comparing. */
export const standing = ({ state, outcome, priority }: { state: string; outcome: string | null; priority: string }) =>
  ({ state, outcome, priority }) as { state: Case['state']; outcome: Case['outcome']; priority: Priority };
