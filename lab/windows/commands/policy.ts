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
  throughWmi: ['RSOP_GPO', 'RSOP_RegistryPolicySetting'],
  programs: {
    'gpupdate.exe': async ({ policy, info }, _arguments, answers = []) => {
      const words = wording(info.culture);
      // J on a German system.
      const [answer] = answers.map((text) => (/^[yj]/i.test(text.trim()) ? 'y' : 'n'));
      try {
        await policy.refresh(answer === undefined ? {} : { answer });
      } catch (error) {
        if (error instanceof WindowsError) return failure(1, words.updatingPolicy, words.policyFailed);
        throw error;
      }
      const asked = answer === undefined ? [] : [words.policyAsks];
      return lines(words.updatingPolicy, '', words.policyUpdated, ...asked);
    },
  },
};
