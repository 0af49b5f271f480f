import type { OrchestrationContext } from 'durable-functions';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { Mandate } from '../../shared/model/mandate.ts';
import type { ProbeExpectation, ProbeResult } from '../../shared/model/probe.ts';
import { pollSeconds, TIMING } from '../../shared/repair/timing.ts';
import { act, now, wait, type Steps } from './durable.ts';

/**
 * "Running" in Azure says nothing about Windows: ask RDP until it answers. Gives up once the agent has been Ready
 * for the settling time (Windows is up, and RDP still does not answer), or when the limit is over.
 */
export function* awaitRdp(
  context: OrchestrationContext,
  input: {
    vmId: string;
    addresses: string[];
    port: number;
    limitSeconds: number;
    settleSeconds: number;
    expect?: ProbeExpectation | undefined;
    waiting?: Mandate | undefined;
  },
): Steps<{ probe: ProbeResult; agentReady: boolean }> {
  const { vmId, addresses, port, limitSeconds, settleSeconds, expect, waiting } = input;
  let ready: { since: number } | undefined;
  let agentReady = false;
  let statusAt: number = TIMING.statusPoll;
  for (let waited = 0; ;) {
    const probe = yield* act(context, ACTIVITIES.probeRdp, {
      addresses,
      port,
      at: now(context),
      ...(expect && { expect }),
    });
    const isOver = probe.state === 'healthy' || waited >= limitSeconds;
    if (isOver || waited >= statusAt) {
      const status = { vmId, ...(waiting && { waiting }) };
      agentReady = (yield* act(context, ACTIVITIES.readVmStatus, status)).agentReady;
      ready = agentReady ? (ready ?? { since: waited }) : undefined;
      statusAt = waited + TIMING.statusPoll;
    }
    const settled = ready !== undefined && waited - ready.since >= settleSeconds;
    if (isOver || settled) return { probe, agentReady };
    const pause = pollSeconds(TIMING.bootPoll, waited);
    yield* wait(context, pause);
    waited += pause;
  }
}
