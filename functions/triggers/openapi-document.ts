import * as z from 'zod';
import { manualBodySchema } from '../../shared/intake/manual.ts';
import { listQuerySchema } from '../../shared/intake/select-remediations.ts';
import {
  acceptedAnswerSchema,
  approvalAnswerSchema,
  cancelAnswerSchema,
  explainAnswerSchema,
  healthAnswerSchema,
  listAnswerSchema,
  problemAnswerSchema,
} from '../../shared/model/answers.ts';
import { approvalRequestSchema } from '../../shared/model/approval.ts';
import { cancelRequestSchema } from '../../shared/model/cancellation.ts';
import { remediationRecordSchema } from '../../shared/model/record.ts';
import { rollbackRequestSchema } from '../../shared/model/rollback.ts';
import { explainQuerySchema } from './explain-policy.ts';
import { pagePaths } from './openapi-page.ts';
import {
  accepted,
  body,
  content,
  idParameter,
  parameter,
  problems,
  query,
  schema,
  type Json,
} from './openapi-parts.ts';

const alertAnswerSchema = z.object({
  status: z.enum(['accepted', 'nothing-to-do']),
  reason: z.string().optional(),
  results: z.array(
    z.object({
      vmId: z.string().optional(),
      target: z.string().optional(),
      status: z.enum(['started', 'joined', 'queued', 'refused']),
      location: z.string().optional(),
      reason: z.string().optional(),
      code: z.string().optional(),
    }),
  ),
});

/** The OpenAPI 3.1 document, made from the very schemas that validate: it cannot say anything else than they do. */
export function openApiDocument(version: string): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'RDP Medic',
      version,
      description: 'Repairs Azure Windows VMs whose RDP does not answer.',
    },
    security: [{ functionKey: [] }],
    paths: {
      '/api/remediations': {
        post: {
          operationId: 'startRemediation',
          summary: 'Repair a VM',
          parameters: [
            parameter('header', 'Idempotency-Key', {
              type: 'string',
              minLength: 1,
              maxLength: 255,
              description: 'The same key with the same body returns the same response.',
            }),
          ],
          requestBody: body(schema(manualBodySchema)),
          responses: {
            202: accepted('Started, joined to a running remediation, or queued.', acceptedAnswerSchema),
            ...problems('BodyNotJson', 'PolicyRefused', 'VmNotFound', 'VmNotRunning', 'BodyTooLarge'),
            ...problems('ContentTypeUnsupported', 'NotWindows', 'CoolDown'),
          },
        },
        get: {
          operationId: 'listRemediations',
          summary: 'List remediations (newest first, in pages), queued requests and poison messages',
          parameters: query(listQuerySchema),
          responses: { 200: content('The lists.', schema(listAnswerSchema)), ...problems('RequestInvalid') },
        },
      },
      '/api/remediations/{id}': {
        get: {
          operationId: 'getRemediation',
          summary: 'Get the record of a remediation',
          parameters: [idParameter()],
          responses: {
            200: content('Ended.', schema(remediationRecordSchema)),
            202: content('Still running.', { type: 'object' }),
            ...problems('NotFound'),
          },
        },
      },
      '/api/remediations/{id}/report': {
        get: {
          operationId: 'getReport',
          summary: 'Get the report (HTML)',
          parameters: [idParameter()],
          responses: {
            200: { description: 'An HTML page.', content: { 'text/html': { schema: { type: 'string' } } } },
            ...problems('NotFound'),
          },
        },
      },
      '/api/remediations/{id}/approval': {
        post: {
          operationId: 'approveRemediation',
          summary: 'Approve or deny a plan that needs a restart or downtime, if the policy requires approval',
          parameters: [idParameter()],
          requestBody: body(schema(approvalRequestSchema)),
          responses: {
            202: content('The answer was recorded.', schema(approvalAnswerSchema)),
            ...problems('BodyNotJson', 'NotFound', 'NothingToApprove', 'OwnRequest'),
          },
        },
      },
      '/api/remediations/{id}/cancel': {
        post: {
          operationId: 'cancelRemediation',
          summary: 'Cancel a remediation and undo its changes so far',
          parameters: [idParameter()],
          requestBody: body(schema(cancelRequestSchema)),
          responses: {
            202: content('It stops at the next safe point.', schema(cancelAnswerSchema)),
            ...problems('BodyNotJson', 'NotFound', 'NothingToCancel'),
          },
        },
      },
      '/api/remediations/{id}/rollback': {
        post: {
          operationId: 'rollBackRemediation',
          summary: 'Roll back to the original OS disk, losing everything written since',
          parameters: [idParameter()],
          requestBody: body(schema(rollbackRequestSchema)),
          responses: {
            202: accepted(
              'Started, or already running: a rollback is a remediation of its own.',
              acceptedAnswerSchema,
            ),
            ...problems('BodyNotJson', 'PolicyRefused', 'NotFound', 'NothingToRollBack', 'NoPlace'),
          },
        },
      },
      '/api/alerts': {
        post: {
          operationId: 'takeAlert',
          summary: 'Azure Monitor, common alert schema',
          requestBody: body({ type: 'object' }),
          responses: {
            202: content('The result for each target.', schema(alertAnswerSchema)),
            ...problems('AlertSchemaUnsupported', 'BodyTooLarge', 'ContentTypeUnsupported'),
          },
        },
      },
      '/api/tickets/{connector}': {
        post: {
          operationId: 'takeTicket',
          summary: 'Webhook of a ticket system',
          parameters: [
            parameter('path', 'connector', { type: 'string', description: 'Name of the connector.' }),
          ],
          requestBody: body({ type: 'object' }),
          responses: {
            202: accepted(
              'Started, joined to a running remediation, queued, or ignored.',
              acceptedAnswerSchema,
            ),
            ...problems('BodyNotJson', 'SignatureInvalid', 'NotFound', 'SignatureReplayed'),
          },
        },
      },
      '/api/policy/explain': {
        get: {
          operationId: 'explainPolicy',
          summary: 'Explain, rule by rule, whether a VM would be repaired now',
          parameters: query(explainQuerySchema),
          responses: {
            200: content('The verdicts.', schema(explainAnswerSchema)),
            ...problems('VmNotFound'),
          },
        },
      },
      ...pagePaths(),
      '/docs/errors': {
        get: {
          operationId: 'getErrors',
          summary: 'What each error code means and what to do about it; `type` in problem details links here',
          security: [],
          responses: {
            200: { description: 'An HTML page.', content: { 'text/html': { schema: { type: 'string' } } } },
          },
        },
      },
      '/api/health': {
        get: {
          operationId: 'getHealth',
          summary: 'Whether the service is up',
          security: [],
          responses: { 200: content('The service is up.', schema(healthAnswerSchema)) },
        },
      },
    },
    components: {
      securitySchemes: { functionKey: { type: 'apiKey', in: 'header', name: 'x-functions-key' } },
      schemas: { Problem: schema(problemAnswerSchema) },
    },
  };
}
