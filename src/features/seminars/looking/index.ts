import { whisper } from '../../../core/reply.js';
import { notice } from '../../../core/card.js';
import { key } from '../../../core/text.js';
import type { Part } from '../part.js';

export const looking: Part = {
  verbs: [{ name: 'list', role: 'employee', describe: key('seminars.verb.list'), run: async () => whisper(notice(key('seminars.list.none'))) }],
};
