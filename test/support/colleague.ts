/** A message as somebody sees it; it may change. */
export interface Shown {
  /** All that can be read on it, buttons excepted. */
  text(): string;
  /** Where its buttons lead to, those in menus among them. */
  actions(): readonly string[];
}

/** What is written into a form, by field: a text, a day, a time or the value of a choice; or people. */
export type Typed = Readonly<Record<string, string | readonly Colleague[]>>;

/** A form that is open. */
export interface Opened {
  /** What stands in a field. */
  standing(field: string): string;
  /** Sends it. @param says what its answer says @returns the message that answers it, or that it became */
  send(typed: Typed, says: string): Promise<Shown>;
  /** Sends what is not taken; the form stays open with what was typed. @returns what is to be mended, by field */
  refused(typed: Typed): Promise<Readonly<Record<string, string>>>;
}

/** What a button carries. */
export type Payload = Readonly<Record<string, unknown>>;

/** Somebody in a real chat window, whatever the platform is. */
export interface Colleague {
  readonly name: string;
  readonly email: string;
  readonly personId: string;
  /** Types a command, such as `seminar list`. @param says what the answer says */
  command(text: string, says: string): Promise<Shown>;
  /** Types a command that opens a form. */
  commandForm(text: string): Promise<Opened>;
  /** Presses a button. @param says what its answer says @returns the message that answers it, or the pressed one as it is then */
  press(shown: Shown, action: string, says: string, fits?: (payload: Payload) => boolean): Promise<Shown>;
  /** Presses a button that opens a form. */
  open(shown: Shown, action: string, fits?: (payload: Payload) => boolean): Promise<Opened>;
  /** Presses a button as an old card has it, or one that somebody has changed on the way. @returns the answer that says this */
  forge(action: string, payload: Payload, says: string): Promise<Shown>;
  /** The newest message in the own chat, or shown to this person alone, that says this; waits for it. */
  hears(says: string): Promise<Shown>;
  /** How many of those messages say this by now. */
  heard(says: string): number;
}
