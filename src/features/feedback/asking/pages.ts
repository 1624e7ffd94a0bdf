import { BellhopError } from '../../../core/errors.js';
import type { Verb } from '../../../core/feature.js';
import { ref } from '../../../core/ref.js';
import { open, update, whisper } from '../../../core/reply.js';
import { key } from '../../../core/text.js';
import { recordEvent } from '../../../people/audit.js';
import { inTransaction } from '../../../people/db.js';
import { action, type HandlerContext } from '../../../people/handlers.js';
import { Offset } from '../schema.js';
import { demandPage, pageCard, pagesCard } from './pages-cards.js';
import { askTo, PageForm, PageRef } from './refs.js';
import { seenOf } from './seen.js';
import { lockPage, setPageClosed } from './store-pages.js';

const list = action({
  id: 'feedback.pages',
  role: 'manager',
  payload: Offset,
  run: async (context, { offset }) => update(await pagesCard(context, offset)),
});

const show = action({
  id: 'feedback.page',
  role: 'manager',
  payload: PageRef,
  run: async (context, { pageId }) => update(await pageCard(context, pageId)),
});

const openForm = action({
  id: 'feedback.page_open',
  role: 'manager',
  payload: PageForm,
  run: async (context, { pageId }) => {
    if (!pageId) return open(ref('feedback.page_edit'));
    return open(askTo.pageForm(pageId, seenOf(await demandPage(context, pageId))));
  },
});

/** Closes a page, or opens it again. @returns whether it was otherwise before */
async function setClosed(context: HandlerContext, pageId: string, closed: boolean): Promise<boolean> {
  const { db, organisation, person, clock } = context;
  return await inTransaction(db, async (tx) => {
    const now = clock.now();
    const page = await lockPage(tx, organisation.id, pageId);
    if (!page) throw new BellhopError('feedback.page_gone');
    if ((page.closedAt !== null) === closed) return false;
    await setPageClosed(tx, organisation.id, pageId, closed ? now : null);
    const verb = closed ? 'feedback.page_closed' : 'feedback.page_reopened';
    await recordEvent(tx, { organisationId: organisation.id, actorId: person.id, verb, subjectId: pageId }, now);
    return true;
  });
}

const close = action({
  id: 'feedback.page_close',
  role: 'manager',
  payload: PageRef,
  run: async (context, { pageId }) => {
    const changed = await setClosed(context, pageId, true);
    return update(await pageCard(context, pageId, changed ? key('feedback.pages.closed_now') : undefined));
  },
});

const reopen = action({
  id: 'feedback.page_reopen',
  role: 'manager',
  payload: PageRef,
  run: async (context, { pageId }) => {
    const changed = await setClosed(context, pageId, false);
    return update(await pageCard(context, pageId, changed ? key('feedback.pages.reopened_now') : undefined));
  },
});

export const pagesVerb: Verb<HandlerContext> = {
  name: 'pages',
  role: 'manager',
  describe: key('feedback.verb.pages'),
  run: async (context) => whisper(await pagesCard(context)),
};

export const pagesActions = [list, show, openForm, close, reopen];
