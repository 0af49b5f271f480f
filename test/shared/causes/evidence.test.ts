import { EVIDENCE } from '../../../shared/causes/evidence/index.ts';
import { diagnose } from '../../../shared/causes/catalogue.ts';
import { CAUSES } from '../../../shared/causes/index.ts';
import { EVIDENCE_CASES } from './cases/evidence.ts';
import { certificate, certificates, healthyFacts, lookAt } from './facts.ts';

const MARKS = { fault: '!', warning: '?', info: '' } as const;

describe('what is seen beside the causes', () => {
  it.each(EVIDENCE_CASES)('$what', ({ edits, finds }) => {
    const look = lookAt(healthyFacts(...edits));
    const found = EVIDENCE.flatMap(({ detect }) => detect(look));
    expect(found.map(({ code, severity }) => `${MARKS[severity]}${code}`)).toEqual(finds);
    expect(found.filter(({ cause }) => cause !== undefined)).toEqual([]);
    expect(CAUSES.flatMap(({ repair }) => repair(look))).toEqual([]);
  });

  it('is told as one finding where there are many of a kind', () => {
    const old = { notBefore: '2026-01-01T00:00:00.000Z', notAfter: '2026-06-01T00:00:00.000Z' };
    const many = Array.from({ length: 9 }, (_, nth) =>
      certificate({ ...old, thumbprint: `${nth}`.repeat(40) }),
    );
    const findings = diagnose(lookAt(healthyFacts(certificates(...many)))).filter(
      ({ code }) => code === 'CertificateExpired',
    );
    expect(findings).toEqual([
      expect.objectContaining({
        severity: 'fault',
        data: { thumbprint: '0'.repeat(40), notAfter: '2026-06-01', count: 9 },
      }),
    ]);
  });
});
