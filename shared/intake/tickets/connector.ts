import { z } from 'zod';

const settingSchema = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]*$/)
  .describe('Name of an app setting; what it holds is never in the file.');
const headerSchema = z
  .string()
  .regex(/^[a-z0-9-]+$/)
  .describe('Header name, lower case.');
const expressionSchema = z.string().min(1).describe('JSONata expression over the payload.');

const hmacSchema = z.strictObject({
  kind: z.literal('hmac-sha256'),
  secret: settingSchema,
  signatureHeader: headerSchema,
  prefix: z.string().default('').describe('What stands before the signature in its header.'),
  encoding: z.enum(['hex', 'base64']),
  timestamp: z
    .union([
      z.strictObject({ header: headerSchema }),
      z.strictObject({ body: expressionSchema.describe('The moment in the (signed) body.') }),
    ])
    .describe('Where the moment of sending stands: in a header that is signed too, or in the body.'),
  signed: z
    .enum(['body', 'timestamp-body', 'timestamp.body'])
    .describe(
      'What is signed: the raw body, or the time stamp and the body, with or without a period between.',
    ),
  windowSeconds: z
    .int()
    .min(30)
    .max(86_400)
    .default(300)
    .describe('How far the moment may lie from our clock; for so long a signature is remembered.'),
});

const sharedSecretSchema = z.strictObject({
  kind: z.literal('shared-secret'),
  secret: settingSchema,
  header: headerSchema,
  prefix: z.string().default(''),
});

const commentsSchema = z.strictObject({
  method: z.enum(['POST', 'PATCH', 'PUT']),
  allowedHosts: z
    .array(z.string().regex(/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+$/))
    .min(1)
    .describe('Hosts that comments may go to; *.example.com stands for any host below it.'),
  headers: z
    .record(headerSchema, z.string())
    .default({})
    .describe('Headers of each call; ${NAME} is replaced by that app setting.'),
  body: expressionSchema.describe('JSONata expression over { text }, giving the JSON body.'),
  templates: z.strictObject({
    started: z.string(),
    approval: z.string(),
    down: z.string(),
    done: z.string(),
    failed: z.string(),
  }),
});

/** A connector's file: how a ticket system's webhook becomes a request, and how progress goes back. */
export const connectorSchema = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().regex(/^[a-z0-9-]{1,40}$/),
  title: z.string(),
  documentation: z.url().describe('Where the ticket system describes its webhooks.'),
  authentication: z.discriminatedUnion('kind', [hmacSchema, sharedSecretSchema]),
  settings: z
    .array(settingSchema)
    .default([])
    .describe('App settings (no secrets) that the mapping may read as $settings.NAME.'),
  author: z
    .strictObject({
      of: expressionSchema.describe('Who caused the event, as the ticket system names its accounts.'),
      own: settingSchema.describe(
        'App setting with the account that comments are written by: events that it causes start nothing.',
      ),
    })
    .optional(),
  mapping: expressionSchema.describe(
    'Gives { vmId, ticket, mode?, options?, replyTo? }, or { skip: "why" } where the event asks for nothing.',
  ),
  comments: commentsSchema.optional(),
});
export type Connector = z.infer<typeof connectorSchema>;
export type CommentEvent = keyof z.infer<typeof commentsSchema>['templates'];
