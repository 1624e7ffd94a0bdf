import type { types } from '@slack/bolt';
import type { Block, Face } from '../../src/core/rich.js';
import { isImageAddress, LIMITS } from './limits.js';
import { plainText, type Wording } from './render-text.js';

/** What of the pictures of a message Slack can be shown. Renderers are given it, since only others can ask for it. */
export interface Pictured {
  /** Slack's file ids by the pictures' own; a picture without one is shown by its words. */
  readonly files: ReadonlyMap<string, string>;
  /** Whether people's own pictures may be linked; initials otherwise. */
  readonly faces: boolean;
}

/** Words and initials alone: what Slack never refuses. */
export const UNPICTURED: Pictured = { files: new Map(), faces: false };
/** People's own pictures, and those that Bellhop keeps by their words: what can be shown without asking anybody. */
export const FACES_ONLY: Pictured = { files: new Map(), faces: true };

type Picture = Extract<Block, { kind: 'picture' }>;

/** Source: https://docs.slack.dev/reference/block-kit/composition-objects/slack-file-object */
export function pictureBlock(block: Picture, { files }: Pictured, wording: Wording): types.ImageBlock | undefined {
  const id = files.get(block.id);
  return id === undefined
    ? undefined
    : { type: 'image', slack_file: { id }, alt_text: wording.plain(block.alt, LIMITS.image.alt).replaceAll('\n', ' ') };
}

/** Undefined when there is nobody to show. Source: https://docs.slack.dev/reference/block-kit/blocks/context-block */
export function facesBlock(people: readonly Face[], { faces }: Pictured): types.ContextBlock | undefined {
  const shown = people
    .slice(0, LIMITS.context.faces)
    .map((face): types.ImageElement | types.PlainTextElement =>
      faces && face.pictureUrl && isImageAddress(face.pictureUrl)
        ? { type: 'image', image_url: face.pictureUrl, alt_text: face.name.slice(0, LIMITS.image.alt) || initials(face.name) }
        : plainText(initials(face.name)),
    );
  if (shown.length === 0) return undefined;
  const left = people.length - shown.length;
  return { type: 'context', elements: [...shown, ...(left > 0 ? [plainText(`+${left}`)] : [])] };
}

/** The first characters of the first and the last word of a name, without what stands in brackets: `AO` for Ana Ozola (HR). */
export function initials(name: string): string {
  const words = name.replace(/\([^)]*\)/g, ' ').match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'’-]*/gu) ?? [];
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words.slice(0, 1);
  return ends.map((word) => [...(word ?? '')][0]?.toUpperCase() ?? '').join('') || '–';
}
