import { type Ref, ref } from '../../../core/ref.js';

/** Where buttons of themes lead that no other part has. */
export const within = {
  edit: (themeId: string): Ref => ref('feedback.theme_edit', { themeId }),
  add: (): Ref => ref('feedback.theme_edit', {}),
  retire: (themeId: string): Ref => ref('feedback.theme_retire', { themeId }),
  restore: (themeId: string): Ref => ref('feedback.theme_restore', { themeId }),
  up: (themeId: string): Ref => ref('feedback.theme_up', { themeId }),
  apply: (themeId: string): Ref => ref('feedback.theme_apply', { themeId }),
  /** The seminars and clauses that it led to. */
  led: (themeId: string, offset = 0): Ref => ref('feedback.theme_led', { themeId, offset }),
  /** What customers said about it. */
  said: (themeId: string, offset = 0): Ref => ref('feedback.theme_said', { themeId, offset }),
  try: (): Ref => ref('feedback.theme_try', {}),
  about: (feedbackId: string, offset = 0): Ref => ref('feedback.about', { feedbackId, offset }),
  set: (feedbackId: string, themeId: string, on: boolean, offset: number): Ref =>
    ref('feedback.about_set', { feedbackId, themeId, on, offset }),
} as const;
