import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAuthority, NO_FILE, policyJsonSchema } from '../../../../shared/repair/policy/load.ts';
import { NO_POLICY, policySchema } from '../../../../shared/repair/policy/schema.ts';

const folder = mkdtempSync(join(tmpdir(), 'policy-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

type Config = Parameters<typeof loadAuthority>[1];
const KEYS: Config = { faults: [], auth: 'key', approverSecret: undefined };

function load(text: string, settings: Record<string, string> = {}, config = KEYS) {
  const path = join(folder, 'policy.json');
  writeFileSync(path, text);
  return loadAuthority({ RDP_MEDIC_POLICY: path, ...settings }, config, ['jira']);
}

describe('The policy', () => {
  it('is next to nothing where no file is named', () => {
    expect(loadAuthority({}, KEYS, [])).toEqual({
      policy: NO_POLICY,
      policyVersion: NO_FILE,
      closed: undefined,
    });
    expect(NO_POLICY.sources).toMatchObject({
      alert: { modes: [] },
      ticket: { modes: [] },
      queue: { modes: [] },
      caller: { modes: ['diagnose'] },
      operator: { modes: ['diagnose'] },
    });
  });
  it('is the file, filled up with defaults', () => {
    const standard = policySchema.parse({});
    const { policy, closed } = load('{"limits":{"attemptsPerDay":1}}');
    expect(policy).toEqual({ ...standard, limits: { ...standard.limits, attemptsPerDay: 1 } });
    expect(closed).toBeUndefined();
  });
  it('has another version as soon as a letter of it is another', () => {
    const one = load('{"limits":{"attemptsPerDay":1}}').policyVersion;
    expect(one).toMatch(/^[0-9a-f]{12}$/);
    expect(load('{"limits":{"attemptsPerDay":2}}').policyVersion).not.toBe(one);
  });
  it('is switched off by one setting, whatever the file says', () => {
    const { policy, closed } = load('{"killSwitch":false}', { RDP_MEDIC_KILL_SWITCH: 'on' });
    expect(policy.killSwitch).toBe(true);
    expect(closed).toBeUndefined();
  });
  it('is left as it is by a kill switch that is off', () => {
    expect(load('{}', { RDP_MEDIC_KILL_SWITCH: 'off' }).policy.killSwitch).toBe(false);
  });
  it('has a schema for editors that says what is checked', () => {
    const file = join(import.meta.dirname, '../../../../infra/policy.schema.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(policyJsonSchema());
  });
});

describe('Every door is closed, and the kill switch counts as on, with', () => {
  it.each<[string, string, RegExp]>([
    ['a misspelt field', '{"killSwich":true}', /killSwich/],
    ['a misspelt field further in', '{"limits":{"coolDown":5}}', /coolDown/],
    ['a misspelt connector', '{"sources":{"connectors":{"jra":{}}}}', /unknown connector jra/],
    ['a source that is none', '{"sources":{"alerts":{}}}', /alerts/],
    ['a subscription by name', '{"scope":{"subscriptions":["production"]}}', /subscription/],
    [
      'a time that is none',
      '{"maintenance":{"windows":[{"days":["mon"],"from":"25:00","to":"04:00"}]}}',
      /time of day/,
    ],
    ['a zone that is none', '{"maintenance":{"timeZone":"Mars/Olympus"}}', /time zone/],
    ['addresses of everybody', '{"sources":{"caller":{"addresses":["0.0.0.0/0"]}}}', /addresses/],
    ['no JSON', 'killSwitch: true', /JSON/],
  ])('%s', (_what, text, message) => {
    const { closed, policy } = load(text);
    expect(closed).toMatch(message);
    expect(policy).toEqual({ ...NO_POLICY, killSwitch: true });
  });
  it('a file that is missing', () => {
    const { closed, policy } = loadAuthority({ RDP_MEDIC_POLICY: join(folder, 'none.json') }, KEYS, []);
    expect(closed).toMatch(/ENOENT/);
    expect(policy.killSwitch).toBe(true);
  });
  it.each(['true', 'ON', '1', 'yes', ''])('a kill switch set to "%s"', (value) => {
    const { closed, policy } = load('{}', { RDP_MEDIC_KILL_SWITCH: value });
    expect(closed).toBe('RDP_MEDIC_KILL_SWITCH: must be "on" or "off".');
    expect(policy.killSwitch).toBe(true);
  });
  it('another setting that does not fit', () => {
    const { closed, policy } = load('{}', {}, { ...KEYS, faults: ['RDP_MEDIC_X is no setting.'] });
    expect(closed).toBe('RDP_MEDIC_X is no setting.');
    expect(policy.killSwitch).toBe(true);
  });
});

describe('Approvals that nobody could give as the policy wants them', () => {
  const SECRET: Config = { ...KEYS, approverSecret: 'the secret of approvers' };
  const ENTRA: Config = { ...KEYS, auth: 'entra' };
  it.each<[string, string, Config, RegExp | undefined]>([
    ['two approvers with keys', '{"approval":{"approvers":2}}', SECRET, /needs to identify approvers/],
    [
      'another than the requester, with keys',
      '{"approval":{"notRequester":true}}',
      SECRET,
      /needs to identify approvers/,
    ],
    ['two approvers with Entra ID', '{"approval":{"approvers":2,"modes":["full"]}}', ENTRA, undefined],
    ['an approval and no secret', '{"approval":{"modes":["full"]}}', KEYS, /RDP_MEDIC_APPROVER_SECRET/],
    [
      'an approval for tickets of one system and no secret',
      '{"sources":{"connectors":{"jira":{"approval":["restart"]}}}}',
      KEYS,
      /RDP_MEDIC_APPROVER_SECRET/,
    ],
    ['an approval and a secret', '{"approval":{"modes":["full"]}}', SECRET, undefined],
  ])('%s', (_what, text, config, message) => {
    const { closed } = load(text, {}, config);
    if (message) expect(closed).toMatch(message);
    else expect(closed).toBeUndefined();
  });
});
