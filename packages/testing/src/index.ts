export * from './launcher/index.ts';
export { schemaProblems } from './schema-problems.ts';
export * from './simulator/index.ts';
export {
  type CacheService,
  type CacheServiceOptions,
  type Scope,
  createRuntimeToken,
  startCacheService,
} from './cache-service/index.ts';
