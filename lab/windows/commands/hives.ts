import { WindowsError } from '../machine/errors.ts';
import { failure, lines, type CommandSet } from './command.ts';
import { remoteRegistry } from './remote-registry.ts';

const MACHINE_ROOT = /^HKLM\\([^\\]+)$/i;

export const hiveCommands: CommandSet = {
  commands: {
    /** Sent by the stand-in when every object it gave out for a key has been collected. */
    'collect-handles': ({ hives }) => {
      hives.collectHandles();
    },
  },
  programs: {
    /** `load` and `unload`, and keys of a peer; whatever Windows refuses is exit code 1, its text is translated. */
    'reg.exe': async (machine, args) => {
      const { hives } = machine;
      const [verb = '', key = '', file] = args;
      try {
        const remote = await remoteRegistry(machine, args);
        if (remote) return remote;
        const name = MACHINE_ROOT.exec(key)?.[1];
        if (name === undefined) return failure(1, 'ERROR: invalid key name');
        if (verb === 'load' && file !== undefined) hives.load(name, file);
        else if (verb === 'unload') hives.unload(name);
        else return failure(1, `ERROR: reg ${verb} is not imitated`);
        return lines('The operation completed successfully.');
      } catch (error) {
        if (error instanceof WindowsError) return failure(1, `ERROR: ${error.message}`);
        throw error;
      }
    },
  },
};
