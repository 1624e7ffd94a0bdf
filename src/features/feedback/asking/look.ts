import { z } from 'zod';
import { button, type Card } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import type { Verb } from '../../../core/feature.js';
import type { FileHandle } from '../../../core/form.js';
import { lineInput } from '../../../core/inputs.js';
import { formErrors, open, say, update } from '../../../core/reply.js';
import { key, type Text, words } from '../../../core/text.js';
import { keepPicture, removePicture } from '../../../delivery/pictures.js';
import { recordEvent } from '../../../people/audit.js';
import { inTransaction, type Tx } from '../../../people/db.js';
import { action, form, type HandlerContext } from '../../../people/handlers.js';
import { to } from '../refs.js';
import { Nothing } from '../schema.js';
import { loadSettings } from '../store-settings.js';
import { addressOf } from './pages-cards.js';
import { askTo, LookForm } from './refs.js';
import { seenOf } from './seen.js';
import { lockLogo, setColour, setLogo } from './store-look.js';
import { findOpenSlug } from './store-pages.js';

/** The largest upload, in bytes; what is kept of it is small (Papers.logo). */
const MAX_UPLOAD = 2_000_000;

/** How the pages, the private pages and the printed cards look. @param lead what has just happened */
async function lookCard(context: HandlerContext, lead?: Text): Promise<Card> {
  const { db, organisation, publicUrl } = context;
  const [{ colour, logoPictureId }, slug] = await Promise.all([loadSettings(db, organisation), findOpenSlug(db, organisation.id)]);
  const told = lead ?? key('feedback.look.lead');
  const confirm = {
    title: key('feedback.look.remove_title'),
    text: key('feedback.look.remove_text'),
    yes: key('feedback.look.remove'),
    no: key('core.ui.cancel'),
  };
  return {
    summary: told,
    title: key('feedback.look.title'),
    lead: told,
    facts: [
      { label: key('feedback.look.colour'), value: colour === null ? key('feedback.look.standard') : words(colour) },
      ...(logoPictureId === null ? [{ label: key('feedback.look.logo'), value: key('feedback.look.no_logo') }] : []),
    ],
    ...(logoPictureId !== null && {
      body: [{ kind: 'picture', id: logoPictureId, alt: key('feedback.look.logo_alt', { organisation: words(organisation.name) }) }],
    }),
    actions: [
      button(key('feedback.look.change'), askTo.changeLook(), { style: 'primary' }),
      ...(publicUrl !== undefined && slug !== undefined
        ? [{ kind: 'link', label: key('feedback.pages.look_at'), url: addressOf(publicUrl, slug) } as const]
        : []),
      ...(logoPictureId === null ? [] : [button(key('feedback.look.remove'), askTo.removeLogo(), { style: 'danger', confirm })]),
      button(key('feedback.pages.back'), to.pages()),
    ],
    footer: key('feedback.look.footer'),
  };
}

/** A logo made of what was uploaded, or why there can be none. */
async function readLogo({ papers }: HandlerContext, file: FileHandle): Promise<{ readonly png: Uint8Array } | { readonly error: Text }> {
  try {
    const made = await papers.logo(await file.read(MAX_UPLOAD));
    return made ? { png: made.png } : { error: key('feedback.errors.logo_unreadable') };
  } catch (error) {
    if (error instanceof BellhopError) return { error: key(error.key, error.params) };
    throw error;
  }
}

/** @param png null: none */
async function replaceLogo(context: HandlerContext, tx: Tx, png: Uint8Array | null): Promise<void> {
  const { organisation, person, clock } = context;
  const now = clock.now();
  const before = await lockLogo(tx, organisation.id);
  if (png === null && before === null) return;
  const kept = png && (await keepPicture(tx, { organisationId: organisation.id, mime: 'image/png', content: png }, now));
  await setLogo(tx, organisation.id, kept);
  if (before) await removePicture(tx, organisation.id, before);
  const verb = png ? 'feedback.logo_set' : 'feedback.logo_removed';
  await recordEvent(tx, { organisationId: organisation.id, actorId: person.id, verb, subjectId: kept ?? before }, now);
}

const show = action({
  id: 'feedback.look',
  role: 'manager',
  payload: Nothing,
  run: async (context) => update(await lookCard(context)),
});

const openForm = action({
  id: 'feedback.look_open',
  role: 'manager',
  payload: Nothing,
  run: async ({ db, organisation }) => {
    const { colour } = await loadSettings(db, organisation);
    return open(askTo.lookForm(seenOf({ colour })));
  },
});

/** `#1f4b99` of what was typed, three digits and a missing # too; null for nothing; undefined for no colour. */
export function readColour(typed: string): string | null | undefined {
  if (typed === '') return null;
  const digits = typed.replace(/^#/, '').toLowerCase();
  if (/^[0-9a-f]{6}$/.test(digits)) return `#${digits}`;
  return /^[0-9a-f]{3}$/.test(digits) ? `#${[...digits].map((digit) => digit + digit).join('')}` : undefined;
}

const lookForm = form({
  id: 'feedback.look_edit',
  role: 'manager',
  payload: LookForm,
  input: z.object({ colour: lineInput, logo: z.array(z.custom<FileHandle>()).optional() }),
  build: async ({ db, organisation }) => {
    const { colour, logoPictureId } = await loadSettings(db, organisation);
    return {
      title: key('feedback.look.form'),
      submit: key('feedback.page.save'),
      fields: [
        {
          kind: 'text',
          name: 'colour',
          label: key('feedback.look.colour'),
          hint: key('feedback.look.colour_hint'),
          placeholder: words('#1f4b99'),
          optional: true,
          maxLength: 7,
          ...(colour !== null && { initial: colour }),
        },
        {
          kind: 'file',
          name: 'logo',
          label: key('feedback.look.logo'),
          hint: key(logoPictureId === null ? 'feedback.look.logo_hint' : 'feedback.look.logo_replaced'),
          optional: true,
          extensions: ['png', 'jpg', 'jpeg'],
          elsewhere: key('feedback.look.elsewhere'),
        },
      ],
    };
  },
  submit: async (context, { payload: { seen }, input }) => {
    const { db, organisation, person, clock } = context;
    const errors: Record<string, Text> = {};
    const colour = readColour(input.colour);
    if (colour === undefined) errors.colour = key('feedback.errors.colour');
    const uploaded = input.logo?.[0] && (await readLogo(context, input.logo[0]));
    if (uploaded && 'error' in uploaded) errors.logo = uploaded.error;
    if (colour === undefined || (uploaded && 'error' in uploaded)) return formErrors(errors);
    const over = await inTransaction(db, async (tx) => {
      await lockLogo(tx, organisation.id);
      const before = await loadSettings(tx, organisation);
      if (uploaded) await replaceLogo(context, tx, uploaded.png);
      if (before.colour === colour) return false;
      await setColour(tx, organisation.id, colour);
      const act = { organisationId: organisation.id, actorId: person.id, verb: 'feedback.colour_set', data: { colour } };
      await recordEvent(tx, act, clock.now());
      return seen !== undefined && seen !== seenOf({ colour: before.colour });
    });
    return update(await lookCard(context, key(over ? 'feedback.look.saved_over' : 'feedback.look.saved')));
  },
});

const removeLogo = action({
  id: 'feedback.logo_remove',
  role: 'manager',
  payload: Nothing,
  run: async (context) => {
    await inTransaction(context.db, async (tx) => await replaceLogo(context, tx, null));
    return update(await lookCard(context, key('feedback.look.removed')));
  },
});

/** `customer logo` with a picture, where forms take no files. */
export const logoVerb: Verb<HandlerContext> = {
  name: 'logo',
  role: 'manager',
  describe: key('feedback.verb.logo'),
  run: async (context, { files }) => {
    const [file] = files;
    if (!file) return say(await lookCard(context));
    const logo = await readLogo(context, file);
    if ('error' in logo) throw new BellhopError('feedback.logo_refused', { reason: logo.error });
    await inTransaction(context.db, async (tx) => await replaceLogo(context, tx, logo.png));
    return say(await lookCard(context, key('feedback.look.saved')));
  },
};

export const lookActions = [show, openForm, removeLogo];
export const lookForms = [lookForm];
