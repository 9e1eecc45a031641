import type { Execution } from '@runner-actions/core';
import type { Framework } from '@runner-actions/manifest';
import { firstLine, type GpuHost } from './gpu-host.ts';

/** What a framework says of itself after it computed on its first device. */
export type FrameworkState =
  | { state: 'absent' }
  | { state: 'broken'; why: string }
  | { state: 'ready'; version: string; built: string | undefined; devices: number };

/** Loading a framework takes many seconds when its files are not in the page cache. */
const importTimeout = 60_000;

/** Marks the line of the answer, since the frameworks print their own lines. */
const mark = 'runner-actions-gpu ';

/** Each program prints one line of JSON. A device that is only listed proves nothing, so each computes with it. */
const programs: Readonly<Record<Framework, { module: string; body: readonly string[] }>> = {
  pytorch: {
    module: 'torch',
    body: [
      'import torch',
      'answer["version"] = str(torch.__version__)',
      'answer["built"] = torch.version.cuda or torch.version.hip',
      'answer["devices"] = torch.cuda.device_count() if answer["built"] else 0',
      'if answer["devices"]: torch.ones(1, device="cuda").add(1).item()',
    ],
  },
  tensorflow: {
    module: 'tensorflow',
    body: [
      'import tensorflow',
      'answer["version"] = str(tensorflow.__version__)',
      'info = tensorflow.sysconfig.get_build_info()',
      'built = tensorflow.test.is_built_with_gpu_support()',
      'answer["built"] = (info.get("cuda_version") or "GPU") if built else None',
      'answer["devices"] = len(tensorflow.config.list_physical_devices("GPU"))',
      'if answer["devices"]:',
      '  with tensorflow.device("/GPU:0"): (tensorflow.ones([1]) + 1).numpy()',
    ],
  },
};

/** Returns the fixed Python program for a framework. */
export function programOf(framework: Framework): string {
  const { module, body } = programs[framework];
  return [
    'import importlib.util, json',
    'answer = {"state": "ready"}',
    'try:',
    `  if importlib.util.find_spec("${module}") is None: answer = {"state": "absent"}`,
    '  else:',
    ...body.map((line) => `    ${line}`),
    'except BaseException as error:',
    '  answer = {"state": "broken", "why": type(error).__name__ + ": " + str(error)[:500]}',
    `print("\\n${mark}" + json.dumps(answer), flush=True)`,
  ].join('\n');
}

/** Asks a framework, with PATH's Python. @returns `undefined` if there is no Python */
export async function askFramework(host: GpuHost, framework: Framework): Promise<FrameworkState | undefined> {
  const python = (await host.find('python3')) === undefined ? 'python' : 'python3';
  const execution = await host.run(python, ['-c', programOf(framework)], importTimeout);
  return execution === undefined ? undefined : readAnswer(execution);
}

/** Reads the answer from the output. A framework that breaks in a library of its own ends without one. */
export function readAnswer({ status, code, signal, stdout, stderr }: Execution): FrameworkState {
  const line = stdout.split('\n').findLast((line) => line.startsWith(mark));
  const answer = line === undefined ? undefined : parseAnswer(line.slice(mark.length));
  if (answer !== undefined) return answer;
  if (status === 'timed-out') return { state: 'broken', why: 'no answer in time' };
  const ending = signal === null ? `Python ended with ${code ?? status}` : `Python was killed by ${signal}`;
  const last = stderr.trim().split('\n').at(-1) ?? '';
  return { state: 'broken', why: last === '' ? ending : `${ending}: ${firstLine(last)}` };
}

function parseAnswer(json: string): FrameworkState | undefined {
  try {
    const { state, why, version, built, devices } = JSON.parse(json) as Record<string, unknown>;
    if (state === 'absent') return { state };
    if (state === 'broken') return { state, why: firstLine(String(why)) };
    if (state !== 'ready' || typeof devices !== 'number') return undefined;
    return {
      state,
      version: firstLine(String(version)),
      built: typeof built === 'string' ? firstLine(built) : undefined,
      devices,
    };
  } catch {
    return undefined;
  }
}
