import { expect } from 'vitest';
import { key, person, words } from '../../src/core/text.js';
import { until } from '../support/until.js';
import { caseOf, caseText, claim, follow, mailTo, resolve, standing, tell, tellChannel } from './feedback-case.js';
import type { Office } from './feedback-office.js';

/** A customer who isn't content: the case opens again once, more urgent; the second time a manager is told. */
export async function unhappyStory(office: Office, address: string): Promise<void> {
  const { marta, manager, shows, album, raw } = office;
  const email = 'jonas@example.org';
  const contact = { name: 'Jonas', email };
  const told = await tellChannel(office, address, { stars: 2, words: 'The bill was wrong, and nobody could explain it.', contact });
  const { number } = await caseOf(office, told);
  const mine = await claim(office, marta, told.post, number);
  await resolve(office, await marta.open(mine, 'feedback.resolve_open'), { number, asks: true, action: 'A new bill was sent.' });

  await answersNo(office, await mailTo(office, email, 1), 'The new bill is wrong, too.', key('feedback.link.done_reopened'), 'reopened');
  const again = await marta.hears(shows(key('feedback.news.reopened', { case: caseText(number), person: words('') })));
  await album.card('news-reopened', raw(again));
  expect(again.text()).toContain('The new bill is wrong, too.');
  expect(standing(await caseOf(office, told))).toEqual({ state: 'claimed', outcome: null, priority: 'high' });
  await until(() => told.post.text().includes(shows(key('feedback.priority.high'))), 'The higher priority on the channel’s card');

  await resolve(office, await marta.open(again, 'feedback.resolve_open'), { number, asks: true, action: 'The money was paid back.' });
  await answersNo(office, await mailTo(office, email, 2), 'Nothing has arrived.', key('feedback.link.done_unhappy'), 'unhappy');
  const news = shows(key('feedback.news.unhappy', { case: caseText(number), person: words('') }));
  for (const colleague of [marta, manager]) expect((await colleague.hears(news)).text()).toContain('Nothing has arrived.');
  await album.card('news-unhappy', raw(await manager.hears(news)));
  // Opened again once, and no more than once.
  expect(standing(await caseOf(office, told))).toEqual({ state: 'resolved', outcome: null, priority: 'high' });
  expect(await office.database.db.feedbackCaseEvent.count({ where: { kind: 'reopened' } })).toBe(1);
}

/** Says on the private page of an e-mail that it isn't put right. */
async function answersNo(
  office: Office,
  mail: Parameters<typeof follow>[1],
  typed: string,
  says: ReturnType<typeof key>,
  picture: string,
): Promise<void> {
  const page = await follow(office, mail);
  await page.choose(key('feedback.link.right_no'));
  await page.write(key('feedback.link.field_more'), typed);
  await page.send(key('feedback.link.send'), says);
  await office.album.page(picture, page.tab);
  await page.close();
}

/**
 * A customer who left no contact: nobody can be asked, so somebody other than the resolver closes it.
 * @param printedAddress of a complaint card
 */
export async function unconfirmedStory(office: Office, printedAddress: string): Promise<void> {
  const { marta, bruno, shows, album, raw, smtp } = office;
  const told = await tellChannel(office, printedAddress, { stars: 1, words: 'The floor of the lobby was dirty all morning.' });
  const { id: caseId, number, priority } = await caseOf(office, told);
  expect(priority).toBe('high');
  expect(told.post.text()).toContain(shows(key('feedback.source.card')));
  expect(told.post.actions()).not.toContain('feedback.contact_open');
  const before = smtp.mails.length;
  const mine = await claim(office, bruno, told.post, number);
  const resolved = await resolve(office, await bruno.open(mine, 'feedback.resolve_open'), {
    number,
    asks: false,
    action: 'It was cleaned, and is looked at each hour.',
  });
  expect(resolved.actions()).not.toContain('feedback.close');
  await bruno.forge('feedback.close', { caseId }, shows(key('feedback.errors.case_close_other', { case: caseText(number) })));
  await until(() => told.post.actions().includes('feedback.close'), 'Anybody else can close it');
  await marta.press(told.post, 'feedback.close', shows(key('feedback.case.closed', { case: caseText(number) })));
  await until(() => told.post.text().includes(shows(key('feedback.case.state.unconfirmed'))), 'The end on the channel’s card');
  await album.card('channel-unconfirmed', raw(told.post));
  expect(standing(await caseOf(office, told))).toEqual({ state: 'closed', outcome: 'unconfirmed', priority: 'high' });
  expect(smtp.mails).toHaveLength(before);
}

/** A complaint about a colleague: that person's line hears of it, with a day to talk by, and no channel ever does. */
export async function privateStory(office: Office, address: string): Promise<void> {
  const { laura, dace, marta, shows, database, album, raw, chatOf } = office;
  const said = `${dace.name} was rude to my mother and walked away.`;
  const told = await tell(office, address, { stars: 1, words: said });
  const asked = await laura.hears('was rude to my mother');
  await album.card('talk-asked', raw(asked));
  const { id: talkId } = await database.db.feedbackTalk.findFirstOrThrow({ where: { feedbackId: told.id } });
  const { number } = await caseOf(office, told);

  // To everybody else there is no such case.
  await marta.command(`customer case ${number}`, shows(key('feedback.errors.case_gone')));
  await dace.command(`customer case ${number}`, shows(key('feedback.errors.case_gone')));
  await dace.command(`customer find ${told.reference}`, shows(key('feedback.errors.gone')));

  const form = await laura.open(asked, 'feedback.talk_done', (payload) => payload.talkId === talkId);
  expect(Object.keys(await form.refused({ agreed: ' ' }))).toContain('agreed');
  const agreement = 'Whoever is upset is brought to a quiet place first.';
  await album.card('talk-held', raw(await form.send({ agreed: agreement }, agreement)));
  const agreed = await dace.hears(agreement);
  await album.card('talk-agreed', raw(agreed));
  const view = await dace.open(agreed, 'feedback.talk_view');
  const answer = 'I was alone at the desk, but that is no excuse.';
  await view.send({ view: answer }, answer);
  await album.card('talk-answered', raw(await laura.hears(answer)));
  expect(chatOf(dace)).not.toContain('was rude to my mother');
  for (const what of ['was rude to my mother', told.reference]) expect(office.everInChannel()).not.toContain(what);
  expect([marta, office.bruno].map((colleague) => chatOf(colleague).includes('was rude to my mother'))).toEqual([false, false]);
}

/** Praise with a colleague's name: held until a manager says so, then in the channel, and kudos. */
export async function praiseStory(office: Office, address: string): Promise<void> {
  const { manager, dace, shows, album, raw } = office;
  const said = `${dace.name} found my lost ring, and would not take anything for it.`;
  await tell(office, address, { stars: 5, words: said, kind: key('feedback.kind.praise') });
  const proposed = await manager.hears(shows(key('recognition.praise.lead', { people: person(dace.name) })));
  await album.card('praise-proposed', raw(proposed));
  const waits = await manager.hears(shows(key('feedback.waiting.told', { count: 1 })));
  expect(office.everInChannel()).not.toContain('found my lost ring');

  const list = await manager.press(waits, 'feedback.waiting', shows(key('feedback.waiting.lead', { count: 1 })));
  const held = await manager.press(list, 'feedback.waiting_entry', 'found my lost ring');
  await album.card('praise-held', raw(held));
  await manager.press(held, 'feedback.clear', shows(key('feedback.waiting.done.clear')));
  await album.card('praise-channel', raw(await office.post('found my lost ring')));
  const decided = await manager.hears(shows(key('recognition.praise.lead', { people: person(dace.name) })));
  await manager.press(decided, 'recognition.praise_confirm', dace.name);
  const kudos = await office.post(shows(key('recognition.card.title', { people: person(dace.name) })));
  await album.card('kudos', raw(kudos));
  expect(kudos.text()).toContain('found my lost ring');
}
