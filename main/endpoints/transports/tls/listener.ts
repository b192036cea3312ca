/** Reads along with the server's side of a TLS handshake, which is in clear up to TLS 1.2 (RFC 5246, 6.2 and 7.4). */

const RECORD_HEADER_BYTES = 5;
const RECORD_HANDSHAKE = 22;
const MESSAGE_HEADER_BYTES = 4;
const MESSAGE_CERTIFICATE_REQUEST = 13;
/** No handshake of a device is as long. */
const MAX_BYTES = 256 * 1024;

export class HandshakeListener {
  /** Whether the server asked for a certificate of the client. */
  asksForCertificate = false;
  private raw: Buffer = Buffer.alloc(0);
  private messages: Buffer = Buffer.alloc(0);
  private heard = 0;
  private over = false;

  /** @param piece the next bytes from the server, cut anywhere */
  hear(piece: Buffer): void {
    this.heard += piece.length;
    if (this.heard > MAX_BYTES) this.over = true;
    if (this.over) return;
    this.raw = Buffer.concat([this.raw, piece]);
    while (this.raw.length >= RECORD_HEADER_BYTES) {
      const end = RECORD_HEADER_BYTES + this.raw.readUInt16BE(3);
      // Anything else, such as an alert, ends what can be read.
      this.over = this.raw[0] !== RECORD_HANDSHAKE;
      if (this.over || this.raw.length < end) return;
      this.messages = Buffer.concat([this.messages, this.raw.subarray(RECORD_HEADER_BYTES, end)]);
      this.raw = this.raw.subarray(end);
      this.readMessages();
    }
  }

  private readMessages(): void {
    while (this.messages.length >= MESSAGE_HEADER_BYTES) {
      const end = MESSAGE_HEADER_BYTES + this.messages.readUIntBE(1, 3);
      if (this.messages.length < end) return;
      if (this.messages[0] === MESSAGE_CERTIFICATE_REQUEST) this.asksForCertificate = true;
      this.messages = this.messages.subarray(end);
    }
  }
}
