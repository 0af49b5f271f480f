import jsonata from 'jsonata';
import { problem, type Result } from '../../errors.ts';
import { parseVmId } from '../../model/vm-id.ts';

/** What an expression may use up: the payload is a stranger's, so the bounds are, too, against the payload. */
const LIMITS = { timeout: 1000, stack: 200, sequence: 10_000 } as const;
const VM_ID_IN_TEXT =
  /\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[\w().-]{1,90}\/providers\/Microsoft\.Compute\/virtualMachines\/[\w-](?:[\w.-]{0,78}[\w-])?(?![\w/])/gi;

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
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
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
  const ids = [...text.matchAll(VM_ID_IN_TEXT)].map(([id]) => parseVmId(id)?.id);
  return [...new Set(ids.filter((id) => id !== undefined))];
}
