import { formErrors, update } from '../../core/reply.js';
import { date, key, plain, words } from '../../core/text.js';
import { enqueue } from '../../delivery/enqueue.js';
import { inTransaction } from '../../people/db.js';
import { form, type HandlerContext } from '../../people/handlers.js';
import { localDay } from '../../people/hours.js';
import { newSalt } from './chain.js';
import { optionName } from './messages-parts.js';
import { askedCard, receiptCard, requestCard, standing } from './messages-reading.js';
import { subject } from './model.js';
import { demandSignable, ownAssignment } from './reading.js';
import { AskInput, AssignmentPage, AssignmentRef, ReasonInput, SignInput } from './schema.js';
import { listClauses } from './store.js';
import { fallbackManagers } from './store-ladder.js';
import { createQuestion } from './store-questions.js';
import { sign as keepSignature, moveAssignment, refreshCards, refreshDeclines } from './store-reading.js';

const sign = form({
  id: 'handbook.sign',
  role: 'employee',
  payload: AssignmentRef,
  input: SignInput,
  build: async (context, { assignmentId }) => {
    const { version } = await ownAssignment(context, assignmentId);
    return {
      title: key('handbook.sign.form_title'),
      submit: key('handbook.action.sign'),
      intro: [
        { kind: 'paragraph', text: key('handbook.sign.intro', { title: words(version.title), version: version.number }) },
        { kind: 'quote', text: words(version.statement) },
        { kind: 'paragraph', text: key('handbook.sign.date', { date: date(localDay(context.clock.now(), context.reader.zone)) }) },
      ],
      fields: [
        { kind: 'text', name: 'name', label: key('handbook.sign.name'), hint: key('handbook.sign.name_hint'), maxLength: 200 },
        { kind: 'check', name: 'agree', label: key('handbook.sign.agreement'), text: key('handbook.sign.agree') },
      ],
    };
  },
  submit: async (context, { payload: { assignmentId }, input }) => {
    const consentedAt = context.clock.now();
    const assignment = await ownAssignment(context, assignmentId);
    demandSignable(assignment);
    const signature = await keepSignature(context.db, {
      organisationId: context.organisation.id,
      assignmentId,
      personId: context.person.id,
      platform: context.actor.platform,
      consentedAt,
      signedAt: context.clock.now(),
      detail: {
        salt: newSalt(),
        typedName: input.name,
        profileName: context.person.name,
        workspaceExternalId: context.actor.workspaceExternalId,
        accountExternalId: context.actor.externalId,
        // Word for word what was shown: above the name, and beside the box.
        statement: assignment.version.statement,
        agreement: plain(context.localise(key('handbook.sign.agree'), context.reader)),
      },
    });
    // Lost a race: signed by a second click, or withdrawn in between. How it stands now says why.
    if (!signature) {
      const current = await ownAssignment(context, assignmentId);
      demandSignable(current);
      return update(requestCard(current));
    }
    if (assignment.declineReason !== null) {
      await refreshDeclines(context.db, context.organisation.id, assignmentId, context.clock.now());
    }
    return update(receiptCard({ ...assignment, state: 'signed', signature }));
  },
});

const decline = form({
  id: 'handbook.decline',
  role: 'employee',
  payload: AssignmentRef,
  input: ReasonInput,
  build: async (context, { assignmentId }) => {
    const { version } = await ownAssignment(context, assignmentId);
    return {
      title: key('handbook.decline.form_title'),
      submit: key('handbook.action.send'),
      intro: [{ kind: 'paragraph', text: key('handbook.decline.intro', { title: words(version.title) }) }],
      fields: [{ kind: 'text', name: 'reason', label: key('handbook.fact.reason'), multiline: true, maxLength: 1000 }],
    };
  },
  submit: async (context, { payload: { assignmentId }, input }) => {
    const { organisation, clock } = context;
    const now = clock.now();
    const assignment = await ownAssignment(context, assignmentId);
    if (standing(assignment) === 'open') {
      await inTransaction(context.db, async (tx) => {
        const declined = await moveAssignment(tx, organisation.id, assignmentId, ['open'], {
          state: 'declined',
          closedAt: now,
          declineReason: input.reason,
          nextStage: null,
          nextStageAt: null,
        });
        if (!declined) return;
        await refreshCards(tx, organisation.id, assignment, now);
        for (const personId of await managersOf(context, assignment.version.publishedById)) {
          await enqueue(
            tx,
            {
              organisationId: organisation.id,
              subjectKey: `${subject.declined(assignmentId, now)}:${personId}`,
              message: 'handbook.declined',
              payload: { assignmentId },
              to: { personId },
              priority: 'answer',
              dueAt: now,
            },
            now,
          );
        }
      });
    }
    return update(requestCard(await ownAssignment(context, assignmentId)));
  },
});

/** Who answers for a version: its publisher, while still a manager; else those who hear of everything that nobody leads. */
async function managersOf(context: HandlerContext, publisherId: string): Promise<string[]> {
  const { db, organisation } = context;
  const publisher = await db.person.findFirst({
    where: { organisationId: organisation.id, id: publisherId, status: 'active', role: { in: ['manager', 'owner'] } },
    select: { id: true },
  });
  return publisher ? [publisher.id] : await fallbackManagers(db, organisation.id);
}

const ask = form({
  id: 'handbook.ask',
  role: 'employee',
  payload: AssignmentPage,
  input: AskInput,
  build: async (context, { assignmentId, page }) => {
    const { version } = await ownAssignment(context, assignmentId);
    const clauses = await listClauses(context.db, context.organisation.id, version.id, Math.min(page, version.pageCount));
    return {
      title: key('handbook.ask.form_title'),
      submit: key('handbook.action.send'),
      intro: [{ kind: 'paragraph', text: key('handbook.ask.intro') }],
      fields: [
        {
          kind: 'choice',
          name: 'clause',
          label: key('handbook.fact.clause'),
          options: clauses.slice(0, 95).map((clause) => ({ value: clause.id, label: optionName(clause) })),
          ...(clauses[0] ? { initial: clauses[0].id } : {}),
        },
        { kind: 'text', name: 'question', label: key('handbook.ask.question'), multiline: true, maxLength: 2000 },
      ],
    };
  },
  submit: async (context, { payload: { assignmentId, page }, input }) => {
    const { db, organisation, person, clock } = context;
    const now = clock.now();
    const assignment = await ownAssignment(context, assignmentId);
    const clause = (await listClauses(db, organisation.id, assignment.version.id)).find((candidate) => candidate.id === input.clause);
    if (!clause) return formErrors({ clause: key('handbook.errors.clause_missing') });
    const managers = await managersOf(context, assignment.version.publishedById);
    await inTransaction(db, async (tx) => {
      const questionId = await createQuestion(
        tx,
        organisation.id,
        { versionId: assignment.version.id, clauseId: clause.id, personId: person.id, words: input.question },
        now,
      );
      for (const personId of managers) {
        await enqueue(
          tx,
          {
            organisationId: organisation.id,
            subjectKey: subject.question(questionId, personId),
            message: 'handbook.question',
            payload: { questionId },
            to: { personId },
            priority: 'answer',
            dueAt: now,
          },
          now,
        );
      }
    });
    return update(askedCard(assignment, page, clause, input.question));
  },
});

export const readingForms = [sign, decline, ask];
