import { endsWork, galleryWork, workWords } from '/state/gallery-work.js';
import { equal, test } from './check.js';

test('scans and imports that have not ended are found among all tasks, the oldest first', () => {
  const tasks = [
    { uuid: 'a', name: 'model_import', state: 'queued', created: 5 }, { uuid: 'b', name: 'scan', state: 'running', created: 1 },
    { uuid: 'c', name: 'model_scan', state: 'running', created: 2 }, { uuid: 'd', name: 'model_scan', state: 'done', created: 1 },
    { uuid: 'e', partial: true, state: 'running' },
  ];
  equal(galleryWork({ byId: new Map(tasks.map((task) => [task.uuid, task])) }).map((task) => task.uuid), ['c', 'a']);
});

test('their ends are noticed, and those of other tasks are not', () => {
  const end = (name) => [{ type: 'task.finished', info: { name } }];
  equal([end('model_scan'), end('model_import'), end('scan'), [{ type: 'task.created', info: { name: 'model_scan' } }]].map(endsWork),
    [true, true, false, false]);
  equal([workWords({ name: 'model_scan' }), workWords({ name: 'x' }), workWords(undefined)], ['Scan', null, null]);
});
