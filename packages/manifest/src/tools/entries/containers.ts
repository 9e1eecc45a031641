import { bareVersion, everywhere, onLinux, packaged, pythonPackage, type ToolEntry } from '../tool-entry.ts';

/** Container engines, their runtimes, and Kubernetes. */
export const containers: readonly ToolEntry[] = [
  // `docker version` exits 1 where no daemon runs. `docker` may be podman, which has versions of its own.
  {
    names: ['docker'],
    pattern: /^Docker version (\d[^\s,]*)/m,
    // podman prints the name by which it was started.
    standIn: { program: 'podman', pattern: /^(?:podman|docker) version (\d\S*)/m },
    packages: {
      apt: 'docker.io',
      apk: 'docker',
      pacman: 'docker',
      zypper: 'docker',
      winget: 'Docker.DockerCLI',
    },
  },
  {
    names: ['docker-compose'],
    pattern: /^[Dd]ocker[ -][Cc]ompose version v?(\d[^\s,]*)/m,
    packages: packaged('docker-compose', ['apt', 'pacman', 'brew'], { apk: 'docker-cli-compose' }),
  },
  {
    names: ['docker-buildx'],
    command: 'docker',
    arguments: ['buildx', 'version'],
    pattern: /\bbuildx v?(\d\S*)/,
    packages: packaged('docker-buildx', ['pacman', 'brew'], { apk: 'docker-cli-buildx' }),
  },
  { names: ['podman'], pattern: /^podman version (\d\S*)/m, packages: everywhere('podman') },
  // The output names podman's version too.
  {
    names: ['podman-compose'],
    scheme: 'pep440',
    pattern: /^podman-composer? version:? {1,2}(\d\S*)/m,
    files: pythonPackage('podman_compose', 'podman_compose.py'),
    packages: everywhere('podman-compose'),
  },
  { names: ['buildah'], pattern: /^buildah version (\d\S*)/m, packages: onLinux('buildah') },
  { names: ['skopeo'], pattern: /^skopeo version (\d\S*)/m, packages: everywhere('skopeo') },
  { names: ['runc'], pattern: /^runc version (\d\S*)/m, packages: onLinux('runc') },
  { names: ['crun'], pattern: /^crun version (\d\S*)/m, packages: onLinux('crun') },
  { names: ['containerd'], pattern: /^containerd \S+ v?(\d\S*)/m, packages: onLinux('containerd') },
  // Without `--client`, it asks the cluster.
  {
    names: ['kubectl', 'kubernetes-cli'],
    arguments: ['version', '--client', '-o', 'json'],
    pattern: /"gitVersion": ?"v?(\d[^"\s]*)"/,
    packages: {
      apt: 'kubernetes-client',
      apk: 'kubectl',
      pacman: 'kubectl',
      brew: 'kubernetes-cli',
      winget: 'Kubernetes.kubectl',
    },
  },
  {
    names: ['helm'],
    arguments: ['version', '--template', '{{.Version}}'],
    pattern: bareVersion,
    packages: packaged('helm', ['apk', 'pacman', 'zypper', 'brew'], { winget: 'Helm.Helm' }),
  },
  {
    names: ['kind'],
    arguments: ['version'],
    pattern: /^kind v?(\d\S*)/m,
    packages: { brew: 'kind', winget: 'Kubernetes.kind' },
  },
  {
    names: ['minikube'],
    arguments: ['version', '--short'],
    pattern: /^(?:minikube version: )?v(\d\S*)$/m,
    packages: packaged('minikube', ['pacman', 'zypper', 'brew'], { winget: 'Kubernetes.minikube' }),
  },
  {
    names: ['kustomize'],
    arguments: ['version'],
    pattern: /^(?:\{Version:kustomize\/)?v(\d\S*)/m,
    packages: packaged('kustomize', ['apk', 'pacman', 'brew']),
  },
];
