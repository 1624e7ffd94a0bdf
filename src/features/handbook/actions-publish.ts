import { notice } from '../../core/card.js';
import { BellhopError } from '../../core/errors.js';
import { ref } from '../../core/ref.js';
import { open, update } from '../../core/reply.js';
import { key, words } from '../../core/text.js';
import { action } from '../../people/handlers.js';
import { previewCard } from './messages-publish.js';
import { publishDraft, showDraft } from './publishing.js';
import { PublishRef, VersionPageRef, VersionRef } from './schema.js';
import { findPage, getVersion } from './store.js';
import { discardDraft } from './store-versions.js';

const begin = action({
  id: 'handbook.new',
  role: 'manager',
  payload: PublishRef,
  run: async (_context, payload) => open(ref('handbook.publish', definedOnly(payload))),
});

const draft = action({
  id: 'handbook.draft',
  role: 'manager',
  payload: VersionRef,
  run: async (context, { versionId }) => update(await showDraft(context, await getVersion(context.db, context.organisation.id, versionId))),
});

const preview = action({
  id: 'handbook.preview',
  role: 'manager',
  payload: VersionPageRef,
  run: async (context, { versionId, page }) => {
    const version = await getVersion(context.db, context.organisation.id, versionId);
    const shown = Math.min(page, version.pageCount);
    const parts = await findPage(context.db, context.organisation.id, versionId, shown);
    if (!parts) throw new BellhopError('handbook.version_gone');
    return update(previewCard(version, shown, parts));
  },
});

const change = action({
  id: 'handbook.change',
  role: 'manager',
  payload: VersionRef,
  run: async (context, { versionId }) => {
    const version = await getVersion(context.db, context.organisation.id, versionId);
    if (version.state !== 'draft') return update(await showDraft(context, version));
    return open(ref('handbook.publish', { draftId: versionId }));
  },
});

const publish = action({
  id: 'handbook.publish',
  role: 'manager',
  payload: VersionRef,
  run: async (context, { versionId }) => update(await publishDraft(context, versionId)),
});

const discard = action({
  id: 'handbook.discard',
  role: 'manager',
  payload: VersionRef,
  run: async (context, { versionId }) => {
    const version = await getVersion(context.db, context.organisation.id, versionId);
    await discardDraft(context.db, context.organisation.id, versionId);
    return update(notice(key('handbook.discarded', { title: words(version.title) })));
  },
});

/** A payload without what isn't set: a ref carries no `undefined`. */
export function definedOnly(payload: { documentId?: string | undefined; draftId?: string | undefined }): Record<string, string> {
  return { ...(payload.documentId ? { documentId: payload.documentId } : {}), ...(payload.draftId ? { draftId: payload.draftId } : {}) };
}

export const publishActions = [begin, draft, preview, change, publish, discard];
