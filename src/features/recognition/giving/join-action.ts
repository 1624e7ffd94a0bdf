import { notice } from '../../../core/card.js';
import { whisper } from '../../../core/reply.js';
import { key } from '../../../core/text.js';
import { action } from '../../../people/handlers.js';
import { join } from './join.js';
import { namesOf } from './messages.js';
import { KudosRef } from './outgoing.js';
import { allowanceLeft } from './spend.js';
import { findKudos } from './store-kudos.js';
import { loadFaces } from './store-names.js';

const joinAction = action({
  id: 'recognition.join',
  role: 'employee',
  payload: KudosRef,
  run: async (context, { kudosId }) => {
    const { db, organisation, person } = context;
    const joined = await join(context, kudosId, person.id);
    if (joined === 'before') return whisper(notice(key('recognition.join.before')));
    const receiverIds = (await findKudos(db, organisation.id, kudosId))?.receiverIds ?? [];
    const [faces, left] = await Promise.all([loadFaces(db, organisation.id, receiverIds), allowanceLeft(context, person.id)]);
    const { points } = joined;
    return whisper(notice(key('recognition.join.done', { people: namesOf(receiverIds, faces), count: receiverIds.length, points, left })));
  },
});

export const joinActions = [joinAction];
