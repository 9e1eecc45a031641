import { describe, expect, it } from 'vitest';
import { parseSockets, socketsAt } from '../../src/network/sockets.ts';

// Recorded on Debian 12 with Linux 6.18: servers at 127.0.0.1:5432, [::1]:8080, [::]:9000 and [::ffff:127.0.0.1]:9001, a
// connection to the first, and a socket of UDP at 0.0.0.0:5353.
const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     
   0: 0100007F:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 131270 1 000000000ec3f715 100 0 0 10 0                    
   1: 0100007F:8860 0100007F:1538 01 00000000:00000000 00:00000000 00000000     0        0 131274 2 000000000ca6b73f 20 0 0 10 -1                    
   2: 0100007F:1538 0100007F:8860 01 00000000:00000000 00:00000000 00000000     0        0 131275 1 0000000087806856 20 0 0 10 -1                    
`;
const tcp6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:2328 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 131272 1 00000000e34f6813 100 0 0 10 0
   1: 0000000000000000FFFF00000100007F:2329 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 131273 1 00000000ffa7c9e9 100 0 0 10 0
   2: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 131271 1 000000002ad1afa3 100 0 0 10 0
`;
const udp = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops            
 5170: 00000000:14E9 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 131276 2 00000000c6426dd4 0        
`;
const sockets = [...parseSockets(tcp, 'tcp'), ...parseSockets(tcp6, 'tcp')];

describe('parseSockets', () => {
  it('keeps what listens, with its address and its user', () => {
    expect(sockets).toEqual([
      { address: '127.0.0.1', port: 5432, uid: 0 },
      { address: '::', port: 9000, uid: 0 },
      { address: '127.0.0.1', port: 9001, uid: 0 },
      { address: '::1', port: 8080, uid: 0 },
    ]);
  });

  it('reads addresses of a processor with the other order', () => {
    expect(parseSockets('0: 7F000001:1538 00000000:0000 0A 0 0 0 5', 'tcp', false)[0]?.address).toBe(
      '127.0.0.1',
    );
  });

  it('keeps bound sockets of UDP', () => {
    expect(parseSockets(udp, 'udp')).toEqual([{ address: '0.0.0.0', port: 5353, uid: 0 }]);
  });
});

describe('socketsAt', () => {
  it.each([
    [5432, undefined, 1],
    [5432, '127.0.0.1', 1],
    [5432, '10.0.0.1', 0],
    [5432, '0.0.0.0', 1],
    [5432, '::1', 0],
    [8080, '0:0:0:0:0:0:0:1', 1],
    [8080, '127.0.0.1', 0],
    [9000, '127.0.0.1', 1],
    [9000, '::1', 1],
    [8081, undefined, 0],
  ])('finds what takes port %d at %s: %d', (port, address, count) =>
    expect(socketsAt(sockets, port, address)).toHaveLength(count),
  );
});
