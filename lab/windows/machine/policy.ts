import { applyPolicies, gposOf, isPolicyServiceDisabled } from '../policy.ts';
import { startService, wait } from '../services/control.ts';
import { WIN32, WindowsError } from './errors.ts';
import type { Running } from './running.ts';
import type { PolicyOps, RsopValue } from './system-api.ts';
import { reconcile } from '../rdp/listener.ts';

export function createPolicy(running: Running): PolicyOps {
  return {
    appliedGpos: () => gposOf(running.volume).map(({ id, name }) => ({ id, name })),
    rsop() {
      // The last GPO applied wins, which the resultant set counts as precedence 1.
      const values = gposOf(running.volume)
        .toReversed()
        .flatMap(({ id, settings }) =>
          settings.flatMap(({ kind, key, hive, name }) =>
            kind === 'policy' ? [{ registryKey: `${hive}\\${key}`, valueName: name, gpoId: id }] : [],
          ),
        );
      return values.map((value, index): RsopValue => {
        const before = values.slice(0, index).filter((other) => isSameValue(other, value)).length;
        return { ...value, precedence: before + 1 };
      });
    },
    async refresh({ answer, waitSeconds = Infinity } = {}) {
      const { unreachable = false, asks = false, seconds = 0 } = running.osDisk.quirks?.policy ?? {};
      if (isPolicyServiceDisabled(running))
        throw new WindowsError(WIN32.serviceDisabled, 'the Group Policy Client service is disabled');
      wait(running, Math.min(seconds, waitSeconds));
      if (unreachable) {
        running.log.write({
          log: 'System',
          id: 1129,
          provider: 'Microsoft-Windows-GroupPolicy',
          level: 'error',
          data: {},
        });
        throw new WindowsError(WIN32.noDomainController, 'no domain controller can be reached');
      }
      // It goes on by itself, out of sight.
      if (seconds > waitSeconds) return { asked: false, isDone: false };
      running.gate({ what: 'policy.refresh', target: 'computer' });
      startService(running, 'gpsvc');
      applyPolicies(running);
      reconcile(running);
      await running.wire.settled();
      // Settings are in force by now; only the software waits for a restart.
      if (asks && answer === undefined) running.stick('gpupdate asks whether it may restart the computer');
      return { asked: asks, isDone: true };
    },
  };
}

interface NamedValue {
  registryKey: string;
  valueName: string;
}

function isSameValue(one: NamedValue, other: NamedValue): boolean {
  const name = ({ registryKey, valueName }: NamedValue): string =>
    `${registryKey}\\${valueName}`.toLowerCase();
  return name(one) === name(other);
}
