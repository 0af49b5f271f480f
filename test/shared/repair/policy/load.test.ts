import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPolicy, policyJsonSchema } from '../../../../shared/repair/policy/load.ts';
import { DEFAULT_POLICY } from '../../../../shared/repair/policy/schema.ts';

const folder = mkdtempSync(join(tmpdir(), 'policy-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function load(text: string, settings: Record<string, string> = {}) {
  const path = join(folder, 'policy.json');
  writeFileSync(path, text);
  return loadPolicy({ RDP_MEDIC_POLICY: path, ...settings });
}

describe('The policy', () => {
  it('is the default where no file is named', () => {
    expect(loadPolicy({})).toEqual(DEFAULT_POLICY);
  });
  it('is the file, filled up with defaults', () => {
    expect(load('{"limits":{"attemptsPerDay":1}}')).toEqual({
      ...DEFAULT_POLICY,
      limits: { ...DEFAULT_POLICY.limits, attemptsPerDay: 1 },
    });
  });
  it('is switched off by one setting, whatever the file says', () => {
    expect(load('{"killSwitch":false}', { RDP_MEDIC_KILL_SWITCH: 'on' }).killSwitch).toBe(true);
  });
  it.each<[string, string, RegExp]>([
    ['a misspelt field', '{"killSwich":true}', /killSwich/],
    ['a misspelt field further in', '{"limits":{"coolDown":5}}', /coolDown/],
    ['a subscription by name', '{"scope":{"subscriptions":["production"]}}', /subscription/],
    [
      'a time that is none',
      '{"maintenance":{"windows":[{"days":["mon"],"from":"25:00","to":"04:00"}]}}',
      /time of day/,
    ],
    ['a zone that is none', '{"maintenance":{"timeZone":"Mars/Olympus"}}', /time zone/],
    ['no JSON', 'killSwitch: true', /JSON/],
  ])('stops the start with %s', (_what, text, message) => {
    expect(() => load(text)).toThrow(message);
  });
  it('stops the start where its file is missing', () => {
    expect(() => loadPolicy({ RDP_MEDIC_POLICY: join(folder, 'none.json') })).toThrow(/ENOENT/);
  });
  it('has a schema for editors that says what is checked', () => {
    const file = join(import.meta.dirname, '../../../../infra/policy.schema.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(policyJsonSchema());
  });
});
