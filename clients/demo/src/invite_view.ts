// The invite of a device, as a link and as a QR code, and a place for somebody else's.
import qrcode from 'qrcode-generator';
import type { Device } from './device.js';
import { button, h, icon, svg } from './dom.js';

/** Black on white whatever the colours around it, with the quiet zone of four modules that scanners need. */
function qrCode(text: string): SVGElement {
  const code = qrcode(0, 'L');
  code.addData(text);
  code.make();
  const size = code.getModuleCount();
  let dark = '';
  for (let row = 0; row < size; ++row) {
    for (let column = 0; column < size; ++column) if (code.isDark(row, column)) dark += `M${column + 4} ${row + 4}h1v1h-1z`;
  }
  return svg('svg', { viewBox: `0 0 ${size + 8} ${size + 8}`, class: 'qr', role: 'img', 'aria-label': 'The invite as a QR code' },
    svg('path', { class: 'light', d: `M0 0h${size + 8}v${size + 8}H0z` }), svg('path', { class: 'dark', d: dark }));
}

function copyable(id: string, label: string, hint: string, text: string): HTMLElement {
  const field = h('input', { id, type: 'text', readonly: true, value: text, 'aria-describedby': `${id}-hint` });
  const copy = button('Copy', () => {
    field.select();
    void navigator.clipboard.writeText(text).then(() => (copy.textContent = 'Copied'), () => undefined);
  });
  return h('div', { class: 'field' }, h('label', { for: id }, label), h('div', { class: 'row' }, field, copy),
    h('p', { class: 'hint', id: `${id}-hint` }, hint));
}

export class InviteView {
  readonly element = h('dialog', { class: 'invite' });
  readonly #device: Device;

  constructor(device: Device) {
    this.#device = device;
  }

  async open(): Promise<void> {
    const { page, link } = await this.#device.invite();
    const { name } = this.#device;
    const id = name.toLowerCase();
    this.element.setAttribute('aria-labelledby', `invite-title-${id}`);
    this.element.replaceChildren(
      h('header', {}, h('h2', { id: `invite-title-${id}` }, `An invite to ${name === 'You' ? 'your' : `${name}’s`} mailbox`),
        button(icon('close'), () => this.element.close(), { class: 'quiet', 'aria-label': 'Close' })),
      h('p', {}, 'Signed by this device. Whoever has it may write here for a day; without one, the relay takes nothing for this mailbox.'),
      h('div', { class: 'sides' }, qrCode(page), h('div', { class: 'fields' },
        copyable(`page-${id}`, 'Opens this page', 'What stands behind the # is never sent to the relay by a browser.', page),
        copyable(`link-${id}`, 'For lethe-cli and other clients', 'With --pin or --ca for this relay’s certificate.', link),
        this.#theirs(id))));
    this.element.showModal();
  }

  #theirs(id: string): HTMLElement {
    const field = h('input', { id: `theirs-${id}`, type: 'text', autocomplete: 'off', spellcheck: 'false', placeholder: 'lethe://… or https://…' });
    const answer = h('p', { class: 'hint', role: 'status' }, 'You write to whoever it leads to, and they get yours.');
    const form = h('form', { class: 'field' }, h('label', { for: field.id }, 'Somebody else’s invite'),
      h('div', { class: 'row' }, field, h('button', { type: 'submit' }, 'Use')), answer);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const known = this.#device.meet(field.value);
      answer.textContent = known ? 'Taken.' : 'That is no invite to somebody else at this relay.';
      if (!known) return;
      this.#device.introduce().catch(() => (answer.textContent = 'Taken, but the relay refuses it.'));
    });
    return form;
  }
}
