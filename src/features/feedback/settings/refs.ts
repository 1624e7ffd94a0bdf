import { ref } from '../../../core/ref.js';

/** Where buttons of the settings lead. */
export const here = {
  where: () => ref('feedback.where_open'),
  dueTimes: () => ref('feedback.due_times_open'),
  ladder: () => ref('feedback.ladder_open'),
  digest: () => ref('feedback.digest_open'),
  leads: (offset = 0) => ref('feedback.leads', { offset }),
  lead: (locationId: string | null) => ref('feedback.lead_open', { locationId }),
  /** Of privacy/. */
  privacy: () => ref('feedback.privacy', { offset: 0 }),
} as const;
