import { hashOf } from '../../../functions/triggers/queue.ts';
import { countEnd } from '../../../shared/metrics.ts';
import { problem } from '../../../shared/errors.ts';
import { fullRecord } from '../../shared/report/records.ts';
import { collectMetrics, type CollectedMetrics } from '../../support/metrics.ts';
import { createApp, vmIdOf } from './app.ts';

let collected: CollectedMetrics;
beforeEach(() => {
  collected = collectMetrics();
});
afterEach(() => collected.close());

describe('Metrics', () => {
  it('count requests by what became of them, and by the rule that said no', async () => {
    const app = createApp({ policy: { limits: { concurrentPerSubscription: 1 } } });
    const [tls, port] = [app.addVm('tls'), app.addVm('rdp-port')];
    const out = app.addVm('opted-out', { tags: { 'rdp-medic': 'disabled' } });
    for (const vmId of [tls, tls, tls, port, out, vmIdOf('gone')]) {
      await app.call('/api/remediations', { body: { vmId } });
    }
    await app.take({ vmId: tls });
    expect(await collected.seriesOf('rdp_medic.requests')).toEqual([
      'code=PolicyRefused result=refused rule=opt-out-tag source=manual: 1',
      'code=VmNotFound result=refused source=manual: 1',
      'result=joined source=manual: 2',
      'result=joined source=queue: 1',
      'result=queued source=manual: 1',
      'result=started source=manual: 1',
    ]);
  });

  it('count ends by outcome, the causes found, and how long it took', async () => {
    countEnd(fullRecord());
    countEnd({ ...fullRecord(), endedAt: undefined });
    const { startedAt, endedAt = '', outcome } = fullRecord();
    const seconds = (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
    expect(await collected.seriesOf('rdp_medic.remediations.ended')).toEqual([
      'mode=full outcome=repaired-offline: 1',
    ]);
    expect(await collected.seriesOf('rdp_medic.causes')).toEqual(
      (outcome?.causes ?? []).map((cause) => `cause=${cause} outcome=repaired-offline: 1`).sort(),
    );
    expect(await collected.seriesOf('rdp_medic.remediation.duration')).toEqual([
      `outcome=repaired-offline: ${String(seconds)}`,
    ]);
    expect(seconds).toBeGreaterThan(0);
  });

  it('count messages put aside by queue and reason, those that the host gave up on too', async () => {
    const app = createApp();
    await app.take('not JSON', 'm-1');
    await app.takePoison({ vmId: vmIdOf('tls') }, 'm-2');
    const failing = { vmId: vmIdOf('other') };
    await app.intake.noteFailure(hashOf(failing), problem('AzureUnavailable'));
    await app.takePoison(failing, 'm-3');
    expect(await collected.seriesOf('rdp_medic.messages.aside')).toEqual([
      'code=AzureUnavailable queue=remediation-requests-poison: 1',
      'code=BodyNotJson queue=remediation-requests: 1',
      'code=Internal queue=remediation-requests-poison: 1',
    ]);
  });

  it('count comments to tickets, sent and failed', async () => {
    const app = createApp({ settings: { RDP_MEDIC_GITHUB_TOKEN: 'hunter2' } });
    const replyTo = 'https://api.github.com/repos/contoso/fleet-ops/issues/42/comments';
    const record = fullRecord();
    const source = { kind: 'ticket', name: 'github', id: 'contoso/fleet-ops#42', replyTo } as const;
    await app.records.write({ ...record, request: { ...record.request, source } });
    const news = { remediationId: record.id, event: 'done' };
    app.answerComments(503);
    await expect(app.takeNews(news)).rejects.toThrow('503');
    app.answerComments(201);
    await app.takeNews(news);
    expect(await collected.seriesOf('rdp_medic.ticket.comments')).toEqual([
      'code=CommentNotDelivered connector=github event=done result=failed: 1',
      'connector=github event=done result=sent: 1',
    ]);
  });

  it('carry no id of a VM, a ticket or a person', async () => {
    const app = createApp();
    await app.call('/api/remediations', { body: { vmId: app.addVm('tls') } });
    countEnd(fullRecord());
    const everything = await collected.everything();
    expect(everything).toContain('rdp_medic.requests');
    expect(everything).not.toMatch(/subscriptions|virtualmachines|vm-[0-9a-f]{32}/);
  });
});
