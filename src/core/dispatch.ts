import type { z } from 'zod';
import { type Card, notice } from './card.js';
import { BellhopError } from './errors.js';
import type { CommandInput, HomeSection, HomeSlot } from './feature.js';
import type { Form, FormErrors, FormValues } from './form.js';
import type { Interaction } from './interaction.js';
import type { Ref } from './ref.js';
import type { Registry } from './registry.js';
import type { Answer, Reply } from './reply.js';
import { hasRole, type Role } from './roles.js';
import { key, type Reader, type Text, words } from './text.js';

/** An interaction, answered. */
export interface Dispatched {
  readonly answer: Answer;
  /** In whose language and zone the answer is to be shown. */
  readonly reader: Reader;
  /** The act was handled before: the answer may be given in the response again, but nothing may be posted again. */
  readonly repeat: boolean;
}

/** What every adapter calls with what its platform sent. Never throws. */
export type Dispatch = (interaction: Interaction) => Promise<Dispatched>;

/** What dispatch needs to know of a handler's context. */
export interface ActorContext {
  readonly role: Role;
  readonly reader: Reader;
}

export interface DispatchPorts<H extends ActorContext> {
  /** Finds organisation, person and role; a card when this person can't be served (guest, stranger, left). */
  readonly resolve: (interaction: Interaction) => Promise<{ readonly context: H } | { readonly refused: Card; readonly reader: Reader }>;
  /** Runs `act` once for a key; a repeat gets the first answer. `settles` tells whether an answer uses the key up. */
  readonly once: (
    onceKey: string,
    settles: (answer: Answer) => boolean,
    act: () => Promise<Answer>,
  ) => Promise<{ readonly answer: Answer; readonly repeat: boolean }>;
  /** Tells whoever operates the bot. Returns the code that the person is shown: `unexpected` or `try_again`. */
  readonly failed: (error: unknown, interaction: Interaction) => 'unexpected' | 'try_again';
}

const HOME_ORDER: readonly HomeSlot[] = ['waiting', 'coming', 'here', 'managers'];

/** Makes the function that every adapter calls. */
export function createDispatch<H extends ActorContext, W, J>(registry: Registry<H, W, J>, ports: DispatchPorts<H>): Dispatch {
  return async (interaction) => {
    let reader: Reader = { locale: interaction.actor.locale ?? 'en', zone: interaction.actor.zone ?? 'UTC' };
    try {
      const resolved = await ports.resolve(interaction);
      reader = 'refused' in resolved ? resolved.reader : resolved.context.reader;
      if ('refused' in resolved) {
        const refused: Answer = { kind: 'whisper', card: resolved.refused };
        // A stranger's reaction was not meant for the bot.
        if (interaction.kind === 'reaction') return { answer: { kind: 'nothing' }, reader, repeat: false };
        if (interaction.kind === 'home') return { answer: refused, reader, repeat: false };
        // Told once too: a platform that sends its event again must not fill a stranger's chat.
        const told = await ports.once(
          interaction.onceKey,
          () => true,
          async () => refused,
        );
        return { ...told, reader };
      }
      const { context } = resolved;
      // Showing where things stand may be repeated; everything else happens once.
      if (interaction.kind === 'home') return { answer: await home(registry, context), reader, repeat: false };
      // Most reactions are no concern of anybody here: not one of them is worth a note. Who acts upon one bears repeats.
      if (interaction.kind === 'reaction') {
        return { answer: await reaction(registry, context, interaction).catch(refusal), reader, repeat: false };
      }
      const once = await ports.once(
        interaction.onceKey,
        // A form that came back with errors was not accepted: the corrected one carries the same key.
        (answer) => answer.kind !== 'errors',
        () => act(registry, context, interaction).catch(refusal),
      );
      return { ...once, reader };
    } catch (error) {
      // Nobody waits for an answer to a reaction.
      if (interaction.kind === 'reaction' && !(error instanceof BellhopError)) {
        ports.failed(error, interaction);
        return { answer: { kind: 'nothing' }, reader, repeat: false };
      }
      return { answer: { kind: 'whisper', card: notice(failure(ports, error, interaction)) }, reader, repeat: false };
    }
  };
}

/** A refusal is an answer like any other: its repeat gets it again. */
function refusal(error: unknown): Answer {
  if (error instanceof BellhopError) return { kind: 'whisper', card: notice(key(error.key, error.params)) };
  throw error;
}

function failure<H extends ActorContext>(ports: DispatchPorts<H>, error: unknown, interaction: Interaction): Text {
  if (error instanceof BellhopError) return key(error.key, error.params);
  return key(`core.errors.${ports.failed(error, interaction)}`, { request: words(interaction.requestId) });
}

type Acting = Exclude<Interaction, { kind: 'home' | 'reaction' }>;

async function act<H extends ActorContext, W, J>(registry: Registry<H, W, J>, context: H, interaction: Acting): Promise<Answer> {
  switch (interaction.kind) {
    case 'message': {
      const typed = withoutCommand(registry, interaction);
      if (typed) return await finish(registry, context, await command(registry, context, typed));
      // Whoever sends a file alone is waiting for something to happen with it.
      if (interaction.files.length > 0) throw new BellhopError('core.file_without_command');
      return await home(registry, context);
    }
    case 'command':
      return await finish(registry, context, await command(registry, context, interaction));
    case 'action':
      return await finish(registry, context, await action(registry, context, interaction.ref));
    case 'shortcut': {
      const found = registry.shortcuts.get(interaction.shortcut);
      if (!found) return outdated(await homeCards(registry, context));
      demandRole(context, found.role);
      return await finish(registry, context, await found.run(context, interaction.message));
    }
    case 'submit':
      return await submit(registry, context, interaction.ref, interaction.values);
  }
}

type CommandInteraction = Extract<Interaction, { kind: 'command' }>;

const HELP = 'help';

/** Words that a verb and what it is about may take when no command is named; a longer message is a sentence. */
const VERB_WORDS = 3;

/** "help" or "language lv", written to the bot directly: there the verb alone says which command is meant. */
function withoutCommand<H extends ActorContext, W, J>(
  registry: Registry<H, W, J>,
  interaction: Extract<Interaction, { kind: 'message' }>,
): CommandInteraction | undefined {
  const [first, ...rest] = interaction.text.replace(/^\//, '').split(/\s+/);
  if (interaction.place.kind !== 'direct' || first === undefined || rest.length >= VERB_WORDS) return undefined;
  const tokens = rest.map((text) => ({ kind: 'word' as const, text }));
  return verbFirst(registry, { ...interaction, kind: 'command', command: first.toLowerCase(), text: rest.join(' '), tokens });
}

/** What was typed with a verb where the command's name belongs, with that name before it. */
function verbFirst<H extends ActorContext, W, J>(registry: Registry<H, W, J>, typed: CommandInteraction): CommandInteraction | undefined {
  const { command: verb, tokens, text } = typed;
  const found = [...registry.commands.values()].find(({ verbs }) => verbs.some(({ name }) => name === verb));
  return found && { ...typed, command: found.name, tokens: [{ kind: 'word', text: verb }, ...tokens], text: `${verb} ${text}` };
}

async function command<H extends ActorContext, W, J>(
  registry: Registry<H, W, J>,
  context: H,
  interaction: CommandInteraction,
): Promise<Reply> {
  const found = registry.commands.get(interaction.command);
  const meant = found ? undefined : verbFirst(registry, interaction);
  if (meant) return await command(registry, context, meant);
  if (!found) return { kind: 'home', cards: await homeCards(registry, context) };
  const [first, ...rest] = interaction.tokens;
  const named = first?.kind === 'word' ? found.verbs.find((verb) => verb.name === first.text.toLowerCase()) : undefined;
  // "/kudos help" asks for the list that is another command's.
  const help = !named && rest.length === 0 && first?.kind === 'word' && first.text.toLowerCase() === HELP;
  const elsewhere = help ? verbFirst(registry, { ...interaction, command: HELP, tokens: [], text: '' }) : undefined;
  if (elsewhere) return await command(registry, context, elsewhere);
  const verb =
    named ??
    (found.free || first === undefined || first.kind !== 'word' ? found.verbs.find((verb) => verb.name === found.bare) : undefined);
  if (!verb) {
    const verbs = found.verbs.filter((candidate) => hasRole(context.role, candidate.role)).map((candidate) => candidate.name);
    throw new BellhopError('core.unknown_verb', {
      command: words(interaction.command),
      verb: words(first?.kind === 'word' ? first.text : ''),
      verbs: words(verbs.join(', ')),
    });
  }
  demandRole(context, verb.role);
  const input: CommandInput = named
    ? { tokens: rest, text: interaction.text.trimStart().slice(verb.name.length).trim(), files: interaction.files }
    : { tokens: interaction.tokens, text: interaction.text.trim(), files: interaction.files };
  return await verb.run(context, input);
}

async function reaction<H extends ActorContext, W, J>(
  registry: Registry<H, W, J>,
  context: H,
  interaction: Extract<Interaction, { kind: 'reaction' }>,
): Promise<Answer> {
  const { added, emoji, message, onceKey } = interaction;
  for (const feature of registry.features) {
    const reply = (await feature.reaction?.(context, { added, emoji, message, onceKey })) ?? { kind: 'nothing' };
    if (reply.kind !== 'nothing') return await finish(registry, context, reply);
  }
  return { kind: 'nothing' };
}

async function action<H extends ActorContext, W, J>(registry: Registry<H, W, J>, context: H, ref: Ref | null): Promise<Reply> {
  const handler = ref ? registry.actions.get(ref.id) : undefined;
  if (!ref || !handler) return outdated(await homeCards(registry, context));
  const payload = handler.payload.safeParse(ref.payload);
  if (!payload.success) {
    const current = await handler.current?.(context, ref.payload);
    return outdated(current ? [current] : await homeCards(registry, context));
  }
  demandRole(context, handler.role);
  return await handler.run(context, payload.data as never);
}

async function submit<H extends ActorContext, W, J>(
  registry: Registry<H, W, J>,
  context: H,
  ref: Ref | null,
  values: FormValues,
): Promise<Answer> {
  const handler = ref ? registry.forms.get(ref.id) : undefined;
  const payload = ref && handler?.payload.safeParse(ref.payload);
  if (!ref || !handler || !payload?.success) return outdated(await homeCards(registry, context)) as Answer;
  demandRole(context, handler.role);
  const refuse = async (errors: FormErrors): Promise<Answer> => ({
    kind: 'errors',
    form: { ref, ...(await handler.build(context, payload.data as never)) },
    values,
    errors,
  });
  const input = handler.input.safeParse(values);
  if (!input.success) return await refuse(fieldErrors(input.error));
  try {
    const reply = await handler.submit(context, { payload: payload.data, input: input.data } as never);
    return reply.kind === 'errors' ? await refuse(reply.errors) : await finish(registry, context, reply);
  } catch (error) {
    if (error instanceof BellhopError) return await refuse({ form: key(error.key, error.params) });
    throw error;
  }
}

/** Builds the form that a handler asked to open. */
async function finish<H extends ActorContext, W, J>(registry: Registry<H, W, J>, context: H, reply: Reply): Promise<Answer> {
  if (reply.kind === 'errors') throw new Error('Form errors can only answer a form.');
  if (reply.kind !== 'open') return reply;
  const handler = registry.forms.get(reply.ref.id);
  if (!handler) throw new Error(`There is no form ${reply.ref.id}.`);
  demandRole(context, handler.role);
  const form: Form = { ref: reply.ref, ...(await handler.build(context, handler.payload.parse(reply.ref.payload) as never)) };
  return { kind: 'form', form };
}

function demandRole(context: ActorContext, needed: Role): void {
  if (!hasRole(context.role, needed)) throw new BellhopError('core.role_needed', { role: { kind: 'select', value: needed } });
}

/** The message of each issue is a catalogue key; the first one of a field is shown at it. */
function fieldErrors(error: z.ZodError): FormErrors {
  const errors: Record<string, ReturnType<typeof key>> = {};
  for (const issue of error.issues) {
    const field = typeof issue.path[0] === 'string' ? issue.path[0] : 'form';
    const isKey = /^[a-z]+(\.[a-z0-9_]+)+$/.test(issue.message);
    errors[field] ??= key(isKey ? issue.message : 'core.errors.field_invalid');
  }
  return errors;
}

/** "This card is out of date; here is the current one." */
function outdated(current: readonly Card[]): Reply & Answer {
  return { kind: 'home', cards: [notice(key('core.errors.card_outdated')), ...current] };
}

async function home<H extends ActorContext, W, J>(registry: Registry<H, W, J>, context: H): Promise<Answer> {
  return { kind: 'home', cards: await homeCards(registry, context) };
}

/** App Home: the sections of all features, in their order. */
export async function homeCards<H, W, J>(registry: Registry<H, W, J>, context: H): Promise<Card[]> {
  const sections: HomeSection[] = [];
  for (const feature of registry.features) sections.push(...((await feature.home?.(context)) ?? []));
  if (!sections.some((section) => section.slot === 'waiting')) {
    sections.push({ slot: 'waiting', card: { ...notice(key('core.home.nothing_waits')), title: key('core.home.waiting') } });
  }
  return HOME_ORDER.flatMap((slot) => sections.filter((section) => section.slot === slot).map((section) => section.card));
}
