/**
 * Outputs of GPU tools. None was recorded by us, since we have no such device. Each names the public source in which
 * somebody recorded it; of long ones only the columns and lines that the check asks for are kept.
 */

/** documented: captures of utkuozdemir/nvidia_gpu_exporter, commit e656cd8, internal/captures/; UUIDs are masked there. */
const columns =
  'index, uuid, name, driver_version, memory.total [MiB], persistence_mode, ecc.mode.current, ecc.errors.uncorrected.volatile.total, mig.mode.current, compute_cap';
const zero = '00000000-0000-0000-0000-000000000000';
const csv = (...rows: string[]): string => `${[columns, ...rows].join('\n')}\n`;

/** linux-x86_64__nvidia-h200__590.48.01.txt */
export const h200 = csv(
  `0, GPU-${zero}, NVIDIA H200, 590.48.01, 143771 MiB, Enabled, Enabled, 0, Disabled, 9.0`,
);

/** linux-x86_64__nvidia-geforce-rtx-2080-super__595.71.05.txt */
export const rtx2080 = csv(
  `0, GPU-${zero}, NVIDIA GeForce RTX 2080 SUPER, 595.71.05, 8192 MiB, Disabled, [N/A], [N/A], [N/A], 7.5`,
);

/** linux-x86_64__nvidia-h200-mig__590.48.01.txt */
export const h200Mig = csv(
  `0, GPU-${zero}, NVIDIA H200, 590.48.01, 143771 MiB, Enabled, Enabled, 0, Enabled, 9.0`,
);
export const h200MigList = `GPU 0: NVIDIA H200 (UUID: GPU-${zero})
  MIG 1c.3g.71gb  Device  0: (UUID: MIG-${zero})
  MIG 2c.3g.71gb  Device  1: (UUID: MIG-00000001-0000-0000-0000-000000000001)
  MIG 2g.35gb     Device  2: (UUID: MIG-00000002-0000-0000-0000-000000000002)
  MIG 1g.18gb     Device  3: (UUID: MIG-00000003-0000-0000-0000-000000000003)
  MIG 1g.18gb     Device  4: (UUID: MIG-00000004-0000-0000-0000-000000000004)
`;
export const h200MigSummary = `Fri Jul  3 22:22:00 2026       
+-----------------------------------------------------------------------------------------+
| NVIDIA-SMI 590.48.01              Driver Version: 590.48.01      CUDA Version: 13.1     |
+-----------------------------------------+------------------------+----------------------+
|   0  NVIDIA H200                    On  |   00000000:83:00.0 Off |                   On |
| N/A   28C    P0             78W /  700W |      55MiB / 143771MiB |     N/A      Default |
|                                         |                        |              Enabled |
+-----------------------------------------+------------------------+----------------------+
| MIG devices:                                                                            |
+------------------+----------------------------------+-----------+-----------------------+
|  0    2   0   0  |              22MiB / 71424MiB    | 16      0 |  3   0    3    0    3 |
|                  |               0MiB / 59237MiB    |           |                       |
+------------------+----------------------------------+-----------+-----------------------+
|  0    2   1   1  |              22MiB / 71424MiB    | 32      0 |  3   0    3    0    3 |
|                  |               0MiB / 59237MiB    |           |                       |
+------------------+----------------------------------+-----------+-----------------------+
|  0    3   0   2  |              17MiB / 33280MiB    | 32      0 |  2   0    2    0    2 |
|                  |               0MiB / 29618MiB    |           |                       |
+------------------+----------------------------------+-----------+-----------------------+
|  0    9   0   3  |               9MiB / 16384MiB    | 16      0 |  1   0    1    0    1 |
|                  |               0MiB / 14809MiB    |           |                       |
+------------------+----------------------------------+-----------+-----------------------+
|  0   10   0   4  |               9MiB / 16384MiB    | 16      0 |  1   0    1    0    1 |
|                  |               0MiB / 14809MiB    |           |                       |
`;

/** linux-x86_64__nvidia-geforce-rtx-2080-super__610.57.04.txt: the names in the head changed. */
export const summary610 =
  '| NVIDIA-SMI 610.57.04              KMD Version: 610.57.04     CUDA UMD Version: 13.3     |\n';

/** documented: canonical/inference-snaps#89, and #128 for the exit status 2. */
export const unknownCompute = 'Field "compute_cap" is not a valid field to query.\n\n';

/** documented: zzzhouuu/truenas-nvidia-drivers#19. */
export const mismatch =
  'Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 580.178\n';
export const loaded580 = `NVRM version: NVIDIA UNIX x86_64 Kernel Module  580.173.02  Tue Jun 23 08:38:17 UTC 2026
GCC version:  gcc version 14.2.0 (Ubuntu 14.2.0-4ubuntu2~24.04.1)
`;

/** documented: NVIDIA/NVSentinel#155, a line of the kernel log without the prefix `NVRM: loading`. */
export const openModule =
  'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.158.01  Release Build  (dvs-builder@U22-I3-B10-02-5)  Mon Jun  2 13:13:04 UTC 2025\n';

/** documented: JosephKJ/OWOD#81. */
export const lost =
  'Unable to determine the device handle for GPU 0000:02:00.0: GPU is lost. Reboot the system to recover this GPU\n';

/** documented: pastebin.com/Bc7vp497. */
export const notLoaded =
  "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.\n";

/** documented: leptonai/gpud#117, pastebin.com/jJdbRLSr and NVIDIA/NVSentinel#155. The first line has the form of each kernel's. */
export const bootLine = '[    0.000000] Linux version 6.1.0\n';
export const xid45 =
  '[Sat Oct 12 18:35:32 2024] NVRM: Xid (PCI:0000:61:00): 45, pid=1496200, name=distprovers-gpu, Ch 0000000a\n';
export const xid79 = '[ 5107.644336] NVRM: Xid (PCI:0000:03:00): 79, GPU has fallen off the bus.)\n';
export const lostWithoutXid = `[ 1843.308145] NVRM: The NVIDIA GPU 0000:b3:00.0
               NVRM: (PCI ID: 10de:26b5) installed in this system has
               NVRM: fallen off the bus and is not responding to commands.
`;

/** documented: test data of ROCm/device-metrics-exporter (Apache-2.0), a selection of an MI210's fields. */
export const mi210 = JSON.stringify({
  gpu_data: [
    {
      gpu: 0,
      asic: { market_name: 'AMD Instinct MI210', target_graphics_version: 'gfx90a' },
      driver: { name: 'amdgpu', version: 'Linuxversion6.14.0-24-generic(buildd@lcy02-amd64-010)' },
      vram: { type: 'HBM', vendor: 'HYNIX', size: { value: 65520, unit: 'MB' } },
    },
  ],
});

/** documented: `sampleAMDSMIVersion` in the test of a public cluster monitor, a selection. */
export const amdVersion = JSON.stringify([
  { tool: 'AMDSMI Tool', version: '26.2.0+021c61fc', rocm_version: '7.0.2', amdgpu_version: '6.16.6' },
]);

/** documented: marimo-team/marimo#9237, a selection. */
export const rx7900 = JSON.stringify({
  card0: { 'VRAM Total Memory (B)': '21458059264', 'Card Series': 'Radeon RX 7900 XT' },
});

/** documented: ROCm/amdsmi#172. */
export const amdNotLoaded =
  'ERROR:root:Unable to get devices, driver not initialized (amdgpu not found in modules)\n';

/** documented: pytorch/builder#580. */
export const nvcc = `nvcc: NVIDIA (R) Cuda compiler driver
Copyright (c) 2005-2020 NVIDIA Corporation
Built on Mon_Oct_12_20:09:46_PDT_2020
Cuda compilation tools, release 11.1, V11.1.105
Build cuda_11.1.TC455_06.29190527_0
`;
