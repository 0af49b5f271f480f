import type { Change, RegistryData } from '../../model/change.ts';
import type { BootElementFact } from '../../model/facts.ts';
import type { Evidence, Look, RegistryDomain } from '../cause.ts';
import { findingsOf, isUnread } from '../finding.ts';
import { dword, eachSet, inSet, numberOf, setValue, textOf } from '../look.ts';

const CRASH_CONTROL = 'Control\\CrashControl';
const DUMP_FILE: RegistryData = { kind: 'ExpandString', data: '%SystemRoot%\\MEMORY.DMP' };
const domain = (name: string, after: RegistryData): RegistryDomain => ({
  hive: 'system',
  path: CRASH_CONTROL,
  name,
  after: [after],
});
const DUMP = domain('DumpFile', DUMP_FILE);
/** Full dump; a dump when the host asks for one. */
const SWITCHES = [domain('NMICrashDump', dword(1)), domain('CrashDumpEnabled', dword(1))];

/** Boot menu and serial console as the runbook wants them. */
const CONSOLE: readonly BootElementFact[] = [
  { object: 'bootmgr', element: 'displaybootmenu', value: 'true' },
  { object: 'bootmgr', element: 'timeout', value: '5' },
  { object: 'bootmgr', element: 'bootems', value: 'true' },
  { object: 'loader', element: 'ems', value: 'true' },
  { object: 'emssettings', element: 'emsport', value: '1' },
  { object: 'emssettings', element: 'emsbaudrate', value: '115200' },
];

const FINDINGS = {
  SerialConsoleOff: 'the serial console is not enabled in the boot configuration',
  CrashDumpOff: 'a crash would not write a full memory dump',
} as const;
const found = findingsOf(undefined, FINDINGS);

function isConsoleOff(look: Look): boolean {
  const { facts } = look;
  // A store that could not be read is no store that is set wrongly.
  if (facts.scope === 'online' || isUnread(look, 'boot') || facts.boot.length === 0) return false;
  return CONSOLE.some(
    ({ object, element, value }) =>
      facts.boot.find((one) => one.object === object && one.element === element)?.value !== value,
  );
}

function hasDumpFile({ facts }: Look, set: string): boolean {
  return (textOf(facts, set, CRASH_CONTROL, DUMP.name) ?? '').toUpperCase().endsWith('\\MEMORY.DMP');
}

function isDumpOff(look: Look, set: string): boolean {
  if (look.facts.scope === 'online') return false;
  const isOff = SWITCHES.some(({ name }) => numberOf(look.facts, set, CRASH_CONTROL, name) !== 1);
  return isOff || !hasDumpFile(look, set);
}

/** What has nothing to do with RDP, and helps whoever must look at that disk's Windows if it does not come up. */
export const helpful: Evidence & { readonly writes: readonly RegistryDomain[] } = {
  findings: FINDINGS,
  reads: [{ hive: 'system', path: CRASH_CONTROL, names: [DUMP.name, ...SWITCHES.map(({ name }) => name)] }],
  writes: [DUMP, ...SWITCHES],
  detect: (look) => [
    ...(isConsoleOff(look) ? [found('SerialConsoleOff', 'info')] : []),
    ...eachSet(look, (set) =>
      isDumpOff(look, set) ? [found('CrashDumpOff', 'info', inSet(look, set))] : [],
    ),
  ],
};

/** For a disk on which something was mended: never a reason to touch one by itself. */
export function helpfulChanges(look: Look): Change[] {
  const { facts } = look;
  const console: Change[] = isConsoleOff(look) ? [{ do: 'Set-SerialConsole' }] : [];
  const dumps = facts.sets
    .filter((set) => isDumpOff(look, set))
    .flatMap((set) => [
      ...(hasDumpFile(look, set) ? [] : setValue(facts, set, DUMP, DUMP_FILE)),
      ...SWITCHES.flatMap((domain) => setValue(facts, set, domain, dword(1))),
    ]);
  return [...console, ...dumps];
}
