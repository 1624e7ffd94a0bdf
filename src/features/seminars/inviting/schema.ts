import { z } from 'zod';
import { DateRef } from '../schema.js';

/** One e-mail for a person's calendar. `nth`: of this person's mails about this date, from 0. */
export const InvitationRef = DateRef.extend({
  personId: z.uuid(),
  nth: z.number().int().min(0),
  sequence: z.number().int().min(0),
  method: z.enum(['REQUEST', 'CANCEL']),
});
export type InvitationRef = z.output<typeof InvitationRef>;
