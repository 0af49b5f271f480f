import { CAUSES } from '../../../shared/causes/index.ts';
import { causeOf, diagnose, faultsOf } from '../../../shared/causes/catalogue.ts';
import { changeSchema } from '../../../shared/model/change.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import { healthyFacts, lookAt, onDisk, twoSets } from './facts.ts';
import { CASES } from './cases/index.ts';

const MARKS = { fault: '!', warning: '?', info: '' } as const;
const marked = ({ code, severity }: Finding) => `${MARKS[severity]}${code}`;

describe('each cause, from facts to findings to changes', () => {
  it.each(CASES)('$cause: $what', ({ cause: id, edits, finds, changes, beside = [], ...rest }) => {
    const look = lookAt(healthyFacts(...edits), rest);
    const cause = causeOf(id);
    const found = cause.detect(look);
    expect(found.map(marked)).toEqual(finds);
    expect(cause.repair(look)).toEqual(changes);
    for (const change of cause.repair(look)) expect(changeSchema.parse(change)).toEqual(change);
    for (const finding of found) {
      expect(cause.findings).toHaveProperty(finding.code);
      expect(finding.cause).toBe(id);
    }
    // And no other cause takes it for its own.
    expect(faultsOf(diagnose(look)).filter((cause) => cause !== id)).toEqual(beside);
  });
});

describe('a Windows with nothing wrong', () => {
  it.each([
    ['running', []],
    ['on a disk', [onDisk]],
    ['on a disk with two control sets', [onDisk, twoSets]],
  ])('has no fault and no warning: %s', (_, edits) => {
    const look = lookAt(healthyFacts(...edits));
    expect(diagnose(look).filter(({ severity }) => severity !== 'info')).toEqual([]);
    expect(CAUSES.flatMap((cause) => cause.repair(look))).toEqual([]);
  });
});
