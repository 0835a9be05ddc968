import { expect } from 'chai';
import mongoose from 'mongoose';
import { connectStore } from '../../../app/storage/connect-store.ts';
import { openTestStore, withDatabase } from '../../support/store.ts';
import { rejection, times } from './build-signing.ts';

describe('connecting to the store', () => {
  it('when several processes start at once, expected every index once and the global connection unused', async () => {
    const store = await openTestStore();
    const others = await times(4, () => connectStore(store));
    const names = (await store.db.collection('signings').indexes()).map((index) => index.name);
    expect(names).to.have.length(new Set(names).size).and.above(5);
    expect(mongoose.connection.readyState).to.equal(mongoose.ConnectionStates.disconnected);
    await Promise.all(others.map((each) => each.ping()));
    await Promise.all(others.map((each) => each.close()));
    expect(await rejection(others[0]!.ping()))
      .to.be.instanceOf(Error)
      .with.property('name')
      .match(/^Mongo/);
    await store.close();
  });

  it('when no server answers, expected an error', async () => {
    const uri = 'mongodb://127.0.0.1:9/x';
    const store = await openTestStore();
    expect(String(await rejection(connectStore({ uri, log: store.log, serverSelectionMs: 50 })))).to.match(
      /ServerSelection|timed out/,
    );
    await store.close();
  });

  it('when tests run on a server with a login, expected it to log in where it did', () => {
    expect(withDatabase('mongodb://a:b@h1,h2/', 'x')).to.equal('mongodb://a:b@h1,h2/x?authSource=admin');
    expect(withDatabase('mongodb://a:b@h/own?w=1', 'x')).to.equal('mongodb://a:b@h/x?w=1&authSource=own');
    expect(withDatabase('mongodb+srv://h/y?w=1', 'x')).to.equal('mongodb+srv://h/x?w=1');
  });
});
