import type { JSX } from 'preact';
import type { PageBlock, PageFact, PageMessage, PageTone } from '../../../src/core/page.js';
import { safeHref } from './links.js';
import type { Speech } from './text.js';

/** Every block but forms. */
export function Block({ block, speech }: { readonly block: Exclude<PageBlock, { kind: 'form' }>; readonly speech: Speech }): JSX.Element {
  switch (block.kind) {
    case 'heading':
      return <h2>{speech.rich(block.text)}</h2>;
    case 'text':
      return <p class={block.quiet ? 'text quiet' : 'text'}>{speech.rich(block.text)}</p>;
    case 'notice':
      return (
        <Notice tone={block.tone}>
          <p class="lead">{speech.rich(block.title)}</p>
          {block.text && <p class="text">{speech.rich(block.text)}</p>}
        </Notice>
      );
    case 'facts':
      return <Facts facts={block.facts} speech={speech} />;
    case 'conversation':
      return <Conversation messages={block.messages} speech={speech} />;
    case 'link':
      return <Link block={block} speech={speech} />;
  }
}

const SIGNS: Readonly<Record<PageTone, JSX.Element>> = {
  thanks: <path d="M5 12.5l4.5 4.5L19 7.5" />,
  problem: <path d="M12 6v7.5M12 17v.6" />,
  info: <path d="M12 6.5v.6M12 10.5V18" />,
};

export function Notice({
  tone,
  children,
}: {
  readonly tone: PageTone;
  readonly children: JSX.Element | (JSX.Element | undefined)[];
}): JSX.Element {
  return (
    <div class={`notice ${tone}`}>
      <svg class="sign" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        {SIGNS[tone]}
      </svg>
      <div>{children}</div>
    </div>
  );
}

function Facts({ facts, speech }: { readonly facts: readonly PageFact[]; readonly speech: Speech }): JSX.Element {
  return (
    <dl class="facts">
      {facts.map(({ label, value }) => (
        <div key={speech.plain(label)}>
          <dt>{speech.rich(label)}</dt>
          <dd>{speech.rich(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Conversation({ messages, speech }: { readonly messages: readonly PageMessage[]; readonly speech: Speech }): JSX.Element {
  return (
    <ol class="conversation">
      {messages.map(({ by, at, words, ours }) => (
        <li key={`${speech.plain(at)} ${words}`} class={ours ? 'ours' : undefined}>
          <p class="by">
            <strong>{speech.rich(by)}</strong> <span>{speech.rich(at)}</span>
          </p>
          <p class="words" dir="auto">
            {words}
          </p>
        </li>
      ))}
    </ol>
  );
}

function Link({ block, speech }: { readonly block: Extract<PageBlock, { kind: 'link' }>; readonly speech: Speech }): JSX.Element {
  const href = safeHref(block.href);
  if (href === undefined) return <p class="text">{speech.rich(block.label)}</p>;
  return (
    <p>
      <a class={block.style === 'button' ? 'button' : 'link'} href={href} rel="noreferrer">
        {speech.rich(block.label)}
      </a>
    </p>
  );
}
