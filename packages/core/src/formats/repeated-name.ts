/**
 * A name that an object within a JSON text has twice; undefined where none has. `JSON.parse` keeps the last value in silence.
 *
 * @param json a valid JSON text
 */
export function repeatedName(json: string): string | undefined {
  // The names seen of each object that is open; undefined for a list.
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < json.length; at++) {
    const sign = json[at];
    if (sign === '{') open.push(new Set());
    else if (sign === '[') open.push(undefined);
    else if (sign === '}' || sign === ']') open.pop();
    else if (sign === '"') {
      const end = endOfText(json, at);
      if (isName(json, end)) {
        const name = JSON.parse(json.slice(at, end)) as string;
        const names = open.at(-1);
        if (names?.has(name)) return name;
        names?.add(name);
      }
      at = end - 1;
    }
  }
  return undefined;
}

/** The place after the quote that closes a text. */
function endOfText(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at++) {
    if (json[at] === '"') return at + 1;
    if (json[at] === '\\') at++;
  }
  return json.length;
}

/** Whether a colon comes next. */
function isName(json: string, from: number): boolean {
  let at = from;
  while (' \t\n\r'.includes(json[at] ?? ':')) at++;
  return json[at] === ':';
}
