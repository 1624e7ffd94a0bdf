import { button, type Card } from '../core/card.js';
import { ref } from '../core/ref.js';
import { key, person, type Text, words } from '../core/text.js';
import { type BellhopFeature, feature, type HandlerContext } from '../people/handlers.js';
import { TENANT_ID } from './people.js';
import { findProgress, type Progress } from './store.js';

const STEPS = ['publish', 'sign', 'status'] as const;
type Step = (typeof STEPS)[number];

/** What has been done, what is next, and the one button that does it. */
const LINES: Readonly<Record<Step, { readonly done: string; readonly now: string; readonly later: string }>> = {
  publish: { done: 'trial.publish.done', now: 'trial.publish.now', later: 'trial.publish.later' },
  sign: { done: 'trial.sign.done', now: 'trial.sign.now', later: 'trial.sign.later' },
  // It is never behind anybody: the last step stays.
  status: { done: 'trial.status.now', now: 'trial.status.now', later: 'trial.status.later' },
};

/**
 * The features of the trial. Until its owner has come to the end of the way through, the bot opens the conversation
 * with that alone: one card with one button. Everything else that it could show comes afterwards.
 */
export function guided(features: readonly BellhopFeature[]): readonly BellhopFeature[] {
  return [
    ...features.map((other): BellhopFeature => {
      const { home } = other;
      return home ? { ...other, home: async (context) => ((await isOnTheWay(context)) ? [] : await home(context)) } : other;
    }),
    feature({
      name: 'trial',
      home: async (context) => {
        if (context.role !== 'owner') return [];
        const progress = await progressOf(context);
        // A chat shows its end: the card stands last where there are others.
        return [{ slot: progress.step === 'done' ? 'managers' : 'waiting', card: wayThrough(context, progress) }];
      },
    }),
  ];
}

const progressOf = (context: HandlerContext) => findProgress(context.db, context.organisation.id, context.person.id);

/** The Playground's own user; an owner in another client is shown the way through beside everything else. */
const isAtTheKeyboard = ({ role, actor }: HandlerContext) => role === 'owner' && actor.workspaceExternalId === TENANT_ID;

async function isOnTheWay(context: HandlerContext): Promise<boolean> {
  return isAtTheKeyboard(context) && (await progressOf(context)).step !== 'done';
}

function wayThrough({ person: you, organisation }: HandlerContext, progress: Progress): Card {
  const current = STEPS.indexOf(progress.step === 'sign' ? 'sign' : progress.step === 'done' ? 'status' : 'publish');
  const title: Text = 'title' in progress ? words(progress.title) : key('trial.handbook');
  return {
    summary: key('trial.summary'),
    title: key('trial.title'),
    lead: key('trial.lead', { name: person(you.name), organisation: words(organisation.name) }),
    body: STEPS.map((step, position) => {
      const state = position < current ? 'done' : position === current ? 'now' : 'later';
      return { kind: 'paragraph', text: key(LINES[step][state], { title }) };
    }),
    actions: [next(progress)],
    footer: key('trial.footer'),
  };
}

function next(progress: Progress) {
  const primary = { style: 'primary' } as const;
  switch (progress.step) {
    case 'write':
      return button(key('trial.action.write'), ref('handbook.new', {}), primary);
    case 'publish':
      return button(key('trial.action.publish'), ref('handbook.draft', { versionId: progress.versionId }), primary);
    case 'sign':
      return button(key('trial.action.read'), ref('handbook.read', { assignmentId: progress.assignmentId, page: 1 }), primary);
    case 'done':
      return button(key('trial.action.status'), ref('handbook.status', { versionId: progress.versionId }), primary);
  }
}
