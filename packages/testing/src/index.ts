export * from './launcher/index.ts';
