import type { z } from 'zod';
import { key, plain, type Text, words } from '../../../core/text.js';
import type { WebReply, WebRequest } from '../../../core/web.js';
import type { WorkContext } from '../../../people/handlers.js';
import type { HookProblem } from './body.js';
import type { SignatureProblem } from './signature.js';

export type ProblemCode =
  | SignatureProblem
  | 'not_json'
  | 'invalid'
  | 'id_used'
  | 'type'
  | 'too_long'
  | 'out_of_range'
  | 'date_range'
  | 'format'
  | 'unknown_field'
  | 'unknown_question'
  | 'unknown_location'
  | 'unknown_page'
  | 'not_a_scale'
  | 'not_open'
  | 'nothing_said'
  | 'too_many_answers'
  | 'consent_needed';

const TEXTS: Readonly<Record<ProblemCode, string>> = {
  headers_missing: 'feedback.hook.headers_missing',
  id_invalid: 'feedback.hook.id_invalid',
  timestamp_invalid: 'feedback.hook.timestamp_invalid',
  too_old: 'feedback.hook.too_old',
  too_new: 'feedback.hook.too_new',
  signature_wrong: 'feedback.hook.signature_wrong',
  not_json: 'feedback.hook.not_json',
  invalid: 'feedback.hook.invalid',
  id_used: 'feedback.hook.id_used',
  type: 'feedback.hook.type',
  too_long: 'feedback.hook.too_long',
  out_of_range: 'feedback.hook.out_of_range',
  date_range: 'feedback.hook.date_range',
  format: 'feedback.hook.format',
  unknown_field: 'feedback.hook.unknown_field',
  unknown_question: 'feedback.hook.unknown_question',
  unknown_location: 'feedback.hook.unknown_location',
  unknown_page: 'feedback.hook.unknown_page',
  not_a_scale: 'feedback.hook.not_a_scale',
  not_open: 'feedback.hook.not_open',
  nothing_said: 'feedback.hook.nothing_said',
  too_many_answers: 'feedback.hook.too_many_answers',
  consent_needed: 'feedback.hook.consent_needed',
};

/** Something wrong at one place of a body. */
export interface Detail {
  /** `ratings.overall`. */
  readonly path: string;
  readonly code: ProblemCode;
  readonly params?: Readonly<Record<string, Text | number>>;
}

/** The most that one answer tells: who sends fifty wrong fields has one mistake. */
const MOST_DETAILS = 20;
/** Characters of a path that somebody made up. */
const LONGEST_PATH = 100;

/** An answer with its words in the language that the request asks for, English otherwise. */
export function problem(
  context: Pick<WorkContext, 'localise'>,
  request: Pick<WebRequest, 'acceptsLanguages'>,
  status: 400 | 401 | 409 | 422,
  code: ProblemCode,
  details: readonly Detail[] = [],
): WebReply {
  const reader = { locale: request.acceptsLanguages[0] ?? 'en', zone: 'UTC' };
  const say = (wanted: ProblemCode, params?: Detail['params']) => plain(context.localise(key(TEXTS[wanted], params), reader));
  const json: HookProblem = {
    error: {
      code,
      message: say(code),
      ...(details.length > 0 && {
        details: details.slice(0, MOST_DETAILS).map((detail) => ({
          path: detail.path.slice(0, LONGEST_PATH),
          code: detail.code,
          message: say(detail.code, detail.params),
        })),
      }),
    },
  };
  return { status, json };
}

/** zod's issues in our words: where, what, and the bound that was passed. */
export function detailsOf(error: z.ZodError): readonly Detail[] {
  return error.issues.flatMap((issue): Detail[] => {
    const path = issue.path.map(String).join('.');
    switch (issue.code) {
      case 'unrecognized_keys':
        return issue.keys.map((name) => ({ path: [...issue.path.map(String), name].join('.'), code: 'unknown_field' }));
      case 'too_big':
        return issue.origin === 'string'
          ? [{ path, code: 'too_long', params: { most: Number(issue.maximum) } }]
          : [{ path, code: 'out_of_range' }];
      case 'too_small':
        return [{ path, code: 'out_of_range' }];
      case 'invalid_format':
        return [{ path, code: 'format' }];
      case 'invalid_value':
        return [
          path.endsWith('consent')
            ? { path, code: 'consent_needed' }
            : { path, code: 'format', params: { expected: words(issue.values.map(String).join(', ')) } },
        ];
      case 'invalid_key':
        return [{ path, code: 'unknown_question' }];
      case 'custom':
        return [{ path, code: issue.message === 'too_many_answers' ? 'too_many_answers' : 'nothing_said' }];
      default:
        return [{ path, code: 'type' }];
    }
  });
}
