import type { JSX } from 'preact';
import type { PageField } from '../../../src/core/page.js';
import { key } from '../../../src/core/text.js';
import type { Speech } from './text.js';

type ScaleField = Extract<PageField, { kind: 'scale' }>;

/** So many steps fit, with targets of 44 px, in two rows of a small phone. */
const MOST_STEPS = 11;

/** The shape of a star, defined once in the page. */
const STAR_ID = 'star';
export function Symbols(): JSX.Element {
  return (
    <svg width="0" height="0" class="unseen" aria-hidden="true" focusable="false">
      <symbol id={STAR_ID} viewBox="0 0 24 24">
        <path d="M12 2.6l2.9 5.9 6.5.9-4.7 4.6 1.1 6.5-5.8-3.1-5.8 3.1 1.1-6.5L2.6 9.4l6.5-.9z" />
      </symbol>
    </svg>
  );
}

/** Radio buttons that look like stars, faces or numbers. */
export function Scale({ field, id, speech }: { readonly field: ScaleField; readonly id: string; readonly speech: Speech }): JSX.Element {
  const count = Math.min(MOST_STEPS, Math.max(1, field.to - field.from + 1));
  const steps = Array.from({ length: count }, (_, index) => field.from + index);
  return (
    <div class={`steps ${field.style}${count > 5 ? ' many' : ''}`}>
      {steps.map((step) => (
        <label key={step} class="step">
          <input
            id={step === field.from ? id : undefined}
            type="radio"
            name={field.name}
            value={step}
            checked={String(step) === field.initial}
            required={!field.optional}
            aria-invalid={field.error ? 'true' : undefined}
          />
          <span class="mark" aria-hidden="true">
            <Mark field={field} step={step} />
          </span>
          <span class="unseen">{speech.plain(key('core.page.scale_of', { step, most: field.to }))}</span>
        </label>
      ))}
    </div>
  );
}

function Mark({ field, step }: { readonly field: ScaleField; readonly step: number }): JSX.Element {
  switch (field.style) {
    case 'numbers':
      return <>{step}</>;
    case 'stars':
      return (
        <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
          <use href={`#${STAR_ID}`} />
        </svg>
      );
    case 'smileys':
      return <Face share={(step - field.from) / Math.max(1, field.to - field.from)} />;
  }
}

/** @param share 0 is sad, 1 is glad */
function Face({ share }: { readonly share: number }): JSX.Element {
  const bend = 15.5 + (share - 0.5) * 7;
  const ends = 15.5 - (share - 0.5) * 2;
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <circle cx="12" cy="12" r="9.6" />
      <path d={`M7.6 ${ends}Q12 ${bend} 16.4 ${ends}`} />
      <path d="M8.8 9.2v.9M15.2 9.2v.9" />
    </svg>
  );
}
