import { deleteHiveKey } from '../../windows/hive.ts';
import { servicesKey } from '../../windows/services/definition.ts';
import { currentControlSet, setInSystem, systemHiveOf } from '../disk/edit.ts';
import { addServiceQuirk } from '../disk/quirks.ts';
import { dword, expandable, text } from '../disk/registry-values.ts';
import type { Fault } from './fault.ts';

interface ForeignService {
  name: string;
  /** TCP port it opens. */
  port?: number;
  /** Group of a shared host; a program of its own without it. */
  host?: string;
}

/** Another company's service, which starts with Windows. */
export function foreignService({ name, port, host }: ForeignService): Fault {
  return (disk) => {
    const key = `Services\\${name}`;
    const program =
      host === undefined
        ? `"C:\\Program Files\\Contoso\\${name}.exe"`
        : `%SystemRoot%\\system32\\svchost.exe -k ${host}`;
    setInSystem(disk, key, 'DisplayName', text(name));
    setInSystem(disk, key, 'ImagePath', expandable(program));
    setInSystem(disk, key, 'ObjectName', text('LocalSystem'));
    setInSystem(disk, key, 'ErrorControl', dword(1));
    setInSystem(disk, key, 'Start', dword(2));
    setInSystem(disk, key, 'Type', dword(host === undefined ? 16 : 32));
    if (port !== undefined) setInSystem(disk, `${key}\\Parameters`, 'ListensOn', dword(port));
    if (host !== undefined) addServiceQuirk(disk, name, { host });
  };
}

/** Once told to stop it is StopPending for good. */
export function hangsOnStop(service: string): Fault {
  return (disk) => {
    addServiceQuirk(disk, service, { hangsOnStop: true });
  };
}

/** Running only so many seconds after each start. */
export function startsSlowly(service: string, seconds: number): Fault {
  return (disk) => {
    addServiceQuirk(disk, service, { startSeconds: seconds });
  };
}

/** TermService is Running at once, and opens its port only so many seconds later. */
export function listensLate(seconds: number): Fault {
  return (disk) => {
    addServiceQuirk(disk, 'TermService', { listenSeconds: seconds });
  };
}

/** TermService has been running for long and hears nothing any more, until it starts anew. */
export const fallSilent: Fault = (disk) => {
  addServiceQuirk(disk, 'TermService', { silent: true });
};

/** These services live in one process. */
export function shareProcess(host: string, ...services: string[]): Fault {
  return (disk) => {
    for (const service of services) addServiceQuirk(disk, service, { host });
  };
}

/** The service opens its port for programs of this machine alone. */
export function listensOnLoopback(service: string): Fault {
  return (disk) => {
    addServiceQuirk(disk, service, { loopbackOnly: true });
  };
}

export function disableService(service: string): Fault {
  return (disk) => {
    setInSystem(disk, `Services\\${service}`, 'Start', dword(4));
  };
}

/** An administrator's account, whose password nobody here knows, in the place of the service's own. */
export function changeAccount(service: string, account: string): Fault {
  return (disk) => {
    setInSystem(disk, `Services\\${service}`, 'ObjectName', text(account));
  };
}

/** The service's key is gone from the registry: to Windows there is no such service. */
export function removeService(service: string): Fault {
  return (disk) => {
    deleteHiveKey(systemHiveOf(disk), `${servicesKey(currentControlSet(disk))}\\${service}`);
  };
}
