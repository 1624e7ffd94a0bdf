/** Feedback with more than so many of our messages waiting before it in a channel joins a bundle; a case with more than the second. */
export const OWN_CARDS = 3;
export const OWN_CASES = 20;

/** Most entries of a bundle, and how long it takes in more, in milliseconds: what is older has scrolled away. */
export const BUNDLE_MOST = 25;
export const BUNDLE_OPEN_MS = 5 * 60_000;
