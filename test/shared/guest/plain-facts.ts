import type { Facts } from '../../../shared/model/facts.ts';

/** Facts in which nothing is there: the least that the schema takes. */
export function plainFacts(): Facts {
  const none = () => ({ total: 0, items: [], error: null });
  const unseen = () => ({ state: 'missing' as const, owner: '', sddl: '', error: null });
  return {
    schema: 2,
    scope: 'online',
    at: '2026-06-01T12:00:00Z',
    windows: {
      name: 'Windows Server 2022 Datacenter',
      build: 20348,
      language: 'en-US',
      computer: 'WEB-1',
      domain: '',
      machineGuid: '',
      agent: '',
      powerShell: '5.1',
      updatesPending: false,
    },
    sets: ['ControlSet001'],
    registry: [],
    services: none(),
    listeners: none(),
    reservedPorts: none(),
    rdpCertificates: none(),
    boundCertificate: null,
    keys: { folder: unseen(), rdpKey: unseen(), boundKey: null, opens: 'unknown', opensCode: 0, files: 0 },
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
