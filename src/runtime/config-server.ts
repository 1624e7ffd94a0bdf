/** What of the bot's environment its own PostgreSQL server gets: only what programs need, for there are secrets in it. */
export function readServerEnvironment(): NodeJS.ProcessEnv {
  const kept = [
    'PATH',
    'SystemRoot',
    'SystemDrive',
    'TEMP',
    'TMP',
    'USERPROFILE',
    'APPDATA',
    'LOCALAPPDATA',
    'ProgramData',
    'ComSpec',
    'PATHEXT',
  ];
  return { ...Object.fromEntries(kept.map((name) => [name, process.env[name]])), LC_ALL: 'C', TZ: 'UTC' };
}
