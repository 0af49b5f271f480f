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
    'gpupdate.exe': async ({ policy, info }, args, answers = []) => {
      const words = wording(info.culture);
      // J on a German system.
      const [answer] = answers.map((text) => (/^[yj]/i.test(text.trim()) ? 'y' : 'n'));
      const waitSeconds = args.map((argument) => /^\/wait:(\d+)$/i.exec(argument)?.[1]).find(Boolean);
      let ended;
      try {
        ended = await policy.refresh({
          ...(answer === undefined ? {} : { answer }),
          ...(waitSeconds === undefined ? {} : { waitSeconds: Number(waitSeconds) }),
        });
      } catch (error) {
        if (error instanceof WindowsError) return failure(1, words.updatingPolicy, words.policyFailed);
        throw error;
      }
      if (!ended.isDone) return lines(words.updatingPolicy);
      return lines(words.updatingPolicy, '', words.policyUpdated, ...(ended.asked ? [words.policyAsks] : []));
    },
  },
};
