import type { Hive } from '../disk.ts';
import { hiveList, hiveNumber, hiveSubkeys, hiveText } from '../hive.ts';
import { lookUp, same } from '../lookup.ts';
import type { ServiceStartType } from '../machine/system-api.ts';

/** A service as its registry key describes it. */
export interface ServiceDefinition {
  name: string;
  displayName: string;
  description: string;
  start: number;
  type: number;
  account: string;
  imagePath: string;
  /** Program file of a service in a shared host. */
  serviceDll: string | undefined;
  dependsOn: string[];
  isProtected: boolean;
  acceptsStop: boolean;
  /** Its supervisor starts it again whenever it stops. */
  comesBack: boolean;
  /** TCP port its program opens. */
  listensOn: number | undefined;
  /** Certificate store that its filter keeps local programs from deleting in. */
  guardsStore: string | undefined;
}

export const START_TYPES: readonly ServiceStartType[] = ['Boot', 'System', 'Automatic', 'Manual', 'Disabled'];
export const DISABLED = 4;
export const AUTOMATIC = 2;

/** Bits of `Type` that make a Win32 service; the rest are drivers. */
const WIN32_SERVICE = 0x30;

/** Windows' own that do not accept the stop control. */
const NEVER_STOPS = ['rpcss', 'rpceptmapper', 'dcomlaunch', 'samss', 'gpsvc', 'lsm'];

export function servicesKey(controlSet: string): string {
  return `${controlSet}\\Services`;
}

export function isWin32({ type }: ServiceDefinition): boolean {
  return (type & WIN32_SERVICE) !== 0;
}

export function serviceDefinition(
  system: Hive,
  controlSet: string,
  name: string,
): ServiceDefinition | undefined {
  const services = servicesKey(controlSet);
  const spelled = hiveSubkeys(system, services).find((candidate) => same(candidate, name));
  return spelled === undefined ? undefined : readDefinition(system, services, spelled);
}

export function serviceDefinitions(system: Hive, controlSet: string): ServiceDefinition[] {
  const services = servicesKey(controlSet);
  return hiveSubkeys(system, services).flatMap((name) => readDefinition(system, services, name) ?? []);
}

/**
 * Reads a service. What a foreign program does (opens a port, refuses to stop, comes back, guards a store) stands under
 * its own `Parameters` as `ListensOn`, `AcceptsStop` 0, `ComesBack` 1, `GuardsStore`: the lab runs no programs.
 */
function readDefinition(hive: Hive, services: string, spelled: string): ServiceDefinition | undefined {
  const key = `${services}\\${spelled}`;
  const parameters = `${key}\\Parameters`;
  // Looked up once: a key that is not there is missed only at the end of the whole hive, and most have no parameters.
  const system: Hive = { [key]: lookUp(hive, key) ?? {}, [parameters]: lookUp(hive, parameters) ?? {} };
  const start = hiveNumber(system, key, 'Start');
  // Keys such as SharedAccess hold settings of others beside, or instead of, a service.
  if (start === undefined) return undefined;
  return {
    name: spelled,
    displayName: hiveText(system, key, 'DisplayName') ?? spelled,
    description: hiveText(system, key, 'Description') ?? '',
    start,
    type: hiveNumber(system, key, 'Type') ?? 16,
    account: hiveText(system, key, 'ObjectName') ?? 'LocalSystem',
    imagePath: hiveText(system, key, 'ImagePath') ?? '',
    serviceDll: hiveText(system, parameters, 'ServiceDll'),
    dependsOn: hiveList(system, key, 'DependOnService'),
    isProtected: (hiveNumber(system, key, 'LaunchProtected') ?? 0) !== 0,
    acceptsStop:
      !NEVER_STOPS.includes(spelled.toLowerCase()) && hiveNumber(system, parameters, 'AcceptsStop') !== 0,
    comesBack: hiveNumber(system, parameters, 'ComesBack') === 1,
    listensOn: hiveNumber(system, parameters, 'ListensOn'),
    guardsStore: hiveText(system, parameters, 'GuardsStore'),
  };
}
