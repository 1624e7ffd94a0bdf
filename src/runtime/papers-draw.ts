// The program of the process that draws one paper or logo (papers.ts): takes what is asked for, gives it back, ends.
import type { ComplaintCard } from '../people/ports.js';
import { registerFonts } from './charts-fonts.js';
import { drawComplaintCard } from './papers-card.js';
import { makeLogo } from './papers-logo.js';

/** What is to be drawn. */
export type Paperwork =
  | { readonly kind: 'complaint_card'; readonly card: ComplaintCard }
  | { readonly kind: 'logo'; readonly bytes: Uint8Array };

async function draw(asked: Paperwork): Promise<unknown> {
  if (asked.kind === 'logo') return (await makeLogo(asked.bytes)) ?? null;
  registerFonts();
  return await drawComplaintCard(asked.card);
}

process.once('message', async (asked: Paperwork) => {
  const drawn = await draw(asked);
  process.send?.(drawn, undefined, undefined, () => process.disconnect());
});
// Nobody waits for a paper whose bot is gone.
process.once('disconnect', () => process.exit(0));
