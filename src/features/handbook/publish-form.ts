import { type Field, MAX_FIELD_CHARACTERS } from '../../core/form.js';
import { key, plain, words } from '../../core/text.js';
import { audienceFields } from '../../people/audience-form.js';
import type { HandlerContext } from '../../people/handlers.js';
import { addDays, localDay } from '../../people/hours.js';
import type { Version } from './model.js';
import { STARTER_LANGUAGES } from './starter.js';
import { findVersion, listPublished, sourceOf } from './store.js';

/** The choice "a new document". */
export const NEW_DOCUMENT = 'new';
/** The choice "my own text": pasted, or a file. */
export const OWN_TEXT = 'own';
export const STARTER = 'starter:';

/** Days that people have to sign, unless a manager says otherwise. */
const DAYS_TO_SIGN = 14;
/** A menu takes at most 100 options on Slack. */
const MOST_OPTIONS = 95;

/** What the form begins with: a draft, the version that a new one follows, or nothing. */
export async function publishFields(
  context: HandlerContext,
  payload: { documentId?: string | undefined; draftId?: string | undefined },
): Promise<Field[]> {
  const { db, organisation } = context;
  const today = localDay(context.clock.now(), organisation.zone);
  const published = await listPublished(db, organisation.id);
  const draft = payload.draftId ? await findVersion(db, organisation.id, payload.draftId) : undefined;
  const before = draft ?? published.find((version) => version.documentId === payload.documentId);
  const documentId = before?.documentId ?? payload.documentId;
  const follows = published.some((version) => version.documentId === documentId) ? documentId : undefined;
  const text = draft ? await sourceOf(db, organisation.id, draft.id) : '';
  return [
    ...(published.length > 0 ? [documentField(published, follows)] : []),
    {
      kind: 'text',
      name: 'title',
      label: key('handbook.publish.title'),
      hint: key('handbook.publish.title_hint'),
      optional: true,
      maxLength: 150,
      ...(before ? { initial: before.title } : {}),
    },
    sourceField(context, draft !== undefined),
    {
      kind: 'text',
      name: 'text',
      label: key('handbook.publish.text'),
      hint: draft && text.length > MAX_FIELD_CHARACTERS ? key('handbook.publish.text_kept') : key('handbook.publish.text_hint'),
      optional: true,
      multiline: true,
      maxLength: MAX_FIELD_CHARACTERS,
      ...(text !== '' && text.length <= MAX_FIELD_CHARACTERS ? { initial: text } : {}),
    },
    {
      kind: 'file',
      name: 'file',
      label: key('handbook.publish.file'),
      hint: key('handbook.publish.file_hint'),
      optional: true,
      extensions: ['md', 'markdown', 'txt'],
      elsewhere: key('handbook.publish.file_elsewhere'),
    },
    ...(await audienceFields(context, key('handbook.fact.audience'), before?.audience)),
    { kind: 'date', name: 'effective', label: key('handbook.fact.effective'), initial: draft?.effectiveOn ?? today },
    {
      kind: 'date',
      name: 'due',
      label: key('handbook.fact.due'),
      hint: key('handbook.publish.due_hint'),
      initial: draft?.dueOn ?? addDays(today, DAYS_TO_SIGN),
    },
    {
      kind: 'text',
      name: 'statement',
      label: key('handbook.publish.statement'),
      hint: key('handbook.publish.statement_hint'),
      multiline: true,
      maxLength: 1000,
      initial: before?.statement ?? defaultStatement(context),
    },
  ];
}

/** The statement of intent that the form proposes, in the manager's language; kept literally. */
export function defaultStatement(context: Pick<HandlerContext, 'localise' | 'reader'>): string {
  return plain(context.localise(key('handbook.publish.statement_default'), context.reader));
}

/** When a draft is due and takes effect unless somebody says otherwise. */
export function defaultDays(context: HandlerContext): { effectiveOn: string; dueOn: string } {
  const today = localDay(context.clock.now(), context.organisation.zone);
  return { effectiveOn: today, dueOn: addDays(today, DAYS_TO_SIGN) };
}

function documentField(published: readonly Version[], follows: string | undefined): Field {
  return {
    kind: 'choice',
    name: 'document',
    label: key('handbook.publish.document'),
    hint: key('handbook.publish.document_hint'),
    options: [
      { value: NEW_DOCUMENT, label: key('handbook.publish.document_new') },
      ...published.slice(0, MOST_OPTIONS).map((version) => ({
        value: version.documentId,
        label: key('handbook.publish.document_version', { title: words(shortened(version.title)), version: (version.number ?? 0) + 1 }),
      })),
    ],
    initial: follows ?? NEW_DOCUMENT,
  };
}

/** A menu's option has 75 characters on Slack. */
const shortened = (title: string) => (title.length > 45 ? `${title.slice(0, 44).trimEnd()}…` : title);

function sourceField(context: HandlerContext, draft: boolean): Field {
  const names = new Intl.DisplayNames([context.reader.locale, 'en'], { type: 'language' });
  return {
    kind: 'choice',
    name: 'source',
    label: key('handbook.publish.source'),
    options: [
      { value: OWN_TEXT, label: draft ? key('handbook.publish.source_keep') : key('handbook.publish.source_own') },
      ...STARTER_LANGUAGES.map((language) => ({
        value: `${STARTER}${language}`,
        label: key('handbook.publish.source_starter', { language: words(names.of(language) ?? language) }),
      })),
    ],
    initial: OWN_TEXT,
  };
}
