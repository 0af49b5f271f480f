import type { Sid } from '../disk.ts';
import type { Machine } from '../machine.ts';
import { attackersInside } from '../rdp/listener.ts';
import { createBoot } from './boot.ts';
import { createCertificates } from './certificates.ts';
import { createFiles } from './files.ts';
import { createFirewall } from './firewall.ts';
import { createHives } from './hives.ts';
import { createInfo } from './info.ts';
import { createNetwork } from './network.ts';
import { createPolicy } from './policy.ts';
import { createRegistry } from './registry.ts';
import type { ChangeGate, Running } from './running.ts';
import { createProcesses } from './processes.ts';
import { createServices } from './services.ts';
import { createStorage } from './storage.ts';
import { wait } from '../services/control.ts';

/** The running Windows as one account sees it. */
export function createMachine(running: Running, principal: Sid, gate: ChangeGate): Machine {
  const info = createInfo(running);
  return {
    principal,
    registry: createRegistry(running, principal),
    services: createServices(running, principal),
    processes: createProcesses(running),
    network: createNetwork(running),
    certificates: createCertificates(running, principal),
    files: createFiles(running, principal),
    firewall: createFirewall(running),
    storage: createStorage(running),
    hives: createHives(running),
    boot: createBoot(running),
    policy: createPolicy(running),
    events: {
      query(query) {
        running.log.attack(attackersInside(running));
        return running.log.query(query);
      },
    },
    info,
    async sleep(seconds) {
      wait(running, seconds);
      await running.wire.settled();
    },
    now: () => info.now(),
    onChange: (hook) => gate.add(hook),
  };
}
