import { expect } from 'chai';
import mongoose, { type Connection } from 'mongoose';
import { openStoreUnderTest, type StoreUnderTest } from './store-under-test.ts';

const memberSchema = new mongoose.Schema({ email: String, signedAt: Date });
const envelopeSchema = new mongoose.Schema(
  {
    portal: { type: String, required: true },
    number: { type: Number, required: true },
    status: { type: String, default: 'draft' },
    members: [memberSchema],
    tags: [String],
    template: { type: mongoose.Schema.Types.ObjectId, ref: 'Template' },
    answers: { type: Map, of: String },
    file: Buffer,
  },
  { timestamps: true, optimisticConcurrency: true },
);
envelopeSchema.index({ portal: 1, number: 1 }, { unique: true });
const templateSchema = new mongoose.Schema({ title: String });

describe('store contract: mongoose models', () => {
  let store: StoreUnderTest;
  let connection: Connection;
  const models = () => ({
    Envelope: connection.model('Envelope', envelopeSchema),
    Template: connection.model('Template', templateSchema),
  });

  before(async () => {
    store = await openStoreUnderTest();
    connection = await mongoose.createConnection(store.uri).asPromise();
    await models().Envelope.init();
  });
  after(async () => {
    await connection.close();
    await store.cleanUp();
  });
  beforeEach(() => models().Envelope.deleteMany({}));

  it('when a document is created, it is read back with its types', async () => {
    const { Envelope } = models();
    const file = Buffer.from([0, 1, 255]);
    const { _id } = await Envelope.create({ portal: 'p', number: 1, file, answers: { city: 'Tver' } });
    const found = await Envelope.findById(_id).orFail();
    expect(found.createdAt).to.be.instanceOf(Date);
    expect(found.answers?.get('city')).to.equal('Tver');
    expect(found.file?.equals(file)).to.equal(true);
    expect(found.status).to.equal('draft');
  });

  it('when a model is initialised again, as after a restart, nothing fails', async () => {
    const { Envelope } = models();
    await Envelope.createCollection();
    await Envelope.createIndexes();
    expect((await Envelope.listIndexes()).map(({ name }) => name as string)).to.include('portal_1_number_1');
  });

  it('when the indexes are synchronised, those the schema does not declare are dropped', async () => {
    const { Envelope } = models();
    await Envelope.collection.createIndex({ status: 1 });
    expect(await Envelope.syncIndexes()).to.deep.equal(['status_1']);
  });

  it('when a unique key is taken, the error names the key pattern and the value', async () => {
    const { Envelope } = models();
    await Envelope.create({ portal: 'p', number: 7 });
    const error = await Envelope.create({ portal: 'p', number: 7 }).catch((e: unknown) => e);
    expect(error).to.deep.include({
      code: 11000,
      keyPattern: { portal: 1, number: 1 },
      keyValue: { portal: 'p', number: 7 },
    });
  });

  it('when two copies of a document are saved, the later one gets a VersionError', async () => {
    const { Envelope } = models();
    const { _id } = await Envelope.create({ portal: 'p', number: 1 });
    const [one, two] = [await Envelope.findById(_id).orFail(), await Envelope.findById(_id).orFail()];
    one.status = 'sent';
    await one.save();
    two.status = 'void';
    const error: unknown = await two.save().catch((e: unknown) => e);
    expect(error).to.be.instanceOf(mongoose.Error.VersionError);
  });

  it('when array elements are changed through the document, only they change', async () => {
    const { Envelope } = models();
    const envelope = await Envelope.create({
      portal: 'p',
      number: 1,
      members: [{ email: 'a@x' }, { email: 'b@x' }],
      tags: ['one'],
    });
    envelope.members[1]!.signedAt = new Date(0);
    envelope.tags.push('two');
    await envelope.save();
    envelope.members.pull(envelope.members[0]!._id);
    await envelope.save();
    const found = await Envelope.findById(envelope._id).lean().orFail();
    expect(found.members.map(({ email, signedAt }) => [email, signedAt?.getTime()])).to.deep.equal([
      ['b@x', 0],
    ]);
    expect(found.tags).to.deep.equal(['one', 'two']);
  });

  it('when a claim is made by findOneAndUpdate from many sides, exactly one gets it', async () => {
    const { Envelope } = models();
    await Envelope.create({ portal: 'p', number: 1 });
    const claims = await Promise.all(
      Array.from({ length: 10 }, () =>
        Envelope.findOneAndUpdate({ portal: 'p', status: 'draft' }, { $set: { status: 'sent' } }),
      ),
    );
    expect(claims.filter(Boolean)).to.have.length(1);
  });

  it('when many upserts on a unique key race, one document is made', async () => {
    const { Envelope } = models();
    const upserts = Array.from({ length: 10 }, () =>
      Envelope.updateOne({ portal: 'p', number: 9 }, { $addToSet: { tags: 'x' } }, { upsert: true }),
    );
    const results = await Promise.all(upserts);
    expect(results.filter(({ upsertedCount }) => upsertedCount === 1)).to.have.length(1);
    expect(await Envelope.countDocuments({ portal: 'p', number: 9 })).to.equal(1);
  });

  it('when a counter is incremented from many sides, every increment counts', async () => {
    const { Envelope } = models();
    await Envelope.create({ portal: 'counter', number: 0 });
    await Promise.all(
      Array.from({ length: 40 }, () => Envelope.updateOne({ portal: 'counter' }, { $inc: { number: 1 } })),
    );
    expect(await Envelope.findOne({ portal: 'counter' }).lean()).to.include({ number: 40 });
  });

  it('when a reference is populated, the other document is there', async () => {
    const { Envelope, Template } = models();
    const template = await Template.create({ title: 'NDA' });
    await Envelope.create({ portal: 'p', number: 1, template: template._id });
    const found = await Envelope.findOne({}).populate<{ template: { title: string } }>('template').orFail();
    expect(found.template.title).to.equal('NDA');
  });

  it('when a result is longer than a batch, the cursor brings all of it in order', async () => {
    const { Envelope } = models();
    await Envelope.insertMany(Array.from({ length: 250 }, (_, number) => ({ portal: 'p', number })));
    const numbers: number[] = [];
    for await (const { number } of Envelope.find().sort({ number: -1 }).cursor({ batchSize: 40 }))
      numbers.push(number);
    expect(numbers).to.deep.equal(Array.from({ length: 250 }, (_, i) => 249 - i));
  });

  it('when a bulk write has a duplicate in it, unordered keeps the rest and ordered stops', async () => {
    const { Envelope } = models();
    const inserts = [1, 1, 2].map((number) => ({ insertOne: { document: { portal: 'bulk', number } } }));
    await Envelope.bulkWrite(inserts, { ordered: false }).catch(() => undefined);
    expect(await Envelope.countDocuments({ portal: 'bulk' })).to.equal(2);
    await Envelope.deleteMany({});
    await Envelope.bulkWrite(inserts).catch(() => undefined);
    expect(await Envelope.countDocuments({ portal: 'bulk' })).to.equal(1);
  });
});
