const newProc =
  'The kernel refuses a new /proc, as in a container without --privileged: run the job on the machine, or allow it.';

/** What messages of runc and crun mean, and what to do about them. */
const meanings: readonly (readonly [text: string, advice: string])[] = [
  [
    'hybrid mode not supported',
    'This machine mounts both versions of cgroups, which crun refuses: boot with systemd.unified_cgroup_hierarchy=1, or use runc.',
  ],
  [
    'no cgroup mount found',
    'Nothing is mounted on /sys/fs/cgroup: mount cgroup2 there, or pass it to the container of the job.',
  ],
  [
    'invalid file system type',
    'Nothing is mounted on /sys/fs/cgroup: mount cgroup2 there, or pass it to the container of the job.',
  ],
  [
    'flags 0x84000',
    'The root folder is not a mount point, as in a plain chroot: start the runner with pivot_root or in a container.',
  ],
  [
    'newuidmap',
    'Install newuidmap (package uidmap), and give the user ranges in /etc/subuid and /etc/subgid.',
  ],
  [
    'user namespace',
    'Allow user namespaces for users: check kernel.unprivileged_userns_clone, user.max_user_namespaces and AppArmor.',
  ],
  ['mount proc', newProc],
  ['mount `proc`', newProc],
  [
    'cgroup',
    "The runtime may not create a cgroup: delegate one to the runner's user (`Delegate=yes`), or run the job's container with a writable /sys/fs/cgroup.",
  ],
];

/**
 * Returns what to do about a failed step.
 * @param sentence the runtime's own
 * @param noexec mount points with `noexec` that the container's files are on
 */
export function explainFailure(sentence: string, noexec: readonly string[]): string {
  if (noexec.length > 0 && /permission denied|operation not permitted|EACCES/i.test(sentence))
    return `The mount ${noexec.join(', ')} has noexec: mount it with exec, or set TMPDIR to another folder.`;
  const meaning = meanings.find(([text]) => sentence.includes(text));
  return meaning?.[1] ?? "Repeat the step on the runner with the runtime's option --debug.";
}

/** Returns the runtime's own sentence: the message of its last line, without time and level. */
export function ownSentence(output: string): string {
  const line = output.trim().split('\n').at(-1)?.slice(0, 2000) ?? '';
  const message = /msg="((?:[^"\\]|\\.)*)"/.exec(line)?.[1]?.replaceAll('\\"', '"') ?? line;
  return message.trim().slice(0, 300);
}
