/** Puts HTML into a place, and tells the script of all pages that there is something new to sort and to scroll. */
export function draw(place: Element, html: { toString(): string }): void {
  place.innerHTML = html.toString();
  place.dispatchEvent(new Event('headstart:drawn', { bubbles: true }));
}
