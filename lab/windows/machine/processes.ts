import { killProcess, letTimePass } from '../services/control.ts';
import { serviceDefinition } from '../services/definition.ts';
import { servicesIn } from '../services/state.ts';
import type { Running } from './running.ts';
import type { ProcessOps } from './system-api.ts';

const SYSTEM_PID = 4;

export function createProcesses(running: Running): ProcessOps {
  return {
    get(pid) {
      letTimePass(running);
      if (pid === SYSTEM_PID) return { pid, name: 'System', startedAt: running.bootedAt, services: [] };
      const hosted = servicesIn(running, pid).flatMap(
        (name) => serviceDefinition(running.system, running.controlSet, name) ?? [],
      );
      const [first] = hosted;
      if (!first) return undefined;
      return {
        pid,
        name: programOf(first.imagePath),
        startedAt: running.services.startedAt.get(pid) ?? running.bootedAt,
        services: hosted.map(({ name }) => name),
      };
    },
    async stop(pid) {
      letTimePass(running);
      running.gate({ what: 'process.stop', target: String(pid) });
      killProcess(running, pid);
      await running.wire.settled();
    },
  };
}

/** `svchost.exe` of `%SystemRoot%\system32\svchost.exe -k netsvcs`. */
function programOf(imagePath: string): string {
  return /([^\\"]+\.exe)/i.exec(imagePath)?.[1] ?? imagePath;
}
