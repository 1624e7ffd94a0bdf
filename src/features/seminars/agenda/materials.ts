import { BellhopError } from '../../../core/errors.js';
import type { CommandInput, Verb } from '../../../core/feature.js';
import type { FileHandle, FormErrors } from '../../../core/form.js';
import { oneLine } from '../../../core/inputs.js';
import { ref } from '../../../core/ref.js';
import { file as fileReply, formErrors, open, type Reply, update, whisper } from '../../../core/reply.js';
import { hasRole } from '../../../core/roles.js';
import { commandWords, instant, key, type Text, words } from '../../../core/text.js';
import { inTransaction, type Tx } from '../../../people/db.js';
import { action, form, type HandlerContext } from '../../../people/handlers.js';
import { refreshPost } from '../answering/post.js';
import { demandDate, demandOwnDate, mayRun } from '../rights.js';
import { readLink } from '../scheduling/links.js';
import { DateRef } from '../schema.js';
import { demandStanding, showAfterwards } from './afterwards.js';
import { addedCard, chooseDateCard, materialCard } from './afterwards-card.js';
import { EXTENSIONS, fileName, type KeptFile, readFile } from './file-kinds.js';
import { type Material, STAYS } from './model.js';
import { MaterialInput, MaterialRef, MoveRef } from './schema.js';
import {
  addMaterial,
  bytesOf,
  datesToAddTo,
  findMaterial,
  listMaterials,
  moveMaterial,
  type NewMaterial,
  removeMaterial,
} from './store-materials.js';

/** Dates that the command offers: one, and a page of others. */
const OFFERED = 8;

async function demandMaterial({ db, organisation }: HandlerContext, materialId: string): Promise<Material> {
  const found = await findMaterial(db, organisation.id, materialId);
  if (!found) throw new BellhopError('seminars.material_gone');
  return found;
}

/** Keeps it. @throws BellhopError `seminars.materials_full` */
async function keep(context: HandlerContext, material: NewMaterial): Promise<string> {
  const { db, organisation, person, clock } = context;
  const now = clock.now();
  const id = await inTransaction(db, async (tx) => {
    await refreshPost(tx, organisation.id, material.dateId, now, false);
    return await addMaterial(tx, organisation.id, material, person.id, STAYS.materials, now);
  });
  if (id === undefined) throw new BellhopError('seminars.materials_full', { most: STAYS.materials });
  return id;
}

/** A change that the posts of these dates tell of. */
async function changing(
  { db, organisation, clock }: HandlerContext,
  dateIds: readonly string[],
  act: (tx: Tx) => Promise<void>,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    await act(tx);
    for (const dateId of dateIds) await refreshPost(tx, organisation.id, dateId, clock.now(), false);
  });
}

const get = action({
  id: 'seminars.material_get',
  role: 'employee',
  payload: MaterialRef,
  run: async (context, { materialId }) => {
    const material = await demandMaterial(context, materialId);
    const date = await demandDate(context, material.dateId);
    const card = materialCard(date, material, mayRun(context, date));
    if (material.kind !== 'file') return whisper(card);
    const content = await bytesOf(context.db, context.organisation.id, materialId);
    if (!content || !material.mime) throw new BellhopError('seminars.material_gone');
    return fileReply({ name: fileName(material.title, material.mime), mime: material.mime, content }, card);
  },
});

const remove = action({
  id: 'seminars.material_remove',
  role: 'employee',
  payload: MaterialRef,
  run: async (context, { materialId }) => {
    const { dateId } = await demandMaterial(context, materialId);
    await demandOwnDate(context, dateId);
    await changing(context, [dateId], async (tx) => await removeMaterial(tx, context.organisation.id, materialId));
    return update(await showAfterwards(context, dateId));
  },
});

const move = action({
  id: 'seminars.material_move',
  role: 'employee',
  payload: MoveRef,
  run: async (context, { materialId, dateId }) => {
    const material = await demandMaterial(context, materialId);
    await demandOwnDate(context, material.dateId);
    await demandStanding(context, dateId);
    const there = await listMaterials(context.db, context.organisation.id, dateId);
    if (there.length >= STAYS.materials) throw new BellhopError('seminars.materials_full', { most: STAYS.materials });
    const both = [material.dateId, dateId];
    await changing(context, both, async (tx) => await moveMaterial(tx, context.organisation.id, materialId, dateId));
    return update(await showAfterwards(context, dateId));
  },
});

const materialOpen = action({
  id: 'seminars.material_open',
  role: 'employee',
  payload: DateRef,
  run: async (context, { dateId }) => {
    await demandStanding(context, dateId);
    return open(ref('seminars.material', { dateId }));
  },
});

const materialForm = form({
  id: 'seminars.material',
  role: 'employee',
  payload: DateRef,
  input: MaterialInput,
  build: async (context, { dateId }) => {
    const date = await demandOwnDate(context, dateId);
    const command = commandWords(context.actor.platform, 'seminar', 'material');
    return {
      title: key('seminars.afterwards.add_material'),
      submit: key('seminars.material.submit'),
      intro: [{ kind: 'paragraph', text: key('seminars.agenda.lead', { seminar: words(date.title), when: instant(date.startsAt) }) }],
      fields: [
        {
          kind: 'text',
          name: 'title',
          label: key('seminars.material.title'),
          hint: key('seminars.material.title_hint'),
          optional: true,
          maxLength: STAYS.title,
        },
        {
          kind: 'text',
          name: 'link',
          label: key('seminars.material.link'),
          hint: key('seminars.material.link_hint'),
          optional: true,
          maxLength: STAYS.link,
        },
        { kind: 'text', name: 'text', label: key('seminars.material.text'), optional: true, multiline: true, maxLength: STAYS.text },
        {
          kind: 'file',
          name: 'file',
          label: key('seminars.material.file'),
          hint: key('seminars.material.file_hint'),
          optional: true,
          extensions: EXTENSIONS,
          elsewhere: key('seminars.material.file_elsewhere', { command }),
        },
      ],
    };
  },
  submit: async (context, { payload: { dateId }, input }) => {
    await demandStanding(context, dateId);
    const read = await readMaterial(input);
    if ('errors' in read) return formErrors(read.errors);
    await keep(context, { dateId, ...read.material });
    return update(await showAfterwards(context, dateId));
  },
});

type Read = { readonly errors: FormErrors } | { readonly material: Omit<NewMaterial, 'dateId'> };

/** One thing: a link, a text or a file. */
async function readMaterial({ title, link, text, file = [] }: MaterialInput): Promise<Read> {
  const given = [link !== '', text !== '', file.length > 0].filter(Boolean).length;
  if (given !== 1) return { errors: { link: key(given === 0 ? 'seminars.errors.material_nothing' : 'seminars.errors.material_one') } };
  const errors: Record<string, Text> = {};
  if (title.length > STAYS.title) errors.title = key('seminars.errors.topic_long', { most: STAYS.title });
  if (title === '' && file.length === 0) errors.title = key('seminars.errors.material_title');
  const address = link === '' ? null : readLink(link);
  if (link !== '' && address === null) errors.link = key('seminars.errors.material_link');
  if (text.length > STAYS.text) errors.text = key('seminars.errors.topic_long', { most: STAYS.text });
  const kept = await readSent(file[0]);
  if (kept instanceof BellhopError) errors.file = key(kept.key, kept.params);
  if (Object.keys(errors).length > 0 || kept instanceof BellhopError) return { errors };
  if (kept) return { material: ofFile(kept, title) };
  const kind = address ? ('link' as const) : ('text' as const);
  return { material: { kind, title, content: address ?? text, mime: null, bytes: null } };
}

async function readSent(file: FileHandle | undefined): Promise<KeptFile | BellhopError | undefined> {
  try {
    return file && (await readFile(file));
  } catch (error) {
    if (error instanceof BellhopError) return error;
    throw error;
  }
}

function ofFile({ title, mime, bytes }: KeptFile, typed: string): Omit<NewMaterial, 'dateId'> {
  const named = typed || title;
  return { kind: 'file', title: named === '' ? fileName('', mime) : named, content: '', mime, bytes };
}

/**
 * `/seminar material` with a file: it is added to the date that was held last, and can be had at another one by a button. The
 * words behind the command are its title. Without a file: to which date something is to be added.
 * @throws BellhopError `seminars.material_no_date` for somebody who hosts nothing these weeks
 */
async function materialCommand(context: HandlerContext, { text, files }: CommandInput): Promise<Reply> {
  const { db, organisation, person, role, clock } = context;
  const all = hasRole(role, 'manager');
  const own = await datesToAddTo(db, organisation.id, person.id, clock.now(), OFFERED);
  const dates = own.length === 0 && all ? await datesToAddTo(db, organisation.id, undefined, clock.now(), OFFERED) : own;
  const [date, ...others] = dates;
  if (!date) throw new BellhopError('seminars.material_no_date');
  const [sent] = files;
  if (!sent) return whisper(chooseDateCard(dates));
  const kept = await readFile(sent);
  const materialId = await keep(context, { dateId: date.id, ...ofFile(kept, oneLine(text).slice(0, STAYS.title)) });
  return whisper(addedCard(date, await demandMaterial(context, materialId), others));
}

export const materialVerb: Verb<HandlerContext> = {
  name: 'material',
  role: 'employee',
  usage: '[title]',
  describe: key('seminars.verb.material'),
  run: materialCommand,
};

export const materialActions = [get, remove, move, materialOpen];
export const materialForms = [materialForm];
