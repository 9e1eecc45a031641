export { assertContract, checkExchange } from './contract.ts';
export type { ApiRequest, ApiResponse, RecordedRequest } from './exchange.ts';
export type { Fault, FaultRule } from './faults.ts';
export type {
  Fleet,
  FleetCollaborator,
  FleetComment,
  FleetIssue,
  FleetJob,
  FleetRepository,
  FleetRun,
  FleetRunner,
  FleetRunnerGroup,
  FleetStep,
  FleetToken,
} from './fleet.ts';
export { loadFleet } from './load-fleet.ts';
export { type Simulator, startSimulator } from './server.ts';
export { stableId } from './render/user.ts';
