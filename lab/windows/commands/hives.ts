import { WindowsError } from '../machine/errors.ts';
import { failure, lines, type CommandSet } from './command.ts';

const MACHINE_ROOT = /^HKLM\\([^\\]+)$/i;

export const hiveCommands: CommandSet = {
  commands: {
    /** Sent by the stand-in when every object it gave out for a key has been collected. */
    'collect-handles': ({ hives }) => {
      hives.collectHandles();
    },
  },
  programs: {
    /** `load` and `unload`; whatever Windows refuses is exit code 1, its text is translated. */
    'reg.exe': ({ hives }, [verb = '', key = '', file]) => {
      const name = MACHINE_ROOT.exec(key)?.[1];
      if (name === undefined) return failure(1, 'ERROR: invalid key name');
      try {
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
