import { withDataDir } from './bot.js';
import { employ, inParallel, openSigning, publishToAll, read, requestOf, requestsOf, signature } from './company.js';
import { must, nameOf, openDesk } from './desk.js';
import type { Figure } from './figures.js';
import { openTenant } from './tenant.js';

const EMPLOYEES = 130;
const TEAMS_PEOPLE = 22;
const WIDTH = 8;

/** What the bot itself takes with both SDKs loaded, after 1,000 interactions of many kinds on both platforms. */
export async function memory(): Promise<Figure[]> {
  const desk = await openDesk(EMPLOYEES);
  const tenant = await openTenant(TEAMS_PEOPLE);
  try {
    return await withDataDir(async (dataDir) => {
      const bot = await employ(desk, dataDir, tenant.environment);
      try {
        const atRest = await bot.residentMb();
        await publishToAll(desk, dataDir);
        const requests = await requestsOf(desk, dataDir);
        let interactions = 3;
        await inParallel(desk.employees, WIDTH, async (employee, index) => {
          const request = requestOf(requests, employee);
          must(await desk.slack.command(employee, '/handbook', 'help'), 'a command');
          must(await desk.slack.event({ type: 'app_home_opened', user: employee, tab: 'home', channel: request.channel }), 'App Home');
          const view = await openSigning(desk, employee, await read(desk, employee, request));
          must(await desk.slack.submit(employee, view, signature(view, nameOf(index))), 'a signature');
          must(await desk.slack.command(employee, '/handbook', 'record'), 'a command');
          interactions += 6;
        });
        const words = ['help', 'handbook', 'handbook record', 'handbook status', 'bellhop help'];
        for (let said = 0; interactions < 1_000; said++, interactions += TEAMS_PEOPLE) {
          await inParallel(tenant.people, WIDTH, (person) => tenant.say(bot.address, person, words[said % words.length] ?? ''));
        }
        return [
          { name: 'resident at rest, both SDKs', unit: 'MB', measured: atRest },
          {
            name: `resident after ${interactions.toLocaleString('en')} interactions, both SDKs`,
            unit: 'MB',
            measured: await bot.residentMb(),
            atMost: 220,
          },
        ];
      } finally {
        await bot.stop();
      }
    });
  } finally {
    await tenant.stop();
    await desk.stop();
  }
}
