import * as z from 'zod';

const settingSchema = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]*$/)
  .describe('Name of an app setting; its value is never in the file.');
const headerSchema = z
  .string()
  .regex(/^[a-z0-9-]+$/)
  .describe('Header name, lower case.');
const expressionSchema = z.string().min(1).describe('JSONata expression over the payload.');

const hmacSchema = z.strictObject({
  kind: z.literal('hmac-sha256'),
  secret: settingSchema,
  signatureHeader: headerSchema,
  prefix: z.string().default('').describe('Prefix before the signature in its header.'),
  encoding: z.enum(['hex', 'base64']),
  timestamp: z
    .union([
      z.strictObject({ header: headerSchema }),
      z.strictObject({ body: expressionSchema.describe('The time stamp in the (signed) body.') }),
    ])
    .describe('Where to find the time stamp: in a signed header, or in the body.'),
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
    .describe(
      'Allowed difference between the time stamp and the clock of the service; signatures are remembered for this long.',
    ),
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
    .describe('Hosts that comments may be sent to; *.example.com matches any subdomain.'),
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
      of: expressionSchema.describe('Account that caused the event, as named by the ticket system.'),
      own: settingSchema.describe(
        'App setting with the account that writes the comments: its events are ignored.',
      ),
    })
    .optional(),
  mapping: expressionSchema.describe(
    'Gives { vmId, ticket, mode?, options?, replyTo? }, or { skip: "why" } if the event requests nothing.',
  ),
  comments: commentsSchema.optional(),
});
export type Connector = z.infer<typeof connectorSchema>;
export type CommentEvent = keyof z.infer<typeof commentsSchema>['templates'];
