import type { Page, PageBlock, PageField, PageForm } from '../../src/core/page.js';
import { key, type Text, words } from '../../src/core/text.js';

// Pages as a feature makes them, with every block and field that there is. Their words are nobody's catalogue.

const LANGUAGES = [
  { locale: 'en', label: 'English', href: '/f/lobby?lang=en' },
  { locale: 'lv', label: 'Latviešu', href: '/f/lobby?lang=lv' },
] as const;

export function aPage(blocks: readonly PageBlock[], given: Partial<Page> = {}): Page {
  return {
    title: words('How was your visit?'),
    locale: 'en',
    zone: 'Europe/Riga',
    theme: { name: 'Hotel Rīga', colour: '#ffd23f', logo: { url: LOGO, alt: 'Hotel Rīga' } },
    languages: LANGUAGES,
    blocks,
    ...given,
  };
}

const LOGO = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 44 44"><rect width="44" height="44" rx="8" fill="#8c1d40"/><path d="M12 30V14l10 8 10-8v16" fill="none" stroke="#fff" stroke-width="4"/></svg>')}`;

export interface Filled {
  /** By field name, as typed. */
  readonly typed?: Readonly<Record<string, string | undefined>>;
  readonly errors?: Readonly<Record<string, Text>>;
}

const scale = (name: string, label: string, more: object): PageField =>
  ({ kind: 'scale', name, label: words(label), style: 'stars', from: 1, to: 5, ...more }) as PageField;

/** Every field that there is. */
export function surveyForm({ typed = {}, errors = {} }: Filled = {}): PageForm {
  const fields: readonly PageField[] = [
    scale('overall', 'Overall', { low: words('Very poor'), high: words('Excellent') }),
    scale('courtesy', 'Courtesy', { style: 'smileys', optional: true }),
    scale('recommend', 'Would you recommend us to a friend?', {
      style: 'numbers',
      from: 0,
      to: 10,
      low: words('Not at all'),
      high: words('Certainly'),
      optional: true,
    }),
    {
      kind: 'text',
      name: 'words',
      label: words('What happened?'),
      hint: words('Tell us as much as you like.'),
      multiline: true,
      maxLength: 2000,
      optional: true,
    },
    {
      kind: 'choice',
      name: 'served',
      style: 'menu',
      label: words('Who served you?'),
      optional: true,
      options: ['Ana', 'Marco'].map((name) => ({ value: name, label: words(name) })),
    },
    {
      kind: 'choice',
      name: 'answer',
      label: words('May we answer you?'),
      options: [
        { value: 'yes', label: words('Yes, by e-mail') },
        { value: 'no', label: words('No, thank you') },
      ],
    },
    { kind: 'text', name: 'email', type: 'email', autocomplete: 'email', label: words('E-mail'), optional: true, maxLength: 200 },
    { kind: 'check', name: 'consent', label: words('You may keep my address until this is settled.'), optional: true },
  ];
  return {
    action: '/f/lobby?lang=en',
    submit: words('Send'),
    hidden: { version: '3' },
    fields: fields.map((field) => {
      const error = errors[field.name];
      const initial = field.kind === 'check' ? typed[field.name] === 'yes' : typed[field.name];
      return { ...field, ...(initial !== undefined && { initial }), ...(error && { error }) } as PageField;
    }),
  };
}

export const surveyPage = (filled: Filled = {}): Page =>
  aPage([
    { kind: 'text', text: words('Two minutes, and the right people read it today.') },
    { kind: 'form', form: surveyForm(filled) },
    { kind: 'text', quiet: true, text: words('What you write goes to the hotel, and to nobody else.') },
  ]);

export const wrongPage = (typed: Filled['typed'] = {}): Page =>
  surveyPage({
    typed: { words: 'The room was <b>cold</b>', ...typed },
    errors: { overall: key('core.ui.required'), answer: key('core.ui.required'), email: words('This is no e-mail address.') },
  });

export const thanksPage: Page = aPage(
  [
    {
      kind: 'notice',
      tone: 'thanks',
      title: words('Thank you, this helps.'),
      text: words('Whoever can mend it reads it today.'),
    },
    { kind: 'facts', facts: [{ label: words('Your number'), value: words('F-1024') }] },
    { kind: 'link', label: words('Tell us something else'), href: '/f/lobby' },
  ],
  { title: words('Thank you') },
);

export const conversationPage: Page = aPage(
  [
    { kind: 'notice', tone: 'info', title: words('We are looking into it.') },
    { kind: 'heading', text: words('What was written') },
    {
      kind: 'conversation',
      messages: [
        { by: words('You'), at: words('Tuesday, 10:04'), words: 'The room was cold.\nAll night.', ours: false },
        {
          by: words('Ana, Hotel Rīga'),
          at: words('Tuesday, 11:30'),
          words: 'I am sorry. The heating is mended; may I offer you…',
          ours: true,
        },
        { by: words('You'), at: words('Tuesday, 12:00'), words: 'שלום, תודה רבה', ours: false },
      ],
    },
    {
      kind: 'form',
      form: {
        action: '/f/lobby',
        submit: words('Send'),
        fields: [{ kind: 'text', name: 'words', label: words('Your answer'), multiline: true, maxLength: 2000 }],
      },
    },
    { kind: 'link', style: 'button', label: words('It is put right'), href: '/f/lobby' },
  ],
  { title: words('Your complaint'), theme: { name: 'Hotel Rīga', colour: '#8c1d40' } },
);
