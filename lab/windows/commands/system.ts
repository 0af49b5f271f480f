import { date, numberOf, type CommandSet } from './command.ts';

export const systemCommands: CommandSet = {
  commands: {
    'Start-Sleep': async (machine, args) => {
      await machine.sleep(numberOf(args, 'seconds'));
    },
    'Get-Date': ({ info }) => date(info.now()),
    Win32_OperatingSystem: ({ info }) => ({
      Caption: info.osName,
      Version: info.osVersion,
      BuildNumber: String(info.build),
      MUILanguages: [info.culture],
      CSName: info.computerName,
    }),
    /** The instance metadata service: of its answer only the date matters. */
    'Invoke-WebRequest': ({ info }) => ({ Headers: { Date: new Date(info.hostTime()).toUTCString() } }),
  },
  throughWmi: ['Win32_OperatingSystem'],
};
