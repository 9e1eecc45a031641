#!/bin/bash
# Starts systemd as the first process of namespaces of its own: boot.sh FOLDER NAME PATH…
# FOLDER: an empty folder for the root of this machine's copy; nothing is written outside of it.
# NAME: name of the folders that it makes in each hierarchy of cgroups. The caller removes them.
# PATH…: what it also sees of this machine, read-only, in case it is a mount of its own.
# Source: systemd's container interface (https://systemd.io/CONTAINER_INTERFACE).
set -eu
folder=$1 name=$2
shift 2
cgroups=/sys/fs/cgroup

# The controllers of version 1, or nothing where there is version 2 alone.
hierarchies() { if [ ! -e $cgroups/cgroup.procs ]; then (cd $cgroups && echo */); fi; }

if [ "${IS_INSIDE-}" = '' ]; then
  # Outside of the new namespaces: enters folders of cgroups, which are the roots inside.
  for hierarchy in $(hierarchies) ./; do
    if [ $hierarchy = ./ ] && [ ! -e $cgroups/cgroup.procs ]; then continue; fi
    mkdir "$cgroups/$hierarchy$name"
    if [ $hierarchy = cpuset/ ]; then
      for file in cpuset.cpus cpuset.mems; do cat "$cgroups/$hierarchy$file" > "$cgroups/$hierarchy$name/$file"; done
    fi
    echo $$ > "$cgroups/$hierarchy$name/cgroup.procs"
  done
  IS_INSIDE=true exec unshare --cgroup --mount --pid --fork --kill-child --uts --ipc --net --propagation private \
    bash "$0" "$folder" "$name" "$@"
fi

mount -t tmpfs tmpfs "$folder"
mkdir "$folder"/{upper,work,root}
mount -t overlay -o "lowerdir=/,upperdir=$folder/upper,workdir=$folder/work" overlay "$folder/root"
root=$folder/root
for path; do
  mkdir -p "$root$path"
  mount --bind "$path" "$root$path"
  mount -o remount,bind,ro "$root$path"
done

mount -t proc proc "$root/proc"
mount --bind "$root/proc/sys" "$root/proc/sys"
mount -o remount,bind,ro "$root/proc/sys"
mount -t sysfs -o ro sysfs "$root/sys"
if [ -e $cgroups/cgroup.procs ]; then
  mount -t cgroup2 cgroup2 "$root$cgroups"
else
  mount -t tmpfs -o mode=755 tmpfs "$root$cgroups"
  for hierarchy in $(hierarchies); do
    mkdir "$root$cgroups/$hierarchy"
    case $hierarchy in
      systemd/) mount -t cgroup -o none,name=systemd cgroup "$root$cgroups/$hierarchy" ;;
      unified/) mount -t cgroup2 cgroup2 "$root$cgroups/$hierarchy" ;;
      *) mount -t cgroup -o "${hierarchy%/}" cgroup "$root$cgroups/$hierarchy" ;;
    esac
  done
fi

mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom tty; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root"/dev/{pts,shm}
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
mount -t tmpfs -o mode=755 tmpfs "$root/run"

# No unit of this machine starts, and none that would need its devices, its clock or its kernel.
tr -d - < /proc/sys/kernel/random/uuid > "$root/etc/machine-id"
: > "$root/etc/fstab"
rm -rf "$root"/etc/systemd/system/*.{wants,requires}
for unit in systemd-{udevd,udev-trigger,timesyncd,resolved,sysctl,modules-load,random-seed,remount-fs}.service \
  systemd-udevd-{control,kernel}.socket systemd-update-utmp{,-runlevel}.service; do
  ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
exec setpriv --bounding-set=-sys_module,-sys_time,-sys_rawio,-sys_boot,-syslog \
  env -i container=lxc PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  chroot "$root" /lib/systemd/systemd --system --unit=basic.target
