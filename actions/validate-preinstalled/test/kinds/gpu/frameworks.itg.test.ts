import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkKind } from '../check-kind.ts';

/** The folder of the user's own modules below HOME, as this machine's Python names it. `undefined`: no Python. */
function userModules(home: string): string | undefined {
  try {
    const env = { PATH: process.env['PATH'], HOME: home };
    return execFileSync('python3', ['-m', 'site', '--user-site'], { env, encoding: 'utf8' }).trim();
  } catch (error) {
    // Python ends with 2 when the folder does not exist yet, and prints it all the same.
    return String((error as { stdout?: string }).stdout ?? '').trim() || undefined;
  }
}

const hasPython = userModules(tmpdir()) !== undefined;

/** Checks a framework with a module of that name, which stands in for the real one. */
async function checkModule(framework: 'pytorch' | 'tensorflow', name: string, code: string | undefined) {
  const HOME = mkdtempSync(join(tmpdir(), 'home-'));
  const folder = userModules(HOME) ?? '';
  mkdirSync(folder, { recursive: true });
  if (code !== undefined) writeFileSync(join(folder, `${name}.py`), code);
  return checkKind(
    'gpu',
    { frameworks: [framework] },
    { PATH: process.env['PATH'] ?? '', HOME, CUDA_VISIBLE_DEVICES: '0' },
  );
}

const torch = (built: string, devices: string, ones: string): string => `
import os
from types import SimpleNamespace as S
__version__ = "2.4.0"
version = S(cuda=${built}, hip=None)
cuda = S(device_count=lambda: ${devices})
def ones(*shape, device): ${ones}
`;
const computes = 'return S(add=lambda n: S(item=lambda: 2))';

// python3 (package python3) runs the program; the modules stand in for PyTorch and TensorFlow.
describe('gpu.frameworks', () => {
  it.skipIf(!hasPython).each([
    ['is not installed', undefined, 'fail', "no PyTorch for PATH's Python"],
    [
      'is built without CUDA',
      torch('None', '0', computes),
      'fail',
      'PyTorch 2.4.0, built without CUDA and ROCm',
    ],
    [
      'sees no device',
      torch('"12.4"', '0', computes),
      'fail',
      'PyTorch 2.4.0 for 12.4, which sees 0 devices',
    ],
    [
      'sees the devices that the job may use',
      torch('"12.4"', 'len(os.environ["CUDA_VISIBLE_DEVICES"].split(","))', computes),
      'pass',
      'PyTorch 2.4.0 for 12.4, which sees 1 device',
    ],
    [
      'lists a device with which it cannot compute',
      torch('"12.4"', '1', 'raise RuntimeError("CUDA error: no kernel image is available")'),
      'fail',
      'PyTorch that does not work: RuntimeError: CUDA error: no kernel image is available',
    ],
    [
      'misses a library',
      'raise OSError("libcublas.so.12: cannot open shared object file")',
      'fail',
      'PyTorch that does not work: OSError: libcublas.so.12: cannot open shared object file',
    ],
    [
      'kills Python',
      'import os; os.abort()',
      'fail',
      'PyTorch that does not work: Python was killed by SIGABRT',
    ],
  ])('judges a PyTorch that %s', async (_, code, status, found) =>
    expect(await checkModule('pytorch', 'torch', code)).toMatchObject({ status, found }),
  );

  it.skipIf(!hasPython)('judges a TensorFlow that computes on a device', async () => {
    const code = `
from contextlib import nullcontext
from types import SimpleNamespace as S
__version__ = "2.17.0"
sysconfig = S(get_build_info=lambda: {"cuda_version": "12.5"})
test = S(is_built_with_gpu_support=lambda: True)
config = S(list_physical_devices=lambda kind: [kind])
device = nullcontext
class Tensor:
  def __add__(self, other): return self
  def numpy(self): return [2]
ones = lambda shape: Tensor()
print("noise")
`;
    const found = 'TensorFlow 2.17.0 for 12.5, which sees 1 device';
    expect(await checkModule('tensorflow', 'tensorflow', code)).toMatchObject({ status: 'pass', found });
  });
});
