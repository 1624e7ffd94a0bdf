import { type Ref, ref } from '../../../core/ref.js';
import type { Case } from '../model.js';
import type { Filter } from './schema.js';

/** Where buttons of cases lead that no other part has. */
export const giveBackRef = ({ id, ownerId }: Pick<Case, 'id' | 'ownerId'>): Ref => ref('feedback.give_back', { caseId: id, ownerId });
export const openListRef = (filter: Filter, offset = 0): Ref => ref('feedback.open', { offset, filter });
