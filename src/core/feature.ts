import type { z } from 'zod';
import type { ButtonAction, Card } from './card.js';
import type { FileHandle, Form } from './form.js';
import type { CommandToken, QuotedMessage } from './interaction.js';
import type { MailContent, MailEnvelope } from './mail.js';
import type { RecordOwner, RecordSection } from './record.js';
import type { RefPayload } from './ref.js';
import type { Reply } from './reply.js';
import type { Role } from './roles.js';
import type { Reader, Text } from './text.js';
import type { WebRoute } from './web.js';

/**
 * What a feature offers. `H` is the context of a handler that answers a person, `W` that of work that
 * nobody waits for, `J` that of a job's batch, inside its transaction; all are bound once, in people/handlers.ts.
 */
export interface Feature<H, W, J> {
  /** Also the first part of its ids and catalogue keys. */
  readonly name: string;
  readonly commands?: readonly Command<H>[];
  readonly actions?: readonly ActionHandler<H>[];
  readonly forms?: readonly FormHandler<H>[];
  readonly messages?: readonly MessageSpec<W>[];
  readonly mails?: readonly MailSpec<W>[];
  readonly shortcuts?: readonly Shortcut<H>[];
  /** Asked about every reaction that the bot hears of; `nothing` when it is no concern of the feature. Must bear repeats. */
  readonly reaction?: (context: H, reaction: Reaction) => Promise<Reply>;
  readonly jobs?: readonly JobSpec<J>[];
  readonly sweeps?: readonly Sweep<W>[];
  /** Its pages and feeds on the bot's own web door. */
  readonly routes?: readonly WebRoute<W>[];
  /** Removes what it keeps of a person's words and names; what proves something stays without them. In the erasure's transaction. */
  readonly erase?: (context: J, personId: string) => Promise<void>;
  /** Its part of App Home and of the welcome. */
  readonly home?: (context: H) => Promise<readonly HomeSection[]>;
  /** Its part of a person's record. Asked only for whom the actor may open it (people/record-access). */
  readonly record?: (context: H, owner: RecordOwner) => Promise<RecordSection>;
}

/** What waits for me, what is coming, what I can do here; under it, what waits for managers. */
export type HomeSlot = 'waiting' | 'coming' | 'here' | 'managers';
export interface HomeSection {
  readonly slot: HomeSlot;
  readonly card: Card;
}

/** `/handbook status`: a command with its verbs. */
export interface Command<H> {
  readonly name: string;
  readonly verbs: readonly Verb<H>[];
  /** What the bare command does: the name of one of the verbs. */
  readonly bare: string;
  /** Whatever begins with no verb is for the bare one too: `/kudos Ana for calming a guest`. */
  readonly free?: boolean;
}

/** An entry of the platform's own menus, at a message or where one writes. */
export interface Shortcut<H> {
  readonly id: string;
  readonly role: Role;
  readonly run: (context: H, message: QuotedMessage | undefined) => Promise<Reply>;
}

export interface Reaction {
  readonly added: boolean;
  readonly emoji: string;
  readonly message: QuotedMessage;
  /** The act's own key, for whoever acts upon it: nothing was noted of it before. */
  readonly onceKey: string;
}

export interface Verb<H> {
  readonly name: string;
  readonly role: Role;
  /** One line of help. */
  readonly describe: Text;
  /** What follows the verb, for the help: `[@person]`. */
  readonly usage?: string;
  readonly run: (context: H, input: CommandInput) => Promise<Reply>;
}

export interface CommandInput {
  /** What follows the verb. */
  readonly tokens: readonly CommandToken[];
  readonly text: string;
  readonly files: readonly FileHandle[];
}

export interface ActionHandler<H> {
  readonly id: string;
  readonly role: Role;
  readonly payload: z.ZodType;
  readonly run: (context: H, payload: never) => Promise<Reply>;
  /** What stands for an outdated card of this action, as far as its payload can still be read; the general answer otherwise. */
  readonly current?: (context: H, raw: RefPayload) => Promise<Card | undefined>;
}

export interface FormHandler<H> {
  readonly id: string;
  readonly role: Role;
  readonly payload: z.ZodType;
  /** Checks the filled-in values. The messages of its issues are catalogue keys. */
  readonly input: z.ZodType;
  readonly build: (context: H, payload: never) => Promise<Omit<Form, 'ref'>>;
  readonly submit: (context: H, sent: never) => Promise<Reply>;
}

/** A message that goes out by itself, composed at the moment of sending. */
export interface MessageSpec<W> {
  readonly id: string;
  readonly payload: z.ZodType;
  /** Asked when a worker takes the delivery: a code when it is no longer true or wanted, null when it may go. */
  readonly guard?: (context: W, payload: never) => Promise<string | null>;
  /** The card as things stand now; also what a refresh shows. */
  readonly card: (context: W, payload: never) => Promise<Card>;
  /** The message as one line, where several are merged into one; needed by every message that counts to the daily cap. */
  readonly line?: (context: W, payload: never) => Promise<MergedLine>;
}

export interface MergedLine {
  readonly text: Text;
  readonly action?: ButtonAction;
}

/** An e-mail that goes out by itself, composed at the moment of sending. Enqueued only where `Work.sendsMail`. */
export interface MailSpec<W> {
  readonly id: string;
  readonly payload: z.ZodType;
  /** Asked when a worker takes the mail: a code when it is no longer true or wanted, null when it may go. */
  readonly guard?: (context: W, payload: never) => Promise<string | null>;
  /**
   * @param reader whose language and zone the mail will be in, for what is written as it stands (the calendar's words)
   * @param envelope who the two are, for a calendar that names them; no words for the log
   */
  readonly compose: (context: W, payload: never, reader: Reader, envelope: MailEnvelope) => Promise<MailContent>;
}

/** Work in batches. Each batch runs in one transaction with the cursor that it ends at. */
export interface JobSpec<J> {
  readonly kind: string;
  readonly payload: z.ZodType;
  readonly run: (context: J, payload: never, cursor: unknown) => Promise<JobProgress>;
}

/** `next` is where the next batch begins (after `waitMs`, if given); `done` ends the job. */
export type JobProgress = { readonly next: unknown; readonly waitMs?: number } | { readonly done: true };

/** Looks at every tick (each minute) for what is due in one organisation. Runs in one process at a time. */
export interface Sweep<W> {
  readonly id: string;
  readonly run: (context: W) => Promise<void>;
}

/** The definers bound to the contexts: they give handlers their inferred types and the registry one plain shape. */
export function definers<H, W, J>() {
  return {
    action: <P extends z.ZodType>(spec: {
      id: string;
      role: Role;
      payload: P;
      run: (context: H, payload: z.output<P>) => Promise<Reply>;
      current?: (context: H, raw: RefPayload) => Promise<Card | undefined>;
    }): ActionHandler<H> => spec as ActionHandler<H>,

    form: <P extends z.ZodType, I extends z.ZodType>(spec: {
      id: string;
      role: Role;
      payload: P;
      input: I;
      build: (context: H, payload: z.output<P>) => Promise<Omit<Form, 'ref'>>;
      submit: (context: H, sent: { payload: z.output<P>; input: z.output<I> }) => Promise<Reply>;
    }): FormHandler<H> => spec as FormHandler<H>,

    message: <P extends z.ZodType>(spec: {
      id: string;
      payload: P;
      guard?: (context: W, payload: z.output<P>) => Promise<string | null>;
      card: (context: W, payload: z.output<P>) => Promise<Card>;
      line?: (context: W, payload: z.output<P>) => Promise<MergedLine>;
    }): MessageSpec<W> => spec as MessageSpec<W>,

    mail: <P extends z.ZodType>(spec: {
      id: string;
      payload: P;
      guard?: (context: W, payload: z.output<P>) => Promise<string | null>;
      compose: (context: W, payload: z.output<P>, reader: Reader, envelope: MailEnvelope) => Promise<MailContent>;
    }): MailSpec<W> => spec as MailSpec<W>,

    job: <P extends z.ZodType>(spec: {
      kind: string;
      payload: P;
      run: (context: J, payload: z.output<P>, cursor: unknown) => Promise<JobProgress>;
    }): JobSpec<J> => spec as JobSpec<J>,

    feature: (spec: Feature<H, W, J>): Feature<H, W, J> => spec,
  };
}
