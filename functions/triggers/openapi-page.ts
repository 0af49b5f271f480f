import {
  countsAnswerSchema,
  meAnswerSchema,
  queueAnswerSchema,
  requeueAnswerSchema,
} from '../../shared/model/page-answers.ts';
import { countsQuerySchema } from './get-counts.ts';
import { content, idParameter, parameter, problems, query, schema, type Json } from './openapi-parts.ts';

/** The page itself, and the addresses that are there for it, though not for it alone. */
export function pagePaths(): Json {
  return {
    '/': {
      get: {
        operationId: 'getPage',
        summary: 'The web page',
        security: [],
        responses: file('text/html'),
      },
    },
    '/page/assets/{file}': {
      get: {
        operationId: 'getPageAsset',
        summary: 'Files of the web page',
        security: [],
        parameters: [parameter('path', 'file', { type: 'string', description: 'Name of the file.' })],
        responses: { ...file('text/javascript'), ...problems('NotFound') },
      },
    },
    '/page/me': {
      get: {
        operationId: 'getMe',
        summary: 'How to sign in to the page, who is signed in, and what they may do',
        security: [],
        responses: { 200: content('Available without signing in.', schema(meAnswerSchema)) },
      },
    },
    '/page/sign-in': {
      post: {
        operationId: 'signIn',
        summary: 'Exchange the function key for a page session: a cookie valid for all addresses under /page',
        responses: {
          200: content('The cookie is set.', { type: 'object' }),
          ...problems('SessionsNotSetUp', 'NotFound'),
        },
      },
    },
    '/page/sign-out': {
      post: {
        operationId: 'signOut',
        summary: 'End the session of the page in this browser',
        responses: {
          200: content('The cookie is gone.', { type: 'object' }),
          ...problems('AuthenticationMissing', 'FromAnotherSite'),
        },
      },
    },
    '/api/counts': {
      get: {
        operationId: 'getCounts',
        summary: 'Count running and ended remediations: in total, by subscription, by day',
        parameters: query(countsQuerySchema),
        responses: {
          200: content('The counts.', schema(countsAnswerSchema)),
          ...problems('RequestInvalid'),
        },
      },
    },
    '/api/queue': {
      get: {
        operationId: 'getQueue',
        summary: 'List queued requests and poison messages',
        responses: { 200: content('Both.', schema(queueAnswerSchema)) },
      },
    },
    '/api/queue/{message}/requeue': {
      post: {
        operationId: 'requeueMessage',
        summary: 'Put the request of a poison message back on the queue',
        parameters: [
          parameter('path', 'message', { type: 'string', description: 'Id of the poison message.' }),
        ],
        responses: {
          202: content('It is on the queue.', schema(requeueAnswerSchema)),
          ...problems('NotFound', 'NothingToRequeue', 'RoleMissing'),
        },
      },
    },
    '/api/remediations/{id}/evidence/{name}': {
      get: {
        operationId: 'getEvidence',
        summary: 'Get a piece of evidence listed in the record (at most its last 512 KiB)',
        parameters: [
          idParameter(),
          parameter('path', 'name', { type: 'string', description: 'Name of the evidence.' }),
        ],
        responses: { ...file('text/plain'), ...problems('NotFound') },
      },
    },
  };
}

function file(type: string): Json {
  return { 200: { description: 'A file.', content: { [type]: { schema: { type: 'string' } } } } };
}
