/** A container that runs one program as root, sees at most one folder of the machine, and has no network. */
export interface IsolatedContainer {
  /** The id of an image that is there. */
  image: string;
  /** The program and its arguments, in the place of those of the image. */
  argv: readonly string[];
  /** The folder of the machine, and where it is in the container. What is mounted below it is not there. */
  folder?: { source: string; target: string };
  /** Capabilities of Linux, such as `FOWNER`. The container has no others. */
  capabilities: readonly string[];
  labels: Readonly<Record<string, string>>;
}

/** Bytes of memory, and number of processes. */
const memory = 256 * 2 ** 20;
const processes = 32;

/**
 * Returns the body of the request that creates the container. Source: "Docker Engine API v1.41 Reference". Podman 4.3
 * and Docker 20.10 accept all of it.
 */
export function isolatedContainer(container: IsolatedContainer): object {
  const [program, ...args] = container.argv;
  return {
    ...{ Image: container.image, Entrypoint: [program], Cmd: args, Labels: container.labels },
    ...{ User: '0:0', WorkingDir: '/', Env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin'] },
    // An image may bring a program that checks its health.
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      Mounts: container.folder === undefined ? [] : [mountOf(container.folder)],
      ...{ NetworkMode: 'none', ReadonlyRootfs: true, Privileged: false },
      ...{ CapDrop: ['ALL'], CapAdd: container.capabilities },
      // SELinux would keep the container from the folder, whose label is that of the machine.
      SecurityOpt: ['no-new-privileges', 'label=disable'],
      // An engine may give root of a container another uid on the machine.
      UsernsMode: 'host',
      ...{ Memory: memory, PidsLimit: processes, RestartPolicy: { Name: 'no' }, AutoRemove: false },
    },
  };
}

const mountOf = ({ source, target }: NonNullable<IsolatedContainer['folder']>) => ({
  ...{ Type: 'bind', Source: source, Target: target },
  BindOptions: { Propagation: 'private', NonRecursive: true },
});
