import type { Hive, Sid } from '../disk.ts';
import {
  deleteHiveKey,
  deleteHiveValue,
  ensureKey,
  hiveNumber,
  hiveSubkeys,
  hiveText,
  hiveValue,
  hiveValues,
  setHiveValue,
} from '../hive.ts';
import type { RegistryOps } from '../machine.ts';
import { reconcile } from '../rdp/listener.ts';
import { SID } from '../sids.ts';
import { WIN32, WindowsError } from './errors.ts';
import { requireUnguarded } from './guards.ts';
import { requireKeyAccess } from './key-access.ts';
import type { Running } from './running.ts';

const ROOT = /^(?:registry::)?(?:HKLM:?|HKEY_LOCAL_MACHINE)\\?/i;
/** Changing this key is SYSTEM's alone (GPSVC log analysis). */
const GROUP_POLICY_SERVICE = /\\services\\gpsvc(\\|$)/i;

interface Place {
  hive: Hive;
  /** Below the hive's root; CurrentControlSet is followed. */
  path: string;
  /** Lower-case name of the hive under HKLM. */
  root: string;
}

/** Finds the hive a path leads into; `undefined` when there is none of that name. */
function resolve(running: Running, key: string): Place | undefined {
  const [root = '', ...rest] = key.replace(ROOT, '').replace(/\\+$/, '').split('\\');
  const name = root.toLowerCase();
  if (name === 'system') {
    const [set = '', ...below] = rest;
    const path = set.toLowerCase() === 'currentcontrolset' ? [running.controlSet, ...below] : rest;
    return { hive: running.system, path: path.join('\\'), root: name };
  }
  if (name === 'software') return { hive: running.software, path: rest.join('\\'), root: name };
  if (name === 'sam' && running.sam) return { hive: running.sam, path: rest.join('\\'), root: name };
  const loaded = running.hives.get(name);
  if (!loaded) return undefined;
  loaded.openHandle = true;
  return { hive: loaded.hive, path: rest.join('\\'), root: name };
}

export function createRegistry(running: Running, principal: Sid): RegistryOps {
  const find = (key: string): Place | undefined => {
    const place = resolve(running, key);
    if (place) requireKeyAccess(running, place, 'read');
    return place;
  };
  const demand = (key: string): Place => {
    const place = resolve(running, key);
    if (!place) throw new WindowsError(WIN32.fileNotFound, `there is no key ${key}`);
    return place;
  };
  /** Asks permission and the hooks, makes the change, lets whoever watches the key see it. */
  const change = <Result>(
    what: string,
    key: string,
    name: string,
    make: (place: Place) => Result,
  ): Result => {
    const place = demand(key);
    requireKeyAccess(running, place, what === 'delete-key' ? 'delete' : 'write');
    if (principal !== SID.system && GROUP_POLICY_SERVICE.test(key))
      throw new WindowsError(WIN32.accessDenied, `access to ${key} is denied`);
    running.gate({ what: `registry.${what}`, target: name === '' ? key : `${key}\\${name}` });
    const result = make(place);
    reconcile(running);
    return result;
  };

  return {
    // The key's own permissions do not hide that it is there: its parent lists it.
    exists: (key) => {
      const place = resolve(running, key);
      return place !== undefined && (place.path === '' || hiveValues(place.hive, place.path) !== undefined);
    },
    values: (key) => {
      const place = find(key);
      return place && structuredClone(hiveValues(place.hive, place.path));
    },
    get: (key, name) => {
      const place = find(key);
      return place && structuredClone(hiveValue(place.hive, place.path, name));
    },
    number: (key, name) => {
      const place = find(key);
      return place && hiveNumber(place.hive, place.path, name);
    },
    text: (key, name) => {
      const place = find(key);
      return place && hiveText(place.hive, place.path, name);
    },
    subkeys: (key) => {
      const place = find(key);
      if (!place) return [];
      const names = hiveSubkeys(place.hive, place.path);
      const isSystemRoot = place.root === 'system' && place.path === '';
      return isSystemRoot ? [...names, 'CurrentControlSet'] : names;
    },
    create: (key) => {
      change('create', key, '', ({ hive, path }) => {
        if (hiveValues(hive, path) === undefined) ensureKey(hive, path);
      });
    },
    set: (key, name, value) => {
      change('set', key, name, ({ hive, path }) => {
        setHiveValue(hive, path, name, value);
      });
    },
    deleteValue: (key, name) => {
      const { hive, path } = demand(key);
      if (!hiveValue(hive, path, name))
        throw new WindowsError(WIN32.fileNotFound, `there is no value ${name} in ${key}`);
      change('delete-value', key, name, () => deleteHiveValue(hive, path, name));
    },
    deleteKey: (key) => {
      const { hive, path, root } = demand(key);
      if (hiveValues(hive, path) === undefined)
        throw new WindowsError(WIN32.fileNotFound, `there is no key ${key}`);
      if (root === 'software') requireUnguarded(running, path);
      change('delete-key', key, '', () => deleteHiveKey(hive, path));
    },
  };
}
