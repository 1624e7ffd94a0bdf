/**
 * Every limit of Slack that Bellhop keeps, in one place. Characters are counted in UTF-16 units here,
 * which is never fewer than Slack counts.
 *
 * Sources, unless another is named: https://docs.slack.dev/reference/block-kit (blocks, elements, composition objects).
 */
export const LIMITS = {
  message: {
    /** https://docs.slack.dev/reference/block-kit/blocks */
    blocks: 50,
    /** Over all blocks of one message; the reference is silent, Slack refuses with `msg_blocks_too_long` (named by Bolt's maintainers). */
    blockCharacters: 12_000,
    /** `text` of chat.update, which is the narrower one; postMessage shortens at 40,000. https://docs.slack.dev/reference/methods/chat.update */
    text: 4000,
  },
  /** https://docs.slack.dev/reference/views */
  view: { blocks: 100, title: 24, submit: 24, close: 24, privateMetadata: 3000, bytes: 250 * 1024, stack: 3 },
  header: { text: 150 },
  section: { text: 3000 },
  /** `faces` is Bellhop's own: the rest is told by a number. */
  context: { text: 3000, elements: 10, faces: 8 },
  image: { url: 3000, alt: 2000 },
  actions: { elements: 25 },
  button: { text: 75, value: 2000, url: 3000 },
  overflow: { options: 5, text: 75, value: 150 },
  confirm: { title: 100, text: 300, yes: 30, no: 30 },
  actionId: 255,
  blockId: 255,
  input: { label: 2000, hint: 2000, placeholder: 150, text: 3000 },
  select: { options: 100, groups: 100, text: 75, value: 150, group: 75 },
  /** Radio buttons and check boxes. */
  choices: { options: 10, text: 75, value: 150 },
  /** https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */
  richList: { indent: 8 },
  /** https://docs.slack.dev/messaging/message-metadata */
  metadata: { bytes: 16 * 1024 },
  http: {
    /** What Slack sends is far below it; beyond it nothing is read. */
    bodyBytes: 1024 * 1024,
    /** https://docs.slack.dev/authentication/verifying-requests-from-slack */
    signatureAgeSeconds: 300,
    /** Slack waits 3 s for every acknowledgement. https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response */
    acknowledgeMs: 3000,
  },
  /** An answer to a form that is not ready by then is given afterwards, by an update of the view. */
  formAnswerMs: 2300,
  /** https://docs.slack.dev/apis/web-api/pagination: "no more than 200 results at a time" are recommended. */
  page: 200,
  /**
   * https://docs.slack.dev/apis/web-api/rate-limits: a message a second per channel; "several hundred" a minute per
   * workspace (measured: about 300); tier 3: 50 a minute. What answers to people need is left free.
   */
  pace: {
    channel: { count: 1, perMs: 1000, burst: 1 },
    workspace: { count: 280, perMs: 60_000, burst: 10 },
    tier3: { count: 44, perMs: 60_000, burst: 5 },
  },
} as const;

/** How much of a message each part may take at most, so that all of them together stay below the limit. */
export const SHARES = { title: 150, lead: 1500, facts: 3000, rows: 2500, actions: 2400, footer: 300 } as const;

/**
 * Cuts a text to `max` UTF-16 units, never through a character, with `mark` at the cut.
 * @param mark what stands at the end of a shortened text; `…` for titles and buttons
 */
export function shorten(text: string, max: number, mark = '…'): string {
  if (text.length <= max) return text;
  const ending = mark.length < max ? mark : '';
  let end = Math.max(0, max - ending.length);
  const last = text.charCodeAt(end - 1);
  if (last >= 0xd800 && last <= 0xdbff) end -= 1;
  return `${text.slice(0, end).trimEnd()}${ending}`;
}

/** Whether Slack may be given this address as that of a picture: https only, so that nobody on the way sees who looks at whom. */
export function isImageAddress(address: string): boolean {
  return address.length <= LIMITS.image.url && URL.canParse(address) && new URL(address).protocol === 'https:';
}
