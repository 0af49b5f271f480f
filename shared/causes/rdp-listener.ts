import type { RegistryData } from '../model/change.ts';
import type { Cause, Look, RegistryDomain } from './cause.ts';
import { findingsOf, whereFaulty } from './finding.ts';
import { DEFAULT_PORT, lacksListener, RDP_TCP } from './listener.ts';
import { dword, eachSet, fixedValue, inSet, numberOf, setValue, valueOf } from './look.ts';
import { restartRdp } from './services.ts';

const text = (data: string): RegistryData => ({ kind: 'String', data });

/** What a listener is built from, as a fresh Windows has it with the recommended security; everything else has a default in code. */
const FRESH: Readonly<Record<string, RegistryData>> = {
  LoadableProtocol_Object: text('{5828227c-20cf-4408-b73f-73ab70b8849f}'),
  PdName: text('tcp'),
  PdDLL: text('tdtcp'),
  PdName1: text('tssecsrv'),
  PdDLL1: text('tssecsrv'),
  WdName: text('Microsoft RDP 8.0'),
  WdPrefix: text('RDP'),
  WdDLL: text('rdpwd'),
  WsxDLL: text('rdpwsx'),
  CfgDll: text('RDPCFGEX.DLL'),
  PdClass: dword(2),
  PdClass1: dword(11),
  PdFlag: dword(78),
  PdFlag1: dword(0),
  WdFlag: dword(54),
  LanAdapter: dword(0),
  // As many as come: -1 as a DWORD.
  MaxInstanceCount: dword(0xffff_ffff),
  PortNumber: dword(DEFAULT_PORT),
  SecurityLayer: dword(2),
  UserAuthentication: dword(1),
  MinEncryptionLevel: dword(3),
  fAllowSecProtocolNegotiation: dword(1),
};

const domain = (name: string, after: RegistryData): RegistryDomain => ({
  hive: 'system',
  path: RDP_TCP,
  name,
  after: [after],
});
const BUILT_FROM = Object.entries(FRESH).map(([name, fresh]) => ({ domain: domain(name, fresh), fresh }));
const ON = domain('fEnableWinStation', dword(1));
const LOGONS = domain('fLogonDisabled', dword(0));

const FINDINGS = {
  ListenerMissing: 'the settings of the RDP listener are missing',
  ListenerDisabled: 'the RDP listener is disabled or refuses logons',
} as const;
const found = findingsOf('rdp-listener', FINDINGS);

function detect(look: Look) {
  return eachSet(look, (set) => {
    if (lacksListener(look.facts, set)) return [found('ListenerMissing', 'fault', inSet(look, set))];
    const is = (name: string, wrong: number) => numberOf(look.facts, set, RDP_TCP, name) === wrong;
    const data = (value: string) => ({ value, ...inSet(look, set) });
    return [
      ...(is('fEnableWinStation', 0)
        ? [found('ListenerDisabled', 'fault', data('fEnableWinStation'), 'the RDP listener is disabled')]
        : []),
      ...(is('fLogonDisabled', 1)
        ? [found('ListenerDisabled', 'fault', data('fLogonDisabled'), 'the RDP listener refuses logons')]
        : []),
    ];
  });
}

/** The switch comes last: cut off before it, the next run still sees a listener that is off or missing. */
function mendSet({ facts }: Look, set: string) {
  const isOn = numberOf(facts, set, RDP_TCP, 'fEnableWinStation') === 1;
  const lacking = BUILT_FROM.filter(({ domain }) => valueOf(facts, set, RDP_TCP, domain.name) === undefined);
  return [
    ...(isOn ? [] : lacking.flatMap(({ domain, fresh }) => setValue(facts, set, domain, fresh))),
    ...(numberOf(facts, set, RDP_TCP, 'fLogonDisabled') === 1 ? setValue(facts, set, LOGONS, dword(0)) : []),
    ...setValue(facts, set, ON, dword(1)),
  ];
}

export const rdpListener: Cause = {
  id: 'rdp-listener',
  step: 'rdp-port',
  order: 20,
  title: 'The RDP listener is disabled or missing',
  findings: FINDINGS,
  reads: [{ hive: 'system', path: RDP_TCP, names: [...Object.keys(FRESH), ON.name, LOGONS.name] }],
  writes: [...BUILT_FROM.map(({ domain }) => domain), LOGONS, ON],
  detect,
  repair: whereFaulty(detect, (look) => [
    ...eachSet(look, (set) => mendSet(look, set)),
    ...restartRdp(look, ['TermService']),
  ]),
  takesEffect: 'now',
  words: {
    seen: '`RDP-Tcp` is missing, disabled, or refuses logons.',
    mend: 'Adds missing settings with their Windows defaults; sets `fEnableWinStation` 1, `fLogonDisabled` 0; restarts TermService.',
    guidance:
      'Restore the key WinStations\\RDP-Tcp from a VM of the same Windows version and set fEnableWinStation to 1.',
    byHand: '`Set-ItemProperty -Path TS\\WinStations\\RDP-Tcp -Name fEnableWinStation -Value 1`',
    undo: 'Restore the values.',
  },
  recipe: [fixedValue(ON, dword(0), dword(1))],
};
