export * from './launcher/index.ts';
export * from './simulator/index.ts';
