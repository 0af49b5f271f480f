import type { Caller } from '../../shared/model/principal.ts';
import type { RequestSource } from '../../shared/model/request.ts';

/** What a person may ask for goes by role; who it was is kept, so that nobody approves what he asked for. */
export function sourceOf({ roles, principal }: Caller): RequestSource {
  return {
    kind: roles.includes('Operate') ? 'operator' : 'manual',
    ...(principal && { by: principal }),
  };
}
