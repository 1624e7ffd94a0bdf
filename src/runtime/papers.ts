import type { Logo, Papers } from '../people/ports.js';
import { createApart, Killed } from './apart.js';
import type { Paperwork } from './papers-draw.js';
import { tidyCard } from './papers-tidy.js';

/** The largest picture that is taken, in bytes. */
const MOST_UPLOAD = 2_000_000;

export interface PaperPrinter extends Papers {
  /** Ends what is being drawn. */
  stop(): Promise<void>;
}

/** Draws on Skia's PDF with fonts that are brought along, and the logos too, each in a process of its own (apart.ts). */
export function createPapers(): PaperPrinter {
  const apart = createApart(import.meta.url.replace(/papers(\.[jt]s)$/, 'papers-draw$1'), 'A paper was not drawn');
  const ask = async (paperwork: Paperwork) => await apart.run(paperwork);
  return {
    complaintCard: async (card) => {
      const pdf = await ask({ kind: 'complaint_card', card: tidyCard(card) });
      if (!(pdf instanceof Uint8Array)) throw new Error('A paper was not drawn.');
      return pdf;
    },
    logo: async (bytes) => {
      if (bytes.length > MOST_UPLOAD) return undefined;
      try {
        // Copied: of a part of a large buffer all would be sent.
        const logo = await ask({ kind: 'logo', bytes: Uint8Array.from(bytes) });
        return isLogo(logo) ? logo : undefined;
      } catch (error) {
        // A picture that takes the process down, or all of its time, is none that anybody wants.
        if (error instanceof Killed) return undefined;
        throw error;
      }
    },
    stop: apart.stop,
  };
}

function isLogo(answer: unknown): answer is Logo {
  return typeof answer === 'object' && answer !== null && 'png' in answer && answer.png instanceof Uint8Array;
}
