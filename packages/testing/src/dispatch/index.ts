export { type Api, openApi } from './answer.ts';
export { bootTime, isConsistent } from './build-runs.ts';
export { configFiles } from './config.ts';
export { buildWorld } from './build-world.ts';
export { type Breach, type Broken, type Play, playWorlds, reportOf, seedsOf } from './play-worlds.ts';
export {
  hasFreshHeartbeat,
  isBusyShown,
  isFullShown,
  isHungShown,
  isMisdeclared,
  isScaleSetShown,
  isSupplyHidden,
  seesAllRunners,
} from './evidence.ts';
export { metricsOf } from './metrics.ts';
export { createStep } from './step.ts';
export { payloadOf, repository, tokens } from './view.ts';
export { canUse, hasRoom, isOpen, wouldStart } from './would-start.ts';
export { describeWorld, isDeclaredOnDemand, type World } from './world.ts';
