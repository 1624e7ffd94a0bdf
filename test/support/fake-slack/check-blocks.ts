/**
 * A checker of Block Kit that is stricter than Slack: it knows only what Bellhop uses, and counts as the documentation says.
 * Source: https://docs.slack.dev/reference/block-kit
 */
import { z } from 'zod';

const characters = (text: string) => [...text].length;
const within = (max: number, min = 1) =>
  z.string().refine((text) => characters(text) >= min && characters(text) <= max, { error: `between ${min} and ${max} characters` });
const plain = (max: number) => z.strictObject({ type: z.literal('plain_text'), text: within(max), emoji: z.boolean().optional() });
const mrkdwn = (max: number) => z.strictObject({ type: z.literal('mrkdwn'), text: within(max), verbatim: z.boolean().optional() });
const address = within(3000).refine((url) => /^(https?|mailto):/.test(url), { error: 'http(s) or mailto' });

const confirm = z.strictObject({
  title: plain(100),
  text: plain(300),
  confirm: plain(30),
  deny: plain(30),
  style: z.enum(['primary', 'danger']).optional(),
});
const action_id = within(255);
const button = z.strictObject({
  type: z.literal('button'),
  text: plain(75),
  action_id,
  value: within(2000, 0).optional(),
  url: address.optional(),
  style: z.enum(['primary', 'danger']).optional(),
  confirm: confirm.optional(),
});
const option = z.strictObject({ text: plain(75), value: within(150), url: address.optional(), description: plain(75).optional() });
const options = (max: number) => z.array(option).min(1).max(max);
const overflow = z.strictObject({ type: z.literal('overflow'), action_id, options: options(5), confirm: confirm.optional() });

const style = z
  .strictObject({ bold: z.literal(true), italic: z.literal(true), strike: z.literal(true), code: z.literal(true) })
  .partial()
  .optional();
const runs = z.array(
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('text'), text: z.string().min(1), style }),
    z.strictObject({ type: z.literal('link'), url: address, text: z.string().min(1).optional(), style }),
  ]),
);
const section = z.strictObject({ type: z.literal('rich_text_section'), elements: runs.min(1) });
const richText = z.strictObject({
  type: z.literal('rich_text'),
  elements: z
    .array(
      z.discriminatedUnion('type', [
        section,
        z.strictObject({ type: z.literal('rich_text_quote'), elements: runs.min(1) }),
        z.strictObject({ type: z.literal('rich_text_preformatted'), elements: runs.min(1) }),
        z.strictObject({
          type: z.literal('rich_text_list'),
          style: z.enum(['ordered', 'bullet']),
          elements: z.array(section).min(1),
          indent: z.int().min(0).max(8).optional(),
          offset: z.int().min(0).optional(),
        }),
      ]),
    )
    .min(1),
});

const placeholder = plain(150).optional();
const menuOptions = {
  options: options(100).optional(),
  option_groups: z
    .array(z.strictObject({ label: plain(75), options: options(100) }))
    .max(100)
    .optional(),
};
const inputElement = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('plain_text_input'),
    action_id,
    multiline: z.boolean().optional(),
    max_length: z.int().min(1).max(3000).optional(),
    initial_value: within(3000, 0).optional(),
    placeholder,
  }),
  z.strictObject({ type: z.literal('datepicker'), action_id, initial_date: z.iso.date().optional() }),
  z.strictObject({
    type: z.literal('timepicker'),
    action_id,
    initial_time: z
      .string()
      .regex(/^\d\d:\d\d$/)
      .optional(),
  }),
  z.strictObject({ type: z.literal('static_select'), action_id, ...menuOptions, initial_option: option.optional() }),
  z.strictObject({ type: z.literal('multi_static_select'), action_id, ...menuOptions, initial_options: options(100).optional() }),
  z.strictObject({ type: z.literal('radio_buttons'), action_id, options: options(10), initial_option: option.optional() }),
  z.strictObject({ type: z.literal('checkboxes'), action_id, options: options(10), initial_options: options(10).optional() }),
  z.strictObject({ type: z.literal('users_select'), action_id, initial_user: z.string().regex(/^[UW]/).optional() }),
  z.strictObject({ type: z.literal('multi_users_select'), action_id, initial_users: z.array(z.string().regex(/^[UW]/)).min(1).optional() }),
  z.strictObject({
    type: z.literal('conversations_select'),
    action_id,
    filter: z.looseObject({}).optional(),
    initial_conversation: z.string().regex(/^[CG]/).optional(),
  }),
  z.strictObject({
    type: z.literal('file_input'),
    action_id,
    filetypes: z
      .array(z.string().regex(/^[a-z0-9]+$/))
      .min(1)
      .optional(),
    max_files: z.int().min(1).max(10),
  }),
]);

const isHttps = (url: string) => URL.canParse(url) && new URL(url).protocol === 'https:';
/** What an image is made of, in a block and in a context block's element: an address or one of Slack's files, never both. */
const image = {
  type: z.literal('image'),
  alt_text: within(2000),
  image_url: within(3000).refine(isHttps, { error: 'https' }).optional(),
  slack_file: z.strictObject({ id: z.string().regex(/^F[A-Z0-9]{8,}$/) }).optional(),
};
const oneSource = ({ image_url, slack_file }: { image_url?: unknown; slack_file?: unknown }) =>
  (image_url === undefined) !== (slack_file === undefined);
const sources = { error: 'exactly one of image_url and slack_file' };
const imageElement = z.strictObject(image).refine(oneSource, sources);

const block_id = within(255).optional();
const block = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('header'), text: plain(150), block_id }),
  z.strictObject({ type: z.literal('divider'), block_id }),
  z.strictObject({
    type: z.literal('section'),
    text: z.union([plain(3000), mrkdwn(3000)]),
    accessory: z.union([button, overflow]).optional(),
    block_id,
  }),
  z.strictObject({
    type: z.literal('context'),
    elements: z
      .array(z.union([plain(3000), mrkdwn(3000), imageElement]))
      .min(1)
      .max(10),
    block_id,
  }),
  z.strictObject({
    type: z.literal('actions'),
    elements: z
      .array(z.union([button, overflow]))
      .min(1)
      .max(25),
    block_id,
  }),
  z.strictObject({ ...image, title: plain(2000).optional(), block_id }).refine(oneSource, sources),
  richText.extend({ block_id }),
  z.strictObject({
    type: z.literal('input'),
    block_id: within(255),
    label: plain(2000),
    hint: plain(2000).optional(),
    optional: z.boolean().optional(),
    element: inputElement,
  }),
]);

const modal = z.strictObject({
  type: z.literal('modal'),
  title: plain(24),
  submit: plain(24).optional(),
  close: plain(24).optional(),
  callback_id: within(255, 0).optional(),
  private_metadata: within(3000, 0).optional(),
  blocks: z.array(block).min(1).max(100),
});
const home = z.strictObject({ type: z.literal('home'), blocks: z.array(block).min(1).max(100) });

function every(node: unknown, visit: (node: Record<string, unknown>) => void): void {
  if (Array.isArray(node)) for (const item of node) every(item, visit);
  else if (typeof node === 'object' && node !== null) {
    visit({ ...node });
    every(Object.values(node), visit);
  }
}

function shared(blocks: unknown): string[] {
  const problems: string[] = [];
  const actionIds = new Set<unknown>();
  const blockIds = new Set<unknown>();
  let total = 0;
  every(blocks, (node) => {
    if (typeof node.text === 'string') total += characters(node.text);
    if (node.type === 'button' || node.type === 'overflow') {
      if (actionIds.has(node.action_id)) problems.push(`action id twice: ${String(node.action_id)}`);
      actionIds.add(node.action_id);
    }
    if (node.block_id !== undefined) {
      if (blockIds.has(node.block_id)) problems.push(`block id twice: ${String(node.block_id)}`);
      blockIds.add(node.block_id);
    }
    for (const list of [node.options]) {
      const values = Array.isArray(list) ? list.map((item: { value?: unknown }) => item.value) : [];
      if (new Set(values).size < values.length) problems.push('option value twice');
    }
  });
  if (total > 12_000) problems.push(`${total} characters in all blocks`);
  return problems;
}

const issues = (schema: z.ZodType, value: unknown) =>
  schema.safeParse(value).error?.issues.map((issue) => `${issue.path.join('/')}: ${issue.message}`) ?? [];

/** What is wrong with the blocks of a message; empty when Slack would take them. */
export function messageProblems(blocks: unknown): string[] {
  const fits = z.array(block).max(50);
  const inputs = Array.isArray(blocks) && blocks.some((item) => item?.type === 'input') ? ['an input in a message'] : [];
  return [...issues(fits, blocks), ...shared(blocks), ...inputs];
}

/** What is wrong with a view. */
export function viewProblems(view: unknown): string[] {
  const kind = z
    .object({ type: z.string(), blocks: z.array(z.looseObject({ type: z.string() })), submit: z.unknown().optional() })
    .safeParse(view);
  if (!kind.success) return ['no view'];
  const missing = kind.data.blocks.some((item) => item.type === 'input') && !kind.data.submit ? ['inputs without submit'] : [];
  const size = JSON.stringify(view).length > 250 * 1024 ? ['larger than 250 KB'] : [];
  const total = shared(kind.data.blocks).filter((problem) => !problem.includes('characters'));
  return [...issues(kind.data.type === 'home' ? home : modal, view), ...total, ...missing, ...size];
}

/** All that a person can read in blocks, what pictures tell in words included. */
export function visibleText(blocks: unknown): string {
  const out: string[] = [];
  every(blocks, (node) => {
    if (typeof node.text === 'string') out.push(node.text);
    if (typeof node.alt_text === 'string') out.push(node.alt_text);
  });
  return out.join('\n');
}
