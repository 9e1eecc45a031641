import type fs from 'node:fs';

/** Variables that let each process of Node that a job starts run a module before its own. */
export function preload(module: string): { NODE_OPTIONS: string } {
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(module)}` };
}

/** The same, to change what a module of Node does: `code` sees it as `module`. */
export function patch(name: 'node:fs' | 'node:fs/promises', code: string): { NODE_OPTIONS: string } {
  return preload(`
    import module from ${JSON.stringify(name)};
    import { syncBuiltinESMExports } from 'node:module';
    ${code}
    syncBuiltinESMExports();`);
}

/** A call of `node:fs` instead of which a process is to kill itself. */
interface Moment {
  /** Only the process of this phase. */
  phase: 'main' | 'post';
  call: Extract<keyof typeof fs, `${string}Sync`>;
  /** What one of its paths contains. */
  path: string;
  /** Which of these calls it is; the first, if not given. */
  nth?: number;
}

/** Variables by which an action's process dies at a known point, as by `kill -9`. */
export function killAt({ phase, call, path, nth = 1 }: Moment): { NODE_OPTIONS: string } {
  return patch(
    'node:fs',
    `if (process.argv[1]?.endsWith(${JSON.stringify(`/${phase}.js`)})) {
      const original = module[${JSON.stringify(call)}];
      let count = 0;
      module[${JSON.stringify(call)}] = (...values) => {
        const meant = values.some((value) => String(value).includes(${JSON.stringify(path)}));
        if (meant && ++count === ${nth}) process.kill(process.pid, 'SIGKILL');
        return original(...values);
      };
    }`,
  );
}
