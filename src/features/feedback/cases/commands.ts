import { BellhopError } from '../../../core/errors.js';
import type { CommandInput, Verb } from '../../../core/feature.js';
import { type Reply, whisper } from '../../../core/reply.js';
import { commandWords, key } from '../../../core/text.js';
import { action, type HandlerContext } from '../../../people/handlers.js';
import { readReference } from '../intake/reference.js';
import { demandCase } from '../rights.js';
import { Offset } from '../schema.js';
import { findCaseByNumber } from '../store-cases.js';
import { caseCard, readerHere } from './case-card.js';
import { mineCard, openCard } from './list.js';
import { OpenRef } from './schema.js';
import { shown } from './show.js';
import { caseIdByReference } from './store-list.js';

/** A case by its number, or by the reference that its customer has. */
async function find(context: HandlerContext, { text }: CommandInput): Promise<Reply> {
  const { db, organisation, actor } = context;
  // As people write it: “#12”, “№ 12”, “12.”.
  const typed = text.replace(/^[\s"'“”„«»]+|[\s"'“”„«».,]+$/gu, '');
  const digits = /^(?:#|№|nr\.?|no\.?)?\s*(\d{1,20})$/i.exec(typed)?.[1];
  const reference = readReference(typed);
  if (digits === undefined && reference === undefined) {
    throw new BellhopError('feedback.case_how', { command: commandWords(actor.platform, 'customer', 'case 123') });
  }
  // A reference may be of digits alone; a number never has eight.
  const byNumber =
    digits !== undefined && Number(digits) <= MOST_NUMBER ? await findCaseByNumber(db, organisation.id, Number(digits)) : undefined;
  const caseId = byNumber?.id ?? (reference === undefined ? undefined : await caseIdByReference(db, organisation.id, reference));
  if (caseId === undefined) throw new BellhopError('feedback.case_gone');
  return whisper(await caseCard(context, await demandCase(context, caseId), readerHere(context)));
}

/** PostgreSQL's integer. */
const MOST_NUMBER = 2_147_483_647;

export const caseVerbs: readonly Verb<HandlerContext>[] = [
  {
    name: 'mine',
    role: 'employee',
    describe: key('feedback.case.mine.describe'),
    run: async (context) => whisper(await mineCard(context, 0)),
  },
  {
    name: 'open',
    role: 'employee',
    describe: key('feedback.list.describe'),
    run: async (context) => whisper(await openCard(context, 'all', 0)),
  },
  { name: 'case', role: 'employee', describe: key('feedback.case.describe'), usage: '123', run: find },
];

export const listActions = [
  action({
    id: 'feedback.mine',
    role: 'employee',
    payload: Offset,
    run: async (context, { offset }) => shown(context, await mineCard(context, offset)),
  }),
  action({
    id: 'feedback.open',
    role: 'employee',
    payload: OpenRef,
    run: async (context, { offset, filter }) => shown(context, await openCard(context, filter, offset)),
  }),
];
