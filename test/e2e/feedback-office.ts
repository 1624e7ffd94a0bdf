import type { Text } from '../../src/core/text.js';
import type { Album } from '../support/album.js';
import type { Colleague, Shown } from '../support/colleague.js';
import type { TestDatabase } from '../support/database.js';
import type { FakeSmtp } from '../support/fake-smtp.js';
import type { Phone } from '../support/phone.js';

/** A company that listens to its customers, whatever it chats with. */
export interface Office {
  /** Decides what may go to the channel. */
  readonly manager: Colleague;
  readonly marta: Colleague;
  readonly bruno: Colleague;
  /** Dace's line manager. */
  readonly laura: Colleague;
  readonly dace: Colleague;
  /** The channel where feedback goes, as the field of a form names it. */
  readonly postIn: string;
  readonly phone: Phone;
  /** Where the program can be reached. */
  readonly address: string;
  readonly smtp: FakeSmtp;
  readonly database: TestDatabase;
  readonly album: Album;
  /** As the colleagues read it: in English, in Riga. */
  shows(text: Text, zone?: string): string;
  /** The newest message in the channel that says this; waits for it. */
  post(says: string): Promise<Shown>;
  /** Everything that can be read in the channel, and everything that the platform was ever given for it. */
  everInChannel(): string;
  /** A card as the platform took it. */
  raw(shown: Shown): unknown;
  /** The newest file that the bot has sent. */
  lastFile(): Promise<Uint8Array>;
  /** What somebody's chat with the bot says, from the first message to the last. */
  chatOf(colleague: Colleague): string;
}

/** The cast of a story, in the order of the stand-ins' employees. */
export const CAST = ['Marta Kalniņa', 'Bruno Vilks', 'Laura Siliņa', 'Dace Liepiņa'] as const;

/** Where every story begins: Monday 1 March 2027, 10:00 in Riga. */
export const BEGIN = '2027-03-01T08:00Z';
export const ZONE = 'Europe/Riga';
