import { row, type ErrorRow } from './error-row.ts';

/** What is wrong with what came in, or with who sent it. */
export const INTAKE_ERRORS = {
  BodyNotJson: row(
    400,
    'The body is not valid JSON.',
    'Send one JSON object, UTF-8, without duplicate keys.',
  ),
  BodyTooLarge: row(413, 'The body is too large.', 'Send at most 256 KiB.'),
  BodyLengthMissing: row(
    411,
    'The body was sent in chunks, which the Functions host passes on empty.',
    'Send Content-Length instead of Transfer-Encoding: chunked.',
  ),
  ContentTypeUnsupported: row(
    415,
    'The content type is not application/json.',
    'Set Content-Type: application/json.',
  ),
  RequestInvalid: row(400, 'The request does not match the schema.', 'Compare it with /api/openapi.json.'),
  MethodNotAllowed: row(
    405,
    'This address does not support the method.',
    'Use one of the methods in the Allow header.',
  ),
  NotFound: row(404, 'Not found.', 'Check the address.'),
  SignatureInvalid: row(
    401,
    'The signature or secret does not match.',
    'Check the secret shared with this connector.',
  ),
  SignatureStale: row(
    401,
    'The signed time stamp is outside the replay window.',
    'Send it again with a fresh signature, from a host with a correct clock.',
  ),
  SignatureReplayed: row(409, 'This message was already received.', 'Nothing. The first one was processed.'),
  IdempotencyKeyReused: row(
    422,
    'The idempotency key was used with another body.',
    'Use a new key for a new request.',
  ),
  AlertSchemaUnsupported: row(
    400,
    'The payload is not the common alert schema.',
    'Enable the common alert schema in the action group.',
  ),
  ConnectorNotReady: row(
    503,
    'The connector has no secret yet.',
    "Set the app setting named in the connector's file.",
  ),
  CommentRefused: row(
    502,
    'The ticket system rejected the comment, or its address is not allowed.',
    "Check the connector's credential and its list of allowed hosts.",
  ),
  CommentNotDelivered: row(
    503,
    'The ticket system did not accept the comment this time.',
    'Nothing. It is sent again automatically.',
    true,
  ),
  NotificationRefused: row(
    502,
    'Teams, Slack or the webhook rejected a notification, or its address is not allowed.',
    'Check the address in the app settings; docs/how-to-be-notified.md lists the allowed hosts.',
  ),
  NotificationNotDelivered: row(
    503,
    'Teams, Slack or the webhook did not accept a notification this time.',
    'Nothing. It is retried for a day.',
    true,
  ),
} as const satisfies Record<string, ErrorRow>;
