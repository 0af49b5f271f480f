import type { Facts, Unread } from '../../../shared/model/facts.ts';
import type { Machine } from '../machine.ts';
import { queryOf, type QueryRow } from './constants.ts';
import { unreadOf } from './failure.ts';
import { readAppliedPolicies, readPolicies } from './facts/policies.ts';
import { readBoot } from './facts/boot.ts';
import { readBoundCertificate, readStore } from './facts/certificates.ts';
import { readEvents, readFailedLogons } from './facts/events.ts';
import { readFirewall } from './facts/firewall.ts';
import { readHandshakeFact, readListeners, readReservedPorts } from './facts/listeners.ts';
import { readKeys, unseenPath } from './facts/keys.ts';
import { readQuery } from './facts/registry.ts';
import { readServices } from './facts/services.ts';
import { readClock, readOwed, readSpaceFact, readWindowsFact } from './facts/windows.ts';
import { momentOf } from './moment.ts';
import type { OpenedWindows } from './opened-windows.ts';

/** What a part of the facts is read with. */
export interface Reading {
  machine: Machine;
  windows: OpenedWindows;
  query: QueryRow[];
  facts: Facts;
  /** Reads a part; what is thrown on the way goes to `unread` under its name. */
  readonly part: (name: string, read: () => void | Promise<void>) => Promise<void>;
}

/** `Read-Facts` of `guest/lib/facts/all.ps1`; the constants come from the script's text. */
export async function readFacts(machine: Machine, windows: OpenedWindows, text: string): Promise<Facts> {
  const facts = emptyFacts(machine, windows);
  const reading: Reading = {
    machine,
    windows,
    query: queryOf(text),
    facts,
    part: async (name, read) => {
      try {
        await read();
      } catch (thrown) {
        facts.unread.push({ what: name, error: unreadOf(machine, thrown) });
      }
    },
  };
  await reading.part('windows', () => readWindowsFact(reading));
  await reading.part('registry', () => {
    facts.registry = readQuery(reading);
  });
  facts.rdpCertificates = listOf(machine, 16, () => readStore(reading));
  await reading.part('boundCertificate', () => {
    facts.boundCertificate = readBoundCertificate(reading);
  });
  await readKeys(reading);
  facts.firewallRules = listOf(machine, 48, () => readFirewall(reading));
  await reading.part('boot', () => {
    facts.boot = readBoot(reading);
  });
  await reading.part('space', () => {
    facts.space = readSpaceFact(reading);
  });
  await reading.part('owed', () => {
    facts.owed = readOwed(reading);
  });
  if (windows.scope === 'online') await readLive(reading);
  else {
    const { build } = facts.windows;
    facts.installations = windows.installations
      .slice(0, 8)
      .map(({ partition, chosen }) => ({ partition, build: chosen ? build : 0, chosen }));
  }
  return facts;
}

/** `Read-LiveFacts`. */
async function readLive(reading: Reading): Promise<void> {
  const { machine, facts } = reading;
  facts.services = listOf(machine, 32, () => readServices(machine));
  facts.listeners = listOf(machine, 32, () => readListeners(reading));
  facts.reservedPorts = listOf(machine, 64, () => readReservedPorts(machine));
  await reading.part('handshake', () => readHandshakeFact(reading));
  facts.events = listOf(machine, 32, () => readEvents(machine));
  facts.failedLogons = listOf(machine, 8, () => readFailedLogons(machine));
  facts.policies = listOf(machine, 32, () => readPolicies(reading));
  facts.appliedPolicies = listOf(machine, 16, () => readAppliedPolicies(machine));
  await reading.part('clock', () => {
    facts.clockAheadSeconds = readClock(machine);
  });
}

interface Capped<Item> {
  total: number;
  items: Item[];
  error: Unread | null;
}

/** `Set-List`. */
function listOf<Item>(machine: Machine, most: number, read: () => Item[]): Capped<Item> {
  try {
    const items = read();
    return { total: items.length, items: items.slice(0, most), error: null };
  } catch (thrown) {
    return { total: 0, items: [], error: unreadOf(machine, thrown) };
  }
}

function emptyFacts(machine: Machine, windows: OpenedWindows): Facts {
  const none = <Item>(): Capped<Item> => ({ total: 0, items: [], error: null });
  return {
    schema: 2,
    scope: windows.scope,
    at: momentOf(machine.now()),
    windows: {
      name: '',
      build: 0,
      language: '',
      computer: '',
      domain: '',
      machineGuid: '',
      agent: '',
      powerShell: '',
      updatesPending: false,
    },
    sets: [...windows.sets],
    registry: [],
    services: none(),
    listeners: none(),
    reservedPorts: none(),
    rdpCertificates: none(),
    boundCertificate: null,
    keys: {
      folder: unseenPath(),
      rdpKey: unseenPath(),
      boundKey: null,
      opens: 'unknown',
      opensCode: 0,
      files: 0,
    },
    firewallRules: none(),
    handshake: { stage: 'untried', protocol: '', thumbprint: '' },
    events: none(),
    failedLogons: none(),
    policies: none(),
    appliedPolicies: none(),
    space: null,
    clockAheadSeconds: null,
    boot: [],
    installations: [],
    owed: [],
    unread: [],
  };
}
