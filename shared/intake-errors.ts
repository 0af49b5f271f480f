import { row, type ErrorRow } from './error-row.ts';

/** What is wrong with what came in, or with who sent it. */
export const INTAKE_ERRORS = {
  BodyNotJson: row(
    400,
    'The body is not valid JSON.',
    'Send one JSON object, UTF-8, without duplicate keys.',
  ),
  BodyTooLarge: row(413, 'The body is larger than the limit.', 'Send at most 256 KiB.'),
  BodyLengthMissing: row(
    411,
    'The body came in chunks, which the Functions host hands on empty.',
    'Send Content-Length instead of Transfer-Encoding: chunked.',
  ),
  ContentTypeUnsupported: row(
    415,
    'The content type is not application/json.',
    'Set Content-Type: application/json.',
  ),
  RequestInvalid: row(400, 'The request does not fit the schema.', 'Compare it with /api/openapi.json.'),
  MethodNotAllowed: row(
    405,
    'The address exists, but not for this method.',
    'Use one of the methods in the Allow header.',
  ),
  NotFound: row(404, 'There is no such thing here.', 'Check the address.'),
  SignatureInvalid: row(
    401,
    'The signature or secret does not match.',
    'Check the secret shared with this connector.',
  ),
  SignatureStale: row(
    401,
    'The signed time stamp is outside the replay window.',
    'Send it again, freshly signed, from a host whose clock is right.',
  ),
  SignatureReplayed: row(409, 'This very message was taken already.', 'Nothing; the first one counts.'),
  IdempotencyKeyReused: row(
    422,
    'The idempotency key was used with another body.',
    'Use a new key for a new request.',
  ),
  AlertSchemaUnsupported: row(
    400,
    'The payload is not the common alert schema.',
    'Switch the common alert schema on in the action group.',
  ),
  ConnectorNotReady: row(
    503,
    'The connector has no secret yet.',
    "Set the app setting named in the connector's file.",
  ),
  CommentRefused: row(
    502,
    'The ticket system refused the comment, or its address is not allowed.',
    "Check the connector's credential and its list of allowed hosts.",
  ),
  CommentNotDelivered: row(
    503,
    'The ticket system did not take the comment now.',
    'Nothing; it is sent again.',
    true,
  ),
  NotificationRefused: row(
    502,
    'Teams, Slack or the webhook refused a notification, or its address is not allowed.',
    'Check the address in the app settings, and its host against docs/how-to-be-notified.md.',
  ),
  NotificationNotDelivered: row(
    503,
    'Teams, Slack or the webhook did not take a notification now.',
    'Nothing; it is sent again, for a day.',
    true,
  ),
} as const satisfies Record<string, ErrorRow>;
