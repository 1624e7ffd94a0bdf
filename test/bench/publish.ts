import { withDatabase, withDataDir } from './bot.js';
import { answerAt, employ } from './company.js';
import { clickOn, MANAGER, makeDraft, must, openDesk, until } from './desk.js';
import type { Figure } from './figures.js';

const PEOPLE = 10_000;

/** A publication to 10,000 people, at Slack's own pace of sending. */
export async function publish(): Promise<Figure[]> {
  const desk = await openDesk(PEOPLE - 1);
  try {
    return await withDataDir(async (dataDir) => {
      const bot = await employ(desk, dataDir);
      try {
        const { payload, responseUrl } = clickOn(desk.slack, MANAGER, await makeDraft(desk), 'handbook.publish');
        return await withDatabase(dataDir, async (db) => {
          const began = performance.now();
          const answered = answerAt(desk, new URL(responseUrl).pathname).then(() => performance.now() - began);
          must(await desk.slack.deliver('interactive', payload), 'the click on "publish"');
          const acknowledged = performance.now() - began;
          const count = () => db.delivery.count({ where: { message: 'handbook.request' } });
          await until(async () => (await count()) >= PEOPLE, 'the deliveries');
          const inTable = (performance.now() - began) / 1_000;
          return [
            { name: 'publish to 10,000: click acknowledged', unit: 'ms', measured: acknowledged, atMost: 500 },
            { name: 'publish to 10,000: click answered', unit: 'ms', measured: await answered, atMost: 500 },
            { name: 'publish to 10,000: all deliveries in the table', unit: 's', measured: inTable, atMost: 3 },
            { name: 'deliveries', unit: 'count', measured: await count(), exactly: PEOPLE },
          ];
        });
      } finally {
        await bot.stop();
      }
    });
  } finally {
    await desk.stop();
  }
}
