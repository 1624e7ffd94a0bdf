import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { openContact } from '../../src/features/feedback/contact.js';
import { testVault } from '../support/builders.js';
import { type CustomerCompany, contextOf, customerCompany } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { type FeatureDoor, openFeatureDoor } from '../support/feature-door.js';
import { openPage, sendPage } from '../support/visitor.js';

// The public survey page, through the real web door.

const database = useDatabase();
let company: CustomerCompany;
let door: FeatureDoor;
let slug: string;

beforeEach(async () => {
  await door?.close(100);
  await database.reset();
  company = await customerCompany(database);
  door = await openFeatureDoor(company.bot);
  slug = 'old-town';
  const asked = await database.db.feedbackQuestion.findMany({ where: { key: { in: ['courtesy', 'waiting', 'overall', 'do_better'] } } });
  await changePage({ slug, name: 'Old Town', locationId: company.location.id, questionIds: asked.map(({ id }) => id) });
});
afterAll(async () => await door?.close(100));

const changePage = async (data: object) =>
  await database.db.feedbackPage.updateMany({ where: { organisationId: company.bot.organisation.id }, data });
const entries = async () => await database.db.feedback.findMany({ include: { ratings: true }, orderBy: { receivedAt: 'asc' } });
/** A page as it is sent after somebody read it. */
const opened = async (path = `/f/${slug}`, language = 'en') => {
  const page = await openPage(door, path, language);
  company.bot.clock.forward({ seconds: 20 });
  return page;
};

describe('The survey page', () => {
  it('asks what it is set up to ask, and takes it without JavaScript', async () => {
    await changePage({ asksServedBy: true });
    const page = await opened(`/f/${slug}?via=card&lang=lv`);
    expect(page.status).toBe(200);
    expect(page.names.filter((name) => name !== 'website')).toEqual([
      ...['q-courtesy', 'q-waiting', 'q-overall', 'q-do_better', 'kind', 'served-by'],
      ...['contact-name', 'contact-email', 'contact-phone', 'consent'],
    ]);
    expect(page.html).toContain('<html lang="lv"');
    const sent = await sendPage(door, page, {
      'q-overall': '2',
      'q-waiting': '1',
      'q-do_better': 'Rinda bija gara.',
      kind: 'complaint',
      'served-by': 'Anna',
      'contact-email': 'ieva@example.com',
      consent: 'yes',
    });
    expect(sent.status).toBe(303);
    expect(sent.location).toMatch(/^\/f\/old-town\/thanks\/[0-9A-Z]{8}\.a\.[0-9a-f]{20}\?lang=lv&via=card$/);
    const [entry, ...others] = await entries();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      ...{ source: 'card', kind: 'complaint', stars: 2, language: 'lv', servedBy: 'Anna', doubts: [], consentLocale: 'lv' },
      locationId: company.location.id,
      consentId: (await database.db.feedbackConsent.findFirstOrThrow()).id,
    });
    expect(entry?.ratings.map(({ value }) => value).sort()).toEqual([1, 2]);
    expect(openContact(testVault, entry?.contactSealed ?? '')).toEqual({ email: 'ieva@example.com' });
    const shown = `${entry?.reference.slice(0, 4)}-${entry?.reference.slice(4)}`;
    expect(sent.html).toContain(shown);
    // Thanks can be read again, and send nothing.
    const again = await openPage(door, sent.location ?? '');
    expect(again.status).toBe(200);
    expect(again.html).toContain(shown);
    expect(await entries()).toHaveLength(1);
  });

  it('can be answered though all of its questions were retired', async () => {
    await database.db.feedbackQuestion.updateMany({ data: { retiredAt: company.bot.clock.now() } });
    const page = await opened();
    expect(page.names).toContain('words');
    await sendPage(door, page, { words: 'Nobody asked me anything.' });
    expect((await entries())[0]?.words).toEqual([{ questionId: null, words: 'Nobody asked me anything.' }]);
  });

  it('reaches the channel', async () => {
    await sendPage(door, await opened(), { 'q-overall': '1', 'q-do_better': 'I waited for an hour.' });
    await company.bot.runDue();
    expect(JSON.stringify(company.bot.messagesIn(company.channel))).toContain('I waited for an hour.');
  });

  it('keeps what was typed when something has to be mended', async () => {
    const page = await opened();
    const typed = { 'q-courtesy': '4', 'q-do_better': '<b>"Quiet"\nplease</b> 🥶', 'contact-email': 'nobody', kind: 'suggestion' };
    const wrong = await sendPage(door, page, typed);
    expect(wrong.status).toBe(422);
    expect(wrong.html).toContain('This doesn’t look like an e-mail address.');
    expect(wrong.html).toContain('Tick this if we may use your contact');
    expect(wrong.html).toContain('&lt;b>&quot;Quiet&quot;\nplease&lt;/b> 🥶');
    expect(wrong.html).toMatch(/name="q-courtesy" value="4" checked/);
    expect(wrong.html).toMatch(/name="kind" value="suggestion" checked/);
    expect(wrong.html).toContain('value="nobody"');
    expect(await entries()).toEqual([]);
    // The same ticket, so that it stays one sending.
    expect(wrong.hidden['form-ticket']).toBe(page.hidden['form-ticket']);
    expect(await sendPage(door, wrong, { ...typed, 'contact-email': '' })).toMatchObject({ status: 303 });
    expect(await entries()).toHaveLength(1);
  });

  it('takes a form once, however often it is sent', async () => {
    const page = await opened();
    const values = { 'q-overall': '5', 'q-do_better': 'Nothing.' };
    const [first, second] = await Promise.all([sendPage(door, page, values), sendPage(door, page, values)]);
    expect(second.location).toBe(first.location);
    expect((await sendPage(door, page, values)).location).toBe(first.location);
    expect(await entries()).toHaveLength(1);
    // Somebody went back and changed it.
    const changed = await sendPage(door, page, { ...values, 'q-overall': '1' });
    expect(changed.status).toBe(409);
    const [entry] = await entries();
    expect(changed.html).toContain(`${entry?.reference.slice(0, 4)}-${entry?.reference.slice(4)}`);
    expect(entry?.stars).toBe(5);
    // Another visit is another sending.
    await sendPage(door, await opened(), values);
    expect(await entries()).toHaveLength(2);
  });

  it('lets doubtful ones wait for a manager, with the same thanks', async () => {
    const values = { 'q-overall': '1', 'q-do_better': 'Buy at https://spam.example now' };
    const quick = await openPage(door, `/f/${slug}`);
    const sendings = [
      await sendPage(door, quick, { ...values, website: 'https://spam.example' }),
      await sendPage(door, await opened(), { ...values, 'form-proof': '{"made":"up"}' }),
      await sendPage(door, { ...(await opened()), hidden: {} }, values),
    ];
    expect(sendings.map(({ status }) => status)).toEqual([303, 303, 303]);
    expect((await entries()).map(({ doubts }) => doubts)).toEqual([
      ['hidden_field', 'unproven_links'],
      ['wrong_proof'],
      ['wrong_proof', 'unproven_links'],
    ]);
    // Without a ticket a repeat is known by its words.
    await sendPage(door, { ...quick, hidden: {} }, values);
    expect(await entries()).toHaveLength(3);
    await company.bot.runDue();
    expect(company.bot.messagesIn(company.channel)).toEqual([]);
  });

  it('asks for the tick again when the words of the consent have changed', async () => {
    const page = await opened();
    const { bot } = company;
    const context = await contextOf(bot);
    await database.db.feedbackConsent.create({
      data: {
        organisationId: bot.organisation.id,
        id: crypto.randomUUID(),
        version: 2,
        texts: { en: 'All new.' },
        createdAt: context.clock.now(),
      },
    });
    const sent = await sendPage(door, page, { 'q-overall': '3', 'contact-phone': '+371 2000 0000', consent: 'yes' });
    expect(sent.status).toBe(422);
    expect(sent.html).toContain('All new.');
    expect(sent.html).not.toMatch(/name="consent"[^>]* checked/);
    expect((await sendPage(door, sent, { 'q-overall': '3', 'contact-phone': '+371 2000 0000', consent: 'yes' })).status).toBe(303);
    expect((await entries())[0]?.consentId).toBe(sent.hidden['consent-id']);
  });
});

describe('What isn’t there', () => {
  it('is told alike for all, and a closed page as what it is', async () => {
    const page = await opened();
    const bodies = new Set<string>();
    for (const path of [
      'nobody',
      '%00',
      '..%2f..',
      'old town',
      '<script>',
      'ā',
      'x'.repeat(500),
      "' OR 1=1",
      `${slug}/thanks/7K3MQ2XA.a.0`,
      `${slug}/logo/x`,
    ]) {
      const response = await door.fetch(`/f/${encodeURI(path)}`);
      expect(response.status, path).toBe(404);
      bodies.add(await response.text());
    }
    expect(bodies.size).toBe(1);
    expect((await door.fetch('/f/%E0%A4%A')).status).toBe(404);
    expect((await door.fetch(`/f/OLD-town`)).status).toBe(200);
    expect(await door.fetch(`/f/${slug}`, { method: 'HEAD' })).toMatchObject({ status: 200 });

    await changePage({ closedAt: company.bot.clock.now() });
    const closed = await openPage(door, `/f/${slug}`);
    expect(closed.status).toBe(410);
    expect(closed.html).toContain('This page is closed');
    expect(closed.html).toContain('Old Town');
    // Whoever was writing when it was closed is heard; whoever comes later isn't.
    expect((await sendPage(door, page, { 'q-overall': '1' })).status).toBe(303);
    const { status } = await sendPage(door, { ...page, hidden: {} }, { 'q-overall': '2' });
    expect(status).toBe(410);
    expect(await entries()).toHaveLength(1);
  });

  it('of another organisation is not here', async () => {
    const other = '01900000-0000-7000-8000-000000000000';
    const { createdAt, ...row } = await database.db.organisation.findFirstOrThrow();
    await database.db.organisation.create({ data: { ...row, id: other, createdAt } });
    await database.db.feedbackPage.create({ data: { organisationId: other, id: other, slug: 'theirs', name: 'Theirs', createdAt } });
    expect((await door.fetch('/f/theirs')).status).toBe(404);
  });
});

describe('Whatever is sent', () => {
  it('is answered, and never with an error of ours', async () => {
    const page = await opened();
    const name = fc.constantFrom(...page.names, ...Object.keys(page.hidden), 'consent-id', '__proto__', 'constructor');
    const value = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom('1', '5', 'yes', 'ieva@example.com', 'x'.repeat(5_000)),
    );
    const ticket = page.hidden['form-ticket'] ?? '';
    const statuses = new Map<number, number>();
    let client = 0;
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, value), fc.boolean(), async (values, withTicket) => {
        const body = new URLSearchParams({ ...values, ...(withTicket && { 'form-ticket': ticket }) });
        client += 1;
        const response = await door.fetch(`/f/${slug}`, {
          method: 'POST',
          body,
          headers: { 'Accept-Language': Object.keys(values)[0]?.replace(/[^\w]/g, '') ?? '' },
        });
        statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
        expect([303, 400, 409, 422], `${body}`).toContain(response.status);
      }),
      { numRuns: 29 },
    );
    expect(client).toBe(29);
    for (const [body, type, expected] of [
      ['x'.repeat(10_000_000), 'application/x-www-form-urlencoded', [413]],
      ['{}', 'application/json', [415]],
    ] as const) {
      const response = await door.fetch(`/f/${slug}`, { method: 'POST', body, headers: { 'Content-Type': type } });
      expect(expected).toContain(response.status);
    }
    expect(door.lines.filter((line) => line.includes('"level":50'))).toEqual([]);
  });

  it('too often from one network has to wait, and says how long', async () => {
    const page = await opened();
    const statuses = [];
    for (let time = 0; time < 61; time++) statuses.push((await sendPage(door, page, { 'q-overall': '4' })).status);
    expect(statuses.filter((status) => status === 429)).toHaveLength(1);
    const refused = await door.fetch(`/f/${slug}`, { method: 'POST', body: new URLSearchParams({ 'q-overall': '4' }) });
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect((await openPage(door, `/f/${slug}`)).status).toBe(200);
    expect(await entries()).toHaveLength(1);
  });
});
