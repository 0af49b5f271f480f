/** Where the durable extension of a host answers. */
export interface ManagementAddresses {
  /** Everything `durable-functions` needs to reach it: the value of a `durableClient` binding. */
  clientBinding: () => string;
  /** What a client is told after a start, with the origin it asked. */
  statusLinks: (origin: string, instanceId: string) => Record<string, string>;
}

export const WEBHOOK_PATH = '/runtime/webhooks/durabletask';

/**
 * @param origin public address of the host
 * @param rpcBaseUrl the address without a key that only this machine can reach
 */
export function createAddresses(
  origin: string,
  rpcBaseUrl: string,
  hubName: string,
  key: string,
): ManagementAddresses {
  const code = `code=${encodeURIComponent(key)}`;
  const hub = `taskHub=${encodeURIComponent(hubName)}&connection=Storage&${code}`;

  const links = (at: string, id: string): Record<string, string> => {
    const instance = `${at}${WEBHOOK_PATH}/instances/${id}`;
    return {
      id,
      statusQueryGetUri: `${instance}?${hub}`,
      sendEventPostUri: `${instance}/raiseEvent/{eventName}?${hub}`,
      terminatePostUri: `${instance}/terminate?reason={text}&${hub}`,
      rewindPostUri: `${instance}/rewind?reason={text}&${hub}`,
      purgeHistoryDeleteUri: `${instance}?${hub}`,
      restartPostUri: `${instance}/restart?${hub}`,
      suspendPostUri: `${instance}/suspend?reason={text}&${hub}`,
      resumePostUri: `${instance}/resume?reason={text}&${hub}`,
    };
  };
  const start = `${origin}${WEBHOOK_PATH}/orchestrators/{functionName}[/{instanceId}]`;
  const binding = JSON.stringify({
    taskHubName: hubName,
    connectionName: null,
    creationUrls: {
      createNewInstancePostUri: `${start}?${code}`,
      createAndWaitOnNewInstancePostUri: `${start}?timeout={timeoutInSeconds}&pollingInterval={intervalInSeconds}&${code}`,
    },
    managementUrls: links(origin, 'INSTANCEID'),
    baseUrl: `${origin}${WEBHOOK_PATH}`,
    requiredQueryStringParameters: code,
    rpcBaseUrl,
    httpBaseUrl: null,
    maxGrpcMessageSizeInBytes: null,
    grpcHttpClientTimeout: null,
  });
  return {
    clientBinding: () => binding,
    statusLinks: (at, id) => ({ ...links(at, encodeURIComponent(id)), id }),
  };
}
