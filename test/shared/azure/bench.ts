import type { VirtualMachine } from '../../../lab/arm/store/resources.ts';
import type { LabOptions } from '../../../lab/arm/start-lab.ts';
import type { VmSpec } from '../../../lab/arm/vm-spec.ts';
import { createAzure } from '../../../shared/azure/clients.ts';
import { readStanding, type Acting } from '../../../shared/azure/compare.ts';
import { pollOperation } from '../../../shared/azure/operation.ts';
import type { ErrorCode } from '../../../shared/error-codes.ts';
import { MedicError } from '../../../shared/errors.ts';
import type { Deed, Expected } from '../../../shared/model/expected.ts';
import type { Operation } from '../../../shared/model/operation.ts';
import { startBench, windowsVm, type Bench } from '../../lab/arm/support/lab.ts';

/** The service's own way to a simulated Azure with one VM, and its notes of what it was about to do. */
export interface AzureBench extends Bench {
  acting: Acting;
  vmId: string;
  vm(): VirtualMachine;
  /** How VM and disk stand now. */
  look(): Promise<Expected>;
  /** A deed that expects what stands now, or something else. */
  deed(intent: string, expected?: Expected): Promise<Deed>;
  /** Waits for the end of what was begun. */
  done(begun: Promise<Operation>): Promise<void>;
}

export const MAKER = { deployment: 'here', remediationId: 'vm-1', expiresAt: '2026-02-01T00:00:00Z' };

export async function startAzureBench(
  spec: Partial<VmSpec> = {},
  options: Partial<LabOptions> = {},
): Promise<AzureBench> {
  const bench = await startBench(options);
  await bench.lab.addVm(windowsVm('web', spec));
  const vmId = bench.lab.vm('web').id;
  const azure = createAzure({
    endpoint: bench.lab.url,
    ca: bench.lab.caPem,
    credential: {
      getToken: () =>
        Promise.resolve({ token: bench.lab.identity.issue(), expiresOnTimestamp: Date.now() + 3_600_000 }),
    },
  });
  const noted = new Map<string, object>();
  const acting: Acting = {
    azure,
    intents: {
      begin: (id, name, intent) => {
        const place = `${id}/${name}`;
        return Promise.resolve(void noted.set(place, noted.get(place) ?? intent));
      },
      has: (id, name) => Promise.resolve(noted.has(`${id}/${name}`)),
      read: (id, name) => Promise.resolve(noted.get(`${id}/${name}`)),
      withdraw: (id, name) => Promise.resolve(void noted.delete(`${id}/${name}`)),
    },
  };
  const look = async (): Promise<Expected> => {
    const standing = await readStanding(azure, vmId);
    if (!standing) throw new Error('The VM is gone.');
    return standing.now;
  };
  return {
    ...bench,
    acting,
    vmId,
    vm: () => bench.lab.vm('web'),
    look,
    deed: async (intent, expected) => ({
      vmId,
      remediationId: MAKER.remediationId,
      epoch: 1,
      forward: true,
      intent,
      expected: expected ?? (await look()),
    }),
    async done(begun) {
      for (let operation = await begun; !operation.done; operation = await pollOperation(azure, operation))
        await bench.clock.idle();
    },
  };
}

/** The code of what something was refused with. */
export async function codeOf(work: Promise<unknown>): Promise<ErrorCode> {
  try {
    await work;
  } catch (error) {
    if (error instanceof MedicError) return error.code;
    throw error;
  }
  throw new Error('It was not refused.');
}
