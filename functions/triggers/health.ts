import { NO_FILE, type Authority } from '../../shared/repair/policy/load.ts';
import type { TriggerDependencies } from './dependencies.ts';
import { json, type Handler } from './http.ts';

/** `GET /api/health`: that the app is loaded and what it runs on; tells strangers nothing more. */
export function getHealth({ version, policy, ...authority }: TriggerDependencies): Handler {
  const { status, reason } = stateOf(authority);
  return () =>
    Promise.resolve(
      json(status === 'closed' ? 503 : 200, {
        status,
        version,
        accepting: !policy.killSwitch,
        ...(reason === undefined ? {} : { reason }),
      }),
    );
}

type State = { status: 'ok' | 'degraded' | 'closed'; reason?: string };

/** In a word: the sentence that mends it is for the log and for callers, not for strangers. */
function stateOf({ closed, policyVersion }: Pick<Authority, 'closed' | 'policyVersion'>): State {
  if (closed !== undefined) return { status: 'closed', reason: 'settings' };
  return policyVersion === NO_FILE ? { status: 'degraded', reason: 'no-policy' } : { status: 'ok' };
}
