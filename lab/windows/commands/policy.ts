import { WindowsError } from '../machine/errors.ts';
import { failure, lines, type CommandSet } from './command.ts';
import { wording } from './wording.ts';

export const policyCommands: CommandSet = {
  commands: {
    RSOP_GPO: ({ policy }) => policy.appliedGpos().map(({ id, name }) => ({ id, name })),
    RSOP_RegistryPolicySetting: ({ policy }) =>
      policy.rsop().map((value) => ({
        registryKey: value.registryKey,
        valueName: value.valueName,
        GPOID: value.gpoId,
        precedence: value.precedence,
      })),
  },
  programs: {
    'gpupdate.exe': async ({ policy, info }) => {
      const words = wording(info.culture);
      try {
        await policy.refresh();
      } catch (error) {
        if (error instanceof WindowsError)
          return failure(error.code, words.updatingPolicy, words.policyFailed);
        throw error;
      }
      return lines(words.updatingPolicy, '', words.policyUpdated);
    },
  },
};
