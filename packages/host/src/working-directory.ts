/** @returns a function that goes back to the present working directory, or to the top if that is gone by then */
export function returnLater(): () => void {
  const go = (path: string): void => {
    try {
      process.chdir(path);
    } catch {
      process.chdir('/');
    }
  };
  try {
    const startedIn = process.cwd();
    return () => go(startedIn);
  } catch {
    return () => go('/');
  }
}
