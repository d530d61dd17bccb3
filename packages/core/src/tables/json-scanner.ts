const [QUOTE, BACKSLASH, COMMA, COLON, NEWLINE] = [0x22, 0x5c, 0x2c, 0x3a, 0x0a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** What a scanner sees of a JSON text, in the order of the text. */
export interface JsonListener {
  /** A value begins, `depth` brackets deep, with this character; `key` is its name where it is one of an object's. */
  begin?(value: { depth: number; first: string; key?: string; line: number; at: number }): void;
  /** The value that began last at this depth ends before the byte `at`. */
  end?(value: { depth: number; at: number }): void;
}

/**
 * Goes through UTF-8 JSON byte by byte, without keeping it: tells where values begin and end, down to some depth.
 * Whether the values are well formed is for a parser to say.
 * @throws SyntaxError where a bracket is closed that was never opened
 */
export class JsonScanner {
  /** Brackets that are open now. */
  depth = 0;
  line = 1;
  /** Bytes gone through in earlier pieces. */
  private passed = 0;
  private inString = false;
  private escaped = false;
  private inScalar = false;
  private key: string | undefined;
  private lastString = '';
  private readonly objects: boolean[] = [];

  constructor(
    private readonly deepest: number,
    private readonly listener: JsonListener,
  ) {}

  /** Whether all that was opened is closed. */
  get closed(): boolean {
    return this.depth === 0 && !this.inString;
  }

  push(chunk: Buffer): void {
    let stringStart = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (this.inString) {
        if (byte === NEWLINE) this.line++;
        if (this.escaped) this.escaped = false;
        else if (byte === BACKSLASH) this.escaped = true;
        else if (byte === QUOTE) {
          this.inString = false;
          if (this.depth <= this.deepest) this.lastString += chunk.toString('utf8', stringStart, i);
        }
        continue;
      }
      if (byte === QUOTE) {
        this.value(byte, i);
        this.inString = true;
        this.lastString = '';
        stringStart = i + 1;
      } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        this.value(byte, i);
        this.inScalar = false;
        this.objects[this.depth++] = byte === OPEN_OBJECT;
        this.key = undefined;
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        this.endScalar(i);
        if (this.depth === 0) throw new SyntaxError(`line ${this.line} closes a bracket that was never opened`);
        this.depth--;
        this.key = undefined;
        if (this.depth <= this.deepest) this.listener.end?.({ depth: this.depth, at: this.passed + i + 1 });
      } else if (byte === COMMA) {
        this.endScalar(i);
        this.key = undefined;
      } else if (byte === COLON) {
        this.key = this.lastString;
        this.inScalar = false;
      } else if (byte <= 0x20) {
        if (byte === NEWLINE) this.line++;
        if (this.depth === 0) this.endScalar(i);
      } else {
        this.value(byte, i);
      }
    }
    if (this.inString && this.depth <= this.deepest) this.lastString += chunk.toString('utf8', stringStart);
    this.passed += chunk.length;
  }

  /** A byte that can begin a value; it does not where it goes on with one, or where it begins the name of one. */
  private value(byte: number, i: number): void {
    if (this.inScalar || this.depth > this.deepest) return;
    const inObject = this.depth > 0 && this.objects[this.depth - 1]!;
    if (inObject && this.key === undefined) return;
    this.inScalar = true;
    this.listener.begin?.({
      depth: this.depth,
      first: String.fromCharCode(byte),
      key: inObject ? this.key : undefined,
      line: this.line,
      at: this.passed + i,
    });
  }

  private endScalar(i: number): void {
    if (this.inScalar && this.depth <= this.deepest) this.listener.end?.({ depth: this.depth, at: this.passed + i });
    this.inScalar = false;
  }
}
