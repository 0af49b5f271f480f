import type { Fault, FaultEffect } from './fault.ts';

/**
 * Reads faults from their compact form, several separated by `;`:
 *
 *     [<from>[+<times>|+*] ]<action or *>[@<part of the path>]=<effect>
 *
 * - `from`: first matching call that is hit, counted from 1; `+3` three calls from there, `+*` all of them
 * - action: Azure action with `*` for any text; a leading `PUT:` narrows it to a method
 * - effect: `429`, `429/30` (Retry-After 30 s), `503(Code)`, `reset`, `lose-answer`, `cut-off`, `hang` (no answer), `fail(Code)`,
 *   `fail(Code: message)`, `hang(600)` (the operation, in seconds) or `linger(600)` (its end, on a VM, after its effect)
 *
 * Example: `2 Microsoft.Compute/disks/write@web-01=429/20; *virtualMachines/start/action=fail(AllocationFailed)`
 * @throws SyntaxError that names the part it cannot read
 */
export function parseFaults(text: string): Fault[] {
  return text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parseFault);
}

const FAULT =
  /^(?:(?<from>\d+)?(?:\+(?<times>\d+|\*))?\s+)?(?:(?<method>[A-Z]+):)?(?<action>[^\s@=]+)(?:@(?<resource>[^=]+))?=(?<effect>.+)$/;

function parseFault(text: string): Fault {
  const { from, times, method, action, resource, effect } = FAULT.exec(text)?.groups ?? {};
  if (action === undefined || effect === undefined)
    throw new SyntaxError(`Not a fault: '${text}'. Expected [from[+times] ]action[@resource]=effect.`);
  if (from === '0') throw new SyntaxError(`Calls are counted from 1: '${text}'.`);
  return {
    match: {
      ...(action !== '*' && { action }),
      ...(method !== undefined && { method }),
      ...(resource !== undefined && { resource: resource.trim() }),
    },
    ...(from !== undefined && { from: Number(from) }),
    ...(times !== undefined && { times: times === '*' ? Infinity : Number(times) }),
    effect: parseEffect(effect.trim()),
  };
}

function parseEffect(text: string): FaultEffect {
  if (text === 'reset' || text === 'lose-answer' || text === 'cut-off' || text === 'hang')
    return { kind: text };
  const answer = /^(?<status>[45]\d\d)(?:\/(?<retryAfter>\d+))?(?:\((?<code>\w+)\))?$/.exec(text)?.groups;
  if (answer) {
    const { status, retryAfter, code } = answer;
    return {
      kind: 'answer',
      status: Number(status),
      ...(retryAfter !== undefined && { retryAfter: Number(retryAfter) }),
      ...(code !== undefined && { code }),
    };
  }
  const failure = /^fail\((?<code>\w+)(?::\s*(?<message>[^)]+))?\)$/.exec(text)?.groups;
  if (failure) {
    const { code = '', message = `The lab let the operation fail with ${code}.` } = failure;
    return { kind: 'operation-fails', code, message };
  }
  const late = /^(?<kind>hang|linger)\((?<seconds>\d+)\)$/.exec(text)?.groups;
  if (late) {
    const kind = late['kind'] === 'hang' ? 'operation-hangs' : 'operation-lingers';
    return { kind, seconds: Number(late['seconds']) };
  }
  throw new SyntaxError(
    `Not an effect: '${text}'. Expected 429, 429/30, 503(Code), reset, lose-answer, cut-off, hang, fail(Code), hang(seconds) or linger(seconds).`,
  );
}
