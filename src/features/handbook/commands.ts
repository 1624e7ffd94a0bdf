import type { Command } from '../../core/feature.js';
import { ref } from '../../core/ref.js';
import { open, whisper } from '../../core/reply.js';
import { key } from '../../core/text.js';
import type { HandlerContext } from '../../people/handlers.js';
import { myCard } from './actions-reading.js';
import { beginWithFile } from './forms-publish.js';
import { recordCommand } from './record.js';
import { questionsOverview, statusOverview } from './status.js';

export const handbookCommand: Command<HandlerContext> = {
  name: 'handbook',
  bare: 'my',
  verbs: [
    { name: 'my', role: 'employee', describe: key('handbook.command.my'), run: async (context) => whisper(await myCard(context, 0)) },
    {
      name: 'publish',
      role: 'manager',
      describe: key('handbook.command.publish'),
      run: async (context, input) => {
        const file = input.files[0];
        return file ? await beginWithFile(context, file) : open(ref('handbook.publish', {}));
      },
    },
    {
      name: 'status',
      role: 'manager',
      describe: key('handbook.command.status'),
      run: async (context) => whisper(await statusOverview(context)),
    },
    { name: 'record', role: 'employee', usage: '[@person]', describe: key('handbook.command.record'), run: recordCommand },
    {
      name: 'questions',
      role: 'manager',
      describe: key('handbook.command.questions'),
      run: async (context) => whisper(await questionsOverview(context, 0)),
    },
  ],
};
