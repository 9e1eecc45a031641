import type { SystemManager } from '../sections/package-managers.ts';

/** A feature that needs no script: programs, and the packages that bring all of them. */
export interface KnownFeature {
  /** They must be on PATH. The version of the feature is that of the first. */
  tools: readonly [string, ...string[]];
  packages: Partial<Record<SystemManager, readonly string[]>>;
}

/** Only what needs more than one package somewhere: a single tool is stated in `tools`. */
export const knownFeatures: Readonly<Record<string, KnownFeature>> = {
  'c-compiler': {
    tools: ['gcc', 'g++', 'make', 'pkg-config'],
    packages: {
      apt: ['build-essential', 'pkg-config'],
      dnf: ['gcc', 'gcc-c++', 'make', 'pkgconf-pkg-config'],
      zypper: ['gcc', 'gcc-c++', 'make', 'pkg-config'],
      apk: ['build-base', 'pkgconf'],
      pacman: ['base-devel'],
    },
  },
  docker: {
    tools: ['docker'],
    packages: {
      apt: ['docker.io'],
      dnf: ['moby-engine', 'docker-cli'],
      zypper: ['docker'],
      apk: ['docker', 'docker-cli-buildx', 'docker-cli-compose'],
      pacman: ['docker', 'docker-buildx', 'docker-compose'],
    },
  },
  node: {
    tools: ['node', 'npm'],
    packages: {
      apt: ['nodejs', 'npm'],
      dnf: ['nodejs', 'nodejs-npm'],
      apk: ['nodejs', 'npm'],
      pacman: ['nodejs', 'npm'],
      brew: ['node'],
      winget: ['OpenJS.NodeJS'],
    },
  },
  podman: {
    tools: ['podman'],
    packages: {
      apt: ['podman', 'uidmap', 'slirp4netns', 'fuse-overlayfs'],
      dnf: ['podman', 'slirp4netns', 'fuse-overlayfs'],
      zypper: ['podman', 'slirp4netns', 'fuse-overlayfs'],
      apk: ['podman', 'shadow-uidmap', 'slirp4netns', 'fuse-overlayfs'],
      pacman: ['podman', 'slirp4netns', 'fuse-overlayfs'],
    },
  },
  python: {
    tools: ['python3', 'pip3'],
    packages: {
      apt: ['python3', 'python3-pip', 'python3-venv'],
      dnf: ['python3', 'python3-pip'],
      zypper: ['python3', 'python3-pip'],
      apk: ['python3', 'py3-pip'],
      pacman: ['python', 'python-pip'],
      brew: ['python3'],
    },
  },
};
