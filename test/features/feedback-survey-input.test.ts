import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Submission } from '../../src/core/web.js';
import { spokenIn } from '../../src/features/feedback/labels.js';
import type { Question } from '../../src/features/feedback/model.js';
import { isSlug, readThanksToken, surveyPath, thanksToken } from '../../src/features/feedback/survey/addresses.js';
import { readAnswers } from '../../src/features/feedback/survey/answers.js';
import { doubtsOf } from '../../src/features/feedback/survey/doubts.js';
import type { Survey } from '../../src/features/feedback/survey/store-survey.js';
import { offeredLanguages, visitorLocale } from '../../src/features/feedback/survey/tongue.js';
import { testVault, text } from '../support/builders.js';

const question = (key: string, kind: Question['kind']): Question => ({ id: key, key, kind, labels: {}, position: 0, retired: false });
const QUESTIONS = [question('overall', 'five'), question('mood', 'smileys'), question('recommend', 'nps'), question('better', 'open')];
const SURVEY: Survey = {
  id: 'page',
  slug: 'old-town',
  name: 'Old Town',
  locationId: null,
  asksContact: true,
  asksServedBy: true,
  intro: {},
  thanks: {},
  closedAt: null,
  asked: QUESTIONS.slice(0, 2),
  questions: QUESTIONS,
  basis: { questions: QUESTIONS, lowStars: 2 },
  colour: null,
  logoPictureId: null,
  consent: { id: 'consent-2', texts: { en: 'I agree.' } },
};

const read = (values: Readonly<Record<string, string>>) =>
  readAnswers({ form: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]])) }, SURVEY);
/** What has to be mended, by field. */
const wrong = (values: Readonly<Record<string, string>>) => {
  const found = read(values);
  if (!('mending' in found)) return 'taken';
  const { errors, error } = found.mending;
  return { ...Object.fromEntries(Object.entries(errors).map(([name, told]) => [name, text(told)])), ...(error && { form: text(error) }) };
};

describe('What comes from a survey page', () => {
  it('is read with everything that was answered, of questions too that the page no longer asks', () => {
    const values = {
      'q-overall': '1',
      'q-mood': '5',
      'q-recommend': '0',
      'q-better': ' Less\r\nnoise ',
      kind: 'complaint',
      'served-by': ' Ana  K. ',
    };
    expect(read(values)).toEqual({
      answers: {
        ratings: [
          { questionId: 'overall', value: 1 },
          { questionId: 'mood', value: 5 },
          { questionId: 'recommend', value: 0 },
        ],
        words: [{ questionId: 'better', words: 'Less\nnoise' }],
        kind: 'complaint',
        servedBy: 'Ana K.',
      },
    });
  });

  it('needs a rating or a word', () => {
    const nothing = { form: 'feedback.survey.error_nothing' };
    expect(wrong({})).toEqual(nothing);
    expect(wrong({ 'q-overall': '', 'q-better': ' \n ', kind: 'praise', 'served-by': 'Ana' })).toEqual(nothing);
    expect(wrong({ 'q-recommend': '0' })).toBe('taken');
    expect(wrong({ 'q-better': '👍' })).toBe('taken');
  });

  it('names every field that has to be mended, and keeps what was typed', () => {
    const values = {
      'q-overall': '6',
      'q-mood': '0',
      'q-recommend': '1e1',
      'q-better': 'x'.repeat(4_001),
      kind: 'bomb',
      'served-by': 'y'.repeat(121),
      'contact-name': 'Ieva',
      'contact-email': 'ieva at example',
      'contact-phone': 'call me',
    };
    expect(wrong(values)).toEqual({
      'q-overall': 'feedback.survey.error_choose',
      'q-mood': 'feedback.survey.error_choose',
      'q-recommend': 'feedback.survey.error_choose',
      'q-better': 'feedback.survey.error_long(most=4000, count=4001)',
      kind: 'feedback.survey.error_choose',
      'served-by': 'feedback.survey.error_long(most=120, count=121)',
      'contact-email': 'feedback.survey.error_email',
      'contact-phone': 'feedback.survey.error_phone',
      consent: 'feedback.survey.error_consent',
    });
    expect(read(values)).toMatchObject({ mending: { typed: values } });
    // Exactly as much as there is room for, with line ends as a browser sends them.
    expect(wrong({ 'q-better': `${'x'.repeat(3_998)}\r\nx` })).toBe('taken');
  });

  it('takes a contact with the tick at the words that were shown, and never without', () => {
    const contact = { 'q-overall': '2', 'contact-email': 'ieva@example.com' };
    expect(wrong(contact)).toEqual({ consent: 'feedback.survey.error_consent' });
    expect(wrong({ ...contact, 'consent-id': 'consent-2' })).toEqual({ consent: 'feedback.survey.error_consent' });
    const old = { ...contact, consent: 'yes', 'consent-id': 'consent-1' };
    expect(wrong(old)).toEqual({ consent: 'feedback.survey.error_consent_changed' });
    expect(read(old)).toMatchObject({ mending: { typed: expect.not.objectContaining({ consent: 'yes' }) } });
    expect(read({ ...old, 'consent-id': 'consent-2' })).toMatchObject({ answers: { contact: { email: 'ieva@example.com' } } });
    // A tick alone is no contact.
    expect(read({ 'q-overall': '2', consent: 'yes' })).toEqual({
      answers: { ratings: [{ questionId: 'overall', value: 2 }], words: [], servedBy: '' },
    });
  });

  it('is answered for whatever else arrives', () => {
    const names = fc.constantFrom(
      'q-overall',
      'q-mood',
      'q-recommend',
      'q-better',
      'kind',
      'served-by',
      'contact-email',
      'consent',
      '__proto__',
      'x',
    );
    const form = fc.dictionary(names, fc.array(fc.string({ unit: 'binary', maxLength: 60 }), { maxLength: 3 }));
    fc.assert(
      fc.property(form, (made) => {
        const found = readAnswers({ form: made }, SURVEY);
        if ('answers' in found) expect(found.answers.ratings.length + found.answers.words.length).toBeGreaterThan(0);
        else expect(Object.keys(found.mending.errors).length + (found.mending.error ? 1 : 0)).toBeGreaterThan(0);
      }),
    );
  });
});

describe('Doubts', () => {
  const person: Submission = { id: 'a', seconds: 40, honeypot: false, proof: 'solved' };
  const LINK = 'Cheap shoes at https://spam.example/now today';

  it.each<[string, Partial<Submission>, string[], string[]]>([
    ['somebody with a browser', {}, ['The queue was long.'], []],
    ['somebody quick with a browser', { seconds: 1 }, [], []],
    ['somebody without JavaScript', { proof: 'none' }, ['I booked at booking.com; write to me: ana@example.com'], []],
    ['who sends a few words at once, without a proof', { proof: 'none', seconds: 1 }, ['Hello'], []],
    ['who sends more at once than anybody types', { proof: 'none', seconds: 2 }, ['Hello '.repeat(40)], ['too_quick']],
    ['who fills in what nobody sees', { honeypot: true }, ['Hello'], ['hidden_field']],
    ['whose proof is made up', { proof: 'wrong' }, ['Hello'], ['wrong_proof']],
    ['whose ticket is', { seconds: undefined, proof: 'none' }, ['Hello'], ['wrong_proof']],
    ['who names an address', { proof: 'none' }, [LINK], ['unproven_links']],
    ['who names one, with a proof', {}, [LINK], []],
    ['who names a path only', { proof: 'none' }, ['see spam.example/shoes now please'], ['unproven_links']],
    ['who names many', {}, [`${LINK} ${LINK} and www.spam.example`], ['many_links']],
    ['who names nothing else', {}, ['https://spam.example'], ['many_links']],
    ['who writes markup', { proof: 'none' }, ['<a href="x">shoes</a> for everyone here', '[url=x]y'], ['unproven_links']],
  ])('of %s', (_who, change, typed, doubts) => {
    expect(doubtsOf({ ...person, ...change }, typed)).toEqual(doubts);
  });

  it('takes its time for no text', () => {
    const began = performance.now();
    for (const part of ['a.', '[url', 'www.', 'a', '://', '-', 'ž.ž/']) doubtsOf(person, [part.repeat(4_000 / part.length)]);
    expect(performance.now() - began).toBeLessThan(500);
  });
});

describe('Addresses', () => {
  it('are made of small letters, digits and hyphens', () => {
    for (const slug of ['a', 'old-town', '7f3a', 'a'.repeat(60)]) expect(isSlug(slug), slug).toBe(true);
    for (const slug of ['', '-a', 'a-', 'A', 'ā', 'a b', 'a/b', '..', 'a'.repeat(61)]) expect(isSlug(slug), slug).toBe(false);
  });

  it('keep the way that somebody came', () => {
    expect(surveyPath('old-town')).toBe('/f/old-town');
    expect(surveyPath('old-town', { lang: 'lv', byCard: true }, '/thanks/x')).toBe('/f/old-town/thanks/x?lang=lv&via=card');
  });

  it('of thanks are made by the bot alone', () => {
    const thanked = { reference: '7K3MQ2XA', reachable: true };
    const token = thanksToken(testVault, thanked);
    expect(readThanksToken(testVault, token)).toEqual(thanked);
    const others = [token.replace('7K', '8K'), token.replace('.a.', '.n.'), `${token}0`, token.slice(0, -1), '', '..', token.toUpperCase()];
    for (const other of others) expect(readThanksToken(testVault, other), other).toBeUndefined();
  });
});

describe('Languages', () => {
  it('are Bellhop’s own and those of the page’s words, by their own names', () => {
    expect(offeredLanguages({ en: 'Hi', ru: 'Привет' }, { de: 'Danke' })).toEqual([
      { locale: 'en', label: 'English' },
      { locale: 'lv', label: 'Latviešu' },
      { locale: 'de', label: 'Deutsch' },
      { locale: 'ru', label: 'Русский' },
    ]);
  });

  it('go by the switch, then the browser, then the organisation', () => {
    const offered = ['en', 'lv'];
    expect(visitorLocale('lv', ['en-GB'], offered, 'en')).toBe('lv');
    expect(visitorLocale('xx', ['de', 'lv-LV'], offered, 'en')).toBe('lv');
    expect(visitorLocale(undefined, ['de'], offered, 'lv')).toBe('lv');
    expect(visitorLocale(undefined, [], offered, 'fi')).toBe('en');
    expect(spokenIn({ lv: 'Sveiki', en: '' }, 'en', 'lv')).toEqual({ locale: 'lv', text: 'Sveiki' });
    expect(spokenIn({}, 'en', 'lv')).toBeUndefined();
  });
});
