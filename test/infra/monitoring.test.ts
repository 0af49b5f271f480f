import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../shared/package-root.ts';

const read = (path: string): string => readFileSync(join(PACKAGE_ROOT, path), 'utf8');
const metricsIn = (text: string): string[] =>
  [...new Set([...text.matchAll(/rdp_medic\.[a-z_.]+[a-z]/g)].map(([name]) => name))].sort();

const SERVICE = read('infra/service/service.bicep');
const WORKBOOK = read('infra/service/workbook.json');
const counted = metricsIn(read('shared/metrics.ts'));

describe('metrics', () => {
  it('are described, each that is counted and no other', () => {
    expect(metricsIn(read('docs/metrics.md'))).toEqual(counted);
  });

  it.each([
    ['alerts on the service', SERVICE],
    ['the workbook', WORKBOOK.replaceAll(/customDimensions\[\\"[^\]]+\]/g, '')],
  ])('of %s are counted', (_of, text) => {
    expect(metricsIn(text).length).toBeGreaterThan(3);
    expect(metricsIn(text).filter((name) => !counted.includes(name))).toEqual([]);
  });

  it('have an alert or a place in the workbook, each of them', () => {
    const shown = [...metricsIn(SERVICE), ...metricsIn(WORKBOOK)];
    expect(counted.filter((name) => !shown.includes(name))).toEqual([]);
  });
});

it('the workbook shows attributes that the trace has', () => {
  const attributes = [...WORKBOOK.matchAll(/customDimensions\[\\"([^\\]+)\\"\]/g)].map(([, name]) => name);
  const tracing = read('shared/tracing.ts');
  expect(attributes.length).toBeGreaterThan(0);
  for (const name of attributes) expect(tracing).toContain(`'${String(name)}'`);
});

it('each alert on the service says in the documentation what to do', () => {
  const names = [...SERVICE.matchAll(/name: '([a-z-]+)'\n\s+severity/g)].map(([, name]) => name);
  const document = read('docs/operate/alerts-on-the-service.md');
  expect(names.length).toBeGreaterThan(4);
  for (const name of names) expect(document).toContain(`## ${String(name)}\n`);
});

describe('alerts that trigger the service', () => {
  const texts = ['infra/alerts/rules.bicep', 'infra/alerts/connection-monitor.bicep'].map(read);
  const alerts = texts.flatMap((text) => text.split('Microsoft.Insights/scheduledQueryRules@').slice(1));

  it('are all found', () => {
    expect(alerts).toHaveLength(2);
  });

  it('are one a VM, of VMs that have opted in alone, and read by an identity that may know of them', () => {
    for (const alert of alerts) {
      expect(alert).toMatch(/resourceIdColumn: '(_ResourceId|DestinationResourceId)'/);
      expect(alert).toMatch(
        /query: '\$\{optedIn\} .*where tolower\((_ResourceId|DestinationResourceId)\) in \(optedIn\)/,
      );
      expect(alert).toContain("identity: { type: 'UserAssigned'");
      expect(alert).toContain('actions: { actionGroups: [actionGroupId]');
    }
  });

  it('know the side of TLS and the services in every language of Windows', () => {
    const [rules = ''] = texts;
    expect(rules).toContain('EventID in (36870, 36871) and (EventData has "server"');
    const names = [...rules.matchAll(/[0-9A-F]{20,}/g)].map(([hex]) =>
      Buffer.from(hex, 'hex').toString('utf16le'),
    );
    expect(names).toEqual(['TermService', 'SessionEnv', 'UmRdpService']);
    expect(rules).toContain('${serviceNames} or RenderedDescription');
  });

  it('call the app with a token, not with a key in the address', () => {
    const group = read('infra/alerts/action-group.bicep');
    expect(group).toContain('useAadAuth: true');
    expect(group).toContain('useCommonAlertSchema: true');
    expect(group).not.toMatch(/[?&]code=/);
  });
});

describe('Windows events', () => {
  /** Ids by provider, as a text names them. */
  const idsIn = (text: string): number[] =>
    [...new Set([...text.matchAll(/\b(\d{4,5})\b/g)].map(([id]) => Number(id)))].sort(
      (one, other) => one - other,
    );
  const queries = [...read('infra/alerts/rules.bicep').matchAll(/EventID in \(([\d, ]+)\)/g)].flatMap(
    ([, ids = '']) => idsIn(ids),
  );
  const collected = [...read('infra/alerts/collection.bicep').matchAll(/EventID=(\d+)/g)].map(([, id]) =>
    Number(id),
  );

  it('are collected where a rule reads them, and no others', () => {
    expect([...new Set(collected)].sort()).toEqual([...new Set(queries)].sort());
  });

  it('are told in the documentation', () => {
    const told = idsIn(read('docs/alerts.md'));
    expect(queries.filter((id) => !told.includes(id))).toEqual([]);
  });
});
