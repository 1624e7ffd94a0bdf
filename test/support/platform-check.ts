import { type Action, type ButtonAction, CARD_LIMITS, type Card } from '../../src/core/card.js';
import type { Form, FormErrors, FormValues } from '../../src/core/form.js';
import { MAX_PAYLOAD_CHARACTERS, type Ref } from '../../src/core/ref.js';
import type { Answer } from '../../src/core/reply.js';
import type { Block } from '../../src/core/rich.js';
import { plain, type Reader, type Span, type Text } from '../../src/core/text.js';
import type { BellhopRegistry } from '../../src/people/handlers.js';
import { loadCatalogues } from '../../src/runtime/catalogues.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import { CHAT_ADAPTERS } from './platforms.js';

const localise = createLocaliser();

/** Every language there is: what fits in English may not in another. */
const LANGUAGES = [...loadCatalogues().keys()];

/** Slack's limit for the title and the button of a modal: both are written to fit, never cut. */
const FORM_TITLE_CHARACTERS = 24;
/** The narrowest platform's limits for what stands on and behind a button (Teams shows 60 characters, Slack's dialogs the rest). */
const BUTTON = { label: 60, title: 100, text: 300, answer: 30 } as const;

/** What every card and form that the bot shows must keep. */
export interface PlatformCheck {
  /**
   * Renders a card for every platform in every language and reads back what its buttons send.
   * @throws Error naming the platform, the language and what is wrong
   */
  card(card: Card, reader: Reader): void;
  /** Whatever an answer shows; forms as they open or come back with errors. Throws as `card` does. */
  answer(answer: Answer, reader: Reader): void;
}

/** @param registry what buttons and forms must lead to */
export function createPlatformCheck(registry: Pick<BellhopRegistry, 'actions' | 'forms'>): PlatformCheck {
  // What is shown again and again, as App Home is, was looked at the first time.
  const known = new Set<string>();
  const once = (reader: Reader, shown: readonly unknown[], check: () => void) => {
    const id = `${reader.zone} ${JSON.stringify(shown)}`;
    if (known.has(id)) return;
    check();
    known.add(id);
  };
  const card = (shown: Card, reader: Reader) => once(reader, [shown], () => checkCard(shown, reader, registry));
  const form = (shown: Form, reader: Reader, errors?: FormErrors, values?: FormValues) =>
    once(reader, [shown, errors, values], () => checkForm(shown, reader, registry, errors, values));
  return {
    card,
    answer: (answer, reader) => {
      if ('card' in answer) card(answer.card, reader);
      if (answer.kind === 'home') for (const one of answer.cards) card(one, reader);
      if (answer.kind === 'form') form(answer.form, reader);
      if (answer.kind === 'errors') form(answer.form, reader, answer.errors, answer.values);
    },
  };
}

function checkCard(card: Card, reader: Reader, registry: Pick<BellhopRegistry, 'actions'>): void {
  const out = refsOf(card);
  const problems = LANGUAGES.flatMap((locale) => {
    const each: Reader = { ...reader, locale };
    const spans = textsOf(card).map((text) => localise(text, each));
    const ofPlatforms = CHAT_ADAPTERS.flatMap((adapter) => {
      const shown = adapter.card(card, each, localise);
      return [
        ...shown.problems,
        ...(shown.fallback.trim() === '' ? ['an empty fallback text'] : []),
        ...notAsTyped(spans, shown.text),
        ...(sorted(shown.refs) === sorted(out) ? [] : [`the buttons send ${sorted(shown.refs)}\ninstead of ${sorted(out)}`]),
      ].map((problem) => `${adapter.platform}: ${problem}`);
    });
    return [...ofPlatforms, ...emojiProblems(spans), ...buttonProblems(card, each)].map((problem) => `${locale}, ${problem}`);
  });
  report(card, [...problems, ...voiceProblems(card), ...refProblems(out, registry)]);
}

function checkForm(
  form: Form,
  reader: Reader,
  registry: Pick<BellhopRegistry, 'forms'>,
  errors: FormErrors = {},
  values?: FormValues,
): void {
  const handler = registry.forms.get(form.ref.id);
  const problems = LANGUAGES.flatMap((locale) => {
    const each: Reader = { ...reader, locale };
    const intro = (form.intro ?? []).flatMap(blockTexts);
    const spans = [...intro, ...Object.values(errors)].map((text) => localise(text, each));
    const ofPlatforms = CHAT_ADAPTERS.flatMap((adapter) => {
      const shown = adapter.form(form, each, localise, { errors, ...(values && { values }) });
      return [
        ...shown.problems,
        ...notAsTyped(spans, shown.text),
        ...(sorted([shown.sent.ref]) === sorted([form.ref]) ? [] : [`it comes back as ${sorted([shown.sent.ref])}`]),
      ].map((problem) => `${adapter.platform}: ${problem}`);
    });
    const long = [form.title, form.submit].flatMap((text) => tooLong(text, each, FORM_TITLE_CHARACTERS));
    return [...ofPlatforms, ...long, ...emojiProblems([...spans, localise(form.title, each)])].map((problem) => `${locale}, ${problem}`);
  });
  report(form, [
    ...problems,
    ...(handler?.payload.safeParse(form.ref.payload).success ? [] : [`nothing takes the form ${form.ref.id}`]),
    ...(new Set(form.fields.map((field) => field.name)).size < form.fields.length ? ['two fields of one name'] : []),
  ]);
}

function report(shown: object, problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(`${problems.join('\n')}\n${JSON.stringify(shown, undefined, 1).slice(0, 2000)}`);
}

const actionsOf = (card: Card): readonly Action[] => [
  ...(card.rows ?? []).flatMap((row) => (row.action ? [row.action] : [])),
  ...(card.actions ?? []),
];
const buttonsOf = (card: Card): readonly ButtonAction[] => actionsOf(card).filter((action) => action.kind === 'button');
const refsOf = (card: Card): readonly Ref[] => buttonsOf(card).map((button) => button.ref);

/** Refs in an order of their own: a platform may lay its buttons out as it likes. */
const sorted = (refs: readonly (Ref | null)[]) =>
  refs
    .map((ref) => (ref ? `${ref.id} ${JSON.stringify(Object.entries(ref.payload).sort())}` : 'null'))
    .sort()
    .join('\n');

/** All texts of a card but its summary, which a card with anything else on it doesn't show. */
function textsOf(card: Card): Text[] {
  return [
    ...[card.title, card.lead, card.footer].flatMap((text) => text ?? []),
    ...(card.facts ?? []).flatMap((fact) => [fact.label, fact.value]),
    ...(card.body ?? []).flatMap(blockTexts),
    ...(card.rows ?? []).flatMap((row) => [row.text, ...(row.detail ? [row.detail] : [])]),
    ...actionsOf(card).map((action) => action.label),
    ...buttonsOf(card).flatMap(({ confirm }) => (confirm ? [confirm.title, confirm.text] : [])),
  ];
}

function blockTexts(block: Block): Text[] {
  switch (block.kind) {
    case 'paragraph':
    case 'heading':
      return [block.text];
    case 'quote':
      return [block.text, ...(block.by ? [block.by] : [])];
    case 'progress':
      return [block.label];
    case 'picture':
      return [block.alt];
    case 'faces':
      return [];
    case 'rich':
      return block.blocks.flatMap((rich) => {
        const runs =
          rich.kind === 'preformatted' ? [rich.text] : 'items' in rich ? rich.items.flatMap((item) => item.content) : rich.content;
        return runs.map((run): Text => ({ kind: 'words', words: typeof run === 'string' ? run : run.text }));
      });
    case 'divider':
      return [];
  }
}

/** How texts are compared: breaks between pieces and the joiners that keep `{{` apart are no part of them. */
const squashed = (text: string) => text.replace(/[\s\u2060]+/g, '');
/** So much of what was typed stands there at least, where the rest was cut off. */
const KEPT = 8;

/** People's words that can't be read on a card as they were typed, or at least their beginning with the mark of a cut. */
function notAsTyped(texts: readonly (readonly Span[])[], visible: string): string[] {
  const seen = squashed(visible);
  return texts.flat().flatMap((span) => {
    const typed = squashed(span.text);
    if (!span.typed || seen.includes(typed)) return [];
    let kept = typed.length - 1;
    while (kept > 0 && !seen.includes(`${typed.slice(0, kept)}…`)) kept--;
    return kept >= KEPT ? [] : [`what was typed isn’t there: ${span.text.slice(0, 100)}`];
  });
}

function emojiProblems(texts: readonly (readonly Span[])[]): string[] {
  const own = texts.flat().flatMap((span) => (span.typed ? [] : (span.text.match(/\p{Extended_Pictographic}/gu) ?? [])));
  return own.length > 1 ? [`more than one emoji: ${own.join(' ')}`] : [];
}

function tooLong(text: Text, reader: Reader, most: number): string[] {
  const shown = plain(localise(text, reader));
  return shown.length > most ? [`“${shown}” is longer than ${most} characters`] : [];
}

function buttonProblems(card: Card, reader: Reader): string[] {
  return [
    ...actionsOf(card).flatMap((action) => tooLong(action.label, reader, BUTTON.label)),
    ...buttonsOf(card).flatMap(({ confirm }) =>
      confirm
        ? [
            ...tooLong(confirm.title, reader, BUTTON.title),
            ...tooLong(confirm.text, reader, BUTTON.text),
            ...[confirm.yes, confirm.no].flatMap((text) => tooLong(text, reader, BUTTON.answer)),
          ]
        : [],
    ),
  ];
}

function voiceProblems(card: Card): string[] {
  const primary = (card.actions ?? []).filter((action) => action.kind === 'button' && action.style === 'primary');
  return [
    ...((card.facts?.length ?? 0) > CARD_LIMITS.facts ? ['more than six facts'] : []),
    ...((card.rows?.length ?? 0) > CARD_LIMITS.rows ? ['more than seven rows'] : []),
    ...(primary.length > 1 ? ['two primary actions'] : []),
  ];
}

/** Every button leads to a handler that takes what it carries. */
function refProblems(refs: readonly Ref[], { actions }: Pick<BellhopRegistry, 'actions'>): string[] {
  return refs.flatMap(({ id, payload }) => [
    ...(actions.get(id)?.payload.safeParse(payload).success ? [] : [`nothing takes the button ${id} with ${JSON.stringify(payload)}`]),
    ...(JSON.stringify(payload).length > MAX_PAYLOAD_CHARACTERS ? [`a payload too long for ${id}`] : []),
  ]);
}
