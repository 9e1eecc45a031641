export { createRuntimeToken, type Scope } from './token.ts';
export { type CacheService, type CacheServiceOptions, type Fault, startCacheService } from './service.ts';
