import { expect } from 'chai';
import axios from 'axios';
import { createPortalHttp } from '../../../app/portal/create-portal-http.ts';
import { isPrivateAddress } from '../../../app/net/private-address.ts';

describe('hosts that are connected to', () => {
  const production = createPortalHttp({
    allowLoopback: false,
    privateHosts: ['b24.corp.example', 'intranet'],
  });
  const demo = createPortalHttp({ allowLoopback: true, privateHosts: [] });

  it('when an address is not of the public internet, expected it known as private', () => {
    const privates = [
      '127.0.0.1',
      '10.1.2.3',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '169.254.169.254',
      '100.64.0.1',
      '0.0.0.0',
      '224.0.0.1',
      '255.255.255.255',
      '::1',
      '::',
      'fe80::1',
      'fe80::1%eth0',
      'fd00::1',
      '::ffff:10.0.0.1',
      '::ffff:7f00:1',
      '64:ff9b::10.0.0.1',
      '64:ff9b::a00:1',
      'ff02::1',
      // IPv4 inside IPv6: compatible, translated, 6to4, Teredo.
      '::127.0.0.1',
      '::ffff:0:127.0.0.1',
      '2002:7f00:1::',
      '2002:a9fe:a9fe::1',
      '2001:0:7f00:1::',
      '192.0.2.1',
      '192.88.99.1',
      '198.51.100.1',
      '203.0.113.1',
      '2001:db8::1',
      'no address',
    ];
    expect(privates.filter((address) => !isPrivateAddress(address))).to.deep.equal([]);
    const publics = [
      '8.8.8.8',
      '172.32.0.1',
      '192.169.0.1',
      '2a00:1450::1',
      '2001:4860:4860::8888',
      '2003::1',
      '::ffff:8.8.8.8',
      '64:ff9b::808:808',
    ];
    expect(publics.filter(isPrivateAddress)).to.deep.equal([]);
  });

  it('when a portal is named, expected its endpoint, and only https outside the demo', () => {
    expect(production.endpointOf('acme.bitrix24.com', true)).to.equal('https://acme.bitrix24.com/rest/');
    expect(production.endpointOf('box.example.com:8443', true)).to.equal(
      'https://box.example.com:8443/rest/',
    );
    expect(demo.endpointOf('127.0.0.1:3000', false)).to.equal('http://127.0.0.1:3000/rest/');
    expect(production.endpointOf('intranet', true)).to.equal('https://intranet/rest/');
    const refused: [string, boolean][] = [
      ['acme.bitrix24.com', false],
      ['127.0.0.1', true],
      ['localhost', true],
      ['10.0.0.1', true],
      ['2130706433', true],
      ['0x7f.1', true],
      ['a.b@c.d', true],
      ['a.b/c', true],
      ['a.b?c', true],
      ['a.b#c', true],
      ['a b.c', true],
      ['-a.b', true],
      ['a..b', true],
      ['', true],
      ['a.b:99999', true],
      ['a.b\n.c', true],
    ];
    for (const [domain, secure] of refused) {
      expect(() => production.endpointOf(domain, secure), domain).to.throw();
    }
    expect(() => demo.endpointOf('acme.bitrix24.com', false)).to.throw();
  });

  it('when a public name resolves to a private address, expected no connection', async () => {
    const rebound = createPortalHttp({
      allowLoopback: true,
      privateHosts: ['b24.corp.example'],
      lookup: async () => ['93.184.216.34', '127.0.0.1'],
    });
    const error = await axios
      .get('http://acme.example.com:9/', { httpAgent: rebound.httpAgent, proxy: false, timeout: 1000 })
      .catch((reason: unknown) => reason);
    expect(error).to.have.property('code', 'EHOSTREFUSED');
    const listed = await axios
      .get('http://b24.corp.example:9/', {
        httpAgent: createPortalHttp({
          allowLoopback: false,
          privateHosts: ['b24.corp.example'],
          lookup: async () => ['127.0.0.1'],
        }).httpAgent,
        proxy: false,
        timeout: 1000,
      })
      .catch((reason: unknown) => reason);
    expect(listed).to.have.property('code', 'ECONNREFUSED');
  });
});
