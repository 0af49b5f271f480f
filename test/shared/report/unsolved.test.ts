import { causeOf } from '../../../shared/causes/catalogue.ts';
import type { OutcomeKind, RemediationRecord, StepRecord } from '../../../shared/model/record.ts';
import { renderHtml } from '../../../shared/report/html.ts';
import { renderMarkdown } from '../../../shared/report/markdown.ts';
import { viewUnsolved } from '../../../shared/report/unsolved.ts';
import { fullRecord } from './records.ts';

function ended(kind: OutcomeKind, steps: StepRecord[] = fullRecord().steps): RemediationRecord {
  const record = fullRecord();
  return { ...record, steps, outcome: { kind, summary: 'It is over.', causes: ['tls'] } };
}

describe('What is handed on where RDP was not repaired', () => {
  it('is not there where it was', () => {
    expect(viewUnsolved(ended('repaired-online'))).toBeUndefined();
    expect(viewUnsolved(ended('refused'))).toBeUndefined();
  });

  it('names the causes that a look at Windows has shown not to be there, and not the one that is', () => {
    const { ruledOut = [] } = viewUnsolved(ended('not-fixed')) ?? {};
    expect(ruledOut).toContain(causeOf('rdp-port').title);
    expect(ruledOut).not.toContain(causeOf('tls').title);
    expect(ruledOut[0]).toMatch(/^Network path/);
  });

  it('rules nothing in Windows out where nobody looked at it', () => {
    const steps = fullRecord().steps.filter(({ id }) => id === 'preflight' || id === 'snapshot');
    const view = viewUnsolved(ended('failed', steps));
    expect(view?.ruledOut).toHaveLength(1);
    expect(view?.notLookedAt).toEqual([expect.stringContaining('no script could run')]);
  });

  it('does not rule out what could not be read', () => {
    const [first] = fullRecord().steps;
    const unread = {
      ...first!,
      id: 'diagnose' as const,
      findings: [
        { code: 'CheckFailed', severity: 'warning' as const, detail: '', data: { check: 'firewallRules' } },
      ],
    };
    expect(viewUnsolved(ended('not-fixed', [unread]))?.notLookedAt).toEqual(['firewallRules']);
  });

  it('says in both reports which evidence to attach to a support request', () => {
    for (const report of [renderHtml(ended('not-fixed')), renderMarkdown(ended('not-fixed'))]) {
      expect(report).toContain('support request');
      expect(report).toContain('offline-tls.log');
    }
  });
});
