// Real TimescaleDB (PGlite, WebAssembly) behind the PostgreSQL wire protocol, for tests.
//
//   node timescale-server.mjs
//
// Listens on a free port of 127.0.0.1 and prints {"port": N} when ready. There is one backend:
// connections take turns, each holding it from its first message until its transaction is over.
// Settings made with SET are therefore shared by all. Prepared statements are not: their names get
// the connection's number before them.

import net from 'node:net';
import { PGlite } from '@electric-sql/pglite';
import { timescaledb } from '@electric-sql/pglite/timescaledb';

const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;
const CANCEL_REQUEST = 80877102;
// A long pipeline is handed to the backend in parts of about this many bytes.
const FLUSH_BYTES = 128 * 1024;
const COPY_IN = /^\s*copy\b[\s\S]*\bfrom\s+stdin\b/i;
const DEALLOCATE_ALL = /^\s*deallocate\s+all\b/i;
const LISTEN = /^\s*(un)?listen\s+"?([\w*]+)"?/i;

const database = await PGlite.create({ extensions: { timescaledb } });

// ---- messages ---------------------------------------------------------------------------------

const text = (value) => Buffer.from(`${value}\0`);

function message(type, body) {
  const header = Buffer.alloc(5);
  header.write(type, 0, 'latin1');
  header.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([header, body]);
}

const query = (sql) => message('Q', text(sql));
const parameter = (name, value) => message('S', Buffer.concat([text(name), text(value)]));
const ready = message('Z', Buffer.from('I'));

function fatal(reason) {
  const fields = [text('SFATAL'), text('CXX000'), text(`M${reason}`), Buffer.from([0])];
  return Buffer.concat([message('E', Buffer.concat(fields)), ready]);
}

function greeting(id) {
  const key = Buffer.alloc(8);
  key.writeInt32BE(id, 0);
  const settings = {
    server_version: serverVersion,
    server_encoding: 'UTF8',
    client_encoding: 'UTF8',
    DateStyle: 'ISO, MDY',
    IntervalStyle: 'postgres',
    TimeZone: 'UTC',
    integer_datetimes: 'on',
    standard_conforming_strings: 'on',
  };
  return Buffer.concat([
    message('R', Buffer.alloc(4)), // AuthenticationOk
    ...Object.entries(settings).map(([name, value]) => parameter(name, value)),
    message('K', key),
    ready,
  ]);
}

function* messagesIn(buffer) {
  for (let at = 0; at < buffer.length; ) {
    const end = at + buffer.readInt32BE(at + 1) + 1;
    yield { type: String.fromCharCode(buffer[at]), bytes: buffer.subarray(at, end) };
    at = end;
  }
}

// The message with the name of the statement that it makes, binds, describes or closes.
function renamed(type, bytes, name) {
  let at = 5;
  if (type === 'B') at = bytes.indexOf(0, at) + 1; // behind the portal's
  if (type === 'D' || type === 'C') at += 1; // behind what it is: a statement
  const end = bytes.indexOf(0, at);
  const body = [bytes.subarray(5, at), Buffer.from(name), bytes.subarray(end)];
  return message(type, Buffer.concat(body));
}

function statementOf(type, bytes) {
  if (type === 'P') return bytes.toString('utf8', 5, bytes.indexOf(0, 5));
  if (type === 'B') {
    const at = bytes.indexOf(0, 5) + 1;
    return bytes.toString('utf8', at, bytes.indexOf(0, at));
  }
  const ofStatement = (type === 'D' || type === 'C') && bytes[5] === 'S'.charCodeAt(0);
  return ofStatement ? bytes.toString('utf8', 6, bytes.indexOf(0, 6)) : '';
}

// ---- the one backend, and whose turn it is ------------------------------------------------------

const execute = async (bytes) => Buffer.from(await database.execProtocolRaw(new Uint8Array(bytes)));

class Turn {
  #owner = null;
  #waiting = [];

  take(connection) {
    if (this.#owner === connection) return undefined;
    if (this.#owner === null) {
      this.#owner = connection;
      return undefined;
    }
    return new Promise((resolve) => this.#waiting.push({ connection, resolve }));
  }

  release(connection) {
    if (this.#owner !== connection) {
      this.#waiting = this.#waiting.filter((waiter) => waiter.connection !== connection);
      return;
    }
    const next = this.#waiting.shift();
    this.#owner = next ? next.connection : null;
    next?.resolve();
  }

  holds(connection) {
    return this.#owner === connection;
  }
}

const turn = new Turn();
const connections = new Set();

function notify(bytes) {
  const channel = bytes.toString('utf8', 9, bytes.indexOf(0, 9));
  for (const connection of connections) connection.notified(channel, bytes);
}

// ---- one client -------------------------------------------------------------------------------

class Connection {
  #socket;
  #received = Buffer.alloc(0);
  #greeted = false;
  #inbox = [];
  #busy = false;
  #pipeline = [];
  #pipelineBytes = 0;
  #copy = null;
  #channels = new Set();
  #statements = new Set();
  #status = 'I';
  #closed = false;
  #id;

  constructor(socket, id) {
    this.#socket = socket;
    this.#id = id;
    connections.add(this);
    socket.setNoDelay(true);
    socket.on('data', (data) => this.#receive(data));
    socket.on('error', () => {}); // 'close' follows
    socket.on('close', () => {
      this.#closed = true;
      connections.delete(this);
      this.#inbox.push(null);
      this.#work();
    });
  }

  notified(channel, bytes) {
    if (this.#channels.has(channel)) this.#socket.write(bytes);
  }

  destroy() {
    this.#socket.destroy();
  }

  #receive(data) {
    this.#received = this.#received.length ? Buffer.concat([this.#received, data]) : data;
    let at = 0;
    const left = () => this.#received.length - at;
    while (left() >= (this.#greeted ? 5 : 8)) {
      const length = this.#received.readInt32BE(at + (this.#greeted ? 1 : 0));
      const size = this.#greeted ? length + 1 : length;
      if (left() < size) break;
      const bytes = this.#received.subarray(at, at + size);
      at += size;
      if (this.#greeted) this.#inbox.push(bytes);
      else this.#greet(bytes.readInt32BE(4));
    }
    this.#received = this.#received.subarray(at);
    this.#work();
  }

  #greet(code) {
    if (code === SSL_REQUEST || code === GSS_REQUEST) {
      this.#socket.write('N');
    } else if (code === CANCEL_REQUEST) {
      this.#socket.end();
    } else {
      this.#greeted = true;
      this.#socket.write(greeting(this.#id));
    }
  }

  async #work() {
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (this.#inbox.length) await this.#handle(this.#inbox.shift());
    } catch (error) {
      console.error(error);
      this.#socket.destroy();
    } finally {
      this.#busy = false;
    }
  }

  async #handle(bytes) {
    if (bytes === null) return this.#leave();
    const type = String.fromCharCode(bytes[0]);
    if (type === 'X') return this.#socket.end();
    if (this.#copy) return this.#collect(type, bytes);
    if (type === 'Q') {
      const sql = bytes.toString('utf8', 5, bytes.length - 1);
      if (DEALLOCATE_ALL.test(sql)) return this.#deallocateAll();
      if (COPY_IN.test(sql) && !this.#pipeline.length) return this.#beginCopy(sql, bytes);
      this.#watch(sql);
    } else if (type === 'P') {
      this.#watch(bytes.toString('utf8', bytes.indexOf(0, 5) + 1, bytes.length));
    } else if (type === 'H' && !this.#pipeline.length) {
      return undefined; // psycopg flushes after Sync too: that must not take the turn
    }
    this.#pipeline.push(this.#own(type, bytes));
    this.#pipelineBytes += bytes.length;
    const complete = type === 'Q' || type === 'S' || type === 'H';
    if (!complete && !(type === 'E' && this.#pipelineBytes > FLUSH_BYTES)) return undefined;
    const pipeline = Buffer.concat(this.#pipeline);
    this.#pipeline = [];
    this.#pipelineBytes = 0;
    return this.#run(pipeline);
  }

  async #leave() {
    if (turn.holds(this) && this.#status !== 'I') await execute(query('ROLLBACK'));
    if (this.#statements.size) await turn.take(this);
    await this.#forget();
    turn.release(this);
  }

  #own(type, bytes) {
    const statement = statementOf(type, bytes);
    if (statement === '') return bytes;
    const name = `${this.#id}.${statement}`;
    if (type === 'P') this.#statements.add(name);
    if (type === 'C') this.#statements.delete(name);
    return renamed(type, bytes, name);
  }

  async #deallocateAll() {
    await turn.take(this);
    await this.#forget();
    this.#socket.write(Buffer.concat([message('C', text('DEALLOCATE ALL')), this.#ready()]));
    if (this.#status === 'I') turn.release(this);
  }

  #ready() {
    return message('Z', Buffer.from(this.#status));
  }

  // One by one: a statement that could not be made is unknown to the backend.
  async #forget() {
    for (const name of this.#statements) await execute(query(`DEALLOCATE "${name}"`));
    this.#statements.clear();
  }

  #watch(sql) {
    const [, un, channel] = LISTEN.exec(sql) ?? [];
    if (channel === undefined) return;
    if (un === undefined) this.#channels.add(channel);
    else if (channel === '*') this.#channels.clear();
    else this.#channels.delete(channel);
  }

  // The backend takes COPY only in one piece, so the client is told to go ahead at once, and its
  // data is collected.
  async #beginCopy(sql, bytes) {
    await turn.take(this);
    this.#copy = [bytes];
    this.#socket.write(message('G', Buffer.from([/\bbinary\b/i.test(sql) ? 1 : 0, 0, 0])));
  }

  async #collect(type, bytes) {
    if (type === 'H' || type === 'S') return;
    this.#copy.push(bytes);
    if (type !== 'c' && type !== 'f') return;
    const all = Buffer.concat(this.#copy);
    this.#copy = null;
    await this.#run(all, { dropCopyInResponse: true });
  }

  async #run(bytes, { dropCopyInResponse = false } = {}) {
    await turn.take(this);
    if (this.#closed) return;
    const answer = await execute(bytes).catch((error) => fatal(error.message));
    const forClient = [];
    let status = null;
    for (const { type, bytes: part } of messagesIn(answer)) {
      if (type === 'Z') status = String.fromCharCode(part[5]);
      if (type === 'A') notify(part);
      else if (type !== 'G' || !dropCopyInResponse) forClient.push(part);
    }
    if (!this.#closed) this.#socket.write(Buffer.concat(forClient));
    if (status === null) return;
    this.#status = status;
    if (status === 'I') turn.release(this);
  }
}

// -----------------------------------------------------------------------------------------------

await database.exec("SET timezone = 'UTC'");
const serverVersion = (await database.query('SHOW server_version')).rows[0].server_version;

let lastId = 0;
const server = net.createServer((socket) => new Connection(socket, ++lastId));
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })));

process.on('SIGTERM', async () => {
  server.close();
  for (const connection of connections) connection.destroy();
  await database.close();
  process.exit(0);
});
