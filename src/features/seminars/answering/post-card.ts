import type { Card } from '../../../core/card.js';
import { words } from '../../../core/text.js';
import type { WorkContext } from '../../../people/handlers.js';
import type { SeminarDate } from '../model.js';

export async function postCard(_context: WorkContext, date: SeminarDate): Promise<Card> {
  return { summary: words(date.title) };
}
