import { z } from 'zod';
import { BellhopError } from '../../../core/errors.js';
import { oneLine } from '../../../core/inputs.js';
import { ref } from '../../../core/ref.js';
import { formErrors, open, update, whisper, whisperSecret } from '../../../core/reply.js';
import { key, words } from '../../../core/text.js';
import { recordEvent } from '../../../people/audit.js';
import { inTransaction, type Tx } from '../../../people/db.js';
import { action, form, type HandlerContext } from '../../../people/handlers.js';
import { Nothing, Offset } from '../schema.js';
import { keysCard, newKeyCard, systemCard } from './keys-cards.js';
import { KEY_PURPOSE } from './receive.js';
import { newSecret } from './signature.js';
import {
  addIntegration,
  addKey,
  closeIntegration,
  expireKeys,
  findIntegration,
  type Integration,
  listIntegrations,
  lockIntegration,
  revokeKey,
} from './store-keys.js';

/** Every request is tried against every key: few systems, few keys. */
const MOST_SYSTEMS = 20;
const LONGEST_NAME = 60;
/** After a rotation the old key is good for so long: time to put the new one in place. */
const OVERLAP_MS = 24 * 3_600_000;

const SystemRef = z.object({ integrationId: z.uuid() });
const KeyRef = SystemRef.extend({ keyId: z.uuid() });

async function demandSystem(context: HandlerContext, integrationId: string): Promise<Integration> {
  const found = await findIntegration(context.db, context.organisation.id, integrationId);
  if (!found) throw new BellhopError('feedback.system_gone');
  return found;
}

/** Makes a key of a system that the caller has locked. @returns it, to be shown once */
async function makeKey(context: HandlerContext, tx: Tx, integrationId: string, now: Date): Promise<string> {
  const { organisation, vault, person } = context;
  const secret = newSecret();
  const made = { integrationId, sealed: vault.seal(secret, KEY_PURPOSE), hint: secret.slice(-4), createdById: person.id };
  await addKey(tx, organisation.id, made, now);
  return secret;
}

const audited = (context: HandlerContext, verb: string, subjectId: string) => ({
  organisationId: context.organisation.id,
  actorId: context.person.id,
  verb,
  subjectId,
});

const list = action({
  id: 'feedback.keys',
  role: 'manager',
  payload: Offset,
  run: async (context, { offset }) => update(await keysCard(context, offset)),
});

const show = action({
  id: 'feedback.system',
  role: 'manager',
  payload: SystemRef,
  run: async (context, { integrationId }) => update(systemCard(context, await demandSystem(context, integrationId))),
});

const openForm = action({
  id: 'feedback.system_open',
  role: 'manager',
  payload: Nothing,
  run: async () => open(ref('feedback.system_add')),
});

const addForm = form({
  id: 'feedback.system_add',
  role: 'manager',
  payload: Nothing,
  input: z.object({
    name: z.string({ error: 'core.ui.required' }).transform(oneLine).pipe(z.string().min(1, 'core.ui.required')),
  }),
  build: async () => ({
    title: key('feedback.system.form'),
    submit: key('feedback.system.make'),
    fields: [
      { kind: 'text', name: 'name', label: key('feedback.system.name'), hint: key('feedback.system.name_hint'), maxLength: LONGEST_NAME },
    ],
  }),
  submit: async (context, { input: { name } }) => {
    const { db, organisation, clock, person } = context;
    if ([...name].length > LONGEST_NAME) return formErrors({ name: key('feedback.system.name_long', { most: LONGEST_NAME }) });
    const now = clock.now();
    const secret = await inTransaction(db, async (tx) => {
      const systems = await listIntegrations(tx, organisation.id);
      if (systems.length >= MOST_SYSTEMS) throw new BellhopError('feedback.systems_full', { most: MOST_SYSTEMS });
      const id = await addIntegration(tx, organisation.id, name, person.id, now);
      await recordEvent(tx, audited(context, 'feedback.system_added', id), now);
      return await makeKey(context, tx, id, now);
    });
    return whisperSecret(newKeyCard(name, secret, context.publicUrl));
  },
});

const rotate = action({
  id: 'feedback.key_rotate',
  role: 'manager',
  payload: SystemRef,
  run: async (context, { integrationId }) => {
    const { db, organisation, clock } = context;
    const now = clock.now();
    const { name } = await demandSystem(context, integrationId);
    const secret = await inTransaction(db, async (tx) => {
      if (!(await lockIntegration(tx, organisation.id, integrationId))) throw new BellhopError('feedback.system_gone');
      await expireKeys(tx, organisation.id, integrationId, new Date(now.getTime() + OVERLAP_MS));
      await recordEvent(tx, audited(context, 'feedback.key_rotated', integrationId), now);
      return await makeKey(context, tx, integrationId, now);
    });
    return whisperSecret(newKeyCard(name, secret, context.publicUrl));
  },
});

const revoke = action({
  id: 'feedback.key_revoke',
  role: 'manager',
  payload: KeyRef,
  run: async (context, { integrationId, keyId }) => {
    const { db, organisation, clock } = context;
    const now = clock.now();
    const revoked = await inTransaction(db, async (tx) => {
      const done = await revokeKey(tx, organisation.id, keyId, now);
      if (done) await recordEvent(tx, audited(context, 'feedback.key_revoked', keyId), now);
      return done;
    });
    const lead = key(revoked ? 'feedback.key.revoked_now' : 'feedback.key.revoked_before');
    return update(systemCard(context, await demandSystem(context, integrationId), lead));
  },
});

const close = action({
  id: 'feedback.system_close',
  role: 'manager',
  payload: SystemRef,
  run: async (context, { integrationId }) => {
    const { db, organisation, clock } = context;
    const now = clock.now();
    const found = await findIntegration(db, organisation.id, integrationId);
    if (!found) return update(await keysCard(context));
    await inTransaction(db, async (tx) => {
      await closeIntegration(tx, organisation.id, integrationId, now);
      await recordEvent(tx, audited(context, 'feedback.system_closed', integrationId), now);
    });
    return update(await keysCard(context, 0, key('feedback.system.closed', { name: words(found.name) })));
  },
});

export const keysVerb = {
  name: 'keys',
  role: 'manager',
  describe: key('feedback.verb.keys'),
  run: async (context: HandlerContext) => whisper(await keysCard(context)),
} as const;

export const keysActions = [list, show, openForm, rotate, revoke, close];
export const keysForms = [addForm];
