// Prints the Slack app manifest to paste under "create app from manifest":
//   npm run --silent manifest                                  for Socket Mode, which needs no public address
//   npm run --silent manifest -- --url https://bot.example     for HTTP
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { httpManifest, SlackManifest } from '../adapters/slack/manifest.js';
import { explain, PublicUrl } from './public-url.js';

const Arguments = z.object({ url: PublicUrl.optional() });

function typed(): unknown {
  try {
    return parseArgs({ options: { url: { type: 'string' } } }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function refuse(message: string): never {
  console.error(`${message}\nUsage: npm run --silent manifest -- [--url https://bot.example]`);
  process.exit(2);
}

const asked = Arguments.safeParse(typed());
if (!asked.success) refuse(explain(asked.error));

const socketMode = SlackManifest.parse(JSON.parse(readFileSync('manifest.json', 'utf8')));
const { url } = asked.data;
console.log(JSON.stringify(url ? httpManifest(socketMode, url) : socketMode, null, 2));
