// What the relay says about itself: /.well-known/lethe.

export interface RelayAccount {
  relay: string;
  version: string;
  degraded: boolean;
  protections: Record<string, boolean>;
  limits: { payload: number; ttl: number };
}

export async function askRelay(): Promise<RelayAccount> {
  const answer = await fetch('/.well-known/lethe', { cache: 'no-store' });
  if (!answer.ok) throw new Error(`the relay answered ${answer.status}`);
  return (await answer.json()) as RelayAccount;
}

const sentences: Record<string, string> = {
  memory_only: 'Messages in memory only, no disk',
  locked_arena: 'Memory locked against swapping',
  secret_arena: 'Memory hidden from other processes, root included',
  wiping: 'Overwritten when done',
  tls: 'TLS',
  closed_log: 'A log that has no words for people or messages',
  seccomp: 'Can’t write to storage or open connections',
  landlock: 'No way into the file system',
  not_dumpable: 'No core dumps',
};

/** The protections worth a word, and whether each is in force. */
export function protectionsOf(account: RelayAccount): { sentence: string; inForce: boolean }[] {
  return Object.entries(sentences)
    .filter(([name]) => name in account.protections)
    .map(([name, sentence]) => ({ sentence, inForce: account.protections[name] === true }));
}
