// Does the proof of work of a page's forms while they are filled in. Without it, and where anything fails, forms go out as they are.
(() => {
  // The library needs the browser's own cryptography, which is there over https and on localhost only.
  if (!globalThis.crypto?.subtle || !globalThis.Worker) return;
  const PATIENCE_MS = 4000;
  // A sending that was stopped, or that a bad line swallowed, may be tried again.
  const AGAIN_MS = 10_000;
  const worker = new URL('proof-worker.js', document.currentScript.src);

  for (const field of document.querySelectorAll('input[data-challenge]')) {
    const { form } = field;
    const button = form.querySelector('button[type=submit]');
    let waiting = false;
    const again = () => {
      waiting = false;
      button.removeAttribute('aria-disabled');
    };
    const solved = new Promise((resolve) => {
      const challenge = JSON.parse(field.dataset.challenge);
      const solver = new Worker(worker, { type: 'module' });
      const end = () => {
        solver.terminate();
        resolve();
      };
      solver.addEventListener('error', end);
      solver.addEventListener('message', ({ data }) => {
        if (data) field.value = JSON.stringify({ challenge, solution: data });
        end();
      });
      solver.postMessage(challenge);
    }).catch(() => {});

    form.addEventListener('submit', (event) => {
      if (waiting) return event.preventDefault();
      waiting = true;
      button.setAttribute('aria-disabled', 'true');
      setTimeout(again, AGAIN_MS);
      if (field.value) return undefined;
      event.preventDefault();
      const label = button.textContent;
      button.textContent = form.dataset.wait;
      const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
      return Promise.race([solved, late]).then(() => {
        button.textContent = label;
        form.submit();
      });
    });
    // Whoever comes back to the page by the browser's own button may send it again.
    addEventListener('pageshow', ({ persisted }) => {
      if (persisted) again();
    });
  }
})();
