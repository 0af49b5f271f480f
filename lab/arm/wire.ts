import * as z from 'zod';
import { ArmError, invalidParameter } from './errors.ts';
import { json, type JsonValue } from './store/json.ts';

const NOT_A_MEMBER = 'Could not find member';

/**
 * A request object of which all members are known: others are refused with the provider's words, which are
 * those of Json.NET, which reads them there.
 * @param type name of the type as ARM's refusal would spell it
 */
export function wire<Shape extends z.ZodRawShape>(
  type: string,
  shape: Shape,
): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `${NOT_A_MEMBER} '${issue.keys[0] ?? ''}' on object of type '${type}'.`
        : undefined,
  });
}

/**
 * Reads a request body.
 * @throws ArmError 400: InvalidRequestContent (no body, unknown member at the top), BadRequest (unknown member
 *   within properties) or InvalidParameter (bad value)
 */
export function readBody<Schema extends z.ZodType>(schema: Schema, body: JsonValue): z.output<Schema> {
  if (body === undefined) {
    throw new ArmError(
      400,
      'InvalidRequestContent',
      'The request content was invalid and could not be deserialized: the body is empty.',
    );
  }
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.path.map(String) ?? [];
  const member = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  if (!issue || member === undefined)
    throw invalidParameter(path.filter((part) => part !== 'properties').join('.') || 'body');
  const where = [...path, member].join('.');
  if (path.length > 0) {
    throw new ArmError(
      400,
      'BadRequest',
      `${issue.message} Path '${where}', line 1, position ${String(JSON.stringify(body).indexOf(member) + 1)}.`,
    );
  }
  throw new ArmError(
    400,
    'InvalidRequestContent',
    `The request content was invalid and could not be deserialized: 'Could not find member '${member}' on object of type 'ResourceDefinition'. Path '${member}', line 1, position ${String(JSON.stringify(body).indexOf(member) + 1)}.'.`,
  );
}

/** Members that are stored and given back, but never looked into. */
export function stored(...names: string[]): Record<string, z.ZodOptional<typeof json>> {
  return Object.fromEntries(names.map((name) => [name, json.optional()]));
}

/** Members that only the service sets: accepted, so that a GET can be PUT back, and ignored. */
export function readOnly(...names: string[]): Record<string, z.ZodType<undefined>> {
  return Object.fromEntries(
    names.map((name) => [
      name,
      z
        .unknown()
        .transform(() => undefined)
        .optional(),
    ]),
  );
}
