import type { FileHandle } from '../../core/form.js';
import { ref } from '../../core/ref.js';
import { formErrors, open, type Reply, say, update } from '../../core/reply.js';
import { key } from '../../core/text.js';
import { form, type HandlerContext } from '../../people/handlers.js';
import { draftOf, readDocument } from './draft.js';
import { defaultDays, defaultStatement, publishFields } from './publish-form.js';
import { checkPublishInput } from './publish-input.js';
import { showDraft } from './publishing.js';
import { PublishInput, PublishRef } from './schema.js';
import { findVersion } from './store.js';
import { saveDraft } from './store-versions.js';

const publish = form({
  id: 'handbook.publish',
  role: 'manager',
  payload: PublishRef,
  input: PublishInput,
  build: async (context, payload) => ({
    title: payload.draftId ? key('handbook.publish.form_title_change') : key('handbook.publish.form_title'),
    submit: key('handbook.publish.submit'),
    intro: [{ kind: 'paragraph', text: key('handbook.publish.intro') }],
    fields: await publishFields(context, payload),
  }),
  submit: async (context, { payload, input }) => {
    const draft = payload.draftId ? await findVersion(context.db, context.organisation.id, payload.draftId) : undefined;
    const checked = await checkPublishInput(context, draft, { ...input, document: input.document ?? payload.documentId });
    if ('errors' in checked) return formErrors(checked.errors);
    const saved = await saveDraft(
      context.db,
      context.organisation.id,
      context.person.id,
      { documentId: checked.documentId, draftId: draft?.id },
      checked.text,
      context.clock.now(),
    );
    const card = await showDraft(context, saved, checked.text.degraded);
    return draft ? update(card) : say(card);
  },
});

/**
 * A file that came with the command (Teams takes none in its forms): kept as a draft at once, then the form for the rest.
 * @throws BellhopError when the file can't be used
 */
export async function beginWithFile(context: HandlerContext, file: FileHandle): Promise<Reply> {
  const source = await readDocument(file);
  const text = draftOf(
    source,
    '',
    { statement: defaultStatement(context), audience: { kind: 'everyone' }, ...defaultDays(context) },
    file.name.replace(/\.[a-z]+$/i, '').replace(/[-_]+/g, ' '),
  );
  const saved = await saveDraft(context.db, context.organisation.id, context.person.id, {}, text, context.clock.now());
  return open(ref('handbook.publish', { draftId: saved.id }));
}

export const publishForms = [publish];
