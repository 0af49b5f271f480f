import type { FaultableRequest, FaultMatch } from './fault.ts';

/** Whether a request is among those that a fault, or an actor, waits for. */
export function matches(match: FaultMatch, request: FaultableRequest): boolean {
  return (
    (match.method === undefined || match.method.toUpperCase() === request.method) &&
    (match.action === undefined || globToRegExp(match.action).test(request.action)) &&
    (match.resource === undefined || request.path.toLowerCase().includes(match.resource.toLowerCase()))
  );
}

/** `*` stands for any text; the rest is literal, without regard to case. */
function globToRegExp(glob: string): RegExp {
  const literal = glob.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${literal.join('.*')}$`, 'i');
}
