import { AdaptiveCard, HostConfig, SerializationContext, ValidationEvent, Versions } from 'adaptivecards';

const CARD_BYTES = 28 * 1024;
/** Teams shows six buttons of a row and drops the others (Teams, "Cards reference"). */
const MOST_BUTTONS = 6;

/** Buttons that do something, by where they stand: dialogs know no Action.Execute, and our messages no other sort. */
const BUTTONS = { message: 'Action.Execute', dialog: 'Action.Submit' } as const;

/** What Teams would refuse or show wrongly in a card; empty when all is well. */
export function cardProblems(content: unknown, place: keyof typeof BUTTONS = 'message'): string[] {
  const problems: string[] = [];
  if (typeof content !== 'object' || content === null) return ['not a card'];
  const bytes = Buffer.byteLength(JSON.stringify(content));
  if (bytes > CARD_BYTES) problems.push(`${bytes} bytes`);
  if (!('version' in content) || content.version !== '1.5') problems.push('not version 1.5');
  const card = new AdaptiveCard();
  // Six buttons stand in a row; those in the menu are not counted by Teams.
  card.hostConfig = new HostConfig({ actions: { maxActions: 50 } });
  const context = new SerializationContext(Versions.v1_5);
  card.parse(content, context);
  for (let index = 0; index < context.eventCount; index++) {
    const event = context.getEventAt(index);
    problems.push(`${ValidationEvent[event.event]}: ${event.message}`);
  }
  for (const event of card.validateProperties().validationEvents) problems.push(`${ValidationEvent[event.event]}: ${event.message}`);
  const ids = new Set<string>();
  const targets = new Set<string>();
  walk(content, (node) => {
    const { type } = node;
    if (typeof node.id === 'string') {
      if (ids.has(node.id)) problems.push(`the id ${node.id} twice`);
      ids.add(node.id);
    }
    if (Array.isArray(node.targetElements))
      for (const { elementId } of node.targetElements as { elementId: string }[]) targets.add(elementId);
    if (type === 'TextBlock' || type === 'FactSet') {
      // Both read Markdown: nothing that could be taken for it may stand there.
      const texts =
        type === 'TextBlock'
          ? [node.text]
          : (node.facts as { title: string; value: string }[]).flatMap(({ title, value }) => [title, value]);
      for (const text of texts) if (/[*_[\]<>`]/.test(String(text))) problems.push(`Markdown in a ${type}: ${text}`);
    }
    if (typeof node.text === 'string' && /\{\{\s*(DATE|TIME)\s*\(/i.test(node.text)) problems.push('a function that Teams fills in');
    if (type === 'Input.ChoiceSet' && node.isMultiSelect) {
      for (const { value } of node.choices as { value: string }[]) if (value.includes(',')) problems.push('a comma in a choice of many');
    }
    if (type === 'Image') problems.push(...imageProblems(node));
    if ((type === 'Action.Execute' || type === 'Action.Submit') && type !== BUTTONS[place]) problems.push(`an ${type} in a ${place}`);
    for (const list of [node.actions]) {
      if (!Array.isArray(list)) continue;
      if (list.filter((action: { mode?: string }) => action.mode !== 'secondary').length > MOST_BUTTONS)
        problems.push('more than six buttons');
      for (const action of list as { title?: string }[]) if (!action.title) problems.push('a button without a title');
    }
  });
  for (const target of targets) if (!ids.has(target)) problems.push(`nothing is called ${target}`);
  return problems;
}

/** Pictures come over https, or within the card as a PNG, JPEG or GIF; and whoever can't see them reads what they are. */
function imageProblems({ url, altText, size, style }: Record<string, unknown>): string[] {
  const isData = /^data:image\/(png|jpe?g|gif);base64,[A-Za-z0-9+/]+=*$/.test(String(url));
  return [
    ...(isData || (URL.canParse(String(url)) && new URL(String(url)).protocol === 'https:') ? [] : [`a picture at ${url}`]),
    ...(typeof altText === 'string' && altText.trim() !== '' ? [] : ['a picture without an alternative text']),
    ...(['auto', 'stretch', 'small', 'medium', 'large'].includes(String(size ?? 'auto')) ? [] : [`a picture of size ${size}`]),
    ...(['default', 'person'].includes(String(style ?? 'default')) ? [] : [`a picture of style ${style}`]),
  ];
}

function walk(value: unknown, visit: (node: Record<string, unknown>) => void): void {
  if (Array.isArray(value)) for (const one of value) walk(one, visit);
  else if (typeof value === 'object' && value !== null) {
    visit(value as Record<string, unknown>);
    for (const [name, one] of Object.entries(value)) if (name !== 'data') walk(one, visit);
  }
}

/** Everything that can be read on a card, one line per text. */
export function cardText(card: unknown): string {
  const lines: string[] = [];
  walk(card, (node) => {
    if (node.type === 'TextBlock') lines.push(String(node.text));
    if (node.type === 'RichTextBlock') lines.push((node.inlines as { text: string }[]).map((run) => run.text).join(''));
    if (node.type === 'FactSet')
      for (const { title, value } of node.facts as { title: string; value: string }[]) lines.push(`${title}: ${value}`);
  });
  return lines.join('\n');
}

export interface CardButton {
  readonly type: string;
  readonly title: string;
  readonly verb?: string;
  readonly data?: Record<string, unknown>;
  readonly url?: string;
  readonly mode?: string;
}

export function cardButtons(card: unknown): CardButton[] {
  const found: CardButton[] = [];
  walk(card, (node) => {
    if (Array.isArray(node.actions)) found.push(...(node.actions as CardButton[]));
  });
  return found;
}

export interface CardInput {
  readonly id: string;
  readonly type: string;
  readonly value?: string;
  readonly isRequired?: boolean;
}

export function cardInputs(card: unknown): CardInput[] {
  const found: CardInput[] = [];
  walk(card, (node) => {
    if (typeof node.type === 'string' && node.type.startsWith('Input.')) found.push(node as unknown as CardInput);
  });
  return found;
}
