import { key } from '../../../core/text.js';
import type { Part } from '../part.js';

export const attending: Part & Required<Pick<Part, 'record'>> = {
  record: async () => ({ heading: key('seminars.record.heading'), lead: key('seminars.record.none'), lines: [] }),
};
