// The way of one message, drawn: a dot a step, filled as far as it has come.
import { h } from './dom.js';
import type { Outgoing, Stage } from './outgoing.js';

interface Step {
  stage: Stage;
  label: string;
}

const toItsEnd: readonly Step[] = [
  { stage: 'sealed', label: 'Sealed' },
  { stage: 'held', label: 'Held' },
  { stage: 'delivered', label: 'Delivered' },
  { stage: 'acknowledged', label: 'Acknowledged' },
  { stage: 'gone', label: 'Overwritten' },
];
const order: readonly Stage[] = ['sealing', ...toItsEnd.map(({ stage }) => stage)];

function stepsOf({ fate }: Outgoing): readonly Step[] {
  const [sealed, held, , , gone] = toItsEnd as [Step, Step, Step, Step, Step];
  if (fate === 'recalled') return [sealed, held, { stage: 'acknowledged', label: 'Recalled' }, gone];
  if (fate === 'expired') return [sealed, held, { stage: 'acknowledged', label: 'Expired' }, gone];
  if (fate === 'refused') return [sealed, { stage: 'gone', label: 'Refused' }];
  if (fate === 'lost') return [sealed, held, { stage: 'gone', label: 'Lost' }];
  return toItsEnd;
}

/** The steps of a message as a list. */
export function track(message: Outgoing): HTMLElement {
  const reached = order.indexOf(message.stage);
  const items = stepsOf(message).map(({ stage, label }) => {
    const at = order.indexOf(stage);
    const state = at < reached || (message.over && at === reached) ? 'done' : at === reached ? 'now' : 'to-come';
    const unseen = message.over && stage === 'delivered' ? ', as the recipient says' : '';
    return h('li', { class: state, 'aria-current': at === reached ? 'step' : undefined },
      h('span', { class: 'label' }, label, h('span', { class: 'unseen' }, `${unseen}${state === 'to-come' ? ', to come' : ''}`)));
  });
  return h('ol', { class: `track ${message.fate}`, 'aria-label': 'How far this message has come' }, ...items);
}
