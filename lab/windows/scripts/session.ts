import type { CauseId } from '../../../shared/model/cause.ts';
import type { Finding, GuestAction, GuestResult } from '../../../shared/model/guest-result.ts';
import type { RegistryValue } from '../disk.ts';
import type { Machine } from '../machine.ts';
import { drivePath, readValue, valueText } from './values.ts';

type FindingData = Finding['data'];

/** What a model notes while it works: the twin of the functions of `guest/lib/rdp-medic.ps1`. */
export interface Session {
  readonly machine: Machine;
  readonly parameters: Readonly<Record<string, string>>;
  readonly findings: Finding[];
  readonly actions: GuestAction[];
  readonly facts: GuestResult['facts'];
  restart: GuestResult['restart'];
  /** A fault unless the severity says otherwise. */
  find(code: string, detail: string, more?: FindingMore): void;
  act(what: string, target: string, before?: string | null, after?: string | null): void;
  /** As PowerShell reads it; `undefined` when it is not there. */
  read(key: string, name: string): string | number | string[] | undefined;
  /** Writes a value unless it is there already. */
  write(key: string, name: string, value: RegistryValue): void;
  removeValue(key: string, name: string): void;
  restartService(name: string): Promise<void>;
  startIfStopped(name: string): Promise<void>;
  enableStart(name: string, startType?: 'Manual' | 'Automatic'): void;
}

export interface FindingMore {
  cause?: CauseId;
  severity?: Finding['severity'];
  data?: FindingData;
}

export function createSession(machine: Machine, parameters: Record<string, string>): Session {
  const { registry, services } = machine;
  const session: Session = {
    machine,
    parameters,
    findings: [],
    actions: [],
    facts: {},
    restart: 'none',
    find(code, detail, { cause, severity = 'fault', data = {} } = {}) {
      session.findings.push({ ...(cause === undefined ? {} : { cause }), code, severity, detail, data });
    },
    act(what, target, before = null, after = null) {
      session.actions.push({ what, target, before, after });
    },
    read(key, name) {
      const value = registry.get(key, name);
      return value && readValue(value);
    },
    write(key, name, value) {
      const before = valueText(registry.get(key, name));
      if (before === valueText(value)) return;
      if (!registry.exists(key)) registry.create(key);
      registry.set(key, name, value);
      const after = valueText(registry.get(key, name));
      session.act('set registry value', `${drivePath(key)}\\${name}`, before, after);
    },
    removeValue(key, name) {
      const before = valueText(registry.get(key, name));
      if (before === null) return;
      registry.deleteValue(key, name);
      session.act('remove registry value', `${drivePath(key)}\\${name}`, before);
    },
    async restartService(name) {
      const service = services.get(name);
      if (!service) return;
      if (service.state === 'Running') await services.restart(name, { force: true });
      else await services.start(name);
      session.act('restart service', name, service.state, 'Running');
    },
    async startIfStopped(name) {
      const service = services.get(name);
      if (!service || service.state === 'Running') return;
      await services.start(name);
      session.act('start service', name, 'Stopped', 'Running');
    },
    enableStart(name, startType = 'Manual') {
      if (services.get(name)?.startType !== 'Disabled') return;
      services.configure(name, { startType });
      session.act('set service start type', name, 'Disabled', startType);
    },
  };
  return session;
}
