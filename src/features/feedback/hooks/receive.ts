import { words } from '../../../core/text.js';
import type { WebRoute } from '../../../core/web.js';
import type { WorkContext } from '../../../people/handlers.js';
import { cleanLocale } from '../../../people/names.js';
import { acceptAlone } from '../intake/accept.js';
import type { Incoming } from '../intake/incoming.js';
import { showReference } from '../intake/reference.js';
import { EARLIEST, type Rating, type SaidWords, SCALE } from '../model.js';
import { HookAccepted, HookBody } from './body.js';
import { type Detail, detailsOf, problem } from './problems.js';
import { checkHeaders, isSignedBy } from './signature.js';
import { noteUse } from './store-keys.js';
import { type DoorBasis, loadDoor, lookUp, type Named } from './store-look-up.js';

/** What a key is sealed for. */
export const KEY_PURPOSE = 'feedback.key';

/** One customer's words, ratings and contact; whoever has more sends more requests. */
const MAX_BYTES = 65_536;
/** No object has a field of its own of this name when it is read: what it held would be gone. */
const UNKEPT = '__proto__';
/** Clocks that run ahead, and systems that know days alone. */
const LEEWAY_MS = 86_400_000;

/**
 * `POST /api/v1/feedback`: one customer's feedback from another system, signed in the Standard Webhooks way and taken once for
 * its `webhook-id`: a repeat gets the first answer. Nothing is read of a body before its signature was found right.
 */
export const receive: WebRoute<WorkContext> = {
  method: 'POST',
  path: '/api/v1/feedback',
  takes: 'raw',
  maxBytes: MAX_BYTES,
  // Well above what a till or a call centre sends, and a bound to what one client can cost.
  limit: { perMinute: 30_000 },
  run: async (context, request) => {
    const { db, organisation, vault, clock } = context;
    const now = clock.now();
    const { headers, body = new Uint8Array() } = request;
    const checked = checkHeaders(
      { id: headers['webhook-id'], timestamp: headers['webhook-timestamp'], signature: headers['webhook-signature'], body },
      now,
    );
    if ('problem' in checked) return problem(context, request, 401, checked.problem);
    const basis = await loadDoor(db, organisation.id, now);
    // The one that was used last comes first: most often no other is opened.
    const key = basis.keys.find(({ sealed }) => isSignedBy(checked, vault.open(sealed, KEY_PURPOSE)));
    if (!key) return problem(context, request, 401, 'signature_wrong');
    const text = readText(body);
    const json = text === undefined ? undefined : readJson(text);
    if (text === undefined || json === undefined) return problem(context, request, 400, 'not_json');
    if (json.unkept) return problem(context, request, 422, 'invalid', [{ path: UNKEPT, code: 'unknown_field' }]);
    const parsed = HookBody.safeParse(json.value);
    if (!parsed.success) return problem(context, request, 422, 'invalid', detailsOf(parsed.error));
    const { page, location } = parsed.data;
    const read = readBody(parsed.data, basis, await lookUp(db, organisation.id, { page, location }), now);
    if ('problems' in read) return problem(context, request, 422, 'invalid', read.problems);
    const incoming: Incoming = {
      ...read.incoming,
      onceKey: `api:${key.integrationId}:${checked.id}`,
      body: text,
      integrationId: key.integrationId,
    };
    await noteUse(db, organisation.id, key, now);
    const { id, reference, isNew, same } = await acceptAlone(context, incoming, basis, now);
    if (!isNew && !same) return problem(context, request, 409, 'id_used');
    const answer = HookAccepted.parse({ id, reference: showReference(reference), repeated: !isNew });
    return { status: isNew ? 201 : 200, json: answer };
  },
};

/** The body as text; undefined when it is not UTF-8. */
function readText(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}

/** @returns undefined for what is no JSON; `unkept` when a field is called so that no object keeps it: it would be lost without a word */
function readJson(text: string): { readonly value: unknown; readonly unkept: boolean } | undefined {
  let unkept = false;
  try {
    const value: unknown = JSON.parse(text, (name, inside: unknown) => {
      unkept ||= name === UNKEPT;
      return inside;
    });
    return { value, unkept };
  } catch {
    return undefined;
  }
}

/** What a body says, with the names in it looked up. */
function readBody(
  body: HookBody,
  { questions, consentId }: DoorBasis,
  found: Named,
  now: Date,
): { readonly incoming: Omit<Incoming, 'onceKey' | 'body' | 'integrationId'> } | { readonly problems: readonly Detail[] } {
  const problems: Detail[] = [];
  const asking = new Map(questions.filter(({ retired }) => !retired).map((question) => [question.key, question]));
  const asked = words([...asking.keys()].join(', '));
  const ratings = Object.entries(body.ratings ?? {}).flatMap(([key, value]): Rating[] => {
    const question = asking.get(key);
    const path = `ratings.${key}`;
    if (!question) problems.push({ path, code: 'unknown_question', params: { asked } });
    else if (question.kind === 'open') problems.push({ path, code: 'not_a_scale' });
    else if (value < SCALE[question.kind].from || value > SCALE[question.kind].to) problems.push({ path, code: 'out_of_range' });
    else return [{ questionId: question.id, value }];
    return [];
  });
  const answers = Object.entries(body.answers ?? {}).flatMap(([key, said]): SaidWords[] => {
    const question = asking.get(key);
    const path = `answers.${key}`;
    if (!question) problems.push({ path, code: 'unknown_question', params: { asked } });
    else if (question.kind !== 'open') problems.push({ path, code: 'not_open' });
    else return [{ questionId: question.id, words: said }];
    return [];
  });
  if (body.location !== undefined && !found.location) problems.push({ path: 'location', code: 'unknown_location' });
  if (body.page !== undefined && !found.page) problems.push({ path: 'page', code: 'unknown_page' });
  const language = body.language === undefined ? undefined : cleanLocale(body.language);
  if (body.language !== undefined && language === undefined) problems.push({ path: 'language', code: 'format' });
  const happenedAt = body.happened_at === undefined ? undefined : new Date(body.happened_at);
  const isHere = happenedAt === undefined || (happenedAt >= EARLIEST && happenedAt.getTime() <= now.getTime() + LEEWAY_MS);
  if (!isHere) problems.push({ path: 'happened_at', code: 'date_range' });
  if (problems.length > 0) return { problems };
  const { consent: _, ...contact } = body.contact ?? { consent: true };
  const locationId = found.location?.id ?? found.page?.locationId ?? undefined;
  return {
    incoming: {
      source: body.source,
      ratings,
      words: [...(body.words === undefined ? [] : [{ questionId: null, words: body.words }]), ...answers],
      ...(body.kind !== undefined && { kind: body.kind }),
      ...(found.page && { pageId: found.page.id }),
      ...(locationId !== undefined && { locationId }),
      ...(language !== undefined && { language }),
      ...(body.served_by !== undefined && { servedBy: body.served_by }),
      ...(body.contact && { contact: dropUndefined(contact) }),
      ...(body.contact && consentId !== null && { consent: { id: consentId, locale: language ?? 'und' } }),
      ...(body.external_reference !== undefined && { externalRef: body.external_reference }),
      ...(happenedAt && { happenedAt }),
    },
  };
}

function dropUndefined<T extends object>(given: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
