import jsonata from 'jsonata';
import { problem, type Result } from '../../errors.ts';
import { parseVmId } from '../../model/vm-id.ts';

/** What an expression may use up: the payload is a stranger's, so the bounds are, too, against the payload. */
const LIMITS = { timeout: 1000, stack: 200, sequence: 10_000 } as const;
/** Everything that could be an id, up to where it ends for sure: a part of a longer id must not count. */
const ID_IN_TEXT = /\/subscriptions\/[\w()./-]+/gi;
const LONGEST_ID = 512;
/** What a sentence or the portal's address bar leaves at the end of an id. */
const NOT_OF_THE_ID = /(?:\/overview)?[.)/-]*$/i;

/**
 * Evaluates a connector's JSONata expression over a payload. Beside JSONata's own functions there is
 * `$vmIds(text)`: the distinct VM ids in a text. Problem: `RequestInvalid`, when the expression fails on
 * this payload or takes too much time, depth or memory.
 */
export async function evaluate(
  expression: string,
  payload: unknown,
  bindings: Record<string, unknown> = {},
): Promise<Result<unknown>> {
  try {
    const compiled = jsonata(expression, LIMITS);
    compiled.registerFunction('vmIds', findVmIds, '<x-:a>');
    const found: unknown = await compiled.evaluate(payload, bindings);
    // JSONata marks its sequences with hidden properties; a round trip leaves plain JSON.
    const plain: unknown = found === undefined ? undefined : JSON.parse(JSON.stringify(found));
    return { ok: true, value: plain };
  } catch (error) {
    // JSONata throws plain objects; their messages repeat values of the payload, their codes do not.
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '?';
    return {
      ok: false,
      problem: problem(
        'RequestInvalid',
        `The connector's expression fails on this payload (JSONata ${code}).`,
      ),
    };
  }
}

/** Throws where an expression is not JSONata at all: called once for each when the connectors are loaded. */
export function assertExpression(expression: string): void {
  jsonata(expression);
}

/** The distinct canonical ids of the VMs that a text names; not those of things inside a VM. */
export function findVmIds(text: unknown): string[] {
  if (typeof text !== 'string') return [];
  // Longer than any id: not worth a look, and the trimming below would be slow on it.
  const found = (text.match(ID_IN_TEXT) ?? []).filter(({ length }) => length <= LONGEST_ID);
  const ids = found.map((id) => parseVmId(id.replace(NOT_OF_THE_ID, ''))?.id);
  return [...new Set(ids.filter((id) => id !== undefined))];
}
