import { numberOf, lines, type CommandSet } from './command.ts';
import { wording } from './wording.ts';

export const networkCommands: CommandSet = {
  commands: {
    'Get-NetTCPConnection': ({ network }, args) => {
      const port = args['localPort'] === undefined ? undefined : numberOf(args, 'localPort');
      return network
        .listeners()
        .filter((listener) => port === undefined || listener.port === port)
        .map((listener) => ({
          LocalAddress: listener.address,
          LocalPort: listener.port,
          RemoteAddress: '0.0.0.0',
          RemotePort: 0,
          State: 'Listen',
          OwningProcess: listener.pid,
        }));
    },
  },
  throughWmi: ['Get-NetTCPConnection'],
  programs: {
    'netsh.exe': ({ network, info }) => {
      const words = wording(info.culture);
      return lines(
        '',
        words.excludedPorts,
        '',
        words.startAndEndPort,
        '----------    --------',
        ...network
          .excludedPortRanges()
          .map(({ start, end }) => `${String(start).padStart(10)}  ${String(end).padStart(10)}      `),
        '',
        words.administered,
        '',
      );
    },
  },
};
