export * from './launcher/index.ts';
export * from './simulator/index.ts';
export { type CacheService, startCacheService } from './cache-service/index.ts';
