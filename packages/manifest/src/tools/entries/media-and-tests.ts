import { bareVersion, everywhere, packaged, type ToolEntry } from '../tool-entry.ts';

/** Browsers and their drivers, phones, graphics, media, and what checks code. */
export const mediaAndTests: readonly ToolEntry[] = [
  {
    names: ['ffmpeg'],
    arguments: ['-version'],
    pattern: /^ffmpeg version n?(?!\d{4}-)(\d\S*)/m,
    packages: everywhere('ffmpeg', { winget: 'Gyan.FFmpeg' }),
  },
  {
    names: ['convert', 'magick', 'imagemagick'],
    arguments: ['-version'],
    pattern: /^Version: ImageMagick (\d\S*)/m,
    packages: packaged('imagemagick', ['apt', 'apk', 'pacman', 'brew'], {
      dnf: 'ImageMagick',
      zypper: 'ImageMagick',
    }),
  },
  {
    names: ['dot', 'graphviz'],
    arguments: ['-V'],
    pattern: /\bgraphviz version (\d\S*)/,
    packages: everywhere('graphviz'),
  },
  {
    names: ['google-chrome', 'google-chrome-stable', 'chrome'],
    pattern: /^Google Chrome (\d\S*)/m,
    packages: { winget: 'Google.Chrome', brew: 'google-chrome' },
  },
  {
    names: ['chromium', 'chromium-browser'],
    pattern: /^Chromium (\d\S*)/m,
    packages: everywhere('chromium'),
  },
  {
    names: ['firefox'],
    pattern: /^Mozilla Firefox (\d[\d.]*(?:[ab]\d+)?)/m,
    packages: packaged('firefox', ['dnf', 'apk', 'pacman', 'brew'], {
      apt: 'firefox-esr',
      winget: 'Mozilla.Firefox',
    }),
  },
  {
    names: ['chromedriver'],
    pattern: /^ChromeDriver (\d\S*)/m,
    packages: {
      apt: 'chromium-driver',
      dnf: 'chromedriver',
      apk: 'chromium-chromedriver',
      brew: 'chromedriver',
    },
  },
  {
    names: ['geckodriver'],
    pattern: /^geckodriver (\d\S*)/m,
    packages: packaged('geckodriver', ['pacman', 'brew'], { winget: 'Mozilla.GeckoDriver' }),
  },
  {
    names: ['adb'],
    pattern: /^Version (\d[\d.]*)/m,
    packages: { apt: 'adb', pacman: 'android-tools', dnf: 'android-tools', apk: 'android-tools' },
  },
  { names: ['xcodebuild', 'xcode'], arguments: ['-version'], pattern: /^Xcode (\d\S*)/m },
  {
    names: ['nvidia-smi'],
    arguments: ['--query-gpu=driver_version', '--format=csv,noheader'],
    pattern: bareVersion,
  },
  {
    names: ['shellcheck'],
    pattern: /^version: (\d\S*)/m,
    packages: packaged('shellcheck', ['apt', 'apk', 'pacman', 'brew'], {
      dnf: 'ShellCheck',
      zypper: 'ShellCheck',
      winget: 'koalaman.shellcheck',
    }),
  },
  {
    names: ['shfmt'],
    pattern: bareVersion,
    packages: packaged('shfmt', ['apt', 'apk', 'pacman', 'brew']),
  },
  { names: ['cppcheck'], pattern: /^Cppcheck (\d\S*)/m, packages: everywhere('cppcheck') },
  { names: ['zizmor'], pattern: /^zizmor (\d\S*)/m, packages: packaged('zizmor', ['pacman', 'brew']) },
  {
    names: ['actionlint'],
    arguments: ['-version'],
    pattern: bareVersion,
    packages: packaged('actionlint', ['pacman', 'brew']),
  },
];
