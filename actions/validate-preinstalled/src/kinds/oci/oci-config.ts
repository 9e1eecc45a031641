/** What the container gets of the machine. */
export interface ContainerParts {
  /** Absolute path of a program that waits, and its arguments. */
  argv: readonly string[];
  /** Top-level folders of the machine with its programs and libraries, which are mounted read-only. */
  folders: readonly string[];
  /** User and group that become root in the container; `undefined` if the runtime runs as root. */
  user: { uid: number; gid: number } | undefined;
}

/**
 * Returns the smallest configuration that runc and crun both accept. Both need the mount of /proc. It asks for no limits,
 * because they need rights that runners in containers often lack, and for no terminal, which a detached `create` refuses.
 * Source: the OCI runtime specification 1.0.2, config.md and config-linux.md.
 */
export function ociConfig({ argv, folders, user }: ContainerParts): object {
  const id = (host: number): object[] => [{ containerID: 0, hostID: host, size: 1 }];
  const rootless = user === undefined ? {} : { uidMappings: id(user.uid), gidMappings: id(user.gid) };
  const namespaces = ['pid', 'mount', ...(user === undefined ? [] : ['user'])];
  return {
    ociVersion: '1.0.2',
    process: {
      terminal: false,
      user: { uid: 0, gid: 0 },
      args: argv,
      env: ['PATH=/usr/bin:/bin'],
      cwd: '/',
      noNewPrivileges: true,
    },
    root: { path: 'rootfs', readonly: true },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      // The runtime makes device files, which must not stay in the bundle.
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755', 'size=64k'] },
      ...folders.map((folder) => ({
        destination: folder,
        type: 'bind',
        source: folder,
        options: ['rbind', 'ro'],
      })),
    ],
    linux: { ...rootless, namespaces: namespaces.map((type) => ({ type })) },
  };
}
