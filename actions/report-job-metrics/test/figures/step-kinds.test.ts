import { describe, expect, it } from 'vitest';
import { kindOf } from '../../src/figures/step-kinds.ts';

describe('kindOf', () => {
  it.each([
    ...[
      ['Set up job', 'set-up'],
      ['Complete job', 'set-up'],
      ['Initialize containers', 'set-up'],
      ['Stop containers', 'set-up'],
      ['Pull ghcr.io/org/tool:1', 'set-up'],
      ['Build org/docker-action@v1', 'set-up'],
      ['Run actions/setup-node@v6', 'set-up'],
      ['Set up Python', 'set-up'],
      ['Run org/runner-actions/report-job-metrics@v1', 'set-up'],
      ['Post Run org/runner-actions/cleanup-workspace@v1', 'set-up'],
      ['Run org/runner-actions@v1', 'set-up'],
    ],
    ...[
      ['Run actions/checkout@v6', 'checkout'],
      ['Post Run actions/checkout@v6', 'checkout'],
      ['Check out code', 'checkout'],
      ['Run git fetch --tags', 'checkout'],
    ],
    ...[
      ['Run actions/cache@v4', 'cache'],
      ['Post Run actions/cache@v4', 'cache'],
      ['Run actions/cache/restore@v4', 'cache'],
      ['Run org/runner-actions/restore-local-cache@v1', 'cache'],
      ['Cache dependencies', 'cache'],
    ],
    ...[
      ['Run npm ci', 'install'],
      ['Run pip install -r requirements.txt', 'install'],
      ['Run sudo apt-get install -y cmake', 'install'],
      ['Install test tools', 'install'],
      ['Run yarn', 'install'],
      ['Run dotnet restore', 'install'],
      ['Run go mod download', 'install'],
    ],
    ...[
      ['Run npm run build', 'build'],
      ['Build and push', 'build'],
      ['Run cargo build --release', 'build'],
      ['Run make', 'build'],
      ['Run ./gradlew assemble', 'build'],
      ['Run cmake --build .', 'build'],
      ['Compile', 'build'],
    ],
    ...[
      ['Run make test', 'test'],
      ['Run ./gradlew check', 'test'],
      ['Run npm test', 'test'],
      ['Run pytest -x', 'test'],
      ['Lint', 'test'],
      ['Test the build', 'test'],
    ],
    ...[
      ['Deploy to test', 'deploy'],
      ['Run npm publish', 'deploy'],
      ['Run docker push ghcr.io/org/app', 'deploy'],
      ['Run kubectl apply -f app.yml', 'deploy'],
    ],
    ...[
      ['Run ./script.sh', 'other'],
      ['Run actions/upload-artifact@v4', 'other'],
      ['Übersetzen', 'other'],
      ['', 'other'],
    ],
  ])('%s is %s', (name, kind) => expect(kindOf(name)).toBe(kind));
});

it('does not read beyond the first words of a long name', () => {
  expect(kindOf(`Run ${'x '.repeat(100_000)}test`)).toBe('other');
});
