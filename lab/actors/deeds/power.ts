import { vmOf } from '../scene.ts';
import type { VerbEntry } from './verb.ts';

const NONE = [0, 0] as const;

function post(usage: string, action: string): VerbEntry {
  return {
    usage,
    words: NONE,
    async run({ azure, vmId }) {
      await azure.change('POST', `${vmId}/${action}`);
    },
  };
}

/** Power, size and agent of the VM. */
export const POWER = {
  start: post('start', 'start'),
  stop: post('stop', 'powerOff'),
  deallocate: post('deallocate', 'deallocate'),
  restart: post('restart', 'restart'),
  resize: {
    usage: 'resize <size>',
    words: [1, 1],
    async run({ azure, vmId }, [vmSize = '']) {
      await azure.change('PATCH', vmId, { properties: { hardwareProfile: { vmSize } } });
    },
  },
  agent: {
    usage: 'agent on|off',
    words: [1, 1],
    // Nobody asks Azure for this: the agent hangs, or its way to the platform is cut, and only a restart helps.
    run(scene, [state]) {
      scene.context.machines.silenceAgent(vmOf(scene), state === 'off');
      return Promise.resolve();
    },
  },
  extension: {
    usage: 'extension <name> [publisher= type= version=]',
    words: [1, 1],
    async run(scene, [name = ''], settings) {
      const vm = vmOf(scene);
      const now = vm.extensions.find((extension) => extension.name === name);
      const {
        publisher = 'Microsoft.Azure.Monitor',
        type = 'AzureMonitorWindowsAgent',
        version = '1.0',
      } = {
        ...now,
        ...settings,
      };
      await scene.azure.change('PUT', `${vm.id}/extensions/${name}`, {
        location: vm.location,
        properties: { publisher, type, typeHandlerVersion: version, autoUpgradeMinorVersion: true },
      });
    },
  },
} satisfies Record<string, VerbEntry>;
