/** The forms that start tasks. */

import { byId, setText } from './dom.js';
import { shortId } from './format.js';

export class LaunchView {
  #run;

  /** @param {(name: string, params: object) => Promise<{info: object}>} run rejects with an error to be shown */
  constructor(run) {
    this.#run = run;
    this.#onSubmit('run-test', 'long_task', () => ({
      steps: byId('test-steps').valueAsNumber,
      delay_ms: byId('test-delay').valueAsNumber,
      log_every: 5,
    }));
    this.#onSubmit('run-scan', 'scan', () => {
      const path = byId('scan-path').value.trim();
      return path === '' ? {} : { path };
    });
    this.#onSubmit('run-thumbnails', 'thumbnails', () => ({}));
  }

  /**
   * @param {boolean|null} mayOperate null: not known yet
   * @param {boolean} possible whether a message would go out, now or after the reconnect under way
   */
  update(mayOperate, possible) {
    byId('launch').hidden = mayOperate === false;
    byId('launch-refused').hidden = mayOperate !== false;
    for (const button of byId('launch').querySelectorAll('button')) button.disabled = !possible;
  }

  /** @param {object} task one that was started here; says how it stands */
  tell(task) {
    this.say(`${task.name} ${shortId(task.uuid)} is ${task.state}.`, task.state === 'failed' ? 'bad' : 'ok');
  }

  /** @param {string} text @param {'ok'|'bad'} tone */
  say(text, tone) {
    const status = byId('launch-status');
    status.dataset.tone = tone;
    setText(status, text);
  }

  #onSubmit(form, name, params) {
    byId(form).addEventListener('submit', async (event) => {
      event.preventDefault();
      try {
        const { info } = await this.#run(name, params());
        this.tell(info);
      } catch (error) {
        this.say(`${name} was not started: ${error.message}`, 'bad');
      }
    });
  }
}
