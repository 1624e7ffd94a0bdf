import type { z } from 'zod';
import { BellhopError } from '../../core/errors.js';
import type { FormErrors } from '../../core/form.js';
import { date, key, type Text } from '../../core/text.js';
import { countAudience } from '../../people/audience.js';
import { readAudience } from '../../people/audience-form.js';
import type { HandlerContext } from '../../people/handlers.js';
import { isDay, localDay } from '../../people/hours.js';
import { draftOf, readDocument } from './draft.js';
import type { Version } from './model.js';
import { NEW_DOCUMENT, OWN_TEXT, STARTER } from './publish-form.js';
import type { PublishInput } from './schema.js';
import { starterHandbook } from './starter.js';
import { listPublished, sourceOf } from './store.js';
import type { DraftText } from './store-versions.js';

type Input = z.output<typeof PublishInput>;

export type CheckedInput = { readonly errors: FormErrors } | { readonly documentId: string | undefined; readonly text: DraftText };

/** Where an error of the text belongs: its own field, unless it is about the title. */
const TITLE_ERRORS: ReadonlySet<string> = new Set(['handbook.title_missing', 'handbook.title_long']);

/** Makes a draft of a filled-in form, or says at each field what has to be mended: everything at once. */
export async function checkPublishInput(context: HandlerContext, draft: Version | undefined, input: Input): Promise<CheckedInput> {
  const errors: Record<string, Text> = {};
  const today = localDay(context.clock.now(), context.organisation.zone);
  if (!isDay(input.effective)) errors.effective = key('handbook.errors.day_invalid');
  const due = dueProblem(input.due, today);
  if (due) errors.due = due;

  const documentId = await documentOf(context, draft, input.document);
  if (documentId === null) errors.document = key('handbook.errors.document_unknown');

  const audience = await readAudience(context, input);
  if ('errors' in audience) Object.assign(errors, audience.errors);
  else if ((await countAudience(context.db, context.organisation, audience.audience)) === 0)
    errors.audience = key('handbook.errors.audience_empty');

  const source = await sourceOfInput(context, draft, input);
  if ('errors' in source) return { errors: { ...errors, ...source.errors } };
  try {
    const text = draftOf(source.source, input.title, {
      statement: input.statement,
      audience: 'audience' in audience ? audience.audience : { kind: 'everyone' },
      effectiveOn: input.effective,
      dueOn: input.due,
    });
    if (Object.keys(errors).length > 0 || documentId === null) return { errors };
    return { documentId, text };
  } catch (error) {
    if (!(error instanceof BellhopError)) throw error;
    const field = TITLE_ERRORS.has(error.code) ? 'title' : source.field;
    return { errors: { ...errors, [field]: key(error.key, error.params) } };
  }
}

/** What is wrong with a due date; undefined when nothing is. */
export function dueProblem(due: string, today: string): Text | undefined {
  if (!isDay(due)) return key('handbook.errors.day_invalid');
  return due < today ? key('handbook.errors.due_past', { due: date(due) }) : undefined;
}

/** The document that the draft is to be a version of; undefined for a new one, null when the one that was chosen isn't there. */
async function documentOf(
  context: HandlerContext,
  draft: Version | undefined,
  chosen: string | undefined,
): Promise<string | undefined | null> {
  const published = await listPublished(context.db, context.organisation.id);
  const isPublished = (id: string) => published.some((version) => version.documentId === id);
  if (chosen === undefined || chosen === NEW_DOCUMENT) {
    // A draft of a new document stays with the document that was made for it.
    return draft && !isPublished(draft.documentId) ? draft.documentId : undefined;
  }
  return isPublished(chosen) ? chosen : null;
}

type Source = { readonly source: string; readonly field: 'text' | 'file' | 'source' } | { readonly errors: FormErrors };

async function sourceOfInput(context: HandlerContext, draft: Version | undefined, input: Input): Promise<Source> {
  const stored = draft ? await sourceOf(context.db, context.organisation.id, draft.id) : '';
  const typed = input.text !== '' && input.text !== stored;
  const file = input.file?.[0];
  if (input.source !== undefined && input.source !== OWN_TEXT) {
    if (typed || file) return { errors: { source: key('handbook.errors.source_unclear') } };
    const starter = starterHandbook(input.source.slice(STARTER.length));
    return starter === undefined ? { errors: { source: key('handbook.errors.source_unknown') } } : { source: starter, field: 'source' };
  }
  if (file) {
    if (typed) return { errors: { file: key('handbook.errors.text_and_file') } };
    try {
      return { source: await readDocument(file), field: 'file' };
    } catch (error) {
      if (!(error instanceof BellhopError)) throw error;
      return { errors: { file: key(error.key, error.params) } };
    }
  }
  if (input.text !== '') return { source: input.text, field: 'text' };
  if (stored !== '') return { source: stored, field: 'text' };
  return { errors: { text: key('handbook.errors.document_empty') } };
}
