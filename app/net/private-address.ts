import { BlockList, isIP } from 'node:net';

/** Address ranges that are not the public internet (IANA special-purpose registries, RFC 6890). */
const IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
const IPV6 = [
  // With the unspecified address, the loopback and the retired IPv4-compatible ones (::127.0.0.1).
  '::/96',
  '::ffff:0:0:0/96',
  '64:ff9b:1::/48',
  '100::/64',
  // Teredo, ORCHID, documentation; 6to4 wraps any IPv4 address.
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

const blocked = new BlockList();
for (const [ranges, family] of [
  [IPV4, 'ipv4'],
  [IPV6, 'ipv6'],
] as const) {
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    blocked.addSubnet(address, Number(bits), family);
  }
}

/** Whether an IP address (v4, v6, or v4 written as v6) is private, local or otherwise not public. */
export function isPrivateAddress(address: string): boolean {
  const bare = address.replace(/%.*$/, '');
  // ::ffff:10.0.0.1 (mapped) and 64:ff9b::10.0.0.1 (NAT64) reach an IPv4 address.
  const inner = /^(?:::ffff:|64:ff9b::)(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
  if (inner) return blocked.check(inner, 'ipv4');
  const hex = /^(?:::ffff:|64:ff9b::)([\da-f]{1,4}):([\da-f]{1,4})$/i.exec(bare);
  if (hex) {
    const [high, low] = [parseInt(hex[1] ?? '0', 16), parseInt(hex[2] ?? '0', 16)];
    return blocked.check([high >> 8, high & 255, low >> 8, low & 255].join('.'), 'ipv4');
  }
  return isIP(bare) === 0 || blocked.check(bare, isIP(bare) === 6 ? 'ipv6' : 'ipv4');
}

/** Whether a host name or literal is this machine. */
export function isLoopbackHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
