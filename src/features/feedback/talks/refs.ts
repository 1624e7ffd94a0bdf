import { type Ref, ref } from '../../../core/ref.js';

/** Where buttons of talks lead that no other part has. */
export const within = {
  done: (talkId: string): Ref => ref('feedback.talk_done', { talkId }),
  later: (talkId: string): Ref => ref('feedback.talk_later', { talkId }),
  not: (talkId: string): Ref => ref('feedback.talk_not', { talkId }),
  view: (talkId: string): Ref => ref('feedback.talk_view', { talkId }),
} as const;
