import { Heartbeat } from '/protocol/heartbeat.js';
import { equal, test } from './check.js';

test('a ping is due after 25 s of silence and not before', () => {
  const heart = new Heartbeat(0);
  equal(heart.next(0), 25_000);
  equal(heart.check(24_999), 'wait');
  equal(heart.check(25_000), 'ping');
});

test('any message puts the ping off', () => {
  const heart = new Heartbeat(0);
  heart.heard(20_000);
  equal(heart.check(44_999), 'wait');
  equal(heart.check(45_000), 'ping');
});

test('one ping is sent, and the server is gone after 60 s of silence', () => {
  const heart = new Heartbeat(0);
  heart.check(25_000);
  equal(heart.next(25_000), 35_000);
  equal(heart.check(59_999), 'wait');
  equal(heart.check(60_000), 'gone');
});

test('a page that slept for minutes asks before it gives up', () => {
  const heart = new Heartbeat(0);
  equal(heart.check(300_000), 'ping');
  equal(heart.check(309_999), 'wait');
  equal(heart.check(310_000), 'gone');
});

test('an answered ping starts over', () => {
  const heart = new Heartbeat(0);
  heart.check(25_000);
  heart.heard(26_000);
  equal(heart.check(60_000), 'ping');
});
