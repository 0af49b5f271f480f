/** Windows refused an operation. `code` is the Win32 error. */
export class WindowsError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.name = 'WindowsError';
    this.code = code;
  }
}

/** What a change hook throws to end a script as a lost machine would: nothing of it runs any more. */
export class ScriptKilled extends Error {
  constructor(message = 'the script was killed') {
    super(message);
    this.name = 'ScriptKilled';
  }
}

/** The script waits for what will never come; the platform ends it at its time limit, and there is no result. */
export class ScriptStuck extends ScriptKilled {
  constructor(reason: string) {
    super(`the script waits without end: ${reason}`);
    this.name = 'ScriptStuck';
  }
}

export const WIN32 = {
  fileNotFound: 2,
  pathNotFound: 3,
  accessDenied: 5,
  sharingViolation: 32,
  invalidParameter: 87,
  busy: 170,
  diskFull: 112,
  alreadyExists: 183,
  unrecognizedVolume: 1005,
  serviceRequestTimeout: 1053,
  dependentServicesRunning: 1051,
  invalidServiceControl: 1052,
  serviceAlreadyRunning: 1056,
  serviceDisabled: 1058,
  serviceCannotAcceptControl: 1061,
  serviceDoesNotExist: 1060,
  serviceNotActive: 1062,
  serviceDependencyFail: 1068,
  serviceLogonFailed: 1069,
  registryCorrupt: 1015,
  writeProtect: 19,
  notReady: 21,
  invalidFunction: 1,
  notLocked: 158,
  bitLockerLocked: -2144272384,
  noDomainController: 1355,
  rpcServerUnavailable: 1722,
  addressInUse: 10048,
  addressRefused: 10013,
} as const;
