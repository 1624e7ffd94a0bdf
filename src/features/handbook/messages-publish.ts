import { type Action, button, type Card } from '../../core/card.js';
import { ref } from '../../core/ref.js';
import type { Block } from '../../core/rich.js';
import { key, list, type Text, words } from '../../core/text.js';
import { clauseNames, dueFact, effectiveFact, lengthFact, pageBody, to, turnPages, versionFact } from './messages-parts.js';
import { reasonRows } from './messages-reasons.js';
import type { Version } from './model.js';
import type { PageParts } from './pages.js';
import type { Reason } from './reasons.js';
import type { Degraded } from './rich-from-mdast.js';

/** What a manager should know of a draft before it is published. */
export interface DraftFacts {
  readonly clauses: number;
  /** Any heading at all made a clause. */
  readonly headed: boolean;
  /** Clauses that go over several pages. */
  readonly long: readonly { readonly number: string; readonly heading: string }[];
  readonly degraded: Degraded;
  readonly audience: Text;
  readonly people: number;
  /** The published version that this one takes the place of. */
  readonly supersedes: number | undefined;
  readonly reasons: readonly Reason[];
}

/** A draft: what will be published, and what can be done with it. */
export function draftCard(version: Version, facts: DraftFacts): Card {
  const lead =
    facts.supersedes === undefined ? key('handbook.draft.lead') : key('handbook.draft.lead_new_version', { version: facts.supersedes });
  const warnings = warningsOf(version, facts);
  return {
    summary: key('handbook.draft.summary', { title: words(version.title) }),
    title: key('handbook.draft.title', { title: words(version.title) }),
    lead,
    facts: [
      {
        label: key('handbook.fact.audience'),
        value: key('handbook.fact.audience_value', { audience: facts.audience, people: facts.people }),
      },
      dueFact(version.dueOn),
      effectiveFact(version.effectiveOn),
      { label: key('handbook.fact.clauses'), value: key('handbook.fact.clauses_value', { clauses: facts.clauses }) },
      lengthFact(version.pageCount, version.readingMinutes),
    ],
    body: [{ kind: 'paragraph', text: key('handbook.draft.statement') }, { kind: 'quote', text: words(version.statement) }, ...warnings],
    rows: reasonRows(version.id, facts.reasons),
    actions: [
      button(key('handbook.action.publish'), ref('handbook.publish', { versionId: version.id }), {
        style: 'primary',
        confirm: {
          title: key('handbook.draft.confirm_title'),
          text: key('handbook.draft.confirm_text', { people: facts.people }),
          yes: key('handbook.action.publish'),
          no: key('core.ui.cancel'),
        },
      }),
      button(key('handbook.action.preview'), to.preview(version.id, 1)),
      button(key('handbook.action.change'), ref('handbook.change', { versionId: version.id })),
      button(key('handbook.action.reason'), to.reason(version.id)),
      button(key('handbook.action.discard'), ref('handbook.discard', { versionId: version.id }), {
        style: 'danger',
        confirm: {
          title: key('handbook.draft.discard_title'),
          text: key('handbook.draft.discard_text'),
          yes: key('handbook.action.discard'),
          no: key('core.ui.cancel'),
        },
      }),
    ],
    footer: key('handbook.draft.footer'),
  };
}

function warningsOf(version: Version, facts: DraftFacts): Block[] {
  const { long, degraded } = facts;
  const texts = [
    ...(facts.people === 0 ? [key('handbook.draft.warn_nobody')] : []),
    ...(long.length > 0 ? [key('handbook.draft.warn_long', { count: long.length, clauses: list(clauseNames(long)) })] : []),
    ...(!facts.headed && version.pageCount > 1 ? [key('handbook.draft.warn_no_headings')] : []),
    ...(degraded.pictures > 0 ? [key('handbook.draft.warn_pictures', { count: degraded.pictures })] : []),
    ...(degraded.tables > 0 ? [key('handbook.draft.warn_tables', { count: degraded.tables })] : []),
    ...(degraded.html > 0 ? [key('handbook.draft.warn_html', { count: degraded.html })] : []),
  ];
  return texts.map((text) => ({ kind: 'paragraph', text }));
}

/** A page as employees will see it, or have seen it; nothing can be signed here. */
export function previewCard(version: Version, page: number, parts: PageParts): Card {
  const back: Action[] = [
    version.state === 'draft'
      ? button(key('handbook.action.to_draft'), to.draft(version.id))
      : button(key('handbook.action.to_status'), to.status(version.id)),
  ];
  return {
    summary: key('handbook.page.summary', { title: words(version.title), page, pages: version.pageCount }),
    title: words(version.title),
    body: pageBody(parts),
    actions: [...turnPages(page, version.pageCount, (target) => to.preview(version.id, target), true), ...back],
    footer: key('handbook.preview.footer', { page, pages: version.pageCount }),
  };
}

/** What the click on "Publish" leads to. @param reasons what it is for, a line each */
export function publishedCard(version: Version, people: number, reasons: readonly Block[]): Card {
  const text = key('handbook.published.lead', { title: words(version.title), people });
  return {
    summary: text,
    title: key('handbook.published.title'),
    lead: text,
    facts: [...(version.number === null ? [] : [versionFact(version.number)]), dueFact(version.dueOn), effectiveFact(version.effectiveOn)],
    body: reasons,
    actions: [button(key('handbook.action.see_status'), to.status(version.id), { style: 'primary' })],
    footer: key('handbook.published.footer', { hash: words(version.sha256.slice(0, 12)) }),
  };
}

/** "412 of 1,180 asked": counts up while the requests go out. */
export function progressCard(
  version: Version,
  handedOut: { readonly asked: number; readonly through: number; readonly dead: number },
): Card {
  const total = Math.max(version.askedCount ?? 0, handedOut.asked);
  const counting = version.askedCount === null;
  const done = !counting && handedOut.through + handedOut.dead >= total;
  const params = { title: words(version.title), done: handedOut.through, total };
  const outcome = (all: Text, partly: Text) => (handedOut.dead > 0 ? partly : all);
  return {
    summary: done
      ? outcome(key('handbook.progress.summary_done', params), key('handbook.progress.summary_partly', params))
      : key('handbook.progress.summary', params),
    title: done ? outcome(key('handbook.progress.title_done'), key('handbook.progress.title_partly')) : key('handbook.progress.title'),
    lead: words(version.title),
    body: [
      ...(total > 0
        ? [
            {
              kind: 'progress' as const,
              done: handedOut.through,
              total,
              label: counting ? key('handbook.progress.counting', params) : key('handbook.progress.label', params),
            },
          ]
        : [{ kind: 'paragraph' as const, text: key('handbook.progress.begins') }]),
      ...(handedOut.dead > 0 ? [{ kind: 'paragraph' as const, text: key('handbook.progress.unreached', { count: handedOut.dead }) }] : []),
    ],
    actions: [button(key('handbook.action.see_status'), to.status(version.id))],
  };
}
