import { refresh } from '../../../delivery/enqueue.js';
import type { JobContext } from '../../../people/handlers.js';
import { refreshPost } from '../answering/post.js';
import { subject } from '../model.js';
import { topicSubject } from './model.js';
import { datesWithTicked, forgetTopics } from './store-items.js';

/** Takes what a person proposed, and answered to others, off agendas, posts and messages. Action items stay: whose they were is known no more. */
export async function erase({ tx, organisation, clock }: JobContext, personId: string): Promise<void> {
  const now = clock.now();
  const forgotten = await forgetTopics(tx, organisation.id, personId);
  const keys = forgotten.flatMap(({ id }) => [subject.topic(id), topicSubject.decided(id)]);
  await refresh(tx, organisation.id, keys, now);
  // Words of theirs may be quoted too: features have taken them away, and the posts are shown without them.
  const quoting = await datesWithTicked(tx, organisation.id);
  for (const dateId of new Set([...forgotten.map((item) => item.dateId), ...quoting]))
    await refreshPost(tx, organisation.id, dateId, now, false);
}
