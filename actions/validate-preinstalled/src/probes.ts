/**
 * How to get the version of a tool: arguments, and a pattern for its output. With a global pattern the last match
 * counts.
 */
interface Probe {
  arguments: readonly string[];
  pattern: RegExp;
}

/** Matches the first text that looks like a version and is not part of a longer word. */
const general = /(?<![\w.])[vV]?(\d+\.\d[\w.+~-]*)/;
const flag = (...list: string[]): Probe => ({ arguments: list, pattern: general });

const probes: Record<string, Probe> = {
  node: flag('-v'),
  npm: flag('-v'),
  python3: flag('-V'),
  python: flag('-V'),
  go: { arguments: ['version'], pattern: /go(\d+\.\d\S*)/ },
  java: { arguments: ['-version'], pattern: /version "(?:1\.(?=8))?([^"]+)"/ },
  javac: { arguments: ['-version'], pattern: /javac (?:1\.(?=8))?(\S+)/ },
  kubectl: { arguments: ['version', '--client', '-o', 'json'], pattern: /"gitVersion":\s*"v?([^"]+)"/ },
  helm: flag('version', '--template', '{{.Version}}'),
  terraform: { arguments: ['version', '-json'], pattern: /"terraform_version":\s*"([^"]+)"/ },
  ssh: { arguments: ['-V'], pattern: /^OpenSSH\w*_(\d+\.\d[\w.]*)/m },
  gcc: flag('-dumpfullversion'),
  'g++': flag('-dumpfullversion'),
  unzip: { arguments: ['-v'], pattern: /UnZip (\d+(?:\.\d+)+)/ },
  zip: { arguments: ['-v'], pattern: /Zip (\d+(?:\.\d+)+)/ },
  openssl: flag('version'),
  jq: { arguments: ['--version'], pattern: /jq-(\d\S*)/ },
  aws: { arguments: ['--version'], pattern: /aws-cli\/(\S+)/ },
  nvcc: { arguments: ['--version'], pattern: /release [\d.]+, V(\S+)/ },
  dotnet: { arguments: ['--list-sdks'], pattern: /^(\d+\.\d+\.\d\S*) \[/gm },
  az: { arguments: ['version', '-o', 'json'], pattern: /"azure-cli":\s*"([^"]+)"/ },
  oc: { arguments: ['version', '--client'], pattern: /Client Version: v?(\S+)/ },
  kustomize: flag('version'),
  minikube: flag('version', '--short'),
  mvn: flag('-v'),
  mysql: {
    arguments: ['--version'],
    pattern: /(?:Distrib|Ver) (\d+\.\d[\w.+~-]*)/g,
  },
  ffmpeg: { arguments: ['-version'], pattern: /ffmpeg version n?(\d\S*)/ },
  lsof: flag('-v'),
  lua: flag('-v'),
  tmux: flag('-V'),
  awk: flag('-W', 'version'),
  less: { arguments: ['--version'], pattern: /less (\d+(?:\.\d+)*)/ },
  '7z': { arguments: ['i'], pattern: /7-Zip[^\d]*(\d+\.\d+)/ },
};

/** Returns the probe of a tool; by default `--version`, which most tools support. */
export function probeOf(tool: string): Probe {
  return Object.hasOwn(probes, tool) ? (probes[tool] ?? flag('--version')) : flag('--version');
}

/** Returns the version in a tool's output, or `undefined`. Ignores colour codes. */
export function readVersion(probe: Probe, output: string): string | undefined {
  const plain = output.replaceAll(/\u001b\[[0-9;]*[A-Za-z]/g, '');
  const { pattern } = probe;
  const found = pattern.global ? [...plain.matchAll(pattern)].at(-1) : pattern.exec(plain);
  return found?.[1];
}
