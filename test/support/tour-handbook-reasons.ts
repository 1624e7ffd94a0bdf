import type { Answer } from '../../src/core/reply.js';
import { hostile, hostileDocument, hostileName } from './hostile.js';
import { buttonsOf, cardsOf } from './test-bot.js';
import type { Stage } from './tour.js';

/** What clauses were changed for, with documents, questions and headings of the worst sort. */
export async function tourHandbookReasons({ bot, platform, press }: Stage): Promise<void> {
  const boss = await bot.person({ platform, name: hostileName(1), role: 'manager' });
  const ana = await bot.person({ platform, name: hostileName(2), lineManager: boss });
  const [hands, reader] = [bot.as(boss), bot.as(ana)];
  const filled = {
    source: 'own',
    title: hostile(150),
    audience: 'everyone',
    effective: '2027-03-01',
    due: '2027-03-15',
    statement: hostile(1000),
  };
  await hands.click(
    'handbook.publish',
    await hands.submit(await hands.command('handbook publish'), { ...filled, text: hostileDocument(12) }),
  );
  await bot.runDue();
  let page = await reader.click('handbook.read');
  for (let turn = 0; turn < 3; turn++) {
    const asking = await reader.click('handbook.ask', page);
    for (const { value } of optionsOf(asking, 'clause')) await reader.submit(asking, { clause: value, question: hostile(2000) });
    page = await reader.click('handbook.read', page);
  }
  bot.clock.forward({ hours: 1 });
  const next = await hands.click('handbook.new', await hands.command('handbook status'));
  const draft = await hands.submit(next, { ...filled, document: undefined, text: `${hostileDocument(14)}\n\n${hostile(300)}` });
  const form = await hands.click('handbook.reason', draft);
  const [reasons, clauses] = [optionsOf(form, 'reason'), optionsOf(form, 'clauses').map(({ value }) => value)];
  await hands.submit(form, { reason: hostile(100), clauses: [hostile(100)] });
  await hands.submit(form, {});
  for (const { value } of reasons) await hands.submit(form, { reason: value, clauses });
  const said = await hands.press({ id: 'handbook.draft', payload: payloadOf(draft) });
  await press(boss, [said], ['handbook.publish', 'handbook.discard']);
  await press(boss, [await hands.click('handbook.publish', said)], ['handbook.withdraw']);
  await bot.runDue();
}

const optionsOf = (form: Answer, name: string) => {
  const field = form.kind === 'form' ? form.form.fields.find((each) => each.name === name) : undefined;
  if (!field || !('options' in field) || field.options.length === 0) throw new Error(`There is nothing to choose at ${name}.`);
  return field.options;
};

const payloadOf = (draft: Answer) => {
  const preview = cardsOf(draft)
    .flatMap(buttonsOf)
    .find(({ id }) => id === 'handbook.change');
  return preview?.payload ?? {};
};
