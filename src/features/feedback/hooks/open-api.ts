import { z } from 'zod';
import type { WebRoute } from '../../../core/web.js';
import type { WorkContext } from '../../../people/handlers.js';
import { HookAccepted, HookBody, HookProblem } from './body.js';
import { TOLERANCE_SECONDS } from './signature.js';

const json = (schema: z.ZodType, io: 'input' | 'output') => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any' });
  return rest;
};

const header = (name: string, description: string) => ({ name, in: 'header', required: true, description, schema: { type: 'string' } });
const answer = (description: string, schema: string) => ({
  description,
  content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } },
});

/**
 * The description of the door for machines, OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0). For developers, in English as such
 * documents are; the answers themselves are in the language that a request asks for.
 * @param publicUrl where the door is reached from outside; undefined where that isn't known
 */
export function describeApi(publicUrl: string | undefined): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Bellhop: customer feedback',
      version: '1',
      description:
        'Sends what a customer said. Signed as Standard Webhooks says (https://www.standardwebhooks.com); taken once for each webhook-id, so a request may be sent again until it is answered.',
    },
    ...(publicUrl && { servers: [{ url: publicUrl }] }),
    paths: {
      '/api/v1/feedback': {
        post: {
          operationId: 'sendFeedback',
          summary: 'One customer’s feedback',
          parameters: [
            header(
              'webhook-id',
              'Yours, the same for every sending of one piece of feedback: 1 to 200 printable characters without blanks and full stops.',
            ),
            header('webhook-timestamp', `Seconds since 1970-01-01 UTC, at most ${TOLERANCE_SECONDS} from now.`),
            header(
              'webhook-signature',
              '“v1,” and the Base64 of HMAC-SHA256 over “id.timestamp.body” with the key that a manager made in chat (“customer keys”). Several, separated by blanks, while a key is rotated.',
            ),
          ],
          requestBody: { required: true, content: { 'application/json': { schema: { $ref: '#/components/schemas/Feedback' } } } },
          responses: {
            200: answer('It was taken before; this is the first answer again.', 'Accepted'),
            201: answer('Taken. It reaches the right people by itself.', 'Accepted'),
            400: answer('The body is no JSON in UTF-8.', 'Problem'),
            401: answer('The signature is missing, wrong, too old, or its key is no longer good.', 'Problem'),
            409: answer('This webhook-id was used for something else. Nothing was taken.', 'Problem'),
            413: answer('The body is larger than 64 KiB.', 'Problem'),
            422: answer('Something in the body can’t be taken; “details” names each place. Nothing was taken.', 'Problem'),
            429: answer('Too many at once. Send it again after Retry-After seconds.', 'Problem'),
            503: answer('It can’t be taken at the moment. Send it again after Retry-After seconds.', 'Problem'),
          },
        },
      },
    },
    components: {
      schemas: { Feedback: json(HookBody, 'input'), Accepted: json(HookAccepted, 'output'), Problem: json(HookProblem, 'output') },
    },
  };
}

/** `GET /api/v1/openapi.json`: the same for everybody; it tells nothing of the organisation. */
export const openApi: WebRoute<WorkContext> = {
  method: 'GET',
  path: '/api/v1/openapi.json',
  limit: { perMinute: 120 },
  run: async ({ publicUrl }) => ({
    status: 200,
    mime: 'application/json; charset=utf-8',
    content: JSON.stringify(describeApi(publicUrl)),
    cacheSeconds: 300,
  }),
};
