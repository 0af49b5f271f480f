import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFleet } from '../../lab/fleet/index.ts';
import { scriptModels } from '../../lab/windows/scripts/index.ts';
import { CAUSES } from '../../shared/catalog/causes.ts';
import { composeScript, GUEST_SCRIPTS } from '../../shared/catalog/guest-scripts.ts';
import { CAUSE_IDS } from '../../shared/model/cause.ts';
import { NOW } from './online/support/vm.ts';

const ROOT = join(import.meta.dirname, '../..');
const RUNBOOK = readFileSync(join(ROOT, 'docs/runbook.md'), 'utf8');
/** Scripts that belong to no cause: they look, prepare, or finish. */
const HELPERS = [
  'online/diagnose',
  'online/group-policy',
  'online/peer-certificate',
  'offline/diagnose',
  'offline/serial-console',
  'offline/crash-dump',
  'offline/release-disk',
];

const idsOf = (folder: string): string[] =>
  readdirSync(join(ROOT, 'guest', folder)).map((name) => `${folder}/${name.replace(/\.ps1$/, '')}`);
const onDisk = [...idsOf('online'), ...idsOf('offline')].toSorted();
const inManifest = GUEST_SCRIPTS.map(({ id }) => id);
/** Codes in backticks of the runbook's second column. */
const inRunbook = [
  ...RUNBOOK.split('\n')
    .filter((line) => line.startsWith('| '))
    .flatMap((line) => [...(line.split(' | ')[1] ?? '').matchAll(/`([a-z-]+\/[a-z-]+)`/g)])
    .map(([, id]) => id ?? ''),
].toSorted();

const README = readFileSync(join(ROOT, 'guest/README.md'), 'utf8');

/** Codes in the first column of the table under a heading. */
function documented(heading: string): string[] {
  const section = README.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  const cells = section.split('\n').flatMap((line) => /^\| (`[^|]+) \|/.exec(line)?.[1] ?? []);
  return cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, code]) => code ?? '')).toSorted();
}

/** All codes that stand in the scripts at such a place. */
function written(...places: RegExp[]): string[] {
  const text = [...idsOf('online'), ...idsOf('offline'), ...idsOf('lib')]
    .map((id) => readFileSync(join(ROOT, 'guest', `${id}.ps1`), 'utf8'))
    .join('\n');
  const codes = places.flatMap((place) => [...text.matchAll(place)].map(([, code]) => code ?? ''));
  return [...new Set(codes)].toSorted();
}

describe('a cause has the same name everywhere', () => {
  it('the catalogue holds every cause once', () => {
    expect(CAUSES.map(({ id }) => id).toSorted()).toEqual([...CAUSE_IDS].toSorted());
  });

  it.each(CAUSES)(
    '$id has its scripts, and a VM of the fleet that suffers from it',
    ({ id, guestScripts }) => {
      const own = onDisk.filter((script) => script.endsWith(`/${id}`));
      expect(own).toEqual(guestScripts ? [`offline/${id}`, `online/${id}`] : []);
      const vm = makeFleet({ now: NOW }).find(({ spec }) => spec.name === id);
      expect(vm?.cause).toBe(id);
      expect(RUNBOOK).toContain(id);
    },
  );

  it('no script, row or model is an orphan', () => {
    const expected = [
      ...CAUSES.filter(({ guestScripts }) => guestScripts).flatMap(({ id }) => [
        `online/${id}`,
        `offline/${id}`,
      ]),
      ...HELPERS,
    ].toSorted();
    expect(onDisk).toEqual(expected);
    expect(inManifest.toSorted()).toEqual(expected);
    expect([...scriptModels.keys()].toSorted()).toEqual(expected);
    expect(inRunbook).toEqual(expected);
  });

  it.each(inManifest)('%s is sent as one text that fits Run Command and takes nothing in', (id) => {
    const text = composeScript(id);
    expect(text).toContain(`# rdp-medic-script: ${id}`);
    expect(text).not.toMatch(/^\. \(Join-Path/m);
    expect(text.length).toBeLessThan(128 * 1024);
  });

  it('every shared file is taken in by a script', () => {
    const taken = onDisk.flatMap((id) => [
      ...readFileSync(join(ROOT, 'guest', `${id}.ps1`), 'utf8').matchAll(/'\.\.\\lib\\([a-z-]+)\.ps1'/g),
    ]);
    expect([...new Set(taken.map(([, name]) => `lib/${name ?? ''}`))].toSorted()).toEqual(
      idsOf('lib').toSorted(),
    );
  });

  it('every finding and every error of a script stands in the README, and no other', () => {
    expect(documented('Findings')).toEqual(written(/-Code '(\w+)'/g, /(?:missing|expired) = '(Bound\w+)'/g));
    expect(documented('Errors')).toEqual(written(/throw ["']([A-Z]\w+): /g));
  });
});
