/**
 * Records of the kernel log. The one of 6.18 was recorded by us. Of the others, which people posted, the
 * messages are theirs; the prefix of `/dev/kmsg` is ours, with their seconds where they gave them.
 */

/** Recorded from `/dev/kmsg` of Linux 6.18.44: a process in a v1 cgroup with a limit of 64 MiB. */
export const linux618 = [
  '4,367,24054534386,-;node invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0\n',
  '6,443,24054534639,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/t.28912,task_memcg=/t.28912,task=node,pid=31719,uid=0\n',
  '3,444,24054534660,-;Memory cgroup out of memory: Killed process 31719 (node) total-vm:984924kB, anon-rss:64768kB, file-rss:33540kB, shmem-rss:0kB, UID:0 pgtables:564kB oom_score_adj:0\n',
];

/** documented: inducer/relate#1383, Linux 6.16. */
export const linux616 = [
  '3,1,5000000,-;Out of memory: Killed process 3581527 (uwsgi) total-vm:517892kB, anon-rss:263092kB, file-rss:29128kB, shmem-rss:0kB, UID:33 pgtables:740kB oom_score_adj:0\n',
];

/** documented: reportportal/kubernetes#203, Linux 5.4.0-77. */
export const linux54 = [
  '3,1,7063247407,-;Memory cgroup out of memory: Killed process 63214 (uwsgi) total-vm:3149468kB, anon-rss:164992kB, file-rss:52176kB, shmem-rss:92kB, UID:0 pgtables:1372kB oom_score_adj:986\n',
  '6,2,7063263325,-;oom_reaper: reaped process 63214 (uwsgi), now anon-rss:0kB, file-rss:0kB, shmem-rss:92kB\n',
];

/**
 * documented: docker/for-linux#1001, a kernel that does not print the user; the name of the process has
 * brackets.
 */
export const nameWithBrackets = [
  '3,1,518058306,-;Out of memory: Killed process 15925 ((resolved)) total-vm:168424kB, anon-rss:4064kB, file-rss:3584kB, shmem-rss:0kB\n',
];

/** documented: genular/pandora#49, of before Linux 5.0. */
export const twoLines = [
  '3,1,5000000,-;Out of memory: Kill process 27438 (R) score 31 or sacrifice child\n',
  '3,2,5000001,-;Killed process 27438 (R) total-vm:38349780kB, anon-rss:1041924kB, file-rss:4kB, shmem-rss:0kB\n',
];

/**
 * documented: linux-test-project/ltp#1080, Linux 3.10 of RHEL 7: the cgroup in a line of its own, and the
 * user.
 */
export const taskLine = [
  '6,1,4000000,-;Task in /13 killed as a result of limit of /13\n',
  '3,2,5000000,-;Memory cgroup out of memory: Kill process 42453 (memcg_test_1) score 0 or sacrifice child\n',
  '3,3,5000001,-;Killed process 42453 (memcg_test_1), UID 0, total-vm:7296kB, anon-rss:96kB, file-rss:0kB, shmem-rss:0kB\n',
];

/** documented: apache/doris#3525: the kernel killed a child instead of the process that it chose. */
export const childKilled = [
  '3,1,5000000,-;Memory cgroup out of memory: Kill process 24984 (palo_be) score 968 or sacrifice child\n',
  '3,2,5000001,-;Killed process 18177 (palo_be), UID 0, total-vm:70347780kB, anon-rss:45563572kB, file-rss:0kB, shmem-rss:0kB\n',
];
