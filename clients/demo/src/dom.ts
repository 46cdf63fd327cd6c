// Elements from code: text is always text, so that nothing that was received can become markup.

type Child = Node | string | undefined | false;
type Attributes = Record<string, string | number | boolean | undefined>;

function fill<E extends Element>(element: E, attributes: Attributes, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children) if (child !== undefined && child !== false) element.append(child);
  return element;
}

/** An HTML element with attributes and children. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag, attributes: Attributes = {}, ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  return fill(document.createElement(tag), attributes, children);
}

/** An SVG element. */
export function svg(tag: string, attributes: Attributes = {}, ...children: Child[]): SVGElement {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

const icons = {
  send: 'M4 12 20 4l-5 16-3.500-6.500z',
  picture: 'M4 5h16v14H4zM4 16l4.500-5 4 4 2.500-2.500 5 5M15 9.500h.01',
  invite: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM18 18h2v2h-2zM18 14h2M14 20h2',
  close: 'M6 6l12 12M18 6 6 18',
};

/** A picture for a button, of which its text or label says the same. */
export function icon(name: keyof typeof icons): SVGElement {
  return svg('svg', { viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true' }, svg('path', { d: icons[name] }));
}

/** Lets it rise into its place, for those who like that. Not by a stylesheet, which would do so again after every new layout. */
export function rise(element: HTMLElement): void {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  element.animate([{ opacity: 0, transform: 'translateY(6px)' }, {}], { duration: 240, easing: 'ease-out' });
}

/** An element of the page as it was written. */
export function byId<E extends HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found as E;
}

/** A button. */
export function button(label: Child | Child[], act: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const made = h('button', { type: 'button', ...attributes }, ...(Array.isArray(label) ? label : [label]));
  made.addEventListener('click', act);
  return made;
}
