import { FIRST_BUILD_WITH_SYSTEM_DEFAULT } from '../machine/network.ts';
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
    /** Whether .NET's own choice of protocols finds one that the server offers. */
    'SslStream.DefaultWorks': async ({ network, info }, args) =>
      info.build >= FIRST_BUILD_WITH_SYSTEM_DEFAULT ||
      (await network.handshake(numberOf(args, 'port'), { names: false })).ok,
    /** Where a socket to the machine's own loopback has to go in the lab; nothing when nobody listens. */
    'TcpClient.Connect': ({ network }, args) => {
      const endpoint = network.localEndpoint(numberOf(args, 'port'));
      return endpoint && { ...endpoint };
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
