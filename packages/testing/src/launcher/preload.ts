import type fs from 'node:fs';

/** Returns variables with which each Node process of a job runs a module before its own. @param module its source */
export function preloadModule(module: string): { NODE_OPTIONS: string } {
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(module)}` };
}

/** Returns variables with which each Node process of a job patches a Node module. @param code sees it as `module` */
export function patchNodeModule(
  name: 'node:fs' | 'node:fs/promises',
  code: string,
): { NODE_OPTIONS: string } {
  return preloadModule(`
    import module from ${JSON.stringify(name)};
    import { syncBuiltinESMExports } from 'node:module';
    ${code}
    syncBuiltinESMExports();`);
}

/** A call of `node:fs` at which a process kills itself. */
interface KillPoint {
  /** Only the process of this phase kills itself. */
  phase: 'main' | 'post';
  call: Extract<keyof typeof fs, `${string}Sync`>;
  /** Text that one of the arguments must contain. */
  path: string;
  /** Which of the matching calls, counted from 1. Default: the first. */
  nth?: number;
}

/** Returns variables with which an action's process dies just before a given call, as by `kill -9`. */
export function killAtFsCall({ phase, call, path, nth = 1 }: KillPoint): { NODE_OPTIONS: string } {
  return patchNodeModule(
    'node:fs',
    `if (process.argv[1]?.endsWith(${JSON.stringify(`/${phase}.js`)})) {
      const original = module[${JSON.stringify(call)}];
      let count = 0;
      module[${JSON.stringify(call)}] = (...values) => {
        const matches = values.some((value) => String(value).includes(${JSON.stringify(path)}));
        if (matches && ++count === ${nth}) process.kill(process.pid, 'SIGKILL');
        return original(...values);
      };
    }`,
  );
}
