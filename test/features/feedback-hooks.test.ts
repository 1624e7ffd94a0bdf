import { Validator } from '@seriousme/openapi-schema-validator';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HookAccepted, HookProblem } from '../../src/features/feedback/hooks/body.js';
import { describeApi } from '../../src/features/feedback/hooks/open-api.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import { type CustomerCompany, customerCompany } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { type FeatureDoor, openFeatureDoor, PUBLIC_URL } from '../support/feature-door.js';
import { hostile } from '../support/hostile.js';
import { HOOK_PATH, signedHook } from '../support/signed-hook.js';
import { cardsOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();

let company: CustomerCompany;
let door: FeatureDoor;
let secret: string;
beforeEach(async () => {
  await database.reset();
  company = await customerCompany(database, undefined, { setup: { publicUrl: PUBLIC_URL, localise: createLocaliser() } });
  door = await openFeatureDoor(company.bot);
  secret = await makeKey();
});
afterEach(async () => await door.close(100));

/** The key that a card shows once. */
function keyIn(shown: Parameters<typeof cardsOf>[0]): string {
  const found = /whsec_[A-Za-z0-9+/=]+/.exec(JSON.stringify(cardsOf(shown)));
  if (!found) throw new Error(`No key: ${JSON.stringify(shown)}`);
  return found[0];
}

async function makeKey(name = 'Web shop'): Promise<string> {
  const { bot, boss } = company;
  const list = await bot.as(boss).command('customer keys');
  return keyIn(await bot.as(boss).submit(await bot.as(boss).click('feedback.system_open', list), { name }));
}

const systemId = async () => (await database.db.feedbackIntegration.findFirstOrThrow({ where: { closedAt: null } })).id;
const stored = async () => await database.db.feedback.findMany({ include: { ratings: true } });

interface Sent {
  readonly id?: string;
  readonly at?: Date;
  readonly key?: string;
  readonly headers?: Record<string, string>;
}

/** Sends a body as another system does, signed by the reference library. */
async function send(body: unknown, { id = 'msg_1', at = company.bot.clock.now(), key = secret, headers = {} }: Sent = {}) {
  const response = await door.fetch(HOOK_PATH, signedHook(body, { secret: key, id, at, headers }));
  const answered: unknown = await response.json();
  return { status: response.status, answered, problem: HookProblem.safeParse(answered).data?.error };
}

const WHOLE = {
  words: 'The queue was long.',
  answers: { do_better: 'Open a second till.' },
  ratings: { overall: 2, waiting: 1, recommend: 0 },
  source: 'phone',
  language: 'en-GB',
  location: 'old town',
  served_by: 'the tall lady',
  contact: { name: 'Zane', email: 'zane@example.org', phone: '+371 20000000', consent: true },
  happened_at: '2027-02-27T18:30:00+02:00',
  external_reference: 'CRM-77',
};

describe('Feedback from another system', () => {
  it('is taken with all that it says', async () => {
    const { status, answered } = await send(WHOLE);
    expect(status).toBe(201);
    const { id, repeated } = HookAccepted.parse(answered);
    expect(repeated).toBe(false);
    const [row] = await stored();
    expect(row).toMatchObject({
      id,
      source: 'phone',
      kind: 'complaint',
      stars: 2,
      language: 'en-GB',
      locationId: company.location.id,
      servedBy: 'the tall lady',
      externalRef: 'CRM-77',
      happenedAt: new Date('2027-02-27T16:30:00Z'),
    });
    expect(row?.ratings).toHaveLength(3);
    expect(row?.consentId).not.toBeNull();
    expect(JSON.stringify(row)).not.toMatch(/zane@example|Zane|20000000/);
    expect(row?.contactHash).not.toBeNull();
  });

  it('is posted once, however often and in whatever order it is sent', async () => {
    const order = [3, 1, 2, 1, 3, 2, 2, 1, 3, 1, 1];
    const statuses: number[] = [];
    for (const number of order) statuses.push((await send({ words: `Number ${number}.` }, { id: `msg_${number}` })).status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(3);
    expect(statuses.filter((status) => status === 200)).toHaveLength(8);
    await company.bot.runDue();
    expect(await stored()).toHaveLength(3);
    const posted = JSON.stringify(company.bot.messagesIn(company.channel).map(({ card }) => card));
    for (const number of [1, 2, 3]) expect(posted.split(`Number ${number}.`).length - 1, `${number}`).toBeLessThanOrEqual(2);
    expect(company.bot.messagesIn(company.channel)).toHaveLength(3);
  });

  it('gets the first answer again for a repeat, and 409 for another body under the same id', async () => {
    const first = HookAccepted.parse((await send(WHOLE)).answered);
    const again = await send(WHOLE);
    expect(again.status).toBe(200);
    expect(HookAccepted.parse(again.answered)).toEqual({ ...first, repeated: true });
    const other = await send({ ...WHOLE, words: 'Something else.' });
    expect([other.status, other.problem?.code]).toEqual([409, 'id_used']);
    expect(await stored()).toHaveLength(1);
  });

  it('is taken once when it comes eleven times at once', async () => {
    const statuses = (await Promise.all(Array.from({ length: 11 }, async () => await send(WHOLE)))).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([...Array.from({ length: 10 }, () => 200), 201]);
    expect(await stored()).toHaveLength(1);
  });
});

describe('What isn’t signed rightly', () => {
  it('is refused, and nothing of it is read', async () => {
    const now = company.bot.clock.now();
    const off = (seconds: number) => new Date(now.getTime() + seconds * 1000);
    const refused = async (sent: Sent) => {
      const { status, problem } = await send('{not even json', sent);
      return [status, problem?.code];
    };
    expect(await refused({ headers: { 'webhook-signature': 'v1,AAAA' } })).toEqual([401, 'signature_wrong']);
    expect(await refused({ headers: { 'webhook-id': '' } })).toEqual([401, 'headers_missing']);
    expect(await refused({ key: `whsec_${Buffer.alloc(32).toString('base64')}` })).toEqual([401, 'signature_wrong']);
    expect(await refused({ at: off(-301) })).toEqual([401, 'too_old']);
    expect(await refused({ at: off(301) })).toEqual([401, 'too_new']);
    expect(await refused({})).toEqual([400, 'not_json']);
    expect(await stored()).toEqual([]);
  });

  it('is told in the language that the request asks for', async () => {
    const { problem } = await send('x', { headers: { 'webhook-signature': 'v1,AAAA', 'accept-language': 'lv' } });
    expect(problem?.message).toMatch(/Paraksts ir nepareizs/);
  });

  it('is refused from the moment on at which its key is revoked', async () => {
    const { bot, boss } = company;
    expect((await send(WHOLE, { id: 'before' })).status).toBe(201);
    const { id: keyId } = await database.db.feedbackKey.findFirstOrThrow();
    await bot.as(boss).press({ id: 'feedback.key_revoke', payload: { integrationId: await systemId(), keyId } });
    expect((await send(WHOLE, { id: 'after' })).status).toBe(401);
    expect((await send(WHOLE, { id: 'before' })).status).toBe(401);
    expect(await stored()).toHaveLength(1);
  });

  it('may be signed by the old key for a day after a new one was made; a repeat is known under either', async () => {
    const { bot, boss } = company;
    await send(WHOLE);
    const fresh = keyIn(await bot.as(boss).press({ id: 'feedback.key_rotate', payload: { integrationId: await systemId() } }));
    expect((await send(WHOLE, { key: fresh })).status).toBe(200);
    expect((await send(WHOLE, { id: 'msg_2' })).status).toBe(201);
    bot.clock.forward({ hours: 25 });
    expect((await send(WHOLE, { id: 'msg_3' })).status).toBe(401);
    expect((await send(WHOLE, { id: 'msg_3', key: fresh })).status).toBe(201);
  });

  it('is not another system’s: the same id is two from two of them', async () => {
    const other = await makeKey('Call centre');
    expect((await send(WHOLE)).status).toBe(201);
    expect((await send(WHOLE, { key: other })).status).toBe(201);
    await company.bot.as(company.boss).press({ id: 'feedback.system_close', payload: { integrationId: await systemId() } });
    expect(await stored()).toHaveLength(2);
  });
});

describe('A body that can’t be taken', () => {
  it.each([
    [{}, '', 'nothing_said'],
    [{ words: ' \u0000\n ' }, '', 'nothing_said'],
    // Nobody sees any of it.
    [{ words: '\u200b \u2060\u3164' }, '', 'nothing_said'],
    [[], '', 'type'],
    [null, '', 'type'],
    ['"words"', '', 'type'],
    [{ words: 5 }, 'words', 'type'],
    [{ words: 'x'.repeat(4_001) }, 'words', 'too_long'],
    [{ ratings: { overall: 6 } }, 'ratings.overall', 'out_of_range'],
    [{ ratings: { overall: 0 } }, 'ratings.overall', 'out_of_range'],
    [{ ratings: { overall: 2.5 } }, 'ratings.overall', 'type'],
    [{ ratings: { overall: '5' } }, 'ratings.overall', 'type'],
    [{ ratings: { speed: 5 } }, 'ratings.speed', 'unknown_question'],
    [{ ratings: { do_better: 5 } }, 'ratings.do_better', 'not_a_scale'],
    [{ answers: { overall: 'good' } }, 'answers.overall', 'not_open'],
    [{ words: 'x', loction: 'Riga' }, 'loction', 'unknown_field'],
    ['{"words":"x","ratings":{"__proto__":3}}', '__proto__', 'unknown_field'],
    [{ words: 'x', location: 'Atlantis' }, 'location', 'unknown_location'],
    [{ words: 'x', page: 'none' }, 'page', 'unknown_page'],
    [{ words: 'x', language: 'no language' }, 'language', 'format'],
    [{ words: 'x', kind: 'rant' }, 'kind', 'format'],
    [{ words: 'x', happened_at: 'yesterday' }, 'happened_at', 'format'],
    [{ words: 'x', contact: { email: 'a@b.example' } }, 'contact.consent', 'consent_needed'],
    [{ words: 'x', contact: { email: 'no address', consent: true } }, 'contact.email', 'format'],
  ])('%j: says where and what', async (body, path, code) => {
    const { status, problem } = await send(body);
    expect(status).toBe(422);
    expect(problem?.details).toContainEqual(expect.objectContaining({ path, code }));
    expect(await stored()).toEqual([]);
  });

  it('is no JSON, no UTF-8, or too large', async () => {
    expect((await send('{"words":')).status).toBe(400);
    const large = await door.fetch('/api/v1/feedback', { method: 'POST', body: 'x'.repeat(10_000_000) }).catch(() => undefined);
    expect(large === undefined || large.status === 413).toBe(true);
    expect(await stored()).toEqual([]);
  });

  it('never makes the door stumble, whatever comes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.json(),
          fc.string({ unit: 'binary' }),
          fc.dictionary(fc.string(), fc.anything()).map((made) => JSON.stringify(made) ?? ''),
        ),
        async (body) => {
          expect((await send(body)).status).toBeLessThan(500);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('is kept as it was said, of whatever characters', async () => {
    const words = hostile(3_000);
    expect((await send({ words, served_by: hostile(100), external_reference: hostile(100) })).status).toBe(201);
    await company.bot.runDue();
    expect(await stored()).toHaveLength(1);
  });
});

describe('The description of the door', () => {
  it('is a valid OpenAPI 3.1 document that tells nothing of the organisation', async () => {
    const response = await door.fetch('/api/v1/openapi.json');
    expect(response.status).toBe(200);
    const document = (await response.json()) as Record<string, unknown>;
    expect(document).toEqual(JSON.parse(JSON.stringify(describeApi(PUBLIC_URL))));
    const checked = await new Validator().validate(structuredClone(document));
    expect(checked.errors ?? []).toEqual([]);
    expect(checked.valid).toBe(true);
    expect(JSON.stringify(document)).not.toMatch(/Old Town|whsec_/);
  });
});

describe('Keys', () => {
  it('are for managers, shown once, and never in the log', async () => {
    const { bot, ana, boss } = company;
    expect(keysIn(await bot.as(ana).command('customer keys'))).toContain('core.errors.role_needed');
    expect(JSON.stringify(await bot.as(boss).command('customer keys'))).not.toContain('whsec_');
    await send(WHOLE);
    expect(door.lines.join('\n')).not.toContain(secret);
    expect(door.lines.join('\n')).not.toMatch(/queue was long|zane@example/);
    const [row] = await database.db.feedbackKey.findMany();
    expect(row?.sealed).not.toContain(secret.slice(6));
    expect(row?.lastUsedAt).not.toBeNull();
  });
});
