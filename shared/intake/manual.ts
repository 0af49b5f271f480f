import * as z from 'zod';
import type { Result } from '../errors.ts';
import {
  modeSchema,
  optionsSchema,
  remediationRequestSchema,
  sourceSchema,
  type RequestSource,
  type RemediationRequest,
} from '../model/request.ts';
import { vmIdSchema } from '../model/vm-id.ts';
import type { Policy } from '../repair/policy/schema.ts';
import { invalid } from './invalid.ts';

/** The body of `POST /api/remediations`. It is our own, so a field that nobody knows is an error. */
export const manualBodySchema = z.strictObject({
  vmId: vmIdSchema.describe('Resource id of the virtual machine.'),
  mode: modeSchema.optional().describe('How far the repair may go; default: set by the policy.'),
  options: optionsSchema.prefault({}),
});

/** A message of the queue: the same JSON; what was put there by an alert or a ticket keeps its source. */
const queueBodySchema = manualBodySchema.extend({ source: sourceSchema.optional() });

/** Reads the body of a manual call, from whoever it comes. Problems: `RequestInvalid`, `UniformScaleSet`. */
export function readManual(
  body: unknown,
  source: RequestSource,
  defaults: Policy['defaults'],
): Result<RemediationRequest> {
  const read = manualBodySchema.safeParse(withDefaults(body, defaults));
  if (!read.success) return { ok: false, problem: invalid(read.error) };
  return toRequest({ source, ...read.data });
}

/** Reads the value of a queue message, already parsed. Problems as of `readManual`. */
export function readQueued(
  value: unknown,
  messageId: string,
  defaults: Policy['defaults'],
): Result<RemediationRequest> {
  const read = queueBodySchema.safeParse(withDefaults(value, defaults));
  if (!read.success) return { ok: false, problem: invalid(read.error) };
  return toRequest({ ...read.data, source: read.data.source ?? { kind: 'queue', id: messageId } });
}

/** Fills what the sender left open, field by field; what is not an object is left for the schema to refuse. */
function withDefaults(body: unknown, defaults: Policy['defaults']): unknown {
  if (!isObject(body)) return body;
  const { options = {} } = body;
  return {
    mode: defaults.mode,
    ...body,
    options: isObject(options) ? { ...defaults.options, ...options } : options,
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toRequest(candidate: unknown): Result<RemediationRequest> {
  const request = remediationRequestSchema.safeParse(candidate);
  return request.success ? { ok: true, value: request.data } : { ok: false, problem: invalid(request.error) };
}
