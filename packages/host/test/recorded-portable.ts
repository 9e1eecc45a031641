/**
 * Outputs of programs of macOS and Windows. None was recorded by us, since we have neither. Each names the
 * public source in which somebody posted it; of long ones only some lines are kept.
 */

/** documented: wazuh/wazuh#22113. */
export const vmStat = `Mach Virtual Memory Statistics: (page size of 4096 bytes)
Pages free:                             6127229.
Pages active:                            485320.
Pages inactive:                          628646.
Pages speculative:                       430715.
Pages throttled:                              0.
Pages wired down:                        715958.
Pages purgeable:                          11820.
"Translation faults":                  11477162.
Pages copy-on-write:                     356264.
Pages zero filled:                      7628050.
Pages reactivated:                         9561.
Pages purged:                              1423.
File-backed pages:                      1080348.
Anonymous pages:                         464333.
Pages stored in compressor:                   0.
Pages occupied by compressor:                 0.
Decompressions:                               0.
Compressions:                                 0.
Pageins:                                 280307.
Pageouts:                                     0.
Swapins:                                      0.
Swapouts:                                     0.
`;

/** documented: walles/px#80; the first line is in the form of sysctl(8), with a size of ours. */
export const sysctl = `hw.memsize: 8589934592
vm.swapusage: total = 4096.00M  used = 2743.50M  free = 1352.50M  (encrypted)
`;

/** documented: DataDog/dd-agent#71. */
export const netstat = `Name  Mtu   Network       Address            Ipkts Ierrs     Ibytes    Opkts Oerrs     Obytes  Coll
lo0   16384 <Link#1>                        252623     0  368415571   252623     0  368415571     0
lo0   16384 localhost   fe80:1::1           252623     -  368415571   252623     -  368415571     -
lo0   16384 127           localhost         252623     -  368415571   252623     -  368415571     -
gif0* 1280  <Link#2>                             0     0          0        0     0          0     0
stf0* 1280  <Link#3>                             0     0          0        0     0          0     0
en0   1500  <Link#4>    04:0c:ce:db:4e:fa 20328868     0 13309516362 14810885     0 11363839527     0
en0   1500  seneca.loca fe80:4::60c:ceff: 20328868     - 13309516362 14810885     - 11363839527     -
en0   1500  2001:470:1f 2001:470:1f07:11d 20328868     - 13309516362 14810885     - 11363839527     -
en0   1500  192.168.1     192.168.1.63    20328868     - 13309516362 14810885     - 11363839527     -
`;

/** documented: apple.stackexchange.com/a/336675. */
export const iostat = `              disk0
    KB/t xfrs   MB
   19.02 36987892 686874.89
`;

/**
 * documented: Microsoft's page "Manage Nano Server", section on performance counters. Its counter is not one
 * of ours.
 */
export const typeperf = String.raw`
"(PDH-CSV 4.0)","\\ns-g2\Processor Information(0,0)\% Idle Time"
"09/15/2016 09:20:56.002","99.982990"
"09/15/2016 09:20:59.002","99.469634"
"09/15/2016 09:21:02.003","99.990081"
Exiting, please wait...
The command completed successfully.
`;
