import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { DemoPage, launch } from './demo_page.mjs';
import { picture } from './picture.mjs';
import { program, Relay } from './relay.mjs';

const lostConnection = /^error: (WebSocket connection to|Failed to load resource: net::ERR_(CONNECTION|EMPTY|NETWORK|SOCKET))/;
let relay;
let browser;

before(async () => {
  relay = await new Relay().start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await relay?.kill();
});

// Whether the last picture of a device is one, and how wide.
async function widthOfPicture(device) {
  const image = device.received.locator('img').last();
  await image.waitFor();
  return image.evaluate(async (element) => {
    await element.decode();
    return element.naturalWidth;
  });
}

test('Two tabs exchange texts and pictures, by an invite that is a link', async () => {
  const ada = await DemoPage.open(browser, relay, '/#one');
  const bob = await DemoPage.open(browser, relay, await ada.device('You').invite());
  const [here, there] = [ada.device('You'), bob.device('You')];
  assert.ok(!bob.page.url().includes('#to='), 'the invite stays in the address');
  await here.element.getByText('Writes to').waitFor();   // introduced by the one who came

  await there.write('Is this the river?');
  await here.hasReceived('Is this the river?');
  await there.lastSent('gone');
  await here.write('<b>It</b> is');
  await there.hasReceived('<b>It</b> is');

  await there.show(picture('small.png', 40));
  assert.equal(await widthOfPicture(here), 40);
  await here.show(picture('large.png', 1_000));   // 3 MB, in parts
  assert.equal(await widthOfPicture(there), 1_000);
  await here.lastSent('gone');
  await ada.holds('Your', 0, 0);
  await ada.close();
  await bob.close();
});

test('What is sent to a device that is offline waits in memory, and is gone when it was acknowledged', async () => {
  const page = await DemoPage.open(browser, relay);
  const [anna, ben] = await page.pair();
  await ben.turnNetwork('Offline');
  await anna.write('Wait for me');
  await anna.lastSent('held');
  await page.holds('Ben’s', 1, 256);
  await anna.show(picture('wide.png', 200));   // 120 KB: two parts of 64 KiB
  await page.holds('Ben’s', 3, 256 + 2 * 65_536);
  await page.holds('Anna’s', 0, 0);
  await ben.turnNetwork('Online');
  await ben.hasReceived('Wait for me');
  assert.equal(await widthOfPicture(ben), 200);
  await anna.lastSent('gone');
  await page.holds('Ben’s', 0, 0);
  await page.close();
});

test('What is written offline stays on the device until there is a connection', async () => {
  const page = await DemoPage.open(browser, relay);
  const [anna, ben] = await page.pair();
  await anna.turnNetwork('Offline');
  await anna.write('From the cellar');
  await anna.lastSent('sealed');
  await page.holds('Ben’s', 0, 0);
  await anna.turnNetwork('Online');
  await ben.hasReceived('From the cellar');
  await anna.lastSent('gone');
  await page.close();
});

test('A third device that was invited can be answered', async () => {
  const page = await DemoPage.open(browser, relay);
  const [anna] = await page.pair();
  const guest = await DemoPage.open(browser, relay, await anna.invite());
  const there = guest.device('You');
  await anna.hasReceived('Has your invite');
  await there.write('Who is there?');
  await anna.hasReceived('Who is there?');
  await anna.element.getByRole('button', { name: 'Write to them' }).click();
  await anna.write('Anna');
  await there.hasReceived('Anna');
  await anna.lastSent('gone');
  await page.close();
  await guest.close();
});

test('A message is recalled in time', async () => {
  const page = await DemoPage.open(browser, relay);
  const [anna, ben] = await page.pair();
  await ben.turnNetwork('Offline');
  await anna.write('A mistake');
  await anna.lastSent('held');
  await page.holds('Ben’s', 1);
  await anna.sent.last().getByRole('button', { name: 'Recall' }).click();
  await anna.lastSent('gone', 'recalled');
  await page.holds('Ben’s', 0, 0);
  await anna.write('Better so');
  await anna.lastSent('held');
  await ben.turnNetwork('Online');
  await ben.hasReceived('Better so');
  assert.equal(await ben.received.count(), 1);
  await page.close();
});

test('A message expires while it waits', async () => {
  const page = await DemoPage.open(browser, relay);
  const [anna, ben] = await page.pair();
  await ben.turnNetwork('Offline');
  await anna.write('Soon forgotten', '15');
  await anna.lastSent('held');
  await anna.sent.last().getByText(/^0:\d\d left$/).waitFor();
  await anna.lastSent('gone', 'expired');
  await page.holds('Ben’s', 0, 0);
  await ben.turnNetwork('Online');
  await anna.write('Still there?');
  await ben.hasReceived('Still there?');
  assert.equal(await ben.received.count(), 1);
  await page.close();
});

test('What a relay forgot in a restart is sent again, once', async (t) => {
  const own = await new Relay().start();
  t.after(() => own.kill());
  const page = await DemoPage.open(browser, own);
  const [anna, ben] = await page.pair();
  await ben.turnNetwork('Offline');
  await anna.write('Through the restart');
  await anna.write('Taken back');
  await anna.lastSent('held');
  await anna.sent.last().getByRole('button', { name: 'Recall' }).click();
  await anna.lastSent('gone', 'recalled');
  await own.kill();
  await anna.is('Connecting…');
  await own.start();
  await anna.sent.first().getByText('Held again').waitFor();
  await page.holds('Ben’s', 1, 256);
  await ben.turnNetwork('Online');
  await ben.hasReceived('Through the restart');
  await anna.sent.first().and(page.page.locator('[data-stage=gone]')).waitFor();
  assert.equal(await ben.received.count(), 1);
  await page.close(lostConnection);
});

test('lethe-cli reads what the page writes, and the page what lethe-cli writes', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'lethe-browser-'));
  const key = join(directory, 'key');
  const trust = ['--pin', relay.pin];
  const run = (words, input) => execFileSync(program('LETHE_CLI_BIN'), words, { encoding: 'utf8', env: {}, ...input });
  const cli = (...words) => run(words, { stdio: ['ignore', 'pipe', 'inherit'] });
  cli('keygen', '--key', key);
  const page = await DemoPage.open(browser, relay, '/#one');
  const you = page.device('You');
  await you.is('Online');
  const link = await you.invite('For lethe-cli and other clients');
  run(['send', link, '--key', key, ...trust], { input: 'From the command line' });
  await you.hasReceived('From the command line');

  const place = relay.origin.slice('https://'.length);
  const invite = cli('invite', '--relay', place, '--key', key, '--expires', '1d', ...trust).trim();
  await you.use(invite);   // which introduces itself: the first text
  await you.write('From the page');
  await you.lastSent('held');
  const listening = spawn(program('LETHE_CLI_BIN'), ['listen', '--relay', place, '--key', key, '--count', '2', '--out', directory, ...trust],
    { stdio: ['ignore', 'pipe', 'inherit'], env: {} });
  let heard = '';
  listening.stdout.on('data', (text) => (heard += text));
  assert.deepEqual(await once(listening, 'close'), [0, null]);
  assert.match(heard, /lethe:\/\/localhost/);
  assert.match(heard, /From the page/);
  await you.lastSent('gone');
  await page.close();
  rmSync(directory, { recursive: true });
});

for (const colorScheme of ['light', 'dark']) {
  for (const viewport of [{ width: 1440, height: 900 }, { width: 390, height: 844 }]) {
    const name = `${viewport.width}-${colorScheme}`;
    test(`Nothing bars the way of those who see, hear or move otherwise: ${name}`, async () => {
      const page = await DemoPage.open(browser, relay, '/', { colorScheme, viewport, reducedMotion: 'reduce' });
      const [anna, ben] = viewport.width < 700 ? [page.device('Anna')] : await page.pair();
      await anna.is('Online');
      await page.page.getByText('Nothing here yet. Write to Ben.').waitFor();
      await anna.write('Hello', '600');
      await anna.lastSent('gone');
      if (ben) await ben.turnNetwork('Offline');
      await anna.show(picture('one.png', 120));
      await anna.lastSent(ben ? 'held' : 'gone');
      if (process.env.SCREENSHOTS) await page.page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`), fullPage: true });
      assert.deepEqual(await page.barriers(), []);
      const wide = await page.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(wide, 0, 'the page scrolls sideways');
      await anna.element.getByRole('button', { name: 'Invite' }).click();
      await page.page.getByRole('dialog').waitFor();
      assert.deepEqual(await page.barriers(), []);
      await page.close();
    });
  }
}
