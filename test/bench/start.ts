import { type Bot, startBot, withDataDir } from './bot.js';
import { openDesk } from './desk.js';
import { type Figure, percentile } from './figures.js';
import { openTenant } from './tenant.js';

const FIRST_STARTS = 3;
const LATER_STARTS = 5;

/** How long a start takes, the very first one and later ones, with one platform and with both. */
export async function start(): Promise<Figure[]> {
  const desk = await openDesk(3);
  const tenant = await openTenant(0);
  try {
    const slack = await starts(desk.environment);
    const both = await starts({ ...desk.environment, ...tenant.environment });
    return [
      { name: 'ready at the very first start, Slack', unit: 's', measured: slack.first, atMost: 6 },
      { name: 'ready at the very first start, Slack and Teams', unit: 's', measured: both.first, atMost: 6 },
      { name: 'ready with existing data, Slack', unit: 's', measured: slack.later, atMost: 3 },
      { name: 'ready with existing data, Slack and Teams', unit: 's', measured: both.later, atMost: 3 },
    ];
  } finally {
    await tenant.stop();
    await desk.stop();
  }
}

/** @returns the medians in seconds */
async function starts(environment: Readonly<Record<string, string>>): Promise<{ first: number; later: number }> {
  const first: number[] = [];
  const later: number[] = [];
  for (let round = 0; round < FIRST_STARTS; round++) {
    await withDataDir(async (dataDir) => {
      first.push(await readySeconds(await startBot(dataDir, environment)));
      const again = round === FIRST_STARTS - 1 ? LATER_STARTS : 0;
      for (let count = 0; count < again; count++) later.push(await readySeconds(await startBot(dataDir, environment)));
    });
  }
  return { first: percentile(first, 0.5), later: percentile(later, 0.5) };
}

async function readySeconds(bot: Bot): Promise<number> {
  await bot.stop();
  return bot.readyMs / 1_000;
}
