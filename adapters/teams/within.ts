/** The outcome of `work`, or `otherwise` when it takes longer than `ms` milliseconds; the work goes on then. */
export async function within<T, E>(work: Promise<T>, ms: number, otherwise: E): Promise<T | E> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<E>((done) => {
    timer = setTimeout(() => done(otherwise), ms);
  });
  try {
    return await Promise.race([work, end]);
  } finally {
    clearTimeout(timer);
  }
}
