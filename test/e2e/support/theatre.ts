import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { LAB_GROUP_ID } from '../../../lab/arm/start-lab.ts';
import { createVirtualClock } from '../../../lab/clock/virtual.ts';
import type { FleetVm } from '../../../lab/fleet/index.ts';
import type { GuestDisk } from '../../../lab/windows/disk.ts';
import { openStage, type Stage, type StageOptions } from '../../../local/stage.ts';
import type { ProbeResult } from '../../../shared/model/probe.ts';
import { remediationRecordSchema, type RemediationRecord } from '../../../shared/model/record.ts';
import { instanceOfRemediation } from '../../../shared/model/remediation-id.ts';
import { probeRdp } from '../../../shared/probe/probe.ts';
import { storageAccount } from '../../support/storage.ts';

/** The service, a fleet and a virtual clock, in one process; with the questions that end states are asked. */
export interface Theatre {
  stage: Stage;
  /** Sends a request, waits for its end, gives back its record. */
  remediate(name: string, request?: object): Promise<RemediationRecord>;
  /** Goes back from what a remediation left, waits for the end, gives back the record. */
  rollBack(id: string, body: object): Promise<RemediationRecord>;
  /** What RDP on a VM says from outside. */
  rdpOf(name: string, port?: number): Promise<ProbeResult>;
  osDiskOf(name: string): { id: string; content: GuestDisk };
  /**
   * What stands in the lab now and did not at the beginning, but for the ways back that records name and that bear the tags of one.
   * Told once: what one test left is not the next one's.
   */
  leftovers(): string[];
  close(): Promise<void>;
}

const started = z.object({ id: z.string() });

/** Where nothing answers, each look is waited out in real time; ample for a handshake on loopback. */
const PROBE_SECONDS = 2;

export async function openTheatre(
  account: number,
  options: Partial<StageOptions> & { fleet?: FleetVm[] } = {},
): Promise<Theatre> {
  const folder = mkdtempSync(join(tmpdir(), 'rdp-medic-'));
  const storage = options.storage ?? storageAccount(account);
  const clock = options.clock ?? createVirtualClock(Date.now());
  const stage = await openStage({
    folder,
    storage,
    probeSeconds: PROBE_SECONDS,
    brief: true,
    ...options,
    clock,
  });
  const { lab, host } = stage;
  const before = new Set(lab.resources().map(({ id }) => id.toLowerCase()));
  const records: RemediationRecord[] = [];

  const readRecord = async (id: string): Promise<RemediationRecord> =>
    remediationRecordSchema.parse(await (await stage.call('GET', `/api/remediations/${id}`)).json());

  async function endOf(answer: Response, asked: string): Promise<RemediationRecord> {
    if (answer.status !== 202) throw new Error(`${asked}: ${String(answer.status)} ${await answer.text()}`);
    const { id } = started.parse(await answer.json());
    await host.finished(instanceOfRemediation(id) ?? id);
    const record = await readRecord(id);
    records.push(record);
    return record;
  }

  return {
    stage,
    async remediate(name, request = {}) {
      const vmId = lab.vm(name).id;
      const answer = await stage.call('POST', '/api/remediations', { vmId, ...request });
      return endOf(answer, name);
    },
    async rollBack(id, body) {
      return endOf(await stage.callAsApprover('POST', `/api/remediations/${id}/rollback`, body), id);
    },
    async rdpOf(name, port = 3389) {
      const address = lab.store.publicIpAddresses
        .within(LAB_GROUP_ID)
        .find((ip) => ip.name === `${name}-ip`)?.ipAddress;
      if (!address) throw new Error(`${name} has no public address`);
      return probeRdp({ address, port }, { timeoutMs: 3000, now: () => clock.now() });
    },
    osDiskOf(name) {
      const id = lab.vm(name).properties.storageProfile?.osDisk?.managedDisk?.id ?? '';
      return { id, content: lab.disk(id).content };
    },
    leftovers() {
      const inUse = new Set<string | undefined>(
        lab.store.virtualMachines
          .within('/')
          .map((vm) => vm.properties.storageProfile?.osDisk?.managedDisk?.id?.toLowerCase()),
      );
      const left = lab
        .resources()
        .filter((one) => !records.some((record) => isWayBack(record, one)))
        .map(({ id }) => id.toLowerCase())
        .filter((id) => !before.has(id) && !inUse.has(id));
      for (const id of left) before.add(id);
      return left;
    },
    async close() {
      await stage.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Whether this is what the record names as its safety copy or original disk, and tags say so too, with the same date. */
function isWayBack(
  { id: remediationId, snapshot, originalDisk }: RemediationRecord,
  { id, tags }: { id: string; tags?: Record<string, string> },
): boolean {
  const named = [
    { id: snapshot?.id, role: 'snapshot', until: snapshot?.expiresAt },
    { id: originalDisk?.id, role: 'original-disk', until: originalDisk?.keptUntil },
  ].find((one) => one.id?.toLowerCase() === id.toLowerCase());
  return (
    named !== undefined &&
    tags?.['rdp-medic-remediation'] === remediationId &&
    tags['rdp-medic-role'] === named.role &&
    tags['rdp-medic-expires'] === named.until
  );
}
