import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** The server's end of one WebSocket (RFC 6455), as much of it as Socket Mode needs. */
export interface ServerSocket {
  send(text: string): void;
  onMessage(listener: (text: string) => void): void;
  onClose(listener: () => void): void;
  /** Cuts the connection without a word. */
  cut(): void;
}

export function acceptWebSocket(request: IncomingMessage, socket: Duplex): ServerSocket {
  const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
  const listeners: ((text: string) => void)[] = [];
  let buffer = Buffer.alloc(0);
  const write = (opcode: number, payload: Buffer) => {
    if (socket.destroyed) return;
    const head =
      payload.length < 126
        ? Buffer.from([0x80 | opcode, payload.length])
        : payload.length < 65_536
          ? Buffer.from([0x80 | opcode, 126, payload.length >> 8, payload.length & 255])
          : Buffer.from([
              0x80 | opcode,
              127,
              0,
              0,
              0,
              0,
              payload.length >>> 24,
              (payload.length >> 16) & 255,
              (payload.length >> 8) & 255,
              payload.length & 255,
            ]);
    socket.write(Buffer.concat([head, payload]));
  };
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      if (buffer.length < 6) return;
      let length = (buffer[1] ?? 0) & 127;
      let at = 2;
      if (length === 126) {
        length = buffer.readUInt16BE(2);
        at = 4;
      } else if (length === 127) {
        length = Number(buffer.readBigUInt64BE(2));
        at = 10;
      }
      if (buffer.length < at + 4 + length) return;
      const mask = buffer.subarray(at, at + 4);
      const payload = Buffer.from(buffer.subarray(at + 4, at + 4 + length).map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
      const opcode = (buffer[0] ?? 0) & 15;
      buffer = buffer.subarray(at + 4 + length);
      if (opcode === 1) for (const listener of listeners) listener(payload.toString('utf8'));
      if (opcode === 9) write(10, payload);
      if (opcode === 8) {
        write(8, payload);
        socket.end();
      }
    }
  });
  return {
    send: (text) => write(1, Buffer.from(text)),
    onMessage: (listener) => listeners.push(listener),
    onClose: (listener) => socket.on('close', listener),
    cut: () => socket.destroy(),
  };
}
