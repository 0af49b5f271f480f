import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endToEndPolicy } from '../../scripts/azure/policy.ts';
import { explain } from '../../shared/repair/policy/explain.ts';
import { optionsSchema, type Mode } from '../../shared/model/request.ts';
import { PACKAGE_ROOT } from '../../shared/package-root.ts';
import { bicepFile, outputsOf, parametersOf } from './bicep.ts';

const read = (path: string): string => readFileSync(join(PACKAGE_ROOT, path), 'utf8');
const below = (folder: string, end: RegExp): string[] =>
  readdirSync(join(PACKAGE_ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => end.test(name))
    .map((name) => join(folder, name));

/** Whoever deploys: people by documents, workflows and scripts by themselves. */
const TEXTS = [
  ...below('docs', /\.md$/).filter((path) => path !== 'docs/reference-deployment.md'),
  ...below('.github', /\.yml$/),
  ...below('scripts', /\.sh$/),
].map((path) => ({ path, text: read(path) }));

describe('what a deployment gives back', () => {
  it.each(['infra/main.bicep', 'infra/alerts/main.bicep'])('by %s is used, each output', async (path) => {
    const outputs = outputsOf(await bicepFile(path)).map(({ name }) => name);
    const unused = outputs.filter(
      (name) => !TEXTS.some(({ text }) => new RegExp(`\\b${name}\\b`).test(text)),
    );
    expect(outputs.length).toBeGreaterThan(0);
    expect(unused).toEqual([]);
  });

  it('is not asked for by another name', async () => {
    const outputs = outputsOf(await bicepFile('infra/main.bicep')).map(({ name }) => name);
    const asked = TEXTS.flatMap(({ text }) => [
      ...text.matchAll(/(?:it\.|<|"\$|\$\{)(RDP_MEDIC_[A-Z_]+)(?:\.value|>|"|[#%]{1,2})/g),
    ]).map(([, name = '']) => name);
    // What `azd env set` has set is given back as well.
    const set = read('infra/main.bicepparam').match(/RDP_MEDIC_[A-Z_]+/g) ?? [];
    const known = [...outputs, ...set, 'RDP_MEDIC_DEPLOYMENT'];
    expect([...new Set(asked)].filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe('parameters', () => {
  const calls = TEXTS.flatMap(({ path, text }) =>
    [...text.matchAll(/--template-file (infra\/[\w/]+\.bicep)((?:[^\n]*\\\n)*[^\n]*)/g)].map(
      ([, file = '', rest = '']) => ({
        path,
        file,
        given: [...rest.matchAll(/(?<=\s)(\w+)=/g)].map(([, name = '']) => name),
      }),
    ),
  );

  it('are given where a deployment is made by hand', () => {
    expect(calls.length).toBeGreaterThan(3);
  });

  it.each(calls)(
    'that $path gives to $file are there, and none that it needs is missing',
    async ({ file, given }) => {
      const parameters = parametersOf(await bicepFile(file));
      expect(given.filter((name) => !parameters.some((one) => one.name === name))).toEqual([]);
      const needed = parameters.filter(({ hasDefault }) => !hasDefault).map(({ name }) => name);
      expect(needed.filter((name) => !given.includes(name))).toEqual([]);
    },
  );
});

describe('the policy of the end-to-end test on real Azure', () => {
  const [subscription, group] = ['11111111-1111-4111-8111-111111111111', 'rg-patient'];
  const decide = (mode: Mode, at: string, tags: Record<string, string>): string => {
    const policy = endToEndPolicy(subscription, group);
    const vmId = `/subscriptions/${subscription}/resourcegroups/${at}/providers/microsoft.compute/virtualmachines/patient`;
    return explain(policy, {
      vmId,
      source: 'alert',
      mode,
      options: optionsSchema.parse({}),
      tags,
      now: Date.parse('2026-03-01T12:00:00Z'),
      attempts: [],
      looks: [],
      startedThisHour: 0,
      running: 0,
    }).decision;
  };
  const optedIn = { 'rdp-medic': 'enabled' };
  it.each<[Mode, string, Record<string, string>, string]>([
    ['online', group, optedIn, 'allowed'],
    ['full', group, optedIn, 'refused'],
    ['online', group, {}, 'refused'],
    ['online', 'rg-other', optedIn, 'refused'],
  ])('an alert for %s in %s with the tags %o is %s', (mode, at, tags, expected) => {
    expect(decide(mode, at, tags)).toBe(expected);
  });
});
