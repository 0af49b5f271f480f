import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { PACKAGE_ROOT } from '../../shared/package-root.ts';
import { ofType } from '../support/grammar.ts';
import {
  bicepFile,
  bicepFiles,
  faultsIn,
  modulesOf,
  outputsOf,
  parametersOf,
  resourcesOf,
  type BicepFile,
} from './bicep.ts';

/** What is deployed by itself: nobody in here calls it. */
const ENTRIES = ['infra/main.bicep', 'infra/alerts/main.bicep'];

let files: BicepFile[];
beforeAll(async () => {
  files = await bicepFiles();
});

const each = (check: (file: BicepFile) => string[]): string[] =>
  files.flatMap((file) => check(file).map((fault) => `${file.path}: ${fault}`));

const mentions = ({ root }: BicepFile, name: string): number =>
  ofType(root, 'identifier').filter(({ text }) => text === name).length;

describe('the Bicep, without its compiler', () => {
  it('fits the grammar', () => {
    expect(files.length).toBeGreaterThan(15);
    expect(each(faultsIn)).toEqual([]);
  });

  it('says of each parameter and of each output of a deployment what it is', () => {
    const undescribed = (file: BicepFile): string[] =>
      [...parametersOf(file), ...(ENTRIES.includes(file.path) ? outputsOf(file) : [])]
        .filter(({ decorators }) => !decorators.includes('description'))
        .map(({ name }) => name);
    expect(each(undescribed)).toEqual([]);
  });

  it('says of each file what it is for', () => {
    expect(each(({ text }) => (text.includes('metadata description = ') ? [] : ['no description']))).toEqual(
      [],
    );
  });

  it('uses every parameter', () => {
    const unused = (file: BicepFile): string[] =>
      parametersOf(file)
        .map(({ name }) => name)
        .filter((name) => mentions(file, name) < 2);
    expect(each(unused)).toEqual([]);
  });

  it('asks for as little as it can: what is deployed by itself has a default for all but name, place and what only its owner knows', () => {
    const asked = files
      .filter(({ path }) => ENTRIES.includes(path))
      .flatMap((file) => parametersOf(file).flatMap(({ name, hasDefault }) => (hasDefault ? [] : [name])));
    expect([...new Set(asked)].sort()).toEqual(
      [
        'appUrl',
        'entraClientId',
        'entraObjectId',
        'environmentName',
        'location',
        'resourceGroupName',
        'workspaceId',
      ].sort(),
    );
  });

  it('gives every module what it asks for, and nothing else', () => {
    const faults = (file: BicepFile): string[] =>
      modulesOf(file).flatMap(({ path, given }) => {
        const called = files.find((one) => one.path === path);
        if (!called) return [`${path} is not there`];
        const parameters = parametersOf(called);
        const missing = parameters.filter(({ name, hasDefault }) => !hasDefault && !given.includes(name));
        const unknown = given.filter((name) => !parameters.some((one) => one.name === name));
        return [
          ...missing.map(({ name }) => `${path} is not given ${name}`),
          ...unknown.map((name) => `${path} knows no ${name}`),
        ];
      });
    expect(each(faults)).toEqual([]);
  });

  it('calls every module', () => {
    const called = new Set([...ENTRIES, ...files.flatMap((file) => modulesOf(file).map(({ path }) => path))]);
    expect(files.map(({ path }) => path).filter((path) => !called.has(path))).toEqual([]);
  });

  it('uses every output of a module', () => {
    const unused = (file: BicepFile): string[] => {
      if (ENTRIES.includes(file.path)) return [];
      const callers = files.filter((one) => modulesOf(one).some(({ path }) => path === file.path));
      return outputsOf(file)
        .map(({ name }) => name)
        .filter((name) => !callers.some(({ text }) => new RegExp(`outputs\\.${name}\\b`).test(text)));
    };
    expect(each(unused)).toEqual([]);
  });

  it('names the API versions of infra/api-versions.json, one a type, and each of them', () => {
    const listed = z
      .record(z.string(), z.string())
      .parse(JSON.parse(readFileSync(join(PACKAGE_ROOT, 'infra/api-versions.json'), 'utf8')));
    const used = files.flatMap(resourcesOf).filter(({ version }) => version !== undefined);
    const inUse = Object.fromEntries(used.map(({ type, version }) => [type, version]));
    expect(used.filter(({ type, version }) => listed[type] !== version)).toEqual([]);
    expect(Object.keys(inUse).sort()).toEqual(Object.keys(listed).sort());
  });

  it('builds without a registry: every module is a file', () => {
    expect(each(({ text }) => text.match(/'(br|ts)[:/][^']*'/g) ?? [])).toEqual([]);
  });

  it('gives every role to a service principal, so that Azure waits for an identity that it has just made', () => {
    const faults = (file: BicepFile): string[] =>
      ofType(file.root, 'resource_declaration')
        .filter(({ text }) => text.includes("'Microsoft.Authorization/roleAssignments@"))
        .filter(({ text }) => !text.includes("principalType: 'ServicePrincipal'"))
        .map(({ text }) => text.slice(0, 60));
    expect(each(faults)).toEqual([]);
  });
});

it('main.bicepparam sets parameters that there are', async () => {
  const main = files.find(({ path }) => path === 'infra/main.bicep');
  const { text } = await bicepFile('infra/main.bicepparam');
  const set = [...text.matchAll(/^param (\w+) =/gm)].map(([, name = '']) => name);
  const known = main ? parametersOf(main).map(({ name }) => name) : [];
  expect(set.filter((name) => !known.includes(name))).toEqual([]);
  expect(set).toEqual(expect.arrayContaining(['environmentName', 'location', 'repairResourceGroups']));
});

it('the role is the one that the simulated Azure enforces, with all that it says', async () => {
  const { text } = await bicepFile('infra/access/role.bicep');
  expect(text).toContain("loadJsonContent('../role-definition.json')");
  for (const part of ['Name', 'Description', 'Actions', 'NotActions', 'DataActions', 'NotDataActions'])
    expect(text).toContain(`definition.${part}`);
});
